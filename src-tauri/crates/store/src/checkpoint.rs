//! Moving what was committed from the log into the file, on a thread of its own: the writer does not wait for the disk.
//!
//! A commit appends pages to the write-ahead log. From [`SOON`] pages on this thread is woken and copies them into the file
//! (a passive checkpoint: readers and the writer go on meanwhile). When all is copied, the writer begins the log anew by
//! itself. A writer that never pauses would make the log grow for ever: from [`MOST`] pages on this thread makes it wait for the
//! moment in which the last pages are copied.
//!
//! If the program dies in the middle, the log still has everything; SQLite reads it at the next start.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::StoreError;
use crate::connection::open_writer;

/// Pages of the log (4 KiB each) from which on they are copied.
const SOON: i32 = 4_000;

/// Pages from which on the writer has to wait for the copying.
const MOST: i32 = 64_000;

/// How long this thread waits for another program's lock.
const PATIENCE: Duration = Duration::from_secs(1);

/// The thread, and how long the log is.
pub(crate) struct Checkpoints {
    pages: Arc<AtomicI32>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// For the file at `path`, which `writer` writes.
    pub(crate) fn start(path: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let (noted, long) = (Arc::clone(&pages), Arc::clone(&pages));
        // Takes the place of SQLite's own automatic checkpoint.
        writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            noted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        let copier = open_writer(path, PATIENCE)?;
        // One wake-up that waits is enough: it copies all there is.
        let (wake, woken) = sync_channel::<()>(1);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".into())
            .spawn(move || {
                while woken.recv().is_ok() {
                    copy(&copier, "PASSIVE");
                    if long.load(Ordering::Relaxed) >= MOST {
                        // The writer waits only for what is left after this, which is little and quickly on the disk.
                        copy(&copier, "PASSIVE");
                        copy(&copier, "RESTART");
                    }
                }
            })?;
        Ok(Self {
            pages,
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// Called by the writer after each commit.
    pub(crate) fn after_commit(&self) {
        if self.pages.load(Ordering::Relaxed) >= SOON
            && let Some(wake) = &self.wake
        {
            match wake.try_send(()) {
                Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
            }
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

/// What fails now (a full disk, another program) is tried again after the next commit: the log has it.
fn copy(connection: &Connection, how: &str) {
    let sql = format!("PRAGMA wal_checkpoint({how})");
    if let Err(error) = connection.query_row(&sql, [], |_| Ok(())) {
        let error = StoreError::from(error);
        tracing::debug!(kind = ?error.kind, "the log could not be copied into the file yet");
    }
}
