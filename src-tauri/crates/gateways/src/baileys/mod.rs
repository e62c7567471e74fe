//! The words of gateways that pass WhatsApp's own messages on much as the Baileys library has them: a `key`, a `message` with one
//! field named after its kind, and a `messageTimestamp`.
//!
//! | Module | What it reads |
//! |---|---|
//! | `event` | what a call says: `{event, instance, data, …}` |
//! | `message` | one message, live or from the history |
//! | `content` | what is in it |
//! | `context` | what it answers, whom it names |
//! | `key` | whose it is and where; two addresses of one person |
//! | `people` | contacts, chats, groups, labels, presence, calls |
//! | `wire` | numbers of 64 bits and bytes, as they leak out of the library |
//! | `answers` | what a refusal says, in its four shapes |
//!
//! Decoding is total: what is not understood is kept raw.

pub(crate) mod answers;
mod content;
mod context;
mod event;
mod key;
mod message;
pub(crate) mod people;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use event::webhook;
pub(crate) use message::{accepted, read as message};

use mostrador_domain::Inbound;
use serde_json::Value;

/// Kept raw.
pub(crate) fn unknown(kind: &str, raw: &Value) -> Inbound {
    Inbound::Unknown {
        raw_kind: kind.to_owned(),
        raw: raw.to_string(),
    }
}
