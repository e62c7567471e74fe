//! The ledger: what each simulated person really got.
//!
//! It is written at the moment WhatsApp takes something, once for each recipient, and nothing ever changes or
//! removes a line. A client that sends the same thing twice therefore shows twice; a request that was refused or
//! cut before it had an effect does not show at all. Tests judge a sender by this list and not by what the sender
//! believes.
//!
//! Not only messages stand in it: an edit, a deletion and a reaction reach people as well. Whoever counts messages
//! counts the lines whose effect is [`Effect::Message`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Millis;

/// What reached somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A message.
    Message,
    /// Other words for a message that they have.
    Edit,
    /// A message that they have was taken back.
    Deletion,
    /// A reaction to a message; without words when it was taken back.
    Reaction,
    /// A message was pinned for everybody, or let go.
    Pin,
    /// A story.
    Story,
}

/// One message, or a change of one, in one person's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Place in its channel's ledger, from 1 upwards without gaps.
    pub ordinal: u64,
    /// The number of the shop's device that it came from, digits only.
    pub channel: String,
    /// Whether it is a message or something done to one.
    pub effect: Effect,
    /// The number of the person who got it, digits only.
    pub recipient: String,
    /// The chat it came in; differs from the recipient for a group.
    pub chat_id: String,
    /// The id that the gateway gave the message; of an edit or a deletion, that of the message it is about.
    pub message_id: String,
    /// The kind of message in WhatsApp's word, such as `text` or `image`.
    pub kind: String,
    /// The text, or the caption of a picture; of an edit the new words, of a reaction the emoji.
    pub body: Option<String>,
    /// SHA-256 of the media's bytes, in lower-case hexadecimal.
    pub media_sha256: Option<String>,
    /// What it carries besides: of a poll its answers, of a file its name, of a place or another kind the fields in which it came.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
    /// The message that it answers, by its id.
    #[serde(default)]
    pub quoted: Option<String>,
    /// When WhatsApp took it, in milliseconds since 1970.
    pub at: Millis,
}

/// All deliveries since the world began, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    entries: Vec<LedgerEntry>,
}

impl Ledger {
    /// Writes one delivery down; the ordinal is given here.
    pub(crate) fn record(&mut self, mut entry: LedgerEntry) {
        entry.ordinal = self.entries.len() as u64 + 1;
        self.entries.push(entry);
    }

    /// The whole list.
    pub(crate) fn entries(&self) -> &[LedgerEntry] {
        &self.entries
    }
}
