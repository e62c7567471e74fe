//! How much a number was used lately, by what is here: to be held against the limits of a plan.

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use crate::StoreError;

/// What a number did since a certain time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Messages that it sent, from here or from the phone.
    pub messages: u32,
    /// To so many chats.
    pub chats: u32,
    /// Numbers that were looked up.
    pub checks: u32,
}

/// What a device did since `since`.
///
/// # Errors
/// The file's.
pub fn since(connection: &Connection, device: DeviceId, since: UnixMillis) -> Result<Usage, StoreError> {
    let (messages, chats) = connection
        .prepare_cached(SENT)?
        .query_row(params![device.0, since.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let checks = connection
        .prepare_cached("SELECT count(*) FROM number_check WHERE device_id = ?1 AND checked_at >= ?2")?
        .query_row(params![device.0, since.0], |row| row.get(0))?;
    Ok(Usage {
        messages,
        chats,
        checks,
    })
}

/// SQL: the messages that a device sent since then, and to how many chats. Read chat by chat, from the newest end of each.
pub(super) const SENT: &str = "SELECT count(*), count(DISTINCT m.chat_id)
      FROM chat c INDEXED BY chat_of_device CROSS JOIN message m INDEXED BY message_in_order ON m.chat_id = c.id
     WHERE c.device_id = ?1 AND c.last_at >= ?2 AND m.at >= ?2 AND m.from_me = 1 AND m.status > 0";
