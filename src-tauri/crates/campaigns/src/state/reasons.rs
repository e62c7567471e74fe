//! Why a recipient was not written to, or in vain.

use mostrador_domain::FailureCode;
use serde::{Deserialize, Serialize};

/// Why a recipient is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The same person is in the audience already, by whichever spelling.
    Duplicate,
    /// Not a telephone number.
    InvalidNumber,
    /// The gateway says that the number is not on WhatsApp.
    NotOnWhatsapp,
    /// The shop has blocked this person.
    Blocked,
    /// The device's own number.
    OwnNumber,
    /// A variable has no value, or nothing is left to say.
    NoText,
    /// The text is longer than the gateway takes.
    TextTooLong,
    /// Another campaign wrote to this person a short time ago.
    WrittenRecently,
    /// A person took this recipient out.
    TakenOut,
    /// The campaign was cancelled before their turn.
    Cancelled,
}

/// Why a message to a recipient failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "code")]
pub enum FailReason {
    /// What the gateway or the outbox says.
    Refused(FailureCode),
    /// Nobody knew, and a person says that it did not go.
    SaidNotSent,
}

impl SkipReason {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Duplicate,
        Self::InvalidNumber,
        Self::NotOnWhatsapp,
        Self::Blocked,
        Self::OwnNumber,
        Self::NoText,
        Self::TextTooLong,
        Self::WrittenRecently,
        Self::TakenOut,
        Self::Cancelled,
    ];

    /// The word the store uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::InvalidNumber => "invalid_number",
            Self::NotOnWhatsapp => "not_on_whatsapp",
            Self::Blocked => "blocked",
            Self::OwnNumber => "own_number",
            Self::NoText => "no_text",
            Self::TextTooLong => "text_too_long",
            Self::WrittenRecently => "written_recently",
            Self::TakenOut => "taken_out",
            Self::Cancelled => "cancelled",
        }
    }

    /// The reason that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}
