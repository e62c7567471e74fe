//! Numbers of 64 bits come as numbers, as texts and as `{low, high, unsigned}`; bytes as base64, as lists and as `{"0": n, …}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::UnixMillis;
use serde_json::{Map, Value};

use crate::fields::{self, Fields};

/// A number in any of its forms.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Object(halves) => long(halves),
        _ => None,
    }
}

/// Both halves come as signed numbers of 32 bits.
fn long(halves: &Map<String, Value>) -> Option<f64> {
    let half = |name| halves.get(name).and_then(Value::as_i64);
    let low = half("low")? as u32;
    let high = half("high")? as i32;
    let whole = (i64::from(high) << 32) | i64::from(low);
    let unsigned = halves.get("unsigned") == Some(&Value::Bool(true));
    Some(if unsigned {
        (whole as u64) as f64
    } else {
        whole as f64
    })
}

/// A count that is not negative.
pub(super) fn count(fields: Fields<'_>, name: &str) -> Option<i64> {
    let number = number(fields.value(name)?)?;
    (0.0..=9e15).contains(&number).then_some(number as i64)
}

/// A moment, in seconds or milliseconds.
pub(super) fn time(fields: Fields<'_>, name: &str) -> Option<UnixMillis> {
    fields::time(number(fields.value(name)?))
}

/// A moment as JavaScript writes it, or as a number.
pub(super) fn moment(fields: Fields<'_>, name: &str) -> Option<UnixMillis> {
    let written = fields
        .text(name)
        .and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok())
        .map(|moment| UnixMillis(moment.timestamp_millis()));
    written.or_else(|| time(fields, name))
}

/// No hash, key or wave is longer; a file is never told so.
const MOST_BYTES: usize = 4096;

/// Bytes in any of their forms.
pub(super) fn bytes(value: &Value) -> Option<Vec<u8>> {
    let byte = |value: &Value| value.as_u64().and_then(|byte| u8::try_from(byte).ok());
    match value {
        Value::String(text) => STANDARD.decode(text).ok(),
        Value::Array(list) if list.len() <= MOST_BYTES => list.iter().map(byte).collect(),
        Value::Object(places) if places.len() <= MOST_BYTES => (0..places.len())
            .map(|place| byte(places.get(&place.to_string())?))
            .collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_of_64_bits_is_the_same_in_each_form() {
        for form in [
            json!(2_934_567),
            json!("2934567"),
            json!({ "low": 2_934_567, "high": 0, "unsigned": true }),
        ] {
            assert_eq!(number(&form), Some(2_934_567.0), "{form}");
        }
        let large = json!({ "low": -1, "high": 0, "unsigned": true });
        assert_eq!(
            number(&large),
            Some(4_294_967_295.0),
            "the low half has no sign of its own"
        );
        let negative = json!({ "low": -5, "high": -1, "unsigned": false });
        assert_eq!(number(&negative), Some(-5.0), "the whole has");
        for none in [
            json!({ "low": 1 }),
            json!(null),
            json!([]),
            json!("x"),
            json!("NaN"),
        ] {
            assert_eq!(number(&none), None, "{none} is no number");
        }
    }

    #[test]
    fn bytes_are_the_same_in_each_form() {
        for form in [json!("AQID"), json!([1, 2, 3]), json!({ "0": 1, "1": 2, "2": 3 })] {
            assert_eq!(bytes(&form), Some(vec![1, 2, 3]), "{form}");
        }
        for none in [
            json!([256]),
            json!({ "a": 1 }),
            json!("<byte array 32>"),
            json!(7),
        ] {
            assert_eq!(bytes(&none), None, "{none} is no bytes");
        }
    }
}
