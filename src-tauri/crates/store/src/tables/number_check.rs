//! What a gateway said of numbers that were asked for, with its age. A cache: it can be asked for again, but WhatsApp does not
//! like that, so it is asked for only when what is here is too old.

use mostrador_domain::{Address, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::quiet::quiet_debug;
use crate::{StoreError, Writing};

/// What was said of a number.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberRow {
    /// Where it is on WhatsApp; `None` = it is not.
    pub address: Option<Address>,
    /// When that was said, by our clock.
    pub checked_at: UnixMillis,
}

quiet_debug!(NumberRow { checked_at });

/// What is here of a number, if anything.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, device: DeviceId, digits: &str) -> Result<Option<NumberRow>, StoreError> {
    let sql = "SELECT address, checked_at FROM number_check WHERE device_id = ?1 AND digits = ?2";
    let row = connection
        .prepare_cached(sql)?
        .query_row(params![device.0, digits], |row| {
            Ok(NumberRow {
                address: row
                    .get::<_, Option<String>>(0)?
                    .map(|address| Address::parse(&address)),
                checked_at: UnixMillis(row.get(1)?),
            })
        });
    Ok(row.optional()?)
}

/// Keeps what was said of a number; what was said before is forgotten.
///
/// # Errors
/// The file's.
pub fn keep(
    writing: &Writing<'_>,
    device: DeviceId,
    digits: &str,
    address: Option<&Address>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO number_check (device_id, digits, address, checked_at) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (device_id, digits) DO UPDATE SET address = excluded.address, checked_at = excluded.checked_at";
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, digits, address.map(Address::as_str), now.0])?;
    Ok(())
}
