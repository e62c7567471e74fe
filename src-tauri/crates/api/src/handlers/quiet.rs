//! Do not disturb.

use std::time::Duration;

use chrono::{DateTime, Days, Local, NaiveTime, TimeZone};
use mostrador_domain::UnixMillis;
use mostrador_engine::notify::Quiet;
use mostrador_store::StoreError;
use mostrador_store::tables::setting;

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

const HOUR: Duration = Duration::from_secs(3_600);
/// When a shop's day begins, as for chats that are put off until tomorrow.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(nine) => nine,
    None => NaiveTime::MIN,
};

pub(crate) async fn get(shop: &Shop, _: NoArgs) -> Result<QuietView, ApiError> {
    let word = shop
        .engine()
        .store()
        .read(|connection| setting::get(connection, Quiet::SETTING))
        .await?;
    let quiet = Quiet::from_word(word.as_deref());
    Ok(quiet.at(shop.engine().clock().now()).into())
}

pub(crate) async fn set(shop: &Shop, args: QuietSet) -> Result<QuietView, ApiError> {
    let now = shop.engine().clock().now();
    let quiet = match args.choice {
        QuietChoice::Off => Quiet::Off,
        QuietChoice::Hour => Quiet::Until(now.after(HOUR)),
        QuietChoice::Tomorrow => Quiet::Until(tomorrow_morning(&Local, now)),
        QuietChoice::On => Quiet::On,
    };
    shop.engine()
        .store()
        .write(move |writing| {
            setting::set(writing, Quiet::SETTING, &quiet.word())?;
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(quiet.into())
}

/// The morning of the calendar's next day in `zone`. Where the clocks are changed just then, the day's length decides.
fn tomorrow_morning<Zone: TimeZone>(zone: &Zone, now: UnixMillis) -> UnixMillis {
    let in_a_day = now.after(24 * HOUR);
    let local = DateTime::from_timestamp_millis(now.0).map(|now| now.with_timezone(zone).date_naive());
    let morning = local
        .and_then(|today| today.checked_add_days(Days::new(1)))
        .and_then(|tomorrow| zone.from_local_datetime(&tomorrow.and_time(MORNING)).earliest());
    morning.map_or(in_a_day, |morning| UnixMillis(morning.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use chrono::FixedOffset;

    use super::*;

    #[test]
    fn tomorrow_is_the_next_days_morning_where_the_shop_is() {
        let lima = FixedOffset::west_opt(5 * 3_600).expect("a zone");
        let at = |text: &str| {
            let moment = DateTime::parse_from_rfc3339(text).expect("a moment");
            UnixMillis(moment.timestamp_millis())
        };
        for (now, morning) in [
            ("2026-11-28T18:30:00-05:00", "2026-11-29T09:00:00-05:00"),
            ("2026-11-28T00:10:00-05:00", "2026-11-29T09:00:00-05:00"),
            ("2026-11-28T23:59:59-05:00", "2026-11-29T09:00:00-05:00"),
            ("2026-12-31T12:00:00-05:00", "2027-01-01T09:00:00-05:00"),
        ] {
            assert_eq!(tomorrow_morning(&lima, at(now)), at(morning), "at {now}");
        }
    }
}
