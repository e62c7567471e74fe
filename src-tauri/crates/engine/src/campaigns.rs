//! Campaigns at work.
//!
//! - [`Runner`]: one a device, in its session's crew. It gives the next recipient their turn when the pacer lets it, and nothing
//!   else: the outbox sends, and what becomes of a message becomes of its recipient in the store
//! - [`Scheduler`]: starts those whose time has come, by the shop's own clock
//! - [`brake`]: what of a device's trouble pauses its campaigns
//! - [`hearing`]: what customers say about being written to, found before it is stored
//!
//! What runs is told by the store alone. There is one runner a device, however many windows there are and however quickly
//! somebody pauses and resumes: who is queued is decided in the transaction that queues them. If the program dies anywhere
//! here, the next start reads the rows and goes on.
//!
//! At most [`crate::session::Desk::campaign_room`] messages of campaigns are in a device's outbox at once, so that an answer to
//! a customer is never behind more than those.

pub(crate) mod brake;
pub(crate) mod hearing;
mod lane;
mod runner;
mod scheduler;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use mostrador_campaigns::pacer::Why;
use mostrador_domain::{CampaignId, UnixMillis};

pub(crate) use runner::{Runner, may_start};
pub(crate) use scheduler::{Scheduler, next_of_row, repeat};

/// What holds the next message of a running campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// Not before, as far as is known now.
    pub until: UnixMillis,
    /// What.
    pub by: WaitsFor,
}

/// What may hold a message of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// A limit of its pacer.
    Limit(Why),
    /// The device cannot send at this moment.
    Device,
    /// The start may still be undone.
    Undo,
    /// The last ones are under way, or nobody knows what became of them.
    Uncertain,
    /// A person decides whether somebody wants no more.
    Decision,
    /// An earlier one of its row has not ended.
    Earlier,
}

/// Who says what holds a campaign. What one of them says of it the other one leaves alone: between two looks of the scheduler a
/// campaign may begin to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Runner,
    Scheduler,
}

/// What holds each campaign now: shown, never stored.
#[derive(Clone, Default)]
pub(crate) struct Board(Arc<Mutex<BTreeMap<(CampaignId, Says), Waits>>>);

impl Board {
    /// What holds a campaign; of one that runs, what its runner says.
    pub(crate) fn get(&self, id: CampaignId) -> Option<Waits> {
        self.said(id, Says::Runner)
            .or_else(|| self.said(id, Says::Scheduler))
    }

    /// The same as one of them says it.
    fn said(&self, id: CampaignId, by: Says) -> Option<Waits> {
        self.lock().get(&(id, by)).copied()
    }

    /// Notes what holds a campaign, as one of them says it; `true` = that is news to whoever shows it.
    fn set(&self, (id, by): (CampaignId, Says), waits: Option<Waits>) -> bool {
        let mut board = self.lock();
        match waits {
            Some(waits) => board.insert((id, by), waits) != Some(waits),
            None => board.remove(&(id, by)).is_some(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(CampaignId, Says), Waits>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_scheduler_takes_back_leaves_what_the_runner_says() {
        let (board, id) = (Board::default(), CampaignId(7));
        let waits = |by| Waits {
            until: UnixMillis(1),
            by,
        };
        let device = waits(WaitsFor::Device);
        assert!(
            board.set((id, Says::Scheduler), Some(device)),
            "it is due and held"
        );
        assert_eq!(board.get(id), Some(device), "and says so");
        let undo = waits(WaitsFor::Undo);
        board.set((id, Says::Runner), Some(undo));
        assert_eq!(board.get(id), Some(undo), "a person has started it");
        board.set((id, Says::Scheduler), None);
        assert_eq!(
            board.get(id),
            Some(undo),
            "what holds its next message is shown still"
        );
        board.set((id, Says::Runner), Some(device));
        board.set((id, Says::Scheduler), None);
        assert_eq!(board.get(id), Some(device), "though both say the same");
    }
}
