//! Messages, as webhooks and lists bring them.
//!
//! `from` has digits only, even where the chat has a suffix; in a chat of two it is therefore read as the chat's own
//! address when the digits agree, which keeps a LID a LID. In a group nothing tells the two apart.

use mostrador_domain::{
    Address, ChatKind, DeliveryStatus, Inbound, InboundMessage, MediaBody, MediaKind, MediaRef, MessageBody,
    MessageContext, StatusKind, StatusUpdate, UnixMillis,
};
use serde_json::Value;

use super::super::{loose, wire};
use super::{status, unknown};

/// What a message needs to be one.
struct Envelope {
    id: String,
    chat: Address,
    at: UnixMillis,
}

/// What the item says: a message; with a second word if our own message failed; nothing if it is noise.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    let Some(message) = loose::read::<wire::Message>(item) else {
        return vec![unknown("message", item)];
    };
    if is_noise(&message, item) {
        return Vec::new();
    }
    // Done to another message; showing it there is a later step, so it is kept as it came.
    if message.kind.as_deref() == Some("action") {
        let done = message
            .action
            .as_ref()
            .and_then(|action| action.kind.as_deref())
            .unwrap_or("unnamed");
        return vec![unknown(&format!("action.{done}"), item)];
    }
    match envelope(&message) {
        Some(envelope) => said(message, envelope, item),
        None => vec![unknown("message", item)],
    }
}

fn envelope(message: &wire::Message) -> Option<Envelope> {
    let chat = message.chat_id.as_deref().map(Address::parse)?;
    Some(Envelope {
        id: message.id.clone()?,
        chat,
        at: loose::time(message.timestamp)?,
    })
}

fn said(message: wire::Message, Envelope { id, chat, at }: Envelope, item: &Value) -> Vec<Inbound> {
    let from_me = message.from_me.unwrap_or(false);
    let failed = (from_me && message.status.as_deref() == Some("failed")).then(|| {
        Inbound::Status(StatusUpdate {
            gateway_id: id.clone(),
            chat: Some(chat.clone()),
            status: StatusKind::Failed,
            at,
        })
    });
    let body = body(&message, item);
    let told = Inbound::Message(Box::new(InboundMessage {
        gateway_id: id,
        sender: if from_me {
            None
        } else {
            sender(message.from.as_deref(), &chat)
        },
        sender_name: if from_me { None } else { message.from_name },
        chat,
        chat_name: message.chat_name,
        from_me,
        at,
        body,
        status: from_me.then(|| own_status(message.status.as_deref())),
        context: MessageContext::default(),
    }));
    std::iter::once(told).chain(failed).collect()
}

fn sender(from: Option<&str>, chat: &Address) -> Option<Address> {
    let of_two = ChatKind::of(chat) == ChatKind::Person;
    match from {
        Some(from) if of_two && chat.as_str().split('@').next() == Some(from) => Some(chat.clone()),
        Some(from) => Some(Address::parse(from)),
        None => of_two.then(|| chat.clone()),
    }
}

/// The gateway has it, so it was sent at least; a failure is told separately, a deletion comes after the sending.
fn own_status(word: Option<&str>) -> DeliveryStatus {
    word.and_then(status::reached).unwrap_or(DeliveryStatus::Sent)
}

fn body(message: &wire::Message, item: &Value) -> MessageBody {
    let kind = message.kind.as_deref().unwrap_or("unnamed");
    let shown = match kind {
        "text" => words(message.text.as_ref()),
        "link_preview" => words(message.link_preview.as_ref()),
        "image" => message.image.as_ref().and_then(picture),
        _ => None,
    };
    shown.unwrap_or_else(|| MessageBody::Unknown {
        raw_kind: kind.to_owned(),
        raw: item.to_string(),
    })
}

fn words(words: Option<&wire::Words>) -> Option<MessageBody> {
    words.and_then(|words| words.body.clone()).map(MessageBody::Text)
}

fn picture(image: &wire::Image) -> Option<MessageBody> {
    let whole = |number: Option<f64>| loose::count(number).map(i64::from);
    let file = MediaRef {
        gateway_ref: image.id.clone()?,
        mime: image.mime_type.clone().unwrap_or_default(),
        bytes: whole(image.file_size),
        width: whole(image.width),
        height: whole(image.height),
        ..MediaRef::default()
    };
    Some(MessageBody::Media(MediaBody {
        kind: MediaKind::Image,
        caption: image.caption.clone(),
        file,
    }))
}

/// What stands around a message and says nothing by itself.
const ENVELOPE: [&str; 12] = [
    "id",
    "type",
    "subtype",
    "chat_id",
    "chat_name",
    "from",
    "from_me",
    "from_name",
    "source",
    "timestamp",
    "device_id",
    "status",
];

/// The gateway hands on some of WhatsApp's own protocol as messages of type `unknown` from the `system`, with
/// nothing in them. Nobody wrote them, and an empty bubble would only puzzle. Anything that has any content is kept.
fn is_noise(message: &wire::Message, item: &Value) -> bool {
    let of_protocol =
        message.kind.as_deref() == Some("unknown") && message.source.as_deref() == Some("system");
    of_protocol
        && item
            .as_object()
            .is_some_and(|fields| fields.keys().all(|field| ENVELOPE.contains(&field.as_str())))
}
