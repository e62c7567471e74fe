//! Messages, as webhooks and lists bring them.
//!
//! `from` has digits only, even where the chat has a suffix; in a chat of two it is therefore read as the chat's own
//! address when the digits agree, which keeps a LID a LID. In a group nothing tells the two apart.

use mostrador_domain::{
    Address, ChatKind, DeliveryStatus, Inbound, InboundMessage, MessageChange, MessageChangeKind, StatusKind,
    StatusUpdate, UnixMillis,
};
use serde_json::Value;

use super::super::fields::Fields;
use super::{action, content, context, people, status, unknown};

/// What a message needs to be one.
pub(super) struct Envelope {
    pub(super) id: String,
    pub(super) chat: Address,
    pub(super) at: UnixMillis,
    pub(super) from_me: bool,
    /// Who wrote it; `None` = us, or not told.
    pub(super) sender: Option<Address>,
}

/// What the item says: a message, with a second word if our own message failed or was deleted; something done to
/// another message; nothing if it is noise.
pub(in super::super) fn read(item: &Value) -> Vec<Inbound> {
    let Some(fields) = Fields::of(item) else {
        return vec![unknown("message", item)];
    };
    if is_noise(fields) {
        return Vec::new();
    }
    if let Some(done) = action::of(fields) {
        let said = envelope(fields).and_then(|envelope| action::read(done, &envelope));
        return vec![said.unwrap_or_else(|| unknown(&action::name(done), item))];
    }
    match envelope(fields) {
        Some(envelope) => said(fields, envelope, item),
        None => vec![unknown("message", item)],
    }
}

/// The id, the chat and the rest, if the message has them.
pub(super) fn envelope(message: Fields<'_>) -> Option<Envelope> {
    let chat = Address::parse(message.text("chat_id")?);
    let from_me = message.flag("from_me").unwrap_or(false);
    let sender = if from_me {
        None
    } else {
        sender(message.text("from"), &chat)
    };
    Some(Envelope {
        id: message.string("id")?,
        at: message.time("timestamp")?,
        chat,
        from_me,
        sender,
    })
}

fn said(message: Fields<'_>, envelope: Envelope, item: &Value) -> Vec<Inbound> {
    let word = message.text("status").filter(|_| envelope.from_me);
    let more = match word {
        Some("failed") => Some(failed(&envelope)),
        Some("deleted") => Some(deleted(&envelope)),
        _ => None,
    };
    let same = envelope
        .sender
        .as_ref()
        .and_then(|sender| people::other_address(message, sender));
    let told = Inbound::Message(Box::new(InboundMessage {
        body: content::body(message, item),
        context: context::of(message, &envelope),
        sender_name: message.string("from_name").filter(|_| !envelope.from_me),
        chat_name: message.string("chat_name"),
        status: envelope.from_me.then(|| own_status(word)),
        gateway_id: envelope.id,
        chat: envelope.chat,
        sender: envelope.sender,
        from_me: envelope.from_me,
        at: envelope.at,
    }));
    let once = is_seen_once(message).then(|| unknown(SEEN_ONCE, item));
    std::iter::once(told)
        .chain(more)
        .chain(same)
        .chain(once)
        .collect()
}

/// What a message that its reader may open once is kept raw as, beside the message.
pub(super) const SEEN_ONCE: &str = "message.view_once";

/// May its reader open it only once? No body has a place for that.
fn is_seen_once(message: Fields<'_>) -> bool {
    message
        .names()
        .filter_map(|field| message.object(field))
        .any(|content| content.flag("view_once") == Some(true))
}

fn failed(envelope: &Envelope) -> Inbound {
    Inbound::Status(StatusUpdate {
        gateway_id: envelope.id.clone(),
        chat: Some(envelope.chat.clone()),
        member: None,
        status: StatusKind::Failed,
        at: envelope.at,
    })
}

fn deleted(envelope: &Envelope) -> Inbound {
    Inbound::Change(MessageChange {
        chat: Some(envelope.chat.clone()),
        gateway_id: envelope.id.clone(),
        by: None,
        at: envelope.at,
        what: MessageChangeKind::Deleted,
    })
}

fn sender(from: Option<&str>, chat: &Address) -> Option<Address> {
    match from {
        Some(from) => Some(person(from, chat)),
        None => (ChatKind::of(chat) == ChatKind::Person).then(|| chat.clone()),
    }
}

/// Somebody in a chat, by the digits that the gateway gives for them.
pub(super) fn person(digits: &str, chat: &Address) -> Address {
    let of_two = ChatKind::of(chat) == ChatKind::Person;
    if of_two && chat.as_str().split('@').next() == Some(digits) {
        chat.clone()
    } else {
        Address::parse(digits)
    }
}

/// The gateway has it, so it was sent at least; a failure is told separately, a deletion comes after the sending.
fn own_status(word: Option<&str>) -> DeliveryStatus {
    word.and_then(status::reached).unwrap_or(DeliveryStatus::Sent)
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
fn is_noise(message: Fields<'_>) -> bool {
    message.text("type") == Some("unknown")
        && message.text("source") == Some("system")
        && message.names().all(|field| ENVELOPE.contains(&field))
}
