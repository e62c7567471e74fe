//! How seldom a gateway is asked by routine whose plan counts calls of any kind, so that they last for the month.
//!
//! The gateway says how many a month the plan allows (its limits, asked once a day and remembered); how many were used we count
//! ourselves, all of them, over restarts. Of those that are left half are for messages, files and what a person asks; the other half is
//! spread over the rest of the month: each call of routine has the share of time that it costs. So nothing is ever used up by asking, and
//! what was not used for a while makes asking more frequent again.
//!
//! | Who asks by routine | waits at least |
//! |---|---|
//! | the follower, where the gateway cannot call | a share for each call of its last turn |
//! | the follower, where the gateway calls | [`SELDOM`] times that: asking is a safety net |
//! | the same, after it failed | the same: what a turn has cost is what it costs to fail. It is not sooner asked because it is unwell |
//! | the actor, how a link is that is well or restricted | [`SELDOM`] shares: whoever cannot be read is noticed by the follower |
//! | the actor, whether a number that is not linked is by now | a share; as long as nobody knows what the plan allows, longer each time ([`waited`]) |
//!
//! The first sync is not routine, and needs a call for each chat: it is made at once as long as half of the plan is left ([`Thrift::spends_more`]).
//! What it could not fetch then comes with the news, a few chats at a time.
//!
//! A gateway without limits, or one that does not say, is asked as ever.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mostrador_domain::{Failure, UnixMillis};
use mostrador_store::StoreError;
use mostrador_store::tables::plan_use::{self, MONTH, PlanUse};

use super::Desk;
use super::trouble::Trouble;

/// How often a gateway is asked for the limits of its plan.
const LEARN_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// How long one is left that could not say.
const AGAIN: Duration = Duration::from_secs(3_600);
/// Longer than this nothing waits for its share: the plan may have become another one meanwhile.
pub(super) const LONGEST: Duration = Duration::from_secs(6 * 3_600);
/// What can wait, waits so many shares.
const SELDOM: u32 = 4;
/// How often one is asked at the least, in which nobody is linked, by whom nobody knows what its plan allows.
const WAITED: Duration = Duration::from_secs(3_600);

/// See the module.
#[derive(Default)]
pub(crate) struct Thrift(Mutex<Known>);

#[derive(Default)]
struct Known {
    plan: Option<PlanUse>,
    /// Was that read from the store?
    read: bool,
    /// Calls of the link that are counted already.
    counted: u64,
    /// Until when it is not asked again: it could not say.
    left_until: Option<Duration>,
}

impl Thrift {
    /// Counts what was used since the last time, and asks for the limits if it is time.
    pub(super) async fn keep(&self, desk: &Desk) -> Result<(), Trouble> {
        let Some(limits) = desk.link.limits() else {
            return Ok(());
        };
        self.count(desk).await?;
        let (now, elapsed) = (desk.shared.clock.now(), desk.shared.clock.elapsed());
        let left = self.with(|known| known.left_until.is_some_and(|until| elapsed < until));
        let fresh = self.with(|known| known.plan.is_some_and(|plan| is_fresh(plan, now)));
        if left || fresh {
            return Ok(());
        }
        match limits.limits().await {
            Ok(told) => {
                let (device, calls) = (desk.device, told.and_then(|told| told.requests));
                let store = &desk.shared.store;
                store
                    .write(move |writing| plan_use::told(writing, device, calls, now))
                    .await?;
                self.with(|known| known.read = false);
                Ok(self.count(desk).await?)
            }
            Err(failure @ (Failure::AuthLost { .. } | Failure::Restricted { .. })) => Err(failure.into()),
            Err(failure) => {
                tracing::debug!(device = %desk.device, %failure, "it could not say what its plan allows");
                self.with(|known| known.left_until = Some(elapsed + AGAIN));
                Ok(())
            }
        }
    }

    /// Counts what was used since the last time, as [`Self::keep`] does, and asks nothing. The first time it reads what was known when the
    /// program ended.
    pub(super) async fn count(&self, desk: &Desk) -> Result<(), StoreError> {
        if desk.link.limits().is_none() {
            return Ok(());
        }
        let (device, now, made) = (desk.device, desk.shared.clock.now(), desk.link.calls_made());
        let store = &desk.shared.store;
        if !self.with(|known| known.read) {
            let plan = store
                .read(move |connection| plan_use::get(connection, device))
                .await?;
            self.with(|known| (known.plan, known.read) = (plan, true));
        }
        let counts = self.with(|known| {
            let calls = known.plan?.calls;
            let before = known.counted;
            // Several count at once: what one of them has counted stays counted.
            known.counted = before.max(made);
            calls.map(|_| u32::try_from(made.saturating_sub(before)).unwrap_or(u32::MAX))
        });
        if let Some(more) = counts.filter(|more| *more > 0) {
            let counted = store.write(move |writing| {
                plan_use::used(writing, device, more, now)?;
                plan_use::get(writing, device)
            });
            let plan = counted.await?;
            self.with(|known| known.plan = plan);
        }
        Ok(())
    }

    /// Does the plan say how many calls of any kind may be made?
    pub(crate) fn counts(&self) -> bool {
        self.with(|known| known.plan.is_some_and(|plan| plan.calls.is_some()))
    }

    /// How long each call of routine has to last; zero = any number may be made.
    pub(super) fn share(&self, now: UnixMillis) -> Duration {
        self.with(|known| known.plan.map_or(Duration::ZERO, |plan| share(plan, now)))
            .min(LONGEST)
    }

    /// How long a link is left alone in which nobody is linked, as it was when it was last asked so many times in a row.
    pub(super) fn waiting_share(&self, desk: &Desk, times: u32) -> Duration {
        let known = self.with(|known| known.plan.is_some());
        if known || desk.link.limits().is_none() {
            self.share(desk.shared.clock.now())
        } else {
            waited(times)
        }
    }

    /// May more be spent at once, on what a person waits for? As long as half of the plan is left.
    pub(super) async fn spends_more(&self, desk: &Desk) -> Result<bool, StoreError> {
        self.count(desk).await?;
        let plan = self.with(|known| known.plan);
        Ok(plan.is_none_or(|plan| half_is_left(plan, desk.shared.clock.now())))
    }

    /// The same of what can wait.
    pub(super) fn long_share(&self, now: UnixMillis) -> Duration {
        self.share(now).saturating_mul(SELDOM).min(LONGEST)
    }

    fn with<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A clock that was set back makes it no fresher.
fn is_fresh(plan: PlanUse, now: UnixMillis) -> bool {
    plan.asked_at <= now && now.since(plan.asked_at) < LEARN_EVERY
}

/// So long it is waited after so many times: it doubles each time.
fn waited(times: u32) -> Duration {
    let first = Duration::from_secs(30);
    first.saturating_mul(2_u32.saturating_pow(times)).min(WAITED)
}

fn half_is_left(plan: PlanUse, now: UnixMillis) -> bool {
    let is_over = now.since(plan.since) >= MONTH;
    plan.calls.is_none_or(|calls| is_over || plan.used < calls / 2)
}

fn share(plan: PlanUse, now: UnixMillis) -> Duration {
    let Some(calls) = plan.calls else {
        return Duration::ZERO;
    };
    let rest = plan.since.after(MONTH).since(now).min(MONTH);
    let for_routine = calls.saturating_sub(plan.used) / 2;
    rest / for_routine.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_800_000_000_000);

    fn plan(calls: Option<u32>, used: u32) -> PlanUse {
        PlanUse {
            calls,
            asked_at: START,
            since: START,
            used,
        }
    }

    #[test]
    fn what_is_left_is_spread_over_the_rest_of_the_month() {
        let half = START.after(MONTH / 2);
        for (calls, used, now, expected, why) in [
            (None, 9_999, START, Duration::ZERO, "no limit"),
            (Some(1_000), 0, START, MONTH / 500, "half of all is for messages"),
            (
                Some(1_000),
                500,
                half,
                MONTH / 500,
                "half of the rest, over half of the month",
            ),
            (Some(1_000), 0, half, MONTH / 1_000, "what was not used may be"),
            (Some(1_000), 999, START, MONTH, "the last one is not ours"),
            (
                Some(1_000),
                2_000,
                half,
                MONTH / 2,
                "used up: not before the next month",
            ),
            (Some(0), 0, START, MONTH, "none at all"),
            (
                Some(1_000),
                1_000,
                START.after(MONTH),
                Duration::ZERO,
                "a new month",
            ),
        ] {
            assert_eq!(share(plan(calls, used), now), expected, "{why}");
        }
    }

    #[test]
    fn a_first_sync_spends_no_more_than_half_of_the_plan() {
        for (calls, used, now, expected, why) in [
            (None, 9_999, START, true, "no limit"),
            (Some(1_000), 499, START, true, "not half of it yet"),
            (
                Some(1_000),
                500,
                START,
                false,
                "the rest is for messages, and for news",
            ),
            (Some(1_000), 900, START.after(MONTH), true, "a new month"),
            (Some(0), 0, START, false, "none at all"),
        ] {
            assert_eq!(half_is_left(plan(calls, used), now), expected, "{why}");
        }
    }

    #[test]
    fn where_nobody_is_linked_it_is_asked_less_and_less_often() {
        let minutes: Vec<u64> = (1..=9).map(|times| waited(times).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        let mut day = Duration::ZERO;
        let mut calls = 0;
        while day < Duration::from_secs(24 * 3_600) {
            day += waited(calls);
            calls += 1;
        }
        assert!(
            calls <= 33,
            "{calls} calls a day: a plan of 1,000 a month lasts for its month"
        );
    }

    #[test]
    fn a_month_of_asking_leaves_calls_for_messages_all_the_while() {
        let (mut now, mut used) = (START, 0);
        let mut asked = 0;
        while now < START.after(MONTH) {
            let rest = START.after(MONTH).since(now).as_secs_f64() / MONTH.as_secs_f64();
            let left = f64::from(1_000 - used) / 1_000.0;
            assert!(left >= rest, "{used} used when {rest} of the month is left");
            used += 1;
            asked += 1;
            now = now.after(share(plan(Some(1_000), used), now).max(Duration::from_secs(30)));
        }
        assert!((500..=1_000).contains(&asked), "asked {asked} times");
    }
}
