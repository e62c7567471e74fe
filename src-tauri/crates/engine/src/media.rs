//! Files that belong to messages: checked by what they are ([`sniff`]), kept by their hash.
//!
//! Bytes are written to a temporary file, synced, and renamed: a file under its hash is whole. The same bytes are kept once,
//! however often they come. Bytes of which no row speaks are removed by [`sweep`], a day after they came.

mod sniff;
mod sweep;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use mostrador_store::tables::media::Stored;
use sha2::{Digest, Sha256};

use crate::EngineError;

pub use sniff::{MAX_BYTES, MAX_IMAGE_BYTES};
pub(crate) use sniff::{claimed_by, max_bytes};

/// The folder in which bytes lie.
#[derive(Debug, Clone)]
pub struct MediaFolder(PathBuf);

impl MediaFolder {
    /// The folder at `path`; made when the first file is put.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Checks a file and keeps its bytes. `told`: the media type that its sender claims; a picture, film or sound that is
    /// none is refused.
    ///
    /// # Errors
    /// [`EngineError::MediaTooLarge`], [`EngineError::MediaUnsupported`], or the disk's.
    pub async fn put(&self, bytes: Vec<u8>, told: Option<&str>) -> Result<Stored, EngineError> {
        let (folder, told) = (self.0.clone(), told.map(str::to_owned));
        run_blocking(move || put(&folder, &bytes, told.as_deref())).await
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

fn put(folder: &Path, bytes: &[u8], told: Option<&str>) -> Result<Stored, EngineError> {
    let seen = sniff::look(bytes, told)?;
    let sha256 = hash(bytes);
    let path = path_in(folder, &sha256);
    if !is_young_again(&path) {
        write_whole(&path, bytes).map_err(mostrador_store::StoreError::from)?;
    }
    Ok(Stored {
        mime: seen.mime.to_owned(),
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        width: seen.size.map(|(width, _)| width.into()),
        height: seen.size.map(|(_, height)| height.into()),
        sha256,
        ..Stored::default()
    })
}

/// Is the file here? If so it counts as new from now on: a sweep leaves it alone until a row speaks of it.
#[allow(clippy::disallowed_methods, reason = "files are dated by the system's clock")]
fn is_young_again(path: &Path) -> bool {
    let opened = std::fs::File::options().append(true).open(path);
    opened.is_ok_and(|file| file.set_modified(std::time::SystemTime::now()).is_ok())
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    // Two who keep the same bytes at once must not write into one another's file.
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let unfinished = path.with_extension(format!("part{}", WRITES.fetch_add(1, Ordering::Relaxed)));
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
    use super::sniff::png;
    use super::*;

    #[tokio::test]
    async fn a_picture_comes_back_as_it_was_put() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().join("media"));
        let stored = media.put(png(3, 2), Some("image/png")).await.expect("kept");
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
        let stored = media.put(png(3, 2), Some("image/png")).await.expect("kept");
        std::fs::write(path_in(folder.path(), &stored.sha256), "other").expect("written");
        assert!(media.get(&stored.sha256).await.is_err(), "the hash must hold");
    }
}
