//! Files that belong to messages: checked by what they are ([`sniff`]), kept by their hash.
//!
//! Bytes are written to a temporary file as they come, hashed on the way, synced, looked at, and renamed ([`arriving`]): a file
//! under its hash is whole. The same bytes are kept once, however often they come. A program that dies leaves a temporary file
//! at the most; the next start removes it. A window brings what is to be sent the same way ([`uploads`]). Bytes of which no row
//! speaks are removed by [`sweep`], a day after they came. A photo may have a smaller copy beside it ([`small`]).

mod arriving;
mod frames;
pub(crate) mod fuzzing;
mod loudness;
mod ogg;
mod small;
mod sniff;
mod sweep;
mod uploads;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use mostrador_domain::{FileSource, OutgoingSource};
use mostrador_store::tables::media::Stored;
use sha2::{Digest, Sha256};

use crate::EngineError;

pub(crate) use arriving::Arriving;
use arriving::Unfinished;
pub(crate) use small::is_worth;
#[cfg(test)]
pub(crate) use sniff::png;
pub use sniff::{MAX_BYTES, MAX_IMAGE_BYTES, largest_of};
pub(crate) use sniff::{claim_of, claim_to_send, is_picture, max_bytes};
pub(crate) use uploads::Uploads;

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
        run_blocking(move || {
            let mut unfinished = Unfinished::new(&folder)?;
            unfinished.write(&bytes)?;
            unfinished.keep(&folder, told.as_deref())
        })
        .await
    }

    /// Begins to take in a file that comes piece by piece.
    pub(crate) fn receive(&self) -> Arriving {
        Arriving::into(self.0.clone())
    }

    /// Removes what an earlier run was receiving when it died.
    pub(crate) async fn remove_unfinished(&self) {
        let folder = self.0.clone();
        let swept = run_blocking(move || Ok(arriving::sweep(&folder)?)).await;
        if let Err(error) = swept {
            tracing::warn!(%error, "unfinished files could not be removed");
        }
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

    /// The bytes under a hash, for whoever reads them while they leave; they are looked through first and never held whole.
    ///
    /// # Errors
    /// [`EngineError::MediaMissing`] if they are not there or not what the hash says.
    pub(crate) async fn source(&self, sha256: &str) -> Result<OutgoingSource, EngineError> {
        let path = self.path_of(sha256)?;
        let wanted = sha256.to_owned();
        run_blocking(move || {
            let file = File::open(&path).map_err(|_| EngineError::MediaMissing)?;
            match looked_through(file)? {
                (length, found) if found == wanted => Ok(OutgoingSource::new(Kept { path, length })),
                _ => Err(EngineError::MediaMissing),
            }
        })
        .await
    }

    /// How loud a voice message under a hash is over its time; `None` = it is none, or cannot be read.
    pub(crate) async fn loudness(&self, sha256: &str) -> Option<Vec<u8>> {
        let file = self.open(sha256).ok()?;
        let listened = run_blocking(move || Ok(loudness::of(BufReader::new(file))));
        listened.await.ok().flatten()
    }

    /// Are the bytes under a hash not there, or not what it says? Those that cannot be read now may be.
    pub(crate) async fn is_gone(&self, sha256: &str) -> bool {
        let Ok(path) = self.path_of(sha256) else {
            return true;
        };
        let wanted = sha256.to_owned();
        let looked = run_blocking(move || match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            file => Ok(looked_through(file?)?.1 != wanted),
        });
        looked.await.unwrap_or(false)
    }

    /// A part of the bytes under a hash. `choose` gets the whole's length and gives the part, or none of it.
    ///
    /// Whoever plays a film asks for many small parts of it; the whole is not hashed for each. That its length is still what
    /// was kept is looked at.
    ///
    /// # Errors
    /// [`EngineError::MediaMissing`] if they are not there, not as many as were kept (`kept`), or not all of the part.
    pub(crate) async fn part(
        &self,
        sha256: &str,
        kept: Option<u64>,
        choose: impl FnOnce(u64) -> Option<Range<u64>> + Send + 'static,
    ) -> Result<Part, EngineError> {
        let path = self.path_of(sha256)?;
        run_blocking(move || {
            let mut file = File::open(path).map_err(|_| EngineError::MediaMissing)?;
            let length = file.metadata()?.len();
            if kept.is_some_and(|kept| kept != length) {
                return Err(EngineError::MediaMissing);
            }
            let range = choose(length).filter(|range| range.start <= range.end && range.end <= length);
            let mut bytes = Vec::new();
            if let Some(range) = &range {
                file.seek(SeekFrom::Start(range.start))?;
                file.take(range.end - range.start).read_to_end(&mut bytes)?;
            }
            Ok(Part { length, range, bytes })
        })
        .await
    }

    /// Opens the bytes under a hash, for whoever reads them piece by piece on a thread of its own.
    pub(crate) fn open(&self, sha256: &str) -> Result<File, EngineError> {
        File::open(self.path_of(sha256)?).map_err(|_| EngineError::MediaMissing)
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

/// How many bytes a file has, and their hash.
fn looked_through(file: File) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let length = io::copy(&mut BufReader::new(file), &mut hasher)?;
    Ok((length, hex(&hasher.finalize())))
}

/// A file of the folder on its way out.
struct Kept {
    path: PathBuf,
    length: u64,
}

impl FileSource for Kept {
    fn length(&self) -> u64 {
        self.length
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let file = File::open(&self.path)?;
        match file.metadata()?.len() == self.length {
            true => Ok(Box::new(file)),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// A part of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// Of the whole, in bytes.
    pub length: u64,
    /// Where the part lies; `None` = there is no such part.
    pub range: Option<Range<u64>>,
    /// The part itself.
    pub bytes: Vec<u8>,
}

fn path_in(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256.get(..2).unwrap_or("00")).join(sha256)
}

pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(EngineError::MediaMissing))
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
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
    async fn a_voice_message_is_kept_with_its_length() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().join("media"));
        let voice = media
            .put(ogg::voice(48_000 * 12), Some("audio/ogg"))
            .await
            .expect("kept");
        assert_eq!(
            (voice.mime.as_str(), voice.seconds),
            ("audio/ogg", Some(12)),
            "told by its bytes"
        );
        let picture = media.put(png(3, 2), Some("image/png")).await.expect("kept");
        assert_eq!(picture.seconds, None, "a picture has none");
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

    #[tokio::test]
    async fn a_file_on_its_way_out_is_read_anew_each_time_and_missed_when_it_is_gone() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let stored = media.put(png(3, 2), Some("image/png")).await.expect("kept");
        let source = media.source(&stored.sha256).await.expect("there");
        assert_eq!(source.length(), png(3, 2).len() as u64, "its length is known");
        for _ in 0..2 {
            let mut bytes = Vec::new();
            let mut file = source.open().expect("there");
            file.read_to_end(&mut bytes).expect("read");
            assert_eq!(bytes, png(3, 2), "from its beginning");
        }
        let path = path_in(folder.path(), &stored.sha256);
        std::fs::write(&path, "other").expect("written");
        assert!(source.open().is_err(), "it is not as long as it was");
        let refused = media.source(&stored.sha256).await.err();
        assert!(
            matches!(refused, Some(EngineError::MediaMissing)),
            "the hash must hold"
        );
        std::fs::remove_file(&path).expect("removed");
        assert!(source.open().is_err(), "it is gone");
        let refused = media.source(&stored.sha256).await.err();
        assert!(
            matches!(refused, Some(EngineError::MediaMissing)),
            "and told as that"
        );
    }

    #[tokio::test]
    async fn a_part_is_read_and_what_is_no_part_is_none() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let stored = media.put(png(3, 2), Some("image/png")).await.expect("kept");
        let whole = png(3, 2);
        let length = whole.len() as u64;
        let part = media
            .part(&stored.sha256, Some(length), |_| Some(1..4))
            .await
            .expect("there");
        assert_eq!(
            (part.length, part.range, part.bytes.as_slice()),
            (length, Some(1..4), &whole[1..4]),
            "these bytes"
        );
        let beyond = media
            .part(&stored.sha256, None, |length| Some(length..length + 1))
            .await
            .expect("there");
        assert_eq!(
            (beyond.range, beyond.bytes.len()),
            (None, 0),
            "nothing lies beyond the end"
        );
        let shorter = media.part(&stored.sha256, Some(length + 1), |_| Some(0..1)).await;
        assert!(
            matches!(shorter, Err(EngineError::MediaMissing)),
            "a file that lost its end is not served"
        );
    }
}
