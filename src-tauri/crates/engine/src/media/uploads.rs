//! Files that a window brings piece by piece, so that none is ever held whole.
//!
//! | | begun | the next piece | another piece, or more than was said | ended, all of it there | ended, something lacking | given up, or left alone for [`IDLE`] |
//! |---|---|---|---|---|---|---|
//! | none | Coming | not found | not found | not found | not found | – |
//! | Coming | another one beside it | Coming | gone | looked at: kept, or gone | gone | gone |
//!
//! A piece says where it belongs: a host that makes a call twice, because the line was cut, cannot put it there twice. Whoever works on
//! a file has it alone. What is gone leaves nothing on the disk ([`Arriving`]); a program that dies leaves a temporary file, which the
//! next start removes. A window that begins more than [`AT_ONCE`] has lost some: the oldest make room.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mostrador_gateways::MediaSink as _;
use mostrador_store::StoreError;
use mostrador_store::tables::media::Stored;
use tokio::sync::Notify;

use super::{Arriving, MAX_BYTES, MediaFolder, claim_to_send};
use crate::EngineError;
use crate::clock::Clock;

/// So long a file may be left alone: a window that is there brings the next piece at once.
const IDLE: Duration = Duration::from_secs(120);
/// So many come at once.
const AT_ONCE: usize = 4;

/// The files that are coming.
pub(crate) struct Uploads {
    media: MediaFolder,
    clock: Arc<dyn Clock>,
    open: Mutex<Open>,
    /// One has come, or goes on.
    touched: Notify,
}

#[derive(Default)]
struct Open {
    last: u32,
    files: BTreeMap<u32, Upload>,
}

struct Upload {
    arriving: Arriving,
    file_name: String,
    /// Of the whole, as it was said.
    bytes: u64,
    came: u64,
    /// When it was last worked on.
    touched: Duration,
}

impl Uploads {
    pub(crate) fn new(media: MediaFolder, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            media,
            clock,
            open: Mutex::default(),
            touched: Notify::new(),
        })
    }

    /// Begins one of so many bytes.
    ///
    /// # Errors
    /// Too large, empty.
    pub(crate) fn begin(&self, file_name: String, bytes: u64) -> Result<u32, EngineError> {
        match bytes {
            0 => return Err(EngineError::MediaUnsupported),
            1..=MAX_BYTES => {}
            _ => return Err(EngineError::MediaTooLarge),
        }
        let upload = Upload {
            arriving: self.media.receive(),
            file_name,
            bytes,
            came: 0,
            touched: Duration::ZERO,
        };
        let mut open = self.lock();
        open.last = open.last.wrapping_add(1);
        let id = open.last;
        drop(open);
        self.put(id, upload);
        Ok(id)
    }

    /// Takes the piece that belongs `at` this byte.
    ///
    /// # Errors
    /// Not found (any more), not the next piece, the disk's: it is gone then.
    pub(crate) async fn piece(&self, id: u32, at: u64, piece: &[u8]) -> Result<(), EngineError> {
        let mut upload = self.take(id)?;
        let came = at.saturating_add(piece.len() as u64);
        if at != upload.came || came > upload.bytes {
            return Err(gone());
        }
        if !upload.arriving.take(piece).await {
            let disk = upload.arriving.end(Ok(()), None).await;
            return Err(disk.err().unwrap_or(EngineError::MediaMissing));
        }
        upload.came = came;
        self.put(id, upload);
        Ok(())
    }

    /// Keeps one of which every piece has come: its name, and what it is.
    ///
    /// # Errors
    /// Not found (any more), something lacks, a picture that is none, the disk's: it is gone then.
    pub(crate) async fn end(&self, id: u32) -> Result<(String, Stored), EngineError> {
        let upload = self.take(id)?;
        if upload.came != upload.bytes {
            return Err(gone());
        }
        let claim = claim_to_send(&upload.file_name, upload.bytes);
        let stored = upload.arriving.end(Ok(()), claim).await?;
        Ok((upload.file_name, stored))
    }

    /// It is not wanted any more.
    pub(crate) fn give_up(&self, id: u32) {
        self.lock().files.remove(&id);
    }

    /// Lets go of what is left alone, until the program ends.
    pub(crate) async fn tidy(self: Arc<Self>) {
        loop {
            // One that is touched meanwhile has left its mark, and is seen at the next turn.
            match self.next_idle() {
                None => self.touched.notified().await,
                Some(rest) => {
                    self.clock.sleep(rest).await;
                    let now = self.clock.elapsed();
                    self.lock().files.retain(|_, upload| now < upload.touched + IDLE);
                }
            }
        }
    }

    /// In how long the first of them has been left alone.
    fn next_idle(&self) -> Option<Duration> {
        let now = self.clock.elapsed();
        let open = self.lock();
        let until = open.files.values().map(|upload| upload.touched + IDLE).min()?;
        Some(until.saturating_sub(now))
    }

    fn put(&self, id: u32, mut upload: Upload) {
        upload.touched = self.clock.elapsed();
        let mut open = self.lock();
        open.files.insert(id, upload);
        while open.files.len() > AT_ONCE {
            open.files.pop_first();
        }
        self.touched.notify_one();
    }

    fn take(&self, id: u32) -> Result<Upload, EngineError> {
        self.lock().files.remove(&id).ok_or_else(gone)
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone() -> EngineError {
    StoreError::not_found().into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use mostrador_domain::UnixMillis;
    use mostrador_store::StoreErrorKind;
    use tempfile::TempDir;

    use super::super::sniff::png;
    use super::*;
    use crate::clock::VirtualClock;

    fn uploads() -> (TempDir, VirtualClock, Arc<Uploads>) {
        let folder = tempfile::tempdir().expect("temp");
        let clock = VirtualClock::at(UnixMillis(0));
        let media = MediaFolder::at(folder.path().to_owned());
        let uploads = Uploads::new(media, Arc::new(clock.clone()));
        (folder, clock, uploads)
    }

    /// A document of so many bytes.
    fn pdf(bytes: usize) -> Vec<u8> {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.resize(bytes, b' ');
        pdf
    }

    fn left(folder: &Path) -> usize {
        std::fs::read_dir(folder.join("arriving")).map_or(0, Iterator::count)
    }

    /// What is dropped is removed by the thread that wrote it.
    async fn until_nothing_is_left(folder: &Path) {
        while left(folder) > 0 {
            tokio::task::yield_now().await;
        }
    }

    fn is_gone<T>(answer: Result<T, EngineError>) -> bool {
        matches!(answer, Err(EngineError::Store(error)) if error.kind == StoreErrorKind::NotFound)
    }

    #[tokio::test]
    async fn a_file_in_pieces_is_kept_as_the_one_it_is() {
        let (folder, _, uploads) = uploads();
        let whole = pdf(1_000);
        let id = uploads.begin("catalogo.pdf".to_owned(), 1_000).expect("begun");
        for (nth, piece) in whole.chunks(300).enumerate() {
            uploads.piece(id, nth as u64 * 300, piece).await.expect("taken");
        }
        let (name, stored) = uploads.end(id).await.expect("kept");
        assert_eq!(
            (name.as_str(), stored.mime.as_str(), stored.bytes),
            ("catalogo.pdf", "application/pdf", 1_000),
            "by its bytes"
        );
        let there = uploads.media.get(&stored.sha256).await.expect("there");
        assert_eq!(there, whole, "byte for byte");
        assert_eq!(left(folder.path()), 0, "nothing else");
        assert!(is_gone(uploads.end(id).await), "it is kept once");
    }

    #[tokio::test]
    async fn a_piece_that_comes_twice_is_not_written_twice() {
        let (folder, _, uploads) = uploads();
        let id = uploads.begin("catalogo.pdf".to_owned(), 1_000).expect("begun");
        let whole = pdf(1_000);
        uploads.piece(id, 0, &whole[..400]).await.expect("taken");
        assert!(
            is_gone(uploads.piece(id, 0, &whole[..400]).await),
            "the same again"
        );
        assert!(is_gone(uploads.end(id).await), "what was cut is not whole");
        until_nothing_is_left(folder.path()).await;
    }

    #[tokio::test]
    async fn what_is_more_or_less_than_was_said_leaves_nothing() {
        let (folder, _, uploads) = uploads();
        let more = uploads.begin("a.pdf".to_owned(), 10).expect("begun");
        assert!(
            is_gone(uploads.piece(more, 0, &pdf(11)).await),
            "one byte too many"
        );
        let less = uploads.begin("b.pdf".to_owned(), 10).expect("begun");
        uploads.piece(less, 0, &pdf(9)).await.expect("taken");
        assert!(is_gone(uploads.end(less).await), "one byte lacks");
        let left_off = uploads.begin("c.pdf".to_owned(), 10).expect("begun");
        uploads.give_up(left_off);
        assert!(is_gone(uploads.piece(left_off, 0, &pdf(10)).await), "given up");
        until_nothing_is_left(folder.path()).await;
    }

    #[tokio::test]
    async fn one_that_is_left_alone_is_let_go_and_one_that_goes_on_is_not() {
        let (folder, clock, uploads) = uploads();
        let tidying = tokio::task::JoinSet::from_iter([Arc::clone(&uploads).tidy()]);
        let left_alone = uploads.begin("a.pdf".to_owned(), 10).expect("begun");
        let goes_on = uploads.begin("b.pdf".to_owned(), 10).expect("begun");
        for at in 0..3 {
            tokio::task::yield_now().await;
            clock.advance(IDLE / 2);
            tokio::task::yield_now().await;
            uploads.piece(goes_on, at, b"%").await.expect("in time");
        }
        assert!(is_gone(uploads.piece(left_alone, 0, b"%").await), "nobody came");
        clock.advance(IDLE);
        until_nothing_is_left(folder.path()).await;
        assert!(is_gone(uploads.end(goes_on).await), "nor here any more");
        drop(tidying);
    }

    #[tokio::test]
    async fn a_file_may_be_as_large_as_one_of_its_kind_and_files_that_were_lost_make_room() {
        let (folder, _, uploads) = uploads();
        let refused = uploads.begin("a.pdf".to_owned(), MAX_BYTES + 1);
        assert!(
            matches!(refused, Err(EngineError::MediaTooLarge)),
            "one byte too many"
        );
        let empty = uploads.begin("a.pdf".to_owned(), 0);
        assert!(
            matches!(empty, Err(EngineError::MediaUnsupported)),
            "nothing is in it"
        );
        let all: Vec<u32> = (0..=AT_ONCE)
            .map(|_| uploads.begin("a.pdf".to_owned(), MAX_BYTES).expect("begun"))
            .collect();
        assert!(
            is_gone(uploads.piece(all[0], 0, b"%").await),
            "the oldest has made room"
        );
        uploads.piece(all[1], 0, b"%").await.expect("the next is there");
        drop(uploads);
        until_nothing_is_left(folder.path()).await;
    }

    #[tokio::test]
    async fn a_picture_that_is_larger_than_one_may_be_is_kept_as_a_document_and_one_that_is_none_is_refused()
    {
        let (_folder, _, uploads) = uploads();
        let mut large = png(3, 2);
        large.resize(
            usize::try_from(super::super::MAX_IMAGE_BYTES).expect("fits") + 1,
            0,
        );
        let id = uploads
            .begin("afiche.png".to_owned(), large.len() as u64)
            .expect("begun");
        uploads.piece(id, 0, &large).await.expect("taken");
        let (_, stored) = uploads.end(id).await.expect("kept");
        assert_eq!(
            (stored.mime.as_str(), stored.width),
            ("image/png", None),
            "told as what it is, and never unfolded"
        );
        let words = uploads.begin("foto.png".to_owned(), 5).expect("begun");
        uploads.piece(words, 0, b"words").await.expect("taken");
        let refused = uploads.end(words).await;
        assert!(
            matches!(refused, Err(EngineError::MediaUnsupported)),
            "a name makes no picture"
        );
    }
}
