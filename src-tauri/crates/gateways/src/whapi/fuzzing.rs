//! The decoders, each behind a function of bytes, for fuzzing. Not part of what the crate promises.
//!
//! None of them may panic, overflow the stack or take more than a moment, whatever the bytes are.

use mostrador_domain::{Inbound, LabelSnapshot};
use serde_json::Value;

use super::decode;
use super::history::page_of;
use crate::http_kit::read_json;
use crate::{NotJson, WebhookCall};

/// A call of the gateway.
pub fn webhook(method: &str, tail: &str, body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    decode::webhook(&WebhookCall { method, tail, body })
}

/// A page of messages.
pub fn messages(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "messages", decode::message::read)
}

/// The statuses of a message.
pub fn statuses(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "statuses", decode::status::read)
}

/// A page of chats.
pub fn chats(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "chats", decode::chat::read)
}

/// A page of persons.
pub fn contacts(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "contacts", decode::people::contact)
}

/// A page of groups.
pub fn groups(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "groups", decode::group::read)
}

/// The list of labels.
pub fn labels(body: &[u8]) -> Option<Vec<LabelSnapshot>> {
    let body = read_json(body)?;
    Some(
        body.as_array()?
            .iter()
            .filter_map(decode::label::snapshot)
            .collect(),
    )
}

fn page<T>(body: &[u8], name: &str, read: impl Fn(&Value) -> Vec<T>) -> Option<Vec<T>> {
    page_of(&read_json(body)?, name, read).map(|page| page.items)
}
