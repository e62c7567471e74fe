//! The limits of a campaign, as the shop sets them and the gateway has them.

use std::time::Duration;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use mostrador_domain::{RateLimit, UnixMillis};
use serde::{Deserialize, Serialize};

use super::{Calendar, Why};

/// So many full days are remembered: the clock may be set by a day either way, and back.
pub const DAYS: u32 = 4;

/// All that holds a campaign back. Several hold at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// What the gateway takes.
    pub rates: Vec<RateLimit>,
    /// The least time between two messages.
    pub spacing: Duration,
    /// At most so much more, by chance.
    pub jitter: Duration,
    /// A pause after every so many.
    pub rest: Option<Rest>,
    /// When the shop writes.
    pub hours: Hours,
    /// At most so many a day.
    pub daily_cap: Option<u32>,
    /// Fewer a day while the number is young.
    pub warm_up: Option<WarmUp>,
}

/// A pause of `lasts` after every `every` messages of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// After how many.
    pub every: u32,
    /// How long.
    pub lasts: Duration,
}

/// When the shop writes, by the clock on its wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The IANA zone of that clock.
    pub zone: Tz,
    /// On which days.
    pub days: WorkDays,
    /// From this time of the day.
    pub opens: NaiveTime,
    /// Until before this; an earlier one is of the small hours, the same one is the whole day.
    pub closes: NaiveTime,
}

/// Days of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkDays(pub [bool; 7]);

/// Caps by the age of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarmUp {
    /// Since when the number is in use.
    pub since: UnixMillis,
    /// From the youngest age to the oldest.
    pub steps: Vec<WarmStep>,
}

/// From an age on, at most so many a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarmStep {
    /// Days of the zone since the number is in use.
    pub from_day: u32,
    /// None: no cap by age any more.
    pub per_day: Option<u32>,
}

/// Why limits would never let anything leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum LimitsFault {
    /// No day of the week is a working day.
    #[error("no working day")]
    NoWorkingDay,
    /// A cap of nothing a day.
    #[error("a daily cap of zero")]
    NothingADay,
    /// A pause after every zero messages.
    #[error("a pause after every zero messages")]
    RestAfterNone,
    /// A zone that is not in the IANA list.
    #[error("unknown time zone")]
    UnknownZone,
}

impl LimitsFault {
    /// The word by which it is told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoWorkingDay => "no_working_day",
            Self::NothingADay => "nothing_a_day",
            Self::RestAfterNone => "rest_after_none",
            Self::UnknownZone => "unknown_zone",
        }
    }
}

impl WorkDays {
    /// All seven.
    pub const ALL: Self = Self([true; 7]);

    /// Is `day` one of them?
    pub fn holds(self, day: Weekday) -> bool {
        let [mon, tue, wed, thu, fri, sat, sun] = self.0;
        match day {
            Weekday::Mon => mon,
            Weekday::Tue => tue,
            Weekday::Wed => wed,
            Weekday::Thu => thu,
            Weekday::Fri => fri,
            Weekday::Sat => sat,
            Weekday::Sun => sun,
        }
    }
}

impl Hours {
    /// At any time, by the clock of `zone`.
    pub fn always(zone: Tz) -> Self {
        Self {
            zone,
            days: WorkDays::ALL,
            opens: NaiveTime::MIN,
            closes: NaiveTime::MIN,
        }
    }

    /// The zone with an IANA name, as `America/Lima`.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn zone_named(name: &str) -> Result<Tz, LimitsFault> {
        name.parse().map_err(|_| LimitsFault::UnknownZone)
    }

    /// Does the shop write on this day, at this time of it?
    pub fn hold(&self, day: NaiveDate, time: NaiveTime) -> bool {
        let whole_day = self.opens == self.closes;
        let in_hours = if self.opens < self.closes {
            time >= self.opens && time < self.closes
        } else {
            whole_day || time >= self.opens || time < self.closes
        };
        in_hours && self.days.holds(day.weekday())
    }
}

impl WarmUp {
    /// The usual steps: 20 a day at first, 50 after three days, 100 after a week, 250 after two, none after thirty days.
    pub fn usual(since: UnixMillis) -> Self {
        let step = |from_day, per_day| WarmStep { from_day, per_day };
        let steps = vec![
            step(0, Some(20)),
            step(3, Some(50)),
            step(7, Some(100)),
            step(14, Some(250)),
            step(30, None),
        ];
        Self { since, steps }
    }

    /// The cap of a number that is `days` old. Younger than the first step is as the first step.
    pub fn cap_at(&self, days: i64) -> Option<u32> {
        let reached = self
            .steps
            .iter()
            .rev()
            .find(|step| i64::from(step.from_day) <= days);
        reached.or(self.steps.first()).and_then(|step| step.per_day)
    }
}

impl Limits {
    /// Only the hours; nothing else holds anything back.
    pub fn only(hours: Hours) -> Self {
        Self {
            rates: Vec::new(),
            spacing: Duration::ZERO,
            jitter: Duration::ZERO,
            rest: None,
            hours,
            daily_cap: None,
            warm_up: None,
        }
    }

    /// How many of the newest sends a new pacer has to know: a window's, and those of the last full days ([`DAYS`]).
    pub fn remembers(&self) -> usize {
        let rates = self.rates.iter().map(|limit| limit.count.max(1));
        let steps = self.warm_up.iter().flat_map(|warm_up| &warm_up.steps);
        let caps = steps.filter_map(|step| step.per_day).chain(self.daily_cap);
        let most = rates
            .chain(caps.map(|cap| cap.saturating_mul(DAYS)))
            .max()
            .unwrap_or(1);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    /// Is there a cap of the day at `now`, or of a later one?
    pub fn count_days(&self, now: UnixMillis) -> bool {
        let day = self.calendar().day_of(now);
        self.cap_on(day).is_some()
            || self.warm_up.as_ref().is_some_and(|warm_up| {
                let mut later = warm_up.steps.iter().filter(|step| step.per_day.is_some());
                later.any(|step| i64::from(step.from_day) > self.age_on(day, warm_up))
            })
    }

    /// The calendar of the shop.
    pub fn calendar(&self) -> Calendar {
        Calendar { hours: self.hours }
    }

    /// Would these limits ever let anything leave?
    ///
    /// # Errors
    ///
    /// When they would not.
    pub fn check(&self) -> Result<(), LimitsFault> {
        if self.hours.days.0 == [false; 7] {
            return Err(LimitsFault::NoWorkingDay);
        }
        let steps = self.warm_up.iter().flat_map(|warm_up| &warm_up.steps);
        if steps
            .filter_map(|step| step.per_day)
            .chain(self.daily_cap)
            .any(|cap| cap == 0)
        {
            return Err(LimitsFault::NothingADay);
        }
        if self.rest.is_some_and(|rest| rest.every == 0) {
            return Err(LimitsFault::RestAfterNone);
        }
        Ok(())
    }

    /// The cap of a day and which limit sets it.
    pub(super) fn cap_on(&self, day: NaiveDate) -> Option<(u32, Why)> {
        let young = self
            .warm_up
            .as_ref()
            .and_then(|warm_up| warm_up.cap_at(self.age_on(day, warm_up)));
        let caps = [
            self.daily_cap.map(|cap| (cap, Why::DailyCap)),
            young.map(|cap| (cap, Why::WarmUp)),
        ];
        caps.into_iter().flatten().min()
    }

    /// How many days old a number is.
    fn age_on(&self, day: NaiveDate, warm_up: &WarmUp) -> i64 {
        let first = self.calendar().day_of(warm_up.since);
        day.signed_duration_since(first).num_days()
    }

    /// The longest window of a rate that is no longer than `most`, with its margin; zero if there is none.
    pub(super) fn longest_window_within(&self, most: Duration) -> Duration {
        let windows = self
            .rates
            .iter()
            .map(|limit| limit.window)
            .filter(|window| *window <= most);
        windows
            .max()
            .map_or(Duration::ZERO, |window| window + mostrador_domain::pace::MARGIN)
    }
}
