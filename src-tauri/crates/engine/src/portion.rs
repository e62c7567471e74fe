//! How many rows go in one transaction: as many as hold the store's one writer for a moment, judged by what the last ones took. Who waits
//! for the writer has their turn between two of them, on a slow disk too.

use std::time::Duration;

/// The first, before anything is known of the machine.
const FIRST: u32 = 100;
/// So few always go: each transaction costs something itself.
const LEAST: u32 = 25;
/// So many go at the most.
const MOST: u32 = 500;
/// What takes longer is made smaller.
const LONG: Duration = Duration::from_millis(40);
/// What takes no longer can be larger.
const SHORT: Duration = Duration::from_millis(15);

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Portion(u32);

impl Default for Portion {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Portion {
    /// So many rows go next.
    pub(crate) fn rows(self) -> u32 {
        self.0
    }

    /// The last ones took so long, with their commit.
    pub(crate) fn took(&mut self, time: Duration) {
        if time > LONG {
            self.0 = (self.0 / 2).max(LEAST);
        } else if time <= SHORT {
            self.0 = (self.0 * 2).min(MOST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_is_made_smaller_and_what_is_quick_larger_within_bounds() {
        let mut portion = Portion::default();
        for _ in 0..9 {
            portion.took(Duration::from_millis(3));
        }
        assert_eq!(portion.rows(), MOST, "a quick machine takes the most");
        portion.took(Duration::from_millis(90));
        assert_eq!(portion.rows(), MOST / 2, "one that took too long is halved");
        portion.took(Duration::from_millis(25));
        assert_eq!(portion.rows(), MOST / 2, "what is right stays");
        for _ in 0..9 {
            portion.took(Duration::from_secs(1));
        }
        assert_eq!(portion.rows(), LEAST, "a slow one still comes to an end");
    }
}
