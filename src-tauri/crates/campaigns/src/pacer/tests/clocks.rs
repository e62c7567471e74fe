//! Restarts, and clocks that are set.

use super::*;

fn one_in(window: Duration) -> Limits {
    let mut limits = Limits::only(Hours::always(LIMA));
    limits.rates = vec![RateLimit { count: 1, window }];
    limits
}

fn set(now: Now, wall: UnixMillis) -> Now {
    Now { wall, ..now }
}

#[test]
fn setting_the_clock_forward_opens_no_window() {
    let began = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut pacer = fresh(one_in(MINUTE), began);
    pacer.started(began, 0.0);
    let forward = set(began, at(LIMA, "2026-03-02 12:00:00"));
    assert!(
        matches!(pacer.next(forward), Turn::NotBefore { why: Why::Rate, .. }),
        "no time has passed"
    );
}

#[test]
fn setting_the_clock_back_does_not_hold_anything_up() {
    let began = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut pacer = fresh(one_in(SECOND), began);
    pacer.started(began, 0.0);
    let back = pass(set(began, at(LIMA, "2020-01-01 10:00:00")), SECOND * 2);
    assert_eq!(
        pacer.next(back),
        Turn::Now,
        "two seconds have passed, whatever the clock shows"
    );
}

#[test]
fn what_was_sent_on_a_later_day_counts_today_and_on_that_day() {
    let tuesday = now(at(LIMA, "2026-03-03 10:00:00"));
    let mut limits = Limits::only(Hours::always(LIMA));
    limits.daily_cap = Some(2);
    let mut pacer = fresh(limits, tuesday);
    pacer.started(tuesday, 0.0);
    pacer.started(tuesday, 0.0);
    let monday = set(tuesday, at(LIMA, "2026-03-02 10:00:00"));
    let wednesday = Turn::NotBefore {
        at: at(LIMA, "2026-03-04 00:00:00"),
        why: Why::DailyCap,
    };
    assert_eq!(pacer.next(monday), wednesday, "both days are full");
}

#[test]
fn a_clock_that_was_years_ahead_holds_up_no_more_than_today() {
    let mut limits = Limits::only(Hours::always(LIMA));
    limits.daily_cap = Some(1);
    let ahead = at(LIMA, "2038-01-01 10:00:00");
    let past = Past {
        started: vec![ahead],
        ..Past::default()
    };
    let today = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut pacer = Pacer::read_back(limits, &past, today).expect("limits");
    let tomorrow = Turn::NotBefore {
        at: at(LIMA, "2026-03-03 00:00:00"),
        why: Why::DailyCap,
    };
    assert_eq!(
        pacer.next(today),
        tomorrow,
        "it may have been sent a moment ago, and not tomorrow"
    );
}

#[test]
fn a_restart_waits_a_short_window_out() {
    let restarted = now(at(LIMA, "2026-03-02 10:00:00"));
    let long_ago = Past {
        started: vec![at(LIMA, "2026-03-01 10:00:00")],
        ..Past::default()
    };
    let mut pacer = Pacer::read_back(one_in(SECOND), &long_ago, restarted).expect("limits");
    let Turn::NotBefore { at, why: Why::Rate } = pacer.next(restarted) else {
        panic!("nobody knows whether the clock was set meanwhile");
    };
    let waits = at.since(restarted.wall);
    assert!(
        waits >= SECOND && waits < SECOND * 2,
        "one window and its margin, not {waits:?}"
    );
    let mut fresh = fresh(one_in(SECOND), restarted);
    assert_eq!(
        fresh.next(restarted),
        Turn::Now,
        "where nothing was sent there is nothing to wait for"
    );
}

#[test]
fn a_restart_forgets_no_rest_hold_or_gap() {
    let restarted = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut limits = Limits::only(Hours::always(LIMA));
    limits.spacing = SECOND * 10;
    limits.jitter = SECOND * 10;
    limits.rest = Some(Rest {
        every: 5,
        lasts: MINUTE,
    });
    let mut past = Past {
        started: vec![restarted.wall.before(SECOND * 4)],
        others: Vec::new(),
        in_campaign: 4,
        held_until: None,
        chance: 0.5,
    };
    let turn = |past: &Past| {
        Pacer::read_back(limits.clone(), past, restarted)
            .expect("limits")
            .next(restarted)
    };
    let in_seconds = |seconds: u32, why| Turn::NotBefore {
        at: restarted.wall.after(SECOND * seconds),
        why,
    };
    assert_eq!(
        turn(&past),
        in_seconds(11, Why::Spacing),
        "ten and a half of ten, less four"
    );
    past.in_campaign = 5;
    assert_eq!(turn(&past), in_seconds(56, Why::Rest), "the rest goes on");
    past.held_until = Some(restarted.wall.after(MINUTE * 2));
    assert_eq!(
        turn(&past),
        in_seconds(120, Why::Gateway),
        "the gateway's wish goes on"
    );
}

#[test]
fn a_hold_that_a_wrong_clock_noted_ends_within_a_day() {
    let restarted = now(at(LIMA, "2026-03-02 10:00:00"));
    let past = Past {
        held_until: Some(at(LIMA, "2038-01-01 10:00:00")),
        ..Past::default()
    };
    let mut pacer = Pacer::read_back(Limits::only(Hours::always(LIMA)), &past, restarted).expect("limits");
    let tomorrow = Turn::NotBefore {
        at: at(LIMA, "2026-03-03 10:00:00"),
        why: Why::Gateway,
    };
    assert_eq!(pacer.next(restarted), tomorrow, "a day at most");
}
