//! The gateway's generations of calls: a server may be older than the newest documentation.

use mostrador_domain::Capabilities;

use super::capabilities;
use crate::{FieldKey, OpenError};

/// Which calls are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Generation {
    /// `POST /api/send/{instance}` with the kind beside its fields.
    #[default]
    Current,
    /// A path for each kind below `/api/message`.
    Intermediate,
    /// `POST /message/send`: the kind is guessed from the fields.
    QrApi2,
}

impl Generation {
    /// The words of the field, the newest first.
    pub(super) const WORDS: [&'static str; 3] = ["current", "intermediate", "qrapi2"];

    /// The one that was chosen; without a choice the newest.
    pub(super) fn chosen(word: Option<&str>) -> Result<Self, OpenError> {
        match word {
            None | Some("current") => Ok(Self::Current),
            Some("intermediate") => Ok(Self::Intermediate),
            Some("qrapi2") => Ok(Self::QrApi2),
            Some(_) => Err(OpenError::Invalid(FieldKey::Generation)),
        }
    }

    /// Its word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Intermediate => "intermediate",
            Self::QrApi2 => "qrapi2",
        }
    }

    /// What a link of this generation offers.
    pub(super) fn capabilities(self) -> &'static Capabilities {
        match self {
            Self::Current => &capabilities::CURRENT,
            Self::Intermediate => &capabilities::INTERMEDIATE,
            Self::QrApi2 => &capabilities::QRAPI2,
        }
    }
}
