//! `Retry-After`: how long a gateway wants to be left alone.
//!
//! It is written as seconds or as a date. A date is read against the `Date` of the same answer, so that a wrong
//! clock on this computer cannot turn two seconds into an hour; without one it says nothing.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};

/// Nobody waits longer than this on one header's word.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The delay that the answer asks for, if it does.
pub(crate) fn of(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let delay = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let then = httpdate::parse_http_date(text).ok()?;
            then.duration_since(date(headers, DATE)?)
                .unwrap_or(Duration::ZERO)
        }
    };
    Some(delay.min(LONGEST))
}

/// What the gateway's clock showed when it answered, in milliseconds since 1970.
pub(super) fn clock(headers: &HeaderMap) -> Option<i64> {
    let since = date(headers, DATE)?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a plain value")))
            .collect()
    }

    #[test]
    fn seconds_are_taken_as_they_are() {
        let asked = of(&headers(&[(RETRY_AFTER, " 7 ")]));
        assert_eq!(
            asked,
            Some(Duration::from_secs(7)),
            "the header says seven seconds"
        );
    }

    #[test]
    fn a_date_counts_from_the_gateways_own_clock() {
        let asked = of(&headers(&[
            (DATE, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (RETRY_AFTER, "Sun, 06 Nov 1994 08:50:37 GMT"),
        ]));
        assert_eq!(
            asked,
            Some(Duration::from_secs(60)),
            "a minute lies between the two dates"
        );
    }

    #[test]
    fn a_date_without_the_gateways_clock_says_nothing() {
        let asked = of(&headers(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:50:37 GMT")]));
        assert_eq!(asked, None, "our own clock may be wrong");
    }

    #[test]
    fn a_date_in_the_past_means_now_and_nonsense_means_nothing() {
        let past = of(&headers(&[
            (DATE, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (RETRY_AFTER, "Sun, 06 Nov 1994 08:00:00 GMT"),
        ]));
        assert_eq!(past, Some(Duration::ZERO), "the time has come already");
        assert_eq!(of(&headers(&[(RETRY_AFTER, "soon")])), None, "that is no delay");
        assert_eq!(of(&headers(&[])), None, "nothing was asked for");
    }

    #[test]
    fn an_absurd_delay_is_capped() {
        let asked = of(&headers(&[(RETRY_AFTER, "99999999999")]));
        assert_eq!(
            asked,
            Some(LONGEST),
            "a shop must not be silenced for years by one header"
        );
    }
}
