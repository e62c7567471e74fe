//! Messages of a chat, newest at the end, read in pages from the end backwards.

use mostrador_domain::{ChatId, DeliveryStatus, FailureCode, MessageId, OutboxState, UnixMillis};
use rusqlite::{Connection, Row, params};

use crate::StoreError;
use crate::tables::media::{self, MediaRow};

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its number.
    pub id: MessageId,
    /// Where.
    pub chat: ChatId,
    /// The gateway's id, once accepted.
    pub gateway_id: Option<String>,
    /// Ours?
    pub from_me: bool,
    /// The name of who wrote it.
    pub sender_name: Option<String>,
    /// When.
    pub at: UnixMillis,
    /// What.
    pub content: Content,
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
    /// Its way out, if it was written here.
    pub outgoing: Option<OutgoingState>,
}

/// Where a message that was written here is on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutgoingState {
    /// Its state.
    pub state: OutboxState,
    /// Why it is dead or uncertain.
    pub failure: Option<FailureCode>,
    /// Looking did not settle it.
    pub needs_operator: bool,
}

/// The content of a message, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text(String),
    /// A picture.
    Image {
        /// Words under it.
        caption: Option<String>,
        /// The picture.
        media: Option<MediaRow>,
    },
    /// A kind that is not shown.
    Unknown {
        /// The gateway's word.
        raw_kind: String,
    },
}

pub(crate) const COLUMNS: &str = "m.id, m.chat_id, m.gateway_id, m.from_me, a.name, m.at, m.kind, m.text, m.raw_kind, m.status, \
     m.sent_at, m.delivered_at, m.read_at, m.failure, o.state, o.failure, o.needs_operator, \
     d.id, d.device_id, d.gateway_ref, d.mime, d.bytes, d.width, d.height, d.file_name, d.sha256, d.state";

pub(crate) const JOINS: &str = "LEFT JOIN outbox o ON o.message_id = m.id LEFT JOIN address a ON a.id = m.sender_id \
     LEFT JOIN media d ON d.id = m.media_id";

/// Reads a message from a row whose columns `COLUMNS` begin at `first`.
pub(crate) fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<MessageRow> {
    Ok(MessageRow {
        id: MessageId(row.get(first)?),
        chat: ChatId(row.get(first + 1)?),
        gateway_id: row.get(first + 2)?,
        from_me: row.get(first + 3)?,
        sender_name: row.get(first + 4)?,
        at: UnixMillis(row.get(first + 5)?),
        content: content(row, first)?,
        status: row
            .get::<_, Option<i64>>(first + 9)?
            .and_then(DeliveryStatus::from_rank),
        sent_at: row.get::<_, Option<i64>>(first + 10)?.map(UnixMillis),
        delivered_at: row.get::<_, Option<i64>>(first + 11)?.map(UnixMillis),
        read_at: row.get::<_, Option<i64>>(first + 12)?.map(UnixMillis),
        failure: failure(row, first + 13)?,
        outgoing: outgoing(row, first + 14)?,
    })
}

fn content(row: &Row<'_>, first: usize) -> rusqlite::Result<Content> {
    let text: Option<String> = row.get(first + 7)?;
    Ok(match row.get::<_, String>(first + 6)?.as_str() {
        "text" => Content::Text(text.unwrap_or_default()),
        "image" => {
            let has_media = row.get::<_, Option<i64>>(first + 17)?.is_some();
            Content::Image {
                caption: text,
                media: if has_media {
                    Some(media::from_row(row, first + 17)?)
                } else {
                    None
                },
            }
        }
        _ => Content::Unknown {
            raw_kind: row.get::<_, Option<String>>(first + 8)?.unwrap_or_default(),
        },
    })
}

fn failure(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<FailureCode>> {
    Ok(row
        .get::<_, Option<String>>(column)?
        .and_then(|word| FailureCode::from_word(&word)))
}

fn outgoing(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<OutgoingState>> {
    let Some(state) = row
        .get::<_, Option<String>>(first)?
        .and_then(|word| OutboxState::from_word(&word))
    else {
        return Ok(None);
    };
    Ok(Some(OutgoingState {
        state,
        failure: failure(row, first + 1)?,
        needs_operator: row.get(first + 2)?,
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
    let before = before.unwrap_or(Cursor {
        at: UnixMillis(i64::MAX),
        id: MessageId(i64::MAX),
    });
    let mut statement = connection.prepare_cached(&page_query())?;
    let rows = statement.query_map(params![chat.0, before.at.0, before.id.0, limit], |row| {
        from_row(row, 0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: a page of a chat, newest first.
pub(super) fn page_query() -> String {
    format!(
        "SELECT {COLUMNS} FROM message m {JOINS} WHERE m.chat_id = ?1 AND (m.at, m.id) < (?2, ?3)
         ORDER BY m.at DESC, m.id DESC LIMIT ?4"
    )
}

/// One message.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: MessageId) -> Result<MessageRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM message m {JOINS} WHERE m.id = ?1");
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id.0], |row| from_row(row, 0))?)
}
