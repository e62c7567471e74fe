//! Where the tables of the file begin, noted in a small file beside it at each start that found it sound.
//!
//! SQLite keeps that in some pages of the file itself. If one of those is damaged, nothing of the whole file can be read any more,
//! sound as all else may be: then this note gives the tables back.

use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{remove, sibling};
use crate::StoreError;

/// One row of `sqlite_schema`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    pub(super) root: i64,
    pub(super) sql: Option<String>,
}

/// Notes it, if it is not noted so yet.
pub(crate) fn note(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let entries = entries(connection)?;
    if noted(path).ok().flatten().as_ref() == Some(&entries) {
        return Ok(());
    }
    let place = place(path);
    let new = sibling(&place, ".new");
    let mut file = std::fs::File::create(&new)?;
    file.write_all(serde_json::to_string(&entries).unwrap_or_default().as_bytes())?;
    file.sync_all()?;
    std::fs::rename(new, place)?;
    Ok(())
}

/// What was noted of the file at `path`; `None` = nothing, or nothing that can be understood.
pub(super) fn noted(path: &Path) -> std::io::Result<Option<Vec<Entry>>> {
    let note = super::read_if_there(&place(path))?;
    Ok(note.and_then(|note| serde_json::from_slice(&note).ok()))
}

/// Another file is about to be at `path`, or other tables in it: the note does not speak of them.
pub(crate) fn forget(path: &Path) -> Result<(), StoreError> {
    remove(&place(path))
}

fn place(path: &Path) -> PathBuf {
    sibling(path, ".plan")
}

fn entries(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut statement =
        connection.prepare("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid")?;
    let rows = statement.query_map([], |row| {
        Ok(Entry {
            kind: row.get(0)?,
            name: row.get(1)?,
            table: row.get(2)?,
            root: row.get(3)?,
            sql: row.get(4)?,
        })
    })?;
    rows.collect()
}
