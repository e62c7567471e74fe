//! Everybody who ever wrote to us, as WhatsApp writes them. An address is never rewritten.

use mostrador_domain::Address;
use rusqlite::params;

use crate::{StoreError, Writing};

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
