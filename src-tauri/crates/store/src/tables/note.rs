//! What the shop notes about people and groups. A note is the person's, not the chat's: it is found from any of their
//! addresses and any device, and a device that is removed takes none along.

use mostrador_domain::{Address, ChatId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::{chat, person};
use crate::{Change, StoreError, Writing};

/// The note about whom is at `address`.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, address: &Address) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT text, at FROM note WHERE address = ?1")?;
    let mut newest: Option<(i64, String)> = None;
    for known in person::addresses_of(connection, address)? {
        let found: Option<(String, i64)> = statement
            .query_row([known.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((text, at)) = found
            && newest.as_ref().is_none_or(|(then, _)| *then < at)
        {
            newest = Some((at, text));
        }
    }
    Ok(newest.map(|(_, text)| text))
}

/// Notes something about whom a chat is with, in place of what was noted before; blank = nothing.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn set(writing: &mut Writing<'_>, id: ChatId, text: &str, at: UnixMillis) -> Result<(), StoreError> {
    let address = chat::get_address(writing, id)?;
    for known in person::addresses_of(writing, &address)? {
        writing
            .prepare_cached("DELETE FROM note WHERE address = ?1")?
            .execute([known.as_str()])?;
    }
    if !text.trim().is_empty() {
        writing
            .prepare_cached("INSERT INTO note (address, text, at) VALUES (?1, ?2, ?3)")?
            .execute(params![address.as_str(), text, at.0])?;
    }
    writing.touch(Change::Chat(id));
    Ok(())
}
