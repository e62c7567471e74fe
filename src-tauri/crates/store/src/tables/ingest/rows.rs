//! New messages on their way into their table, several with one statement: what a statement costs beside its rows (cursors of
//! all indexes, the counter of numbers) is a third of a message's price.

use mostrador_domain::{ChatId, DeliveryStatus, InboundMessage, MediaId, MessageId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::message::columns::{Columns, json};
use crate::{StoreError, StoreErrorKind, Writing};

/// The most rows of one statement. Fewer go in by halves of it.
pub(super) const AT_ONCE: usize = 64;

const INTO: &str = "INSERT INTO message (chat_id, gateway_id, from_me, sender_id, at, kind, text, data, media_id, raw_kind, raw, status,
                                         quoted_gateway_id, quoted_text, forwarded, mentions, edited_at) VALUES ";
const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// How many there are in a row.
const COLUMNS: usize = 17;
const UNLESS_KNOWN: &str = " ON CONFLICT (chat_id, gateway_id) WHERE gateway_id IS NOT NULL DO NOTHING";

/// A message that is to be put in.
pub(super) struct Row<'m> {
    pub(super) chat: ChatId,
    pub(super) message: &'m InboundMessage,
    pub(super) columns: Columns<'m>,
    pub(super) sender: Option<i64>,
    pub(super) media: Option<MediaId>,
}

/// What became of it.
#[derive(Clone, Copy)]
pub(super) enum Put {
    New(MessageId),
    /// Its chat has a message of its id.
    Known(MessageId),
}

/// Puts rows in.
pub(super) struct Rows {
    /// No message has a higher number.
    highest: i64,
}

impl Rows {
    pub(super) fn new(writing: &Writing<'_>) -> Result<Self, StoreError> {
        let sql = "SELECT coalesce(max(id), 0) FROM message";
        let highest = writing.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(Self { highest })
    }

    /// Puts rows in, and tells of each what became of it, in their order.
    pub(super) fn put(&mut self, writing: &Writing<'_>, rows: &[Row<'_>]) -> Result<Vec<Put>, StoreError> {
        let mut done = Vec::with_capacity(rows.len());
        let mut left = rows;
        while let Some(size) = std::iter::successors(Some(AT_ONCE), |size| Some(size / 2))
            .take_while(|size| *size > 0)
            .find(|size| *size <= left.len())
        {
            let (now, later) = left.split_at(size);
            self.put_at_once(writing, now, &mut done)?;
            left = later;
        }
        Ok(done)
    }

    fn put_at_once(
        &mut self,
        writing: &Writing<'_>,
        rows: &[Row<'_>],
        done: &mut Vec<Put>,
    ) -> Result<(), StoreError> {
        let mut statement = writing.prepare_cached(statement(rows.len()))?;
        for (nth, row) in rows.iter().enumerate() {
            row.bind(&mut statement, nth * COLUMNS + 1)?;
        }
        let inserted = statement.raw_execute()?;
        let before = self.highest;
        if inserted > 0 {
            self.highest = writing.last_insert_rowid();
        }
        if inserted == rows.len() {
            // Numbers are given out one after the other.
            let first = self.highest + 1 - i64::try_from(inserted).unwrap_or(i64::MAX);
            done.extend((first..=self.highest).map(|id| Put::New(MessageId(id))));
            return Ok(());
        }
        let mut newest = before;
        for row in rows {
            let id = known_in(writing, row.chat, &row.message.gateway_id)?
                .ok_or_else(|| StoreError::of(StoreErrorKind::Other))?;
            // Those that went in have rising numbers; one that is told twice here has the first one's.
            done.push(if id.0 > newest {
                Put::New(id)
            } else {
                Put::Known(id)
            });
            newest = newest.max(id.0);
        }
        Ok(())
    }
}

/// The statement for so many rows.
fn statement(rows: usize) -> &'static str {
    static ALL: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    let all = ALL.get_or_init(|| {
        (0..=AT_ONCE)
            .map(|rows| format!("{INTO}{}{UNLESS_KNOWN}", vec![ROW; rows].join(", ")))
            .collect()
    });
    all.get(rows).map(String::as_str).unwrap_or_default()
}

impl Row<'_> {
    fn bind(&self, statement: &mut rusqlite::Statement<'_>, first: usize) -> rusqlite::Result<()> {
        let (message, columns) = (self.message, &self.columns);
        let context = &message.context;
        let status = message
            .from_me
            .then(|| message.status.unwrap_or(DeliveryStatus::Sent).rank());
        let media = self.media.map(|media| media.0);
        let edited_at = context.edited_at.map(|edited| edited.0);
        let named = named(message);
        let values: [Option<&dyn rusqlite::ToSql>; COLUMNS] = [
            Some(&self.chat.0),
            Some(&message.gateway_id),
            Some(&message.from_me),
            given(&self.sender),
            Some(&message.at.0),
            Some(&columns.kind),
            given(&columns.text),
            given(&columns.data),
            given(&media),
            given(&columns.raw_kind),
            given(&columns.raw),
            given(&status),
            given(&context.quoted),
            given(&context.quoted_text),
            Some(&context.forwarded),
            given(&named),
            given(&edited_at),
        ];
        // What is not bound is NULL, as most of them are.
        for (nth, value) in values.into_iter().enumerate() {
            if let Some(value) = value {
                statement.raw_bind_parameter(first + nth, value)?;
            }
        }
        Ok(())
    }
}

/// A value to bind, if there is one.
fn given<T: rusqlite::ToSql>(value: &Option<T>) -> Option<&dyn rusqlite::ToSql> {
    value.as_ref().map(|value| value as &dyn rusqlite::ToSql)
}

fn named(message: &InboundMessage) -> Option<String> {
    let mentions = &message.context.mentions;
    if mentions.is_empty() { None } else { json(mentions) }
}

/// The message of a chat that the gateway calls so.
pub(super) fn known_in(
    connection: &Connection,
    chat: ChatId,
    gateway_id: &str,
) -> Result<Option<MessageId>, StoreError> {
    let sql = "SELECT id FROM message WHERE chat_id = ?1 AND gateway_id = ?2";
    let found = connection
        .prepare_cached(sql)?
        .query_row(params![chat.0, gateway_id], |row| row.get(0))
        .optional()?;
    Ok(found.map(MessageId))
}
