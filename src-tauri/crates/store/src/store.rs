//! Opening the store and running reads and writes on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::UnixMillis;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::connection::{PATIENCE, open_writer, set_up_rebuilding, set_up_writer};
use crate::feed::Feed;
use crate::integrity::{self, SetAside, plan, salvage};
use crate::migrations::{is_older, migrate, refuse_newer};
use crate::readers::Readers;
use crate::writer::{Durability, Writer, Writing};
use crate::{Change, Changes, StoreError, StoreErrorKind};

/// The open store. Cheap to clone; the file is closed when the last clone goes.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Writer,
    readers: Readers,
    feed: Feed,
    path: PathBuf,
}

/// A store that was opened, and what had to be done for it.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Set when the file was damaged: it was moved aside, and what could be read was taken over.
    pub set_aside: Option<SetAside>,
}

impl Store {
    /// Opens the file at `path`, makes it if it is not there, migrates it. A damaged file is moved aside under a name
    /// with `now` in it and a new one is begun with what could be saved.
    ///
    /// # Errors
    /// [`StoreErrorKind::NewerVersion`], [`StoreErrorKind::Busy`], [`StoreErrorKind::ReadOnly`], [`StoreErrorKind::Full`].
    pub fn open(path: &Path, now: UnixMillis) -> Result<Opened, StoreError> {
        Self::open_patiently(path, now, PATIENCE)
    }

    /// As [`Store::open`], with `patience` for a file that another program holds before it is
    /// [`StoreErrorKind::Busy`]; reads and writes have the same patience.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_patiently(path: &Path, now: UnixMillis, patience: Duration) -> Result<Opened, StoreError> {
        // An earlier start may have died in the middle of an exchange.
        let mut aside = integrity::exchange(path, now)?;
        let connection = match open_sound(path, patience) {
            Err(error) if error.kind == StoreErrorKind::Damaged => {
                rebuild(path, now, patience)?;
                aside = integrity::exchange(path, now)?;
                open_sound(path, patience)?
            }
            opened => opened?,
        };
        integrity::remove(&integrity::torn_log(path))?;
        let set_aside = match aside {
            Some(aside) => Some(told(aside, now, &connection)?),
            None => None,
        };
        Ok(Opened {
            store: Self::with(connection, path, patience)?,
            set_aside,
        })
    }

    fn with(connection: Connection, path: &Path, patience: Duration) -> Result<Self, StoreError> {
        if let Err(error) = plan::note(&connection, path) {
            tracing::warn!(kind = ?error.kind, "where the store's tables begin could not be noted");
        }
        let feed = Feed::new();
        let writer = Writer::start(connection, path, feed.clone())?;
        Ok(Self {
            inner: Arc::new(Inner {
                writer,
                readers: Readers::new(path, patience),
                feed,
                path: path.to_owned(),
            }),
        })
    }

    /// Runs `work` in a write transaction that survives a crash of the program. What it touched is told after the commit.
    ///
    /// # Errors
    /// Those of `work`, and the file's. On any error nothing is kept.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.noted(self.inner.writer.run(Durability::Crash, work).await)
    }

    /// As [`Store::write`], and the commit survives a power cut.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_durably<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.noted(self.inner.writer.run(Durability::PowerLoss, work).await)
    }

    /// Runs `work` on a connection that can only read.
    ///
    /// # Errors
    /// Those of `work`, and the file's.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.noted(self.inner.readers.run(work).await)
    }

    /// Notes damage that anybody has met: a start looks at a file only so far, and looks at all of one that is noted.
    fn noted<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        let met = outcome.as_ref().err();
        if met.is_some_and(|error| error.kind == StoreErrorKind::Damaged) {
            let suspect = integrity::suspect(&self.inner.path);
            if !suspect.exists() {
                tracing::error!("the store is damaged: the next start looks at all of it");
            }
            if let Err(error) = std::fs::write(suspect, "") {
                tracing::warn!(kind = ?error.kind(), "that the store is damaged could not be noted");
            }
        }
        outcome
    }

    /// Looks at all of the file, beside whatever else is done with it. Damage is noted: the next start sets the file aside.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`], and the file's.
    pub async fn look_through(&self) -> Result<(), StoreError> {
        self.read(integrity::whole).await
    }

    /// Up to when damaged files that lie beside this one were the store, the newest of them: they may speak of what this one does
    /// not know any more. `None` = there are none.
    ///
    /// # Errors
    /// The disk's.
    pub fn set_aside_until(&self) -> std::io::Result<Option<UnixMillis>> {
        integrity::set_aside_until(&self.inner.path)
    }

    /// Tells of a change that lies outside the file (the state of a session).
    pub fn announce(&self, change: Change) {
        self.inner.feed.publish([change].into());
    }

    /// What changes from now on. Subscribe first, then read.
    pub fn changes(&self) -> Changes {
        self.inner.feed.subscribe()
    }
}

/// Opens a file that is sound, or says [`StoreErrorKind::Damaged`]. A file of a newer version is not touched, be it sound
/// or not: this program cannot tell.
fn open_sound(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let mut connection = open_writer(path, patience)?;
    match made_ready(&mut connection, path) {
        Err(error) if error.kind == StoreErrorKind::Damaged => {
            // Before it is closed.
            if let Err(untold) = integrity::note_torn_log(path) {
                // Only the log itself knows: it stays as it is.
                connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
                return Err(untold);
            }
            Err(error)
        }
        ready => ready.map(|()| connection),
    }
}

fn made_ready(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    set_up_writer(connection)?;
    integrity::check(connection, path)?;
    if is_older(connection)? {
        plan::forget(path)?;
    }
    migrate(connection)
}

/// Makes a new file with what can be saved of the damaged one, to be exchanged with it.
fn rebuild(path: &Path, now: UnixMillis, patience: Duration) -> Result<(), StoreError> {
    let place = integrity::place_for_new(path)?;
    let mut fresh = begin_new(&place, patience)?;
    salvage::take_over(&mut fresh, path, now)?;
    fresh.close().map_err(|(_, error)| error)?;
    integrity::whole_now(path, &place)
}

/// An empty file that will take another one's place.
fn begin_new(place: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let mut fresh = open_writer(place, patience)?;
    set_up_rebuilding(&fresh)?;
    migrate(&mut fresh)?;
    Ok(fresh)
}

/// What is told of a damaged file that lies at `aside` now, by what is in the new one.
fn told(aside: PathBuf, now: UnixMillis, new: &Connection) -> Result<SetAside, StoreError> {
    let kept = salvage::kept(new)?;
    tracing::warn!(
        devices = kept.devices,
        messages = kept.messages,
        "the store was damaged; it was set aside and what could be read was kept"
    );
    Ok(SetAside {
        path: aside,
        at: now,
        devices_kept: kept.devices,
        messages_kept: kept.messages,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::setting;

    /// Only the last one who closes a file puts its log into it, and what comes of that nobody is told: a disk may be full.
    #[test]
    fn what_takes_a_damaged_files_place_has_everything_in_it_however_it_was_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        std::fs::write(&path, [1; 5_000]).expect("a damaged file");
        let place = integrity::place_for_new(&path).expect("a place");
        let fresh = begin_new(&place, PATIENCE).expect("a new file");
        let beside = Connection::open(&place).expect("another program");
        let read = setting::get(&beside, "theme").expect("it reads the new file");
        assert_eq!(read, None, "in which nothing is yet");
        fresh
            .execute("INSERT INTO setting (name, value) VALUES ('theme', 'dark')", [])
            .expect("saved");
        fresh.close().map_err(|(_, error)| error).expect("closed");

        integrity::whole_now(&path, &place).expect("named");
        integrity::exchange(&path, UnixMillis(0)).expect("exchanged");

        let connection = open_sound(&path, PATIENCE).expect("it opens");
        let saved = setting::get(&connection, "theme").expect("read");
        assert_eq!(saved.as_deref(), Some("dark"), "what was saved is in its place");
        drop(beside);
    }
}
