//! A file that is coming in: its bytes go to a temporary file as they come, and are hashed on the way.
//!
//! A thread of its own writes; the pieces reach it through a short queue, so that a slow disk slows the download down and nothing
//! piles up. Order of effects: written, synced, looked at, renamed under its hash. Whoever drops it half-way (a session that
//! ends) drops the queue, and the thread removes what it has written; a program that dies leaves it to [`sweep`].

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use mostrador_domain::Failure;
use mostrador_gateways::MediaSink;
use mostrador_store::tables::media::Stored;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{hex, ogg, path_in, sniff};
use crate::EngineError;

/// The folder, in the media folder, of what is not whole yet.
const FOLDER: &str = "arriving";
/// Pieces that may wait for the disk; the line brings some kilobytes with each.
const QUEUE: usize = 16;

/// A file that is coming in.
pub(crate) struct Arriving {
    pieces: mpsc::Sender<Vec<u8>>,
    written: JoinHandle<std::io::Result<Unfinished>>,
    folder: PathBuf,
}

impl Arriving {
    pub(super) fn into(folder: PathBuf) -> Self {
        let (pieces, mut coming) = mpsc::channel::<Vec<u8>>(QUEUE);
        let into = folder.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut unfinished = Unfinished::new(&into)?;
            while let Some(piece) = coming.blocking_recv() {
                unfinished.write(&piece)?;
            }
            Ok(unfinished)
        });
        Self {
            pieces,
            written,
            folder,
        }
    }

    /// Keeps what has come, if all of it has. `told`: the media type that its sender claims; none = nobody does.
    ///
    /// # Errors
    /// The disk's, first: it may be why the download ended. Else the download's, or what [`sniff`] says.
    pub(crate) async fn end(
        self,
        came: Result<(), Failure>,
        told: Option<&str>,
    ) -> Result<Stored, EngineError> {
        let (folder, told) = (self.folder, told.map(str::to_owned));
        drop(self.pieces);
        let unfinished = self.written.await.map_err(|_| EngineError::MediaMissing)??;
        came?;
        super::run_blocking(move || unfinished.keep(&folder, told.as_deref())).await
    }
}

#[async_trait]
impl MediaSink for Arriving {
    async fn take(&mut self, piece: &[u8]) -> bool {
        self.pieces.send(piece.to_vec()).await.is_ok()
    }
}

/// A temporary file that is being written; removed when dropped, unless it was kept.
pub(super) struct Unfinished {
    file: File,
    path: PathBuf,
    hash: Sha256,
    bytes: u64,
}

impl Unfinished {
    pub(super) fn new(folder: &Path) -> std::io::Result<Self> {
        let folder = folder.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        // Two who keep the same bytes at once must not write into one another's file.
        static WRITES: AtomicU64 = AtomicU64::new(0);
        let path = folder.join(WRITES.fetch_add(1, Ordering::Relaxed).to_string());
        Ok(Self {
            file: File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)?,
            path,
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    pub(super) fn write(&mut self, piece: &[u8]) -> std::io::Result<()> {
        self.file.write_all(piece)?;
        self.hash.update(piece);
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        Ok(())
    }

    /// Looks at it and keeps it under its hash.
    pub(super) fn keep(self, folder: &Path, told: Option<&str>) -> Result<Stored, EngineError> {
        let seen = sniff::look_at(BufReader::new(&self.file), told)?;
        let seconds = match seen.mime {
            "audio/ogg" => ogg::seconds(&self.file)?,
            _ => None,
        };
        let sha256 = hex(&self.hash.clone().finalize());
        self.settle(&path_in(folder, &sha256))?;
        Ok(Stored {
            mime: seen.mime.to_owned(),
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            width: seen.size.map(|(width, _)| width.into()),
            height: seen.size.map(|(_, height)| height.into()),
            seconds,
            sha256,
            ..Stored::default()
        })
    }

    fn settle(&self, place: &Path) -> std::io::Result<()> {
        if is_young_again(place, self.bytes) {
            return Ok(());
        }
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent)?;
        }
        self.file.sync_all()?;
        std::fs::rename(&self.path, place)
    }
}

/// Is the file here, with all its bytes? If so it counts as new from now on: a sweep leaves it alone until a row speaks of it.
#[allow(clippy::disallowed_methods, reason = "files are dated by the system's clock")]
fn is_young_again(path: &Path, bytes: u64) -> bool {
    let opened = File::options().append(true).open(path);
    let whole = opened.and_then(|file| Ok((file.metadata()?.len() == bytes).then_some(file)));
    matches!(whole, Ok(Some(file)) if file.set_modified(std::time::SystemTime::now()).is_ok())
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // One that was kept is not there any more; one that cannot be removed is swept at the next start.
        let _kept = std::fs::remove_file(&self.path);
    }
}

/// Removes what was not whole when the program died. Only before anything is received.
pub(super) fn sweep(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder.join(FOLDER)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::UnknownCause;

    use super::super::MediaFolder;
    use super::super::sniff::png;
    use super::*;

    const CUT: Failure = Failure::Unknown {
        cause: UnknownCause::Cut,
    };

    fn unfinished(folder: &Path) -> usize {
        std::fs::read_dir(folder.join(FOLDER)).map_or(0, Iterator::count)
    }

    #[tokio::test]
    async fn a_file_that_comes_in_pieces_is_the_one_that_was_put_whole() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let picture = png(60, 40);
        let mut arriving = media.receive();
        for piece in picture.chunks(7) {
            assert!(arriving.take(piece).await, "there is room");
        }
        let stored = arriving.end(Ok(()), Some("image/png")).await.expect("kept");
        let put = media.put(picture.clone(), Some("image/png")).await.expect("kept");
        assert_eq!(stored, put, "the same in all that is known of it");
        assert_eq!(
            media.get(&stored.sha256).await.expect("there"),
            picture,
            "byte for byte"
        );
        assert_eq!(unfinished(folder.path()), 0, "nothing else is left");
    }

    #[tokio::test]
    async fn what_did_not_come_whole_or_is_not_what_it_claims_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        for (came, told) in [(Err(CUT), "image/png"), (Ok(()), "video/mp4")] {
            let mut arriving = media.receive();
            assert!(arriving.take(&png(3, 2)).await, "there is room");
            assert!(arriving.end(came, Some(told)).await.is_err(), "not kept");
            assert_eq!(unfinished(folder.path()), 0, "{told}: it is removed");
        }
    }

    #[tokio::test]
    async fn a_disk_that_takes_nothing_ends_the_download_and_says_so() {
        let folder = tempfile::tempdir().expect("temp");
        let file = folder.path().join("no folder");
        std::fs::write(&file, "x").expect("written");
        let mut arriving = MediaFolder::at(file).receive();
        while arriving.take(b"piece").await {}
        let error = arriving
            .end(Err(CUT), Some("image/png"))
            .await
            .expect_err("not kept");
        assert!(
            matches!(error, EngineError::Store(_)),
            "the disk's word, not the line's: {error}"
        );
    }

    #[tokio::test]
    async fn what_a_dead_program_left_is_removed_at_the_next_start() {
        let folder = tempfile::tempdir().expect("temp");
        let media = MediaFolder::at(folder.path().to_owned());
        let kept = media.put(png(3, 2), Some("image/png")).await.expect("kept");
        std::fs::create_dir_all(folder.path().join(FOLDER)).expect("made");
        std::fs::write(folder.path().join(FOLDER).join("7"), "half").expect("written");
        media.remove_unfinished().await;
        assert_eq!(unfinished(folder.path()), 0, "half a file is of no use");
        assert!(media.get(&kept.sha256).await.is_ok(), "whole ones stay");
    }
}
