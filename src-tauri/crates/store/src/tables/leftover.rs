//! Rows of what was taken away and is not shown any more: emptied chats, chats that are gone, devices that were removed, audiences
//! that no campaign has. People of a campaign that was ended are skipped in the same way.
//!
//! They are noted in the transaction that takes them away, and removed a portion at a time by whoever is woken by
//! [`Change::Leftovers`]. The notes are in the file: after a death in the middle the next start goes on.

use mostrador_domain::{ChatId, DeviceId};
use rusqlite::{OptionalExtension, params};

use crate::tables::campaign::{self, audience};
use crate::tables::chat;
use crate::{Change, StoreError, Writing};

/// How many rows go at once, with the taking away itself: what is small needs no second transaction.
pub(super) const AT_ONCE: u32 = 500;

/// Removes about `limit` rows. `false` = nothing is left over.
///
/// # Errors
/// The file's.
pub fn remove_some(writing: &mut Writing<'_>, limit: u32) -> Result<bool, StoreError> {
    if let Some(id) = first(writing, "SELECT chat_id FROM emptying ORDER BY chat_id LIMIT 1")? {
        chat::empty_further(writing, ChatId(id), limit)?;
        return Ok(true);
    }
    let next = first(
        writing,
        "SELECT device_id FROM removing ORDER BY device_id LIMIT 1",
    )?;
    let Some(id) = next else {
        return Ok(campaign::skip_some(writing, limit)? || audience::whole::remove_some(writing, limit)?);
    };
    of_device(writing, DeviceId(id), limit)?;
    Ok(true)
}

fn first(writing: &Writing<'_>, sql: &str) -> Result<Option<i64>, StoreError> {
    Ok(writing
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))
        .optional()?)
}

/// A portion of a removed device's rows; with the last one goes the device.
pub(super) fn of_device(writing: &mut Writing<'_>, id: DeviceId, limit: u32) -> Result<(), StoreError> {
    campaign::let_go_of_device(writing, id)?;
    let mut left = limit;
    while left > 0 {
        let next = writing
            .prepare_cached("SELECT id FROM chat INDEXED BY chat_of_device WHERE device_id = ?1 LIMIT 1")?
            .query_row([id.0], |row| Ok(ChatId(row.get(0)?)))
            .optional()?;
        let Some(chat) = next else { break };
        left = left.saturating_sub(of_chat(writing, chat, left)?);
    }
    for sql in OF_DEVICE {
        if left > 0 {
            left = left.saturating_sub(removed(writing, sql, id.0, left)?);
        }
    }
    if left > 0 {
        writing
            .prepare_cached("DELETE FROM device WHERE id = ?1")?
            .execute([id.0])?;
    } else {
        writing.touch(Change::Leftovers);
    }
    Ok(())
}

/// SQL: rows of a device that no chat takes with it.
pub(super) const OF_DEVICE: [&str; 7] = [
    "DELETE FROM contact WHERE (device_id, address) IN (SELECT device_id, address FROM contact WHERE device_id = ?1 LIMIT ?2)",
    "DELETE FROM media WHERE id IN (SELECT id FROM media INDEXED BY media_of_device WHERE device_id = ?1 LIMIT ?2)",
    "DELETE FROM raw_event WHERE id IN (SELECT id FROM raw_event WHERE device_id = ?1 LIMIT ?2)",
    "DELETE FROM receipt_parked WHERE (device_id, gateway_id, status, member) IN
       (SELECT device_id, gateway_id, status, member FROM receipt_parked WHERE device_id = ?1 LIMIT ?2)",
    "DELETE FROM change_parked WHERE id IN (SELECT id FROM change_parked WHERE device_id = ?1 LIMIT ?2)",
    "DELETE FROM number_check WHERE (device_id, digits) IN (SELECT device_id, digits FROM number_check WHERE device_id = ?1 LIMIT ?2)",
    "DELETE FROM picture WHERE id IN (SELECT id FROM picture WHERE device_id = ?1 LIMIT ?2)",
];

/// SQL: rows of a chat of which there may be many.
pub(super) const OF_CHAT: [&str; 4] = [
    "DELETE FROM message WHERE id IN (SELECT id FROM message INDEXED BY message_in_order WHERE chat_id = ?1 LIMIT ?2)",
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox INDEXED BY outbox_in_chat WHERE chat_id = ?1 LIMIT ?2)",
    "DELETE FROM call WHERE id IN (SELECT id FROM call INDEXED BY call_of_chat WHERE chat_id = ?1 LIMIT ?2)",
    "DELETE FROM group_member WHERE (chat_id, address_id) IN (SELECT chat_id, address_id FROM group_member WHERE chat_id = ?1 LIMIT ?2)",
];

/// Removes up to `limit` rows of a chat, and the chat itself when that was all. Gives how many.
pub(super) fn of_chat(writing: &Writing<'_>, id: ChatId, limit: u32) -> Result<u32, StoreError> {
    let mut left = limit;
    for sql in OF_CHAT {
        if left > 0 {
            left = left.saturating_sub(removed(writing, sql, id.0, left)?);
        }
    }
    if left > 0 {
        writing
            .prepare_cached("DELETE FROM chat WHERE id = ?1")?
            .execute([id.0])?;
        left -= 1;
    }
    Ok(limit - left)
}

fn removed(writing: &Writing<'_>, sql: &str, id: i64, limit: u32) -> Result<u32, StoreError> {
    let removed = writing.prepare_cached(sql)?.execute(params![id, limit])?;
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}
