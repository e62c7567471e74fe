use crate::RATE;

/// Hears what a microphone gives, of any rate and number of channels, and gives one channel of [`RATE`].
///
/// Between two samples it draws a straight line. For a voice that is enough: what it adds lies far above it and far below it in
/// strength.
pub struct Ear {
    channels: usize,
    /// Samples of the microphone for one of ours.
    step: f64,
    /// Where our next one lies, counted from `last`.
    at: f64,
    last: Option<f32>,
}

impl Ear {
    /// Of a microphone's channels and samples a second; 0 of either counts as 1.
    pub fn new(channels: u16, rate: u32) -> Self {
        Self {
            channels: usize::from(channels.max(1)),
            step: f64::from(rate.max(1)) / f64::from(RATE),
            at: 0.0,
            last: None,
        }
    }

    /// Adds what was heard (samples of all channels in turn) to `into`. A part of a turn at the end is left out.
    pub fn hear(&mut self, sound: &[f32], into: &mut Vec<f32>) {
        for turn in sound.chunks_exact(self.channels) {
            let next = turn.iter().sum::<f32>() / self.channels as f32;
            let last = self.last.replace(next).unwrap_or(next);
            while self.at < 1.0 {
                into.push(last + (next - last) * self.at as f32);
                self.at += self.step;
            }
            self.at -= 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use proptest::prelude::*;

    use super::{Ear, RATE};

    fn heard(channels: u16, rate: u32, sound: &[f32]) -> Vec<f32> {
        let mut into = Vec::new();
        Ear::new(channels, rate).hear(sound, &mut into);
        into
    }

    fn tone(rate: u32, hertz: f32) -> Vec<f32> {
        (0..rate)
            .map(|at| (at as f32 * hertz * TAU / rate as f32).sin() * 0.5)
            .collect()
    }

    fn rises(sound: &[f32]) -> usize {
        sound
            .windows(2)
            .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
            .count()
    }

    #[test]
    fn a_second_stays_a_second_and_a_tone_its_tone() {
        for rate in [8_000, 16_000, 22_050, 44_100, 48_000, 96_000] {
            let ours = heard(1, rate, &tone(rate, 440.0));
            assert!(
                ours.len().abs_diff(RATE as usize) <= 6,
                "{rate}: {} samples",
                ours.len()
            );
            assert!(rises(&ours).abs_diff(440) <= 1, "{rate}: {}", rises(&ours));
        }
    }

    #[test]
    fn two_channels_are_one_of_both() {
        // The first sample has none before it, so it is its own line's beginning and end.
        let ours = heard(2, RATE, &[1.0, 0.0, -0.5, 0.5, 0.25, 0.75, 0.9]);
        assert_eq!(
            ours,
            [0.5, 0.5, 0.0],
            "the mean of each turn, one later; what is no whole turn is left out"
        );
    }

    proptest! {
        #[test]
        fn it_is_the_same_in_pieces_of_any_size(cut in 1usize..2_000, rate in 4_000u32..200_000) {
            let sound = &tone(8_000, 300.0)[..4_000];
            let mut ear = Ear::new(1, rate);
            let mut pieces = Vec::new();
            for piece in sound.chunks(cut) {
                ear.hear(piece, &mut pieces);
            }
            prop_assert_eq!(pieces, heard(1, rate, sound));
        }
    }
}
