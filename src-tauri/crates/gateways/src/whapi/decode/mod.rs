//! From the gateway's JSON to what happened.
//!
//! Decoding is total: it never fails on what a gateway says, it only understands more or less of it.
//!
//! | What came | What it becomes |
//! |---|---|
//! | a message of a kind that is shown | `Message` |
//! | a message of any other kind | `Message` with an unknown body, raw |
//! | a message that says nothing (`unknown`, from the system, no content) | nothing: protocol noise, see `message` |
//! | a status, a chat, a change of the link, a code | the same |
//! | anything else, or one of these without what it needs | `Unknown`, raw |
//!
//! The key of a payload names what is in it (`messages`, `statuses`, …). What has no key of its own for each verb
//! (`user`) is told by the event, which stands in the body (`event.event`, or `event.method` as the documentation
//! calls it), in the path after ours (`…/users/delete`), or is the HTTP verb itself.

pub(super) mod chat;
pub(super) mod code;
pub(super) mod message;
pub(super) mod status;

#[cfg(test)]
mod tests;

use mostrador_domain::{Inbound, LinkChange};
use serde_json::{Map, Value};

use super::{health, loose, wire};
use crate::{LinkHealth, NotJson, WebhookCall};

/// What a call of the gateway says.
pub(super) fn webhook(call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
    let body: Value = serde_json::from_slice(call.body).map_err(|_| NotJson)?;
    let Value::Object(payload) = &body else {
        return Ok(vec![unknown("not an object", &body)]);
    };
    let event = Event::of(payload, call);
    let said: Vec<Inbound> = payload
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "event" | "channel_id"))
        .flat_map(|(key, value)| part(key, value, &event))
        .collect();
    let says_nothing = payload
        .keys()
        .all(|key| matches!(key.as_str(), "event" | "channel_id"));
    Ok(if says_nothing {
        vec![unknown(&event.name(), &body)]
    } else {
        said
    })
}

/// One part of a payload.
fn part(key: &str, value: &Value, event: &Event) -> Vec<Inbound> {
    match (key, value) {
        ("messages", Value::Array(items)) => items.iter().flat_map(message::read).collect(),
        ("statuses", Value::Array(items)) => items.iter().map(status::read).collect(),
        ("chats", Value::Array(items)) => items.iter().map(chat::read).collect(),
        ("chats_updates", Value::Array(items)) => items.iter().map(chat::read_update).collect(),
        ("health", value) => vec![channel_state(value, event)],
        ("qr", value) => vec![new_code(value, event)],
        ("user", value) => vec![user(value, event)],
        _ => vec![raw_part(key, value, event)],
    }
}

/// What the gateway calls that which happened.
struct Event {
    kind: Option<String>,
    verb: Option<String>,
}

impl Event {
    fn of(payload: &Map<String, Value>, call: &WebhookCall<'_>) -> Self {
        let told = |field: &str| payload.get("event")?.get(field)?.as_str().map(str::to_owned);
        let mut tail = call
            .tail
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned);
        let kind_in_path = tail.next();
        let verb_in_path = tail.next();
        // The HTTP verb means something only when the path names the kind and nothing else.
        let verb_of_call = kind_in_path.is_some().then(|| call.method.to_ascii_lowercase());
        Self {
            kind: told("type").or(kind_in_path),
            verb: told("event")
                .or_else(|| told("method"))
                .or(verb_in_path)
                .or(verb_of_call),
        }
    }

    fn name(&self) -> String {
        match (&self.kind, &self.verb) {
            (Some(kind), Some(verb)) => format!("{kind}.{verb}"),
            (Some(only), None) | (None, Some(only)) => only.clone(),
            (None, None) => "unnamed".to_owned(),
        }
    }
}

/// Kept raw.
pub(super) fn unknown(raw_kind: &str, raw: &Value) -> Inbound {
    Inbound::Unknown {
        raw_kind: raw_kind.to_owned(),
        raw: raw.to_string(),
    }
}

/// A part of a payload, kept raw under its key.
fn raw_part(key: &str, value: &Value, event: &Event) -> Inbound {
    let name = if event.kind.is_some() {
        event.name()
    } else {
        key.to_owned()
    };
    unknown(
        &name,
        &Value::Object(Map::from_iter([(key.to_owned(), value.clone())])),
    )
}

fn channel_state(value: &Value, event: &Event) -> Inbound {
    let told: Option<wire::Health> = loose::read(value);
    match told.as_ref().and_then(health::of) {
        Some(LinkHealth::Linked { own }) => Inbound::Link(LinkChange::Linked { own }),
        Some(LinkHealth::NotLinked) if told.as_ref().is_some_and(health::shows_code) => {
            Inbound::Link(LinkChange::Unlinked)
        }
        _ => raw_part("health", value, event),
    }
}

fn new_code(value: &Value, event: &Event) -> Inbound {
    match loose::read(value).as_ref().and_then(code::read) {
        Some((content, valid_for)) => Inbound::Link(LinkChange::Code { content, valid_for }),
        None => raw_part("qr", value, event),
    }
}

fn user(value: &Value, event: &Event) -> Inbound {
    let contact: Option<wire::Contact> = loose::read(value);
    match event.verb.as_deref() {
        Some("post") => Inbound::Link(LinkChange::Linked {
            own: health::own_address(contact.as_ref()),
        }),
        Some("delete") => Inbound::Link(LinkChange::Unlinked),
        _ => raw_part("user", value, event),
    }
}
