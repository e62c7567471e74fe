//! Where a campaign is in its life, and where each of its recipients is.
//!
//! Each recipient's row is the truth; there is no checkpoint. What a campaign has done is the sum of its rows ([`Counts`]).
//!
//! A campaign ([`CampaignState`]):
//!
//! | State | means |
//! |---|---|
//! | Draft | being written |
//! | Rehearsed | the whole run was simulated as it stands now; only this can be started |
//! | Scheduled | starts by itself at its time |
//! | Running | sends when its pacer lets it; without recipients left to send to it waits for the uncertain ones |
//! | Paused | sends nothing, and says why; a person resumes it |
//! | Missed | its time passed while the program could not start it, or another number is linked by now; a person decides |
//! | Finished | every recipient came into a final state; a person may have tried a failed one again in its chat since |
//! | Cancelled | ended by a person; who was not written to is skipped |
//!
//! | Event | from | to | what happened |
//! |---|---|---|---|
//! | Rehearsed | Draft, Rehearsed | Rehearsed | the rehearsal ended without a fault |
//! | Edited | Draft, Rehearsed, Scheduled | Draft | text, audience or limits are others: the rehearsal is of something else |
//! | Scheduled | Rehearsed, Scheduled, Missed | Scheduled | a person set a time, or another one |
//! | Unscheduled | Scheduled, Missed | Rehearsed | a person took the time away |
//! | Started | Rehearsed, Scheduled, Missed | Running | a person started it, or its time came; the audience is frozen |
//! | StartUndone | Running | Rehearsed | within the undo window: nothing was queued yet (the store checks that in the same transaction) |
//! | TimePassed | Scheduled | Missed | it could not be started in time, and its policy is to ask; the policy to skip goes on to Cancelled. Or another number is linked by now than the one that it was scheduled for |
//! | PauseAsked | Running | Paused(operator) | bites before the next send |
//! | Braked | Running, Paused(operator); by another number any Paused | Paused(cause) | a restriction, a refusal, a log-out, too many failures, another number |
//! | Resumed | Paused | Running | a person, never by itself |
//! | AllSettled | Running | Finished | no recipient is pending, queued or uncertain |
//! | Cancelled | all but Finished | Cancelled | by a person, or by a policy for missed schedules |
//!
//! Every change is a compare-and-set in the store: who finds another state than the table's has lost the race and does nothing.
//! So two windows never make two runs. A restart changes no state: what runs goes on, from its rows.
//!
//! A recipient: [`recipient`]'s table.

mod counts;
mod reasons;
pub mod recipient;

use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};

pub use counts::{Counts, Funnel};
pub use reasons::{FailReason, SkipReason};
pub use recipient::{RecipientEvent, RecipientState};

/// Where a campaign is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "pause")]
pub enum CampaignState {
    /// Being written.
    Draft,
    /// Simulated as it stands.
    Rehearsed,
    /// Starts at its time.
    Scheduled,
    /// Sends.
    Running,
    /// Sends nothing until a person resumes it.
    Paused(Pause),
    /// Its time passed.
    Missed,
    /// Every recipient is in a final state.
    Finished,
    /// Ended by a person.
    Cancelled,
}

/// Why a campaign is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum Pause {
    /// A person wanted it.
    Operator,
    /// WhatsApp has restricted the number.
    Restricted {
        /// Until when, if told.
        until: Option<UnixMillis>,
    },
    /// WhatsApp or the gateway refuses to start chats, or forbids sending.
    Forbidden,
    /// The number is no longer linked.
    LoggedOut,
    /// The gateway does not accept the token.
    TokenRejected,
    /// The plan at the gateway is used up.
    PlanLimit,
    /// Too many failures in a short time.
    TooManyFailures,
    /// Another number is linked than the one that it was sent from.
    AnotherNumber,
    /// It ran when the shop's file was damaged: what is left of it is looked at first.
    Rescued,
}

/// What happens to a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CampaignEvent {
    /// The rehearsal ended without a fault.
    Rehearsed,
    /// Text, audience or limits are others.
    Edited,
    /// A time was set.
    Scheduled,
    /// The time was taken away.
    Unscheduled,
    /// A person, or the time.
    Started,
    /// Undone before anything was queued.
    StartUndone,
    /// Could not be started in time, or not by the number that it was scheduled for.
    TimePassed,
    /// A person wants a pause.
    PauseAsked,
    /// The brake.
    Braked(Pause),
    /// A person wants it to go on.
    Resumed,
    /// No recipient is left.
    AllSettled,
    /// A person ends it.
    Cancelled,
}

impl CampaignState {
    /// One of each.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Rehearsed,
        Self::Scheduled,
        Self::Running,
        Self::Paused(Pause::Operator),
        Self::Missed,
        Self::Finished,
        Self::Cancelled,
    ];

    /// The state after `event`, or `None` if the event does not apply here: the caller has lost a race.
    pub fn next(self, event: CampaignEvent) -> Option<Self> {
        use CampaignEvent as E;
        match (self, event) {
            (Self::Draft | Self::Rehearsed, E::Rehearsed)
            | (Self::Scheduled | Self::Missed, E::Unscheduled) => Some(Self::Rehearsed),
            (Self::Draft | Self::Rehearsed | Self::Scheduled, E::Edited) => Some(Self::Draft),
            (Self::Rehearsed | Self::Scheduled | Self::Missed, E::Scheduled) => Some(Self::Scheduled),
            (Self::Rehearsed | Self::Scheduled | Self::Missed, E::Started) => Some(Self::Running),
            (Self::Running, E::StartUndone) => Some(Self::Rehearsed),
            (Self::Scheduled, E::TimePassed) => Some(Self::Missed),
            (Self::Running, E::PauseAsked) => Some(Self::Paused(Pause::Operator)),
            (Self::Running | Self::Paused(Pause::Operator), E::Braked(why)) => Some(Self::Paused(why)),
            // Whatever it was: the number that it befell is gone.
            (Self::Paused(_), E::Braked(Pause::AnotherNumber)) => Some(Self::Paused(Pause::AnotherNumber)),
            (Self::Paused(_), E::Resumed) => Some(Self::Running),
            (Self::Running, E::AllSettled) => Some(Self::Finished),
            (Self::Finished | Self::Cancelled, _) => None,
            (_, E::Cancelled) => Some(Self::Cancelled),
            _ => None,
        }
    }

    /// May a message leave in this state?
    pub fn sends(self) -> bool {
        self == Self::Running
    }

    /// Was it stopped, for a while or for good? Then nothing of it leaves, be it asked for by a person.
    pub fn is_stopped(self) -> bool {
        matches!(self, Self::Paused(_) | Self::Cancelled)
    }

    /// Is it over for good?
    pub fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled)
    }

    /// The word the store uses; the cause of a pause has a column of its own.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Rehearsed => "rehearsed",
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Paused(_) => "paused",
            Self::Missed => "missed",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests;
