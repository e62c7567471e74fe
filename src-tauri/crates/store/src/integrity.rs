//! A damaged file: found at the start, moved aside, and what can be read of it kept.
//!
//! The order of effects, so that dying between any two leaves a file from which the next start can do it all again:
//! 1. a new file is made beside the damaged one, under another name, and everything that can be saved is copied into it
//! 2. the damaged file gets a second name; its write-ahead log goes with it
//! 3. the new file takes the damaged one's place, in one rename
//!
//! If the new file cannot be written (the disk is full), the damaged one stays where it is and the opening fails.

use std::path::{Path, PathBuf};

use mostrador_domain::UnixMillis;
use rusqlite::Connection;

use crate::{StoreError, StoreErrorKind};

pub(crate) mod salvage;

/// What happened to a damaged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it lies now.
    pub path: PathBuf,
    /// When it was moved.
    pub at: UnixMillis,
    /// Devices taken over.
    pub devices_kept: u32,
    /// Unsent messages taken over.
    pub messages_kept: u32,
}

/// Says [`StoreErrorKind::Damaged`] if the file is not sound.
pub(crate) fn check(connection: &Connection) -> Result<(), StoreError> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::of(StoreErrorKind::Damaged))
    }
}

/// The files that SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// A free place beside `path` for the new file; what an earlier attempt left there is removed.
pub(crate) fn place_for_new(path: &Path) -> Result<PathBuf, StoreError> {
    let place = sibling(path, ".rebuilding");
    remove(&place)?;
    for companion in COMPANIONS {
        remove(&sibling(&place, companion))?;
    }
    Ok(place)
}

/// Sets the damaged file aside under a name that is free, and puts the new one in its place.
pub(crate) fn exchange(path: &Path, new: &Path, now: UnixMillis) -> Result<PathBuf, StoreError> {
    let aside = free_name(path, now);
    if std::fs::hard_link(path, &aside).is_err() {
        // Not every file system knows second names.
        std::fs::copy(path, &aside)?;
    }
    for companion in COMPANIONS {
        let from = sibling(path, companion);
        if from.exists() {
            std::fs::rename(from, sibling(&aside, companion))?;
        }
    }
    std::fs::rename(new, path)?;
    Ok(aside)
}

fn free_name(path: &Path, now: UnixMillis) -> PathBuf {
    let first = sibling(path, &format!(".damaged-{}", now.0));
    let further = (2..).map(|number| sibling(&first, &format!("-{number}")));
    std::iter::once(first.clone())
        .chain(further)
        .find(|name| !name.exists())
        .unwrap_or(first)
}

pub(crate) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
