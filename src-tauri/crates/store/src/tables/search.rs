//! Finding messages by their words, and chats by their names and numbers, newest first.
//!
//! | Typed | Finds |
//! |---|---|
//! | `torta lista` | messages with both words, anywhere; the last word may be the beginning of one, as long as it is being typed |
//! | `torta lista ` (a space behind) | both words as they are |
//! | `"torta de lúcuma"` | these words one after the other |
//! | `canción`, `CANCION` | the same: case and accents do not matter |
//!
//! Nothing that is typed is an error: all but letters and digits only parts words. One letter alone is a word, not a beginning.
//!
//! The index (`message_search`, FTS5) holds no texts, only where each word stands. Its rows are numbered by second and message
//! ([`index`]), so that newest first is its order backwards and a page of hits costs what the page holds. Words are put in
//! and taken out in the transaction that stores, edits, deletes or removes their message.

use mostrador_domain::{ChatId, MessageId, UnixMillis};
use rusqlite::{Connection, Row, params};

use crate::StoreError;
use crate::tables::chat::{self, CHAT_GONE, ChatRow, DEVICE_GONE, GONE};
use crate::tables::message::{self, MessageRow};

pub(crate) mod index;
mod typed;

use index::MESSAGE_OF_ROWID;
pub(crate) use index::{Pending, add, fill};
pub(super) use typed::folded;
pub use typed::{Typed, Words};

/// Where a page of hits goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The last hit's time.
    pub at: UnixMillis,
    /// The last hit.
    pub id: MessageId,
}

/// SQL: `wanted` of the hits: messages `m` of chats `c`, found by the index `s`, **newest first**, without those that are being
/// removed. Whether anything is being removed is asked once, not once a hit. In one chat its word leaves few others, if any.
fn query(wanted: &str, joins: &str, in_chat: bool) -> String {
    let in_chat = if in_chat { " AND m.chat_id = ?5" } else { "" };
    format!(
        "SELECT {wanted} FROM message_search s CROSS JOIN message m ON m.id = s.rowid & ?4{in_chat}
          CROSS JOIN chat c ON c.id = m.chat_id {joins}
          WHERE s.message_search MATCH ?1 AND s.rowid < ?2
            AND NOT (EXISTS (SELECT 1 FROM emptying WHERE chat_id > 0) AND {GONE}) AND NOT {DEVICE_GONE}
          ORDER BY s.rowid DESC LIMIT ?3"
    )
}

/// SQL: the numbers of hits, in all chats or in one.
pub(super) fn numbers_query(in_chat: bool) -> String {
    query("m.id", "", in_chat)
}

/// SQL: hits as they are shown, in all chats or in one.
pub(super) fn messages_query(in_chat: bool) -> String {
    query(&message::columns(), message::JOINS, in_chat)
}

/// The numbers of up to `limit` messages before `before` (or from the newest) with the words that were typed, **newest first**,
/// in one chat or in all.
///
/// # Errors
/// The file's.
pub fn hits(
    connection: &Connection,
    typed: &Typed,
    chat: Option<ChatId>,
    before: Option<Place>,
    limit: u32,
) -> Result<Vec<MessageId>, StoreError> {
    found(connection, numbers_query, (typed, chat), before, limit, |row| {
        row.get(0).map(MessageId)
    })
}

/// As [`hits`], the messages themselves.
///
/// # Errors
/// The file's.
pub fn messages(
    connection: &Connection,
    typed: &Typed,
    chat: Option<ChatId>,
    before: Option<Place>,
    limit: u32,
) -> Result<Vec<MessageRow>, StoreError> {
    found(connection, messages_query, (typed, chat), before, limit, |row| {
        message::from_row(row, 0)
    })
}

fn found<T>(
    connection: &Connection,
    sql: impl Fn(bool) -> String,
    (typed, chat): (&Typed, Option<ChatId>),
    before: Option<Place>,
    limit: u32,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let Some(query) = typed.query(chat) else {
        return Ok(Vec::new());
    };
    let before = before.map_or(i64::MAX, |place| index::rowid(place.at, place.id));
    let mut statement = connection.prepare_cached(&sql(chat.is_some()))?;
    let rows = match chat {
        None => statement.query_map(params![query, before, limit, MESSAGE_OF_ROWID], read)?,
        Some(chat) => statement.query_map(params![query, before, limit, MESSAGE_OF_ROWID, chat.0], read)?,
    };
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: chats whose name has the words, newest first.
fn by_name() -> String {
    format!(
        "SELECT c.id, c.last_at FROM chat_search s CROSS JOIN chat c ON c.id = s.rowid
          WHERE s.chat_search MATCH ?1 AND c.kind <> 'broadcast' AND NOT {CHAT_GONE} ORDER BY c.last_at DESC, c.id DESC LIMIT ?2"
    )
}

/// SQL: chats whose number has the digits, newest first. It looks at all addresses; there are no words in a number.
fn by_number() -> String {
    format!(
        "SELECT c.id, c.last_at FROM chat c WHERE c.kind = 'person' AND instr(c.address, ?1) > 0
            AND c.address LIKE '%@s.whatsapp.net' AND NOT {CHAT_GONE} ORDER BY c.last_at DESC, c.id DESC LIMIT ?2"
    )
}

/// Fewer digits than this are in too many numbers.
const FEWEST_DIGITS: usize = 3;

/// Up to `limit` chats whose name has the words that were typed, or whose number has the digits, **newest first**.
///
/// # Errors
/// The file's.
pub fn chats(connection: &Connection, typed: &str, limit: u32) -> Result<Vec<ChatRow>, StoreError> {
    let mut found: Vec<(i64, i64)> = Vec::new();
    let mut ask = |sql: &str, what: &str| -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![what, limit], |row| Ok((row.get(1)?, row.get(0)?)))?;
        for row in rows {
            found.push(row?);
        }
        Ok(())
    };
    if let Some(query) = Typed::parse(typed).of_names() {
        ask(&by_name(), &query)?;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= FEWEST_DIGITS && !typed.chars().any(char::is_alphabetic) {
        ask(&by_number(), &digits)?;
    }
    found.sort_unstable_by(|one, next| next.cmp(one));
    found.dedup();
    found
        .into_iter()
        .take(limit as usize)
        .map(|(_, id)| chat::get(connection, ChatId(id)))
        .collect()
}
