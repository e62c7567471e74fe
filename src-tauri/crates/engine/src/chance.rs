//! Randomness is passed in. This is its one home.

use std::sync::{Mutex, PoisonError};

/// Where random bytes come from.
pub trait Chance: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's own source, fit for secrets.
#[derive(Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        // Without a source of randomness no secret can be made: going on would be worse than stopping.
        #[allow(
            clippy::disallowed_methods,
            clippy::expect_used,
            reason = "an operating system without randomness cannot run this program"
        )]
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// A repeatable source (SplitMix64): for tests.
pub struct SeededChance(Mutex<u64>);

impl SeededChance {
    /// The source that begins at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (z ^ (z >> 31)).to_le_bytes();
            for (byte, random) in chunk.iter_mut().zip(word) {
                *byte = random;
            }
        }
    }
}

/// A new secret of 128 bits, as 32 hexadecimal digits.
pub fn secret_word(chance: &dyn Chance) -> String {
    let mut bytes = [0_u8; 16];
    chance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number in 0.0..1.0.
pub fn fraction(chance: &dyn Chance) -> f64 {
    let mut bytes = [0_u8; 4];
    chance.fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}
