//! Chats: the list as it is shown, page by page, and what changes in it.
//!
//! The list's order is (pinned, time of the newest message, id), newest first. A page goes on after the last row of the
//! one before ([`Cursor`]); there is no OFFSET, so a page far down costs what the first one costs. What the list shows of the
//! newest message is read by its primary key: one fact in one place.

use mostrador_domain::{Address, ChatId, ChatKind, ChatSnapshot, DeviceId, MessageId, UnixMillis};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::quiet::quiet_debug;
use crate::tables::message::{self, MessageRow};
use crate::tables::person;
use crate::{Change, StoreError, Writing};

mod draft;
mod emptied;
mod name;
mod read_state;

pub use draft::{Draft, draft, set_draft, set_whole_draft};
pub use emptied::emptied;
pub(super) use name::named_by_message;
pub use name::{NameRank, named};
pub(super) use read_state::is_unread;
pub use read_state::{
    ReadToTell, next_read_to_tell, one_more_unread, read_elsewhere, read_here, read_was_told,
};

/// A chat as the list shows it.
#[derive(Clone, PartialEq)]
pub struct ChatRow {
    /// Its number.
    pub id: ChatId,
    /// Whose.
    pub device: DeviceId,
    /// Where.
    pub address: Address,
    /// What it is.
    pub kind: ChatKind,
    /// As told.
    pub name: Option<String>,
    /// Time of the newest message; 0 = none.
    pub last_at: UnixMillis,
    /// Messages nobody here has seen.
    pub unread: i64,
    /// At the top.
    pub pinned: bool,
    /// Put away.
    pub archived: bool,
    /// No notifications until.
    pub muted_until: UnixMillis,
    /// What the operator was writing.
    pub draft: Draft,
    /// The newest message.
    pub last: Option<MessageRow>,
}

quiet_debug!(ChatRow {
    id,
    device,
    address,
    kind,
    last_at,
    unread
});

/// Which chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those with unread messages.
    pub unread: bool,
    /// Only those of one device.
    pub device: Option<DeviceId>,
}

/// The place of a row in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// At the top.
    pub pinned: bool,
    /// Its time.
    pub last_at: UnixMillis,
    /// Its number.
    pub id: ChatId,
}

impl ChatRow {
    /// Its place.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            pinned: self.pinned,
            last_at: self.last_at,
            id: self.id,
        }
    }
}

const COLUMNS: &str = "c.id, c.device_id, c.address, c.kind, c.name, c.last_at, c.unread, c.pinned, c.archived, c.muted_until, c.draft, \
     c.draft_media_id, c.draft_quoted_id";
const OWN_COLUMNS: usize = 13;

fn select() -> String {
    format!(
        "SELECT {COLUMNS}, {} FROM chat c LEFT JOIN message m ON m.id = c.last_message_id {}",
        message::columns(),
        message::JOINS
    )
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ChatRow> {
    let has_last = row.get::<_, Option<i64>>(OWN_COLUMNS)?.is_some();
    Ok(ChatRow {
        id: ChatId(row.get(0)?),
        device: DeviceId(row.get(1)?),
        address: Address::parse(&row.get::<_, String>(2)?),
        kind: ChatKind::from_word(&row.get::<_, String>(3)?).unwrap_or(ChatKind::Other),
        name: row.get(4)?,
        last_at: UnixMillis(row.get(5)?),
        unread: row.get(6)?,
        pinned: row.get(7)?,
        archived: row.get(8)?,
        muted_until: UnixMillis(row.get(9)?),
        draft: Draft::read(row, 10)?,
        last: if has_last {
            Some(message::from_row(row, OWN_COLUMNS)?)
        } else {
            None
        },
    })
}

/// Up to `limit` chats after `after`, in the list's order. Broadcasts are not chats one answers; they are not listed.
///
/// # Errors
/// The file's.
pub fn page(
    connection: &Connection,
    filter: Filter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Vec<ChatRow>, StoreError> {
    let (sql, values) = page_query(filter, after, limit);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn page_query(filter: Filter, after: Option<Cursor>, limit: u32) -> (String, Vec<Value>) {
    let mut sql = format!("{} WHERE c.archived = 0 AND c.kind <> 'broadcast'", select());
    let mut values: Vec<Value> = Vec::new();
    if filter.unread {
        sql.push_str(" AND c.unread > 0");
    }
    if let Some(device) = filter.device {
        sql.push_str(" AND c.device_id = ?");
        values.push(device.0.into());
    }
    if let Some(after) = after {
        sql.push_str(" AND (c.pinned, c.last_at, c.id) < (?, ?, ?)");
        values.extend([
            i64::from(after.pinned).into(),
            after.last_at.0.into(),
            after.id.0.into(),
        ]);
    }
    sql.push_str(" ORDER BY c.pinned DESC, c.last_at DESC, c.id DESC LIMIT ?");
    values.push(i64::from(limit).into());
    (sql, values)
}

/// How many listed chats have unread messages.
///
/// # Errors
/// The file's.
pub fn unread_count(connection: &Connection) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM chat c WHERE c.archived = 0 AND c.unread > 0 AND c.kind <> 'broadcast'";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// One chat.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: ChatId) -> Result<ChatRow, StoreError> {
    let sql = format!("{} WHERE c.id = ?1", select());
    Ok(connection.prepare_cached(&sql)?.query_row([id.0], from_row)?)
}

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

/// Takes over what a gateway says of a chat. `first`: during the first sync, when its count of unread messages is the only
/// one there is; later our own count is better, and only "all read" (on the phone) is taken over.
///
/// # Errors
/// The file's.
pub fn snapshot(
    writing: &mut Writing<'_>,
    device: DeviceId,
    said: &ChatSnapshot,
    first: bool,
) -> Result<ChatId, StoreError> {
    let id = ensure(writing, device, &said.chat)?;
    if let Some(told) = said.name.as_deref().filter(|told| !told.trim().is_empty()) {
        named(writing, id, told, NameRank::Told)?;
    }
    let unread = said
        .unread
        .map(|count| count.max(0))
        .filter(|count| first || *count == 0);
    let changed = writing
        .prepare_cached(
            "UPDATE chat SET pinned = coalesce(?2, pinned), archived = coalesce(?3, archived),
                    muted_until = coalesce(?4, muted_until), unread = coalesce(?5, unread)
             WHERE id = ?1 AND (pinned IS NOT coalesce(?2, pinned) OR archived IS NOT coalesce(?3, archived)
                    OR muted_until IS NOT coalesce(?4, muted_until) OR unread IS NOT coalesce(?5, unread))",
        )?
        .execute(params![
            id.0,
            said.pinned,
            said.archived,
            said.muted_until.map(|until| until.0),
            unread
        ])?;
    if changed > 0 {
        writing.touch(Change::Chat(id));
        writing.touch(Change::Chats);
    }
    Ok(id)
}

/// A message has come into the chat: it moves up if the message is the newest.
///
/// # Errors
/// The file's.
pub fn moved_up(
    writing: &mut Writing<'_>,
    id: ChatId,
    message: MessageId,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET last_message_id = ?2, last_at = ?3 WHERE id = ?1 AND last_at <= ?3";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, message.0, at.0])?
        > 0
    {
        writing.touch(Change::Chats);
    }
    writing.touch(Change::Chat(id));
    Ok(())
}

/// The newest message may have gone: looks for it again.
///
/// # Errors
/// The file's.
pub fn settle_newest(writing: &mut Writing<'_>, id: ChatId) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "UPDATE chat SET (last_message_id, last_at) = (SELECT max(n.id), coalesce(max(n.at), 0) FROM
               (SELECT m.id, m.at FROM message m WHERE m.chat_id = ?1 ORDER BY m.at DESC, m.id DESC LIMIT 1) n)
             WHERE id = ?1",
        )?
        .execute([id.0])?;
    writing.touch(Change::Chats);
    writing.touch(Change::Chat(id));
    Ok(())
}
