//! What gateways share that pass WhatsApp's own messages on much as the Baileys library has them: a `key`, a `message` with one
//! field named after its kind, and a `messageTimestamp`.
//!
//! | Module | What it holds |
//! |---|---|
//! | `event` | what a call says: `{event, instance, data, …}` |
//! | `message` | one message, live or from the history |
//! | `content` | what is in it |
//! | `context` | what it answers, whom it names |
//! | `key` | whose it is and where; two addresses of one person |
//! | `people` | contacts, chats, groups, labels, presence, calls |
//! | `persons` | the list of all contacts, kept while it is read |
//! | `wire` | numbers of 64 bits and bytes, as they leak out of the library |
//! | `answers` | what a refusal says, in its four shapes |
//! | `send` | the fields of a message on its way out |
//! | `lists`, `labels`, `numbers`, `media` | lists and their pages, labels, look-ups, the bytes of a file |
//! | `encoded` | a file in base64 inside of JSON, decoded while it arrives |
//! | `hooks` | the one address that is called |
//!
//! Decoding is total: what is not understood is kept raw.

pub(crate) mod answers;
mod content;
mod context;
mod encoded;
mod event;
pub(crate) mod fuzzing;
pub(crate) mod hooks;
mod key;
pub(crate) mod labels;
pub(crate) mod lists;
pub(crate) mod media;
mod message;
pub(crate) mod numbers;
pub(crate) mod people;
pub(crate) mod persons;
pub(crate) mod send;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use event::{CODE_LIFE, instance, webhook};
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
