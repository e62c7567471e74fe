//! How fast messages may leave: a pure function of what was sent, the limits and the time.
//!
//! A limit says: at most `count` in any window of `window`. The k-th send therefore starts no earlier than the send `count`
//! before it plus the window and a margin ([`MARGIN`]): the gateway's clock runs a little differently from ours, and the
//! line takes its time. That keeps every window, wherever it begins, and wastes none of the rate. `spacing` is the least
//! time between two sends. Several limits hold at once; the latest time wins.
//!
//! Times are of a clock that does not jump ([`Span`](std::time::Duration)s since the program began), never the wall clock's. What an
//! earlier run of the program has sent is remembered by how long ago that was ([`Pace::remember`]): the gateway counts on.

use std::collections::VecDeque;
use std::time::Duration;

/// Between the end of a window and the next send.
pub const MARGIN: Duration = Duration::from_millis(15);

/// How long before the clock's beginning a remembered send may lie: longer than any window. Starts are kept as so much later.
const BEFORE: Duration = Duration::from_secs(3_600);

/// At most `count` sends in any window of `window`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many; 0 is read as 1: a gateway that offers sending takes something.
    pub count: u32,
    /// In how long.
    pub window: Duration,
}

/// The pace of one device.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    limits: Vec<RateLimit>,
    spacing: Duration,
    /// When the last sends started, [`BEFORE`] added, oldest first; as many as the largest count.
    started: VecDeque<Duration>,
    /// Nothing starts before this: the gateway asked for a pause.
    paused_until: Duration,
}

impl Pace {
    /// A pace within these limits, with `spacing` between two sends.
    pub fn new(limits: Vec<RateLimit>, spacing: Duration) -> Self {
        Self {
            limits,
            spacing,
            ..Self::default()
        }
    }

    /// When the next send may start; not before `now`.
    pub fn next_start(&self, now: Duration) -> Duration {
        let spaced = self.started.back();
        let spaced = spaced.map(|last| (*last + self.spacing).saturating_sub(BEFORE));
        let windowed = self.limits.iter().filter_map(|limit| self.after_window(*limit));
        windowed
            .chain(spaced)
            .chain([self.paused_until, now])
            .max()
            .unwrap_or(now)
    }

    /// Notes that a send starts at `at`.
    pub fn started(&mut self, at: Duration) {
        self.note(at + BEFORE);
    }

    /// Notes a send that started so long `ago`; one from before all windows is left out.
    pub fn remember(&mut self, now: Duration, ago: Duration) {
        if let Some(at) = (now + BEFORE).checked_sub(ago) {
            self.note(at);
        }
    }

    /// The limits are these from now on.
    pub fn limit(&mut self, limits: Vec<RateLimit>) {
        self.limits = limits;
    }

    /// The longest of the windows; `None` = there is no limit.
    pub fn longest_window(&self) -> Option<Duration> {
        self.limits.iter().map(|limit| limit.window).max()
    }

    fn note(&mut self, at: Duration) {
        let place = self.started.partition_point(|earlier| *earlier <= at);
        self.started.insert(place, at);
        let kept = self.limits.iter().map(|limit| count(*limit)).max().unwrap_or(1);
        while self.started.len() > kept {
            self.started.pop_front();
        }
    }

    /// The gateway wants nothing before `until`. An earlier wish for longer stays.
    pub fn pause(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }

    /// Whoever asked for a pause is not asked any more.
    pub fn resume(&mut self) {
        self.paused_until = Duration::ZERO;
    }

    /// Until when the gateway wants nothing; zero = it has not asked for a pause.
    pub fn paused_until(&self) -> Duration {
        self.paused_until
    }

    fn after_window(&self, limit: RateLimit) -> Option<Duration> {
        let first_of_window = self.started.len().checked_sub(count(limit))?;
        let first = self.started.get(first_of_window)?;
        Some((*first + limit.window + MARGIN).saturating_sub(BEFORE))
    }
}

fn count(limit: RateLimit) -> usize {
    usize::try_from(limit.count.max(1)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limit(count: u32, window: Duration) -> RateLimit {
        RateLimit { count, window }
    }

    /// Sends as soon as it may, each send taking its turn after `idle` of doing nothing.
    fn run(mut pace: Pace, idle: &[Duration]) -> Vec<Duration> {
        let mut now = Duration::ZERO;
        let mut starts = Vec::new();
        for idle in idle {
            now = pace.next_start(now + *idle);
            pace.started(now);
            starts.push(now);
        }
        starts
    }

    #[test]
    fn without_limits_nothing_waits() {
        let starts = run(Pace::default(), &[Duration::ZERO; 5]);
        assert_eq!(starts, [Duration::ZERO; 5], "no limit, no pace");
    }

    #[test]
    fn a_full_window_is_waited_for() {
        let pace = Pace::new(vec![limit(2, SECOND)], Duration::ZERO);
        let starts = run(pace, &[Duration::ZERO; 4]);
        let later = SECOND + MARGIN;
        assert_eq!(
            starts,
            [Duration::ZERO, Duration::ZERO, later, later],
            "two a second"
        );
    }

    #[test]
    fn a_pause_holds_everything_and_the_longer_one_wins() {
        let mut pace = Pace::default();
        pace.pause(SECOND * 7);
        pace.pause(SECOND * 3);
        assert_eq!(pace.next_start(SECOND), SECOND * 7, "until the longer pause ends");
        assert_eq!(
            pace.next_start(SECOND * 9),
            SECOND * 9,
            "a pause that is over holds nothing"
        );
    }

    #[test]
    fn what_an_earlier_run_has_sent_counts_though_it_was_before_the_clock_began() {
        let mut pace = Pace::new(vec![limit(3, SECOND * 60)], Duration::ZERO);
        for ago in [50, 40, 70, 4_000] {
            pace.remember(SECOND, SECOND * ago);
        }
        assert_eq!(
            pace.next_start(SECOND),
            SECOND,
            "two in the last minute: one more"
        );
        pace.started(SECOND);
        let room = SECOND * 11 + MARGIN;
        assert_eq!(
            pace.next_start(SECOND),
            room,
            "when the first of them is a minute ago"
        );
    }

    #[test]
    fn nearly_the_whole_rate_is_used() {
        let pace = Pace::new(vec![limit(50, SECOND)], Duration::ZERO);
        let starts = run(pace, &vec![Duration::ZERO; 1_000]);
        let took = starts.last().copied().unwrap_or_default();
        let share = 1_000.0 / 50.0 / (took.as_secs_f64() + 1.0);
        assert!(share >= 0.98, "used {share} of 50 a second");
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_its_limit(
            limits in prop::collection::vec((1_u32..20, 1_u64..5_000), 1..4),
            spacing in 0_u64..300,
            idle in prop::collection::vec(0_u64..2_000, 1..120),
        ) {
            let limits: Vec<_> = limits.into_iter().map(|(count, window)| limit(count, Duration::from_millis(window))).collect();
            let idle: Vec<_> = idle.into_iter().map(Duration::from_millis).collect();
            let spacing = Duration::from_millis(spacing);
            let starts = run(Pace::new(limits.clone(), spacing), &idle);
            for (from, start) in starts.iter().enumerate() {
                for limit in &limits {
                    let in_window = starts[from..].iter().take_while(|other| **other < *start + limit.window).count();
                    prop_assert!(in_window <= limit.count as usize, "{in_window} in a window of {limit:?}");
                }
            }
            for pair in starts.windows(2) {
                prop_assert!(pair[1] - pair[0] >= spacing, "two sends closer than the spacing");
            }
        }
    }
}
