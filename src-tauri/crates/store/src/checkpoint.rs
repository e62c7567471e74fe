//! Moving what was committed from the log into the file, on a thread of its own: the writer does not wait for the disk.
//!
//! A commit appends pages to the write-ahead log. From [`SOON`] pages on this thread is woken and copies them into the file
//! (a passive checkpoint: readers and the writer go on meanwhile). When all is copied, the writer begins the log anew by
//! itself. A writer that never pauses would make the log grow for ever: from [`LONG`] pages on it waits once, when only what it
//! just committed is left to be copied. Only from [`MOST`] pages on, where the disk does not follow, it is kept waiting for all
//! of them, which takes as long as it takes.
//!
//! If the program dies in the middle, the log still has everything; SQLite reads it at the next start.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::StoreError;
use crate::connection::open_writer;

/// Pages of the log (4 KiB each) from which on they are copied.
const SOON: i32 = 4_000;

/// Pages from which on the log is to begin anew.
const LONG: i32 = 64_000;

/// So many pages are left when the copying has caught up with the writer: what one transaction appends at the most.
const NEAR: i32 = 6_000;

/// How long the writer waits for what it just committed to be copied. If that is not enough, the next commit tries again.
const PAUSE: Duration = Duration::from_millis(25);

/// Pages from which on the writer has to wait however many are left.
const MOST: i32 = 192_000;

/// How long this thread waits for another program's lock.
const PATIENCE: Duration = Duration::from_secs(1);

/// The thread, and how long the log is.
pub(crate) struct Checkpoints {
    log: Arc<Log>,
    wake: Option<SyncSender<Wake>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Log {
    pages: AtomicI32,
    /// It is long, and the copying has caught up with the writer.
    caught_up: AtomicBool,
}

/// Asks the thread to copy; who waits for it is told.
struct Wake {
    waiting: Option<SyncSender<()>>,
}

impl Checkpoints {
    /// For the file at `path`, which `writer` writes.
    pub(crate) fn start(path: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        let log = Arc::new(Log::default());
        let (noted, copied) = (Arc::clone(&log), Arc::clone(&log));
        // Takes the place of SQLite's own automatic checkpoint.
        writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            noted.pages.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        let copier = open_writer(path, PATIENCE)?;
        // One wake-up that waits is enough: it copies all there is.
        let (wake, woken) = sync_channel::<Wake>(1);
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".into())
            .spawn(move || {
                while let Ok(Wake { waiting }) = woken.recv() {
                    copied.copy_all(&copier);
                    if let Some(waiting) = waiting {
                        let _no_longer_waits = waiting.try_send(());
                    }
                }
            })?;
        Ok(Self {
            log,
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// Called by the writer after each commit.
    pub(crate) fn after_commit(&self) {
        let Some(wake) = &self.wake else { return };
        if self.log.caught_up.swap(false, Ordering::Relaxed) {
            let (waiting, copied) = sync_channel(1);
            let wake_up = Wake {
                waiting: Some(waiting),
            };
            if wake.send(wake_up).is_ok() {
                let _in_time = copied.recv_timeout(PAUSE);
            }
        } else if self.log.pages.load(Ordering::Relaxed) >= SOON {
            match wake.try_send(Wake { waiting: None }) {
                Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
            }
        }
    }
}

impl Log {
    fn copy_all(&self, copier: &Connection) {
        let Some(copied) = copy(copier, "PASSIVE") else {
            return;
        };
        let pages = self.pages.load(Ordering::Relaxed);
        if pages >= MOST {
            copy(copier, "RESTART");
        } else {
            let caught_up = pages >= LONG && pages - copied <= NEAR;
            self.caught_up.store(caught_up, Ordering::Relaxed);
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

/// How many pages of the log are in the file now. What fails now (a full disk, another program) is tried again after the next
/// commit: the log has it.
fn copy(connection: &Connection, how: &str) -> Option<i32> {
    let sql = format!("PRAGMA wal_checkpoint({how})");
    match connection.query_row(&sql, [], |row| row.get("checkpointed")) {
        Ok(copied) => Some(copied),
        Err(error) => {
            let error = StoreError::from(error);
            tracing::debug!(kind = ?error.kind, "the log could not be copied into the file yet");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::set_up_writer;

    /// A file with a writer beside it, so much appended to its log that it is long.
    fn long_log() -> (tempfile::TempDir, Connection, Checkpoints) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        let mut writer = open_writer(&path, PATIENCE).expect("a writer");
        set_up_writer(&writer).expect("set up");
        writer
            .execute_batch("CREATE TABLE page (text BLOB)")
            .expect("a table");
        let checkpoints = Checkpoints::start(&path, &mut writer).expect("a thread");
        append(&writer, LONG);
        (folder, writer, checkpoints)
    }

    /// Rows that fill a page each.
    fn append(writer: &Connection, rows: i32) {
        let sql = "WITH RECURSIVE row (number) AS
            (SELECT 1 UNION ALL SELECT number + 1 FROM row WHERE number < ?1)
            INSERT INTO page SELECT zeroblob(3000) FROM row";
        writer.execute(sql, [rows]).expect("written");
    }

    #[test]
    fn a_writer_that_never_pauses_waits_once_and_its_log_begins_anew() {
        let (_folder, writer, checkpoints) = long_log();
        let longest = (0..8_000)
            .map(|_| {
                writer
                    .execute("UPDATE page SET text = randomblob(3000) WHERE rowid <= 20", [])
                    .expect("written");
                checkpoints.after_commit();
                checkpoints.log.pages.load(Ordering::Relaxed)
            })
            .take_while(|pages| *pages >= LONG)
            .last()
            .expect("long at first");
        let pages = checkpoints.log.pages.load(Ordering::Relaxed);
        assert!(pages < LONG, "{pages} pages, and {longest} before");
        assert!(longest < MOST, "{longest}");
    }

    #[test]
    fn a_short_log_makes_nobody_wait() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        let mut writer = open_writer(&path, PATIENCE).expect("a writer");
        set_up_writer(&writer).expect("set up");
        writer
            .execute_batch("CREATE TABLE page (text BLOB)")
            .expect("a table");
        let checkpoints = Checkpoints::start(&path, &mut writer).expect("a thread");
        append(&writer, SOON);
        checkpoints.after_commit();
        checkpoints.after_commit();
        assert!(!checkpoints.log.caught_up.load(Ordering::Relaxed));
    }
}
