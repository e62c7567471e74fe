//! Changes to summer time and back.

use chrono_tz::America::{New_York, Santiago};
use chrono_tz::Pacific::Apia;

use super::*;

fn next_open(zone: Tz, opens: &str, closes: &str, from: UnixMillis) -> UnixMillis {
    let hours = Hours {
        zone,
        days: WorkDays::ALL,
        opens: time(opens),
        closes: time(closes),
    };
    Calendar { hours }.next(from, |_| true)
}

fn utc(written: &str) -> UnixMillis {
    at(chrono_tz::UTC, written)
}

#[test]
fn an_opening_that_the_change_leaves_out_is_the_moment_of_the_change() {
    let opened = next_open(New_York, "02:30", "05:00", utc("2026-03-08 06:00:00"));
    assert_eq!(
        opened,
        utc("2026-03-08 07:00:00"),
        "at two it is three: the shop is open at once"
    );
}

#[test]
fn an_opening_wholly_left_out_is_the_next_days() {
    let opened = next_open(New_York, "02:10", "02:50", utc("2026-03-08 06:00:00"));
    assert_eq!(opened, utc("2026-03-09 06:10:00"), "that night has no such time");
}

#[test]
fn a_repeated_hour_is_open_twice() {
    let first = next_open(New_York, "01:00", "01:30", utc("2026-11-01 04:00:00"));
    assert_eq!(first, utc("2026-11-01 05:00:00"), "one o'clock of summer time");
    let second = next_open(New_York, "01:00", "01:30", utc("2026-11-01 05:40:00"));
    assert_eq!(second, utc("2026-11-01 06:00:00"), "one o'clock of winter time");
}

#[test]
fn a_day_that_begins_an_hour_late_begins_with_the_change() {
    let eve = at(Santiago, "2026-09-05 23:00:00");
    let calendar = Calendar {
        hours: Hours::always(Santiago),
    };
    let sunday = chrono::NaiveDate::from_ymd_opt(2026, 9, 6).expect("a day");
    let began = calendar.next(eve, |day| day >= sunday);
    assert_eq!(began, utc("2026-09-06 04:00:00"), "midnight is left out");
    assert_eq!(calendar.day_of(began), sunday, "and it is Sunday");
}

#[test]
fn a_day_that_never_was_is_passed_over() {
    let calendar = Calendar {
        hours: Hours::always(Apia),
    };
    let thursday = chrono::NaiveDate::from_ymd_opt(2011, 12, 29).expect("a day");
    let next = calendar.next(at(Apia, "2011-12-29 12:00:00"), |day| day > thursday);
    let saturday = chrono::NaiveDate::from_ymd_opt(2011, 12, 31).expect("a day");
    assert_eq!(calendar.day_of(next), saturday, "Samoa had no 30 December 2011");
}

#[test]
fn an_hour_of_the_wall_clock_begins_where_the_zone_says() {
    let calendar = Calendar {
        hours: Hours::always(chrono_tz::Asia::Kolkata),
    };
    assert_eq!(
        calendar.hour_of(utc("2026-03-02 04:50:12")),
        utc("2026-03-02 04:30:00"),
        "half an hour off"
    );
}

#[test]
fn the_next_opening_is_the_first_by_looking_at_every_minute() {
    for (zone, day) in [
        (New_York, "2026-03-07"),
        (New_York, "2026-10-31"),
        (Santiago, "2026-04-04"),
        (Santiago, "2026-09-05"),
    ] {
        for (opens, closes) in [
            ("00:30", "03:10"),
            ("23:15", "00:40"),
            ("01:20", "01:40"),
            ("09:00", "19:00"),
        ] {
            let hours = Hours {
                zone,
                days: WorkDays::ALL,
                opens: time(opens),
                closes: time(closes),
            };
            let calendar = Calendar { hours };
            let from = at(zone, &format!("{day} 19:30:00"));
            let minutes = (0..2 * 24 * 60).map(|minute| UnixMillis(from.0 + minute * 60_000));
            let mut seen = minutes.clone().filter(|at| calendar.is_open(*at)).peekable();
            for minute in minutes {
                while seen.next_if(|open| *open < minute).is_some() {}
                let Some(expected) = seen.peek() else { break };
                assert_eq!(
                    calendar.next(minute, |_| true),
                    *expected,
                    "{zone} {opens} to {closes} from {minute:?}"
                );
            }
        }
    }
}
