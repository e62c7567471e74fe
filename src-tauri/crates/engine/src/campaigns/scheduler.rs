//! Starts the campaigns whose time has come, and decides about those whose time was missed as the shop chose.
//!
//! A campaign leaves the state "scheduled" and the next one of a recurring row is made in one transaction: whatever dies here,
//! neither is there twice nor lost. The next one has the same plan, and the same people until its own time comes: then its audience
//! is made anew from the same sources, in the transaction that starts it.
//!
//! Times are of the wall clock, which may be set at any moment: it is looked at once a minute while something is scheduled.

use std::sync::Arc;
use std::time::Duration;

use mostrador_campaigns::schedule::{Due, Schedule};
use mostrador_domain::UnixMillis;
use mostrador_store::tables::campaign::{self, CampaignRow, Copied, FollowsAs};
use mostrador_store::{Change, Store, StoreError, StoreErrorKind, Writing};

use crate::audience::Place;
use crate::audience::anew::anew;
use crate::clock::Clock;
use crate::crash;

/// While something is scheduled.
const LOOK: Duration = Duration::from_secs(60);
/// While nothing is; a change wakes us.
const NOTHING: Duration = Duration::from_secs(3_600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(10);

/// See the module.
pub(crate) struct Scheduler {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    /// Held while an audience is made anew.
    pub(crate) gathering: Place,
}

impl Scheduler {
    /// Runs until the program ends.
    pub(crate) async fn run(self) {
        let mut changes = self.store.changes();
        loop {
            let rest = match self.look().await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::warn!(%error, "scheduled campaigns could not be looked at");
                    STORE_TROUBLE
                }
            };
            tokio::select! {
                _ = changes.wait_for(|change| *change == Change::Campaigns) => {}
                () = self.clock.sleep(rest) => {}
            }
        }
    }

    /// Does what is due; says how long until the next look.
    async fn look(&self) -> Result<Duration, StoreError> {
        let scheduled = self.store.read(campaign::scheduled).await?;
        let mut rest = if scheduled.is_empty() { NOTHING } else { LOOK };
        for row in scheduled {
            let now = self.clock.now();
            let Some((schedule, at)) = row.schedule.clone().zip(row.starts_at) else {
                continue;
            };
            match schedule.due(at, now) {
                Due::NotYet => rest = rest.min(at.since(now).max(Duration::from_millis(1))),
                due => self.decide(&row, &schedule, due, now).await?,
            }
        }
        Ok(rest)
    }

    async fn decide(
        &self,
        row: &CampaignRow,
        schedule: &Schedule,
        due: Due,
        now: UnixMillis,
    ) -> Result<(), StoreError> {
        let mut done = self.store_decision(row, schedule, due, now).await;
        if due == Due::Start
            && done
                .as_ref()
                .is_err_and(|error| error.kind == StoreErrorKind::NotFound)
        {
            // Where its people come from is gone: a person looks at it.
            done = self.store_decision(row, schedule, Due::Ask, now).await;
        }
        match done {
            Ok(()) => {
                crash::point("campaign.scheduled");
                tracing::info!(campaign = %row.id, ?due, "the time of a campaign has come");
                Ok(())
            }
            // A person was faster.
            Err(error) if error.kind == StoreErrorKind::StateChanged => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn store_decision(
        &self,
        row: &CampaignRow,
        schedule: &Schedule,
        due: Due,
        now: UnixMillis,
    ) -> Result<(), StoreError> {
        let _one_at_a_time = self.gathering.lock().await;
        let (row, schedule) = (row.clone(), schedule.clone());
        self.store
            .write_durably(move |writing| {
                decided(writing, &row, due, now)?;
                repeat(writing, &row, &schedule, now)
            })
            .await
    }
}

fn decided(
    writing: &mut Writing<'_>,
    row: &CampaignRow,
    due: Due,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let id = row.id;
    match due {
        Due::NotYet => Ok(()),
        Due::Start => {
            let repeats = row
                .follows
                .is_some_and(|follows| follows.how == FollowsAs::Repeat);
            if repeats {
                anew(writing, row, now)?;
            }
            campaign::start(writing, id, Duration::ZERO, now)
        }
        Due::Ask => campaign::missed(writing, id),
        Due::Skip => {
            campaign::missed(writing, id)?;
            campaign::cancel(writing, id, now)
        }
    }
}

/// Makes the next one of a recurring row.
fn repeat(
    writing: &mut Writing<'_>,
    row: &CampaignRow,
    schedule: &Schedule,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let Ok(Some(next)) = schedule.next_after(now) else {
        return Ok(());
    };
    let Ok(starts_at) = next.starts_at() else {
        return Ok(());
    };
    let copied = Copied {
        from: row.id,
        how: FollowsAs::Repeat,
    };
    let id = campaign::copy(writing, copied, &row.name, now)?;
    campaign::recipient::same_people(writing, row.id, id, now)?;
    let plan_no = campaign::get(writing, id)?.plan_no;
    campaign::rehearsed(writing, id, plan_no)?;
    campaign::schedule(writing, id, &next, starts_at)
}
