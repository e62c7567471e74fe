//! What happened in each hour, day or month: no more bars than can be told apart, and none left out between two others.

use chrono::{Datelike, Days, Months, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use mostrador_domain::UnixMillis;

use crate::figures::Hour;
use crate::local;

const HOUR: i64 = 3_600_000;
/// More hours than this are told by days.
const MOST_HOURS: i64 = 48;
/// More days than this are told by months.
const MOST_DAYS: i64 = 92;

/// How long the time of a bar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    Hour,
    Day,
    Month,
}

/// What happened in the time of one bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// When it began, on the shop's wall.
    pub(crate) at: NaiveDateTime,
    /// Sent, read, replied, failed.
    pub(crate) counts: [u64; 4],
}

/// The bars of `hours`, in their order.
pub(crate) fn spans(hours: &[Hour], zone: Tz) -> (Grain, Vec<Span>) {
    let seen: Vec<(&Hour, NaiveDateTime)> = hours
        .iter()
        .filter_map(|hour| Some((hour, local::wall(hour.at, zone)?)))
        .collect();
    let (Some(first), Some(last)) = (
        seen.iter().map(|(hour, _)| hour.at).min(),
        seen.iter().map(|(hour, _)| hour.at).max(),
    ) else {
        return (Grain::Hour, Vec::new());
    };
    let grain = grain(first, last);
    let mut bars = empty(first, last, zone, grain);
    for (hour, wall) in seen {
        let place = match grain {
            // Counted by the clock that does not jump: the hour that comes twice in autumn has two bars.
            Grain::Hour => usize::try_from((hour.at.0 - first.0).div_euclid(HOUR)).ok(),
            Grain::Day | Grain::Month => {
                let at = start_of(wall, grain);
                bars.binary_search_by_key(&at, |bar| bar.at).ok()
            }
        };
        if let Some(bar) = place.and_then(|place| bars.get_mut(place)) {
            let counts = [hour.sent, hour.read, hour.replied, hour.failed];
            for (sum, count) in bar.counts.iter_mut().zip(counts) {
                *sum += u64::from(count);
            }
        }
    }
    (grain, bars)
}

fn grain(first: UnixMillis, last: UnixMillis) -> Grain {
    let hours = (last.0 - first.0).div_euclid(HOUR) + 1;
    if hours <= MOST_HOURS {
        Grain::Hour
    } else if hours <= MOST_DAYS * 24 {
        Grain::Day
    } else {
        Grain::Month
    }
}

fn empty(first: UnixMillis, last: UnixMillis, zone: Tz, grain: Grain) -> Vec<Span> {
    let bar = |at| Span { at, counts: [0; 4] };
    if grain == Grain::Hour {
        let count = (last.0 - first.0).div_euclid(HOUR);
        return (0..=count)
            .filter_map(|place| local::wall(UnixMillis(first.0 + place * HOUR), zone).map(bar))
            .collect();
    }
    let (Some(mut at), Some(end)) = (local::wall(first, zone), local::wall(last, zone)) else {
        return Vec::new();
    };
    at = start_of(at, grain);
    let mut bars = Vec::new();
    while at <= end {
        bars.push(bar(at));
        let next = match grain {
            Grain::Month => at.checked_add_months(Months::new(1)),
            Grain::Hour | Grain::Day => at.checked_add_days(Days::new(1)),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    bars
}

fn start_of(at: NaiveDateTime, grain: Grain) -> NaiveDateTime {
    let day = match grain {
        Grain::Month => at.date().with_day(1).unwrap_or(at.date()),
        Grain::Hour | Grain::Day => at.date(),
    };
    let hour = if grain == Grain::Hour { at.hour() } else { 0 };
    day.and_hms_opt(hour, 0, 0).unwrap_or(at)
}
