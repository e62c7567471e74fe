//! Connections that only read, each on a thread of its own, handed out one to a reader at a time.
//!
//! What a connection keeps of the file is taken from memory, and given back, by its own thread. On threads that anybody uses, the C
//! library keeps what each of them has freed for itself: a dozen of those held as many connections' worth of memory, in which there
//! was nothing any more.
//!
//! ```text
//! (none) --asked, none is idle--> reading --done--> idle --asked--> reading
//!                                    |                |--another one is put above it--> idle, keeps nothing of the file
//!                                    |--the store is gone--> ended <--the store is gone--|
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::connection::open_reader;
use crate::{StoreError, StoreErrorKind};

/// How many reads run at once; one more waits.
const READERS: usize = 4;

/// What may wait for a reader: to let go of what it keeps, and the read for which it was taken next. It is never full.
const WAITING: usize = 2;

/// What a reader's thread does with its connection; there is none before the first read, and after one that panicked.
type Job = Box<dyn FnOnce(&mut Option<Connection>) + Send>;

/// The one that was put back last is taken first.
type Idle = Mutex<Vec<Reader>>;

/// The readers' pool.
pub(crate) struct Readers {
    path: PathBuf,
    patience: Duration,
    idle: Arc<Idle>,
    places: Arc<Semaphore>,
}

/// The handle of a reader's thread: it ends when this is dropped.
struct Reader {
    jobs: SyncSender<Job>,
    thread: JoinHandle<()>,
    /// It has pages of the file in memory.
    keeps: bool,
}

/// A reader that reads, and where it is put afterwards.
struct Taken {
    reader: Reader,
    idle: Weak<Idle>,
    place: OwnedSemaphorePermit,
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
        let taken = Taken {
            reader: self.reader()?,
            idle: Arc::downgrade(&self.idle),
            place,
        };
        let (answer, answered) = oneshot::channel();
        let (path, patience) = (self.path.clone(), self.patience);
        let jobs = taken.reader.jobs.clone();
        let job: Job = Box::new(move |connection| {
            // A read that panics takes its connection with it; the next one opens another.
            let done = catch_unwind(AssertUnwindSafe(|| {
                let reader = connection
                    .take()
                    .map_or_else(|| open_reader(&path, patience), Ok)?;
                let done = work(&reader);
                *connection = Some(reader);
                done
            }));
            // Before the answer: whoever asks again at once finds it.
            taken.put_back();
            let _asker_gone =
                answer.send(done.unwrap_or_else(|_| Err(StoreError::of(StoreErrorKind::Other))));
        });
        jobs.send(job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    fn reader(&self) -> Result<Reader, StoreError> {
        match locked(&self.idle).pop() {
            Some(reader) => Ok(reader),
            None => Reader::begin(),
        }
    }
}

impl Drop for Readers {
    /// Those that are idle have closed the file once this is done; one that reads closes it after its read.
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *locked(&self.idle));
        for Reader { jobs, thread, .. } in idle {
            drop(jobs);
            // The last handle of the store may go with a read.
            if thread.thread().id() != std::thread::current().id() {
                let _panicked = thread.join();
            }
        }
    }
}

impl Reader {
    fn begin() -> Result<Self, StoreError> {
        let (jobs, queue) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("store-reader".into())
            .spawn(move || work(&queue))?;
        Ok(Self {
            jobs,
            thread,
            keeps: false,
        })
    }

    /// One that waits below another is seldom taken: what it keeps of the file is given back.
    fn let_go(&mut self) {
        if std::mem::take(&mut self.keeps) {
            // With what it keeps it is as good a reader.
            let _kept = self.jobs.try_send(Box::new(|connection| {
                if let Some(connection) = connection {
                    let _kept = connection.execute_batch("PRAGMA shrink_memory");
                }
            }));
        }
    }
}

impl Taken {
    fn put_back(self) {
        let Self {
            mut reader,
            idle,
            place,
        } = self;
        if let Some(idle) = idle.upgrade() {
            reader.keeps = true;
            let mut idle = locked(&idle);
            if let Some(below) = idle.last_mut() {
                below.let_go();
            }
            idle.push(reader);
        }
        drop(place);
    }
}

fn work(queue: &Receiver<Job>) {
    let mut connection = None;
    while let Ok(job) = queue.recv() {
        job(&mut connection);
    }
}

fn locked(idle: &Idle) -> MutexGuard<'_, Vec<Reader>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::HashSet;
    use std::sync::Barrier;
    use std::thread::{ThreadId, current};

    use super::*;

    thread_local! {
        static OF_THREAD: RefCell<Option<Arc<()>>> = const { RefCell::new(None) };
    }

    fn readers(folder: &Path) -> Readers {
        let path = folder.join("read.db");
        Connection::open(&path)
            .and_then(|file| file.execute_batch("CREATE TABLE entry (id INTEGER PRIMARY KEY)"))
            .expect("a file");
        Readers::new(&path, Duration::from_secs(1))
    }

    async fn thread_of(readers: &Readers) -> ThreadId {
        readers.run(|_| Ok(current().id())).await.expect("read")
    }

    #[tokio::test]
    async fn reads_one_after_the_other_are_made_by_one_thread() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers(folder.path());
        let first = thread_of(&readers).await;
        for _ in 0..50 {
            assert_eq!(
                thread_of(&readers).await,
                first,
                "the same one, which knows the file"
            );
        }
    }

    #[tokio::test]
    async fn as_many_read_at_once_as_there_are_places_and_all_are_used_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers(folder.path());
        let mut seen = HashSet::new();
        for _ in 0..3 {
            let together = Arc::new(Barrier::new(READERS));
            let read = || {
                let together = Arc::clone(&together);
                readers.run(move |_| {
                    together.wait();
                    Ok(current().id())
                })
            };
            let (one, two, three, four) = tokio::join!(read(), read(), read(), read());
            seen.extend([one, two, three, four].map(|read| read.expect("read")));
        }
        assert_eq!(seen.len(), READERS, "no more threads than places");
        let keep = locked(&readers.idle).iter().filter(|reader| reader.keeps).count();
        assert_eq!(keep, 1, "only the one that is taken next keeps pages");
    }

    #[tokio::test]
    async fn a_read_that_panics_is_told_and_the_next_one_is_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers(folder.path());
        let first = thread_of(&readers).await;
        let told = readers
            .run(|_| -> Result<(), StoreError> { panic!("on purpose") })
            .await;
        assert_eq!(
            told.map_err(|error| error.kind),
            Err(StoreErrorKind::Other),
            "told"
        );
        assert_eq!(thread_of(&readers).await, first, "its thread goes on");
    }

    #[tokio::test]
    async fn nobody_holds_the_file_once_the_readers_are_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let readers = readers(folder.path());
        let alive = Arc::new(());
        let kept = Arc::downgrade(&alive);
        readers
            .run(move |_| {
                OF_THREAD.set(Some(alive));
                Ok(())
            })
            .await
            .expect("read");
        assert!(kept.upgrade().is_some(), "the thread lives");
        drop(readers);
        assert!(
            kept.upgrade().is_none(),
            "it has ended, and its connection with it"
        );
    }
}
