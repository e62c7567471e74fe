//! A damaged file: found at the start, moved aside, and what can be read of it kept.
//!
//! The order of effects, so that dying between any two leaves what the next start can go on from:
//! 1. a new file is made beside the damaged one, under another name, and everything that can be saved is copied into it. It has no
//!    log beside it: what it has is in it. Dying up to here, the next start makes it anew
//! 2. it gets the name of a file that is whole ([`whole_now`]). From here on the next start, before it opens anything, does the rest
//!    ([`exchange`]): the damaged file is not read again, which may be without its log by then
//! 3. the damaged file gets a second name (one more, if a start died here); its write-ahead log goes with it
//! 4. the new file takes the damaged one's place, in one rename
//!
//! A start looks at a file only so far: of a large one, all of it would take many times as long as all else that a start does.
//! The daily round looks at the whole ([`whole`]), also whether each index has what its table has. What it finds, and what any read or write meets, is noted in a file beside
//! ([`suspect`]), and the next start looks at all of a file that is noted so.
//!
//! If the new file cannot be written (the disk is full), the damaged one stays where it is and the opening fails.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use mostrador_domain::UnixMillis;
use rusqlite::{Connection, ErrorCode};

use crate::{StoreError, StoreErrorKind, crash};

pub(crate) mod plan;
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

/// Steps of the check (pages, at first) between two looks at how far it has come.
const STEPS: i32 = 1_000;
/// So many looks at a start: the whole file of a small shop (48 MB), some hundredths of a second.
const LOOKS: u32 = 12;

/// Says [`StoreErrorKind::Damaged`] if the file at `path` is not sound, as far as a start looks.
pub(crate) fn check(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let noted = suspect(path);
    if !noted.exists() {
        return so_far(connection, LOOKS);
    }
    whole(connection)?;
    remove(&noted)
}

/// Says [`StoreErrorKind::Damaged`] if anything in the file is not sound, its tables and their indexes together: one that misses a row lets
/// what is asked for by it look as if it were not there.
pub(crate) fn whole(connection: &Connection) -> Result<(), StoreError> {
    judged(&verdict(connection, "integrity_check")?)
}

/// Notes of a damaged file whose log is torn in the middle that it is, as long as somebody has it open: who closes it last takes the log into
/// the file, or throws it away.
pub(crate) fn note_torn_log(path: &Path) -> Result<(), StoreError> {
    if salvage::log_is_torn(path) {
        std::fs::write(torn_log(path), "")?;
    }
    Ok(())
}

/// Where that is noted.
pub(crate) fn torn_log(path: &Path) -> PathBuf {
    sibling(path, ".torn")
}

/// Where it is noted that the file is damaged.
pub(crate) fn suspect(path: &Path) -> PathBuf {
    sibling(path, ".suspect")
}

fn so_far(connection: &mut Connection, most: u32) -> Result<(), StoreError> {
    let mut looks = 0;
    let enough = move || {
        looks += 1;
        looks > most
    };
    connection.progress_handler(STEPS, Some(enough))?;
    let found = verdict(connection, "quick_check");
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match found {
        // Sound as far as it was looked at.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(()),
        found => judged(&found?),
    }
}

fn verdict(connection: &Connection, check: &str) -> rusqlite::Result<String> {
    connection.query_row(&format!("PRAGMA {check}(1)"), [], |row| row.get(0))
}

fn judged(verdict: &str) -> Result<(), StoreError> {
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

/// Says of the new file at `place`, which is closed, that everything is in it, and sees that a power cut does not change that.
pub(crate) fn whole_now(path: &Path, place: &Path) -> Result<(), StoreError> {
    File::open(place)?.sync_all()?;
    std::fs::rename(place, rebuilt(path))?;
    folder_to_disk(path)?;
    crash::point("exchange.whole");
    Ok(())
}

/// Sets the damaged file aside under a name that is free, and puts the new one in its place, if there is one that is whole. Gives where
/// the damaged one lies.
pub(crate) fn exchange(path: &Path, now: UnixMillis) -> Result<Option<PathBuf>, StoreError> {
    let new = rebuilt(path);
    if !new.exists() {
        return Ok(None);
    }
    let aside = free_name(path, now);
    if std::fs::hard_link(path, &aside).is_err() {
        // Not every file system knows second names.
        std::fs::copy(path, &aside)?;
        File::open(&aside)?.sync_all()?;
    }
    crash::point("exchange.named");
    for companion in COMPANIONS {
        let from = sibling(path, companion);
        if from.exists() {
            std::fs::rename(from, sibling(&aside, companion))?;
        }
    }
    plan::forget(path)?;
    crash::point("exchange.log");
    std::fs::rename(new, path)?;
    folder_to_disk(path)?;
    crash::point("exchange.done");
    Ok(Some(aside))
}

/// The new file's name while it is whole and not in its place yet.
fn rebuilt(path: &Path) -> PathBuf {
    sibling(path, ".rebuilt")
}

/// Has the names in the file's folder outlive a power cut. Where a folder cannot be opened, the file system sees to it.
fn folder_to_disk(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) && !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// What is behind a file's own name once it is set aside, before the time.
const ASIDE: &str = ".damaged-";

/// When the newest of the files was set aside that lie beside the one at `path`: by its name, or when it was written last, if that is
/// later. The clock may have been wrong.
pub(crate) fn set_aside_until(path: &Path) -> std::io::Result<Option<UnixMillis>> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(None);
    };
    let prefix = format!("{}{ASIDE}", name.to_string_lossy());
    let mut newest = None;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(&prefix)) else {
            continue;
        };
        let named = rest.split('-').next().and_then(|at| at.parse().ok());
        let written = entry.metadata()?.modified()?.duration_since(UNIX_EPOCH);
        let written = written
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok());
        newest = newest.max(named).max(written);
    }
    Ok(newest.map(UnixMillis))
}

fn free_name(path: &Path, now: UnixMillis) -> PathBuf {
    let first = sibling(path, &format!("{ASIDE}{}", now.0));
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

/// What is in a file; `None` = there is none.
pub(crate) fn read_if_there(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_looks_so_far_and_wholly_at_what_was_noted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        let connection = Connection::open(&path).expect("a file");
        let many = "CREATE TABLE line (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
             INSERT INTO line SELECT value, 'words' FROM
                 (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 400000) SELECT value FROM n);
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = 'CREATE TABLE line (id INTEGER PRIMARY KEY, words INTEGER NOT NULL) STRICT';
             PRAGMA writable_schema = OFF;";
        connection
            .execute_batch(many)
            .expect("rows of another kind than the table says");
        drop(connection);
        let mut connection = Connection::open(&path).expect("the file");
        let damaged =
            |found: Result<(), StoreError>| found.is_err_and(|error| error.kind == StoreErrorKind::Damaged);
        assert!(damaged(whole(&connection)), "all of it is not sound");
        assert!(
            so_far(&mut connection, 0).is_ok(),
            "a start that looks at nothing finds nothing"
        );
        std::fs::write(suspect(&path), "").expect("a note");
        assert!(
            damaged(check(&mut connection, &path)),
            "but it looks at all of what is noted"
        );
        assert!(
            suspect(&path).exists(),
            "which stays noted until a sound file is in its place"
        );
    }

    #[test]
    fn an_index_that_misses_a_row_is_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        let run = |sql: &str| {
            let connection = Connection::open(&path).expect("the file");
            connection.execute_batch(sql).expect(sql);
        };
        let index_is = |of: &str| {
            run(&format!(
                "PRAGMA writable_schema = ON;
                 UPDATE sqlite_schema SET sql = 'CREATE INDEX by_words ON line (words){of}' WHERE name = 'by_words';"
            ));
        };
        run("CREATE TABLE line (id INTEGER PRIMARY KEY, words TEXT NOT NULL); CREATE INDEX by_words ON line (words);
             INSERT INTO line (words) VALUES ('hola');");
        index_is(" WHERE id < 0");
        run("INSERT INTO line (words) VALUES ('nadie me encuentra');");
        index_is("");

        let mut connection = Connection::open(&path).expect("the file");
        let damaged =
            |found: Result<(), StoreError>| found.is_err_and(|error| error.kind == StoreErrorKind::Damaged);
        assert!(damaged(whole(&connection)), "the daily round finds it");
        std::fs::write(suspect(&path), "").expect("a note");
        assert!(
            damaged(check(&mut connection, &path)),
            "and so does a start to which damage was noted"
        );
    }

    #[test]
    fn a_sound_file_is_not_noted_any_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.db");
        let mut connection = Connection::open(&path).expect("a file");
        std::fs::write(suspect(&path), "").expect("a note");
        check(&mut connection, &path).expect("sound");
        assert!(!suspect(&path).exists(), "it was looked at, and is sound");
    }
}
