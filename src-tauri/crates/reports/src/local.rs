//! Times in the shop's zone.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use mostrador_domain::UnixMillis;

/// The clock on the shop's wall. `None`: no calendar reaches that far.
pub(crate) fn wall(at: UnixMillis, zone: Tz) -> Option<NaiveDateTime> {
    let local = DateTime::from_timestamp_millis(at.0)?
        .with_timezone(&zone)
        .naive_local();
    (1..=9999).contains(&local.year()).then_some(local)
}

/// `2026-11-28 13:05:09`: what every spreadsheet takes for a time, and what sorts.
pub(crate) fn sortable(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// `28 nov 2026, 13:05`.
pub(crate) fn spoken(at: NaiveDateTime, months: &[&str; 12]) -> String {
    format!(
        "{} {} {}, {:02}:{:02}",
        at.day(),
        month(at, months),
        at.year(),
        at.hour(),
        at.minute()
    )
}

/// `nov`.
pub(crate) fn month<'a>(at: NaiveDateTime, months: &[&'a str; 12]) -> &'a str {
    let place = usize::try_from(at.month0()).unwrap_or(0);
    months.get(place).copied().unwrap_or_default()
}
