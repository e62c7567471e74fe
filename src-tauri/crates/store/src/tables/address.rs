//! Everybody who ever wrote to us, as WhatsApp writes them. An address is never rewritten.

use mostrador_domain::Address;
use rusqlite::{OptionalExtension, params};

use crate::{StoreError, Writing};

/// The row of `address`, made if it is new, and the name that it has.
///
/// # Errors
/// The file's.
pub(super) fn row(writing: &Writing<'_>, address: &Address) -> Result<(i64, Option<String>), StoreError> {
    let known = writing
        .prepare_cached("SELECT id, name FROM address WHERE value = ?1")?
        .query_row([address.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    writing
        .prepare_cached("INSERT INTO address (value) VALUES (?1)")?
        .execute([address.as_str()])?;
    Ok((writing.last_insert_rowid(), None))
}

/// The name that they give themselves, as last told.
pub(super) fn named(writing: &Writing<'_>, id: i64, name: &str) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE address SET name = ?2 WHERE id = ?1")?
        .execute(params![id, name])?;
    Ok(())
}

/// The row of `address`, made if it is new; `name`, if told, replaces what was told before.
///
/// # Errors
/// The file's.
pub fn ensure(writing: &Writing<'_>, address: &Address, name: Option<&str>) -> Result<i64, StoreError> {
    let name = name.filter(|told| !told.trim().is_empty());
    let mut statement = writing.prepare_cached(
        "INSERT INTO address (value, name) VALUES (?1, ?2)
         ON CONFLICT (value) DO UPDATE SET name = coalesce(excluded.name, name) RETURNING id",
    )?;
    Ok(statement.query_row(params![address.as_str(), name], |row| row.get(0))?)
}
