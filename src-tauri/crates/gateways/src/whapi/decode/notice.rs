//! Kinds that are shown by their name and words.

use mostrador_domain::{MessageBody, Notice, NoticeKind};
use serde_json::Value;

use super::super::fields::Fields;
use super::content;

/// The kind, by the gateway's word.
pub(super) fn kind(word: &str) -> Option<NoticeKind> {
    Some(match word {
        "order" => NoticeKind::Order,
        "product" | "product_items" => NoticeKind::Product,
        "catalog" => NoticeKind::Catalogue,
        "group_invite" => NoticeKind::GroupInvite,
        "newsletter_invite" | "admin_invite" => NoticeKind::ChannelInvite,
        "event" => NoticeKind::Event,
        "call" => NoticeKind::Call,
        "system" => NoticeKind::System,
        "reply" => NoticeKind::Reply,
        _ => return None,
    })
}

/// The notice. A call and a line of WhatsApp's own say something without any content; the others do not.
pub(super) fn read(kind: NoticeKind, content: Option<Fields<'_>>, item: &Value) -> Option<MessageBody> {
    let speaks_for_itself = matches!(kind, NoticeKind::Call | NoticeKind::System);
    if content.is_none() && !speaks_for_itself {
        return None;
    }
    Some(MessageBody::Notice(Notice {
        kind,
        text: content.and_then(|content| words(kind, content)),
        raw: item.to_string(),
    }))
}

fn words(kind: NoticeKind, content: Fields<'_>) -> Option<String> {
    match kind {
        NoticeKind::Reply => ["buttons_reply", "list_reply"]
            .iter()
            .find_map(|answer| content.object(answer)?.string("title")),
        NoticeKind::Order => content.string("text").or_else(|| content.string("title")),
        NoticeKind::Event => content.string("name").or_else(|| content.string("description")),
        NoticeKind::ChannelInvite => content
            .string("body")
            .or_else(|| content.string("newsletter_name"))
            .or_else(|| content.string("title")),
        _ => content::words(content),
    }
}
