//! Where a recipient of a campaign is.
//!
//! | State | means |
//! |---|---|
//! | Pending | their turn has not come |
//! | Queued | their message is in the outbox, in the same transaction |
//! | Uncertain | it may or may not have been sent: asked of the gateway, then of a person, never sent by itself |
//! | Sent, Delivered, Read | the gateway has taken it; the receipts that came |
//! | Replied | they have answered |
//! | Failed | it did not reach them, and why |
//! | Skipped | they are not written to, and why |
//! | OptedOut | they asked not to be written to before their turn came |
//!
//! | Event | from | to | what happened |
//! |---|---|---|---|
//! | Queued | Pending | Queued | their turn came |
//! | TakenBack | Queued | Pending | taken out of the outbox before it was claimed: a pause, an undone start, or it could not leave while its turn held |
//! | Accepted | Queued, Uncertain, Failed | Sent | the gateway gave its id, or its history shows the message; a failed one was tried again in its chat |
//! | NoAnswer | Queued, Failed | Uncertain | the bytes left and no answer came, or the program died meanwhile; a failed one was tried again in its chat |
//! | ProvenAbsent | Uncertain | Queued | it is certainly not there; the outbox has it again. Once the campaign has finished: Refused, as before a person tried again |
//! | SaidSent | Uncertain | Sent | a person looked at the phone |
//! | SaidNotSent | Uncertain | Failed | a person looked at the phone, and leaves it at that |
//! | TryAgain | Uncertain | Pending | a person looked at the phone, and wants it sent |
//! | Refused | Queued, Sent, Uncertain | Failed | for good, with a reason; WhatsApp may say so after the gateway took it |
//! | Delivered | Queued, Uncertain, Failed, Sent | Delivered | a receipt is proof |
//! | Read | the same, Delivered | Read | a receipt is proof |
//! | Replied | Sent, Delivered, Read | Replied | an answer in the campaign's time |
//! | Skipped | Pending | Skipped | with a reason |
//! | OptedOut | Pending | OptedOut | who asks after having been written to is Replied: the wish itself is kept elsewhere |
//!
//! What was never queued has no receipt, and what was sent is never pending again: only a person puts an uncertain one back. A person
//! may try a failed one again in its chat also when the campaign has finished: so there may be uncertain ones in one that has.

use serde::{Deserialize, Serialize};

use super::{FailReason, SkipReason};

/// Where a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "reason")]
pub enum RecipientState {
    /// Waits for their turn.
    Pending,
    /// In the outbox.
    Queued,
    /// May or may not have been sent.
    Uncertain,
    /// Taken by the gateway.
    Sent,
    /// On their phone.
    Delivered,
    /// Read by them.
    Read,
    /// Answered by them.
    Replied,
    /// Did not reach them.
    Failed(FailReason),
    /// Not written to.
    Skipped(SkipReason),
    /// Asked not to be written to.
    OptedOut,
}

/// What happens to a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecipientEvent {
    /// Their turn came.
    Queued,
    /// Out of the outbox before it was claimed.
    TakenBack,
    /// The gateway has it.
    Accepted,
    /// Nobody knows.
    NoAnswer,
    /// Certainly not there.
    ProvenAbsent,
    /// A person says that it went.
    SaidSent,
    /// A person says that it did not go.
    SaidNotSent,
    /// A person says that it did not go, and wants it sent.
    TryAgain,
    /// For good.
    Refused(FailReason),
    /// A receipt.
    Delivered,
    /// A receipt.
    Read,
    /// An answer.
    Replied,
    /// Not to be written to.
    Skipped(SkipReason),
    /// Asked not to be written to.
    OptedOut,
}

impl RecipientState {
    /// The state after `event`, or `None` if the event does not apply here.
    pub fn next(self, event: RecipientEvent) -> Option<Self> {
        use RecipientEvent as E;
        match (self, event) {
            (Self::Pending, E::Queued) | (Self::Uncertain, E::ProvenAbsent) => Some(Self::Queued),
            (Self::Queued, E::TakenBack) | (Self::Uncertain, E::TryAgain) => Some(Self::Pending),
            (Self::Queued | Self::Uncertain | Self::Failed(_), E::Accepted)
            | (Self::Uncertain, E::SaidSent) => Some(Self::Sent),
            (Self::Queued | Self::Failed(_), E::NoAnswer) => Some(Self::Uncertain),
            (Self::Uncertain, E::SaidNotSent) => Some(Self::Failed(FailReason::SaidNotSent)),
            (Self::Queued | Self::Sent | Self::Uncertain, E::Refused(reason)) => Some(Self::Failed(reason)),
            (Self::Queued | Self::Uncertain | Self::Failed(_) | Self::Sent, E::Delivered) => {
                Some(Self::Delivered)
            }
            (Self::Queued | Self::Uncertain | Self::Failed(_) | Self::Sent | Self::Delivered, E::Read) => {
                Some(Self::Read)
            }
            (Self::Sent | Self::Delivered | Self::Read, E::Replied) => Some(Self::Replied),
            (Self::Pending, E::Skipped(reason)) => Some(Self::Skipped(reason)),
            (Self::Pending, E::OptedOut) => Some(Self::OptedOut),
            _ => None,
        }
    }

    /// Nothing of the campaign's own moves it any more; receipts, answers and who tries a failed one again in its chat may.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::Queued | Self::Uncertain)
    }

    /// Has the gateway taken the message?
    pub fn was_sent(self) -> bool {
        matches!(self, Self::Sent | Self::Delivered | Self::Read | Self::Replied)
    }

    /// The word the store uses; a reason has a column of its own.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Queued => "queued",
            Self::Uncertain => "uncertain",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Replied => "replied",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::OptedOut => "opted_out",
        }
    }
}
