//! The shop's choices, by name.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Change, StoreError, Writing};

/// The value stored under `name`.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Stores what the program notes for itself under `name`: no choice of the shop, so nobody is told.
///
/// # Errors
/// The file's.
pub fn note(writing: &Writing<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    writing.prepare_cached(SET)?.execute(params![name, value])?;
    Ok(())
}

const SET: &str = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// Stores `value` under `name`.
///
/// # Errors
/// The file's.
pub fn set(writing: &mut Writing<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    note(writing, name, value)?;
    writing.touch(Change::Settings);
    Ok(())
}
