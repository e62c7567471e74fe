//! Messages of a chat, newest at the end, read in pages from the end backwards.

use mostrador_domain::{Address, ChatId, DeliveryStatus, FailureCode, MessageId, OutboxState, UnixMillis};
use rusqlite::{Connection, Row, params};

use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::row::Columns as Reader;
use crate::tables::chat::GONE;
use crate::tables::media::{self, COLUMNS as FILE};
use crate::tables::outbox::{self, PENDING, PendingAction};
use crate::tables::person::number_of;

pub(crate) mod columns;
mod content;
mod files;
pub(crate) mod last;
mod marks;
mod sending;

pub use content::Content;
use content::Kept;
#[cfg(test)]
pub(super) use files::page_query as files_query;
pub use files::{FileRow, Files, files};
pub use last::LastMessage;
pub use marks::{Earlier, Reaction, Vote, earlier, votes};
pub use sending::{Sending, sending};

/// A message as it is shown.
#[derive(Clone, PartialEq)]
pub struct MessageRow {
    /// Its number.
    pub id: MessageId,
    /// Where.
    pub chat: ChatId,
    /// The gateway's id, once accepted.
    pub gateway_id: Option<String>,
    /// Ours?
    pub from_me: bool,
    /// Who wrote it.
    pub writer: Writer,
    /// When.
    pub at: UnixMillis,
    /// What.
    pub content: Content,
    /// What it answers.
    pub quoted: Option<Quoted>,
    /// Sent on from another chat.
    pub forwarded: bool,
    /// Who is named with an @.
    pub mentions: Vec<Address>,
    /// How far ours has come.
    pub status: Option<DeliveryStatus>,
    /// When the gateway took it.
    pub sent_at: Option<UnixMillis>,
    /// When it reached the phone.
    pub delivered_at: Option<UnixMillis>,
    /// When it was seen.
    pub read_at: Option<UnixMillis>,
    /// Why the gateway gave it up after accepting it.
    pub failure: Option<FailureCode>,
    /// When it got its present words, if it was edited; [`earlier`] has those before.
    pub edited_at: Option<UnixMillis>,
    /// Starred by us.
    pub starred: bool,
    /// At the top of its chat.
    pub pinned: bool,
    /// Who reacted, in the order of time.
    pub reactions: Vec<Reaction>,
    /// Its way out, if it was written here.
    pub outgoing: Option<OutgoingState>,
    /// What is still to be done to it, or could not be: shown over what it is.
    pub pending: Vec<PendingAction>,
}

quiet_debug!(MessageRow {
    id,
    chat,
    from_me,
    at,
    content,
    status,
    edited_at,
    outgoing
});

/// Who wrote a message.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Writer {
    /// Under which address; `None` = us, or nobody says.
    pub address: Option<Address>,
    /// Their name: as saved on the phone, or as they call themselves.
    pub name: Option<String>,
    /// Their number's address, if it is known: of a LID, the one that a gateway said to be theirs too.
    pub number: Option<Address>,
}

quiet_debug!(Writer { address, number });

impl Writer {
    /// Reads what [`writer_columns`] names.
    fn read(read: &mut Reader<'_, '_>) -> rusqlite::Result<Self> {
        let mut address = || read.take_as(|value: String| Address::parse(&value));
        Ok(Self {
            address: address()?,
            number: address()?,
            name: read.take()?,
        })
    }
}

/// SQL: of a message whose sender is the address `a`, known to the device as the contact `k`, what [`Writer::read`] reads.
fn writer_columns(a: &str, k: &str) -> String {
    format!("{a}.value, {}, coalesce({k}.saved_name, {a}.name)", number_of(a))
}

/// The message that another one answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The gateway's id of it.
    pub gateway_id: String,
    /// Its words, as told with the answer or as they are here.
    pub text: Option<String>,
    /// The message itself, if it is here.
    pub message: Option<QuotedMessage>,
}

/// The message that another one answers, where it is here.
#[derive(Clone, PartialEq, Eq)]
pub struct QuotedMessage {
    /// Its number.
    pub id: MessageId,
    /// Ours?
    pub from_me: bool,
    /// Who wrote it.
    pub writer: Writer,
    /// The word for its kind, as it is kept; `deleted` if it was deleted for everybody.
    pub kind: String,
}

quiet_debug!(Quoted { message }, QuotedMessage { id, from_me, kind });

/// Where a message that was written here is on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutgoingState {
    /// Its state.
    pub state: OutboxState,
    /// Why it is dead or uncertain.
    pub failure: Option<FailureCode>,
    /// Looking did not settle it.
    pub needs_operator: bool,
    /// Until then it can be undone, if nobody claims it before.
    pub held_until: Option<UnixMillis>,
}

/// SQL: what [`from_row`] reads of `message m` with [`JOINS`].
pub(crate) fn columns() -> String {
    let (writer, of_quoted) = (writer_columns("a", "k"), writer_columns("qa", "qk"));
    format!(
        "m.id, m.chat_id, m.gateway_id, m.from_me, {writer}, {COLUMNS}, {of_quoted}, {MARKS}, {PENDING}, {FILE}"
    )
}

const COLUMNS: &str = "m.at, m.deleted_at, m.kind, m.text, m.data, m.raw_kind, m.quoted_gateway_id, coalesce(m.quoted_text, q.text), \
     q.id, q.from_me, CASE WHEN q.deleted_at IS NULL THEN q.kind ELSE 'deleted' END";

const MARKS: &str = "m.forwarded, m.mentions, m.status, m.sent_at, \
     m.delivered_at, m.read_at, m.failure, m.edited_at, m.starred, m.pinned, \
     (SELECT json_group_array(json_array(ra.value, ra.name, r.emoji, r.at)) FROM reaction r \
        LEFT JOIN address ra ON ra.id = r.sender_id WHERE r.message_id = m.id AND r.emoji IS NOT NULL), \
     o.state, o.failure, o.needs_operator, CASE WHEN o.state = 'ready' AND o.attempts = 0 AND o.not_before > 0 THEN o.not_before END";

/// SQL: what a message of `m` is read with.
pub(crate) const JOINS: &str = "LEFT JOIN outbox o ON o.message_id = m.id AND o.kind = 'send' LEFT JOIN address a ON a.id = m.sender_id \
     LEFT JOIN chat mc ON mc.id = m.chat_id LEFT JOIN contact k ON k.device_id = mc.device_id AND k.address = a.value \
     LEFT JOIN media d ON d.id = m.media_id \
     LEFT JOIN message q ON q.chat_id = m.chat_id AND q.gateway_id = m.quoted_gateway_id AND m.quoted_gateway_id IS NOT NULL \
     LEFT JOIN address qa ON qa.id = q.sender_id LEFT JOIN contact qk ON qk.device_id = mc.device_id AND qk.address = qa.value";

/// Reads a message from a row whose columns [`columns`] begin at `first`.
pub(crate) fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<MessageRow> {
    let mut read = Reader::from(row, first);
    let read = &mut read;
    let id = MessageId(read.take()?);
    let chat = ChatId(read.take()?);
    let gateway_id = read.take()?;
    let from_me = read.take()?;
    let writer = Writer::read(read)?;
    let at = UnixMillis(read.take()?);
    let deleted = read.take::<Option<i64>>()?.is_some();
    let mut kept = Kept {
        kind: read.take()?,
        text: read.take()?,
        data: read.take()?,
        raw_kind: read.take()?,
        media: None,
    };
    let quoted = quoted(read)?;
    let mut message = MessageRow {
        id,
        chat,
        gateway_id,
        from_me,
        writer,
        at,
        content: Content::Deleted,
        quoted,
        forwarded: read.take()?,
        mentions: read
            .take_as(|list: String| marks::addresses(&list))?
            .unwrap_or_default(),
        status: read.take_as(DeliveryStatus::from_rank)?.flatten(),
        sent_at: read.take_as(UnixMillis)?,
        delivered_at: read.take_as(UnixMillis)?,
        read_at: read.take_as(UnixMillis)?,
        failure: failure(read)?,
        edited_at: read.take_as(UnixMillis)?,
        starred: read.take()?,
        pinned: read.take()?,
        reactions: read
            .take_as(|list: String| marks::reactions(&list))?
            .unwrap_or_default(),
        outgoing: outgoing(read)?,
        pending: read
            .take_as(|list: String| outbox::pending(&list))?
            .unwrap_or_default(),
    };
    if !deleted {
        kept.media = if read.is_null()? {
            None
        } else {
            Some(media::read(read)?)
        };
        message.content = kept.into_content();
    }
    Ok(message)
}

fn quoted(read: &mut Reader<'_, '_>) -> rusqlite::Result<Option<Quoted>> {
    let gateway_id: Option<String> = read.take()?;
    let text = read.take()?;
    let id = read.take_as(MessageId)?;
    let (from_me, kind) = (read.take::<Option<bool>>()?, read.take::<Option<String>>()?);
    let writer = Writer::read(read)?;
    let message = id.zip(kind).map(|(id, kind)| QuotedMessage {
        id,
        from_me: from_me.unwrap_or_default(),
        writer,
        kind,
    });
    Ok(gateway_id.map(|gateway_id| Quoted {
        gateway_id,
        text,
        message,
    }))
}

fn failure(read: &mut Reader<'_, '_>) -> rusqlite::Result<Option<FailureCode>> {
    Ok(read
        .take_as(|word: String| FailureCode::from_word(&word))?
        .flatten())
}

fn outgoing(read: &mut Reader<'_, '_>) -> rusqlite::Result<Option<OutgoingState>> {
    let state = read
        .take_as(|word: String| OutboxState::from_word(&word))?
        .flatten();
    let (failure, needs_operator) = (failure(read)?, read.take::<Option<bool>>()?);
    let held_until = read.take_as(UnixMillis)?;
    Ok(state.map(|state| OutgoingState {
        state,
        failure,
        needs_operator: needs_operator.unwrap_or_default(),
        held_until,
    }))
}

/// The place of a message in its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Its time.
    pub at: UnixMillis,
    /// Its number.
    pub id: MessageId,
}

impl Cursor {
    /// After everything.
    const END: Self = Self {
        at: UnixMillis(i64::MAX),
        id: MessageId(i64::MAX),
    };

    /// Before everything.
    pub const START: Self = Self {
        at: UnixMillis(i64::MIN),
        id: MessageId(i64::MIN),
    };
}

impl MessageRow {
    /// Its place.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            at: self.at,
            id: self.id,
        }
    }
}

/// Up to `limit` messages of a chat before `before` (or from its end), **newest first**.
///
/// # Errors
/// The file's.
pub fn page(
    connection: &Connection,
    chat: ChatId,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Vec<MessageRow>, StoreError> {
    let before = before.unwrap_or(Cursor::END);
    let mut statement = connection.prepare_cached(&page_query())?;
    let rows = statement.query_map(params![chat.0, before.at.0, before.id.0, limit], |row| {
        from_row(row, 0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Up to `limit` messages of a chat after `after`, **oldest first**.
///
/// # Errors
/// The file's.
pub fn page_after(
    connection: &Connection,
    chat: ChatId,
    after: Cursor,
    limit: u32,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut statement = connection.prepare_cached(&page_after_query())?;
    let rows = statement.query_map(params![chat.0, after.at.0, after.id.0, limit], |row| {
        from_row(row, 0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: a page of a chat, oldest first.
pub(super) fn page_after_query() -> String {
    format!(
        "SELECT {} FROM message m {JOINS} WHERE m.chat_id = ?1 AND (m.at, m.id) > (?2, ?3) AND NOT {GONE}
         ORDER BY m.at, m.id LIMIT ?4",
        columns()
    )
}

/// How many messages a chat has.
///
/// # Errors
/// The file's.
pub fn count(connection: &Connection, chat: ChatId) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM message m WHERE m.chat_id = ?1 AND NOT {GONE}");
    let count: i64 = connection
        .prepare_cached(&sql)?
        .query_row([chat.0], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The place of a message in its chat.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] if the message is not in that chat.
pub fn place(connection: &Connection, chat: ChatId, id: MessageId) -> Result<Cursor, StoreError> {
    let sql = "SELECT at FROM message WHERE id = ?1 AND chat_id = ?2";
    let at = connection
        .prepare_cached(sql)?
        .query_row(params![id.0, chat.0], |row| row.get(0))?;
    Ok(Cursor {
        at: UnixMillis(at),
        id,
    })
}

/// SQL: a page of a chat, newest first.
pub(super) fn page_query() -> String {
    format!(
        "SELECT {} FROM message m {JOINS} WHERE m.chat_id = ?1 AND (m.at, m.id) < (?2, ?3) AND NOT {GONE}
         ORDER BY m.at DESC, m.id DESC LIMIT ?4",
        columns()
    )
}

/// Up to `limit` starred messages of all chats before `before` (or from the newest), **newest first**.
///
/// # Errors
/// The file's.
pub fn starred(
    connection: &Connection,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Vec<MessageRow>, StoreError> {
    let before = before.unwrap_or(Cursor::END);
    let mut statement = connection.prepare_cached(&starred_query())?;
    let rows = statement.query_map(params![before.at.0, before.id.0, limit], |row| from_row(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: a page of what is starred, newest first.
pub(super) fn starred_query() -> String {
    format!(
        "SELECT {} FROM message m {JOINS} WHERE m.starred = 1 AND (m.at, m.id) < (?1, ?2) AND NOT {GONE}
         ORDER BY m.at DESC, m.id DESC LIMIT ?3",
        columns()
    )
}

/// The messages at the top of a chat, newest first.
///
/// # Errors
/// The file's.
pub fn pinned(connection: &Connection, chat: ChatId) -> Result<Vec<MessageRow>, StoreError> {
    let mut statement = connection.prepare_cached(&pinned_query())?;
    let rows = statement.query_map([chat.0], |row| from_row(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: what is at the top of a chat, newest first.
pub(super) fn pinned_query() -> String {
    format!(
        "SELECT {} FROM message m {JOINS} WHERE m.chat_id = ?1 AND m.pinned = 1 AND NOT {GONE} ORDER BY m.at DESC, m.id DESC",
        columns()
    )
}

/// One message.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: MessageId) -> Result<MessageRow, StoreError> {
    let sql = format!(
        "SELECT {} FROM message m {JOINS} WHERE m.id = ?1 AND NOT {GONE}",
        columns()
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id.0], |row| from_row(row, 0))?)
}

/// The whole event of a message that is shown by its name only, as JSON.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn raw(connection: &Connection, id: MessageId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT raw FROM message WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?)
}
