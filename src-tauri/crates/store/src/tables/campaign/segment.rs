//! Audiences that are used again: from where their people come, at the moment at which they are used.

use mostrador_domain::{SegmentId, UnixMillis};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::{Change, StoreError, Writing};

/// A saved audience.
#[derive(Clone, PartialEq, Eq)]
pub struct SegmentRow {
    /// Which.
    pub id: SegmentId,
    /// What it is called.
    pub name: String,
    /// From where its people come: JSON, a list.
    pub sources: String,
}

quiet_debug!(SegmentRow { id });

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<SegmentRow> {
    Ok(SegmentRow {
        id: SegmentId(row.get(0)?),
        name: row.get(1)?,
        sources: row.get(2)?,
    })
}

/// All of them, by name.
///
/// # Errors
/// The file's.
pub fn list(connection: &Connection) -> Result<Vec<SegmentRow>, StoreError> {
    let sql = "SELECT id, name, source FROM segment ORDER BY name COLLATE NOCASE, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One of them.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: SegmentId) -> Result<SegmentRow, StoreError> {
    let sql = "SELECT id, name, source FROM segment WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id.0], read)?)
}

/// Saves one; the same name, capitals or not, is saved over.
///
/// # Errors
/// The file's.
pub fn save(
    writing: &mut Writing<'_>,
    name: &str,
    sources: &str,
    now: UnixMillis,
) -> Result<SegmentId, StoreError> {
    let sql = "INSERT INTO segment (name, source, created_at) VALUES (?1, ?2, ?3)
               ON CONFLICT (name) DO UPDATE SET name = excluded.name, source = excluded.source RETURNING id";
    let id = writing
        .prepare_cached(sql)?
        .query_row(params![name, sources, now.0], |row| row.get(0))?;
    writing.touch(Change::Campaigns);
    Ok(SegmentId(id))
}

/// Removes one. Audiences that were made from it stay.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn remove(writing: &mut Writing<'_>, id: SegmentId) -> Result<(), StoreError> {
    let removed = writing
        .prepare_cached("DELETE FROM segment WHERE id = ?1")?
        .execute([id.0])?;
    if removed == 0 {
        return Err(StoreError::not_found());
    }
    writing.touch(Change::Campaigns);
    Ok(())
}
