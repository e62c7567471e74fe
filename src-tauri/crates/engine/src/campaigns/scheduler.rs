//! Starts the campaigns whose time has come, and decides about those whose time was missed as the shop chose.
//!
//! A campaign leaves the state "scheduled" and the next one of a recurring row is made in one transaction: whatever dies here,
//! neither is there twice nor lost; so it does when a person starts it before its time. The next one has the same plan, and the same people until its own time comes: then its audience
//! is made anew from the same sources. The people of both are gathered before that transaction, and taken over in it. If they cannot be,
//! and trying again would not help, a person is asked. One of whose people somebody may have been written to before a rescue keeps
//! them: made anew, all of them would be written to.
//!
//! One whose device cannot send at its time is not started: it would wait with its start behind it, and leave whenever the gateway is back.
//! Its time is looked at again until the device can, or the shop's choice about a missed start says that it is too late; not before some
//! minutes have passed, since a line that is lost for a moment makes no missed start.
//!
//! Nor is one that another one of its row keeps from starting ([`campaign::earlier`]): its time counts as missed. So a run that outlasts its
//! period, or waits for the shop to open, never meets the next one; and nothing goes on by itself that is paused.
//!
//! Times are of the wall clock, which may be set at any moment: it is looked at once a minute while something is scheduled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use mostrador_campaigns::schedule::{Due, Late, Repeats, Schedule};
use mostrador_domain::{AudienceId, CampaignId, DeviceId, UnixMillis};
use mostrador_store::tables::campaign::{self, CampaignRow, Copied, FollowsAs, audience};
use mostrador_store::{Change, Connection, Store, StoreError, StoreErrorKind, Writing};

use super::{Board, Says, Waits, WaitsFor};
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

/// What waits though its time has come, and what for.
type Held = BTreeMap<CampaignId, WaitsFor>;

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
        let mut held = Held::new();
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

    /// Does what is due; says how long until the next look. `held`: of the last look.
    async fn look(&self, held: &mut Held) -> Result<Duration, EngineError> {
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
                        && before.contains_key(&row.id)
                        && now.since(at) <= AWAY =>
                {
                    Due::Start
                }
                due => due,
            };
            if due == Due::NotYet {
                rest = rest.min(at.since(now).max(Duration::from_millis(1)));
                continue;
            }
            match self.come(&row, &schedule, due, now).await {
                Ok(None) => {}
                Ok(Some(by)) => {
                    held.insert(row.id, by);
                    if by == WaitsFor::Device {
                        rest = rest.min(HELD);
                    }
                }
                // One that cannot be decided does not keep the later ones from their time.
                Err(error) => {
                    tracing::warn!(campaign = %row.id, %error, "a scheduled campaign could not be decided about");
                    rest = rest.min(STORE_TROUBLE);
                }
            }
        }
        self.show(&before, held);
        Ok(rest)
    }

    /// Shows what waits, and no longer what does not.
    fn show(&self, before: &Held, held: &Held) {
        let either: BTreeSet<CampaignId> = before.keys().chain(held.keys()).copied().collect();
        for id in either {
            let waits = held.get(&id).map(|by| Waits {
                until: self.clock.now(),
                by: *by,
            });
            if before.get(&id) != held.get(&id) && self.board.set((id, Says::Scheduler), waits) {
                self.store.announce(Change::Campaign(id));
            }
        }
    }

    /// The time of one has come: what is due is done, or it waits, and says what for.
    async fn come(
        &self,
        row: &CampaignRow,
        schedule: &Schedule,
        due: Due,
        now: UnixMillis,
    ) -> Result<Option<WaitsFor>, EngineError> {
        if due != Due::Start {
            return self.decide(row, schedule, due, now).await.map(|()| None);
        }
        let id = row.id;
        let earlier = self
            .store
            .read(move |connection| campaign::earlier(connection, id));
        let due = match earlier.await?.map(|earlier| schedule.due_behind(earlier)) {
            Some(Due::NotYet) => return Ok(Some(WaitsFor::Earlier)),
            Some(missed) => missed,
            None if !self.can_send(row.device).await => return Ok(Some(WaitsFor::Device)),
            None => due,
        };
        self.decide(row, schedule, due, now).await.map(|()| None)
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
        let anew = match due == Due::Start && repeats && !self.anybody_written_to(row.id).await? {
            true => Anew::of(&self.store, row, now).await?,
            false => None,
        };
        let goes_on = self.goes_on(row.id).await?;
        let next = match goes_on {
            true => None,
            false => next_of(row, schedule, (due, now)),
        };
        let recurs = (row.schedule.as_ref()).is_some_and(|schedule| schedule.repeats != Repeats::Never);
        let owes_next = recurs && !goes_on && next.is_none();
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
            // Another one of its row may have taken its day meanwhile.
            if campaign::get(writing, row.id)?.starts_at != row.starts_at {
                return Err(StoreError::of(StoreErrorKind::StateChanged));
            }
            match due {
                // Whoever starts it makes the next one.
                Due::Ask if owes_next => campaign::withheld(writing, row.id)?,
                due => decided(writing, &row, due, taken, now)?,
            }
            match next {
                Some(next) => repeat(writing, &row, next, people, now).map(drop),
                None => Ok(()),
            }
        };
        self.gatherer.gather(&entered, fill, done).await
    }

    /// Is the next one of its row there already?
    async fn goes_on(&self, id: CampaignId) -> Result<bool, StoreError> {
        self.store
            .read(move |connection| campaign::goes_on(connection, id))
            .await
    }

    async fn anybody_written_to(&self, id: CampaignId) -> Result<bool, StoreError> {
        self.store
            .read(move |connection| audience::anybody_written_to(connection, id))
            .await
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
            // An earlier one may have been let go on, or paused, meanwhile.
            if campaign::earlier(writing, id)?.is_some() {
                return Err(StoreError::of(StoreErrorKind::StateChanged));
            }
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

/// The next time of a recurring row, and when that is. `due`: what is done with this one.
fn next_of(
    row: &CampaignRow,
    schedule: &Schedule,
    (due, now): (Due, UnixMillis),
) -> Option<(Schedule, UnixMillis)> {
    let next = schedule.next_after(now, due, row.plan.calendar()).ok()??;
    let starts_at = next.starts_at().ok()?;
    Some((next, starts_at))
}

/// The next one of a campaign that a person starts while it waits for its time, if that is a recurring one whose next one is not there yet.
/// One that was withheld from its time (by another number, or a rescue: [`mostrador_store::Store::open`]) has none either.
pub(crate) fn next_of_row(
    connection: &Connection,
    row: &CampaignRow,
    now: UnixMillis,
) -> Result<Option<(Schedule, UnixMillis)>, StoreError> {
    match &row.schedule {
        Some(schedule) if campaign::makes_next(connection, row.id)? => {
            Ok(next_of(row, schedule, (Due::Start, now)))
        }
        _ => Ok(None),
    }
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
