//! JSON from outside.
//!
//! Gateways cut names and previews by their own count of characters, and a cut through an emoji leaves half of it:
//! a lone surrogate (`"\ud83c"`) or bytes that are no UTF-8. Strictly that is no text at all, but refusing a page for
//! it would lose every message on it, each time anew. So what cannot be read is mended once, each broken half
//! becoming U+FFFD, and read again.
//!
//! Nesting is read to 128 levels (the reader's own limit, which keeps the stack safe); deeper is no JSON that a
//! gateway means.

use serde_json::Value;

/// The value of JSON from outside, if it is one; half a character in it is mended.
pub fn read(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().or_else(|| {
        let mended = without_lone_surrogates(&String::from_utf8_lossy(bytes));
        serde_json::from_str(&mended).ok()
    })
}

/// The text with each `\uD800`…`\uDFFF` escape that has no other half written as `\uFFFD`.
fn without_lone_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let (piece, length) = escaped(escape);
        mended.push_str(piece);
        rest = escape.get(length..).unwrap_or_default();
    }
    mended.push_str(rest);
    mended
}

/// What the escape at the beginning of `text` becomes, and how long it was.
fn escaped(text: &str) -> (&str, usize) {
    const PAIR: usize = 12;
    const UNIT: usize = 6;
    let whole = |length: usize| text.get(..length).unwrap_or(text);
    match unit(text) {
        Some(0xD800..=0xDBFF) => match text.get(UNIT..).and_then(unit) {
            Some(0xDC00..=0xDFFF) => (whole(PAIR), PAIR),
            _ => ("\\ufffd", UNIT),
        },
        Some(0xDC00..=0xDFFF) => ("\\ufffd", UNIT),
        Some(_) => (whole(UNIT), UNIT),
        None => {
            let length = 1 + text.chars().nth(1).map_or(0, char::len_utf8);
            (whole(length), length)
        }
    }
}

/// The number in `\uXXXX` at the beginning of `text`.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn half_an_emoji_costs_itself_and_not_the_page() {
        let broken = [
            (&br#"{"n":"a\ud83cb"}"#[..], "a\u{fffd}b"),
            (&br#"{"n":"\udf70"}"#[..], "\u{fffd}"),
            (&br#"{"n":"\ud83c\ud83c\udf70"}"#[..], "\u{fffd}\u{1f370}"),
            (&br#"{"n":"\\ud83c \ud83c"}"#[..], "\\ud83c \u{fffd}"),
            (&b"{\"n\":\"a\xf0\x9f\"}"[..], "a\u{fffd}"),
        ];
        for (bytes, expected) in broken {
            assert_eq!(
                read(bytes),
                Some(json!({ "n": expected })),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for bytes in [&b""[..], b"<html>", b"{\"a\":", b"\"\\u12", b"\"\\", b"\xff\xfe"] {
            assert_eq!(read(bytes), None, "nothing to mend");
        }
    }

    #[test]
    fn ten_thousand_levels_are_refused_and_not_a_crash() {
        let lists = "[".repeat(10_000) + &"]".repeat(10_000);
        let objects = "{\"a\":".repeat(10_000) + "1" + &"}".repeat(10_000);
        let open = "[".repeat(1_000_000);
        for text in [lists, objects, open] {
            assert_eq!(read(text.as_bytes()), None, "deeper than anything that is meant");
        }
    }

    proptest! {
        #[test]
        fn mending_changes_nothing_that_is_whole(text in "\\PC{0,20}") {
            let whole = json!({ "n": text }).to_string();
            prop_assert_eq!(without_lone_surrogates(&whole), whole);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\\\ud83cf70\"]{0,40}") {
            let _ = read(&bytes);
            let _ = read(text.as_bytes());
        }
    }
}
