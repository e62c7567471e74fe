//! Readers of single fields that forgive what the gateway does with types.
//!
//! Seconds come as numbers and as strings, "for ever" does not fit 64 bits, flags may be numbers. A field that
//! cannot be read is as good as absent: what has to be there is asked for by whoever decodes, and the whole event
//! is kept raw when it is not.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use mostrador_domain::UnixMillis;

/// A text that says something.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    })
}

/// A number, or a string that is one.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number| number.is_finite()))
}

/// A flag, or a number that is one (a pin may be the time at which it was set).
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Bool(flag) => Some(flag),
        Value::Number(number) => number.as_f64().map(|number| number != 0.0),
        _ => None,
    })
}

/// An object of a known shape; a list is none, though its items could be taken for fields.
pub(super) fn object<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(read(&Value::deserialize(from)?))
}

/// The same, of a value at hand.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    if value.is_object() {
        T::deserialize(value).ok()
    } else {
        None
    }
}

/// Above this a time is in milliseconds: as seconds it would lie in the year 5138, as milliseconds in 1973.
const MILLISECONDS_FROM: f64 = 1e11;

/// A point in time from seconds or milliseconds. Before 1970 no message was sent.
pub(super) fn time(number: Option<f64>) -> Option<UnixMillis> {
    let number = number.filter(|number| *number > 0.0)?;
    let millis = if number > MILLISECONDS_FROM {
        number
    } else {
        number * 1000.0
    };
    // Saturates: "for ever" becomes the last moment that there is.
    Some(UnixMillis(millis as i64))
}

/// A whole number that is not negative.
pub(super) fn count(number: Option<f64>) -> Option<u32> {
    number
        .filter(|number| (0.0..=f64::from(u32::MAX)).contains(number))
        .map(|number| number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_milliseconds_are_the_same_moment() {
        assert_eq!(
            time(Some(1_712_995_245.0)),
            Some(UnixMillis(1_712_995_245_000)),
            "messages count seconds"
        );
        assert_eq!(
            time(Some(1_713_201_800_123.0)),
            Some(UnixMillis(1_713_201_800_123)),
            "calls count milliseconds"
        );
    }

    #[test]
    fn for_ever_does_not_overflow() {
        assert_eq!(
            time(Some(18_446_744_073_709_552_000.0)),
            Some(UnixMillis(i64::MAX)),
            "2^64 does not fit"
        );
    }

    #[test]
    fn no_time_is_no_time() {
        for none in [None, Some(0.0), Some(-5.0)] {
            assert_eq!(time(none), None, "{none:?} is no moment at which somebody wrote");
        }
    }

    #[test]
    fn a_count_that_does_not_fit_is_not_told() {
        assert_eq!(count(Some(7.0)), Some(7), "seven is seven");
        for none in [None, Some(-1.0), Some(1e10)] {
            assert_eq!(count(none), None, "{none:?} counts nothing");
        }
    }
}
