//! What is wrong with a linked device and outlives the program: that it is deaf, that it is restricted. Stored, then shown. And what a good
//! answer does not end: that it cannot be read.
//!
//! A restriction of which no end is told lasts as long as we wait, by the clock that does not jump; only what is left of it when the program starts
//! is told by the wall clock. A restriction is kept as it stands, and taken out however it ended, whatever was shown then: what is told after that
//! is another one. So is a deafness, by the first call that is taken in ([`super::super::ears`]).

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{DegradedReason, DeviceEvent, DeviceState, UnixMillis};
use mostrador_store::tables::device::{self, Restricted};
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
enum Ends {
    /// As it is told: by the wall clock.
    At(UnixMillis),
    /// Nothing is told: by the clock that does not jump.
    Elapsed(Duration),
}

/// A restriction of the number: as it is kept, and when it ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Restriction {
    kept: Restricted,
    ends: Ends,
}

impl Restriction {
    pub(super) fn of(kept: Restricted, clock: &dyn Clock) -> Self {
        let ends = match kept.until {
            Some(until) => Ends::At(until),
            None => Ends::Elapsed(clock.elapsed() + end_of(kept).since(clock.now())),
        };
        Self { kept, ends }
    }

    /// How long until it ends; nothing = it is over.
    fn left(&self, clock: &dyn Clock) -> Duration {
        match self.ends {
            Ends::At(until) => until.since(clock.now()),
            Ends::Elapsed(until) => until.saturating_sub(clock.elapsed()),
        }
    }

    /// It is told again: an end that is told is the end, and where none is told it only ever lasts longer. One that is over was another one.
    fn told_again(self, told: Restricted, clock: &dyn Clock) -> Self {
        let again = Self::of(told, clock);
        if told.until.is_some() || again.left(clock) > self.left(clock) || self.left(clock).is_zero() {
            again
        } else {
            self
        }
    }
}

impl Actor {
    /// How long the restriction lasts.
    pub(super) fn restriction_left(&self) -> Duration {
        let restriction = self.restriction.as_ref();
        restriction.map_or(Duration::ZERO, |restriction| {
            restriction.left(&*self.desk.shared.clock)
        })
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
        let clock = &*self.desk.shared.clock;
        let restriction = match self.restriction {
            Some(known) => known.told_again(told, clock),
            None => Restriction::of(told, clock),
        };
        self.restriction = Some(restriction);
        let (device, kept) = (self.desk.device, restriction.kept);
        self.keep(move |writing| device::restricted(writing, device, Some(kept)))
            .await;
        self.step(&DeviceEvent::Restricted { until: kept.until });
    }

    /// A number that is linked again, or after a start, may be restricted as before.
    pub(super) fn still_restricted(&mut self) {
        let left = self.restriction_left();
        if let Some(restriction) = self.restriction.filter(|_| !left.is_zero()) {
            let until = restriction.kept.until;
            self.step(&DeviceEvent::Restricted { until });
        }
    }

    /// Ends a restriction whose time is over, whatever is shown meanwhile: nobody takes it for the beginning of the next one.
    pub(super) async fn end_restriction(&mut self) {
        if self.restriction.is_some() && self.restriction_left().is_zero() {
            let device = self.desk.device;
            self.keep(move |writing| device::restricted(writing, device, None))
                .await;
            self.lift_restriction();
        }
    }

    /// It is over, or was that of a number before; the file says so.
    pub(super) fn lift_restriction(&mut self) {
        self.restriction = None;
        self.step(&DeviceEvent::RestrictionOver);
    }

    pub(super) async fn deaf(&mut self, since: UnixMillis) {
        if !self.desk.deaf_kept.load(Ordering::Relaxed) {
            // It has called meanwhile, and that was heard first.
            return;
        }
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
        if !self
            .keep(move |writing| device::deaf(writing, device, None))
            .await
        {
            // Its next call says it again.
            self.desk.deaf_kept.store(true, Ordering::Relaxed);
        }
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

    /// Keeps what is shown anyway. `false` = it could not be kept, and a restart forgets it.
    async fn keep(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> bool {
        let kept = self.desk.shared.store.write(work).await;
        if let Err(error) = &kept {
            tracing::warn!(device = %self.desk.device, %error, "the state of a device could not be kept");
        }
        kept.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::VirtualClock;

    const MINUTE: Duration = Duration::from_secs(60);

    fn told(clock: &VirtualClock, until: Option<UnixMillis>) -> Restricted {
        let since = clock.now();
        Restricted { since, until }
    }

    #[test]
    fn a_restriction_that_is_told_again_is_kept_for_as_long_as_it_lasts() {
        let clock = VirtualClock::at(UnixMillis(0));
        let first = Restriction::of(told(&clock, None), &clock);
        clock.advance(50 * MINUTE);
        let longer = first.told_again(told(&clock, None), &clock);
        assert_eq!(longer.left(&clock), 60 * MINUTE, "an hour from now");
        assert_eq!(
            end_of(longer.kept).since(clock.now()),
            60 * MINUTE,
            "in the file too"
        );
    }

    #[test]
    fn an_end_that_is_told_holds_unless_another_one_is_told_or_we_wait_longer() {
        let clock = VirtualClock::at(UnixMillis(0));
        let tomorrow = UnixMillis(0).after(MINUTE * 60 * 24);
        let known = Restriction::of(told(&clock, Some(tomorrow)), &clock);
        let again = known.told_again(told(&clock, None), &clock);
        assert_eq!(
            again.kept.until,
            Some(tomorrow),
            "nobody has said that it is sooner"
        );
        let soon = UnixMillis(0).after(10 * MINUTE);
        let sooner = again.told_again(told(&clock, Some(soon)), &clock);
        assert_eq!(sooner.kept.until, Some(soon), "told last");
        let longer = sooner.told_again(told(&clock, None), &clock);
        assert_eq!(longer.left(&clock), 60 * MINUTE, "it lasts as long as we wait");
        assert_eq!(longer.kept.until, None, "and nobody has said until when");
    }

    #[test]
    fn a_restriction_that_begins_when_the_last_one_is_over_is_another_one() {
        let clock = VirtualClock::at(UnixMillis(0));
        let first = Restriction::of(told(&clock, Some(UnixMillis(0).after(MINUTE))), &clock);
        clock.advance(60 * MINUTE);
        let another = first.told_again(told(&clock, None), &clock);
        assert_eq!(
            another.kept,
            told(&clock, None),
            "nothing of the first one is left"
        );
    }
}
