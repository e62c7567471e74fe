//! How long to wait after failures: 2 s, 4 s, 8 s … up to 5 minutes, each a fifth shorter or longer by chance, so that many
//! devices do not come back at the same moment.

use std::time::Duration;

use crate::chance::{Chance, fraction};

const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(300);
/// The same, a fifth longer by chance.
pub(crate) const AT_MOST: Duration = Duration::from_secs(360);

/// The wait after `failures` failures in a row; none = no wait.
pub(crate) fn delay(failures: u32, chance: &dyn Chance) -> Duration {
    let Some(doublings) = failures.checked_sub(1) else {
        return Duration::ZERO;
    };
    let plain = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
    plain.mul_f64(0.8 + 0.4 * fraction(chance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededChance;

    #[test]
    fn waits_double_up_to_five_minutes_give_or_take_a_fifth() {
        let chance = SeededChance::new(1);
        assert_eq!(delay(0, &chance), Duration::ZERO, "no failure, no wait");
        for (failures, seconds) in [
            (1, 2),
            (2, 4),
            (5, 32),
            (8, 256),
            (9, 300),
            (40, 300),
            (u32::MAX, 300),
        ] {
            for _ in 0..50 {
                let waited = delay(failures, &chance);
                assert!(waited <= AT_MOST, "{failures} failures: {waited:?}");
                let waited = waited.as_secs_f64();
                let plain = f64::from(seconds);
                assert!(
                    (plain * 0.8..=plain * 1.2).contains(&waited),
                    "{failures} failures: {waited} s, around {plain} s"
                );
            }
        }
    }
}
