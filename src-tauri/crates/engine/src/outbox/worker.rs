//! The worker that sends one device's messages.

use std::time::Duration;

use mostrador_domain::{
    DeviceState, Failure, FailureCode, MediaKind, OutboxEvent, Outgoing, OutgoingBody, OutgoingFile, OutgoingMedia, UnixMillis,
};
use mostrador_gateways::Accepted;
use mostrador_store::tables::outbox::{self, Claimed};
use mostrador_store::tables::{device, media};
use mostrador_store::{Change, Changes, StoreError, StoreErrorKind};

use super::outcome::{self, Outcome};
use super::{backoff, reconcile};
use crate::session::Desk;
use crate::{EngineError, crash};

/// How long the worker rests at the most; it is woken when there is work.
const LONGEST_REST: Duration = Duration::from_secs(3_600);
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(5);

/// See the module.
pub(crate) struct Sender {
    desk: Desk,
    /// Nothing is sent before this: the gateway asked for a pause, or cannot be reached.
    hold_until: UnixMillis,
    /// Holds in a row.
    holds: u32,
    looker: reconcile::Looker,
}

impl Sender {
    pub(crate) fn new(desk: Desk) -> Self {
        Self {
            desk,
            hold_until: UnixMillis(0),
            holds: 0,
            looker: reconcile::Looker::default(),
        }
    }

    pub(crate) async fn run(mut self) {
        let mut changes = self.desk.shared.store.changes();
        while self.desk.wait_until(DeviceState::may_send).await {
            let rest = match self.work().await {
                Ok(rest) => rest,
                Err(error) => {
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

    /// Sends one message or looks for uncertain ones; says how long there is nothing to do.
    async fn work(&mut self) -> Result<Duration, StoreError> {
        let until_look = self.looker.look(&self.desk).await?;
        // After the look, which may take long: an echo is known by when the attempt began.
        let now = self.desk.shared.clock.now();
        let held = self.hold_until.since(now);
        if !held.is_zero() {
            return Ok(held.min(until_look));
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
            let until_due = due.map_or(LONGEST_REST, |due| due.since(now).max(Duration::from_millis(1)));
            return Ok(until_due.min(until_look));
        };
        crash::point("outbox.claimed");
        self.attempt(claimed).await?;
        Ok(Duration::ZERO)
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

    async fn attempt(&mut self, claimed: Claimed) -> Result<(), StoreError> {
        let outcome = if claimed.attempt > outcome::MAX_ATTEMPTS {
            // Every attempt so far was uncertain and then proven absent.
            Outcome::GivenUp
        } else {
            self.make(&claimed).await
        };
        self.note_hold(&outcome);
        match self.store(&claimed, outcome).await {
            // Settled by somebody else meanwhile (an echo came first): nothing is left to do.
            Err(error) if error.kind == StoreErrorKind::StateChanged => Ok(()),
            other => other,
        }?;
        crash::point("outbox.answered");
        Ok(())
    }

    /// Makes the call.
    async fn make(&self, claimed: &Claimed) -> Outcome {
        let answer = match self.compose(claimed).await {
            Ok(message) => self.call(&message).await,
            Err(code) => Err(Failure::Rejected { code }),
        };
        crash::point("outbox.called");
        if let Err(failure) = &answer {
            tracing::info!(device = %self.desk.device, row = claimed.id.0, attempt = claimed.attempt, %failure, "not sent");
            self.desk.met_unless_uncertain(failure).await;
        }
        outcome::of(answer, claimed.attempt)
    }

    async fn call(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        match self.desk.link.messaging() {
            Some(messaging) => messaging.send(message).await,
            None => Err(Failure::Rejected {
                code: FailureCode::RefusedContent,
            }),
        }
    }

    /// The message with its bytes.
    async fn compose(&self, claimed: &Claimed) -> Result<Outgoing, FailureCode> {
        let body = match claimed.media {
            None => OutgoingBody::Text(claimed.text.clone().unwrap_or_default()),
            Some(id) => {
                let row = self
                    .desk
                    .shared
                    .store
                    .read(move |connection| media::get(connection, id))
                    .await;
                let row = row.map_err(|_| FailureCode::MediaMissing)?;
                let sha256 = row.sha256.ok_or(FailureCode::MediaMissing)?;
                let bytes = self
                    .desk
                    .shared
                    .media
                    .get(&sha256)
                    .await
                    .map_err(|error| match error {
                        EngineError::MediaTooLarge => FailureCode::TooLarge,
                        _ => FailureCode::MediaMissing,
                    })?;
                OutgoingBody::Media(OutgoingMedia {
                    kind: MediaKind::Image,
                    caption: claimed.text.clone(),
                    mime: row.mime,
                    file_name: None,
                    seconds: None,
                    waveform: None,
                    file: OutgoingFile::Bytes(bytes),
                })
            }
        };
        Ok(Outgoing {
            to: claimed.address.clone(),
            body,
            quoted: None,
            mentions: Vec::new(),
            client_id: claimed.client_id.clone(),
        })
    }

    fn note_hold(&mut self, outcome: &Outcome) {
        let Outcome::HoldAll(told) = outcome else {
            self.holds = 0;
            return;
        };
        self.holds = self.holds.saturating_add(1);
        let wait = told.unwrap_or_else(|| backoff::delay(self.holds, &*self.desk.shared.chance));
        self.hold_until = self.desk.shared.clock.now().after(wait);
    }

    async fn store(&self, claimed: &Claimed, outcome: Outcome) -> Result<(), StoreError> {
        let (id, device, now) = (claimed.id, self.desk.device, self.desk.shared.clock.now());
        let wait = backoff::delay(claimed.attempt, &*self.desk.shared.chance);
        let hold_until = self.hold_until;
        self.desk
            .shared
            .store
            .write_durably(move |writing| match outcome {
                Outcome::Sent(accepted) => {
                    outbox::accepted(writing, id, &accepted.gateway_id, accepted.status, now)?;
                    device::acknowledged(writing, device, now)
                }
                Outcome::Again(told) => outbox::not_sent(writing, id, now.after(told.unwrap_or(wait))),
                Outcome::HoldAll(_) => outbox::held_back(writing, id, hold_until),
                Outcome::Dead(code) => outbox::dead(writing, id, OutboxEvent::Refused, code),
                Outcome::GivenUp => outbox::dead(
                    writing,
                    id,
                    OutboxEvent::AttemptsUsedUp,
                    FailureCode::AttemptsUsedUp,
                ),
                Outcome::Uncertain => outbox::no_answer(writing, id, now),
            })
            .await
    }
}
