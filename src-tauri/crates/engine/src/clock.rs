//! Time is passed in. This is its one home: nothing else asks the system what time it is, or sleeps.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use mostrador_domain::UnixMillis;
use tokio::sync::oneshot;

/// A wait. Dropping it ends it.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What time it is, and waiting.
pub trait Clock: Send + Sync {
    /// Now, by the wall clock: what a person reads. It may be set back or forward at any moment.
    fn now(&self) -> UnixMillis;

    /// How long it is since some moment in the past: only ever rises, whatever the wall clock does. For paces and pauses.
    fn elapsed(&self) -> Duration;

    /// Ends after `duration`. Spans are not moved by changes of the wall clock.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The system's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    fn now(&self) -> UnixMillis {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's clock"
    )]
    fn elapsed(&self) -> Duration {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        BEGAN.get_or_init(Instant::now).elapsed()
    }

    #[allow(clippy::disallowed_methods, reason = "the one place that sleeps")]
    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that only moves when it is told to: for tests.
#[derive(Clone)]
pub struct VirtualClock {
    state: Arc<Mutex<VirtualState>>,
}

struct VirtualState {
    now: UnixMillis,
    elapsed: Duration,
    /// Who wakes when, by the time elapsed; the number tells two of the same time apart.
    sleepers: BTreeMap<(Duration, u64), oneshot::Sender<()>>,
    next_number: u64,
}

impl VirtualClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixMillis) -> Self {
        Self {
            state: Arc::new(Mutex::new(VirtualState {
                now,
                elapsed: Duration::ZERO,
                sleepers: BTreeMap::new(),
                next_number: 0,
            })),
        }
    }

    /// Moves on to the next time at which somebody wakes, and wakes them. Says how far that was; `None` = nobody sleeps, or
    /// only beyond `limit`.
    pub fn advance_to_next(&self, limit: Duration) -> Option<Duration> {
        let mut state = self.lock();
        state.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        let (wake_at, _) = state.sleepers.keys().next().copied()?;
        let span = wake_at.saturating_sub(state.elapsed);
        if span > limit {
            return None;
        }
        state.wake_until(wake_at);
        Some(span)
    }

    /// Moves on by `duration`, waking everybody on the way.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        let until = state.elapsed + duration;
        state.wake_until(until);
    }

    /// Sets the wall clock, as a person or the network's time does. Spans go on as before.
    pub fn set(&self, now: UnixMillis) {
        self.lock().now = now;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VirtualState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VirtualState {
    fn wake_until(&mut self, until: Duration) {
        self.now = self.now.after(until.saturating_sub(self.elapsed));
        self.elapsed = self.elapsed.max(until);
        while let Some(first) = self.sleepers.first_entry().filter(|first| first.key().0 <= until) {
            let _nobody_waits = first.remove().send(());
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> UnixMillis {
        self.lock().now
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let woken = {
            let mut state = self.lock();
            if duration.is_zero() {
                return Box::pin(std::future::ready(()));
            }
            let (wake, woken) = oneshot::channel();
            let key = (state.elapsed + duration, state.next_number);
            state.next_number += 1;
            state.sleepers.insert(key, wake);
            woken
        };
        Box::pin(async move {
            let _woken_or_gone = woken.await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_virtual_sleep_ends_when_the_clock_has_moved_that_far() {
        let clock = VirtualClock::at(UnixMillis(1_000));
        let sleep = clock.sleep(Duration::from_secs(5));
        let moved = clock.advance_to_next(Duration::from_secs(60));
        assert_eq!(
            moved,
            Some(Duration::from_secs(5)),
            "somebody sleeps for five seconds"
        );
        sleep.await;
        assert_eq!(
            clock.now(),
            UnixMillis(6_000),
            "the clock stands where the sleeper woke"
        );
        assert_eq!(
            clock.advance_to_next(Duration::from_secs(60)),
            None,
            "nobody sleeps any more"
        );
    }

    #[tokio::test]
    async fn a_wall_clock_that_is_set_back_lengthens_no_wait() {
        let clock = VirtualClock::at(UnixMillis(1_000_000));
        let sleep = clock.sleep(Duration::from_secs(5));
        clock.set(UnixMillis(0));
        clock.advance(Duration::from_secs(5));
        sleep.await;
        assert_eq!(
            clock.now(),
            UnixMillis(5_000),
            "the wall clock goes on from where it was set"
        );
        assert_eq!(
            clock.elapsed(),
            Duration::from_secs(5),
            "five seconds have passed"
        );
    }

    #[tokio::test]
    async fn a_dropped_sleep_holds_nobody_up() {
        let clock = VirtualClock::at(UnixMillis(0));
        drop(clock.sleep(Duration::from_secs(5)));
        assert_eq!(
            clock.advance_to_next(Duration::from_secs(60)),
            None,
            "a dropped sleep does not count"
        );
    }
}
