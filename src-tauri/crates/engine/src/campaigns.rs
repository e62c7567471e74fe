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
}

/// What holds each running campaign now: shown, never stored.
#[derive(Clone, Default)]
pub(crate) struct Board(Arc<Mutex<BTreeMap<CampaignId, Waits>>>);

impl Board {
    pub(crate) fn get(&self, id: CampaignId) -> Option<Waits> {
        self.lock().get(&id).copied()
    }

    /// Notes what holds a campaign; `true` = that is news to whoever shows it.
    fn set(&self, id: CampaignId, waits: Option<Waits>) -> bool {
        let mut board = self.lock();
        match waits {
            Some(waits) => board.insert(id, waits) != Some(waits),
            None => board.remove(&id).is_some(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<CampaignId, Waits>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
