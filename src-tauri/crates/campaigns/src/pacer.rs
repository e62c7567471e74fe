//! When may the next message of a campaign leave? A function of now, the limits, and what was sent; nothing here waits.
//!
//! | Limit | measured by | what it holds |
//! |---|---|---|
//! | rates | the steady clock | send k starts no earlier than send k−R, plus the window and a margin ([`Pace`]) |
//! | hold | the steady clock | after a 429 nothing starts before the gateway's delay is over |
//! | spacing, jitter | the steady clock | the least time between two sends, and a share of `jitter` more: only ever later |
//! | rest | the steady clock | after every N sends of the campaign a longer pause |
//! | hours, days | the wall clock | only while the shop's own clock shows an open hour of a working day |
//! | daily cap, warm-up | the wall clock | so many on a day of the zone; a young number has a lower cap. What people of the shop write themselves counts too |
//!
//! The latest time wins, and says why.
//!
//! Clocks. The steady clock only rises while the program runs; the wall clock may be set at any moment. Set forward, it opens
//! no window of a rate. Set back, what was sent "later today" or "tomorrow" counts as sent today, and still as sent on
//! the day that the clock showed: no day holds more than its cap, and a date that was wrong holds up that date alone.
//! While the program does not run there is only the wall clock. A new pacer therefore waits out every window of up to
//! [`DOUBT`] before its first send, if anything was sent before; longer windows trust the wall clock over the restart, which is the one
//! exception, and why it is made is told in docs/adr/0008-two-clocks.md.
//!
//! Order of things: the caller asks [`Pacer::next`], claims the recipient's row, calls [`Pacer::started`], makes the call. If it dies in
//! between, the claimed row is part of the [`Past`] that the next pacer reads back: counted, whether it left or not.

mod calendar;
mod limits;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use mostrador_domain::{Pace, UnixMillis};
use serde::{Deserialize, Serialize};

pub use calendar::Calendar;
pub use limits::{DAYS, Hours, Limits, LimitsFault, Rest, WarmStep, WarmUp, WorkDays};

/// Windows of rates up to this length hold whatever was done to the wall clock while the program did not run.
pub const DOUBT: Duration = Duration::from_secs(60);

/// A hold that is read back and ends later than this was noted by a clock that was ahead.
const LONGEST_HOLD: Duration = Duration::from_secs(86_400);

/// The steady clock of a pacer begins this long before the program's, so that what was sent earlier has a place on it.
const BEFORE: Duration = Duration::from_secs(3_653 * 86_400);

/// So many days apart are two dates of the same moment, by a clock that is set by a day either way.
const SET_BY: u64 = 2;

/// A moment, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// What a person reads.
    pub wall: UnixMillis,
    /// How long the program runs: only ever rises.
    pub steady: Duration,
}

/// May a message leave?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// Not before `at`, if nothing changes until then.
    NotBefore {
        /// By the wall clock as it is now.
        at: UnixMillis,
        /// The limit that holds it.
        why: Why,
    },
}

/// Which limit holds a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The least time between two messages.
    Spacing,
    /// The gateway's rate.
    Rate,
    /// A pause after every so many.
    Rest,
    /// The gateway asked for a pause.
    Gateway,
    /// Quiet hours, or no working day.
    Closed,
    /// As many as a day may have.
    DailyCap,
    /// As many as a day of so young a number may have.
    WarmUp,
}

/// What was sent before this pacer began, as the store has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// When the device's newest sends started, in the order in which they did; [`Limits::remembers`] of them are enough.
    pub started: Vec<UnixMillis>,
    /// When what people of the shop wrote to somebody themselves started, as far back as the day before. It counts for the day alone and
    /// waits for nothing; that the gateway's rate holds is its sender's affair.
    pub others: Vec<UnixMillis>,
    /// How many sends of this campaign have started.
    pub in_campaign: u64,
    /// Until when the gateway wants nothing.
    pub held_until: Option<UnixMillis>,
    /// The share of `jitter` after the last of them: 0.0..1.0.
    pub chance: f64,
}

/// The pace of one campaign on one device.
#[derive(Debug, Clone)]
pub struct Pacer {
    limits: Limits,
    rates: Pace,
    /// Nothing starts before this: the gap after the last send.
    gap_ends: Duration,
    rest_ends: Duration,
    held_until: Duration,
    /// What a restart leaves in doubt is over.
    doubt_ends: Duration,
    in_campaign: u64,
    /// Sends by the day on which the wall clock showed them.
    days: BTreeMap<NaiveDate, u32>,
    /// The same of what people of the shop wrote themselves.
    others: BTreeMap<NaiveDate, u32>,
    /// The day that the wall clock showed last.
    today: NaiveDate,
}

impl Pacer {
    /// A pacer within `limits` that goes on after `past`.
    ///
    /// # Errors
    ///
    /// When the limits would never let anything leave.
    pub fn read_back(limits: Limits, past: &Past, now: Now) -> Result<Self, LimitsFault> {
        limits.check()?;
        let mut pacer = Self {
            rates: Pace::new(limits.rates.clone(), Duration::ZERO),
            gap_ends: Duration::ZERO,
            rest_ends: Duration::ZERO,
            held_until: Duration::ZERO,
            doubt_ends: Duration::ZERO,
            in_campaign: past.in_campaign,
            days: BTreeMap::new(),
            others: BTreeMap::new(),
            today: limits.calendar().day_of(now.wall),
            limits,
        };
        pacer.remember(past, now);
        Ok(pacer)
    }

    /// May a message leave now? Asking changes nothing but what is known of the wall clock.
    pub fn next(&mut self, now: Now) -> Turn {
        self.see_day(now.wall);
        let (wait, held_by) = self.by_steady_clock(BEFORE + now.steady);
        let from = later(now.wall, wait);
        let at = self.limits.calendar().next(from, |day| self.has_room(day));
        let why = if at > from { self.closed_by(from) } else { held_by };
        if at > now.wall {
            Turn::NotBefore { at, why }
        } else {
            Turn::Now
        }
    }

    /// Notes that a send starts now; `chance` (0.0..1.0) is the share of the jitter that follows it.
    pub fn started(&mut self, now: Now, chance: f64) {
        self.other_started(now);
        self.in_campaign += 1;
        self.gaps_after(BEFORE + now.steady, chance);
    }

    /// Notes that a send of the device starts now that is another campaign's. It counts for the rates and the day, and makes
    /// neither a gap nor a rest.
    pub fn other_started(&mut self, now: Now) {
        self.see_day(now.wall);
        self.rates.started(BEFORE + now.steady);
        *self.days.entry(self.today).or_default() += 1;
    }

    /// What people of the shop wrote to somebody themselves, in place of what was known of it.
    fn others_are(&mut self, started: &[UnixMillis]) {
        let calendar = self.limits.calendar();
        self.others.clear();
        for at in started {
            *self.others.entry(calendar.day_of(*at)).or_default() += 1;
        }
    }

    /// What counts for the days, read anew: what campaigns sent and what counts otherwise, in place of all that was known of it. What a
    /// campaign sent that is deleted goes from the one into the other, so that only both together are true.
    pub fn days_are(&mut self, past: &Past, wall: UnixMillis) {
        self.today = self.limits.calendar().day_of(wall);
        self.count_days(past);
    }

    /// The gateway wants nothing for `delay`. An earlier wish for longer stays.
    pub fn hold(&mut self, now: Now, delay: Duration) {
        let until = (BEFORE + now.steady).saturating_add(delay);
        self.held_until = self.held_until.max(until);
    }

    /// The calendar of the shop.
    pub fn calendar(&self) -> Calendar {
        self.limits.calendar()
    }

    /// How many count for the day that the wall clock showed last.
    pub fn sent_today(&self) -> u32 {
        self.sent_on(self.today)
    }

    fn remember(&mut self, past: &Past, now: Now) {
        let steady = BEFORE + now.steady;
        let placed = ages(&past.started, now.wall)
            .into_iter()
            .map(|age| steady.saturating_sub(age));
        let placed: Vec<_> = placed.collect();
        for at in &placed {
            self.rates.started(*at);
        }
        if let Some(last) = placed.last() {
            self.gaps_after(*last, past.chance);
            self.doubt_ends = steady + self.limits.longest_window_within(DOUBT);
        }
        if let Some(until) = past.held_until {
            self.hold(now, until.since(now.wall).min(LONGEST_HOLD));
        }
        self.count_days(past);
    }

    fn count_days(&mut self, past: &Past) {
        let calendar = self.limits.calendar();
        self.days.clear();
        for started in &past.started {
            *self.days.entry(calendar.day_of(*started)).or_default() += 1;
        }
        self.count_later_days_today();
        self.others_are(&past.others);
    }

    fn gaps_after(&mut self, last: Duration, chance: f64) {
        let share = if chance.is_finite() {
            chance.clamp(0.0, 1.0)
        } else {
            1.0
        };
        self.gap_ends = last + self.limits.spacing + self.limits.jitter.mul_f64(share);
        if let Some(rest) = self.limits.rest
            && self.in_campaign > 0
            && self.in_campaign.is_multiple_of(u64::from(rest.every))
        {
            self.rest_ends = last + rest.lasts;
        }
    }

    fn see_day(&mut self, wall: UnixMillis) {
        let day = self.limits.calendar().day_of(wall);
        let set_back = day < self.today;
        self.today = day;
        if set_back {
            self.count_later_days_today();
        }
    }

    /// What the clock says is sent on a later day may have been sent today; it keeps its day too.
    fn count_later_days_today(&mut self) {
        let later: u32 = self
            .days
            .iter()
            .filter(|(day, _)| **day > self.today)
            .map(|(_, sent)| *sent)
            .sum();
        if later > 0 {
            *self.days.entry(self.today).or_default() += later;
        }
    }

    fn by_steady_clock(&self, steady: Duration) -> (Duration, Why) {
        let held = [
            (self.gap_ends, Why::Spacing),
            (self.rates.next_start(steady).max(self.doubt_ends), Why::Rate),
            (self.rest_ends, Why::Rest),
            (self.held_until, Why::Gateway),
        ];
        let (until, why) = held.into_iter().max().unwrap_or((steady, Why::Spacing));
        (until.saturating_sub(steady), why)
    }

    fn has_room(&self, day: NaiveDate) -> bool {
        let sent = self.sent_on(day);
        self.limits.cap_on(day).is_none_or(|(cap, _)| sent < cap)
    }

    /// Of what people wrote themselves, what a clock that is set by a day may have shown as later counts too.
    fn sent_on(&self, day: NaiveDate) -> u32 {
        let last = day.checked_add_days(Days::new(SET_BY)).unwrap_or(day);
        let others: u32 = self.others.range(day..=last).map(|(_, sent)| *sent).sum();
        let sent = self.days.get(&day).copied().unwrap_or(0);
        sent.saturating_add(others)
    }

    fn closed_by(&self, at: UnixMillis) -> Why {
        let calendar = self.limits.calendar();
        match self.limits.cap_on(calendar.day_of(at)) {
            Some((_, why)) if calendar.is_open(at) => why,
            _ => Why::Closed,
        }
    }
}

/// How long ago each of `started` was: never in the future, and never less long ago than the one after it.
fn ages(started: &[UnixMillis], now: UnixMillis) -> Vec<Duration> {
    let mut ages: Vec<_> = started.iter().map(|at| now.since(*at)).collect();
    let mut youngest = Duration::ZERO;
    for age in ages.iter_mut().rev() {
        youngest = youngest.max(*age);
        *age = youngest;
    }
    ages
}

/// `at`, later by `wait`, in whole milliseconds: never too early.
fn later(at: UnixMillis, wait: Duration) -> UnixMillis {
    let whole = Duration::from_millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    let up = if whole < wait {
        Duration::from_millis(1)
    } else {
        Duration::ZERO
    };
    at.after(whole.saturating_add(up))
}

#[cfg(test)]
mod tests;
