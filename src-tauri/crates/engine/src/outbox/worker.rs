//! The worker that sends one device's messages.
//!
//! What came of a call is known nowhere but here until it is stored. A file that cannot be written now (another program holds it,
//! the disk is full) is tried again until it can, and nothing is claimed before that. If it cannot be stored for another reason,
//! the worker ends: that is a fault, the session is started anew, and settles the row as one that was in flight.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_campaigns::state::Pause;
use mostrador_domain::{DeviceState, FailureCode, OutboxEvent, UnixMillis};
use mostrador_store::tables::outbox::{self, Claimed};
use mostrador_store::tables::{campaign, device};
use mostrador_store::{Change, Changes, StoreError, StoreErrorKind};

use super::backoff;
use super::call::{self, Answer};
use super::outcome::{self, Outcome};
use crate::campaigns::brake;
use crate::crash;
use crate::session::Desk;

/// How long the worker rests at the most; it is woken when there is work.
const LONGEST_REST: Duration = Duration::from_secs(3_600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(5);

/// How often it is tried to store an outcome when nobody knows whether that can ever succeed.
const TRIES: u32 = 5;

/// Why the worker stopped.
enum Stopped {
    /// Nothing is under way; it goes on after a while.
    Store(StoreError),
    /// What came of a call could not be stored.
    Outcome(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Is it worth trying again to store what came of a call?
pub(crate) fn may_pass(kind: StoreErrorKind, tries: u32) -> bool {
    match kind {
        StoreErrorKind::Busy | StoreErrorKind::Full | StoreErrorKind::ReadOnly => true,
        StoreErrorKind::Other => tries < TRIES,
        StoreErrorKind::Damaged
        | StoreErrorKind::NewerVersion
        | StoreErrorKind::NotFound
        | StoreErrorKind::StateChanged
        | StoreErrorKind::WrittenTo
        | StoreErrorKind::Closed => false,
    }
}

/// How long a message waits for the end of a restriction whose end is not told.
const RESTRICTED: Duration = Duration::from_secs(3_600);

/// See the module.
pub(crate) struct Sender {
    desk: Desk,
    /// Pauses in a row.
    holds: u32,
    /// What the wall clock showed when we last looked, and how long that is ago by the clock that does not jump.
    last_look: (UnixMillis, Duration),
}

/// How far the wall clock may fall behind before it was set back.
const STEADY: Duration = Duration::from_secs(60);

impl Sender {
    pub(crate) fn new(desk: Desk) -> Self {
        let last_look = (desk.shared.clock.now(), desk.shared.clock.elapsed());
        Self {
            desk,
            holds: 0,
            last_look,
        }
    }

    pub(crate) async fn run(mut self) {
        let mut changes = self.desk.shared.store.changes();
        while self.desk.wait_until(DeviceState::may_send).await {
            let rest = match self.work().await {
                Ok(rest) => rest,
                Err(Stopped::Outcome(error)) => {
                    tracing::error!(device = %self.desk.device, %error, "what came of a call is lost: it is looked for");
                    return;
                }
                Err(Stopped::Store(error)) => {
                    tracing::error!(device = %self.desk.device, %error, "sending stopped for now");
                    STORE_TROUBLE
                }
            };
            if !rest.is_zero() {
                self.rest(rest, &mut changes).await;
            }
        }
        // The session is ending: wait to be dropped.
        std::future::pending().await
    }

    /// Sends one message; says how long there is nothing to do.
    async fn work(&mut self) -> Result<Duration, Stopped> {
        let (now, elapsed) = (self.desk.shared.clock.now(), self.desk.shared.clock.elapsed());
        self.watch_the_clock(now, elapsed).await?;
        let held = self.desk.pace().next_start(elapsed).saturating_sub(elapsed);
        if !held.is_zero() {
            return Ok(held);
        }
        let device = self.desk.device;
        let claimed = self
            .desk
            .shared
            .store
            .write_durably(move |writing| outbox::claim(writing, device, now))
            .await?;
        let Some(claimed) = claimed else {
            let due = self
                .desk
                .shared
                .store
                .read(move |connection| outbox::next_due(connection, device))
                .await?;
            return Ok(due.map_or(LONGEST_REST, |due| due.since(now).max(Duration::from_millis(1))));
        };
        crash::point("outbox.claimed");
        self.desk.pace().started(elapsed);
        if claimed.is_by_hand() {
            self.desk.by_hand.fetch_add(1, Ordering::AcqRel);
        }
        self.attempt(claimed).await?;
        Ok(Duration::ZERO)
    }

    /// What waits for a time that the wall clock has gone back from need not wait any more.
    async fn watch_the_clock(&mut self, now: UnixMillis, elapsed: Duration) -> Result<(), StoreError> {
        let (last_now, last_elapsed) = self.last_look;
        let expected = last_now.after(elapsed.saturating_sub(last_elapsed));
        self.last_look = (now, elapsed);
        if expected.since(now) <= STEADY {
            return Ok(());
        }
        let device = self.desk.device;
        let freed = self
            .desk
            .shared
            .store
            .write_durably(move |writing| {
                device::clock_was_set_back(writing, device, now)?;
                outbox::clock_was_set_back(writing, device, now)
            })
            .await?;
        tracing::info!(%device, messages = freed, "the clock was set back: what waited by it goes on");
        Ok(())
    }

    async fn rest(&self, rest: Duration, changes: &mut Changes) {
        let mut state = self.desk.state.clone();
        let mine = Change::Outbox(self.desk.device);
        tokio::select! {
            _ = changes.wait_for(|change| *change == mine) => {}
            () = self.desk.shared.clock.sleep(rest) => {}
            _ = state.wait_for(|state| !state.may_send()) => {}
        }
    }

    async fn attempt(&mut self, claimed: Claimed) -> Result<(), Stopped> {
        let (outcome, brake) = if claimed.attempt > outcome::MAX_ATTEMPTS {
            // Every attempt so far was uncertain and then proven absent.
            (Outcome::GivenUp, None)
        } else {
            self.make(&claimed).await
        };
        let hold = self.note_hold(&outcome);
        self.store_surely(&claimed, &outcome, hold, brake).await?;
        crash::point("outbox.answered");
        Ok(())
    }

    /// Stores what came of a call, however long the file cannot be written.
    async fn store_surely(
        &self,
        claimed: &Claimed,
        outcome: &Outcome,
        hold: Duration,
        brake: Option<Pause>,
    ) -> Result<(), Stopped> {
        let mut tries = 0;
        loop {
            match self.store(claimed, outcome.clone(), hold, brake).await {
                Ok(()) => return Ok(()),
                // Settled by somebody else meanwhile (an echo came first): nothing is left to do.
                Err(error) if error.kind == StoreErrorKind::StateChanged => return Ok(()),
                Err(error) if may_pass(error.kind, tries) => {
                    tries += 1;
                    tracing::error!(device = %self.desk.device, %error, "what came of a call is not stored yet: trying again");
                }
                Err(error) => return Err(Stopped::Outcome(error)),
            }
            self.desk.shared.clock.sleep(STORE_TROUBLE).await;
        }
    }

    /// Makes the call. What it says of the device pauses the device's campaigns, in the transaction that stores the outcome.
    async fn make(&self, claimed: &Claimed) -> (Outcome, Option<Pause>) {
        let answer = call::make(&self.desk, claimed).await;
        crash::point("outbox.called");
        if let Err(failure) = &answer {
            tracing::info!(device = %self.desk.device, row = claimed.id.0, work = ?claimed.work, attempt = claimed.attempt, %failure, "not sent");
            self.desk.met_unless_uncertain(failure).await;
        }
        let brake = answer.as_ref().err().and_then(brake::of_failure);
        (outcome::of(answer, claimed.attempt), brake)
    }

    /// Pauses the whole device if the outcome says so, for as long as the gateway wishes or our own back-off; says how long.
    fn note_hold(&mut self, outcome: &Outcome) -> Duration {
        let told = match outcome {
            Outcome::HoldAll(told) => *told,
            Outcome::Restricted(_) => None,
            _ => {
                self.holds = 0;
                return Duration::ZERO;
            }
        };
        self.holds = self.holds.saturating_add(1);
        let wait = told.unwrap_or_else(|| backoff::delay(self.holds, &*self.desk.shared.chance));
        self.desk.pace().pause(self.desk.shared.clock.elapsed() + wait);
        wait
    }

    async fn store(
        &self,
        claimed: &Claimed,
        outcome: Outcome,
        hold: Duration,
        brake: Option<Pause>,
    ) -> Result<(), StoreError> {
        let (id, device, now) = (claimed.id, self.desk.device, self.desk.shared.clock.now());
        let wait = backoff::delay(claimed.attempt, &*self.desk.shared.chance);
        self.desk
            .shared
            .store
            .write_durably(move |writing| {
                let stored = match outcome {
                    Outcome::Done(Answer::Sent(accepted)) => {
                        outbox::accepted(writing, id, &accepted.gateway_id, accepted.status, now)?;
                        if let Some(at) = accepted.at {
                            outbox::taken_at(writing, id, at)?;
                        }
                        device::acknowledged(writing, device, now)
                    }
                    Outcome::Done(Answer::Uploaded(reference)) => outbox::uploaded(writing, id, &reference),
                    Outcome::Done(Answer::Acted) => outbox::acted(writing, id, now),
                    Outcome::Again(told) => outbox::not_sent(writing, id, now.after(told.unwrap_or(wait))),
                    Outcome::HoldAll(told) => {
                        if told.is_some() {
                            // It counts on, whether this program runs or not.
                            device::hold(writing, device, now.after(hold), now)?;
                        }
                        outbox::held_back(writing, id, now.after(hold))
                    }
                    Outcome::Restricted(until) => outbox::held_back(
                        writing,
                        id,
                        until.unwrap_or(now.after(RESTRICTED)).max(now.after(hold)),
                    ),
                    Outcome::Dead(code) => outbox::dead(writing, id, OutboxEvent::Refused, code),
                    Outcome::GivenUp => outbox::dead(
                        writing,
                        id,
                        OutboxEvent::AttemptsUsedUp,
                        FailureCode::AttemptsUsedUp,
                    ),
                    Outcome::NoAnswer => outbox::no_answer(writing, id, now, now.after(wait)),
                };
                stored?;
                match brake {
                    Some(cause) => campaign::brake_device(writing, device, cause).map(drop),
                    None => Ok(()),
                }
            })
            .await
    }
}
