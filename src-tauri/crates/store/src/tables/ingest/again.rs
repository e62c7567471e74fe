//! A message that is told again.

use mostrador_domain::{ChatId, InboundMessage, MediaId, MessageBody, MessageId};
use rusqlite::params;

use super::message::{Batch, asks, marks};
use crate::tables::change::{self, Done};
use crate::tables::message::columns::Columns;
use crate::tables::{chat, media, receipt};
use crate::{Change, StoreError, Writing};

impl Batch {
    /// A message that is known: how far it has come may be news, since when it has is not told; so may be what was done to it,
    /// where its file can be fetched now, and what it is, if nobody here knew its kind when it came.
    pub(super) fn told_again(
        &mut self,
        writing: &mut Writing<'_>,
        (known, chat_id): (MessageId, ChatId),
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        self.words.index(writing)?;
        if let (Some(status), true) = (message.status, message.from_me) {
            receipt::raise_untimed(writing, known, chat_id, status)?;
        }
        if let MessageBody::Media(told) = &message.body
            && let Some(file) = file_of(writing, known)?
        {
            self.done.new_media |= media::told_again(writing, file, &told.file)?;
        }
        self.now_understood(writing, (known, chat_id), message)?;
        if let Some(edited) = message.context.edited_at {
            let said = Done::Edited(Columns::of(&message.body));
            change::to(writing, (known, chat_id), None, edited, &said)?;
        }
        marks(writing, (known, chat_id), message)
    }

    /// A message that came when its kind was not known yet gets its content now.
    fn now_understood(
        &mut self,
        writing: &mut Writing<'_>,
        (known, chat_id): (MessageId, ChatId),
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        if matches!(message.body, MessageBody::Unknown { .. }) || !is_unknown(writing, known)? {
            return Ok(());
        }
        let row = Columns::of(&message.body);
        let media = self.announced(writing, &message.body)?;
        writing
            .prepare_cached(
                "UPDATE message SET kind = ?2, text = ?3, data = ?4, media_id = ?5, raw_kind = NULL, raw = ?6
                  WHERE id = ?1 AND kind = 'unknown' AND deleted_at IS NULL",
            )?
            .execute(params![
                known.0,
                row.kind,
                row.text,
                row.data,
                media.map(|media| media.0),
                row.raw
            ])?;
        chat::settle_waiting(writing, chat_id)?;
        writing.touch(Change::Messages(chat_id));
        writing.touch(Change::Chat(chat_id));
        Ok(())
    }
}

fn file_of(writing: &Writing<'_>, message: MessageId) -> Result<Option<MediaId>, StoreError> {
    let sql = "SELECT media_id FROM message WHERE id = ?1";
    let file: Option<i64> = writing
        .prepare_cached(sql)?
        .query_row([message.0], |row| row.get(0))?;
    Ok(file.map(MediaId))
}

fn is_unknown(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    asks(writing, "kind = 'unknown' AND deleted_at IS NULL", message)
}
