//! The one connection that writes, on a thread of its own.
//!
//! Jobs come through a bounded channel and run one after the other, each in one transaction. The order of effects is
//! always the same: write → commit → tell the feed → answer whoever asked. If the program dies before the commit, nothing
//! happened; after it, everything did, and whoever starts next reads it from the file.
//!
//! A full channel makes the asker wait: nothing is dropped, and whoever produces faster than the disk slows down.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread::JoinHandle;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::checkpoint::Checkpoints;
use crate::feed::Feed;
use crate::{Change, StoreError, StoreErrorKind};

/// How many jobs may wait; who asks for one more waits himself.
const QUEUE: usize = 256;

/// What a commit has to survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process. A power cut may take the last moments: of what its gateway lists, and can be fetched again; of what is
    /// found out anew; and of what a person of the shop has just noted and will miss (a draft, a note, a choice).
    Crash,
    /// A power cut too: for everything that says what we mean to send, and for what nobody tells twice.
    PowerLoss,
}

/// A transaction under way, and what it will have changed.
pub struct Writing<'a> {
    tx: Transaction<'a>,
    changes: BTreeSet<Change>,
}

impl Writing<'_> {
    /// Notes what this transaction changes; told after the commit.
    pub fn touch(&mut self, change: Change) {
        self.changes.insert(change);
    }
}

impl std::ops::Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

type Job = Box<dyn FnOnce(&mut Desk) + Send>;

/// What the thread works with.
struct Desk {
    connection: Connection,
    durability: Durability,
    feed: Feed,
    checkpoints: Checkpoints,
}

/// The handle of the writer thread.
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(mut connection: Connection, path: &Path, feed: Feed) -> Result<Self, StoreError> {
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        let checkpoints = Checkpoints::start(path, &mut connection)?;
        let mut desk = Desk {
            connection,
            durability: Durability::Crash,
            feed,
            checkpoints,
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                while let Some(job) = queue.blocking_recv() {
                    job(&mut desk);
                }
            })?;
        Ok(Self {
            jobs,
            thread: Some(thread),
        })
    }

    /// Runs `work` in a transaction of its own.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        durability: Durability,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |desk| {
            // A panic in one job must not end the writer: the transaction rolls back as it is dropped.
            let outcome = catch_unwind(AssertUnwindSafe(|| desk.transact(durability, work)));
            let outcome = outcome.unwrap_or_else(|_| Err(StoreError::of(StoreErrorKind::Other)));
            let _asker_gone = answer.send(outcome);
        });
        self.jobs
            .send(job)
            .await
            .map_err(|_| StoreError::of(StoreErrorKind::Closed))?;
        answered
            .await
            .unwrap_or_else(|_| Err(StoreError::of(StoreErrorKind::Closed)))
    }
}

impl Drop for Writer {
    /// Lets the jobs that wait finish, then ends the thread.
    fn drop(&mut self) {
        let (closed, _) = mpsc::channel(1);
        self.jobs = closed;
        // The last handle may go with a job, on the writer's own thread: it ends by itself then.
        if let Some(thread) = self
            .thread
            .take()
            .filter(|thread| thread.thread().id() != std::thread::current().id())
        {
            let _panicked = thread.join();
        }
    }
}

impl Desk {
    fn transact<T>(
        &mut self,
        durability: Durability,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.set_durability(durability)?;
        let done = self.commit(work)?;
        self.checkpoints.after_commit();
        Ok(done)
    }

    fn commit<T>(
        &mut self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut writing = Writing {
            tx,
            changes: BTreeSet::new(),
        };
        let done = work(&mut writing)?;
        let Writing { tx, changes } = writing;
        tx.commit()?;
        self.feed.publish(changes);
        Ok(done)
    }

    fn set_durability(&mut self, durability: Durability) -> Result<(), StoreError> {
        if self.durability != durability {
            let level = match durability {
                Durability::Crash => "NORMAL",
                Durability::PowerLoss => "FULL",
            };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.durability = durability;
        }
        Ok(())
    }
}
