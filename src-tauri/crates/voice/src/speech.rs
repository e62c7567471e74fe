use std::time::Duration;

use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead};

use crate::{Ear, RATE, VoiceError};

/// 20 ms, what Opus packs at a time in a voice message.
const FRAME: usize = RATE as usize / 50;
/// What a voice needs, and no more: a minute is 180 KB.
const BITS_A_SECOND: i32 = 24_000;

/// A voice message that is being made.
pub struct Speech {
    encoder: OpusEncoder,
    file: OggOpusWriter<Vec<u8>>,
    /// What the decoder leaves out at the beginning, in samples.
    pre_skip: u64,
    /// Less than a frame that waits for the rest of it.
    waiting: Vec<f32>,
    heard: u64,
    packet: Vec<u8>,
}

impl Speech {
    /// Begins one, in which nothing has been heard.
    pub fn begin() -> Result<Self, VoiceError> {
        let mut encoder = OpusEncoder::new(RATE as i32, 1, Application::Voip)?;
        encoder.bitrate_bps = BITS_A_SECOND;
        let head = OpusHead::for_encoder(&encoder, RATE);
        let pre_skip = u64::from(head.pre_skip);
        Ok(Self {
            file: OggOpusWriter::new(Vec::new(), head)?,
            encoder,
            pre_skip,
            waiting: Vec::with_capacity(FRAME),
            heard: 0,
            packet: vec![0; MAX_PACKET_BYTES],
        })
    }

    /// How much has been heard, in samples.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// Takes in more of the one channel, [`RATE`] samples a second.
    pub fn hear(&mut self, sound: &[f32]) -> Result<(), VoiceError> {
        self.heard += sound.len() as u64;
        self.waiting.extend_from_slice(sound);
        let whole = self.waiting.len() - self.waiting.len() % FRAME;
        for frame in self.waiting[..whole].chunks_exact(FRAME) {
            let bytes = self.encoder.encode(frame, FRAME, &mut self.packet)?;
            self.file.write_packet(&self.packet[..bytes])?;
        }
        self.waiting.drain(..whole);
        Ok(())
    }

    /// The file, as long to the sample as what was heard; none if nothing was.
    pub fn finish(mut self) -> Result<Option<Vec<u8>>, VoiceError> {
        if self.heard == 0 {
            return Ok(None);
        }
        // The encoder is `pre_skip` behind: as much silence brings out what it still holds, and the last packet tells
        // where the voice ended.
        let end = self.pre_skip + self.heard;
        loop {
            self.waiting.resize(FRAME, 0.0);
            let bytes = self.encoder.encode(&self.waiting, FRAME, &mut self.packet)?;
            self.waiting.clear();
            let packet = &self.packet[..bytes];
            let left = end.saturating_sub(self.file.granule().unsigned_abs());
            if left <= FRAME as u64 {
                self.file.write_packet_with_duration(packet, left as u32)?;
                return Ok(Some(self.file.finish()?));
            }
            self.file.write_packet(packet)?;
        }
    }
}

/// Encodes what is heard, piece by piece, until there is no more or the message is as long as it may be.
pub fn encode(
    mut ear: Ear,
    heard: impl IntoIterator<Item = Vec<f32>>,
    most: Duration,
) -> Result<Option<Vec<u8>>, VoiceError> {
    let most = most.as_secs() * u64::from(RATE);
    let mut speech = Speech::begin()?;
    let mut ours = Vec::new();
    for sound in heard {
        ours.clear();
        ear.hear(&sound, &mut ours);
        speech.hear(&ours)?;
        if speech.heard() >= most {
            break;
        }
    }
    speech.finish()
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;
    use std::time::Duration;

    use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};

    use super::{FRAME, RATE, Speech, encode};
    use crate::Ear;

    fn tone(samples: usize) -> Vec<f32> {
        (0..samples)
            .map(|at| (at as f32 * 440.0 * TAU / RATE as f32).sin() * 0.5)
            .collect()
    }

    fn said(pieces: &[&[f32]]) -> Option<Vec<u8>> {
        let mut speech = Speech::begin().unwrap();
        for piece in pieces {
            speech.hear(piece).unwrap();
        }
        speech.finish().unwrap()
    }

    fn played(file: &[u8]) -> Vec<f32> {
        let mut reader = OggOpusReader::new(file).unwrap();
        assert_eq!(reader.head().channel_count, 1, "one channel");
        let mut decoder = reader.head().decoder(RATE as i32).unwrap();
        let mut trim = Trim::new(reader.head(), RATE as i32, 1).unwrap();
        let mut sound = vec![0.0; MAX_PACKET_SAMPLES];
        let mut all = Vec::new();
        while let Some(packet) = reader.read_packet().unwrap() {
            let count = decoder
                .decode(&packet.data, MAX_PACKET_SAMPLES, &mut sound)
                .unwrap();
            all.extend_from_slice(trim.keep(&packet, &sound[..count]));
        }
        all
    }

    #[test]
    fn what_was_said_is_heard_again_as_long_to_the_sample() {
        for samples in [1, FRAME - 1, FRAME, FRAME + 1, 48_000, 50_123] {
            let sound = tone(samples);
            let again = played(&said(&[&sound]).unwrap());
            assert_eq!(again.len(), samples, "as long as it was");
        }
    }

    #[test]
    fn a_tone_keeps_its_height_and_most_of_its_strength() {
        let again = played(&said(&[&tone(RATE as usize)]).unwrap());
        let rises = again
            .windows(2)
            .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
            .count();
        assert!(rises.abs_diff(440) <= 4, "{rises} times a second");
        let strength = (again.iter().map(|one| one * one).sum::<f32>() / again.len() as f32).sqrt();
        assert!((0.25..0.45).contains(&strength), "{strength} of 0.35");
    }

    #[test]
    fn it_is_the_same_in_pieces() {
        let sound = tone(10_000);
        let pieces: Vec<&[f32]> = sound.chunks(333).collect();
        // The number of a stream is drawn anew for each file.
        assert_eq!(played(&said(&pieces).unwrap()), played(&said(&[&sound]).unwrap()));
    }

    #[test]
    fn nothing_heard_is_no_file() {
        assert!(said(&[]).is_none(), "no file");
        assert!(said(&[&[]]).is_none(), "nor of nothing");
    }

    #[test]
    fn a_minute_takes_little() {
        let minute = tone(60 * RATE as usize);
        let file = said(&[&minute]).unwrap();
        assert!(file.len() < 260_000, "{} bytes", file.len());
        assert!(file.starts_with(b"OggS"), "an Ogg file");
        assert_eq!(&file[28..36], b"OpusHead", "of Opus");
    }

    #[test]
    fn a_message_ends_when_nothing_more_is_heard_or_it_is_as_long_as_it_may_be() {
        let said = |seconds: usize| {
            let heard = std::iter::repeat_n(vec![0.1; 8_000], seconds);
            encode(Ear::new(1, 8_000), heard, Duration::from_secs(5)).unwrap()
        };
        assert!(said(0).is_none(), "no file of nothing");
        for (seconds, kept) in [(2, 2), (5, 5), (60, 5)] {
            let samples = played(&said(seconds).unwrap()).len();
            let wanted = kept * RATE as usize;
            assert!(
                samples.abs_diff(wanted) <= 6,
                "{samples} samples of {seconds} seconds"
            );
        }
    }
}
