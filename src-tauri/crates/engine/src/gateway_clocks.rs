//! What time it is at the gateways. Messages bear a gateway's time, and the clock of a shop's computer may be wrong by hours or
//! days: how old a message is, and what was written before a link began, is judged by the clock of the gateway that told it.
//!
//! A gateway says what time it is in the head of every answer, in whole seconds. What is kept is how far that is from our own clock;
//! it is noted anew whenever an answer has just come, so that a change of our clock is made good within a minute. A gateway that
//! does not say has our time. An answer that was long under way says nothing: it may have lain here while the computer slept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mostrador_domain::{DeviceId, UnixMillis};

/// How long, by the wall clock, an answer may have taken that says what time it is.
const FRESH: Duration = Duration::from_secs(60);

/// How far the clock of each device's gateway is ahead of ours, in milliseconds.
#[derive(Clone, Default)]
pub(crate) struct GatewayClocks(Arc<Mutex<BTreeMap<DeviceId, i64>>>);

impl GatewayClocks {
    /// The gateway has answered what it was asked at `asked`: its clock showed `theirs` when ours shows `ours`.
    pub(crate) fn told(&self, device: DeviceId, theirs: UnixMillis, asked: UnixMillis, ours: UnixMillis) {
        if ours.since(asked) > FRESH {
            return;
        }
        let ahead = theirs.0.saturating_sub(ours.0);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(device, ahead);
    }

    /// What the gateway's clock shows when ours shows `ours`.
    pub(crate) fn at(&self, device: DeviceId, ours: UnixMillis) -> UnixMillis {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        UnixMillis(ours.0.saturating_add(kept.get(&device).copied().unwrap_or(0)))
    }

    /// The least that any of the clocks shows, ours among them, when ours shows `ours`: what is old by this is old by all.
    pub(crate) fn earliest(&self, ours: UnixMillis) -> UnixMillis {
        self.earliest_told(ours).min(ours)
    }

    /// The least that any gateway's clock shows when ours shows `ours`: what is written after this is later by all of them. Our time, if
    /// none has said.
    pub(crate) fn earliest_told(&self, ours: UnixMillis) -> UnixMillis {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let furthest_behind = kept.values().copied().min().unwrap_or(0);
        UnixMillis(ours.0.saturating_add(furthest_behind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_of_ours_is_made_good_and_each_gateway_has_its_own() {
        let (clocks, one, other) = (GatewayClocks::default(), DeviceId(1), DeviceId(2));
        assert_eq!(
            clocks.at(one, UnixMillis(50)),
            UnixMillis(50),
            "nothing told: our time"
        );
        clocks.told(one, UnixMillis(1_000), UnixMillis(5_000), UnixMillis(5_000));
        assert_eq!(
            clocks.at(one, UnixMillis(6_500)),
            UnixMillis(2_500),
            "ours is ahead"
        );
        assert_eq!(
            clocks.at(other, UnixMillis(6_500)),
            UnixMillis(6_500),
            "another gateway"
        );
        clocks.told(one, UnixMillis(9_000), UnixMillis(8_000), UnixMillis(7_000));
        assert_eq!(
            clocks.at(one, UnixMillis(7_100)),
            UnixMillis(9_100),
            "ours was set back"
        );
    }

    #[test]
    fn an_answer_that_lay_here_while_the_computer_slept_says_nothing() {
        let (clocks, device) = (GatewayClocks::default(), DeviceId(1));
        let (asked, woken) = (UnixMillis(5_000), UnixMillis(5_000 + 4 * 3_600_000));
        clocks.told(device, UnixMillis(7_000), asked, UnixMillis(6_000));
        clocks.told(device, UnixMillis(7_000), asked, woken);
        assert_eq!(
            clocks.at(device, woken),
            UnixMillis(woken.0 + 1_000),
            "the gateway's clock went on too"
        );
    }

    #[test]
    fn what_is_old_by_the_earliest_clock_is_old_by_all() {
        let clocks = GatewayClocks::default();
        assert_eq!(
            clocks.earliest(UnixMillis(50)),
            UnixMillis(50),
            "nothing told: our time"
        );
        clocks.told(
            DeviceId(1),
            UnixMillis(9_000),
            UnixMillis(7_000),
            UnixMillis(7_000),
        );
        assert_eq!(
            clocks.earliest(UnixMillis(7_000)),
            UnixMillis(7_000),
            "ours is behind"
        );
        clocks.told(
            DeviceId(2),
            UnixMillis(1_000),
            UnixMillis(5_000),
            UnixMillis(5_000),
        );
        assert_eq!(
            clocks.earliest(UnixMillis(5_000)),
            UnixMillis(1_000),
            "ours is ahead of one"
        );
    }

    #[test]
    fn what_is_decided_now_is_before_what_is_written_next_by_any_gateways_clock() {
        let clocks = GatewayClocks::default();
        assert_eq!(
            clocks.earliest_told(UnixMillis(50)),
            UnixMillis(50),
            "nothing told: our time"
        );
        clocks.told(
            DeviceId(1),
            UnixMillis(9_000),
            UnixMillis(7_000),
            UnixMillis(7_000),
        );
        assert_eq!(
            clocks.earliest_told(UnixMillis(7_000)),
            UnixMillis(9_000),
            "ours is behind, and none shows it"
        );
        clocks.told(
            DeviceId(2),
            UnixMillis(8_000),
            UnixMillis(7_000),
            UnixMillis(7_000),
        );
        assert_eq!(
            clocks.earliest_told(UnixMillis(7_000)),
            UnixMillis(8_000),
            "the earliest of theirs"
        );
    }
}
