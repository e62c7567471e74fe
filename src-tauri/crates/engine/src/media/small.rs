//! Smaller copies of photos, for where many are shown at once.
//!
//! A telephone's photo unfolds into 48 MB, and a conversation shows a hundred at a twentieth of their pixels. The copy is drawn
//! when somebody first looks, one at a time and within narrow limits; it lies beside the file under its name and `.small`, and
//! goes with it. It is written under a passing name, and is on the disk before it gets its own; one that is not whole all the same is drawn
//! anew. What is small itself, may move, is seen
//! through, or cannot be decoded within the limits has none and is shown as it is.

use std::fs::File;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader};
use tokio::sync::Semaphore;

use super::{MediaFolder, run_blocking};
use crate::EngineError;

/// The longest side of a copy, in pixels: twice the largest that a conversation shows.
const SIDE: u32 = 680;
/// A picture whose longest side is no longer than this gains nothing.
const WORTH: u32 = 1_000;
/// One that is longer than so many times its breadth would lose what it shows.
const LONGEST: u32 = 3;
/// More pixels are not decoded for a copy: 75 MB once they are unfolded.
const MAX_PIXELS: u64 = 25_000_000;
const QUALITY: u8 = 82;
/// How a JPEG begins, and how it ends.
const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];
/// How the name of a copy ends.
pub(super) const ENDING: &str = "small";

/// Each holds a whole picture unfolded.
static TURN: Semaphore = Semaphore::const_new(1);

/// Is a picture of this type and size worth a smaller copy?
pub(crate) fn is_worth(mime: &str, width: Option<i64>, height: Option<i64>) -> bool {
    let (Some(width), Some(height)) = (width, height) else {
        return false;
    };
    let (long, short) = (width.max(height), width.min(height));
    matches!(mime, "image/jpeg" | "image/png")
        && long > i64::from(WORTH)
        && long <= short.saturating_mul(i64::from(LONGEST))
}

/// Where the copy of a file lies.
pub(super) fn beside(path: &Path) -> PathBuf {
    path.with_extension(ENDING)
}

impl MediaFolder {
    /// A smaller copy of the picture under a hash, a JPEG.
    ///
    /// # Errors
    /// [`EngineError::MediaMissing`], [`EngineError::MediaUnsupported`] if there can be none, the disk's.
    pub(crate) async fn small(&self, sha256: &str) -> Result<Vec<u8>, EngineError> {
        let copy = beside(&self.path_of(sha256)?);
        if let Some(small) = whole(copy.clone()).await {
            return Ok(small);
        }
        let Ok(_turn) = TURN.acquire().await else {
            return Err(EngineError::MediaUnsupported);
        };
        // Who waited behind another look at the same one finds it here.
        if let Some(small) = whole(copy.clone()).await {
            return Ok(small);
        }
        let picture = self.get(sha256).await?;
        run_blocking(move || {
            let small = shrunk(&picture)?;
            static WRITES: AtomicU64 = AtomicU64::new(0);
            let passing = copy.with_extension(format!(
                "part-{ENDING}-{}",
                WRITES.fetch_add(1, Ordering::Relaxed)
            ));
            let mut file = File::create(&passing)?;
            file.write_all(&small)?;
            file.sync_all()?;
            std::fs::rename(&passing, &copy)?;
            Ok(small)
        })
        .await
    }
}

/// The copy, if it is there from its first mark to its last: a power cut, or another program, may have left less of it.
async fn whole(path: PathBuf) -> Option<Vec<u8>> {
    let read = run_blocking(move || Ok(std::fs::read(path)?)).await.ok()?;
    (read.starts_with(&START) && read.ends_with(&END)).then_some(read)
}

fn shrunk(bytes: &[u8]) -> Result<Vec<u8>, EngineError> {
    let unsupported = |_| EngineError::MediaUnsupported;
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut decoder = reader.into_decoder().map_err(unsupported)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.color_type().has_alpha() {
        return Err(EngineError::MediaUnsupported);
    }
    let turned = decoder.orientation().map_err(unsupported)?;
    let mut picture = DynamicImage::from_decoder(decoder)
        .map_err(unsupported)?
        .thumbnail(SIDE, SIDE);
    picture.apply_orientation(turned);
    let mut small = Vec::new();
    picture
        .to_rgb8()
        .write_with_encoder(JpegEncoder::new_with_quality(&mut small, QUALITY))
        .map_err(unsupported)?;
    Ok(small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::png;

    #[tokio::test]
    async fn a_photo_has_a_smaller_copy_which_is_drawn_once() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let stored = media.put(png(2_000, 1_000), None).await.expect("kept");
        let small = media.small(&stored.sha256).await.expect("drawn");
        let drawn = image::load_from_memory(&small).expect("a picture");
        assert_eq!((drawn.width(), drawn.height()), (SIDE, SIDE / 2), "all of it");

        let copy = beside(&media.path_of(&stored.sha256).expect("a hash"));
        let mut other = small.clone();
        other.splice(2..2, [0xff, 0xfe, 0x00, 0x02]);
        std::fs::write(&copy, &other).expect("written");
        let again = media.small(&stored.sha256).await.expect("here");
        assert!(again == other, "it is not drawn again");
    }

    #[tokio::test]
    async fn a_copy_that_is_not_whole_is_drawn_anew() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let stored = media.put(png(2_000, 1_000), None).await.expect("kept");
        let small = media.small(&stored.sha256).await.expect("drawn");
        let copy = beside(&media.path_of(&stored.sha256).expect("a hash"));
        let zeros = vec![0; small.len()];
        for (left, what) in [
            (&[][..], "nothing, after a power cut"),
            (&small[..small.len() / 2], "its beginning"),
            (&zeros[..], "as many zeros"),
        ] {
            std::fs::write(&copy, left).expect("written");
            let again = media.small(&stored.sha256).await.expect("drawn again");
            assert!(again == small, "{what}: the picture is served");
            assert!(std::fs::read(&copy).expect("there") == small, "{what}: and kept");
        }
    }

    #[tokio::test]
    async fn what_is_no_whole_picture_or_unfolds_too_far_has_none() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let mut cut = png(1_200, 1_200);
        cut.truncate(cut.len() / 2);
        for came in [b"%PDF-1.7".to_vec(), cut, png(6_000, 6_000)] {
            let stored = media
                .put(came, Some("application/octet-stream"))
                .await
                .expect("kept");
            assert!(
                matches!(
                    media.small(&stored.sha256).await,
                    Err(EngineError::MediaUnsupported)
                ),
                "it is shown as it is, or not at all"
            );
        }
        let nowhere = media.small(&"0".repeat(64)).await;
        assert!(
            matches!(nowhere, Err(EngineError::MediaMissing)),
            "it is not here"
        );
    }

    #[test]
    fn only_a_large_still_photo_is_worth_one() {
        for (mime, width, height, worth) in [
            ("image/jpeg", Some(4_000), Some(3_000), true),
            ("image/png", Some(1_080), Some(2_400), true),
            ("image/jpeg", Some(800), Some(600), false),
            ("image/jpeg", Some(8_000), Some(500), false),
            ("image/gif", Some(4_000), Some(3_000), false),
            ("image/webp", Some(4_000), Some(3_000), false),
            ("video/mp4", Some(4_000), Some(3_000), false),
            ("image/jpeg", None, None, false),
        ] {
            assert_eq!(
                is_worth(mime, width, height),
                worth,
                "{mime} {width:?} × {height:?}"
            );
        }
    }
}
