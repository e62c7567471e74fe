//! Points in time, as the whole program keeps them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// From whole seconds, as most gateways print them.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole seconds, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time, later by `by`.
    pub fn after(self, by: Duration) -> Self {
        Self(self.0.saturating_add(millis(by)))
    }

    /// This time, earlier by `by`.
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(millis(by)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_not_later_is_zero_away() {
        let earlier = UnixMillis(2_000);
        assert_eq!(
            UnixMillis(1_000).since(earlier),
            Duration::ZERO,
            "a clock set back must not give a huge span"
        );
        assert_eq!(
            UnixMillis(2_500).since(earlier),
            Duration::from_millis(500),
            "half a second lies between them"
        );
    }

    #[test]
    fn seconds_before_1970_round_down() {
        assert_eq!(
            UnixMillis(-1).seconds(),
            -1,
            "one millisecond before the epoch lies in second -1"
        );
    }
}
