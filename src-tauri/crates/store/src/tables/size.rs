//! How much there is: for the page that says what the program keeps. Everything here is read by a reader, none by the writer.

use mostrador_domain::DeviceId;
use rusqlite::Connection;

use crate::tables::chat::{CHAT_GONE, GONE};
use crate::tables::device;
use crate::{StoreError, StoreErrorKind};

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of the file.
    pub file: u64,
    /// Bytes of the file that are free for what comes.
    pub free: u64,
    /// Bytes of its write-ahead log.
    pub log: u64,
    /// Messages.
    pub messages: u64,
    /// Chats.
    pub chats: u64,
    /// Files whose bytes are here.
    pub media: u64,
    /// Their bytes, as they are told; equal files lie on the disk once.
    pub media_bytes: u64,
    /// Rows of the outbox that are not settled.
    pub unsettled: u64,
    /// Events that nobody understood.
    pub raw_events: u64,
    /// Receipts and changes whose message has not come.
    pub parked: u64,
}

/// How much there is.
///
/// # Errors
/// The file's.
pub fn read(connection: &Connection) -> Result<Sizes, StoreError> {
    let count = |sql: &str| -> Result<u64, StoreError> {
        let count: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    let page = count("PRAGMA page_size")?;
    Ok(Sizes {
        file: count("PRAGMA page_count")? * page,
        free: count("PRAGMA freelist_count")? * page,
        log: log_bytes(connection)?,
        messages: count("SELECT count(*) FROM message")?,
        chats: count("SELECT count(*) FROM chat")?,
        media: count("SELECT count(*) FROM media WHERE state = 'ready'")?,
        media_bytes: count("SELECT coalesce(sum(bytes), 0) FROM media WHERE state = 'ready'")?,
        unsettled: count(
            "SELECT count(*) FROM outbox WHERE state IN ('ready', 'in_flight', 'uncertain', 'dead')",
        )?,
        raw_events: count("SELECT count(*) FROM raw_event")?,
        parked: count("SELECT (SELECT count(*) FROM receipt_parked) + (SELECT count(*) FROM change_parked)")?,
    })
}

/// How many chats a device has, and how many messages are in them.
///
/// # Errors
/// [`StoreErrorKind::NotFound`].
pub fn of_device(connection: &Connection, id: DeviceId) -> Result<(u64, u64), StoreError> {
    device::get(connection, id)?;
    let sql = format!(
        "SELECT count(*), coalesce(sum((SELECT count(*) FROM message m WHERE m.chat_id = c.id AND NOT {GONE})), 0)
           FROM chat c WHERE c.device_id = ?1 AND NOT {CHAT_GONE}"
    );
    let (chats, messages): (i64, i64) = connection
        .prepare_cached(&sql)?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((chats.unsigned_abs(), messages.unsigned_abs()))
}

fn log_bytes(connection: &Connection) -> Result<u64, StoreError> {
    let path = connection
        .path()
        .ok_or_else(|| StoreError::of(StoreErrorKind::Other))?;
    match std::fs::metadata(format!("{path}-wal")) {
        Ok(file) => Ok(file.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error.into()),
    }
}
