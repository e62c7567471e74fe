//! What a message says, by its kind. A message of kind `x` has its content in the field `x`; a few kinds have
//! another field, and a story has the field of what it shows.

use mostrador_domain::{ContactCard, LinkPreview, Location, MediaKind, MessageBody, Poll};
use serde_json::Value;

use super::super::fields::Fields;
use super::{interactive, media, notice};

/// The kinds of files, by the gateway's words.
const MEDIA: [(&str, MediaKind); 8] = [
    ("image", MediaKind::Image),
    ("video", MediaKind::Video),
    ("short", MediaKind::ShortVideo),
    ("gif", MediaKind::Gif),
    ("audio", MediaKind::Audio),
    ("voice", MediaKind::Voice),
    ("document", MediaKind::Document),
    ("sticker", MediaKind::Sticker),
];

/// What a message says; what is not shown is kept raw.
pub(super) fn body(message: Fields<'_>, item: &Value) -> MessageBody {
    let kind = message.text("type").unwrap_or("unnamed");
    let shown = match kind {
        "documentWithCaption" => content(message, "document", "document", item),
        "story" => story(message, item),
        _ => content(message, kind, kind, item),
    };
    shown.unwrap_or_else(|| MessageBody::Unknown {
        raw_kind: kind.to_owned(),
        raw: item.to_string(),
    })
}

/// A story is a message whose kind says only that it is one.
fn story(message: Fields<'_>, item: &Value) -> Option<MessageBody> {
    let words = ["text", "link_preview"];
    let shown = MEDIA.iter().map(|(word, _)| *word).chain(words);
    shown
        .filter(|word| message.object(word).is_some())
        .find_map(|word| content(message, word, word, item))
}

/// The content of `kind`, which stands in the field `field`.
pub(super) fn content(message: Fields<'_>, kind: &str, field: &str, item: &Value) -> Option<MessageBody> {
    if let Some(kind) = notice::kind(kind) {
        return notice::read(kind, message.object(field), item);
    }
    of_kind(kind, message.object(field)?)
}

/// The content itself; also that of an edit, which has no message around it.
pub(super) fn of_kind(kind: &str, content: Fields<'_>) -> Option<MessageBody> {
    if let Some((_, kind)) = MEDIA.iter().find(|(word, _)| *word == kind) {
        return media::read(*kind, content);
    }
    match kind {
        "text" => text(content),
        "link_preview" => link_preview(content),
        "location" => location(content, false),
        "live_location" => location(content, true),
        "contact" => Some(MessageBody::Contacts(vec![card(content)?])),
        "contact_list" => contacts(content),
        "poll" => poll(content),
        "interactive" | "hsm" | "list" | "buttons" => interactive::read(content),
        _ => None,
    }
}

/// Words; with buttons below them if a business put some there.
fn text(content: Fields<'_>) -> Option<MessageBody> {
    let has_choices = ["buttons", "sections"]
        .iter()
        .any(|field| content.list(field).is_some_and(|choices| !choices.is_empty()));
    if has_choices && let Some(body) = interactive::read(content) {
        return Some(body);
    }
    content.string("body").map(MessageBody::Text)
}

fn link_preview(content: Fields<'_>) -> Option<MessageBody> {
    let text = content.string("body")?;
    let url = ["url", "canonical", "link"]
        .iter()
        .find_map(|field| content.string(field));
    let preview = LinkPreview {
        title: content.string("title").unwrap_or_default(),
        description: content.string("description"),
        url,
    };
    if preview == LinkPreview::default() {
        return Some(MessageBody::Text(text));
    }
    Some(MessageBody::LinkPreview { text, preview })
}

fn location(content: Fields<'_>, live: bool) -> Option<MessageBody> {
    let degrees = |field: &str, most: f64| {
        content
            .number(field)
            .filter(|degrees| (-most..=most).contains(degrees))
    };
    Some(MessageBody::Location(Location {
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
        name: content
            .string("name")
            .or_else(|| content.string("caption"))
            .or_else(|| content.string("comment")),
        address: content.string("address"),
        live,
    }))
}

fn card(content: Fields<'_>) -> Option<ContactCard> {
    let name = content.string("name");
    let vcard = content.string("vcard");
    (name.is_some() || vcard.is_some()).then(|| ContactCard {
        name: name.unwrap_or_default(),
        vcard: vcard.unwrap_or_default(),
    })
}

/// A list with a card that cannot be read is kept raw as a whole.
fn contacts(content: Fields<'_>) -> Option<MessageBody> {
    let cards: Option<Vec<ContactCard>> = content
        .list("list")?
        .iter()
        .map(|item| Fields::of(item).and_then(card))
        .collect();
    cards.filter(|cards| !cards.is_empty()).map(MessageBody::Contacts)
}

/// `vote_limit` (`count` when it is sent) is 1 when one answer may be chosen, and 0 or absent otherwise.
fn poll(content: Fields<'_>) -> Option<MessageBody> {
    let limit = content.number("vote_limit").or_else(|| content.number("count"));
    let options: Vec<String> = content.texts("options").map(str::to_owned).collect();
    let question = content.string("title")?;
    (!options.is_empty()).then_some(MessageBody::Poll(Poll {
        question,
        options,
        several: limit != Some(1.0),
    }))
}

/// The words of any content: its text, its caption, or what it is called.
pub(super) fn words(content: Fields<'_>) -> Option<String> {
    let in_object = |field: &str| content.object(field)?.string("text");
    ["body", "caption", "title", "name", "text", "description"]
        .iter()
        .find_map(|field| content.string(field).or_else(|| in_object(field)))
}
