//! What goes out: JSON as the vendor writes it.
//!
//! The one difference to any other JSON: a whole number too big for 64 bits is written in digits
//! (`18446744073709552000`, which is how that gateway says *for ever*) and not with an exponent.

use std::io;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize as _;
use serde_json::{Serializer, Value, json, ser::Formatter};

/// An answer in the dialect.
pub(super) struct Said(pub(super) Value);

/// The answer to what was done and has nothing to show.
pub(super) fn done() -> Said {
    Said(json!({ "success": true }))
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        let headers = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        (StatusCode::OK, headers, written(&self.0)).into_response()
    }
}

/// A value in the vendor's spelling.
pub(crate) fn written(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Serializer::with_formatter(&mut bytes, InDigits);
    match value.serialize(&mut writer) {
        Ok(()) => bytes,
        // A value always has a spelling, and memory takes whatever is written to it.
        Err(_) => Vec::new(),
    }
}

struct InDigits;

impl Formatter for InDigits {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.fract() == 0.0 && value.abs() >= 1e15 {
            // Shortest digits that mean this number, then zeros: as JavaScript does it.
            let digits = format!("{value:e}");
            let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
            let length = exponent.parse::<usize>().unwrap_or(0) + 1;
            let (sign, mantissa) = mantissa
                .strip_prefix('-')
                .map_or(("", mantissa), |bare| ("-", bare));
            let significant = mantissa.replace('.', "");
            return write!(writer, "{sign}{significant:0<length$}");
        }
        if value.fract() == 0.0 {
            write!(writer, "{value:.0}")
        } else {
            write!(writer, "{value}")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::written;

    #[test]
    fn for_ever_is_written_in_digits_beyond_64_bits() {
        let text = String::from_utf8(written(&json!({ "mute_until": 18_446_744_073_709_551_615_f64 })));
        assert_eq!(
            text.as_deref(),
            Ok(r#"{"mute_until":18446744073709552000}"#),
            "seen so on the wire; it fits no integer of 64 bits"
        );
        let text = String::from_utf8(written(&json!([1.5, 65.0, 7])));
        assert_eq!(
            text.as_deref(),
            Ok("[1.5,65,7]"),
            "other numbers are as JavaScript writes them"
        );
    }
}
