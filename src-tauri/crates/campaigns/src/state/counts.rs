//! How many recipients are where: the sum of the rows, and nothing else.

use serde::{Deserialize, Serialize};

use super::RecipientState;

/// Recipients by state. Each is in exactly one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Waiting for their turn.
    pub pending: u32,
    /// In the outbox.
    pub queued: u32,
    /// Sent or not, nobody knows.
    pub uncertain: u32,
    /// Taken by the gateway, no receipt yet.
    pub sent: u32,
    /// On the phone, not read yet.
    pub delivered: u32,
    /// Read, not answered.
    pub read: u32,
    /// Answered.
    pub replied: u32,
    /// Not reached.
    pub failed: u32,
    /// Not written to.
    pub skipped: u32,
    /// Asked not to be written to.
    pub opted_out: u32,
}

/// The funnel of a campaign: each step holds all who came as far or farther.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// Taken by the gateway.
    pub sent: u32,
    /// On the phone.
    pub delivered: u32,
    /// Read.
    pub read: u32,
    /// Answered.
    pub replied: u32,
}

impl Counts {
    /// Counts rows.
    pub fn of(states: impl IntoIterator<Item = RecipientState>) -> Self {
        let mut counts = Self::default();
        for state in states {
            counts.add(state);
        }
        counts
    }

    /// One more is in `state`.
    pub fn add(&mut self, state: RecipientState) {
        *self.place(state) += 1;
    }

    /// One has gone from `from` to `to`. False, and nothing changes, if nobody was in `from`.
    #[must_use]
    pub fn moved(&mut self, from: RecipientState, to: RecipientState) -> bool {
        let place = self.place(from);
        let Some(left) = place.checked_sub(1) else {
            return false;
        };
        *place = left;
        self.add(to);
        true
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        let waiting = self.pending + self.queued + self.uncertain;
        waiting + self.funnel().sent + self.failed + self.skipped + self.opted_out
    }

    /// Is every recipient in a final state?
    pub fn all_settled(&self) -> bool {
        self.pending + self.queued + self.uncertain == 0
    }

    /// The funnel.
    pub fn funnel(&self) -> Funnel {
        let read = self.read + self.replied;
        let delivered = self.delivered + read;
        Funnel {
            sent: self.sent + delivered,
            delivered,
            read,
            replied: self.replied,
        }
    }

    fn place(&mut self, state: RecipientState) -> &mut u32 {
        match state {
            RecipientState::Pending => &mut self.pending,
            RecipientState::Queued => &mut self.queued,
            RecipientState::Uncertain => &mut self.uncertain,
            RecipientState::Sent => &mut self.sent,
            RecipientState::Delivered => &mut self.delivered,
            RecipientState::Read => &mut self.read,
            RecipientState::Replied => &mut self.replied,
            RecipientState::Failed(_) => &mut self.failed,
            RecipientState::Skipped(_) => &mut self.skipped,
            RecipientState::OptedOut => &mut self.opted_out,
        }
    }
}
