//! How loud a voice message of ours is over its time: nobody tells that of a file that was recorded here, and without it a player shows
//! a flat line.
//!
//! Only files that the operator brings are listened to, never those of customers, who are told of with theirs.

use std::io::Read;

use opus_pure::{OggOpusReader, OggPacket, OpusDecoder};

/// As many as WhatsApp shows.
const BARS: usize = 64;
/// Enough to tell how loud it is, and quick.
const RATE: i32 = 8_000;
/// The longest packet there may be: 120 ms of it.
const PACKET: usize = 960;
/// Half an hour of packets of 20 ms; nobody speaks longer.
const MOST_PACKETS: usize = 90_000;
/// Below it there is no voice, and noise is not made to look like one.
const SILENCE: f32 = 0.000_5;

/// From 0 to 100, the loudest part being 100; `None`: no voice message, as one in stereo is none, or one that cannot be read.
pub(super) fn of(file: impl Read) -> Option<Vec<u8>> {
    let mut reader = OggOpusReader::new(file).ok()?;
    if reader.head().channel_count != 1 {
        return None;
    }
    let mut decoder = reader.head().decoder(RATE).ok()?;
    let mut strengths = Vec::new();
    while let Some(packet) = reader.read_packet().ok()? {
        if strengths.len() == MOST_PACKETS {
            return None;
        }
        strengths.push(strength(&mut decoder, &packet)?);
    }
    bars(&strengths)
}

fn strength(decoder: &mut OpusDecoder, packet: &OggPacket) -> Option<f32> {
    let mut sound = [0.0; PACKET];
    let count = decoder.decode(&packet.data, PACKET, &mut sound).ok()?;
    let heard = sound.get(..count).filter(|heard| !heard.is_empty())?;
    let mean = heard.iter().map(|one| one * one).sum::<f32>() / count as f32;
    Some(mean.sqrt())
}

/// The strongest of each part, against the strongest of all.
fn bars(strengths: &[f32]) -> Option<Vec<u8>> {
    let strongest = |part: &[f32]| part.iter().copied().fold(0.0, f32::max);
    let most = strongest(strengths);
    if strengths.is_empty() {
        return None;
    }
    let height = |bar: usize| {
        let from = bar * strengths.len() / BARS;
        let to = ((bar + 1) * strengths.len() / BARS).max(from + 1);
        let part = strengths.get(from..to).map_or(0.0, strongest);
        if most < SILENCE {
            0
        } else {
            (part / most * 100.0).round() as u8
        }
    };
    Some((0..BARS).map(height).collect())
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead};

    use super::{BARS, bars, of};

    const SECOND: usize = 48_000;
    const FRAME: usize = SECOND / 50;

    /// A file in which each second is a tone of this strength.
    fn spoken(channels: usize, seconds: &[f32]) -> Vec<u8> {
        let mut encoder = OpusEncoder::new(48_000, channels, Application::Voip).expect("an encoder");
        let mut file =
            OggOpusWriter::new(Vec::new(), OpusHead::for_encoder(&encoder, 48_000)).expect("a file");
        let mut packet = vec![0; MAX_PACKET_BYTES];
        for strength in seconds {
            for frame in 0..SECOND / FRAME {
                let sound: Vec<f32> = (0..FRAME * channels)
                    .map(|at| {
                        ((frame * FRAME + at / channels) as f32 * 440.0 * TAU / SECOND as f32).sin()
                            * strength
                    })
                    .collect();
                let bytes = encoder.encode(&sound, FRAME, &mut packet).expect("encoded");
                file.write_packet(&packet[..bytes]).expect("written");
            }
        }
        file.finish().expect("whole")
    }

    #[test]
    fn a_voice_is_as_high_as_it_is_loud() {
        let bars = of(spoken(1, &[0.5, 0.0, 0.25, 0.5]).as_slice()).expect("a voice message");
        assert_eq!(bars.len(), BARS, "as many as are shown");
        let middle = |second: usize| i32::from(bars[second * BARS / 4 + BARS / 8]);
        for (second, wanted) in [(0, 100), (1, 0), (2, 50), (3, 100)] {
            assert!(
                (middle(second) - wanted).abs() <= 12,
                "second {second} is {} high, not {wanted}",
                middle(second)
            );
        }
    }

    #[test]
    fn silence_is_flat() {
        let bars = of(spoken(1, &[0.0, 0.0]).as_slice()).expect("a voice message");
        assert_eq!(bars, vec![0; BARS], "noise is not made loud");
    }

    #[test]
    fn a_word_is_shown_in_as_many_bars_as_a_speech() {
        assert_eq!(bars(&[0.5]), Some(vec![100; BARS]), "one packet");
        let long: Vec<f32> = (0..10_000).map(|at| at as f32).collect();
        let bars = bars(&long).expect("bars");
        assert!(bars.is_sorted() && bars.last() == Some(&100), "none is left out");
        assert_eq!(super::bars(&[]), None, "nothing was heard");
    }

    #[test]
    fn what_is_no_voice_message_has_none() {
        assert_eq!(of(b"OggS".as_slice()), None, "the beginning of a page");
        assert_eq!(of(spoken(2, &[0.5]).as_slice()), None, "music in stereo");
        let whole = spoken(1, &[0.5]);
        for end in (0..whole.len()).step_by(97) {
            // Cut anywhere it is read as far as it goes, or not at all.
            let _bars = of(&whole[..end]);
        }
        let mut torn = whole;
        for at in (60..torn.len()).step_by(53) {
            torn[at] ^= 0x5a;
        }
        assert_eq!(of(torn.as_slice()), None, "its sums do not hold");
    }
}
