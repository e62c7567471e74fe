//! The campaigns of one device, for as long as its session lives.
//!
//! The loop: end what has nobody left → look at the device (trouble pauses the campaigns; one that cannot send, or of which
//! it is not heard yet what customers wrote meanwhile, lets them wait) → which campaigns run? →
//! whose pacer lets a message leave? → is there room in the outbox? → give the next recipient their turn, in one durable
//! transaction → tell the pacers. Then again, until there is nothing to do before a certain time or a change.
//!
//! It subscribes to the changes of the store before it looks, and sleeps no longer than until the next turn: until a moment, not for a
//! span, so that what the looking took makes no turn late.

use std::collections::BTreeSet;
use std::time::Duration;

use mostrador_campaigns::pacer::{Now, Turn, Why};
use mostrador_campaigns::state::Pause;
use mostrador_domain::{CampaignId, DeviceState, UnixMillis};
use mostrador_store::tables::campaign::{self, CampaignRow, Next, Terms};
use mostrador_store::tables::device;
use mostrador_store::{Change, Changes, StoreError, StoreErrorKind};

use super::lane::Lane;
use super::{Says, Waits, WaitsFor, brake};
use crate::crash;
use crate::session::{Desk, end_of};

/// How long it rests at the most; a change wakes it. A wall clock that is set is noticed so late.
const LONGEST_REST: Duration = Duration::from_secs(600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(5);
/// The gateway's pause, if it is longer than the time between two messages at its rate.
const PAUSE: Duration = Duration::from_secs(1);

/// A difference that is shown, in milliseconds.
const SHOWN: u64 = 1_000;

/// See the module.
pub(crate) struct Runner {
    desk: Desk,
    lanes: Vec<Lane>,
    /// Of which it says on the board what holds them, though they may have no lane.
    told: BTreeSet<CampaignId>,
    /// The state of the device when we last looked.
    seen: DeviceState,
    /// What customers wrote meanwhile was here when we last looked.
    was_level: bool,
}

/// How long there is nothing to do.
enum Rest {
    /// Until then by the clock that does not jump, or a change.
    Until(Duration),
    /// There is more to do.
    Not,
}

impl Runner {
    pub(crate) fn new(desk: Desk) -> Self {
        Self {
            desk,
            lanes: Vec::new(),
            told: BTreeSet::new(),
            seen: DeviceState::Stopped,
            was_level: false,
        }
    }

    /// Runs until the session ends.
    pub(crate) async fn run(mut self) {
        let mut changes = self.desk.shared.store.changes();
        loop {
            match self.work().await {
                Ok(Rest::Not) => {}
                Ok(Rest::Until(until)) => self.rest(until, &mut changes).await,
                Err(error) => {
                    tracing::error!(device = %self.desk.device, %error, "campaigns stopped for now");
                    self.rest(self.after(STORE_TROUBLE), &mut changes).await;
                }
            }
        }
    }

    async fn rest(&self, until: Duration, changes: &mut Changes) {
        let (mut state, mut level) = (self.desk.state.clone(), self.desk.level.subscribe());
        let ours = |change: &Change| matches!(change, Change::Campaigns | Change::Campaign(_));
        let rest = until.saturating_sub(self.desk.shared.clock.elapsed());
        tokio::select! {
            _ = changes.wait_for(ours) => {}
            () = self.desk.shared.clock.sleep(rest) => {}
            _ = state.wait_for(|state| *state != self.seen) => {}
            _ = level.wait_for(|level| *level != self.was_level) => {}
        }
    }

    fn after(&self, span: Duration) -> Duration {
        self.desk.shared.clock.elapsed() + span
    }

    fn now(&self) -> Now {
        Now {
            wall: self.desk.shared.clock.now(),
            steady: self.desk.shared.clock.elapsed(),
        }
    }

    /// Gives one recipient their turn, if it can be.
    async fn work(&mut self) -> Result<Rest, StoreError> {
        self.seen = self.desk.state.borrow().clone();
        self.was_level = *self.desk.level.borrow();
        let device = self.desk.device;
        let running = self
            .desk
            .shared
            .store
            .read(move |connection| campaign::of_device(connection, device))
            .await?;
        if self.end_settled(&running).await? {
            return Ok(Rest::Not);
        }
        if matches!(self.seen, DeviceState::Restricted { .. }) {
            self.say_until_when().await?;
        }
        self.forget_all_but(&running);
        if running.is_empty() {
            return Ok(Rest::Until(self.after(LONGEST_REST)));
        }
        if let Some(cause) = brake::of_state(&self.seen).or_else(|| self.cannot_send()) {
            self.brake(cause).await?;
            return Ok(Rest::Not);
        }
        if !self.seen.may_send() || !self.was_level {
            let until = self.now().wall;
            self.all_wait(&running, until, WaitsFor::Device);
            return Ok(Rest::Until(self.after(LONGEST_REST)));
        }
        if !self.open_lanes(&running).await? {
            return Ok(Rest::Not);
        }
        self.turns().await
    }

    /// Ends those of which everybody is settled: whatever their pacers say, and whatever the device is in. `true` = one has ended.
    async fn end_settled(&self, running: &[CampaignRow]) -> Result<bool, StoreError> {
        let (store, now) = (&self.desk.shared.store, self.now().wall);
        let ids: Vec<CampaignId> = running.iter().map(|row| row.id).collect();
        let settled = store.read(move |connection| {
            let mut settled = Vec::new();
            for id in ids {
                if campaign::is_settled(connection, id)? {
                    settled.push(id);
                }
            }
            Ok(settled)
        });
        let mut ended = false;
        for id in settled.await? {
            ended |= store
                .write_durably(move |writing| campaign::all_settled(writing, id, now))
                .await?;
        }
        Ok(ended)
    }

    /// A gateway that takes no words has nothing to send a campaign with.
    fn cannot_send(&self) -> Option<Pause> {
        let takes_words = self.desk.link.capabilities().send.text.is_some();
        (!takes_words).then_some(Pause::Forbidden)
    }

    /// Pauses everything that runs here, with its cause.
    async fn brake(&self, cause: Pause) -> Result<(), StoreError> {
        let device = self.desk.device;
        let braked = self
            .desk
            .shared
            .store
            .write_durably(move |writing| campaign::brake_device(writing, device, cause))
            .await?;
        crash::point("campaign.braked");
        tracing::info!(%device, campaigns = braked, ?cause, "paused: the device is in trouble");
        Ok(())
    }

    /// Whoever paused a campaign for a restriction did not know its end, if WhatsApp does not tell it; the device waits for one.
    async fn say_until_when(&self) -> Result<(), StoreError> {
        let (store, device) = (&self.desk.shared.store, self.desk.device);
        let known = store.read(move |connection| {
            let endless = campaign::endless(connection, device)?;
            Ok(device::get(connection, device)?
                .restricted
                .filter(|_| !endless.is_empty()))
        });
        // By the time that this is read it may be over.
        if let Some(ends) = known.await?.map(end_of).filter(|ends| *ends > self.now().wall) {
            let said = store.write(move |writing| campaign::restriction_ends(writing, device, ends));
            said.await?;
        }
        Ok(())
    }

    fn forget_all_but(&mut self, running: &[CampaignRow]) {
        let (board, store) = (&self.desk.shared.campaigns, &self.desk.shared.store);
        let runs = |id| running.iter().any(|row| row.id == id);
        self.lanes.retain(|lane| runs(lane.id));
        self.told.retain(|id| {
            let runs = runs(*id);
            if !runs && board.set((*id, Says::Runner), None) {
                store.announce(Change::Campaign(*id));
            }
            runs
        });
    }

    /// Every campaign that runs has a lane. `false` = one cannot run as it is, and was paused.
    async fn open_lanes(&mut self, running: &[CampaignRow]) -> Result<bool, StoreError> {
        for row in running {
            if self.lanes.iter().any(|lane| lane.id == row.id) {
                continue;
            }
            match Lane::open(&self.desk, row, self.now()).await? {
                Ok(lane) => self.lanes.push(lane),
                Err(fault) => {
                    tracing::error!(campaign = %row.id, %fault, "a campaign cannot run as it is planned");
                    let id = row.id;
                    let braked = move |writing: &mut mostrador_store::Writing<'_>| {
                        campaign::brake(writing, id, Pause::Operator)
                    };
                    self.desk.shared.store.write_durably(braked).await?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Asks each campaign in its turn, the one that waited longest first.
    async fn turns(&mut self) -> Result<Rest, StoreError> {
        self.lanes.sort_by_key(|lane| lane.last);
        let mut until = self.after(LONGEST_REST);
        for at in 0..self.lanes.len() {
            let (now, held) = (self.now(), self.held());
            let Some(lane) = self.lanes.get_mut(at) else { break };
            let id = lane.id;
            lane.look_around(&self.desk, now).await?;
            let mut turn = lane.turn(now, held);
            if let Turn::NotBefore {
                why: Why::DailyCap | Why::WarmUp,
                ..
            } = turn
            {
                lane.count_days(&self.desk, now).await?;
                turn = lane.turn(now, held);
            }
            match turn {
                Turn::NotBefore { at, why } => {
                    self.waits(id, at, WaitsFor::Limit(why));
                    let wait = at.since(now.wall).max(Duration::from_millis(1));
                    until = until.min(now.steady + wait);
                }
                Turn::Now => match self.queue(id, now).await? {
                    Some(wait) => until = until.min(now.steady + wait),
                    None => return Ok(Rest::Not),
                },
            }
        }
        Ok(Rest::Until(until))
    }

    /// For how long the gateway wants nothing. What its rate alone asks for, the pacer knows.
    fn held(&self) -> Duration {
        let elapsed = self.desk.shared.clock.elapsed();
        let held = self.desk.pace().paused_until().saturating_sub(elapsed);
        if held > PAUSE { held } else { Duration::ZERO }
    }

    /// Gives the next recipient of a campaign their turn. Says how long there is nothing to do for it; `None` = there is more to do.
    async fn queue(&mut self, id: CampaignId, now: Now) -> Result<Option<Duration>, StoreError> {
        let (device, terms, wall) = (self.desk.device, self.terms(), now.wall);
        let store = self.desk.shared.store.clone();
        let has_room = store
            .read(move |connection| campaign::has_room(connection, device, terms.room))
            .await?;
        let next = if has_room {
            let turn = move |writing: &mut mostrador_store::Writing<'_>| {
                campaign::queue_next(writing, id, terms, wall)
            };
            match store.write_durably(turn).await {
                Ok(next) => next,
                // Deleted meanwhile, or its chat is being removed at this moment.
                Err(error) if error.kind == StoreErrorKind::NotFound => return Ok(Some(STORE_TROUBLE)),
                Err(error) => return Err(error),
            }
        } else {
            Next::Full
        };
        match next {
            Next::Queued(_) => {
                crash::point("campaign.queued");
                for lane in &mut self.lanes {
                    if lane.id == id {
                        lane.started(&self.desk, now);
                    } else {
                        lane.other_started(now);
                    }
                }
                Ok(None)
            }
            Next::Passed | Next::Finished | Next::NotRunning => Ok(None),
            Next::NotBefore(until) => {
                self.waits(id, until, WaitsFor::Undo);
                Ok(Some(until.since(wall).max(Duration::from_millis(1))))
            }
            Next::Full => {
                self.mend().await?;
                Ok(Some(LONGEST_REST))
            }
            Next::NobodyWaits | Next::InDoubt => {
                self.waits(id, wall, WaitsFor::Uncertain);
                Ok(Some(LONGEST_REST))
            }
            Next::Held => {
                self.waits(id, wall, WaitsFor::Decision);
                Ok(Some(LONGEST_REST))
            }
        }
    }

    /// A place that nothing will ever free again is freed.
    async fn mend(&self) -> Result<(), StoreError> {
        let (store, device) = (&self.desk.shared.store, self.desk.device);
        let astray = store.read(move |connection| campaign::astray(connection, device));
        if astray.await? {
            let mended = move |writing: &mut mostrador_store::Writing<'_>| {
                let open = campaign::open(writing, Some(device))?;
                open.into_iter()
                    .try_for_each(|id| campaign::mend(writing, id).map(drop))
            };
            store.write_durably(mended).await?;
        }
        Ok(())
    }

    fn terms(&self) -> Terms {
        Terms {
            room: self.desk.campaign_room(),
            longest: self.desk.link.capabilities().send.longest(),
            inline_up_to: self.desk.link.capabilities().send.inline_up_to,
        }
    }

    fn all_wait(&mut self, running: &[CampaignRow], until: UnixMillis, by: WaitsFor) {
        for row in running {
            self.waits(row.id, until, by);
        }
    }

    /// Shows what holds a campaign.
    fn waits(&mut self, id: CampaignId, until: UnixMillis, by: WaitsFor) {
        self.told.insert(id);
        // For what has no end that is known, only the cause is news; nobody reads milliseconds.
        let no_end = matches!(by, WaitsFor::Device | WaitsFor::Uncertain | WaitsFor::Decision);
        let shown = self.desk.shared.campaigns.said(id, Says::Runner);
        if shown.is_some_and(|shown| shown.by == by && (no_end || shown.until.0.abs_diff(until.0) < SHOWN)) {
            return;
        }
        let of_runner = (id, Says::Runner);
        if self
            .desk
            .shared
            .campaigns
            .set(of_runner, Some(Waits { until, by }))
        {
            self.desk.shared.store.announce(Change::Campaign(id));
        }
    }
}

/// May a campaign be started or go on in this state of its device?
pub(crate) fn may_start(state: &DeviceState) -> bool {
    brake::of_state(state).is_none()
        && !matches!(state, DeviceState::Pairing(_) | DeviceState::Unconfigured { .. })
}
