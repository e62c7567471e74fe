//! When a campaign starts by itself: a time as the shop's own clock shows it, in an IANA zone.
//!
//! | Written | the moment |
//! |---|---|
//! | a time that the clock shows once | that moment |
//! | a time that a change of the clock leaves out | when the clock goes on: the moment of the change |
//! | a time that a change of the clock repeats | the first of the two |
//!
//! A start that was missed (the computer was off) is decided by the policy ([`Late`]), and never by itself after that. A recurring
//! campaign is followed by a new one at the same time of the clock: on the next day, the same day of the next week, or
//! the same day of the next month, which is the last one where that month is shorter. Times that passed meanwhile are left out.

use std::time::Duration;

use chrono::{Datelike, Days, MappedLocalTime, Months, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};

/// How a time is written.
const WRITTEN: &str = "%Y-%m-%dT%H:%M";

/// A start counts as in time for so long: a program that was busy has not missed it.
pub const IN_TIME: Duration = Duration::from_secs(60);

/// So many repetitions are looked through for one that is still to come: ten years of days.
const HORIZON: u32 = 3_660;

/// When a campaign starts, and what if not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// `YYYY-MM-DDTHH:MM` as the shop's clock shows it.
    pub local: String,
    /// The IANA zone of that clock.
    pub zone: String,
    /// What is done when the time was missed.
    pub late: Late,
    /// Whether it starts again.
    pub repeats: Repeats,
    /// Of a recurring one: the day of the month of the first, which shorter months must not forget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u32>,
}

/// What is done with a start that was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Late {
    /// It starts late, up to so many minutes; then a person is asked.
    StartUpTo {
        /// Minutes.
        minutes: u32,
    },
    /// A person is asked.
    Ask,
    /// It is left out.
    Skip,
}

/// Whether a campaign starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// Once.
    Never,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
}

/// What is to be done now with a start that was planned for `starts_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing before its time.
    NotYet,
    /// It starts.
    Start,
    /// A person is asked.
    Ask,
    /// It is left out.
    Skip,
}

/// Why a time cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ScheduleFault {
    /// Not a date and a time.
    #[error("not a date and a time")]
    NotATime,
    /// A zone that is not in the IANA list.
    #[error("unknown time zone")]
    UnknownZone,
}

impl Schedule {
    /// The moment at which it starts.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn starts_at(&self) -> Result<UnixMillis, ScheduleFault> {
        moment(self.zone()?, self.written()?).ok_or(ScheduleFault::NotATime)
    }

    /// The next one after it that is later than `now`; `None` = it does not repeat.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn next_after(&self, now: UnixMillis) -> Result<Option<Self>, ScheduleFault> {
        let (zone, first) = (self.zone()?, self.written()?);
        let day = self
            .day
            .filter(|day| (1..=31).contains(day))
            .unwrap_or(first.day());
        for times in 1..=HORIZON {
            let Some(local) = self.repeated(first, day, times) else {
                return Ok(None);
            };
            if moment(zone, local).is_some_and(|at| at > now) {
                return Ok(Some(Self {
                    local: local.format(WRITTEN).to_string(),
                    day: (self.repeats == Repeats::Monthly).then_some(day),
                    ..self.clone()
                }));
            }
        }
        Ok(None)
    }

    /// What is to be done now.
    pub fn due(&self, starts_at: UnixMillis, now: UnixMillis) -> Due {
        if now < starts_at {
            return Due::NotYet;
        }
        let late = now.since(starts_at);
        match self.late {
            _ if late <= IN_TIME => Due::Start,
            Late::StartUpTo { minutes } if late <= Duration::from_secs(u64::from(minutes) * 60) => Due::Start,
            Late::StartUpTo { .. } | Late::Ask => Due::Ask,
            Late::Skip => Due::Skip,
        }
    }

    fn repeated(&self, first: NaiveDateTime, day: u32, times: u32) -> Option<NaiveDateTime> {
        match self.repeats {
            Repeats::Never => None,
            Repeats::Daily => first.checked_add_days(Days::new(u64::from(times))),
            Repeats::Weekly => first.checked_add_days(Days::new(u64::from(times) * 7)),
            Repeats::Monthly => {
                let month = first.with_day(1)?.checked_add_months(Months::new(times))?;
                (0..4).find_map(|shorter| month.with_day(day.checked_sub(shorter)?))
            }
        }
    }

    fn zone(&self) -> Result<Tz, ScheduleFault> {
        self.zone.parse().map_err(|_| ScheduleFault::UnknownZone)
    }

    fn written(&self) -> Result<NaiveDateTime, ScheduleFault> {
        NaiveDateTime::parse_from_str(&self.local, WRITTEN).map_err(|_| ScheduleFault::NotATime)
    }
}

fn moment(zone: Tz, local: NaiveDateTime) -> Option<UnixMillis> {
    let found = match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Some(at),
        MappedLocalTime::None => after_gap(zone, local),
    };
    found.map(|at| UnixMillis(at.timestamp_millis()))
}

/// The first moment after the gap in which `local` lies. Clocks are set by whole minutes, and by a day at the most.
fn after_gap(zone: Tz, local: NaiveDateTime) -> Option<chrono::DateTime<Tz>> {
    (1..=1_440).find_map(|minutes| {
        zone.from_local_datetime(&(local + TimeDelta::minutes(minutes)))
            .earliest()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(local: &str, zone: &str, repeats: Repeats) -> Schedule {
        Schedule {
            local: local.to_owned(),
            zone: zone.to_owned(),
            late: Late::Ask,
            repeats,
            day: None,
        }
    }

    fn utc(local: &str) -> UnixMillis {
        at(local, "UTC", Repeats::Never).starts_at().expect("a time")
    }

    #[test]
    fn a_time_is_that_of_the_shops_own_clock() {
        let lima = at("2026-12-01T09:30", "America/Lima", Repeats::Never);
        assert_eq!(lima.starts_at(), Ok(utc("2026-12-01T14:30")), "five hours behind");
        for (local, zone, fault) in [
            ("2026-12-01", "America/Lima", ScheduleFault::NotATime),
            ("2026-02-30T09:00", "America/Lima", ScheduleFault::NotATime),
            ("2026-12-01T09:30", "America/Nowhere", ScheduleFault::UnknownZone),
        ] {
            assert_eq!(
                at(local, zone, Repeats::Never).starts_at(),
                Err(fault),
                "{local} {zone}"
            );
        }
    }

    #[test]
    fn a_time_that_the_clock_leaves_out_is_when_it_goes_on_and_one_that_it_repeats_is_the_first() {
        let gap = at("2026-03-08T02:30", "America/New_York", Repeats::Never);
        assert_eq!(
            gap.starts_at(),
            Ok(utc("2026-03-08T07:00")),
            "the moment of the change"
        );
        let twice = at("2026-11-01T01:30", "America/New_York", Repeats::Never);
        assert_eq!(
            twice.starts_at(),
            Ok(utc("2026-11-01T05:30")),
            "still summer time"
        );
    }

    #[test]
    fn a_recurring_one_keeps_its_time_of_the_clock_over_a_change() {
        let daily = at("2026-03-07T09:00", "America/New_York", Repeats::Daily);
        let next = daily
            .next_after(utc("2026-03-07T14:00"))
            .expect("sound")
            .expect("repeats");
        assert_eq!(next.local, "2026-03-08T09:00", "nine by the clock");
        assert_eq!(
            next.starts_at(),
            Ok(utc("2026-03-08T13:00")),
            "an hour less has passed"
        );
    }

    #[test]
    fn one_that_recurs_at_a_time_that_the_clock_repeats_starts_once_that_day() {
        let daily = at("2026-11-01T01:30", "America/New_York", Repeats::Daily);
        for now in ["2026-11-01T05:30", "2026-11-01T06:29", "2026-11-01T06:31"] {
            let next = daily.next_after(utc(now)).expect("sound").expect("repeats");
            assert_eq!(next.local, "2026-11-02T01:30", "the next day, at {now}");
        }
    }

    #[test]
    fn a_midnight_that_the_clock_leaves_out_is_the_first_moment_of_that_day_and_none_is_lost() {
        let mut daily = at("2026-09-05T00:00", "America/Santiago", Repeats::Daily);
        let mut starts = vec![daily.starts_at().expect("a time")];
        for _ in 0..2 {
            let last = *starts.last().expect("one");
            daily = daily.next_after(last).expect("sound").expect("repeats");
            starts.push(daily.starts_at().expect("a time"));
        }
        assert_eq!(
            starts,
            ["2026-09-05T04:00", "2026-09-06T04:00", "2026-09-07T03:00"].map(utc),
            "an hour later on the day of the change, and midnight again after it"
        );
        assert_eq!(daily.local, "2026-09-07T00:00", "midnight by the clock");
    }

    #[test]
    fn a_day_that_no_month_has_does_not_end_the_repetition() {
        for day in [0, 32, u32::MAX] {
            let monthly = Schedule {
                day: Some(day),
                ..at("2026-12-15T09:00", "UTC", Repeats::Monthly)
            };
            let next = monthly.next_after(utc("2026-12-15T09:00")).expect("sound");
            let next = next.expect("it repeats");
            assert_eq!(
                next.local, "2027-01-15T09:00",
                "the day of its time holds, not {day}"
            );
        }
    }

    #[test]
    fn times_that_passed_meanwhile_are_left_out() {
        let weekly = at("2026-12-01T09:00", "UTC", Repeats::Weekly);
        let next = weekly
            .next_after(utc("2026-12-16T00:00"))
            .expect("sound")
            .expect("repeats");
        assert_eq!(
            next.local, "2026-12-22T09:00",
            "the first Tuesday that is still to come"
        );
        assert_eq!(
            at("2026-12-01T09:00", "UTC", Repeats::Never).next_after(UnixMillis(0)),
            Ok(None),
            "once is once"
        );
    }

    #[test]
    fn the_last_day_of_a_short_month_does_not_become_the_day_of_all_months() {
        let monthly = at("2027-01-31T09:00", "UTC", Repeats::Monthly);
        let february = monthly
            .next_after(utc("2027-01-31T09:00"))
            .expect("sound")
            .expect("repeats");
        assert_eq!(february.local, "2027-02-28T09:00", "February has no 31st");
        let march = february
            .next_after(utc("2027-02-28T09:00"))
            .expect("sound")
            .expect("repeats");
        assert_eq!(march.local, "2027-03-31T09:00", "March has");
    }

    #[test]
    fn what_is_done_when_the_time_was_missed_is_what_the_shop_chose() {
        let start = utc("2026-12-01T09:00");
        let after = |minutes: u64| start.after(Duration::from_secs(minutes * 60));
        let with = |late| Schedule {
            late,
            ..at("2026-12-01T09:00", "UTC", Repeats::Never)
        };
        let up_to = with(Late::StartUpTo { minutes: 30 });
        assert_eq!(
            up_to.due(start, UnixMillis(start.0 - 1)),
            Due::NotYet,
            "not before its time"
        );
        assert_eq!(
            up_to.due(start, after(30)),
            Due::Start,
            "half an hour late is allowed"
        );
        assert_eq!(up_to.due(start, after(31)), Due::Ask, "then a person decides");
        assert_eq!(
            with(Late::Ask).due(start, after(1)),
            Due::Start,
            "a minute is in time"
        );
        assert_eq!(with(Late::Ask).due(start, after(2)), Due::Ask, "two are not");
        assert_eq!(with(Late::Skip).due(start, after(2)), Due::Skip, "left out");
    }
}
