//! Pictures: checked by what they are, kept by their hash.
//!
//! A file's type is read from its bytes, never from its name or from what a gateway says. Its dimensions are read from the
//! header before anything is decoded, so that a small file that unfolds into gigabytes is refused unread. Bytes are written
//! to a temporary file, synced, and renamed: a file under its hash is whole.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::ImageReader;
use mostrador_store::tables::media::Stored;
use sha2::{Digest, Sha256};

use crate::EngineError;

/// The largest picture that is taken in or sent, in bytes.
pub const MAX_IMAGE_BYTES: u64 = 16 * 1024 * 1024;
/// The longest side of a picture, in pixels.
const MAX_SIDE: u32 = 8_192;
/// The kinds of picture that are shown and sent.
const MIMES: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/// The folder in which bytes lie.
#[derive(Debug, Clone)]
pub struct MediaFolder(PathBuf);

impl MediaFolder {
    /// The folder at `path`; made when the first file is put.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Checks a picture and keeps its bytes.
    ///
    /// # Errors
    /// [`EngineError::MediaTooLarge`], [`EngineError::MediaUnsupported`], or the disk's.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Stored, EngineError> {
        let folder = self.0.clone();
        run_blocking(move || put(&folder, &bytes)).await
    }

    /// The bytes under a hash.
    ///
    /// # Errors
    /// [`EngineError::MediaMissing`] if they are not there or not what the hash says.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, EngineError> {
        let path = self.path_of(sha256)?;
        let wanted = sha256.to_owned();
        run_blocking(move || {
            let bytes = std::fs::read(path).map_err(|_| EngineError::MediaMissing)?;
            if hash(&bytes) == wanted {
                Ok(bytes)
            } else {
                Err(EngineError::MediaMissing)
            }
        })
        .await
    }

    /// Only a hash is ever made into a path.
    fn path_of(&self, sha256: &str) -> Result<PathBuf, EngineError> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hash {
            Ok(path_in(&self.0, sha256))
        } else {
            Err(EngineError::MediaMissing)
        }
    }
}

fn path_in(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256.get(..2).unwrap_or("00")).join(sha256)
}

async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(EngineError::MediaMissing))
}

fn put(folder: &Path, bytes: &[u8]) -> Result<Stored, EngineError> {
    let (mime, width, height) = inspect(bytes)?;
    let sha256 = hash(bytes);
    let path = path_in(folder, &sha256);
    if !path.exists() {
        write_whole(&path, bytes).map_err(mostrador_store::StoreError::from)?;
    }
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok(Stored {
        mime: mime.to_owned(),
        bytes: size,
        width: Some(width.into()),
        height: Some(height.into()),
        sha256,
        ..Stored::default()
    })
}

/// Type and dimensions, from the header alone.
fn inspect(bytes: &[u8]) -> Result<(&'static str, u32, u32), EngineError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_IMAGE_BYTES {
        return Err(EngineError::MediaTooLarge);
    }
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    let mime = MIMES
        .into_iter()
        .find(|mime| Some(*mime) == found)
        .ok_or(EngineError::MediaUnsupported)?;
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| EngineError::MediaUnsupported)?;
    let (width, height) = reader
        .into_dimensions()
        .map_err(|_| EngineError::MediaUnsupported)?;
    if width == 0 || height == 0 {
        return Err(EngineError::MediaUnsupported);
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        Err(EngineError::MediaTooLarge)
    } else {
        Ok((mime, width, height))
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let unfinished = path.with_extension("part");
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(unfinished, path)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::GrayImage::new(width, height)
            .write_to(&mut bytes, image::ImageFormat::Png)
            .expect("a PNG");
        bytes.into_inner()
    }

    #[tokio::test]
    async fn a_picture_comes_back_as_it_was_put() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().join("media"));
        let stored = media.put(png(3, 2)).await.expect("kept");
        assert_eq!(
            (stored.mime.as_str(), stored.width, stored.height),
            ("image/png", Some(3), Some(2)),
            "told by its bytes"
        );
        assert_eq!(
            media.get(&stored.sha256).await.expect("there"),
            png(3, 2),
            "the same bytes"
        );
    }

    #[tokio::test]
    async fn what_is_no_picture_is_refused_whatever_it_is_called() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        for bytes in [
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            b"MZ\x90".to_vec(),
            Vec::new(),
        ] {
            let refused = media.put(bytes).await.expect_err("refused");
            assert!(
                matches!(refused, EngineError::MediaUnsupported),
                "only pictures are pictures: {refused}"
            );
        }
    }

    #[tokio::test]
    async fn a_picture_that_unfolds_into_gigabytes_is_refused_by_its_header() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let refused = media.put(png(9_000, 1)).await.expect_err("refused");
        assert!(
            matches!(refused, EngineError::MediaTooLarge),
            "a side of 9 000 pixels is too long: {refused}"
        );
    }

    #[tokio::test]
    async fn nothing_but_a_hash_is_a_path() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().join("media"));
        std::fs::write(folder.path().join("secret"), "x").expect("written");
        let refused = media.get("../secret").await.expect_err("refused");
        assert!(
            matches!(refused, EngineError::MediaMissing),
            "a path must not be climbed: {refused}"
        );
    }

    #[tokio::test]
    async fn bytes_that_changed_on_disk_are_not_served() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let stored = media.put(png(3, 2)).await.expect("kept");
        std::fs::write(path_in(folder.path(), &stored.sha256), "other").expect("written");
        assert!(media.get(&stored.sha256).await.is_err(), "the hash must hold");
    }
}
