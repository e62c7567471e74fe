//! Starts the campaigns whose time has come, and decides about those whose time was missed as the shop chose.
//!
//! A campaign leaves the state "scheduled" and the next one of a recurring row is made in one transaction: whatever dies here,
//! neither is there twice nor lost; so it does when a person starts it before its time. The next one has the same plan, and the same people until its own time comes: then its audience
//! is made anew from the same sources. The people of both are gathered before that transaction, and taken over in it. If they cannot be,
//! and trying again would not help, a person is asked.
//!
//! One whose device cannot send at its time is not started: it would wait with its start behind it, and leave whenever the gateway is back.
//! Its time is looked at again until the device can, or the shop's choice about a missed start says that it is too late; not before some
//! minutes have passed, since a line that is lost for a moment makes no missed start.
//!
//! Times are of the wall clock, which may be set at any moment: it is looked at once a minute while something is scheduled.

use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use mostrador_campaigns::schedule::{Due, Late, Repeats, Schedule};
use mostrador_campaigns::state::CampaignState;
use mostrador_domain::{AudienceId, CampaignId, DeviceId, UnixMillis};
use mostrador_store::tables::campaign::{self, CampaignRow, Copied, FollowsAs, audience};
use mostrador_store::{Change, Store, StoreError, StoreErrorKind, Writing};

use super::{Board, Waits, WaitsFor};
use crate::EngineError;
use crate::audience::Gatherer;
use crate::audience::anew::{Anew, TakeOver};
use crate::clock::Clock;
use crate::crash;
use crate::engine::Engine;

/// While something is scheduled.
const LOOK: Duration = Duration::from_secs(60);
/// While nothing is; a change wakes us.
const NOTHING: Duration = Duration::from_secs(3_600);
/// While one is due and its device cannot send: a start counts as in time for no longer than a minute.
const HELD: Duration = Duration::from_secs(5);
/// One that was due in time and whose device is back so soon is in time still: a line that is lost for a moment makes no missed start. It is
/// longer than the longest time after which a gateway that was away is asked again.
const AWAY: Duration = Duration::from_secs(600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(10);

/// See the module.
pub(crate) struct Scheduler {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) gatherer: Gatherer,
    pub(crate) board: Board,
    pub(crate) engine: Weak<Engine>,
}

impl Scheduler {
    /// Runs until the program ends.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut changes = self.store.changes();
        let mut held = BTreeSet::new();
        loop {
            let rest = match self.look(&mut held).await {
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

    /// Does what is due; says how long until the next look. `held`: what waited for its device at the last one.
    async fn look(&self, held: &mut BTreeSet<CampaignId>) -> Result<Duration, EngineError> {
        let scheduled = self.store.read(campaign::scheduled).await?;
        let before = std::mem::take(held);
        let mut rest = if scheduled.is_empty() { NOTHING } else { LOOK };
        for row in scheduled {
            let now = self.clock.now();
            let Some((schedule, at)) = row.schedule.clone().zip(row.starts_at) else {
                continue;
            };
            let due = match schedule.due(at, now) {
                // Whoever said how late it may be is obeyed.
                Due::Ask | Due::Skip
                    if !matches!(schedule.late, Late::StartUpTo { .. })
                        && before.contains(&row.id)
                        && now.since(at) <= AWAY =>
                {
                    Due::Start
                }
                due => due,
            };
            match due {
                Due::NotYet => rest = rest.min(at.since(now).max(Duration::from_millis(1))),
                Due::Start if !self.can_send(row.device).await => {
                    held.insert(row.id);
                    rest = rest.min(HELD);
                }
                due => {
                    // One that cannot be decided does not keep the later ones from their time.
                    if let Err(error) = self.decide(&row, &schedule, due, now).await {
                        tracing::warn!(campaign = %row.id, %error, "a scheduled campaign could not be decided about");
                        rest = rest.min(STORE_TROUBLE);
                    }
                }
            }
        }
        let by = WaitsFor::Device;
        for id in before.union(held) {
            let waits = held.contains(id).then(|| Waits {
                until: self.clock.now(),
                by,
            });
            if before.contains(id) != held.contains(id) && self.board.set(*id, waits) {
                self.store.announce(Change::Campaign(*id));
            }
        }
        Ok(rest)
    }

    /// Can the device of a campaign send now?
    async fn can_send(&self, device: DeviceId) -> bool {
        let Some(engine) = self.engine.upgrade() else {
            return false;
        };
        // Its session is not there yet while the program starts.
        engine.live(device).await.is_ok_and(|live| live.state.may_send())
    }

    async fn decide(
        &self,
        row: &CampaignRow,
        schedule: &Schedule,
        due: Due,
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        let mut done = self.store_decision(row, schedule, due, now).await;
        if due == Due::Start && is_for_a_person(&done) {
            // Where its people come from is gone, or what its texts say of them, or they cannot be gathered: a person looks at it.
            done = self.store_decision(row, schedule, Due::Ask, now).await;
        }
        if is_for_a_person(&done) {
            // Nor can they be for the next one: there is none before a person has looked.
            let once = Schedule {
                repeats: Repeats::Never,
                ..schedule.clone()
            };
            done = self.store_decision(row, &once, Due::Ask, now).await;
        }
        // A person was faster.
        if is(&done, StoreErrorKind::StateChanged) {
            return Ok(());
        }
        done?;
        crash::point("campaign.scheduled");
        tracing::info!(campaign = %row.id, ?due, "the time of a campaign has come");
        Ok(())
    }

    async fn store_decision(
        &self,
        row: &CampaignRow,
        schedule: &Schedule,
        due: Due,
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        let entered = self.gatherer.enter(row.id, None)?;
        let repeats = row
            .follows
            .is_some_and(|follows| follows.how == FollowsAs::Repeat);
        let anew = match due == Due::Start && repeats {
            true => Anew::of(&self.store, row, now).await?,
            false => None,
        };
        let next = next_of(schedule, now);
        let wants_next = next.is_some();
        let fill = async |audience| {
            let taken = match anew {
                Some(anew) => Some(anew.gather(&self.gatherer, &entered, audience).await?),
                None => None,
            };
            let (from, to) = match &taken {
                _ if !wants_next => return Ok((taken, None)),
                Some(_) => (Some(audience), self.store.write(audience::begin_another).await?),
                None => (self.people_of(row.id).await?, audience),
            };
            self.gatherer.same_people(row, from, to, now).await?;
            Ok((taken, Some(to)))
        };
        let row = row.clone();
        let done = move |writing: &mut Writing<'_>, _, (taken, people): (Option<TakeOver>, _)| {
            decided(writing, &row, due, taken, now)?;
            match next {
                Some(next) => repeat(writing, &row, next, people, now).map(drop),
                None => Ok(()),
            }
        };
        self.gatherer.gather(&entered, fill, done).await
    }

    async fn people_of(&self, id: CampaignId) -> Result<Option<AudienceId>, StoreError> {
        self.store
            .read(move |connection| audience::of(connection, id))
            .await
    }
}

fn is<T>(done: &Result<T, EngineError>, kind: StoreErrorKind) -> bool {
    matches!(done, Err(EngineError::Store(error)) if error.kind == kind)
}

/// Will trying again not help?
fn is_for_a_person<T>(done: &Result<T, EngineError>) -> bool {
    is(done, StoreErrorKind::NotFound) || is(done, StoreErrorKind::Other)
}

fn decided(
    writing: &mut Writing<'_>,
    row: &CampaignRow,
    due: Due,
    taken: Option<TakeOver>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let id = row.id;
    match due {
        Due::NotYet => Ok(()),
        Due::Start => {
            if let Some(taken) = taken {
                taken.done(writing, row)?;
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

/// The next time of a recurring row, and when that is.
fn next_of(schedule: &Schedule, now: UnixMillis) -> Option<(Schedule, UnixMillis)> {
    let next = schedule.next_after(now).ok()??;
    let starts_at = next.starts_at().ok()?;
    Some((next, starts_at))
}

/// The next one of a campaign that waits for its time, if that is a recurring one.
pub(crate) fn next_of_row(row: &CampaignRow, now: UnixMillis) -> Option<(Schedule, UnixMillis)> {
    let schedule = row
        .schedule
        .as_ref()
        .filter(|_| row.state == CampaignState::Scheduled)?;
    next_of(schedule, now)
}

/// Makes the next one of a recurring row.
pub(crate) fn repeat(
    writing: &mut Writing<'_>,
    row: &CampaignRow,
    (next, starts_at): (Schedule, UnixMillis),
    people: Option<AudienceId>,
    now: UnixMillis,
) -> Result<CampaignId, StoreError> {
    let copied = Copied {
        from: row.id,
        how: FollowsAs::Repeat,
    };
    let id = campaign::copy(writing, copied, &row.name, people, now)?;
    let plan_no = campaign::get(writing, id)?.plan_no;
    campaign::rehearsed(writing, id, plan_no)?;
    campaign::schedule(writing, id, &next, starts_at)?;
    Ok(id)
}
