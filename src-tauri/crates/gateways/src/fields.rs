//! The fields of a JSON object, read so that one odd field never costs the rest.
//!
//! The documentation, the help pages and real traffic disagree: seconds come as numbers and as strings, "for ever"
//! does not fit 64 bits, flags may be numbers. A field that cannot be read is as good as absent; what has to be
//! there is asked for by whoever decodes, and the whole event is kept raw when it is not.

use mostrador_domain::UnixMillis;
use serde_json::{Map, Value};

/// The fields of an object.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// Of a value that is an object.
    pub(crate) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// As it came; `null` is absent.
    pub(crate) fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that says something.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The same, to keep.
    pub(crate) fn string(self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A number, or a string that is one.
    pub(crate) fn number(self, name: &str) -> Option<f64> {
        let number = match self.value(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number| number.is_finite())
    }

    /// A whole number that is not negative and fits.
    pub(crate) fn count(self, name: &str) -> Option<u32> {
        count(self.number(name))
    }

    /// A flag, or a number that is one (a pin may be the time at which it was set).
    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => number.as_f64().map(|number| number != 0.0),
            _ => None,
        }
    }

    /// A point in time, in seconds or milliseconds.
    pub(crate) fn time(self, name: &str) -> Option<UnixMillis> {
        time(self.number(name))
    }

    /// An object inside.
    pub(crate) fn object(self, name: &str) -> Option<Fields<'a>> {
        Self::of(self.value(name)?)
    }

    /// A list inside.
    pub(crate) fn list(self, name: &str) -> Option<&'a [Value]> {
        self.value(name)?.as_array().map(Vec::as_slice)
    }

    /// The objects of a list inside.
    pub(crate) fn objects(self, name: &str) -> impl Iterator<Item = Fields<'a>> {
        self.list(name).unwrap_or_default().iter().filter_map(Self::of)
    }

    /// The texts of a list inside.
    pub(crate) fn texts(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.list(name)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
    }

    /// The names of all fields.
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.0.keys().map(String::as_str)
    }
}

/// Above this a time is in milliseconds: as seconds it would lie in the year 5138, as milliseconds in 1973.
const MILLISECONDS_FROM: f64 = 1e11;

/// A point in time from seconds or milliseconds. Before 1970 no message was sent.
pub(crate) fn time(number: Option<f64>) -> Option<UnixMillis> {
    let number = number.filter(|number| *number > 0.0)?;
    let millis = if number > MILLISECONDS_FROM {
        number
    } else {
        number * 1000.0
    };
    // Saturates: "for ever" becomes the last moment that there is.
    Some(UnixMillis(millis as i64))
}

fn count(number: Option<f64>) -> Option<u32> {
    number
        .filter(|number| (0.0..=f64::from(u32::MAX)).contains(number))
        .map(|number| number as u32)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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

    #[test]
    fn a_field_of_another_type_is_absent_and_a_number_may_be_a_text() {
        let value = json!({"text": 5, "empty": "", "null": null, "number": " 12 ", "odd": "x", "flag": 0, "list": {}});
        let fields = Fields::of(&value).expect("an object");
        for name in ["text", "empty", "null", "missing"] {
            assert_eq!(fields.text(name), None, "{name} is no text");
        }
        assert_eq!(
            fields.number("number"),
            Some(12.0),
            "statuses tell seconds as a text"
        );
        assert_eq!(fields.number("odd"), None, "that is no number");
        assert_eq!(fields.flag("flag"), Some(false), "a number may be a flag");
        assert_eq!(fields.list("list"), None, "an object is no list");
    }
}
