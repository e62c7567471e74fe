//! From the gateway's JSON to what happened.
//!
//! Decoding is total: it never fails on what a gateway says, it only understands more or less of it.
//!
//! | Part of a payload | What it becomes | Module |
//! |---|---|---|
//! | `messages` | `Message`; an `action` on another message: `Change`; protocol noise: nothing | `message`, `content`, `media`, `interactive`, `notice`, `context`, `action` |
//! | `messages_updates`, `messages_removed`, `messages_removed_all` | `Change`, `Status`; `ChatCleared` | `update` |
//! | `statuses` | `Status`; `Change` of a deleted one | `status` |
//! | `chats`, `chats_updates`, `chats_removed` | `Chat`, `ChatGone` | `chat` |
//! | `contacts`, `contacts_updates`, `lids`, `presences` | `Contact`, `SamePerson`, `Presence` | `people` |
//! | `groups`, `groups_updates`, `groups_participants` | `Group`, `Member` | `group` |
//! | `labels`, `labels_removed` | `Label`, `LabelGone` | `label` |
//! | `calls` | `Call` | `call` |
//! | `health`, `qr`, `user` | `Link` | `code` |
//! | anything else, or one of these without what it needs | `Unknown`, raw | |
//!
//! An update has the state before and after it; only the one after it is told.
//!
//! The key of a payload names what is in it. What has no key of its own for each verb (`user`) is told by the event,
//! which stands in the body (`event.event`, or `event.method` as the documentation calls it), in the path after ours
//! (`…/users/delete`), or is the HTTP verb itself.

mod action;
pub(super) mod call;
pub(super) mod chat;
pub(super) mod code;
mod content;
mod context;
pub(super) mod group;
mod interactive;
pub(super) mod label;
mod media;
pub(super) mod message;
mod notice;
pub(super) mod people;
pub(super) mod status;
pub(super) mod update;

#[cfg(test)]
mod tests;

use mostrador_domain::{Inbound, LinkChange};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::health;
use crate::http_kit::read_json;
use crate::{LinkHealth, NotJson, WebhookCall};

/// No event is larger: a batch of messages with the small pictures that stand for their files has a tenth of it.
const LARGEST: usize = 16 * 1024 * 1024;

/// What a call of the gateway says.
pub(super) fn webhook(call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson> {
    if call.body.len() > LARGEST {
        return Err(NotJson);
    }
    let body = read_json(call.body).ok_or(NotJson)?;
    let Value::Object(payload) = &body else {
        return Ok(vec![unknown("not an object", &body)]);
    };
    let event = Event::of(payload, call);
    let said: Vec<Inbound> = payload
        .iter()
        .filter(|(key, _)| !is_envelope(key))
        .flat_map(|(key, value)| part(key, value, &event))
        .collect();
    let says_nothing = payload.keys().all(|key| is_envelope(key));
    Ok(if says_nothing {
        vec![unknown(&event.name(), &body)]
    } else {
        said
    })
}

fn is_envelope(key: &str) -> bool {
    matches!(key, "event" | "channel_id")
}

/// One part of a payload.
fn part(key: &str, value: &Value, event: &Event) -> Vec<Inbound> {
    match (key, value) {
        ("health", value) => vec![channel_state(value, event)],
        ("qr", value) => vec![new_code(value, event)],
        ("user", value) => vec![user(value, event)],
        ("messages_removed_all", Value::String(chat)) if !chat.is_empty() => vec![update::cleared(chat)],
        ("lids", Value::Object(_)) => people::lids_told(value),
        (key, Value::Array(items)) => match reader(key) {
            Some(read) => items.iter().flat_map(read).collect(),
            None => vec![raw_part(key, value, event)],
        },
        _ => vec![raw_part(key, value, event)],
    }
}

/// What reads the items of a list.
fn reader(key: &str) -> Option<fn(&Value) -> Vec<Inbound>> {
    Some(match key {
        "messages" => message::read,
        "messages_updates" => update::read,
        "messages_removed" => update::removed,
        "statuses" => status::read,
        "chats" => chat::read,
        "chats_updates" => chat::read_update,
        "chats_removed" => chat::gone,
        "contacts" => people::contact,
        "contacts_updates" => people::contact_update,
        "presences" => people::presence,
        "groups" => group::read,
        "groups_updates" => group::read_update,
        "groups_participants" => group::members,
        "labels" => label::read,
        "labels_removed" => label::gone,
        "calls" => call::read,
        _ => return None,
    })
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

/// The one thing that was understood, or the item kept raw.
fn one(understood: Option<Inbound>, raw_kind: &str, item: &Value) -> Vec<Inbound> {
    vec![understood.unwrap_or_else(|| unknown(raw_kind, item))]
}

/// What an update leaves behind.
fn after(item: &Value) -> Option<&Value> {
    item.get("after_update").filter(|after| after.is_object())
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
    let told = Fields::of(value);
    match told.and_then(health::of) {
        Some(LinkHealth::Linked { own }) => Inbound::Link(LinkChange::Linked { own }),
        Some(LinkHealth::NotLinked) if told.is_some_and(health::shows_code) => {
            Inbound::Link(LinkChange::Unlinked)
        }
        _ => raw_part("health", value, event),
    }
}

fn new_code(value: &Value, event: &Event) -> Inbound {
    match Fields::of(value).and_then(code::read) {
        Some((content, valid_for)) => Inbound::Link(LinkChange::Code { content, valid_for }),
        None => raw_part("qr", value, event),
    }
}

fn user(value: &Value, event: &Event) -> Inbound {
    match event.verb.as_deref() {
        Some("post") => Inbound::Link(LinkChange::Linked {
            own: health::own_address(Fields::of(value)),
        }),
        Some("delete") => Inbound::Link(LinkChange::Unlinked),
        _ => raw_part("user", value, event),
    }
}
