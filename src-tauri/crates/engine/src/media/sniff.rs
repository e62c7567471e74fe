//! What a file is, by its bytes.
//!
//! A file's type is read from its bytes, never from its name or from what a gateway says. Whoever claims to send a picture, a
//! film or a sound must send one: the window shows those by itself. The claim of what somebody sent us is the kind of the message
//! ([`claim_of`]), by which the window shows it; the type that it is told with is its sender's own word, and may be any or none. Any other file is a document: it is kept, named by what
//! it is, and never opened by us. A picture's dimensions are read from its header before anything is decoded, and those of each of its
//! frames from theirs ([`frames`]), so that a small file that unfolds into gigabytes is refused unread.
//!
//! | Claimed | must be | at most |
//! |---|---|---|
//! | `image/…` | JPEG, PNG, WebP, GIF; no side over 8 192 px, no more than 50 million px, nor of any frame; 10 000 frames, 2 000 million px together | 16 MiB |
//! | `video/…` | MP4, QuickTime, 3GP, WebM, Matroska | 64 MiB |
//! | `audio/…` | Ogg, MP3, AAC, MP4, AMR, WAV, FLAC, WebM | 16 MiB |
//! | anything else | anything | 100 MiB |
//! | nothing | as what it is, if that is one of these; else anything, as a document | |
//!
//! What was sent as a document claims to be nothing else, whatever type it is told with: a photo that a telephone calls HEIC is kept,
//! and not shown. What was sent as a picture is held to what a picture may be, though it be told to be a PDF.
//!
//! The sizes are ours, near those of WhatsApp's own programs.

use std::io::{BufRead, Cursor, Read, Seek, SeekFrom};

use image::ImageReader;
use mostrador_domain::MediaKind;

use super::frames;
use crate::EngineError;

const MIB: u64 = 1024 * 1024;
/// The largest file of any kind, in bytes.
pub const MAX_BYTES: u64 = 100 * MIB;
/// The largest picture that is taken in or sent, in bytes.
pub const MAX_IMAGE_BYTES: u64 = 16 * MIB;
/// The longest side of a picture, in pixels.
const MAX_SIDE: u32 = 8_192;
/// The most pixels of a picture: 200 MB once it is unfolded, and more than telephones take.
const MAX_PIXELS: u64 = 50_000_000;
/// The most frames of a picture that moves: a quarter of an hour of a slow one.
const MAX_FRAMES: u64 = 10_000;
/// The most pixels of all its frames together, each as large as the largest: a screen of 1 280 × 720 is filmed for a minute with
/// 1 660 million. Whoever shows one draws the whole of it for each frame, however little the frame changes.
const MAX_MOVING_PIXELS: u64 = 2_000_000_000;

const IMAGES: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif"];
const VIDEOS: &[&str] = &[
    "video/mp4",
    "video/quicktime",
    "video/3gpp",
    "video/webm",
    "video/x-matroska",
    "video/x-m4v",
];
const SOUNDS: &[&str] = &[
    "audio/ogg",
    "audio/mpeg",
    "audio/aac",
    "audio/m4a",
    "audio/amr",
    "audio/x-wav",
    "audio/x-flac",
    // Containers in which sound travels too.
    "video/mp4",
    "video/webm",
    "video/3gpp",
];

/// The claim of what was sent as a document.
const DOCUMENT: &str = "application/octet-stream";

/// The claim of what was sent as this; as nothing = no message shows it. Of the two kinds of files that repeat without sound, the type
/// that is `told` says which; each is held to its own rules.
pub(crate) fn claim_of(sent_as: Option<MediaKind>, told: &str) -> &'static str {
    match sent_as {
        Some(MediaKind::Image | MediaKind::Sticker) => "image/*",
        Some(MediaKind::Gif) if Family::of(told) == Family::Image => "image/*",
        Some(MediaKind::Gif | MediaKind::Video | MediaKind::ShortVideo) => "video/*",
        Some(MediaKind::Audio | MediaKind::Voice) => "audio/*",
        Some(MediaKind::Document) | None => DOCUMENT,
    }
}

/// The family of a claimed media type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Image,
    Video,
    Sound,
    Document,
}

impl Family {
    fn of(mime: &str) -> Self {
        match mime.split('/').next() {
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Sound,
            _ => Self::Document,
        }
    }

    fn max_bytes(self) -> u64 {
        match self {
            Self::Image | Self::Sound => MAX_IMAGE_BYTES,
            Self::Video => 64 * MIB,
            Self::Document => MAX_BYTES,
        }
    }

    /// May a file that is `found` pass for one of this family?
    fn takes(self, found: &str) -> bool {
        match self {
            Self::Image => IMAGES.contains(&found),
            Self::Video => VIDEOS.contains(&found),
            Self::Sound => SOUNDS.contains(&found),
            Self::Document => true,
        }
    }
}

/// The largest file that is taken under this claim, in bytes.
pub(crate) fn max_bytes(told: &str) -> u64 {
    Family::of(told).max_bytes()
}

/// The largest file that is sent as this, in bytes, whatever a gateway takes.
pub fn largest_of(sent_as: MediaKind) -> u64 {
    max_bytes(claim_of(Some(sent_as), ""))
}

/// What a file that is to be sent is held to, by its name and size. One that is larger than a picture, a film or a sound may be can
/// still go as a document.
pub(crate) fn claim_to_send(file_name: &str, bytes: u64) -> Option<&'static str> {
    let claim = claimed_by(file_name);
    let most = claim.map_or(MAX_IMAGE_BYTES, max_bytes);
    if bytes > most { Some(DOCUMENT) } else { claim }
}

/// What a file claims to be by its name's ending; `None` = a document like any other.
fn claimed_by(file_name: &str) -> Option<&'static str> {
    let ending = file_name.rsplit_once('.')?.1.to_ascii_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "gif" => Some("image/*"),
        "mp4" | "mov" | "3gp" | "webm" | "mkv" | "m4v" => Some("video/*"),
        "ogg" | "oga" | "opus" | "mp3" | "aac" | "m4a" | "amr" | "wav" | "flac" => Some("audio/*"),
        _ => None,
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// By content.
    pub(super) mime: &'static str,
    /// Width and height in pixels, of a picture.
    pub(super) size: Option<(u32, u32)>,
}

/// As much of a file's beginning as tells its type.
const HEAD: u64 = 64 * 1024;

/// Looks at bytes that claim to be `told`.
#[cfg(test)]
pub(super) fn look(bytes: &[u8], told: Option<&str>) -> Result<Seen, EngineError> {
    look_at(Cursor::new(bytes), told)
}

/// Looks at a file that claims to be `told`. Of a file of any size only its beginning is held, or a line's worth of it.
pub(super) fn look_at(mut file: impl BufRead + Seek, told: Option<&str>) -> Result<Seen, EngineError> {
    let size = file.seek(SeekFrom::End(0))?;
    let found = found(&mut file)?;
    let family = match told {
        Some(told) => Family::of(told),
        // Kept as what it is where that is shown by itself, and held to what may be: nobody knows yet as what it will be sent.
        None => Some(Family::of(found))
            .filter(|family| family.takes(found))
            .unwrap_or(Family::Document),
    };
    if size == 0 {
        return Err(EngineError::MediaUnsupported);
    }
    if size > family.max_bytes() {
        return Err(EngineError::MediaTooLarge);
    }
    if !family.takes(found) {
        return Err(EngineError::MediaUnsupported);
    }
    let size = match family {
        Family::Image => {
            file.rewind()?;
            Some(dimensions(file, found)?)
        }
        _ => None,
    };
    Ok(Seen { mime: found, size })
}

/// The media type of the bytes. What is not recognised is plain text if it reads as such, else just bytes: never a type that
/// a browser would run.
fn found(file: &mut (impl BufRead + Seek)) -> std::io::Result<&'static str> {
    let mut head = Vec::new();
    file.rewind()?;
    Read::take(&mut *file, HEAD).read_to_end(&mut head)?;
    Ok(match infer::get(&head) {
        // Opus in Ogg. Gateways and players know it by its container's name.
        Some(kind) if kind.mime_type() == "audio/opus" => "audio/ogg",
        Some(kind) if Family::of(kind.mime_type()) != Family::Document => kind.mime_type(),
        Some(kind) if kind.matcher_type() != infer::MatcherType::Text => kind.mime_type(),
        _ if is_text(file)? => "text/plain",
        _ => "application/octet-stream",
    })
}

/// Does all of it read as words? A character may lie across two pieces.
fn is_text(file: &mut (impl BufRead + Seek)) -> std::io::Result<bool> {
    file.rewind()?;
    let mut piece = Vec::new();
    loop {
        let left_over = piece.len();
        let had = Read::take(&mut *file, HEAD).read_to_end(&mut piece)?;
        if piece.get(left_over..).is_some_and(|new| new.contains(&0)) {
            return Ok(false);
        }
        let whole = match std::str::from_utf8(&piece) {
            Ok(_) => piece.len(),
            Err(broken) if broken.error_len().is_none() && had > 0 => broken.valid_up_to(),
            Err(_) => return Ok(false),
        };
        if had == 0 {
            return Ok(true);
        }
        piece.drain(..whole);
    }
}

/// Width and height, from the header alone; and no frame, nor all of them, may be larger than a picture may.
fn dimensions(mut file: impl BufRead + Seek, mime: &str) -> Result<(u32, u32), EngineError> {
    let reader = ImageReader::new(&mut file)
        .with_guessed_format()
        .map_err(|_| EngineError::MediaUnsupported)?;
    let (width, height) = reader
        .into_dimensions()
        .map_err(|_| EngineError::MediaUnsupported)?;
    if width == 0 || height == 0 {
        return Err(EngineError::MediaUnsupported);
    }
    let (mut largest, mut count) = (pixels(width, height)?, 0_u64);
    file.rewind()?;
    frames::each(&mut file, mime, &mut |width, height| {
        largest = largest.max(pixels(width, height)?);
        count += 1;
        if count > MAX_FRAMES || count * largest > MAX_MOVING_PIXELS {
            return Err(EngineError::MediaTooLarge);
        }
        Ok(())
    })?;
    Ok((width, height))
}

/// How many pixels an area of this size has, if a picture may be so large.
fn pixels(width: u32, height: u32) -> Result<u64, EngineError> {
    let pixels = u64::from(width) * u64::from(height);
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(EngineError::MediaTooLarge);
    }
    Ok(pixels)
}

/// Are these the bytes of a picture that the window shows, no larger than one may be?
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    look_at(Cursor::new(bytes), Some("image/*")).is_ok()
}

/// A picture for tests.
#[cfg(test)]
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::GrayImage::new(width, height)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a PNG");
    bytes.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OGG: &[u8] =
        b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead";
    const PDF: &[u8] = b"%PDF-1.7\n";
    const HTML: &[u8] = b"<!DOCTYPE html><script>alert(1)</script>";
    const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    const EXE: &[u8] = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff";

    fn refused(bytes: &[u8], told: &str) -> bool {
        matches!(look(bytes, Some(told)), Err(EngineError::MediaUnsupported))
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let seen = |bytes: &[u8], told: &str| look(bytes, Some(told)).expect("taken").mime;
        assert_eq!(
            seen(&png(3, 2), "image/jpeg"),
            "image/png",
            "whatever it is called"
        );
        assert_eq!(
            seen(PDF, "application/msword"),
            "application/pdf",
            "whatever it is called"
        );
        assert_eq!(
            seen(b"nombre;precio\n", "text/csv"),
            "text/plain",
            "words are words"
        );
        assert_eq!(
            seen(OGG, "audio/ogg; codecs=opus"),
            "audio/ogg",
            "a voice message is what gateways take for one"
        );
    }

    #[test]
    fn what_claims_to_be_shown_and_is_not_is_refused() {
        for told in ["image/png", "video/mp4", "audio/ogg"] {
            for bytes in [PDF, HTML, SVG, EXE, b"".as_slice()] {
                assert!(refused(bytes, told), "{told}: only what it claims");
            }
        }
        assert!(refused(&png(1, 1), "audio/ogg"), "a picture is no sound");
        assert!(refused(OGG, "image/png"), "a sound is no picture");
    }

    #[test]
    fn nothing_that_a_browser_runs_keeps_its_type() {
        for bytes in [HTML, SVG] {
            let mime = look(bytes, Some("application/octet-stream"))
                .expect("a document")
                .mime;
            assert_eq!(mime, "text/plain", "it is kept, as words");
        }
    }

    #[test]
    fn a_picture_that_unfolds_into_gigabytes_is_refused_by_its_header() {
        let refused = look(&png(9_000, 1), Some("image/png"));
        assert!(
            matches!(refused, Err(EngineError::MediaTooLarge)),
            "a side of 9 000 pixels is too long"
        );
        let refused = look(&png(8_192, 8_192), Some("image/png"));
        assert!(
            matches!(refused, Err(EngineError::MediaTooLarge)),
            "no side is too long, and yet there are too many pixels"
        );
        assert!(
            look(&png(8_192, 4_000), Some("image/png")).is_ok(),
            "a large photograph"
        );
    }

    #[test]
    fn words_are_words_to_their_end_wherever_a_piece_of_them_ends() {
        let at = usize::try_from(HEAD).expect("fits");
        for before in at - 3..=at {
            let long = format!("{}ñandú 🥐 {}", "a".repeat(before), "b".repeat(at));
            let seen = look(long.as_bytes(), None).expect("a document");
            assert_eq!(
                seen.mime, "text/plain",
                "a character at {before} lies across two pieces"
            );
            let mut broken = long.into_bytes();
            broken.push(0xc3);
            let seen = look(&broken, None).expect("a document");
            assert_eq!(
                seen.mime, "application/octet-stream",
                "half a character is no word"
            );
            *broken.last_mut().expect("one") = 0;
            let seen = look(&broken, None).expect("a document");
            assert_eq!(seen.mime, "application/octet-stream", "nor is a zero");
        }
    }

    #[test]
    fn a_name_is_a_claim_and_no_more() {
        let named = |name| look(b"just words", claimed_by(name));
        assert!(
            named("foto.PNG").is_err(),
            "words are no picture, whatever they are called"
        );
        assert!(named("voz.ogg").is_err(), "nor a sound");
        assert_eq!(
            named("lista.txt").expect("a document").mime,
            "text/plain",
            "but words"
        );
        assert_eq!(
            named("sin nombre").expect("a document").mime,
            "text/plain",
            "a name may say nothing"
        );
    }

    #[test]
    fn what_nobody_shows_is_a_document_whatever_family_its_type_is_of() {
        let kinds: [(&[u8], &str); 9] = [
            (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heif"),
            (b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00", "image/tiff"),
            (b"BM\x3a\x00\x00\x00\x00\x00", "image/bmp"),
            (b"8BPS\x00\x01\x00\x00", "image/vnd.adobe.photoshop"),
            (b"AC1027\x00\x00", "image/vnd.dwg"),
            (b"RIFF\x00\x00\x00\x00AVI LIST", "video/x-msvideo"),
            (
                b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\x00",
                "video/x-ms-wmv",
            ),
            (b"MThd\x00\x00\x00\x06\x00\x00", "audio/midi"),
            (b"FORM\x00\x00\x00\x00AIFFCOMM", "audio/x-aiff"),
        ];
        for (bytes, mime) in kinds {
            for told in [None, Some(DOCUMENT)] {
                let seen = look(bytes, told).unwrap_or_else(|error| panic!("{mime} told {told:?}: {error}"));
                assert_eq!((seen.mime, seen.size), (mime, None), "kept, and not shown");
            }
        }
        let (heic, midi) = (kinds[0].0, kinds[7].0);
        assert!(
            refused(heic, "image/heic"),
            "what claims to be shown has to be shown"
        );
        assert!(refused(midi, "audio/midi"), "or heard");
        assert_eq!(
            look(&png(3, 2), None).expect("a picture").size,
            Some((3, 2)),
            "what is shown is looked at, also where nobody calls it a picture"
        );
    }

    #[test]
    fn what_is_shown_by_itself_claims_so_whatever_type_it_is_told_with() {
        for told in ["application/pdf", "", "text/plain", "x"] {
            for kind in MediaKind::ALL {
                let claim = claim_of(Some(*kind), told);
                let refuses_a_program = refused(EXE, claim);
                assert_eq!(
                    refuses_a_program,
                    *kind != MediaKind::Document,
                    "{kind:?} told as {told:?}"
                );
                let bomb = look(&png(9_000, 1), Some(claim)).is_err();
                assert_eq!(bomb, *kind != MediaKind::Document, "{kind:?} told as {told:?}");
            }
        }
        let repeats = |told| claim_of(Some(MediaKind::Gif), told);
        assert_eq!(
            (repeats("image/gif"), repeats("video/mp4")),
            ("image/*", "video/*")
        );
    }

    #[test]
    fn each_family_has_its_size() {
        let mut large = png(1, 1);
        large.resize(usize::try_from(17 * MIB).expect("fits"), 0);
        assert!(
            matches!(look(&large, Some("image/png")), Err(EngineError::MediaTooLarge)),
            "17 MiB are too large for a picture"
        );
        assert!(
            look(&large, Some("application/pdf")).is_ok(),
            "and not for a document"
        );
    }
}
