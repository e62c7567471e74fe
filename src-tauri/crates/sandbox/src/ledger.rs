//! The ledger: what each simulated person really got.
//!
//! It is written at the moment WhatsApp takes a message, once for each recipient, and nothing ever changes or
//! removes a line. A client that sends the same thing twice therefore shows twice; a request that was refused or
//! cut before it had an effect does not show at all. Tests judge a sender by this list and not by what the sender
//! believes.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// One message in one person's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Place in the ledger, from 1 upwards without gaps.
    pub ordinal: u64,
    /// The number of the person who got it, digits only.
    pub recipient: String,
    /// The chat it came in; differs from the recipient for a group.
    pub chat_id: String,
    /// The id that the gateway gave the message.
    pub message_id: String,
    /// The kind of message in WhatsApp's word, such as `text` or `image`.
    pub kind: String,
    /// The text, or the caption of a picture.
    pub body: Option<String>,
    /// SHA-256 of the media's bytes, in lower-case hexadecimal.
    pub media_sha256: Option<String>,
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
