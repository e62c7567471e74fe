//! An audience, gathered from an accepted list, from other sources or from another campaign, in portions ([`Portion`]).
//!
//! | Step | in the store | when the program dies after it, or it is cancelled |
//! |---|---|---|
//! | [`Gatherer::enter`] | nothing: one window a campaign is let in, another one is told that the state has changed | nothing was stored |
//! | [`Gatherer::gather`] has the place | what earlier ones left is let go; an empty audience is there, which nobody sees | the former audience holds; the rest is let go and removed in portions |
//! | a portion is filled in | its people are in that audience, each decided | the same |
//! | `done` | one transaction: the campaign has it whole, the former is left over | it is taken over |
//!
//! Between two portions whoever waits for the store's writer has their turn. Whoever brings people runs on a thread of its own and is at
//! most two pieces ahead of the store. Cancelling bites before the next portion; once `done` has begun it comes too late.

mod list;
mod pieces;
mod same;
mod sources;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use mostrador_domain::{AudienceId, CampaignId};
use mostrador_store::tables::campaign::audience;
use mostrador_store::{Change, Store, StoreError, Writing};
use tokio_util::sync::CancellationToken;

use super::lock;
use crate::clock::Clock;
use crate::crash;
use crate::engine::Engine;
use crate::portion::Portion;

pub(super) use pieces::Pieces;
pub use sources::Headings;
pub(super) use sources::{Layout, bring};

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gathered {
    /// People who were gathered, with those who are left out.
    pub people: u32,
    /// Of so many; `None` = nobody knows yet.
    pub of: Option<u32>,
}

/// Gathers audiences: one at a time, and of a campaign one alone.
#[derive(Clone)]
pub(crate) struct Gatherer {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// Held by whoever gathers.
    place: Arc<tokio::sync::Mutex<()>>,
    under_way: Arc<Mutex<BTreeMap<CampaignId, Arc<Progress>>>>,
    /// Told when the program ends.
    ends: CancellationToken,
}

/// Of one that is gathered, or waits for its turn.
pub(super) struct Progress {
    people: AtomicU32,
    of: Option<u32>,
    stop: CancellationToken,
}

impl Progress {
    pub(super) fn rose(&self, people: usize) {
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        self.people.fetch_add(people, Ordering::Relaxed);
    }
}

/// Somebody who was let in. Going out, whatever became of it, lets the next one in.
pub(crate) struct Entered {
    gatherer: Gatherer,
    campaign: CampaignId,
    pub(super) progress: Arc<Progress>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        lock(&self.gatherer.under_way).remove(&self.campaign);
        self.gatherer.store.announce(Change::Campaign(self.campaign));
    }
}

impl Gatherer {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>, ends: CancellationToken) -> Self {
        Self {
            store,
            clock,
            place: Arc::default(),
            under_way: Arc::default(),
            ends,
        }
    }

    /// Lets one in who gathers `of` people for a campaign.
    ///
    /// # Errors
    /// State changed: one is at it already.
    pub(crate) fn enter(&self, campaign: CampaignId, of: Option<u32>) -> Result<Entered, StoreError> {
        let progress = Arc::new(Progress {
            people: AtomicU32::new(0),
            of,
            stop: self.ends.child_token(),
        });
        {
            let mut under_way = lock(&self.under_way);
            if under_way.contains_key(&campaign) {
                return Err(StoreError::state_changed());
            }
            under_way.insert(campaign, Arc::clone(&progress));
        }
        self.store.announce(Change::Campaign(campaign));
        Ok(Entered {
            gatherer: self.clone(),
            campaign,
            progress,
        })
    }

    /// How far a campaign's has come; `None` = none is gathered.
    fn gathered(&self, campaign: CampaignId) -> Option<Gathered> {
        lock(&self.under_way).get(&campaign).map(|progress| Gathered {
            people: progress.people.load(Ordering::Relaxed),
            of: progress.of,
        })
    }

    /// Gives up what is gathered for a campaign, if anything is.
    fn give_up(&self, campaign: CampaignId) {
        if let Some(progress) = lock(&self.under_way).get(&campaign) {
            progress.stop.cancel();
        }
    }

    /// Does `work` with so many rows as fit into one transaction, and learns how many that are.
    async fn portion(
        &self,
        portion: &mut Portion,
        work: impl FnOnce(&mut Writing<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let clock = Arc::clone(&self.clock);
        let write = self.store.write(move |writing| {
            let begun = clock.elapsed();
            work(writing)?;
            Ok(begun)
        });
        let begun = write.await?;
        portion.took(self.clock.elapsed().saturating_sub(begun));
        crash::point("audience.staged");
        Ok(())
    }

    /// Fills an audience, then does `done` with it and with what filling it gave, in one transaction that survives a power cut. If
    /// anything of that fails or is given up, what was gathered is let go; so is what `done` does not take over.
    ///
    /// # Errors
    /// State changed when it was given up; those of `fill` and `done`.
    pub(crate) async fn gather<T, V, E, F>(
        &self,
        entered: &Entered,
        fill: impl FnOnce(AudienceId) -> F,
        done: impl FnOnce(&mut Writing<'_>, AudienceId, V) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        V: Send + 'static,
        E: From<StoreError>,
        F: Future<Output = Result<V, E>>,
    {
        let stop = &entered.progress.stop;
        let _one_at_a_time = tokio::select! {
            place = self.place.lock() => place,
            () = stop.cancelled() => return Err(StoreError::state_changed().into()),
        };
        let audience = self.store.write(audience::begin).await?;
        let filled = tokio::select! {
            filled = fill(audience) => filled,
            () = stop.cancelled() => Err(StoreError::state_changed().into()),
        };
        let outcome = match filled {
            Ok(_) if stop.is_cancelled() => Err(StoreError::state_changed().into()),
            Ok(given) => {
                crash::point("audience.gathered");
                let done = self.store.write_durably(move |writing| {
                    let done = done(writing, audience, given)?;
                    audience::leave_unfinished(writing)?;
                    Ok(done)
                });
                done.await.map_err(E::from)
            }
            Err(error) => Err(error),
        };
        match &outcome {
            Ok(_) => crash::point("audience.taken"),
            Err(_) => self.let_go().await,
        }
        outcome
    }

    /// What was gathered and not taken over.
    async fn let_go(&self) {
        if let Err(error) = self.store.write(audience::leave_unfinished).await {
            tracing::warn!(%error, "what was gathered could not be let go; the next start does");
        }
    }
}

impl Engine {
    /// How far the audience has come that is gathered for a campaign; `None` = none is.
    pub fn gathered(&self, campaign: CampaignId) -> Option<Gathered> {
        self.audiences().gatherer.gathered(campaign)
    }

    /// Gives it up: the former audience stays. What is taken over already stays taken over.
    pub fn give_up_gathering(&self, campaign: CampaignId) {
        self.audiences().gatherer.give_up(campaign);
    }
}
