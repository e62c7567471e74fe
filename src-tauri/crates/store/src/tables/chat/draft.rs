//! What the operator was writing in a chat, with the file and the message that it answers.

use mostrador_domain::{ChatId, MediaId, MessageId};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::{Change, StoreError, Writing};

/// A message that is not to be sent yet.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its words; never blank.
    pub text: Option<String>,
    /// Its file.
    pub media: Option<MediaId>,
    /// What it answers.
    pub quoted: Option<MessageId>,
}

quiet_debug!(Draft { media, quoted });

impl Draft {
    /// Reads the columns `draft`, `draft_media_id`, `draft_quoted_id`.
    pub(super) fn read(read: &mut Columns<'_, '_>) -> rusqlite::Result<Self> {
        Ok(Self {
            text: read.take()?,
            media: read.take_as(MediaId)?,
            quoted: read.take_as(MessageId)?,
        })
    }

    /// One of words alone.
    pub fn of(words: impl Into<String>) -> Self {
        Self {
            text: Some(words.into()),
            ..Self::default()
        }
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The draft of a chat.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn draft(connection: &Connection, id: ChatId) -> Result<Draft, StoreError> {
    let sql = "SELECT draft, draft_media_id, draft_quoted_id FROM chat WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| Draft::read(&mut Columns::from(row, 0)))?)
}

/// Keeps a draft with all that belongs to it; blank words are none, nor is a file that is not here any more, or a message that is not in
/// this chat.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn set_draft(writing: &mut Writing<'_>, id: ChatId, draft: &Draft) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET draft = ?2,
                draft_media_id = (SELECT d.id FROM media d WHERE d.id = ?3),
                draft_quoted_id = (SELECT m.id FROM message m WHERE m.id = ?4 AND m.chat_id = ?1)
         WHERE id = ?1";
    let kept = writing.prepare_cached(sql)?.execute(params![
        id.0,
        draft.text.as_deref().filter(|text| !text.trim().is_empty()),
        draft.media.map(|media| media.0),
        draft.quoted.map(|quoted| quoted.0)
    ])?;
    if kept == 0 {
        return Err(StoreError::not_found());
    }
    writing.touch(Change::Chat(id));
    Ok(())
}
