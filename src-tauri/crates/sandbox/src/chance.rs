//! Chance that can be repeated: the same seed gives the same world.
//!
//! A small counter-based generator (SplitMix64, published by Steele, Lea and Flood in 2014) is enough here: it
//! chooses prices, replies and identifiers of invented people. It must never be used for a secret; the access
//! token comes from the operating system.

use serde::{Deserialize, Serialize};

const ID_LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A repeatable source of choices. Saved with the world, so that a restart goes on where it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    /// A source that always gives the same sequence for the same seed.
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..limit`; `limit` 0 gives 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next() % limit }
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// One of `choices`, or the default of its type when there is none.
    pub(crate) fn one_of<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let index = self.below(choices.len() as u64) as usize;
        choices.get(index).copied().unwrap_or_default()
    }

    /// `length` letters and digits.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(ID_LETTERS[self.below(62) as usize]))
            .collect()
    }

    /// `length` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        (0..length)
            .filter_map(|_| char::from_digit(self.below(16) as u32, 16))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_seed_gives_the_same_letters() {
        let (mut one, mut other) = (Chance::from_seed(7), Chance::from_seed(7));
        assert_eq!(
            one.letters(40),
            other.letters(40),
            "a seed must settle every later choice"
        );
    }

    #[test]
    fn another_seed_gives_other_letters() {
        let (mut one, mut other) = (Chance::from_seed(7), Chance::from_seed(8));
        assert_ne!(
            one.letters(40),
            other.letters(40),
            "two seeds must not share a world"
        );
    }
}
