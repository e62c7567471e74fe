//! Messages of ours that a gateway took and then gave up, and that a person took back or sent again. The gateway goes on telling of
//! them, under the id under which it gave them up: they are not shown again.

use mostrador_domain::{ChatId, DeviceId};
use rusqlite::{Connection, params};

use crate::{StoreError, Writing};

/// This message of the chat is not shown any more.
pub(super) fn note(writing: &Writing<'_>, chat: ChatId, gateway_id: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO put_away (chat_id, gateway_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    writing
        .prepare_cached(sql)?
        .execute(params![chat.0, gateway_id])?;
    Ok(())
}

/// Is there any at all?
pub(super) fn any(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM put_away)";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Was it put away in one of these chats?
pub(super) fn was(connection: &Connection, chats: &[ChatId], gateway_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM put_away WHERE gateway_id = ?1 AND chat_id = ?2)";
    let mut asked = connection.prepare_cached(sql)?;
    for chat in chats {
        if asked.query_row(params![gateway_id, chat.0], |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Was it put away in any chat of this device?
pub(super) fn was_at(
    connection: &Connection,
    device: DeviceId,
    gateway_id: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM put_away p JOIN chat c ON c.id = p.chat_id WHERE p.gateway_id = ?1 AND c.device_id = ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![gateway_id, device.0], |row| row.get(0))?)
}
