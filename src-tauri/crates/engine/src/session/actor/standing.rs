//! What is wrong with a linked device and outlives the program: that it is deaf, that it is restricted. Stored, then shown. And what a good
//! answer does not end: that it cannot be read.
//!
//! A restriction of which no end is told lasts as long as we wait, by the clock that does not jump; only what is left of it when the program starts
//! is told by the wall clock.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{DegradedReason, DeviceEvent, DeviceState, UnixMillis};
use mostrador_store::tables::device::{self, DeviceRow, Restricted};
use mostrador_store::{StoreError, Writing};

use super::Actor;
use crate::clock::Clock;

/// How long a restriction is kept when its end is not told.
const RESTRICTED: Duration = Duration::from_secs(3_600);

/// When a restriction ends: as told, or after as long as we wait when nothing is told.
pub(crate) fn end_of(restricted: Restricted) -> UnixMillis {
    restricted
        .until
        .unwrap_or_else(|| restricted.since.after(RESTRICTED))
}

/// When a restriction ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ends {
    /// As it is told: by the wall clock.
    At(UnixMillis),
    /// Nothing is told: by the clock that does not jump.
    Elapsed(Duration),
}

impl Ends {
    pub(super) fn of(restricted: Restricted, clock: &dyn Clock) -> Self {
        match restricted.until {
            Some(until) => Self::At(until),
            None => Self::Elapsed(clock.elapsed() + end_of(restricted).since(clock.now())),
        }
    }

    /// How long until then.
    fn left(self, clock: &dyn Clock) -> Duration {
        match self {
            Self::At(until) => until.since(clock.now()),
            Self::Elapsed(until) => until.saturating_sub(clock.elapsed()),
        }
    }
}

impl Actor {
    /// How long the restriction lasts.
    pub(super) fn restriction_left(&self) -> Duration {
        let ends = self.restriction_ends;
        ends.map_or(Duration::ZERO, |ends| ends.left(&*self.desk.shared.clock))
    }

    pub(super) async fn restricted(&mut self, until: Option<UnixMillis>) {
        let since = self.desk.shared.clock.now();
        self.restrict(Restricted { since, until }).await;
    }

    /// A message of ours was given up at this time because the number is restricted. That may be told late, and again: what
    /// is over is not begun anew.
    pub(super) async fn restricted_at(&mut self, at: UnixMillis) {
        let now = self.desk.shared.clock.now();
        let told = Restricted {
            since: at.min(now),
            until: None,
        };
        if end_of(told).since(now) > self.restriction_left() {
            self.restrict(told).await;
        }
    }

    async fn restrict(&mut self, told: Restricted) {
        self.restriction_ends = Some(Ends::of(told, &*self.desk.shared.clock));
        let device = self.desk.device;
        self.keep(move |writing| device::restricted(writing, device, Some(told)))
            .await;
        self.step(&DeviceEvent::Restricted { until: told.until });
    }

    /// A number that is linked again, or after a start, may be restricted as before.
    pub(super) fn still_restricted(&mut self, row: &DeviceRow) {
        if let Some(restricted) = row.restricted.filter(|_| !self.restriction_left().is_zero()) {
            self.step(&DeviceEvent::Restricted {
                until: restricted.until,
            });
        }
    }

    /// Ends a restriction whose time is over.
    pub(super) async fn end_restriction(&mut self) {
        let over = self.restriction_left().is_zero();
        let shown = matches!(&*self.state.borrow(), DeviceState::Restricted { .. });
        if over && shown {
            let device = self.desk.device;
            self.keep(move |writing| device::restricted(writing, device, None))
                .await;
            self.step(&DeviceEvent::RestrictionOver);
        }
    }

    pub(super) async fn deaf(&mut self, since: UnixMillis) {
        let device = self.desk.device;
        // Deaf before a restart and after it is deaf since then.
        let first = self
            .desk
            .shared
            .store
            .write(move |writing| {
                device::deaf(writing, device, Some(since))?;
                Ok(device::get(writing, device)?.deaf_since)
            })
            .await;
        let since = first.ok().flatten().unwrap_or(since);
        self.step(&DeviceEvent::Deaf { since });
    }

    pub(super) async fn heard(&mut self) {
        let device = self.desk.device;
        self.keep(move |writing| device::deaf(writing, device, None))
            .await;
        self.ask_now = true;
    }

    /// What it lists cannot be had: is the gateway well otherwise? Nobody else tells, so it is asked.
    pub(super) fn unreadable(&mut self) {
        self.ask_now |= !self.shows(DegradedReason::Unreadable);
        self.still_unreadable();
    }

    /// That the gateway is well does not mean that it can be read.
    pub(super) fn still_unreadable(&mut self) {
        let since = self.desk.unreadable.load(Ordering::Relaxed);
        if since != 0 {
            self.step(&DeviceEvent::Unreadable {
                since: UnixMillis(since),
            });
        }
    }

    pub(super) fn shows(&self, why: DegradedReason) -> bool {
        matches!(&*self.state.borrow(), DeviceState::Degraded { why: shown, .. } if *shown == why)
    }

    /// Keeps what is shown anyway: if it cannot be kept, only a restart forgets it.
    async fn keep(&self, work: impl FnOnce(&mut Writing<'_>) -> Result<(), StoreError> + Send + 'static) {
        if let Err(error) = self.desk.shared.store.write(work).await {
            tracing::warn!(device = %self.desk.device, %error, "the state of a device could not be kept");
        }
    }
}
