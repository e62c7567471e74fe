use chrono_tz::America::Lima;
use mostrador_domain::RateLimit;
use proptest::prelude::*;

use super::*;
use crate::pacer::{Hours, Limits, Past, Rest, WorkDays};

const SECOND: Duration = Duration::from_secs(1);

fn time(written: &str) -> chrono::NaiveTime {
    chrono::NaiveTime::parse_from_str(written, "%H:%M").expect("a written time")
}

/// Monday, 2 March 2026, 10:00 in Lima.
fn monday_at_ten() -> Now {
    Now {
        wall: UnixMillis(1_772_463_600_000),
        steady: SECOND,
    }
}

fn hours(opens: &str, closes: &str) -> Hours {
    Hours {
        zone: Lima,
        days: WorkDays([true, true, true, true, true, true, false]),
        opens: time(opens),
        closes: time(closes),
    }
}

fn pacer(limits: Limits) -> Pacer {
    Pacer::read_back(limits, &Past::default(), monday_at_ten()).expect("limits that let something leave")
}

fn assumed(chance: impl FnMut() -> f64) -> Assumed<impl FnMut() -> f64> {
    Assumed {
        start: monday_at_ten(),
        each_takes: Duration::ZERO,
        chance,
    }
}

#[test]
fn a_campaign_over_two_days_says_so() {
    let mut limits = Limits::only(hours("09:00", "19:00"));
    limits.spacing = SECOND * 60;
    limits.daily_cap = Some(90);
    let audience = std::iter::repeat_n(Fate::Send, 150).chain([
        Fate::Skip(SkipReason::Duplicate),
        Fate::OptedOut,
        Fate::Skip(SkipReason::Duplicate),
        Fate::Skip(SkipReason::NoText),
    ]);
    let mut told = Vec::new();
    let course = rehearse(pacer(limits), audience, assumed(|| 0.0), |at, when| {
        told.push((at, when))
    });
    let hour = |hours_later: i64, sends| Hour {
        began: UnixMillis(monday_at_ten().wall.0 + hours_later * 3_600_000),
        sends,
    };
    let expected = Course {
        sends: 150,
        skipped: BTreeMap::from([(SkipReason::Duplicate, 2), (SkipReason::NoText, 1)]),
        opted_out: 1,
        held: 0,
        not_reached: 0,
        first: Some(monday_at_ten().wall),
        ends: Some(UnixMillis(monday_at_ten().wall.0 + 23 * 3_600_000 + 59 * 60_000)),
        hours: vec![hour(0, 60), hour(1, 30), hour(23, 60)],
        days: 2,
        waits: BTreeMap::from([
            (Why::Spacing, SECOND * 60 * (89 + 59)),
            (Why::DailyCap, SECOND * 3600 * 21 + SECOND * 60 * 31),
        ]),
    };
    assert_eq!(
        course, expected,
        "ninety on Monday from ten, sixty on Tuesday from nine"
    );
    assert_eq!(told.len(), 150, "each who is written to is told of");
    assert_eq!(
        told.last(),
        Some(&(149, expected.ends.expect("an end"))),
        "with the time"
    );
}

/// Another campaign in which so many wait, and which writes every so many seconds.
fn other(left: usize, spacing: u32, cap: u32) -> Other {
    let mut limits = Limits::only(hours("09:00", "19:00"));
    limits.spacing = SECOND * spacing;
    limits.daily_cap = Some(cap);
    Other {
        pacer: pacer(limits),
        left,
    }
}

#[test]
fn what_another_campaign_sends_meanwhile_counts_for_the_cap_of_this_one() {
    let course = |others: Vec<Other>| {
        let mut limits = Limits::only(hours("09:00", "19:00"));
        limits.spacing = SECOND * 60;
        limits.daily_cap = Some(100);
        let audience = std::iter::repeat_n(Fate::Send, 80);
        let others = Others::new(others);
        rehearse_beside(others, pacer(limits), audience, assumed(|| 0.0), |_, _| {})
    };
    let ends = |course: &Course| (course.ends.expect("an end").0 - monday_at_ten().wall.0) / 60_000;
    assert_eq!(ends(&course(vec![])), 79, "alone it is done before noon");
    // Each sends every minute: fifty of each make the hundred of the day, and thirty are left for the next one.
    let beside = course(vec![other(400, 60, 100)]);
    assert_eq!(
        beside.hours.iter().map(|hour| hour.sends).collect::<Vec<_>>(),
        [50, 30],
        "with another one it is not"
    );
    assert_eq!(beside.days, 2, "it goes on the next day");
    let done = course(vec![other(20, 60, 100)]);
    assert_eq!(
        (done.days, ends(&done)),
        (1, 79),
        "one that is done soon leaves room enough"
    );
}

#[test]
fn campaigns_of_one_rate_take_turns() {
    let rate = RateLimit {
        count: 1,
        window: SECOND * 10,
    };
    let limits = |spacing| {
        let mut limits = Limits::only(hours("09:00", "19:00"));
        limits.rates = vec![rate];
        limits.spacing = spacing;
        limits
    };
    let beside = Other {
        pacer: pacer(limits(Duration::ZERO)),
        left: 5,
    };
    let mut told = Vec::new();
    let others = Others::new([beside]);
    let ours = pacer(limits(Duration::ZERO));
    let audience = std::iter::repeat_n(Fate::Send, 8);
    rehearse_beside(others, ours, audience, assumed(|| 0.0), |_, at| {
        told.push((at.0 - monday_at_ten().wall.0) / 10_000);
    });
    assert_eq!(
        told,
        [0, 2, 4, 6, 8, 10, 11, 12],
        "every second turn is the other one's, as long as somebody waits in it"
    );
}

#[test]
fn what_others_send_before_the_start_is_played_too() {
    let mut others = Others::new([other(30, 60, 100)]);
    let start = UnixMillis(monday_at_ten().wall.0 + 10 * 60_000);
    let left = others.run_until(monday_at_ten(), start, Duration::ZERO, || 0.0);
    assert_eq!((left.len(), others.left()), (10, 20), "one a minute");
    assert!(left.iter().all(|at| *at < start), "before it");
}

#[test]
fn a_run_that_never_ends_in_sensible_time_is_cut() {
    let mut limits = Limits::only(hours("09:00", "19:00"));
    limits.daily_cap = Some(1);
    let course = rehearse(
        pacer(limits),
        std::iter::repeat_n(Fate::Send, 1_000),
        assumed(|| 0.0),
        |_, _| {},
    );
    assert_eq!(course.sends + course.not_reached, 1_000, "all are accounted for");
    assert!(
        (620..=630).contains(&course.sends),
        "two years of working days: {}",
        course.sends
    );
}

#[test]
fn nobody_to_write_to_takes_no_time() {
    let fates = [Fate::OptedOut, Fate::Skip(SkipReason::Blocked), Fate::Held];
    let course = rehearse(
        pacer(Limits::only(hours("09:00", "19:00"))),
        fates,
        assumed(|| 0.0),
        |_, _| {},
    );
    assert_eq!(
        (course.sends, course.first, course.ends, course.days),
        (0, None, None, 0),
        "nothing is sent"
    );
    assert_eq!(course.held, 1, "and it says who waits for a person");
}

/// A run as it really happens: time goes by in steps, and at each of them the pacer is asked.
fn step_by_step(
    mut pacer: Pacer,
    sends: usize,
    each_takes: u64,
    chances: &[f64],
    mut step: impl FnMut() -> u64,
) -> Vec<UnixMillis> {
    let mut now = monday_at_ten();
    let mut busy_until = now.wall;
    let mut sent = Vec::new();
    while sent.len() < sends {
        let turn = pacer.next(now);
        let due = match turn {
            Turn::Now if now.wall >= busy_until => {
                pacer.started(now, chances[sent.len() % chances.len()]);
                sent.push(now.wall);
                busy_until = now.wall.after(Duration::from_millis(each_takes));
                busy_until
            }
            Turn::Now => busy_until,
            Turn::NotBefore { at, .. } => at.max(busy_until),
        };
        // Woken at any time, but not after the time that was said.
        let by = step().min(
            u64::try_from(due.since(now.wall).as_millis())
                .expect("a span")
                .max(1),
        );
        if due > now.wall {
            now = pass(now, Duration::from_millis(by));
        }
    }
    sent
}

fn limits(longest: u64) -> impl Strategy<Value = Limits> {
    let rates = prop::collection::vec((1_u32..6, 1..longest), 0..3);
    let rest = prop::option::of((1_u32..6, 0..longest));
    let closed = prop::sample::select(vec![
        ("10:01", "10:00"),
        ("09:00", "10:01"),
        ("10:01", "10:02"),
        ("00:00", "00:00"),
    ]);
    (
        rates,
        0..longest,
        0..longest,
        rest,
        closed,
        prop::option::of(1_u32..20),
    )
        .prop_map(|(rates, spacing, jitter, rest, (opens, closes), daily_cap)| {
            let rate = |(count, window)| RateLimit {
                count,
                window: Duration::from_millis(window),
            };
            let mut limits = Limits::only(hours(opens, closes));
            limits.rates = rates.into_iter().map(rate).collect();
            limits.spacing = Duration::from_millis(spacing);
            limits.jitter = Duration::from_millis(jitter);
            limits.rest = rest.map(|(every, lasts)| Rest {
                every,
                lasts: Duration::from_millis(lasts),
            });
            limits.daily_cap = daily_cap;
            limits
        })
}

fn rehearsed(limits: &Limits, sends: usize, each_takes: u64, chances: &[f64]) -> Vec<UnixMillis> {
    let mut drawn = chances.iter().copied().cycle();
    let assumed = Assumed {
        start: monday_at_ten(),
        each_takes: Duration::from_millis(each_takes),
        chance: || drawn.next().unwrap_or(0.0),
    };
    let mut told = Vec::new();
    rehearse(
        pacer(limits.clone()),
        std::iter::repeat_n(Fate::Send, sends),
        assumed,
        |_, when| told.push(when),
    );
    told
}

proptest! {
    #[test]
    fn the_timeline_is_that_of_a_run_woken_at_any_time(
        limits in limits(4_000),
        sends in 1_usize..40,
        each_takes in 0_u64..400,
        chances in prop::collection::vec(0.0..1.0, 1..7),
        steps in prop::collection::vec(5_000_u64..40_000_000, 1..50),
    ) {
        let mut steps = steps.into_iter().cycle();
        let run = step_by_step(pacer(limits.clone()), sends, each_takes, &chances, || steps.next().unwrap_or(1));
        prop_assert_eq!(rehearsed(&limits, sends, each_takes, &chances), run);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_timeline_is_that_of_a_run_looked_at_every_millisecond(
        mut limits in limits(300),
        sends in 1_usize..8,
        each_takes in 0_u64..60,
        chances in prop::collection::vec(0.0..1.0, 1..7),
    ) {
        limits.hours = hours("00:00", "00:00");
        limits.daily_cap = None;
        let run = step_by_step(pacer(limits.clone()), sends, each_takes, &chances, || 1);
        prop_assert_eq!(rehearsed(&limits, sends, each_takes, &chances), run);
    }
}
