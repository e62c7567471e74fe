//! Where a poll goes on that was cut short: kept in the store, so that a gateway that gives only some pages at a time, or a program
//! that ends in between, still gets to the end of a long gap.
//!
//! Messages that come in meanwhile push a list down, so nothing is passed over by going on at the same place. What vanishes from a
//! list pulls it up; what is passed over by that is found when a poll looks far back.

use std::fmt;

use mostrador_domain::UnixMillis;

/// Where a poll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Since when news was asked for.
    pub(super) since: Option<UnixMillis>,
    /// How much of the list is stored.
    pub(super) offset: u32,
    /// When the newest message of it was written.
    pub(super) newest: Option<UnixMillis>,
}

impl Mark {
    /// The beginning of a list.
    pub(super) fn start(since: Option<UnixMillis>) -> Self {
        Self {
            since,
            offset: 0,
            newest: None,
        }
    }

    /// What [`fmt::Display`] wrote; anything else is no mark.
    pub(super) fn read(written: &str) -> Option<Self> {
        let mut words = written.split(' ');
        let mark = Self {
            offset: words.next()?.parse().ok()?,
            since: time(words.next()?)?,
            newest: time(words.next()?)?,
        };
        words.next().is_none().then_some(mark)
    }
}

fn time(word: &str) -> Option<Option<UnixMillis>> {
    match word {
        "-" => Some(None),
        number => Some(Some(UnixMillis(number.parse().ok()?))),
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.offset)?;
        for time in [self.since, self.newest] {
            match time {
                Some(time) => write!(f, " {}", time.0)?,
                None => f.write_str(" -")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_and_nothing_else_is_one() {
        let whole = Mark {
            since: Some(UnixMillis(-5)),
            offset: 300,
            newest: Some(UnixMillis(1_790_000_000_000)),
        };
        for mark in [whole, Mark::start(None)] {
            assert_eq!(Mark::read(&mark.to_string()), Some(mark), "as it was written");
        }
        for wrong in [
            "",
            "mark-7",
            "100",
            "100 1",
            "100 1 2 3",
            "-1 - -",
            "100 a -",
            "100  -",
        ] {
            assert_eq!(Mark::read(wrong), None, "{wrong:?} is no mark");
        }
    }
}
