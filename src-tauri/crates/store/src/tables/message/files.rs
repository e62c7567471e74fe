//! The files of a conversation, newest first, apart from what was said between them.

use mostrador_domain::{ChatId, MessageId, UnixMillis};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::row::Columns as Reader;
use crate::tables::media::{self, COLUMNS as FILE, MediaRow};

/// Which files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// What is looked at: pictures and films.
    Pictures,
    /// Documents.
    Documents,
}

/// A file and the message that it came with.
#[derive(Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Of which message.
    pub message: MessageId,
    /// When.
    pub at: UnixMillis,
    /// Ours?
    pub from_me: bool,
    /// The file.
    pub media: MediaRow,
}

quiet_debug!(FileRow { message, at, media });

/// SQL: see [`files`].
pub(in crate::tables) fn page_query(which: Files) -> String {
    let kinds = match which {
        Files::Pictures => "'image', 'video', 'short_video', 'gif'",
        Files::Documents => "'document'",
    };
    format!(
        "SELECT m.id, m.at, m.from_me, {FILE} FROM message m INDEXED BY message_files CROSS JOIN media d ON d.id = m.media_id
          WHERE m.chat_id = ?1 AND m.media_id IS NOT NULL AND m.kind IN ({kinds}) AND (m.at, m.id) < (?2, ?3)
          ORDER BY m.at DESC, m.id DESC LIMIT ?4"
    )
}

/// Up to `limit` files of a chat that came before `before`, newest first.
///
/// # Errors
/// The file's.
pub fn files(
    connection: &Connection,
    chat: ChatId,
    which: Files,
    before: Option<(UnixMillis, MessageId)>,
    limit: u32,
) -> Result<Vec<FileRow>, StoreError> {
    let (at, id) = before.unwrap_or((UnixMillis(i64::MAX), MessageId(i64::MAX)));
    let mut statement = connection.prepare_cached(&page_query(which))?;
    let rows = statement.query_map(params![chat.0, at.0, id.0, limit], |row| {
        let mut read = Reader::from(row, 0);
        Ok(FileRow {
            message: MessageId(read.take()?),
            at: UnixMillis(read.take()?),
            from_me: read.take()?,
            media: media::read(&mut read)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
