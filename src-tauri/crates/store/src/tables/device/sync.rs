//! The first sync of a link: which chats it has fetched, so that one that stops goes on where it was.
//!
//! Each link has a number, which rises; a chat bears the number of the link whose sync has fetched it. A new link has nothing
//! to take back: its number is higher than all of them. A chat at which the gateway stumbled bears that number apart, so that its
//! messages are fetched when the gateway can give them.

use mostrador_domain::{Address, ChatId, DeviceId};
use rusqlite::{Connection, params};

use super::Link;
use crate::{StoreError, Writing};

/// How far a first sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncProgress {
    /// Chats whose messages were fetched in this link.
    pub done: u32,
    /// Chats that are known.
    pub total: u32,
}

/// The chats of a device whose messages this link's first sync has not fetched yet, newest first.
///
/// # Errors
/// The file's.
pub fn chats_to_sync(
    connection: &Connection,
    device: DeviceId,
) -> Result<Vec<(ChatId, Address)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.id, c.address FROM chat c JOIN device d ON d.id = c.device_id
          WHERE c.device_id = ?1 AND c.synced_link < d.link_number ORDER BY c.last_at DESC, c.id DESC",
    )?;
    let rows = statement.query_map([device.0], |row| {
        Ok((ChatId(row.get(0)?), Address::parse(&row.get::<_, String>(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// This link's first sync has fetched the messages of a chat (or was refused them).
///
/// # Errors
/// The file's.
pub fn chat_synced(writing: &Writing<'_>, chat: ChatId, link: Link) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET synced_link = max(synced_link, ?2) WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![chat.0, link.number])?;
    Ok(())
}

/// The gateway stumbled at a chat's messages: this link still wants them.
///
/// # Errors
/// The file's.
pub fn chat_missed(writing: &Writing<'_>, chat: ChatId, link: Link) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET missed_link = ?2 WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![chat.0, link.number])?;
    Ok(())
}

/// The chats at which the gateway stumbled in this link's first sync, and whose messages are not here yet, newest first.
///
/// # Errors
/// The file's.
pub fn chats_missed(connection: &Connection, device: DeviceId) -> Result<Vec<(ChatId, Address)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.id, c.address FROM chat c JOIN device d ON d.id = c.device_id
          WHERE c.device_id = ?1 AND c.missed_link = d.link_number AND c.synced_link < d.link_number
          ORDER BY c.last_at DESC, c.id DESC",
    )?;
    let rows = statement.query_map([device.0], |row| {
        Ok((ChatId(row.get(0)?), Address::parse(&row.get::<_, String>(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How far this link's first sync is.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn sync_progress(connection: &Connection, device: DeviceId) -> Result<SyncProgress, StoreError> {
    let sql =
        "SELECT (SELECT count(*) FROM chat c WHERE c.device_id = d.id AND c.synced_link >= d.link_number),
                      (SELECT count(*) FROM chat c WHERE c.device_id = d.id) FROM device d WHERE d.id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([device.0], |row| {
        Ok(SyncProgress {
            done: row.get(0)?,
            total: row.get(1)?,
        })
    })?)
}

/// Where this link's list of chats goes on; `None` = it has been read to its end.
///
/// # Errors
/// The file's.
pub fn set_sync_cursor(writing: &Writing<'_>, link: Link, cursor: Option<&str>) -> Result<(), StoreError> {
    let sql =
        "UPDATE device SET sync_cursor = ?3 WHERE id = ?1 AND link_number = ?2 AND sync_cursor IS NOT ?3";
    writing
        .prepare_cached(sql)?
        .execute(params![link.device.0, link.number, cursor])?;
    Ok(())
}

/// Where this link's poll goes on that was cut short; `None` = it was read to its end.
///
/// # Errors
/// The file's.
pub fn set_poll_cursor(writing: &Writing<'_>, link: Link, cursor: Option<&str>) -> Result<(), StoreError> {
    let sql =
        "UPDATE device SET poll_cursor = ?3 WHERE id = ?1 AND link_number = ?2 AND poll_cursor IS NOT ?3";
    writing
        .prepare_cached(sql)?
        .execute(params![link.device.0, link.number, cursor])?;
    Ok(())
}
