//! The frames of a picture that moves, found without unfolding one.
//!
//! A picture's header tells how large its canvas is. Each frame of a GIF, an APNG or an animated WebP tells its own size once more, and
//! who shows it believes that: a GIF of one pixel may hold a frame of twenty thousand a side. So the blocks are walked to their
//! end, each told and skipped. The file is read once, and a header's worth of it is held. Where it is cut off, or goes on with
//! what is no block, it ends: who shows it goes no further either.

use std::io::{self, BufRead, ErrorKind, Read as _};

use crate::EngineError;

/// Told of each frame, how far it reaches to the right and down; its error ends the walk.
pub(super) type Told<'a> = &'a mut dyn FnMut(u32, u32) -> Result<(), EngineError>;

/// Tells the frames of a picture of this type, in their order. One that does not move may tell none: its header has said it all.
///
/// # Errors
/// The disk's, and what is told of a frame; [`EngineError::MediaUnsupported`] of a GIF that not everybody reads alike.
pub(super) fn each(file: &mut dyn BufRead, mime: &str, told: Told<'_>) -> Result<(), EngineError> {
    match mime {
        "image/gif" => gif(file, told),
        "image/png" => png(file, told),
        "image/webp" => webp(file, told),
        _ => Ok(()),
    }
}

/// What an extension of a GIF begins with that says how often it repeats.
const REPEATS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

/// Blocks, as in the specification of GIF89a. A frame may lie beyond the screen: the first one makes it larger where it is shown.
fn gif(file: &mut dyn BufRead, told: Told<'_>) -> Result<(), EngineError> {
    let Some([.., flags, _, _]) = take::<13>(file)? else {
        return Ok(());
    };
    skip(file, colours(flags))?;
    loop {
        match take(file)? {
            Some([b',']) => {
                let Some([x0, x1, y0, y1, w0, w1, h0, h1, flags]) = take(file)? else {
                    return Ok(());
                };
                let number = |bytes| u32::from(u16::from_le_bytes(bytes));
                told(
                    number([x0, x1]) + number([w0, w1]),
                    number([y0, y1]) + number([h0, h1]),
                )?;
                // The colours of its own, and the size of a code.
                skip(file, colours(flags) + 1)?;
                sub_blocks(file, 1)?;
            }
            Some([b'!']) => extension(file)?,
            _ => return Ok(()),
        }
    }
}

/// How many bytes a table of colours has.
fn colours(flags: u8) -> u64 {
    match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    }
}

/// Browsers read no less than four bytes of what controls a frame, and three of how often it repeats, whatever it says itself. Of one
/// that says less they would find other frames than we do.
fn extension(file: &mut dyn BufRead) -> Result<(), EngineError> {
    let Some([label, length]) = take(file)? else {
        return Ok(());
    };
    let least = match (label, length) {
        (0xf9, ..4) => return Err(EngineError::MediaUnsupported),
        (0xff, 11) => match take::<11>(file)? {
            Some(name) if REPEATS.contains(&name.as_slice()) => 3,
            _ => 1,
        },
        (_, 0) => return Ok(()),
        _ => {
            skip(file, length.into())?;
            1
        }
    };
    sub_blocks(file, least)
}

/// Skips sub-blocks to the empty one that ends them; each has to have so many bytes.
fn sub_blocks(file: &mut dyn BufRead, least: u8) -> Result<(), EngineError> {
    while let Some([length]) = take(file)? {
        match length {
            0 => break,
            _ if length < least => return Err(EngineError::MediaUnsupported),
            _ => skip(file, length.into())?,
        }
    }
    Ok(())
}

/// Chunks, as in the specification of PNG, third edition.
fn png(file: &mut dyn BufRead, told: Told<'_>) -> Result<(), EngineError> {
    skip(file, 8)?;
    while let Some([l0, l1, l2, l3, kind @ ..]) = take::<8>(file)? {
        // With its checksum.
        let length = u64::from(u32::from_be_bytes([l0, l1, l2, l3])) + 4;
        let mut chunk = (&mut *file).take(length);
        match &kind {
            b"IEND" => return Ok(()),
            b"fcTL" => {
                if let Some([_, _, _, _, w0, w1, w2, w3, h0, h1, h2, h3]) = take(&mut chunk)? {
                    told(
                        u32::from_be_bytes([w0, w1, w2, w3]),
                        u32::from_be_bytes([h0, h1, h2, h3]),
                    )?;
                }
            }
            _ => {}
        }
        skip(&mut chunk, length)?;
    }
    Ok(())
}

/// Chunks, as in the container specification of WebP. The picture inside a frame, or inside a still one, tells its size a third time.
fn webp(file: &mut dyn BufRead, told: Told<'_>) -> Result<(), EngineError> {
    skip(file, 12)?;
    while let Some((kind, length)) = chunk(file)? {
        let mut chunk = (&mut *file).take(length);
        let frame = match &kind {
            b"ANMF" => frame(&mut chunk)?,
            _ => drawn(&mut chunk, kind)?,
        };
        if let Some((width, height)) = frame {
            told(width, height)?;
        }
        skip(&mut chunk, length)?;
    }
    Ok(())
}

/// The kind of the chunk that begins here, and how long it is.
fn chunk(file: &mut dyn BufRead) -> io::Result<Option<([u8; 4], u64)>> {
    let Some([k0, k1, k2, k3, length @ ..]) = take::<8>(file)? else {
        return Ok(None);
    };
    let length = u64::from(u32::from_le_bytes(length));
    Ok(Some(([k0, k1, k2, k3], length + length % 2)))
}

/// The size of a frame: what it says, or what is drawn in it says, whichever is more.
fn frame(file: &mut dyn BufRead) -> io::Result<Option<(u32, u32)>> {
    let Some([_, _, _, _, _, _, w0, w1, w2, h0, h1, h2, _, _, _, _]) = take(file)? else {
        return Ok(None);
    };
    let number = |[low, middle, high]: [u8; 3]| u32::from_le_bytes([low, middle, high, 0]) + 1;
    let (mut width, mut height) = (number([w0, w1, w2]), number([h0, h1, h2]));
    while let Some((kind, length)) = chunk(file)? {
        let mut chunk = (&mut *file).take(length);
        if let Some((w, h)) = drawn(&mut chunk, kind)? {
            (width, height) = (width.max(w), height.max(h));
        }
        skip(&mut chunk, length)?;
    }
    Ok(Some((width, height)))
}

/// The size of what a chunk draws, if it does: as in RFC 6386, section 9.1, and in the specification of WebP's lossless bitstream.
fn drawn(file: &mut dyn BufRead, kind: [u8; 4]) -> io::Result<Option<(u32, u32)>> {
    Ok(match &kind {
        b"VP8 " => take::<10>(file)?.map(|[_, _, _, _, _, _, w0, w1, h0, h1]| {
            let number = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3fff);
            (number([w0, w1]), number([h0, h1]))
        }),
        b"VP8L" => take::<5>(file)?.map(|[_, bits @ ..]| {
            let bits = u32::from_le_bytes(bits);
            ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
        }),
        _ => None,
    })
}

/// The next bytes; `None` = there are not so many.
fn take<const N: usize>(file: &mut dyn BufRead) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Goes past so many bytes, or to the end.
fn skip(file: &mut dyn BufRead, mut bytes: u64) -> io::Result<()> {
    while bytes > 0 {
        let had = file.fill_buf()?.len();
        if had == 0 {
            return Ok(());
        }
        let past = usize::try_from(bytes).map_or(had, |bytes| bytes.min(had));
        file.consume(past);
        bytes -= past as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::gif::{GifEncoder, Repeat};
    use image::{Frame, RgbaImage};

    use super::super::sniff::look;
    use super::*;

    type Size = (u16, u16);

    const SMALL: Size = (3, 2);
    /// What a repeating GIF, of any browser's or telephone's, says of how often.
    const FOR_EVER: &[u8] = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00";
    const CONTROL: &[u8] = b"!\xf9\x04\x04\x0a\x00\x00\x00";

    fn two(number: u16) -> [u8; 2] {
        number.to_le_bytes()
    }

    /// A screen, and what follows it.
    fn gif_of((width, height): Size, blocks: &[Vec<u8>]) -> Vec<u8> {
        let palette = [0x80, 0, 0, 0, 0, 0, 255, 255, 255];
        let mut bytes = [b"GIF89a".as_slice(), &two(width), &two(height), &palette].concat();
        bytes.extend(blocks.concat());
        bytes.push(b';');
        bytes
    }

    /// A frame at a place, of a size, with next to nothing in it.
    fn gif_frame((x, y): (u16, u16), (width, height): Size) -> Vec<u8> {
        let place = [two(x), two(y), two(width), two(height)].concat();
        [CONTROL, b",", &place, &[0, 2, 2, 0x44, 1, 0]].concat()
    }

    fn png_of((width, height): Size, frames: &[Size]) -> Vec<u8> {
        let mut plain = crate::media::png(width.into(), height.into());
        let end = plain.split_off(plain.len() - 12);
        for (width, height) in frames {
            let [width, height] = [width, height].map(|side| u32::from(*side).to_be_bytes());
            plain.extend([0, 0, 0, 26]);
            plain.extend(b"fcTL");
            plain.extend([[0; 4].as_slice(), &width, &height, &[0; 14], &[0; 4]].concat());
        }
        plain.extend(end);
        plain
    }

    fn riff(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).expect("short");
        let padding = &[0][..body.len() % 2];
        [kind.as_slice(), &length.to_le_bytes(), body, padding].concat()
    }

    fn less_one(side: u16) -> [u8; 3] {
        let [low, middle, high, _] = u32::from(side - 1).to_le_bytes();
        [low, middle, high]
    }

    /// What a lossless picture begins with.
    fn drawn_of((width, height): Size) -> Vec<u8> {
        let bits = u32::from(width - 1) | (u32::from(height - 1) << 14);
        riff(
            b"VP8L",
            &[[0x2f].as_slice(), &bits.to_le_bytes(), &[0; 8]].concat(),
        )
    }

    fn webp_of((width, height): Size, frames: &[(Size, Size)]) -> Vec<u8> {
        let head = [[2, 0, 0, 0].as_slice(), &less_one(width), &less_one(height)].concat();
        let mut chunks = [b"WEBP".to_vec(), riff(b"VP8X", &head), riff(b"ANIM", &[0; 6])].concat();
        for ((width, height), inside) in frames {
            let head = [[0; 6].as_slice(), &less_one(*width), &less_one(*height), &[0; 4]].concat();
            chunks.extend(riff(b"ANMF", &[head, drawn_of(*inside)].concat()));
        }
        riff(b"RIFF", &chunks)
    }

    fn seen(bytes: &[u8]) -> Result<Option<(u32, u32)>, EngineError> {
        look(bytes, Some("image/*")).map(|seen| seen.size)
    }

    fn is_too_large(bytes: &[u8]) -> bool {
        matches!(seen(bytes), Err(EngineError::MediaTooLarge))
    }

    #[test]
    fn a_picture_that_moves_is_taken() {
        let mut encoded = Vec::new();
        let mut encoder = GifEncoder::new(&mut encoded);
        encoder.set_repeat(Repeat::Infinite).expect("said");
        for _ in 0..8 {
            let frame = Frame::new(RgbaImage::new(320, 240));
            encoder.encode_frame(frame).expect("drawn");
        }
        drop(encoder);
        assert_eq!(
            seen(&encoded).expect("taken"),
            Some((320, 240)),
            "of a program's making"
        );
        let comment = b"!\xfe\x05torta\x00".to_vec();
        let frames = [
            FOR_EVER.to_vec(),
            comment,
            gif_frame((0, 0), SMALL),
            gif_frame((1, 1), (2, 1)),
        ];
        let small = Some((3, 2));
        assert_eq!(seen(&gif_of(SMALL, &frames)).expect("taken"), small);
        assert_eq!(
            seen(&png_of(SMALL, &[SMALL, (1, 1)])).expect("taken"),
            small,
            "a PNG"
        );
        let webp = webp_of(SMALL, &[(SMALL, SMALL), ((2, 1), (2, 1))]);
        assert_eq!(seen(&webp).expect("taken"), small, "a WebP");
    }

    #[test]
    fn no_frame_may_be_larger_than_a_picture_may() {
        let (large, many) = ((20_000, 20_000), (8_000, 8_000));
        for size in [large, many] {
            let first = gif_frame((0, 0), size);
            assert!(
                is_too_large(&gif_of((1, 1), std::slice::from_ref(&first))),
                "{size:?}"
            );
            let blocks = [FOR_EVER.to_vec(), gif_frame((0, 0), SMALL), first];
            assert!(
                is_too_large(&gif_of(SMALL, &blocks)),
                "{size:?}, behind another one"
            );
            assert!(is_too_large(&png_of(SMALL, &[SMALL, size])), "{size:?} in a PNG");
        }
        assert!(
            is_too_large(&gif_of((1, 1), &[gif_frame((60_000, 0), (1, 1))])),
            "one that lies so far off makes the screen as large"
        );
        let (wide, small) = ((16_000, 4_000), (SMALL, SMALL));
        assert!(is_too_large(&webp_of(SMALL, &[small, (wide, SMALL)])), "a WebP's");
        assert!(
            is_too_large(&webp_of(SMALL, &[small, (SMALL, wide)])),
            "and what is drawn in it"
        );
    }

    #[test]
    fn all_frames_together_unfold_into_so_much_and_no_more() {
        let screen = (1_000, 1_000);
        let moving = |frames| gif_of(screen, &vec![gif_frame((0, 0), (1, 1)); frames]);
        assert!(seen(&moving(2_000)).is_ok(), "two thousand times the screen");
        assert!(
            is_too_large(&moving(2_001)),
            "the screen is drawn for each, however small"
        );
        let tiny = |frames| gif_of(SMALL, &vec![gif_frame((0, 0), SMALL); frames]);
        assert!(seen(&tiny(10_000)).is_ok(), "many");
        assert!(is_too_large(&tiny(10_001)), "too many");
        assert!(is_too_large(&png_of(SMALL, &[SMALL; 10_001])), "of a PNG");
        assert!(
            is_too_large(&webp_of(SMALL, &[(SMALL, SMALL); 10_001])),
            "of a WebP"
        );
    }

    #[test]
    fn one_that_is_cut_off_is_what_it_is_until_there() {
        let blocks = [FOR_EVER.to_vec(), gif_frame((0, 0), SMALL)];
        let whole = gif_of(SMALL, &blocks);
        // Whoever reads the header wants to see its first frame begin.
        let begun = gif_of(SMALL, &blocks[..1]).len() + CONTROL.len() + 9;
        for length in begun..whole.len() {
            assert!(seen(&whole[..length]).is_ok(), "after {length} bytes");
        }
        let mut more = whole;
        more.extend(gif_frame((0, 0), (20_000, 20_000)));
        assert!(seen(&more).is_ok(), "what comes behind the end is not shown");
    }

    #[test]
    fn a_gif_in_which_others_would_find_other_frames_is_refused() {
        let hidden = gif_frame((0, 0), (20_000, 20_000));
        for short in [
            b"!\xf9\x00".as_slice(),
            b"!\xf9\x01\x00\x00",
            b"!\xff\x0bNETSCAPE2.0\x01\x01\x00",
        ] {
            let bytes = gif_of(SMALL, &[short.to_vec(), gif_frame((0, 0), SMALL), hidden.clone()]);
            let refused = seen(&bytes);
            assert!(
                matches!(refused, Err(EngineError::MediaUnsupported)),
                "{short:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn frames_are_told_in_their_order_whatever_holds_them() {
        let told = |bytes: &[u8], mime: &str| {
            let mut sizes = Vec::new();
            let mut note = |width, height| {
                sizes.push((width, height));
                Ok(())
            };
            each(&mut Cursor::new(bytes), mime, &mut note).expect("walked");
            sizes
        };
        let frames = [gif_frame((0, 0), (3, 2)), gif_frame((2, 1), (5, 4))];
        assert_eq!(told(&gif_of(SMALL, &frames), "image/gif"), [(3, 2), (7, 5)]);
        assert_eq!(
            told(&png_of(SMALL, &[(3, 2), (1, 1)]), "image/png"),
            [(3, 2), (1, 1)]
        );
        let webp = webp_of(SMALL, &[((3, 2), (3, 2)), ((1, 1), (2, 3))]);
        assert_eq!(told(&webp, "image/webp"), [(3, 2), (2, 3)]);
        let still = [b"RIFF\x1c\x00\x00\x00WEBP".to_vec(), drawn_of((9, 8))].concat();
        assert_eq!(told(&still, "image/webp"), [(9, 8)], "one that does not move");
        let lossy = riff(b"VP8 ", b"\x30\x01\x00\x9d\x01\x2a\x05\x00\x04\x40");
        let lossy = [b"RIFF\x1c\x00\x00\x00WEBP".to_vec(), lossy].concat();
        assert_eq!(told(&lossy, "image/webp"), [(5, 4)], "one with losses");
    }
}
