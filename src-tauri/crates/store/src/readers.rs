//! Connections that only read, handed out one to a reader at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::connection::open_reader;
use crate::{StoreError, StoreErrorKind};

/// How many reads run at once; one more waits.
const READERS: usize = 4;

/// The readers' pool.
pub(crate) struct Readers {
    path: PathBuf,
    patience: Duration,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new(path: &Path, patience: Duration) -> Self {
        Self {
            path: path.to_owned(),
            patience,
            idle: Arc::default(),
            places: Arc::new(Semaphore::new(READERS)),
        }
    }

    /// Runs `work` on a reader, off the async threads. All that it reads is of one moment only if it opens a transaction.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let closed = || StoreError::of(StoreErrorKind::Closed);
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|_| closed())?;
        let idle = Arc::clone(&self.idle);
        let (path, patience) = (self.path.clone(), self.patience);
        let read = tokio::task::spawn_blocking(move || {
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = taken.map_or_else(|| open_reader(&path, patience), Ok)?;
            let done = work(&connection);
            put_back(&idle, connection);
            drop(place);
            done
        });
        // A read that panics takes its connection with it; the next one opens another.
        read.await.map_err(|ended| {
            if ended.is_panic() {
                StoreError::of(StoreErrorKind::Other)
            } else {
                closed()
            }
        })?
    }
}

/// The connection that was put back last is taken first. One that waits below another is seldom taken, and keeps nothing of the file.
fn put_back(idle: &Mutex<Vec<Connection>>, connection: Connection) {
    let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(below) = idle.last() {
        // With what it keeps it is as good a reader.
        let _kept = below.execute_batch("PRAGMA shrink_memory");
    }
    idle.push(connection);
}
