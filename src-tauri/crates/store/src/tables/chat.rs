//! Chats: the list as it is shown, page by page, and what changes in it.
//!
//! What the list shows of the newest message is read by its primary key: one fact in one place.

use mostrador_domain::{Address, ChatId, ChatKind, DeviceId, MessageId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::person;
use crate::{Change, StoreError, Writing};

mod draft;
mod emptied;
mod list;
mod name;
mod of_number;
mod read_state;
mod row;
mod snapshot;
mod triage;
mod waits;
mod wish;

pub use draft::{Draft, draft, set_draft};
pub(crate) use emptied::GONE;
#[cfg(test)]
pub(super) use emptied::PORTION;
pub use emptied::emptied;
pub(super) use emptied::{
    CHAT_GONE, DEVICE_GONE, any_emptied, emptied_until, empty_further, holds_since, went_with,
};
pub use list::{Cursor, Filter, page, unread_count};
#[cfg(test)]
pub(super) use list::{page_query, unread_count_query};
pub use name::{Face, NameRank, face, named};
pub use of_number::of_number;
pub use read_state::{ReadToTell, next_read_to_tell, read_elsewhere, read_here, read_was_told};
pub(super) use read_state::{read_up_to, theirs_after};
pub use row::{ChatRow, get};
pub use snapshot::{snapshot, told_again};
#[cfg(test)]
pub(super) use triage::WAKE;
pub use triage::{next_wake, set_triage, wake_snoozed};
pub(crate) use waits::settle_all_waiting;
#[cfg(test)]
pub(super) use waits::waits_since_query;
pub(super) use waits::{asks_nothing, is_answered, oldest_waited, settle_waiting, waits_since};
#[cfg(test)]
pub(super) use wish::NEXT as NEXT_WISH;
pub use wish::{ToTell, Told, Wish, next_wish, wish, wish_told, wished, wishes_are_due, wishes_due};

/// The chat at `address`, or with the same person under another address, made if there is none.
///
/// # Errors
/// The file's.
pub fn ensure(writing: &mut Writing<'_>, device: DeviceId, address: &Address) -> Result<ChatId, StoreError> {
    if let Some(known) = find(writing, device, address)? {
        return Ok(known);
    }
    writing
        .prepare_cached("INSERT INTO chat (device_id, address, kind) VALUES (?1, ?2, ?3)")?
        .execute(params![
            device.0,
            address.as_str(),
            ChatKind::of(address).as_str()
        ])?;
    let id = ChatId(writing.last_insert_rowid());
    writing.touch(Change::Chats);
    Ok(id)
}

/// The chat at `address`, or with the same person under another address.
///
/// # Errors
/// The file's.
pub fn find(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Option<ChatId>, StoreError> {
    let sql = "SELECT id FROM chat WHERE device_id = ?1 AND address = ?2";
    let known: Option<i64> = connection
        .prepare_cached(sql)?
        .query_row(params![device.0, address.as_str()], |row| row.get(0))
        .optional()?;
    match known {
        Some(id) => Ok(Some(ChatId(id))),
        None => Ok(person::chats_of(connection, device, address)?.into_iter().next()),
    }
}

/// Where a chat is.
pub(super) fn get_address(connection: &Connection, id: ChatId) -> Result<Address, StoreError> {
    let sql = "SELECT address FROM chat WHERE id = ?1";
    let address: String = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?;
    Ok(Address::parse(&address))
}

/// A message has come into the chat: it moves up if the message is the newest. A chat whose old messages were removed keeps
/// its place, so the newest there is may be older than that.
///
/// # Errors
/// The file's.
pub fn moved_up(
    writing: &mut Writing<'_>,
    id: ChatId,
    message: MessageId,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET last_message_id = ?2, last_at = max(last_at, ?3)
                WHERE id = ?1 AND (last_at <= ?3 OR coalesce((SELECT m.at FROM message m WHERE m.id = last_message_id), ?3) <= ?3)";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, message.0, at.0])?
        > 0
    {
        writing.touch(Change::Chats);
    }
    writing.touch(Change::Chat(id));
    settle_waiting(writing, id)
}

/// The newest message may have gone: looks for it again.
///
/// # Errors
/// The file's.
pub fn settle_newest(writing: &mut Writing<'_>, id: ChatId) -> Result<(), StoreError> {
    writing
        .prepare_cached(&format!(
            "UPDATE chat SET (last_message_id, last_at) = (SELECT max(n.id), coalesce(max(n.at), 0) FROM
               (SELECT m.id, m.at FROM message m WHERE m.chat_id = ?1 AND NOT {GONE} ORDER BY m.at DESC, m.id DESC LIMIT 1) n)
             WHERE id = ?1"
        ))?
        .execute([id.0])?;
    writing.touch(Change::Chats);
    writing.touch(Change::Chat(id));
    settle_waiting(writing, id)
}
