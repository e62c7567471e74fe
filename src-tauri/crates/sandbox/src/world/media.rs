//! Pictures and other files that messages carry.
//!
//! A file is looked at once, when it comes in: its real kind by its first bytes, its size in pixels, a thumbnail
//! and its hash. The decoder gets limits, since a client may hand over anything: a picture too wide or too heavy
//! to unpack is refused like one of an unknown kind.

use std::{io::Cursor, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use image::{DynamicImage, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::pictures::Drawing;
use crate::{chance::Chance, clock::Millis};

/// The heaviest file that the simulated gateway takes.
pub(crate) const HEAVIEST: usize = 16 * 1024 * 1024;
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
    sha256: [u8; 32],
}

impl Look {
    /// Looks at a picture and at the file it was read from.
    pub(crate) fn of(picture: &DynamicImage, bytes: &[u8]) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
            thumbnail: thumbnail_of(picture),
            sha256: Sha256::digest(bytes).into(),
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
}

/// A file with what was found out about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) mime: String,
    pub(crate) look: Look,
    pub(crate) at: Millis,
    /// Shared, since the whole world is copied each time it is saved.
    #[serde(with = "as_base64")]
    pub(crate) bytes: Arc<[u8]>,
}

impl Media {
    /// Looks at `bytes` and makes a media file of them.
    pub(crate) fn picture(bytes: Vec<u8>, at: Millis, chance: &mut Chance) -> Result<Self, MediaRefused> {
        if bytes.len() > HEAVIEST {
            return Err(MediaRefused::TooHeavy);
        }
        let format = image::guess_format(&bytes).map_err(|_| MediaRefused::NotAPicture)?;
        let (mime, word) = match format {
            ImageFormat::Jpeg => ("image/jpeg", "jpeg"),
            ImageFormat::Png => ("image/png", "png"),
            ImageFormat::WebP => ("image/webp", "webp"),
            ImageFormat::Gif => ("image/gif", "gif"),
            _ => return Err(MediaRefused::NotAPicture),
        };
        let mut reader = ImageReader::with_format(Cursor::new(&bytes), format);
        reader.limits(limits());
        let picture = reader.decode().map_err(|_| MediaRefused::NotAPicture)?;
        let look = Look::of(&picture, &bytes);
        Ok(Self {
            id: new_id(word, chance),
            mime: mime.to_owned(),
            look,
            at,
            bytes: bytes.into(),
        })
    }

    /// A drawing of our own, which needs no looking at.
    pub(crate) fn drawn(drawing: &Drawing, at: Millis, chance: &mut Chance) -> Self {
        Self {
            id: new_id("jpeg", chance),
            mime: "image/jpeg".to_owned(),
            look: drawing.look.clone(),
            at,
            bytes: drawing.bytes.as_slice().into(),
        }
    }
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
    use super::{Media, MediaRefused};
    use crate::chance::Chance;

    #[test]
    fn what_only_claims_to_be_a_picture_is_refused() {
        let half_a_png = b"\x89PNG\r\n\x1a\n and nothing else".to_vec();
        for wrong in [b"hello".to_vec(), Vec::new(), half_a_png] {
            let looked_at = Media::picture(wrong, 0, &mut Chance::from_seed(1)).map(|media| media.mime);
            assert_eq!(
                looked_at,
                Err(MediaRefused::NotAPicture),
                "only what decodes is a picture"
            );
        }
    }
}
