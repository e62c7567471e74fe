//! Days and hours by the clock on the shop's wall, with its changes to summer time and back.
//!
//! An hour that such a change leaves out is never open; one that it repeats is open twice, as the clock shows it.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use mostrador_domain::UnixMillis;

use super::Hours;

/// The calendar of a shop.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// When it writes.
    pub hours: Hours,
}

/// How many days are looked through for an open one. Every week has one, and a day that is full by mistake is rare.
const HORIZON: u64 = 800;

const DAY: i64 = 86_400_000;

/// The last moment of which a calendar speaks: the year 9000.
const LAST: i64 = 221_845_392_000_000;

impl Calendar {
    /// The day that the shop's clock shows at `at`.
    pub fn day_of(&self, at: UnixMillis) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// When the hour of the shop's clock in which `at` lies began.
    pub fn hour_of(&self, at: UnixMillis) -> UnixMillis {
        let into = i64::from(self.offset(at.0)) * 1000;
        UnixMillis(at.0 - (at.0 + into).rem_euclid(3_600_000))
    }

    /// Does the shop write at `at`?
    pub fn is_open(&self, at: UnixMillis) -> bool {
        let local = self.local(at);
        self.hours.hold(local.date_naive(), local.time())
    }

    /// The first moment from `from` on at which the shop writes.
    pub fn opens(&self, from: UnixMillis) -> UnixMillis {
        self.next(from, |_| true)
    }

    /// The first moment from `from` on at which the shop writes, on a day that `has_room`.
    pub(super) fn next(&self, from: UnixMillis, has_room: impl Fn(NaiveDate) -> bool) -> UnixMillis {
        let fits = |at: UnixMillis| {
            let local = self.local(at);
            self.hours.hold(local.date_naive(), local.time()) && has_room(local.date_naive())
        };
        if fits(from) {
            return from;
        }
        let first = self.day_of(from);
        for ahead in 0..HORIZON {
            let Some(day) = first.checked_add_days(Days::new(ahead)) else {
                break;
            };
            let found = self
                .beginnings_near(day)
                .into_iter()
                .find(|at| *at > from && fits(*at));
            if let Some(at) = found {
                return at;
            }
        }
        UnixMillis(from.0.saturating_add(DAY))
    }

    /// The moments around `day` at which a day or the opening hours can begin, in their order.
    fn beginnings_near(&self, day: NaiveDate) -> Vec<UnixMillis> {
        let near = [day.pred_opt(), Some(day), day.succ_opt()];
        let mut beginnings = Vec::with_capacity(9);
        for day in near.into_iter().flatten() {
            for time in [NaiveTime::MIN, self.hours.opens] {
                beginnings.extend(self.moments(day.and_time(time)));
            }
            beginnings.extend(self.change_on(day));
        }
        beginnings.sort_unstable();
        beginnings
    }

    /// When the shop's clock shows `local`: never, once or twice.
    fn moments(&self, local: NaiveDateTime) -> impl Iterator<Item = UnixMillis> {
        let found = self.hours.zone.from_local_datetime(&local);
        let twice = [found.earliest(), found.latest()];
        twice
            .into_iter()
            .flatten()
            .map(|at| UnixMillis(at.timestamp_millis()))
    }

    /// The moment on this day (of UTC) at which the shop's clock is set, if it is.
    fn change_on(&self, day: NaiveDate) -> Option<UnixMillis> {
        let mut before = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        let mut after = before + DAY;
        let old = self.offset(before);
        if old == self.offset(after) {
            return None;
        }
        while after - before > 1 {
            let middle = i64::midpoint(before, after);
            if self.offset(middle) == old {
                before = middle;
            } else {
                after = middle;
            }
        }
        Some(UnixMillis(after))
    }

    fn offset(&self, at: i64) -> i32 {
        self.local(UnixMillis(at)).offset().fix().local_minus_utc()
    }

    fn local(&self, at: UnixMillis) -> DateTime<Tz> {
        let utc: DateTime<Utc> = DateTime::from_timestamp_millis(at.0.clamp(0, LAST)).unwrap_or_default();
        utc.with_timezone(&self.hours.zone)
    }
}
