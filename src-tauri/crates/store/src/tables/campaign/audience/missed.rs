//! Whom a campaign missed, and who of them may be tried again.
//!
//! | Where they are | all that failed | all who were left out | chosen one by one |
//! |---|---|---|---|
//! | failed | yes | | yes |
//! | skipped by the run: it was cancelled before, no text, too long, written to a short time ago | | yes | yes |
//! | skipped by a person or the gateway: taken out, not on WhatsApp | | | yes |
//! | skipped: blocked, our own number, no number, there twice | | | |
//! | asked not to be written to | | | |
//!
//! Whoever is gathered anew is judged anew: a wish or a block that came since holds.

use std::sync::Arc;

use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_domain::RecipientId;

/// Whom of those a campaign missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missed {
    /// All who failed.
    Failed,
    /// All whom the run left out.
    LeftOut,
    /// These, as far as they may be tried again.
    Chosen(Arc<[RecipientId]>),
}

impl Missed {
    /// The word in SQL.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::LeftOut => "left_out",
            Self::Chosen(_) => "chosen",
        }
    }

    /// The chosen ones, as JSON.
    pub(super) fn chosen(&self) -> String {
        let ids: Vec<String> = match self {
            Self::Chosen(ids) => ids.iter().map(ToString::to_string).collect(),
            Self::Failed | Self::LeftOut => Vec::new(),
        };
        format!("[{}]", ids.join(","))
    }
}

/// Was this person left out by the run?
pub fn was_left_out(reason: SkipReason) -> bool {
    match reason {
        SkipReason::Cancelled
        | SkipReason::NoText
        | SkipReason::TextTooLong
        | SkipReason::WrittenRecently => true,
        SkipReason::TakenOut
        | SkipReason::NotOnWhatsapp
        | SkipReason::Blocked
        | SkipReason::OwnNumber
        | SkipReason::InvalidNumber
        | SkipReason::Duplicate => false,
    }
}

/// May somebody in this state be chosen for another try?
pub fn may_be_chosen(state: RecipientState) -> bool {
    match state {
        RecipientState::Failed(_) => true,
        RecipientState::Skipped(reason) => {
            was_left_out(reason) || matches!(reason, SkipReason::TakenOut | SkipReason::NotOnWhatsapp)
        }
        _ => false,
    }
}
