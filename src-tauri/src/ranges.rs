//! Which part of a file a player asks for (RFC 9110, section 14).
//!
//! One range of bytes is understood. Whatever else a `Range` header may say (several ranges, another unit, nonsense) is as if it
//! were not there, which the standard allows; a range that lies beyond the file is said to. A part has at most [`LARGEST`] bytes,
//! so that a film is never held whole: players ask for the next part by themselves.

use std::ops::Range;

/// The largest part that is given at once, in bytes.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The whole file.
    Whole,
    /// From here to there, both included.
    Between(u64, u64),
    /// From here to the end.
    From(u64),
    /// So many at the end.
    Last(u64),
}

impl Wanted {
    /// As the header says it, if there is one.
    pub fn of(header: Option<&str>) -> Self {
        header
            .and_then(|header| {
                let (unit, range) = header.trim().split_once('=')?;
                unit.trim()
                    .eq_ignore_ascii_case("bytes")
                    .then(|| Self::range(range.trim()))?
            })
            .unwrap_or(Self::Whole)
    }

    fn range(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        match (first, last) {
            ("", last) => Some(Self::Last(number(last)?)),
            (first, "") => Some(Self::From(number(first)?)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::Between(first, last))
            }
        }
    }

    /// Which bytes of a file of this `length` are given; `None` = it has none of these.
    pub fn within(self, length: u64) -> Option<Range<u64>> {
        let (start, end) = match self {
            Self::Whole => return Some(0..length),
            Self::Between(first, last) => (first, last.saturating_add(1).min(length)),
            Self::From(first) => (first, length),
            Self::Last(count) => (length.saturating_sub(count), length),
        };
        (start < end).then(|| start..end.min(start.saturating_add(LARGEST)))
    }
}

/// Only digits: a sign or a space is no number here.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood() {
        for (header, wanted) in [
            ("bytes=0-", Wanted::From(0)),
            ("bytes=0-1", Wanted::Between(0, 1)),
            ("bytes=5-5", Wanted::Between(5, 5)),
            ("bytes=-500", Wanted::Last(500)),
            ("Bytes = 7-9", Wanted::Between(7, 9)),
            (" bytes=7- ", Wanted::From(7)),
            ("bytes=0-18446744073709551615", Wanted::Between(0, u64::MAX)),
        ] {
            assert_eq!(Wanted::of(Some(header)), wanted, "{header:?}");
        }
    }

    #[test]
    fn whatever_else_is_said_is_as_if_it_were_not_there() {
        assert_eq!(Wanted::of(None), Wanted::Whole, "no header");
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=1-0",
            "bytes=0-1,5-6",
            "bytes=0-,-1",
            "bytes=+1-2",
            "bytes=-+2",
            "bytes=--2",
            "bytes=1 - 2",
            "bytes=0x1-0x2",
            "bytes=1.5-2",
            "bytes=99999999999999999999-",
            "bytes=0-99999999999999999999",
            "items=0-1",
            "bytes 0-1",
            "0-1",
            "bytes=٣-٤",
        ] {
            assert_eq!(Wanted::of(Some(header)), Wanted::Whole, "{header:?}");
        }
    }

    #[test]
    fn a_range_lies_within_the_file_or_nowhere() {
        for (wanted, length, range) in [
            (Wanted::Whole, 10, Some(0..10)),
            (Wanted::Whole, 0, Some(0..0)),
            (Wanted::Between(2, 4), 10, Some(2..5)),
            (Wanted::Between(8, 100), 10, Some(8..10)),
            (Wanted::Between(0, u64::MAX), 10, Some(0..10)),
            (Wanted::Between(10, 12), 10, None),
            (Wanted::From(9), 10, Some(9..10)),
            (Wanted::From(10), 10, None),
            (Wanted::From(u64::MAX), 10, None),
            (Wanted::Last(3), 10, Some(7..10)),
            (Wanted::Last(99), 10, Some(0..10)),
            (Wanted::Last(0), 10, None),
            (Wanted::From(0), 0, None),
            (Wanted::Last(1), 0, None),
        ] {
            assert_eq!(wanted.within(length), range, "{wanted:?} of {length}");
        }
    }

    #[test]
    fn no_part_is_larger_than_the_largest() {
        let film = 10 * LARGEST;
        assert_eq!(
            Wanted::From(5).within(film),
            Some(5..5 + LARGEST),
            "the next part is asked for"
        );
        assert_eq!(
            Wanted::Between(0, film).within(film),
            Some(0..LARGEST),
            "however it is asked for"
        );
    }
}
