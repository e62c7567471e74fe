//! Small copies of people's and groups' pictures.
//!
//! A picture is fetched when somebody looks at it for the first time, looked at as any file that comes from outside ([`sniff`]),
//! decoded within narrow limits, and drawn anew as a small JPEG: nothing of the file that came is kept. The copy lies under the
//! hash of where the picture lies, so that it is never shown for another one. All copies together have [`ROOM`]; those that
//! nobody has looked at for longest go first. A copy is written under a passing name: one that has its name is whole.
//!
//! [`sniff`]: crate::media

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{ImageReader, Limits};
use mostrador_domain::PictureId;
use mostrador_store::tables::picture::identity;
use tokio::sync::Semaphore;

use crate::EngineError;
use crate::media::{hash, is_picture, run_blocking};

/// The largest picture that is fetched, in bytes.
pub(crate) const MAX_BYTES: u64 = 2 * 1024 * 1024;
/// Its longest side, in pixels, and the memory that decoding it may take.
const MAX_SIDE: u32 = 4_096;
const MAX_MEMORY: u64 = 80 * 1024 * 1024;
/// The side of a copy: twice the largest that the window shows, rounded up.
const SIDE: u32 = 160;
const QUALITY: u8 = 85;
/// How much all copies may take, in bytes.
const ROOM: u64 = 64 * 1024 * 1024;
/// So many are fetched at once.
const AT_ONCE: usize = 4;
/// Before one that could not be fetched is tried again.
const PAUSE: Duration = Duration::from_secs(600);

/// The folder in which copies lie, and what is known of those that cannot be had. Clones share both.
#[derive(Clone)]
pub(crate) struct Pictures {
    folder: PathBuf,
    turn: Arc<Semaphore>,
    /// By the clock that does not jump: not before then; `None` = not in this run.
    missing: Arc<Mutex<BTreeMap<PictureId, Option<Duration>>>>,
}

impl Pictures {
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self {
            folder,
            turn: Arc::new(Semaphore::new(AT_ONCE)),
            missing: Arc::default(),
        }
    }

    /// The turn of whoever fetches one; held until it is kept.
    pub(crate) fn turn(&self) -> Arc<Semaphore> {
        Arc::clone(&self.turn)
    }

    /// Is one known not to be had, at this time?
    pub(crate) fn is_missing(&self, id: PictureId, now: Duration) -> bool {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        missing
            .get(&id)
            .is_some_and(|until| until.is_none_or(|until| now < until))
    }

    /// One could not be had at this time. `for_good`: nor will it be.
    pub(crate) fn note_missing(&self, id: PictureId, now: Duration, for_good: bool) {
        let until = (!for_good).then_some(now + PAUSE);
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        missing.insert(id, until);
    }

    /// The copy of the picture that lies at `url`, if it is here. From now on it counts as looked at.
    pub(crate) async fn copy(&self, url: &str) -> Option<Vec<u8>> {
        let path = self.path_of(url);
        let read = run_blocking(move || {
            let bytes = std::fs::read(&path)?;
            is_young_again(&path);
            Ok(bytes)
        });
        read.await.ok()
    }

    /// Keeps a small copy of the picture that lies at `url`, and gives it.
    pub(crate) async fn keep(&self, url: &str, came: Vec<u8>) -> Result<Vec<u8>, EngineError> {
        let (folder, path) = (self.folder.clone(), self.path_of(url));
        run_blocking(move || {
            let small = shrunk(&came)?;
            std::fs::create_dir_all(&folder)?;
            // Two who keep the same one at once must not write into one another's file.
            static WRITES: AtomicU64 = AtomicU64::new(0);
            let passing = path.with_extension(format!("{}.part", WRITES.fetch_add(1, Ordering::Relaxed)));
            std::fs::write(&passing, &small)?;
            std::fs::rename(&passing, &path)?;
            Ok(small)
        })
        .await
    }

    /// Removes the copies of pictures that lie nowhere any more, and of the others those longest not looked at beyond the room.
    pub(crate) async fn sweep(&self, places: Vec<String>) -> Result<(), EngineError> {
        let folder = self.folder.clone();
        run_blocking(move || {
            let known: BTreeSet<String> = places.iter().map(|url| name_of(url)).collect();
            Ok(sweep(&folder, &known, ROOM)?)
        })
        .await
    }

    fn path_of(&self, url: &str) -> PathBuf {
        self.folder.join(name_of(url))
    }
}

fn name_of(url: &str) -> String {
    hash(identity(url).as_bytes())
}

#[allow(clippy::disallowed_methods, reason = "files are dated by the system's clock")]
fn is_young_again(path: &Path) {
    let opened = std::fs::File::options().append(true).open(path);
    // One that cannot be dated goes earlier than it should; nothing else hangs on it.
    let _dated = opened.and_then(|file| file.set_modified(SystemTime::now()));
}

/// The picture, drawn anew as a small square.
fn shrunk(bytes: &[u8]) -> Result<Vec<u8>, EngineError> {
    if !is_picture(bytes) {
        return Err(EngineError::MediaUnsupported);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| EngineError::MediaUnsupported)?;
    let square = picture.resize_to_fill(SIDE, SIDE, FilterType::Triangle).to_rgb8();
    let mut small = Vec::new();
    square
        .write_with_encoder(JpegEncoder::new_with_quality(&mut small, QUALITY))
        .map_err(|_| EngineError::MediaUnsupported)?;
    Ok(small)
}

fn sweep(folder: &Path, known: &BTreeSet<String>, room: u64) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut kept = Vec::new();
    for entry in entries {
        let entry = entry?;
        let file = entry.metadata()?;
        if entry
            .file_name()
            .to_str()
            .is_some_and(|name| known.contains(name))
        {
            kept.push((file.modified()?, file.len(), entry.path()));
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    kept.sort();
    let mut beyond = kept
        .iter()
        .map(|(_, bytes, _)| bytes)
        .sum::<u64>()
        .saturating_sub(room);
    for (_, bytes, path) in kept {
        if beyond == 0 {
            break;
        }
        std::fs::remove_file(path)?;
        beyond = beyond.saturating_sub(bytes);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::png;

    const URL: &str = "https://pps.pictures.example/1.jpg";

    #[tokio::test]
    async fn a_picture_becomes_a_small_square_and_is_found_again() {
        let folder = tempfile::tempdir().expect("temp");
        let pictures = Pictures::at(folder.path().join("pictures"));
        assert_eq!(pictures.copy(URL).await, None, "not here yet");
        let small = pictures.keep(URL, png(600, 400)).await.expect("kept");
        let drawn = image::load_from_memory(&small).expect("a picture");
        assert_eq!((drawn.width(), drawn.height()), (SIDE, SIDE), "its middle");
        assert_eq!(pictures.copy(URL).await, Some(small), "here");
        assert_eq!(
            pictures.copy("https://pps.pictures.example/2.jpg").await,
            None,
            "not another's"
        );
    }

    #[tokio::test]
    async fn what_is_no_picture_or_unfolds_too_far_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temp");
        let pictures = Pictures::at(folder.path().to_owned());
        let mut cut = png(60, 40);
        cut.truncate(cut.len() / 2);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
        for came in [b"%PDF-1.7".to_vec(), svg, Vec::new(), cut, png(MAX_SIDE + 1, 1)] {
            assert!(pictures.keep(URL, came).await.is_err(), "refused");
        }
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 0, "nothing of it lies here");
    }

    #[test]
    fn the_sweep_leaves_what_is_spoken_of_within_the_room() {
        let folder = tempfile::tempdir().expect("temp");
        let known: BTreeSet<String> = ["a", "b", "c"].map(str::to_owned).into();
        for (age, name) in ["a", "b", "c", "gone", "x.part"].into_iter().enumerate() {
            let path = folder.path().join(name);
            std::fs::write(&path, [0; 10]).expect("written");
            let dated = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 + age as u64);
            let file = std::fs::File::options().append(true).open(&path).expect("there");
            file.set_modified(dated).expect("dated");
        }
        sweep(folder.path(), &known, 20).expect("swept");
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        left.sort();
        assert_eq!(left, ["b", "c"], "the oldest made room, strangers went");
    }

    #[test]
    fn one_that_cannot_be_had_is_left_alone_for_a_while() {
        let pictures = Pictures::at(PathBuf::new());
        let (passing, gone) = (PictureId(1), PictureId(2));
        let now = Duration::from_secs(5);
        pictures.note_missing(passing, now, false);
        pictures.note_missing(gone, now, true);
        assert!(pictures.is_missing(passing, now), "a moment ago");
        assert!(!pictures.is_missing(passing, now + PAUSE), "worth another try");
        assert!(pictures.is_missing(gone, now + PAUSE * 100), "refused for good");
        assert!(!pictures.is_missing(PictureId(3), now), "never tried");
    }
}
