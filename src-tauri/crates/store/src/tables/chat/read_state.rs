//! What has been read: unread counts, and the "read" that the gateway is still to be told.
//!
//! - unread: messages of theirs that came live and that nobody has seen, neither here nor on the phone. A message that
//!   comes late is unread however old it is: nobody here has seen it
//! - read on the phone: we answered from there, or a gateway says so as of a moment: what came before was seen (`read_up_to`).
//!   Gateways tell whole seconds: of that very second it means what is here of theirs, or, if nothing is, what then comes in
//! - marked as unread: a person's wish, over once the chat is read here
//! - read here: down to what came after the message that was seen; the gateway is told once of the newest one of theirs
//! - read_to_tell is cleared by compare-and-set: one that was noted while the last was being told survives

use mostrador_domain::{Address, ChatId, DeviceId, MessageId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::quiet::quiet_debug;
use crate::{Change, StoreError, Writing};

/// Until when everything has been read on the phone.
pub(in crate::tables) fn read_up_to(connection: &Connection, id: ChatId) -> Result<UnixMillis, StoreError> {
    let sql = "SELECT read_up_to FROM chat WHERE id = ?1";
    Ok(UnixMillis(
        connection
            .prepare_cached(sql)?
            .query_row([id.0], |row| row.get(0))?,
    ))
}

/// Everything up to `up_to` has been read on the phone (we answered from there), also what comes in late.
///
/// # Errors
/// The file's.
pub fn read_elsewhere(writing: &mut Writing<'_>, id: ChatId, up_to: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET read_up_to = ?2 WHERE id = ?1 AND (read_up_to < ?2 OR (read_up_to = ?2 AND unread > 0))";
    if writing.prepare_cached(sql)?.execute(params![id.0, up_to.0])? == 0 {
        return Ok(());
    }
    let left = theirs_after(writing, id, up_to)?;
    lower(writing, id, left)?;
    Ok(())
}

/// How many messages of theirs were written after `at`.
pub(in crate::tables) fn theirs_after(
    connection: &Connection,
    id: ChatId,
    at: UnixMillis,
) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM message WHERE chat_id = ?1 AND at > ?2 AND from_me = 0";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![id.0, at.0], |row| row.get(0))?)
}

/// No more than `left` messages are unread. `false` = there were no more before.
fn lower(writing: &mut Writing<'_>, id: ChatId, left: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE chat SET unread = ?2 WHERE id = ?1 AND unread > ?2";
    let lowered = writing.prepare_cached(sql)?.execute(params![id.0, left])? > 0;
    if lowered {
        writing.touch(Change::Chat(id));
        writing.touch(Change::Chats);
    }
    Ok(lowered)
}

/// Nobody wants to see the chat as unread any more, once it was looked at. `false` = nobody did.
fn unmark(writing: &mut Writing<'_>, id: ChatId) -> Result<bool, StoreError> {
    let sql = "UPDATE chat SET marked_unread = 0 WHERE id = ?1 AND marked_unread = 1";
    let unmarked = writing.prepare_cached(sql)?.execute([id.0])? > 0;
    if unmarked {
        let sql = "DELETE FROM chat_wish WHERE chat_id = ?1 AND what = 'unread'";
        writing.prepare_cached(sql)?.execute([id.0])?;
        writing.touch(Change::Chat(id));
        writing.touch(Change::Chats);
    }
    Ok(unmarked)
}

/// Everything up to `message` has been read here; the gateway is still to be told.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] if the message is not in that chat.
pub fn read_here(writing: &mut Writing<'_>, id: ChatId, message: MessageId) -> Result<(), StoreError> {
    let sql = "SELECT c.device_id, m.at FROM message m JOIN chat c ON c.id = m.chat_id WHERE m.id = ?1 AND c.id = ?2";
    let (device, at): (i64, i64) = writing
        .prepare_cached(sql)?
        .query_row(params![message.0, id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let left: i64 = writing
        .prepare_cached(
            "SELECT count(*) FROM message WHERE chat_id = ?1 AND from_me = 0 AND (at, id) > (?2, ?3)",
        )?
        .query_row(params![id.0, at, message.0], |row| row.get(0))?;
    let (lowered, unmarked) = (lower(writing, id, left)?, unmark(writing, id)?);
    if !lowered && !unmarked {
        return Ok(());
    }
    let noted = writing
        .prepare_cached(
            "UPDATE chat SET read_to_tell = n.gateway_id
               FROM (SELECT gateway_id FROM message WHERE chat_id = ?1 AND from_me = 0 AND gateway_id IS NOT NULL
                        AND (at, id) <= (?2, ?3) ORDER BY at DESC, id DESC LIMIT 1) AS n
              WHERE chat.id = ?1",
        )?
        .execute(params![id.0, at, message.0])?;
    if noted > 0 {
        writing.touch(Change::ReadToTell(DeviceId(device)));
    }
    Ok(())
}

/// A "read" that the gateway is still to be told of.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadToTell {
    /// Which chat.
    pub chat: ChatId,
    /// Where.
    pub address: Address,
    /// Up to this message.
    pub gateway_id: String,
}

quiet_debug!(ReadToTell { chat, address });

/// The next "read" to tell.
///
/// # Errors
/// The file's.
pub fn next_read_to_tell(
    connection: &Connection,
    device: DeviceId,
) -> Result<Option<ReadToTell>, StoreError> {
    let sql = "SELECT id, address, read_to_tell FROM chat WHERE device_id = ?1 AND read_to_tell IS NOT NULL LIMIT 1";
    let found = connection.prepare_cached(sql)?.query_row([device.0], |row| {
        Ok(ReadToTell {
            chat: ChatId(row.get(0)?),
            address: Address::parse(&row.get::<_, String>(1)?),
            gateway_id: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

/// It was told (or cannot be): cleared, unless a newer one has been noted meanwhile.
///
/// # Errors
/// The file's.
pub fn read_was_told(writing: &Writing<'_>, told: &ReadToTell) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET read_to_tell = NULL WHERE id = ?1 AND read_to_tell = ?2";
    writing
        .prepare_cached(sql)?
        .execute(params![told.chat.0, told.gateway_id])?;
    Ok(())
}
