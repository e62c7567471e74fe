//! Throws of a seeded die.

use std::time::Duration;

use mostrador_engine::chance::{Chance, SeededChance, fraction};

/// A repeatable row of throws.
pub(crate) struct Dice(SeededChance);

impl Dice {
    /// The row of `seed` that belongs to `name`: two rows of one seed have nothing to do with each other.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let mixed = name.bytes().fold(seed, |mixed, byte| {
            mixed.wrapping_mul(0x100_0000_01B3) ^ u64::from(byte)
        });
        Self(SeededChance::new(mixed))
    }

    /// 0 to `sides - 1`; 0 for no sides.
    pub(crate) fn below(&self, sides: usize) -> usize {
        let mut bytes = [0_u8; 8];
        self.0.fill(&mut bytes);
        let thrown = u64::from_le_bytes(bytes);
        usize::try_from(thrown.checked_rem(sides as u64).unwrap_or_default()).unwrap_or_default()
    }

    /// True so often of a hundred times.
    pub(crate) fn percent(&self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// A span up to `longest`.
    pub(crate) fn span(&self, longest: Duration) -> Duration {
        longest.mul_f64(fraction(&self.0))
    }

    /// One of several.
    pub(crate) fn one_of<'a, T>(&self, several: &'a [T]) -> Option<&'a T> {
        several.get(self.below(several.len()))
    }
}
