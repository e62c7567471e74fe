//! What is not kept for ever. Everything here removes a limited number of rows, so that the writer is never held for long:
//! whoever calls goes on until nothing more was removed.
//!
//! - what waits for a message that never comes, and events that nobody understands: by age, and by how many there are
//! - rows of the outbox that say nothing any more
//! - old messages, if the shop wants that: never what is still to be sent or failed, never what is starred

use mostrador_domain::{ChatId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::chat::{self, GONE};
use crate::{Change, StoreError, Writing};

/// How much of something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// What is older goes.
    pub since: UnixMillis,
    /// Of the rest, the newest so many stay.
    pub newest: u32,
}

/// Removes up to `limit` events that nobody understood. Gives how many.
///
/// # Errors
/// The file's.
pub fn prune_raw_events(writing: &Writing<'_>, keep: Keep, limit: u32) -> Result<u32, StoreError> {
    prune(writing, "raw_event", "id", "at", keep, limit)
}

/// Removes up to `limit` receipts, and up to `limit` changes, whose message never came. Gives how many.
///
/// # Errors
/// The file's.
pub fn prune_parked(writing: &Writing<'_>, keep: Keep, limit: u32) -> Result<u32, StoreError> {
    let key = "(device_id, gateway_id, status, member)";
    let receipts = prune(writing, "receipt_parked", key, "at", keep, limit)?;
    Ok(receipts + prune(writing, "change_parked", "id", "parked_at", keep, limit)?)
}

fn prune(
    writing: &Writing<'_>,
    table: &str,
    key: &str,
    age: &str,
    keep: Keep,
    limit: u32,
) -> Result<u32, StoreError> {
    // Older than the oldest of those that stay, if there are more than stay.
    let sql = format!("SELECT {age} FROM {table} ORDER BY {age} DESC LIMIT 1 OFFSET ?1");
    let oldest: Option<i64> = writing
        .prepare_cached(&sql)?
        .query_row([keep.newest], |row| row.get(0))
        .optional()?;
    let until = oldest.map_or(keep.since.0, |at| at.saturating_add(1).max(keep.since.0));
    let columns = key.trim_matches(['(', ')']);
    let sql = format!(
        "DELETE FROM {table} WHERE {key} IN (SELECT {columns} FROM {table} WHERE {age} < ?1 ORDER BY {age} LIMIT ?2)"
    );
    let removed = writing.prepare_cached(&sql)?.execute(params![until, limit])?;
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}

/// Removes up to `limit` rows of the outbox older than `before` that say nothing any more: what was discarded, and uploads and
/// actions that are done. Sends stay with their messages. Gives how many.
///
/// # Errors
/// The file's.
pub fn prune_outbox(writing: &Writing<'_>, before: UnixMillis, limit: u32) -> Result<u32, StoreError> {
    let removed = writing
        .prepare_cached(FORGET)?
        .execute(params![before.0, limit])?;
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}

/// SQL: see [`prune_outbox`]. On what is still open nothing is taken away on which it depends.
pub(super) const FORGET: &str = "DELETE FROM outbox WHERE id IN
     (SELECT o.id FROM outbox o INDEXED BY outbox_to_forget
       WHERE (o.state = 'discarded' OR (o.state = 'done' AND o.kind <> 'send')) AND o.created_at < ?1
         AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.depends_on = o.id AND e.state NOT IN ('done', 'discarded'))
       ORDER BY o.created_at LIMIT ?2)";

/// How many messages are older than `before` and may go.
///
/// # Errors
/// The file's.
pub fn older(connection: &Connection, before: UnixMillis) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM message m WHERE m.at < ?1 AND m.starred = 0
          AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.state IN ('ready', 'in_flight', 'uncertain', 'dead'))";
    let count: i64 = connection
        .prepare_cached(sql)?
        .query_row([before.0], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// When a customer wrote last, in any chat, by WhatsApp's clock. What is written here bears ours.
///
/// # Errors
/// The file's.
pub fn last_written(connection: &Connection) -> Result<Option<UnixMillis>, StoreError> {
    let at: Option<i64> = connection
        .prepare_cached(LAST_WRITTEN)?
        .query_row([], |row| row.get(0))?;
    Ok(at.map(UnixMillis))
}

/// SQL: see [`last_written`]. A look at the end of each chat.
pub(super) const LAST_WRITTEN: &str = "SELECT max((SELECT m.at FROM message m INDEXED BY message_in_order
     WHERE m.chat_id = c.id AND m.from_me = 0 ORDER BY m.at DESC, m.id DESC LIMIT 1)) FROM chat c";

/// The next chat after `after`, by number, that holds messages older than `before`.
///
/// # Errors
/// The file's.
pub fn next_to_prune(
    connection: &Connection,
    before: UnixMillis,
    after: Option<ChatId>,
) -> Result<Option<ChatId>, StoreError> {
    let after = after.map_or(0, |chat| chat.0);
    let found = connection
        .prepare_cached(NEXT_CHAT)?
        .query_row(params![before.0, after], |row| Ok(ChatId(row.get(0)?)));
    Ok(found.optional()?)
}

/// SQL: see [`next_to_prune`].
pub(super) const NEXT_CHAT: &str = "SELECT c.id FROM chat c
     WHERE c.id > ?2 AND EXISTS (SELECT 1 FROM message m WHERE m.chat_id = c.id AND m.at < ?1) ORDER BY c.id LIMIT 1";

/// SQL: the oldest messages of a chat that may go.
pub(super) const OLD: &str = "SELECT m.id FROM message m INDEXED BY message_in_order
     WHERE m.chat_id = ?1 AND m.at < ?2 AND m.starred = 0
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.state IN ('ready', 'in_flight', 'uncertain', 'dead'))
     ORDER BY m.at, m.id LIMIT ?3";

/// Removes up to `limit` messages of a chat older than `before`, oldest first; history does not bring them back. The chat keeps
/// its place in the list. Gives how many.
///
/// # Errors
/// The file's.
pub fn prune_chat(
    writing: &mut Writing<'_>,
    chat: ChatId,
    before: UnixMillis,
    limit: u32,
) -> Result<u32, StoreError> {
    writing
        .prepare_cached("UPDATE chat SET pruned_until = ?2 WHERE id = ?1 AND pruned_until < ?2")?
        .execute(params![chat.0, before.0])?;
    let sql = format!("DELETE FROM message WHERE id IN ({OLD})");
    let removed = writing
        .prepare_cached(&sql)?
        .execute(params![chat.0, before.0, limit])?;
    if removed > 0 {
        settle(writing, chat)?;
        writing.touch(Change::Messages(chat));
        writing.touch(Change::Chat(chat));
    }
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}

/// The list shows no message that is gone, and counts none as unread.
fn settle(writing: &mut Writing<'_>, chat: ChatId) -> Result<(), StoreError> {
    let newest = format!(
        "UPDATE chat SET last_message_id =
           (SELECT m.id FROM message m WHERE m.chat_id = ?1 AND NOT {GONE} ORDER BY m.at DESC, m.id DESC LIMIT 1)
          WHERE id = ?1"
    );
    let unread = format!(
        "UPDATE chat SET unread = n.theirs FROM
           (SELECT count(*) AS theirs FROM (SELECT 1 FROM message m WHERE m.chat_id = ?1 AND m.from_me = 0 AND NOT {GONE}
                                             LIMIT (SELECT unread FROM chat WHERE id = ?1))) AS n
          WHERE chat.id = ?1 AND chat.unread > n.theirs"
    );
    for sql in [newest, unread] {
        writing.prepare_cached(&sql)?.execute([chat.0])?;
    }
    chat::settle_waiting(writing, chat)
}
