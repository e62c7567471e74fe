//! One message, live, answered to a send, or from the history; or something that is done to one, which travels as a message.

use mostrador_domain::{
    Address, ChatKind, DeliveryStatus, Inbound, InboundMessage, MessageBody, MessageChange,
    MessageChangeKind, MessageContext, StatusKind,
};
use serde_json::Value;

use super::{content, context, key, people, unknown, wire};
use crate::Accepted;
use crate::fields::Fields;

/// What the item says: the message or the change, and which addresses are one person's.
pub(crate) fn read(item: &Value) -> Vec<Inbound> {
    let told = Fields::of(item).and_then(|envelope| told(envelope, item));
    let pairs = Fields::of(item)
        .and_then(|envelope| envelope.object("key"))
        .map(key::same_person)
        .unwrap_or_default();
    let told = told.unwrap_or_else(|| unknown("message", item));
    std::iter::once(told).chain(pairs).collect()
}

/// What was taken: `{key, messageTimestamp?}`. Without an id nobody can follow it, so it is no acceptance.
pub(crate) fn accepted(said: &Value) -> Option<Accepted> {
    let said = Fields::of(said)?;
    Some(Accepted {
        gateway_id: said.object("key")?.string("id")?,
        status: DeliveryStatus::Sent,
        at: wire::time(said, "messageTimestamp"),
    })
}

/// How far a message has come, in the gateway's words and the library's numbers.
pub(super) fn status(value: &Value) -> Option<StatusKind> {
    let word = match value {
        Value::String(word) => word.as_str(),
        Value::Number(number) => match number.as_u64()? {
            0 => "ERROR",
            1 => "PENDING",
            2 => "SERVER_ACK",
            3 => "DELIVERY_ACK",
            4 => "READ",
            5 => "PLAYED",
            _ => return None,
        },
        _ => return None,
    };
    Some(StatusKind::Reached(match word {
        "ERROR" => return Some(StatusKind::Failed),
        "PENDING" | "SERVER_ACK" => DeliveryStatus::Sent,
        "DELIVERY_ACK" => DeliveryStatus::Delivered,
        "READ" => DeliveryStatus::Read,
        "PLAYED" => DeliveryStatus::Played,
        _ => return None,
    }))
}

fn told(envelope: Fields<'_>, raw: &Value) -> Option<Inbound> {
    let key = key::read(envelope.object("key")?)?;
    let at = wire::time(envelope, "messageTimestamp")?;
    let message = envelope.object("message")?;
    if let Some((gateway_id, what)) = deed(message, raw) {
        return Some(Inbound::Change(MessageChange {
            chat: Some(key.chat),
            gateway_id,
            by: key.author,
            at,
            what,
        }));
    }
    if !matches!(ChatKind::of(&key.chat), ChatKind::Person | ChatKind::Group) {
        return None;
    }
    let inner = content::unwrapped(message);
    if content::is_silent(inner) {
        return None;
    }
    let kind = content::kind(inner);
    let body = content::read(message, &key.id, raw).unwrap_or_else(|| MessageBody::Unknown {
        raw_kind: kind.unwrap_or("empty").to_owned(),
        raw: raw.to_string(),
    });
    // Of our own it is our own name, or WhatsApp's word for "you".
    let sender_name = people::name(envelope, "pushName").filter(|_| !key.from_me);
    Some(Inbound::Message(Box::new(InboundMessage {
        gateway_id: key.id,
        chat_name: None,
        sender: author(&key.chat, key.author, key.from_me, envelope),
        chat: key.chat,
        sender_name,
        from_me: key.from_me,
        at,
        body,
        status: key.from_me.then(|| reached(envelope)),
        context: MessageContext {
            edited_at: is_edited(envelope).then_some(at),
            ..context::of(envelope, kind.and_then(|kind| inner.object(kind)))
        },
    })))
}

/// The steps that the history has beside it, and its own word.
fn steps<'a>(envelope: Fields<'a>) -> impl Iterator<Item = &'a Value> {
    let beside = envelope.objects("MessageUpdate");
    beside
        .filter_map(|step| step.value("status"))
        .chain(envelope.value("status"))
}

/// Evolution API keeps of a message that was edited only the words and the time of the edit, and the word for it among the steps.
fn is_edited(envelope: Fields<'_>) -> bool {
    steps(envelope).any(|step| step == "EDITED")
}

/// How far it has come: by its own word, or by the furthest of its steps.
fn reached(envelope: Fields<'_>) -> DeliveryStatus {
    let reached = steps(envelope)
        .filter_map(status)
        .filter_map(|status| match status {
            StatusKind::Reached(status) => Some(status),
            StatusKind::Failed | StatusKind::Restricted => None,
        });
    reached
        .max_by_key(|status| status.rank())
        .unwrap_or(DeliveryStatus::Sent)
}

/// In a group the author may stand beside the key.
fn author(chat: &Address, told: Option<Address>, from_me: bool, envelope: Fields<'_>) -> Option<Address> {
    if from_me {
        return None;
    }
    let beside = || envelope.text("participant").map(key::address);
    match ChatKind::of(chat) {
        ChatKind::Group => told.or_else(beside),
        _ => told,
    }
}

/// What is done to another message: its id, and what.
fn deed(message: Fields<'_>, raw: &Value) -> Option<(String, MessageChangeKind)> {
    let message = content::unwrapped(message);
    if let Some(reaction) = message.object("reactionMessage") {
        let target = reaction.object("key")?.string("id")?;
        return Some((target, MessageChangeKind::Reaction(reaction.string("text"))));
    }
    if let Some(pin) = message.object("pinInChatMessage") {
        let target = pin.object("key")?.string("id")?;
        let pinned = !matches!(pin.value("type"), Some(Value::String(word)) if word == "UNPIN_FOR_ALL")
            && pin.number("type") != Some(2.0);
        return Some((target, MessageChangeKind::Pinned(pinned)));
    }
    if let Some(vote) = message.object("pollUpdateMessage") {
        return voted(vote);
    }
    protocol(message.object("protocolMessage")?, raw)
}

/// A vote travels sealed. Where the server has opened it, it stands there in words; where it could not, there are none.
fn voted(vote: Fields<'_>) -> Option<(String, MessageChangeKind)> {
    let target = vote.object("pollCreationMessageKey")?.string("id")?;
    let chosen = vote.object("vote")?.texts("selectedOptions");
    let chosen: Vec<String> = chosen.map(str::to_owned).collect();
    (!chosen.is_empty()).then_some((target, MessageChangeKind::Votes(chosen)))
}

/// An edit or a deletion.
pub(super) fn protocol(told: Fields<'_>, raw: &Value) -> Option<(String, MessageChangeKind)> {
    const REVOKE: f64 = 0.0;
    const EDIT: f64 = 14.0;
    let target = told.object("key")?.string("id")?;
    if let Some(edited) = told.object("editedMessage") {
        let body = content::read(edited, &target, raw)?;
        return Some((target, MessageChangeKind::Edited(body)));
    }
    match (told.text("type"), told.number("type")) {
        (Some("REVOKE"), _) | (_, Some(REVOKE)) => Some((target, MessageChangeKind::Deleted)),
        (Some("MESSAGE_EDIT"), _) | (_, Some(EDIT)) => None,
        _ => None,
    }
}
