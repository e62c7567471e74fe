//! How long a voice message is: Opus in Ogg, as WhatsApp records it and as we do. Gateways tell it of some, of ours nobody does, and not
//! every web view finds it out by itself.
//!
//! Each page of such a file says how many samples have been heard when it ends, 48 000 a second whatever the recording's own rate;
//! the first page says how many of them are left out at the beginning (RFC 7845, 4 and 5.1).

use std::io::{Read, Seek, SeekFrom};

/// Samples a second.
const RATE: i64 = 48_000;
/// The largest page there may be, with its head.
const PAGE: u64 = 27 + 255 + 255 * 255;
/// Nobody speaks longer: what says so says nothing.
const MOST: i64 = 24 * 3_600;

/// Whole seconds, at least one; `None` = it is another kind of file, or does not say.
pub(super) fn seconds(mut file: impl Read + Seek) -> std::io::Result<Option<i64>> {
    let mut head = Vec::new();
    file.rewind()?;
    Read::take(&mut file, PAGE).read_to_end(&mut head)?;
    let Some((stream, left_out)) = opus_head(&head) else {
        return Ok(None);
    };
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(PAGE)))?;
    let mut tail = Vec::new();
    Read::take(&mut file, PAGE).read_to_end(&mut tail)?;
    let samples = heard(&tail, stream).map(|heard| heard.saturating_sub(left_out));
    let seconds = samples
        .filter(|samples| *samples > 0)
        .map(|samples| (samples.saturating_add(RATE / 2) / RATE).max(1));
    Ok(seconds.filter(|seconds| *seconds <= MOST))
}

/// Of the first page: which stream it is of, and how many samples are left out.
fn opus_head(page: &[u8]) -> Option<([u8; 4], i64)> {
    let stream = at(page.strip_prefix(b"OggS")?, 10)?;
    let segments = usize::from(*page.get(26)?);
    let head = page.get(27 + segments..)?.strip_prefix(b"OpusHead")?;
    Some((stream, u16::from_le_bytes(at(head, 2)?).into()))
}

/// How many samples have been heard when the last page of this stream ends that says so.
fn heard(bytes: &[u8], stream: [u8; 4]) -> Option<i64> {
    let mut pages = (0..bytes.len())
        .rev()
        .filter_map(|start| bytes.get(start..)?.strip_prefix(b"OggS"));
    pages.find_map(|page| {
        let heard = i64::from_le_bytes(at(page, 2)?);
        (at(page, 10) == Some(stream) && heard >= 0).then_some(heard)
    })
}

fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..)?.first_chunk().copied()
}

/// A voice message of so many samples, with nothing in it: for tests.
#[cfg(test)]
pub(crate) fn voice(samples: i64) -> Vec<u8> {
    stream(b"beef", samples)
}

#[cfg(test)]
fn stream(name: &[u8; 4], samples: i64) -> Vec<u8> {
    let left_out = 312_u16;
    let head = [b"OpusHead\x01\x01".as_slice(), &left_out.to_le_bytes(), &[0; 7]].concat();
    let page = |heard: i64, packet: &[u8]| {
        let size = u8::try_from(packet.len()).expect("small");
        [
            b"OggS\0\0".as_slice(),
            &heard.to_le_bytes(),
            name,
            &[0; 8],
            &[1, size],
            packet,
        ]
        .concat()
    };
    let end = samples + i64::from(left_out);
    // Packets that go on in the next page end no sample.
    [
        page(0, &head),
        page(0, b"OpusTags"),
        page(end / 2, b"OggS"),
        page(-1, b"sound"),
        page(end, &[7; 200]),
        page(-1, b""),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn length(bytes: &[u8]) -> Option<i64> {
        seconds(Cursor::new(bytes)).expect("read")
    }

    #[test]
    fn a_voice_message_says_how_long_it_is() {
        for (samples, seconds) in [
            (48_000 * 7, 7),
            (48_000 * 7 + 30_000, 8),
            (900, 1),
            (48_000 * 900, 900),
        ] {
            assert_eq!(length(&voice(samples)), Some(seconds), "{samples} samples");
        }
    }

    #[test]
    fn what_does_not_say_it_or_says_nonsense_has_no_length() {
        assert_eq!(length(b""), None, "nothing");
        assert_eq!(length(b"OggS"), None, "the beginning of a page");
        assert_eq!(length(&voice(0)), None, "nothing was heard");
        assert_eq!(length(&voice(-400)), None, "less than nothing");
        assert_eq!(length(&voice(i64::MAX - 400)), None, "for ages");
        let two = [voice(48_000), stream(b"fish", 96_000)].concat();
        assert_eq!(length(&two), Some(1), "what follows is not of this stream");
        for cut in 0..voice(48_000).len() {
            let _no_panic = length(&voice(48_000)[..cut]);
        }
    }
}
