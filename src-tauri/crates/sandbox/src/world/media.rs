//! Pictures and other files that messages carry.
//!
//! A file is looked at once, when it comes in: its real kind by its first bytes and its hash, and of a picture its
//! size in pixels and a thumbnail. The decoder gets limits, since a client may hand over anything: a picture too wide
//! or too heavy to unpack is refused like one of an unknown kind. What first bytes do not tell, the sender's claim
//! does.

use std::{io::Cursor, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{FileKind, pictures::Drawing};
use crate::{chance::Chance, clock::Millis};

/// The heaviest file that the simulated gateway takes: as large as Whapi takes a document.
pub(crate) const HEAVIEST: usize = 100_000_000;
const WIDEST_SIDE: u32 = 8192;
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
const THUMBNAIL_SIDE: u32 = 72;

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MediaRefused {
    #[error("the file is heavier than the gateway takes")]
    TooHeavy,
    #[error("the file is no picture of a known kind")]
    NotAPicture,
}

/// What was found out by looking at a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// A small JPEG, in base64.
    pub(crate) thumbnail: String,
}

impl Look {
    /// Looks at a picture.
    pub(crate) fn of(picture: &DynamicImage) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
            thumbnail: thumbnail_of(picture),
        }
    }
}

/// A file with what was found out about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) mime: String,
    /// Of a picture only.
    pub(crate) look: Option<Look>,
    sha256: [u8; 32],
    pub(crate) at: Millis,
    /// Shared, since the whole world is copied each time it is saved.
    #[serde(with = "as_base64")]
    pub(crate) bytes: Arc<[u8]>,
}

impl Media {
    /// Looks at `bytes` and makes a media file of them.
    pub(crate) fn of_bytes(
        bytes: Vec<u8>,
        claimed: Option<&str>,
        at: Millis,
        chance: &mut Chance,
    ) -> Result<Self, MediaRefused> {
        if bytes.len() > HEAVIEST {
            return Err(MediaRefused::TooHeavy);
        }
        let (mime, look) = match image::guess_format(&bytes).ok().and_then(picture_mime) {
            Some((mime, format)) => (mime.to_owned(), Some(look_at(&bytes, format)?)),
            None => (
                told_by(&bytes).map_or_else(|| as_claimed(claimed), str::to_owned),
                None,
            ),
        };
        Ok(Self {
            id: new_id(word_of(&mime), chance),
            mime,
            look,
            sha256: Sha256::digest(&bytes).into(),
            at,
            bytes: bytes.into(),
        })
    }

    /// A drawing of our own, which needs no looking at.
    pub(crate) fn drawn(drawing: &Drawing, at: Millis, chance: &mut Chance) -> Self {
        Self {
            id: new_id("jpeg", chance),
            mime: "image/jpeg".to_owned(),
            look: Some(drawing.look.clone()),
            sha256: Sha256::digest(&drawing.bytes).into(),
            at,
            bytes: drawing.bytes.as_slice().into(),
        }
    }

    /// SHA-256 of the file, as WhatsApp writes it.
    pub(crate) fn sha256_base64(&self) -> String {
        BASE64.encode(self.sha256)
    }

    /// SHA-256 of the file, as the ledger writes it.
    pub(crate) fn sha256_hex(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the file can be sent as a kind of message.
    pub(crate) fn fits(&self, kind: FileKind) -> bool {
        match kind {
            FileKind::Image | FileKind::Sticker => self.look.is_some(),
            FileKind::Video | FileKind::Short => self.mime.starts_with("video/"),
            FileKind::Gif => self.mime.starts_with("video/") || self.mime == "image/gif",
            FileKind::Audio | FileKind::Voice => self.mime.starts_with("audio/"),
            FileKind::Document => true,
        }
    }
}

fn picture_mime(format: ImageFormat) -> Option<(&'static str, ImageFormat)> {
    let mime = match format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::Png => "image/png",
        ImageFormat::WebP => "image/webp",
        ImageFormat::Gif => "image/gif",
        _ => return None,
    };
    Some((mime, format))
}

fn look_at(bytes: &[u8], format: ImageFormat) -> Result<Look, MediaRefused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let picture = reader.decode().map_err(|_| MediaRefused::NotAPicture)?;
    Ok(Look::of(&picture))
}

/// The kind that a file's first bytes tell.
fn told_by(bytes: &[u8]) -> Option<&'static str> {
    let begins = |sign: &[u8]| bytes.starts_with(sign);
    let inside = |at: usize, sign: &[u8]| bytes.get(at..at + sign.len()) == Some(sign);
    if begins(b"%PDF-") {
        Some("application/pdf")
    } else if begins(b"OggS") {
        Some("audio/ogg; codecs=opus")
    } else if inside(4, b"ftypheic") {
        // A picture that no WhatsApp shows: it goes as a document.
        Some("image/heic")
    } else if inside(4, b"ftypM4A") {
        Some("audio/mp4")
    } else if inside(4, b"ftyp") {
        Some("video/mp4")
    } else if begins(b"ID3") || begins(&[0xFF, 0xFB]) {
        Some("audio/mpeg")
    } else if begins(b"#!AMR") {
        Some("audio/amr")
    } else if begins(b"RIFF") && inside(8, b"WAVE") {
        Some("audio/wav")
    } else {
        None
    }
}

/// A claim is believed, unless it claims a picture: those are known by their bytes.
fn as_claimed(claimed: Option<&str>) -> String {
    let claimed = claimed.unwrap_or("").trim();
    if claimed.contains('/') && !claimed.starts_with("image/") {
        claimed.to_owned()
    } else {
        "application/octet-stream".to_owned()
    }
}

/// The word before a file's id.
fn word_of(mime: &str) -> &str {
    let bare = mime.split(';').next().unwrap_or_default();
    let word = bare.split('/').nth(1).unwrap_or_default();
    let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    if plain { word } else { "file" }
}
fn new_id(word: &str, chance: &mut Chance) -> String {
    format!("{word}-{}-{}", chance.hex(32), chance.hex(14))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST_SIDE);
    limits.max_image_height = Some(WIDEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn thumbnail_of(picture: &DynamicImage) -> String {
    let small = picture.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE).to_rgb8();
    let mut bytes = Vec::new();
    match small.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 60)) {
        Ok(()) => BASE64.encode(bytes),
        Err(_) => String::new(),
    }
}

mod as_base64 {
    use std::sync::Arc;

    use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[u8]>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text).map(Into::into).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{FileKind, Media, MediaRefused};
    use crate::chance::Chance;

    fn kept(bytes: &[u8], claimed: &str) -> Result<Media, MediaRefused> {
        Media::of_bytes(bytes.to_vec(), Some(claimed), 0, &mut Chance::from_seed(1))
    }

    #[test]
    fn what_only_claims_to_be_a_picture_is_none() {
        let half = kept(b"\x89PNG\r\n\x1a\n and nothing else", "image/png").map(|media| media.mime);
        assert_eq!(
            half,
            Err(MediaRefused::NotAPicture),
            "only what decodes is a picture"
        );
        for wrong in [&b"hello"[..], b""] {
            let media = kept(wrong, "image/png").expect("it is some file");
            assert!(!media.fits(FileKind::Image), "a claim makes no picture");
            assert!(media.fits(FileKind::Document), "anything can be a document");
        }
    }

    #[test]
    fn first_bytes_outweigh_a_claim() {
        let pdf = kept(&crate::world::samples::pdf(), "audio/ogg").expect("a file");
        assert_eq!(pdf.mime, "application/pdf", "its bytes say so");
        assert!(!pdf.fits(FileKind::Voice), "so it is nobody's voice");
        let voice = kept(&crate::world::samples::voice(), "application/pdf").expect("a file");
        assert!(voice.fits(FileKind::Voice), "Ogg is what voices are kept in");
    }
}
