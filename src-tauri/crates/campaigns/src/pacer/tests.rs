use chrono::TimeZone;
use chrono_tz::Tz;
use mostrador_domain::RateLimit;

use super::*;

mod clocks;
mod daylight;
mod properties;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const LIMA: Tz = chrono_tz::America::Lima;

fn at(zone: Tz, written: &str) -> UnixMillis {
    let local = chrono::NaiveDateTime::parse_from_str(written, "%Y-%m-%d %H:%M:%S").expect("a written time");
    let moment = zone
        .from_local_datetime(&local)
        .earliest()
        .expect("a time that the clock shows");
    UnixMillis(moment.timestamp_millis())
}

fn time(written: &str) -> chrono::NaiveTime {
    chrono::NaiveTime::parse_from_str(written, "%H:%M").expect("a written time")
}

fn shop_hours(zone: Tz) -> Hours {
    Hours {
        zone,
        days: WorkDays([true, true, true, true, true, true, false]),
        opens: time("09:00"),
        closes: time("19:00"),
    }
}

fn now(wall: UnixMillis) -> Now {
    Now {
        wall,
        steady: Duration::from_secs(5),
    }
}

fn pass(now: Now, by: Duration) -> Now {
    Now {
        wall: now.wall.after(by),
        steady: now.steady + by,
    }
}

fn fresh(limits: Limits, now: Now) -> Pacer {
    Pacer::read_back(limits, &Past::default(), now).expect("limits that let something leave")
}

/// Waits until a message may leave, notes it, and says when that was.
fn send(pacer: &mut Pacer, now: &mut Now, chance: f64) -> UnixMillis {
    for _ in 0..5 {
        match pacer.next(*now) {
            Turn::Now => {
                pacer.started(*now, chance);
                return now.wall;
            }
            Turn::NotBefore { at, .. } => *now = pass(*now, at.since(now.wall)),
        }
    }
    panic!("waiting as long as it says must lead to a send");
}

#[test]
fn the_reason_is_of_the_limit_that_holds_longest() {
    let began = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut limits = Limits::only(shop_hours(LIMA));
    limits.spacing = SECOND * 3;
    limits.rates = vec![RateLimit {
        count: 1,
        window: SECOND,
    }];
    let mut pacer = fresh(limits, began);
    assert_eq!(pacer.next(began), Turn::Now, "nothing holds the first");
    pacer.started(began, 0.0);
    let spaced = Turn::NotBefore {
        at: began.wall.after(SECOND * 3),
        why: Why::Spacing,
    };
    assert_eq!(pacer.next(began), spaced, "the spacing is longer than the window");
    pacer.hold(began, MINUTE);
    let held = Turn::NotBefore {
        at: began.wall.after(MINUTE),
        why: Why::Gateway,
    };
    assert_eq!(pacer.next(began), held, "the gateway's wish is the longest");
}

#[test]
fn jitter_only_ever_delays() {
    let began = now(at(LIMA, "2026-03-02 10:00:00"));
    for (chance, expected) in [
        (0.0, 10_000),
        (0.5, 12_000),
        (1.0, 14_000),
        (-3.0, 10_000),
        (f64::NAN, 14_000),
    ] {
        let mut limits = Limits::only(shop_hours(LIMA));
        limits.spacing = SECOND * 10;
        limits.jitter = SECOND * 4;
        let mut pacer = fresh(limits, began);
        pacer.started(began, chance);
        let at = UnixMillis(began.wall.0 + expected);
        assert_eq!(
            pacer.next(began),
            Turn::NotBefore {
                at,
                why: Why::Spacing
            },
            "chance {chance}"
        );
    }
}

#[test]
fn the_shop_does_not_write_at_night_nor_on_its_free_day() {
    let saturday = now(at(LIMA, "2026-03-07 19:00:00"));
    let mut pacer = fresh(Limits::only(shop_hours(LIMA)), saturday);
    let monday = Turn::NotBefore {
        at: at(LIMA, "2026-03-09 09:00:00"),
        why: Why::Closed,
    };
    assert_eq!(
        pacer.next(saturday),
        monday,
        "nothing from Saturday evening to Monday morning"
    );
    let last_minute = now(at(LIMA, "2026-03-07 18:59:59"));
    assert_eq!(
        pacer.next(last_minute),
        Turn::Now,
        "until the hour strikes it is open"
    );
}

#[test]
fn hours_may_cross_midnight() {
    let mut hours = shop_hours(LIMA);
    (hours.opens, hours.closes) = (time("18:00"), time("02:00"));
    let calendar = Calendar { hours };
    for (written, open) in [
        ("2026-03-03 01:59:59", true),
        ("2026-03-03 02:00:00", false),
        ("2026-03-03 18:00:00", true),
    ] {
        assert_eq!(calendar.is_open(at(LIMA, written)), open, "{written}");
    }
}

#[test]
fn a_full_day_waits_for_the_next_one() {
    let mut clock = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut limits = Limits::only(shop_hours(LIMA));
    limits.daily_cap = Some(2);
    let mut pacer = fresh(limits, clock);
    let sent: Vec<_> = (0..3).map(|_| send(&mut pacer, &mut clock, 0.0)).collect();
    assert_eq!(sent[1], sent[0], "two fit into the day");
    assert_eq!(
        sent[2],
        at(LIMA, "2026-03-03 09:00:00"),
        "the third waits for the morning"
    );
}

#[test]
fn a_young_number_has_a_lower_cap_that_rises() {
    let linked = at(LIMA, "2026-03-02 08:00:00");
    let warm_up = WarmUp::usual(linked);
    for (age, cap) in [
        (-1, Some(20)),
        (0, Some(20)),
        (2, Some(20)),
        (3, Some(50)),
        (29, Some(250)),
        (30, None),
    ] {
        assert_eq!(warm_up.cap_at(age), cap, "{age} days");
    }
    let mut limits = Limits::only(shop_hours(LIMA));
    limits.daily_cap = Some(40);
    limits.warm_up = Some(warm_up);
    let mut clock = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut pacer = fresh(limits, clock);
    for _ in 0..20 {
        send(&mut pacer, &mut clock, 0.0);
    }
    let tomorrow = Turn::NotBefore {
        at: at(LIMA, "2026-03-03 09:00:00"),
        why: Why::WarmUp,
    };
    assert_eq!(pacer.next(clock), tomorrow, "the number's age is the reason");
}

#[test]
fn after_every_so_many_there_is_a_rest() {
    let mut clock = now(at(LIMA, "2026-03-02 10:00:00"));
    let began = clock.wall;
    let mut limits = Limits::only(shop_hours(LIMA));
    limits.rest = Some(Rest {
        every: 2,
        lasts: MINUTE,
    });
    let mut pacer = fresh(limits, clock);
    let waited: Vec<_> = (0..5)
        .map(|_| send(&mut pacer, &mut clock, 0.0).since(began).as_secs())
        .collect();
    assert_eq!(waited, [0, 0, 60, 60, 120], "a minute after every second one");
}

#[test]
fn a_message_of_another_campaign_counts_for_the_rate_and_the_day_alone() {
    let began = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut limits = Limits::only(shop_hours(LIMA));
    limits.spacing = MINUTE;
    limits.rest = Some(Rest {
        every: 1,
        lasts: MINUTE,
    });
    let mut pacer = fresh(limits.clone(), began);
    pacer.other_started(began);
    assert_eq!(pacer.next(began), Turn::Now, "neither a gap nor a rest");
    assert_eq!(pacer.sent_today(), 1, "but one of the day's");
    limits.rates = vec![RateLimit {
        count: 1,
        window: SECOND,
    }];
    let mut pacer = fresh(limits, began);
    pacer.other_started(began);
    let held = matches!(pacer.next(began), Turn::NotBefore { why: Why::Rate, .. });
    assert!(held, "and one of the window's");
}

#[test]
fn what_people_of_the_shop_write_themselves_fills_the_day_and_holds_nothing_else() {
    let began = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut limits = Limits::only(shop_hours(LIMA));
    limits.spacing = MINUTE;
    limits.rates = vec![RateLimit {
        count: 1,
        window: MINUTE,
    }];
    limits.daily_cap = Some(3);
    let mut pacer = fresh(limits, began);
    pacer.others_are(&[began.wall, began.wall]);
    assert_eq!(
        pacer.next(began),
        Turn::Now,
        "neither a gap, nor a rate, nor a full day"
    );
    assert_eq!(pacer.sent_today(), 2, "but two of the day's");
    pacer.others_are(&[began.wall; 3]);
    let tomorrow = Turn::NotBefore {
        at: at(LIMA, "2026-03-03 09:00:00"),
        why: Why::DailyCap,
    };
    assert_eq!(pacer.next(began), tomorrow, "the third fills it");
    pacer.others_are(&[]);
    assert_eq!(pacer.next(began), Turn::Now, "what is told last is what counts");
}

#[test]
fn what_people_wrote_before_a_restart_counts_on_the_day_of_the_zone_and_not_after_its_midnight() {
    let mut limits = Limits::only(Hours::always(LIMA));
    limits.daily_cap = Some(1);
    let past = Past {
        others: vec![at(LIMA, "2026-03-02 23:59:59")],
        ..Past::default()
    };
    let read_back = |at| Pacer::read_back(limits.clone(), &past, now(at)).expect("limits");
    // In UTC it is the third already.
    let evening = now(at(LIMA, "2026-03-02 23:59:59"));
    let midnight = at(LIMA, "2026-03-03 00:00:00");
    let waits = Turn::NotBefore {
        at: midnight,
        why: Why::DailyCap,
    };
    assert_eq!(
        read_back(evening.wall).next(evening),
        waits,
        "the day of the shop is full"
    );
    assert_eq!(
        read_back(midnight).next(now(midnight)),
        Turn::Now,
        "a new day begins"
    );
}

#[test]
fn what_a_clock_showed_as_tomorrow_may_have_been_written_today() {
    let mut limits = Limits::only(Hours::always(LIMA));
    limits.daily_cap = Some(1);
    let today = now(at(LIMA, "2026-03-02 10:00:00"));
    let mut pacer = fresh(limits, today);
    pacer.others_are(&[at(LIMA, "2026-03-03 10:00:00")]);
    assert_ne!(pacer.next(today), Turn::Now, "by a day either way");
    pacer.others_are(&[at(LIMA, "2038-03-03 10:00:00")]);
    assert_eq!(
        pacer.next(today),
        Turn::Now,
        "a date that was wrong by years holds up that date alone"
    );
}

#[test]
fn days_are_counted_while_there_is_a_cap() {
    let noon = at(LIMA, "2026-03-02 12:00:00");
    let mut limits = Limits::only(shop_hours(LIMA));
    assert!(!limits.count_days(noon), "no cap");
    limits.warm_up = Some(WarmUp::usual(noon));
    assert!(limits.count_days(noon), "a young number");
    let grown = noon.after(Duration::from_secs(86_400 * 30));
    assert!(!limits.count_days(grown), "one that has grown");
    assert!(
        limits.count_days(grown.before(Duration::from_secs(86_400))),
        "the day before that"
    );
    limits.daily_cap = Some(1_000);
    assert!(limits.count_days(grown), "the shop's own cap");
}

#[test]
fn limits_that_let_nothing_leave_are_refused() {
    let mut no_day = Limits::only(shop_hours(LIMA));
    no_day.hours.days = WorkDays([false; 7]);
    assert_eq!(no_day.check(), Err(LimitsFault::NoWorkingDay), "no day");
    let mut nothing = Limits::only(shop_hours(LIMA));
    nothing.daily_cap = Some(0);
    assert_eq!(nothing.check(), Err(LimitsFault::NothingADay), "a cap of zero");
    let mut young = Limits::only(shop_hours(LIMA));
    young.warm_up = Some(WarmUp {
        since: UnixMillis(0),
        steps: vec![WarmStep {
            from_day: 0,
            per_day: Some(0),
        }],
    });
    assert_eq!(
        young.check(),
        Err(LimitsFault::NothingADay),
        "a first step of zero"
    );
    let mut restless = Limits::only(shop_hours(LIMA));
    restless.rest = Some(Rest {
        every: 0,
        lasts: SECOND,
    });
    assert_eq!(
        restless.check(),
        Err(LimitsFault::RestAfterNone),
        "a rest after none"
    );
    assert_eq!(
        Hours::zone_named("Lima/Peru"),
        Err(LimitsFault::UnknownZone),
        "no such zone"
    );
    assert_eq!(
        Hours::zone_named("America/Sao_Paulo"),
        Ok(chrono_tz::America::Sao_Paulo),
        "a zone by its name"
    );
}

#[test]
fn nearly_the_whole_rate_is_used() {
    for (count, window, least) in [(50, SECOND, 0.98), (500, SECOND, 0.98), (30, MINUTE, 0.99)] {
        let mut clock = now(at(LIMA, "2026-03-02 10:00:00"));
        let began = clock.wall;
        let mut limits = Limits::only(Hours::always(LIMA));
        limits.rates = vec![RateLimit { count, window }];
        let mut pacer = fresh(limits, clock);
        let sends = count * 20;
        let last = (0..sends)
            .map(|_| send(&mut pacer, &mut clock, 0.0))
            .last()
            .expect("some");
        let permitted = (last.since(began) + window).as_secs_f64() / window.as_secs_f64() * f64::from(count);
        let share = f64::from(sends) / permitted;
        assert!(share >= least, "{share} of {count} in {window:?} used");
    }
}
