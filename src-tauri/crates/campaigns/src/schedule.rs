//! When a campaign starts by itself: a time as the shop's own clock shows it, in an IANA zone.
//!
//! | Written | the moment |
//! |---|---|
//! | a time that the clock shows once | that moment |
//! | a time that a change of the clock leaves out | when the clock goes on: the moment of the change |
//! | a time that a change of the clock repeats | the first of the two |
//!
//! A start that was missed (the computer was off, or the one before it has not ended) is decided by the policy ([`Late`]), and never by
//! itself after that. A recurring campaign is followed by a new one at the same time of the clock: on the next day, the same day of the next week, or
//! the same day of the next month, which is the last one where that month is shorter. Times that passed meanwhile are left out.
//!
//! A run that begins while the shop is closed waits until it opens. So of a recurring campaign those times are left out which would leave on
//! the same day as the next one, else everybody would be written to twice on it: a daily one of a shop that rests on Sundays has no Sunday.
//! A weekly or a monthly one that falls on such a day keeps its time, and leaves when the shop opens.
//!
//! One that missed its time takes no day, and the next one may wait for the same one. If it is started late all the same, it takes the day on
//! which it leaves, and the one that waits for that day is put off to its next time ([`Schedule::put_off_by`]); a start that is undone gives
//! the day back ([`Schedule::brought_back`]).

use std::time::Duration;

use chrono::{Datelike, Days, MappedLocalTime, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};

use crate::pacer::Calendar;

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
    /// The time that it had before another one of its row, started late, took its day; `None` = that has not come about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put_off: Option<String>,
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

/// Another one of a recurring campaign's row that has not ended when the time of the next one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// It runs, and has people to write to.
    Runs,
    /// It is paused: a person lets it go on, or not.
    Paused,
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

    /// The next one after it that is later than `now`, when this one is `done` with; `None` = it does not repeat. `calendar`: when the shop
    /// writes, if at all.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn next_after(
        &self,
        now: UnixMillis,
        done: Due,
        calendar: Option<Calendar>,
    ) -> Result<Option<Self>, ScheduleFault> {
        let (zone, first) = (self.zone()?, self.written()?);
        let day = self
            .day
            .filter(|day| (1..=31).contains(day))
            .unwrap_or(first.day());
        let taken = match calendar.filter(|_| done == Due::Start) {
            Some(calendar) => Some(leaves_on(calendar, self.starts_at()?, now)),
            None => None,
        };
        for times in 1..=HORIZON {
            let Some(local) = self.repeated(first, day, times) else {
                return Ok(None);
            };
            let Some(at) = moment(zone, local).filter(|at| *at > now) else {
                continue;
            };
            let after_it = self.repeated(first, day, times + 1);
            let after_it = after_it.and_then(|local| moment(zone, local));
            let has_a_day = calendar.is_none_or(|calendar| {
                let its = |at| calendar.day_of(calendar.opens(at));
                taken.is_none_or(|taken| taken < its(at)) && after_it.is_none_or(|later| its(at) < its(later))
            });
            if has_a_day {
                return Ok(Some(Self {
                    local: local.format(WRITTEN).to_string(),
                    day: (self.repeats == Repeats::Monthly).then_some(day),
                    put_off: None,
                    ..self.clone()
                }));
            }
        }
        Ok(None)
    }

    /// What becomes of one that waits, if another one of its row starts `now`, late: its next time, if both would leave on the same day.
    /// `None` = it keeps its time.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn put_off_by(&self, now: UnixMillis, calendar: Calendar) -> Result<Option<Self>, ScheduleFault> {
        let planned = self.starts_at()?;
        if leaves_on(calendar, planned, planned) > leaves_on(calendar, now, now) {
            return Ok(None);
        }
        let next = self.next_after(now, Due::Start, Some(calendar))?;
        Ok(next.map(|next| Self {
            put_off: Some(self.local.clone()),
            ..next
        }))
    }

    /// The time that it had before it was put off, if that is still to come and none of those that have `started` since takes its day.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn brought_back(
        &self,
        now: UnixMillis,
        calendar: Calendar,
        started: &[UnixMillis],
    ) -> Result<Option<Self>, ScheduleFault> {
        let Some(local) = self.put_off.clone() else {
            return Ok(None);
        };
        let former = Self {
            local,
            put_off: None,
            ..self.clone()
        };
        let planned = former.starts_at()?;
        let its = leaves_on(calendar, planned, planned);
        let is_taken = started.iter().any(|at| leaves_on(calendar, *at, *at) >= its);
        Ok(Some(former).filter(|_| planned > now && !is_taken))
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

    /// What is to be done with one that could start in time, but for an earlier one: its time counts as missed, and nothing of the row goes on
    /// by itself that is paused. [`Due::NotYet`] = it starts late, if the earlier one has ended by then.
    pub fn due_behind(&self, earlier: Earlier) -> Due {
        match (self.late, earlier) {
            (Late::Skip, _) => Due::Skip,
            (Late::StartUpTo { .. }, Earlier::Runs) => Due::NotYet,
            (Late::StartUpTo { .. } | Late::Ask, _) => Due::Ask,
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

/// On which day one leaves that was planned for `planned` and starts now: early it takes its own day, late that on which the shop is open.
fn leaves_on(calendar: Calendar, planned: UnixMillis, now: UnixMillis) -> NaiveDate {
    let leaves = |at| calendar.day_of(calendar.opens(at));
    leaves(planned).max(leaves(now))
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
            put_off: None,
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
            .next_after(utc("2026-03-07T14:00"), Due::Start, None)
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
            let next = daily
                .next_after(utc(now), Due::Start, None)
                .expect("sound")
                .expect("repeats");
            assert_eq!(next.local, "2026-11-02T01:30", "the next day, at {now}");
        }
    }

    #[test]
    fn a_midnight_that_the_clock_leaves_out_is_the_first_moment_of_that_day_and_none_is_lost() {
        let mut daily = at("2026-09-05T00:00", "America/Santiago", Repeats::Daily);
        let mut starts = vec![daily.starts_at().expect("a time")];
        for _ in 0..2 {
            let last = *starts.last().expect("one");
            daily = daily
                .next_after(last, Due::Start, None)
                .expect("sound")
                .expect("repeats");
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
            let next = monthly
                .next_after(utc("2026-12-15T09:00"), Due::Start, None)
                .expect("sound");
            let next = next.expect("it repeats");
            assert_eq!(
                next.local, "2027-01-15T09:00",
                "the day of its time holds, not {day}"
            );
        }
    }

    /// A shop that writes from nine to seven in Lima, and not on Sundays.
    fn careful() -> Calendar {
        let plan = crate::plan::Plan::careful("America/Lima");
        plan.calendar().expect("it writes at some time")
    }

    /// The next so many times after `local`, each made when the one before it starts.
    fn times(local: &str, repeats: Repeats, count: usize) -> Vec<String> {
        let mut schedule = at(local, "America/Lima", repeats);
        let next = |_| {
            let now = schedule.starts_at().expect("a time");
            let next = schedule.next_after(now, Due::Start, Some(careful()));
            schedule = next.expect("sound").expect("it repeats");
            schedule.local.clone()
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn a_daily_one_leaves_out_the_days_on_which_the_shop_rests() {
        assert_eq!(
            times("2026-12-04T09:00", Repeats::Daily, 3),
            ["2026-12-05T09:00", "2026-12-07T09:00", "2026-12-08T09:00"],
            "Saturday, Monday, Tuesday: what began on Sunday would wait for Monday's"
        );
        assert_eq!(
            times("2026-12-04T12:05", Repeats::Daily, 2),
            ["2026-12-05T12:05", "2026-12-07T12:05"],
            "nor does Monday get Sunday's in the morning and its own at noon"
        );
        assert_eq!(
            times("2026-12-04T08:00", Repeats::Daily, 2),
            ["2026-12-05T08:00", "2026-12-07T08:00"],
            "before the shop opens it waits for an hour, each day that it opens"
        );
        assert_eq!(
            times("2026-12-04T20:00", Repeats::Daily, 3),
            ["2026-12-06T20:00", "2026-12-07T20:00", "2026-12-08T20:00"],
            "what begins after hours leaves the next morning: of Saturday's and Sunday's that is the same one"
        );
    }

    #[test]
    fn one_that_was_set_for_a_day_of_rest_is_followed_by_the_day_after_it_leaves() {
        assert_eq!(
            times("2026-12-06T09:00", Repeats::Daily, 2),
            ["2026-12-08T09:00", "2026-12-09T09:00"],
            "Sunday's leaves on Monday, so Monday has none of its own"
        );
        assert_eq!(
            times("2026-12-06T12:05", Repeats::Daily, 1),
            ["2026-12-08T12:05"],
            "at any hour"
        );
        let missed = at("2026-12-06T12:05", "America/Lima", Repeats::Daily);
        let now = missed.starts_at().expect("a time");
        let next = missed.next_after(now, Due::Ask, Some(careful())).expect("sound");
        assert_eq!(
            next.map(|next| next.local).as_deref(),
            Some("2026-12-07T12:05"),
            "one that does not start takes no day"
        );
    }

    #[test]
    fn a_weekly_and_a_monthly_one_keep_their_day_though_the_shop_rests_on_it() {
        assert_eq!(
            times("2026-12-06T09:00", Repeats::Weekly, 2),
            ["2026-12-13T09:00", "2026-12-20T09:00"],
            "Sundays: each leaves on Monday"
        );
        assert_eq!(
            times("2026-11-06T09:00", Repeats::Monthly, 2),
            ["2026-12-06T09:00", "2027-01-06T09:00"],
            "December the sixth is a Sunday, and no month goes without"
        );
    }

    #[test]
    fn one_that_starts_late_while_the_shop_is_closed_takes_the_day_on_which_it_leaves() {
        let saturday = at("2026-12-05T18:30", "America/Lima", Repeats::Daily);
        let next_at = |minutes: u64| {
            let now = saturday.starts_at().expect("a time");
            let now = now.after(Duration::from_secs(minutes * 60));
            let next = saturday.next_after(now, Due::Start, Some(careful()));
            next.expect("sound").expect("it repeats").local
        };
        assert_eq!(next_at(10), "2026-12-07T18:30", "it leaves at once");
        assert_eq!(next_at(360), "2026-12-08T18:30", "it leaves on Monday");
    }

    #[test]
    fn one_that_starts_late_while_the_shop_is_open_takes_that_day() {
        let thursday = at("2026-12-03T18:00", "America/Lima", Repeats::Daily);
        for (now, next) in [
            ("2026-12-03T18:30", "2026-12-04T18:00"),
            ("2026-12-04T10:00", "2026-12-05T18:00"),
            ("2026-12-05T10:00", "2026-12-07T18:00"),
        ] {
            let now = at(now, "America/Lima", Repeats::Never)
                .starts_at()
                .expect("a time");
            let found = thursday.next_after(now, Due::Start, Some(careful()));
            let found = found.expect("sound").expect("it repeats").local;
            assert_eq!(
                found, next,
                "nobody is written to twice on the day on which it leaves"
            );
        }
    }

    #[test]
    fn one_that_waits_for_the_day_on_which_a_missed_one_leaves_is_put_off_and_no_other() {
        let lima = |local| {
            at(local, "America/Lima", Repeats::Never)
                .starts_at()
                .expect("a time")
        };
        let tuesday = at("2026-12-01T12:00", "America/Lima", Repeats::Daily);
        let put_off = |now| {
            let later = tuesday.put_off_by(lima(now), careful()).expect("sound");
            later.map(|later| later.local)
        };
        for (now, to) in [
            ("2026-11-30T18:00", None),
            ("2026-12-01T09:30", Some("2026-12-02T12:00")),
            ("2026-11-30T20:00", Some("2026-12-02T12:00")),
            ("2026-12-05T20:00", Some("2026-12-08T12:00")),
        ] {
            assert_eq!(put_off(now).as_deref(), to, "a start at {now}");
        }
        let once = at("2026-12-01T12:00", "America/Lima", Repeats::Never);
        let kept = once.put_off_by(lima("2026-12-01T09:30"), careful());
        assert_eq!(kept, Ok(None), "one that is not repeated has no other time");
    }

    #[test]
    fn one_that_was_put_off_has_its_time_again_unless_it_passed_or_its_day_is_taken() {
        let lima = |local| {
            at(local, "America/Lima", Repeats::Never)
                .starts_at()
                .expect("a time")
        };
        let tuesday = at("2026-12-01T12:00", "America/Lima", Repeats::Daily);
        let later = tuesday.put_off_by(lima("2026-12-01T09:30"), careful());
        let later = later.expect("sound").expect("it moves");
        let back = |now, started: &[UnixMillis]| later.brought_back(lima(now), careful(), started);
        let yesterday = lima("2026-11-30T12:00");
        assert_eq!(back("2026-12-01T09:31", &[yesterday]), Ok(Some(tuesday.clone())));
        assert_eq!(back("2026-12-01T12:01", &[]), Ok(None), "it has passed");
        assert_eq!(
            back("2026-12-01T09:31", &[yesterday, lima("2026-12-01T09:00")]),
            Ok(None),
            "another one of the row leaves on that day"
        );
        assert_eq!(
            tuesday.brought_back(lima("2026-12-01T09:31"), careful(), &[]),
            Ok(None),
            "it was not put off"
        );
    }

    #[test]
    fn times_that_passed_meanwhile_are_left_out() {
        let weekly = at("2026-12-01T09:00", "UTC", Repeats::Weekly);
        let next = weekly
            .next_after(utc("2026-12-16T00:00"), Due::Start, None)
            .expect("sound")
            .expect("repeats");
        assert_eq!(
            next.local, "2026-12-22T09:00",
            "the first Tuesday that is still to come"
        );
        assert_eq!(
            at("2026-12-01T09:00", "UTC", Repeats::Never).next_after(UnixMillis(0), Due::Start, None),
            Ok(None),
            "once is once"
        );
    }

    #[test]
    fn the_last_day_of_a_short_month_does_not_become_the_day_of_all_months() {
        let monthly = at("2027-01-31T09:00", "UTC", Repeats::Monthly);
        let february = monthly
            .next_after(utc("2027-01-31T09:00"), Due::Start, None)
            .expect("sound")
            .expect("repeats");
        assert_eq!(february.local, "2027-02-28T09:00", "February has no 31st");
        let march = february
            .next_after(utc("2027-02-28T09:00"), Due::Start, None)
            .expect("sound")
            .expect("repeats");
        assert_eq!(march.local, "2027-03-31T09:00", "March has");
    }

    #[test]
    fn a_time_at_which_an_earlier_one_is_not_over_counts_as_missed() {
        let behind = |late, earlier| {
            Schedule {
                late,
                ..at("2026-12-01T09:00", "UTC", Repeats::Daily)
            }
            .due_behind(earlier)
        };
        let up_to = Late::StartUpTo { minutes: 30 };
        for (late, runs, paused) in [
            (up_to, Due::NotYet, Due::Ask),
            (Late::Ask, Due::Ask, Due::Ask),
            (Late::Skip, Due::Skip, Due::Skip),
        ] {
            assert_eq!(behind(late, Earlier::Runs), runs, "{late:?}: it runs");
            assert_eq!(
                behind(late, Earlier::Paused),
                paused,
                "{late:?}: nobody knows for how long"
            );
        }
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
