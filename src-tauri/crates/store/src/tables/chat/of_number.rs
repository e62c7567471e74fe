//! The chat with whoever has a number, whichever of the shop's numbers it is at.

use mostrador_domain::{Address, ChatId};
use rusqlite::{Connection, params};

use super::CHAT_GONE;
use crate::StoreError;
use crate::tables::person;

/// The newest chat with the person at `address`, under whatever spelling of their number, at any device.
///
/// # Errors
/// The file's.
pub fn of_number(connection: &Connection, address: &Address) -> Result<Option<ChatId>, StoreError> {
    let sql = format!(
        "SELECT c.last_at, c.id FROM device d CROSS JOIN chat c ON c.device_id = d.id AND c.address = ?1
          WHERE NOT {CHAT_GONE}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut newest: Option<(i64, i64)> = None;
    for known in person::addresses_of(connection, address)? {
        let rows = statement.query_map(params![known.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in rows {
            newest = newest.max(Some(row?));
        }
    }
    Ok(newest.map(|(_, id)| ChatId(id)))
}
