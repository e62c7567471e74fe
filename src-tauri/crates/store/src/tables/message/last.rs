//! The newest message of a chat, as far as the list of chats shows it.
//!
//! A list reads one of these a row, so it reads nothing else: no reactions, no receipts' times, no file, not what is answered; how
//! far a message has come on its way out is looked up for ours alone, who wrote for what others write in groups.

use mostrador_domain::{DeliveryStatus, FailureCode, MessageId, OutboxState};

use super::content::Kept;
use super::{Content, Writer, writer_columns};
use crate::quiet::quiet_debug;
use crate::row::Columns;

/// The newest message of a chat, as far as the list shows it.
#[derive(Clone, PartialEq)]
pub struct LastMessage {
    /// Its number.
    pub id: MessageId,
    /// Ours?
    pub from_me: bool,
    /// In a group: who wrote it.
    pub writer: Writer,
    /// What. The file of one that has a file is not read.
    pub content: Content,
    /// How far ours has come.
    pub status: Option<DeliveryStatus>,
    /// Why the gateway gave it up after accepting it.
    pub failure: Option<FailureCode>,
    /// Where it is on its way out, if it was written here.
    pub outgoing: Option<OutboxState>,
}

quiet_debug!(LastMessage {
    id,
    from_me,
    content,
    status,
    outgoing
});

/// SQL: what [`LastMessage::read`] reads of `message m`, the newest of `chat c`, with [`JOINS`].
pub(in crate::tables) fn columns() -> String {
    format!(
        "m.id, m.from_me, m.deleted_at, m.kind, m.text, m.data, m.raw_kind, m.status, m.failure, {}, \
         CASE WHEN m.from_me = 1 THEN (SELECT o.state FROM outbox o WHERE o.message_id = m.id AND o.kind = 'send') END",
        writer_columns("a", "k")
    )
}

/// SQL: with what it is read. Who wrote is looked up in groups alone.
pub(in crate::tables) const JOINS: &str = "LEFT JOIN message m ON m.id = c.last_message_id \
     LEFT JOIN address a ON a.id = CASE WHEN c.kind = 'group' THEN m.sender_id END \
     LEFT JOIN contact k ON k.device_id = c.device_id AND k.address = a.value";

impl LastMessage {
    /// Reads [`columns`]; `None` = the chat has no message.
    pub(in crate::tables) fn read(read: &mut Columns<'_, '_>) -> rusqlite::Result<Option<Self>> {
        let Some(id) = read.take_as(MessageId)? else {
            return Ok(None);
        };
        let from_me = read.take()?;
        let deleted = read.take::<Option<i64>>()?.is_some();
        let kept = Kept {
            kind: read.take()?,
            text: read.take()?,
            data: read.take()?,
            raw_kind: read.take()?,
            media: None,
        };
        Ok(Some(Self {
            id,
            from_me,
            content: if deleted {
                Content::Deleted
            } else {
                kept.into_content()
            },
            status: read.take_as(DeliveryStatus::from_rank)?.flatten(),
            failure: super::failure(read)?,
            writer: Writer::read(read)?,
            outgoing: read
                .take_as(|word: String| OutboxState::from_word(&word))?
                .flatten(),
        }))
    }
}
