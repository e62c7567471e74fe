//! The undo window: for a few seconds after "send" nothing leaves, and the message can become a draft again. So can one that waits for
//! its gateway, however often it was tried, and one that failed, before the gateway took it or after: to be corrected and sent anew.
//!
//! Whoever is first wins by compare-and-set: a row that is claimed is no draft any more. One that is ready again after an attempt can be
//! one: that attempt certainly had no effect, was proven absent, or a person said that it did not go. Where the proof or the person was
//! wrong, its echo comes later than the row went, and is shown as a message of its own, as after every other way to let go of it.

use mostrador_domain::{
    ChatId, DeviceId, FailureCode, MessageId, OutboxEvent, OutboxId, OutboxState, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::dependent::{die_with, discard_with, upload_of};
use super::given_up;
use super::row::{OutboxRow, send_of, set_failure, step, told};
use crate::quiet::quiet_debug;
use crate::tables::chat::{self, Draft};
use crate::tables::message::{self, Content};
use crate::{Change, StoreError, StoreErrorKind, Writing};

/// A message that was undone.
#[derive(Clone, PartialEq)]
pub struct TakenBack {
    /// Where it was.
    pub chat: ChatId,
    /// What it was. Words, file and answered message are in the chat's draft; the rest is only here.
    pub content: Content,
}

quiet_debug!(TakenBack { chat, content });

/// Takes back a message that waits or has failed: it is removed, and what it was goes into the chat's draft, before what the operator has
/// begun to write meanwhile.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] if there is no such message, as of one that was undone before;
/// [`crate::StoreErrorKind::StateChanged`] if it neither waits nor failed: it is claimed, or went, has arrived after all, or was never to
/// leave from here.
pub fn take_back(writing: &mut Writing<'_>, message: MessageId) -> Result<TakenBack, StoreError> {
    let undone = message::get(writing, message)?;
    let row = match send_of(writing, message) {
        Err(error) if error.kind == StoreErrorKind::NotFound => return Err(StoreError::state_changed()),
        found => found?,
    };
    if row.state == OutboxState::Done {
        given_up::let_go(writing, &row)?;
    } else {
        // Of what is left, only Ready and Dead take this event.
        discard_with(writing, row.id, OutboxEvent::TakenBack)?;
    }
    let file = match &undone.content {
        Content::Media {
            media: Some(file), ..
        } => Some(file.id),
        _ => None,
    };
    let words = match &undone.content {
        Content::Text(text) | Content::LinkPreview { text, .. } => Some(text.clone()),
        Content::Media { caption, .. } => caption.clone(),
        _ => None,
    };
    let begun = chat::draft(writing, row.chat)?;
    let draft = Draft {
        text: both(words, begun.text),
        media: begun.media.or(file),
        quoted: begun.quoted.or(undone
            .quoted
            .and_then(|quoted| quoted.message)
            .map(|message| message.id)),
    };
    chat::set_draft(writing, row.chat, &draft)?;
    writing
        .prepare_cached("DELETE FROM message WHERE id = ?1")?
        .execute([message.0])?;
    told(writing, &row);
    chat::settle_newest(writing, row.chat)?;
    Ok(TakenBack {
        chat: row.chat,
        content: undone.content,
    })
}

/// What is left of a send whose message is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tables) enum Left {
    /// It waited, and was let go of.
    LetGo,
    /// It is under way, or looked for.
    UnderWay,
    /// The gateway took it.
    Sent,
    /// There is no row of it.
    Nothing,
}

/// Lets go of the send of this client id if it waits without a message, and says what is left of it.
pub(in crate::tables) fn without_message(
    writing: &mut Writing<'_>,
    client_id: &str,
) -> Result<Left, StoreError> {
    let sql = "SELECT id, state FROM outbox WHERE client_id = ?1 AND kind = 'send'";
    let found = writing
        .prepare_cached(sql)?
        .query_row([client_id], |row| {
            Ok((OutboxId(row.get(0)?), row.get::<_, String>(1)?))
        })
        .optional()?;
    let Some((id, state)) = found else {
        return Ok(Left::Nothing);
    };
    Ok(match OutboxState::from_word(&state) {
        Some(OutboxState::Ready | OutboxState::Dead) => {
            discard_with(writing, id, OutboxEvent::DiscardAsked)?;
            Left::LetGo
        }
        Some(OutboxState::InFlight | OutboxState::Uncertain) => Left::UnderWay,
        Some(OutboxState::Done) => Left::Sent,
        Some(OutboxState::Discarded) | None => Left::Nothing,
    })
}

/// Is the send of this client id ready, so that it was certainly not made?
pub(in crate::tables) fn can_be_withdrawn(
    connection: &Connection,
    client_id: &str,
) -> Result<bool, StoreError> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE client_id = ?1 AND kind = 'send' AND state = 'ready')";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([client_id], |row| row.get(0))?)
}

/// How often the send of this client id was tried; 0 if there is none.
pub(in crate::tables) fn attempts_of(connection: &Connection, client_id: &str) -> Result<u32, StoreError> {
    let sql = "SELECT attempts FROM outbox WHERE client_id = ?1 AND kind = 'send'";
    let attempts = connection
        .prepare_cached(sql)?
        .query_row([client_id], |row| row.get(0));
    Ok(attempts.optional()?.unwrap_or_default())
}

/// So often the send of this client id was tried before it was written anew.
pub(in crate::tables) fn count_on(
    writing: &Writing<'_>,
    client_id: &str,
    attempts: u32,
) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET attempts = ?2 WHERE client_id = ?1 AND kind = 'send' AND state = 'ready'";
    writing
        .prepare_cached(sql)?
        .execute(params![client_id, attempts])?;
    Ok(())
}

/// Takes a ready send out of the outbox with its message, whoever wrote it: it becomes no draft.
pub(in crate::tables) fn withdraw(writing: &mut Writing<'_>, client_id: &str) -> Result<(), StoreError> {
    let id = ready(writing, client_id)?;
    let row = discard_with(writing, id, OutboxEvent::TakenBack)?;
    if let Some(message) = row.message {
        writing
            .prepare_cached("DELETE FROM message WHERE id = ?1")?
            .execute([message.0])?;
        chat::settle_newest(writing, row.chat)?;
    }
    writing.touch(Change::Messages(row.chat));
    Ok(())
}

/// A person had the send of this client id tried again, and it may not leave now: it is dead again, for the reason that it had, with its
/// upload and what builds on it. It must be ready.
pub(in crate::tables) fn stop(
    writing: &mut Writing<'_>,
    client_id: &str,
    had: FailureCode,
) -> Result<(), StoreError> {
    let id = ready(writing, client_id)?;
    stop_row(writing, id, had)
}

/// A row that is ready is dead, for this reason, with its upload and what builds on it.
pub(super) fn stop_row(writing: &mut Writing<'_>, id: OutboxId, why: FailureCode) -> Result<(), StoreError> {
    let row = dead_again(writing, id, why)?;
    die_with(writing, row.id, why)?;
    match upload_of(writing, &row)? {
        Some(upload) if upload.state == OutboxState::Ready => dead_again(writing, upload.id, why).map(drop),
        _ => Ok(()),
    }
}

fn dead_again(writing: &mut Writing<'_>, id: OutboxId, had: FailureCode) -> Result<OutboxRow, StoreError> {
    let row = step(writing, id, OutboxEvent::Stopped)?;
    set_failure(writing, id, had)?;
    Ok(row)
}

/// The send of this client id, which is ready.
fn ready(connection: &Connection, client_id: &str) -> Result<OutboxId, StoreError> {
    let sql = "SELECT id FROM outbox WHERE client_id = ?1 AND kind = 'send' AND state = 'ready'";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([client_id], |row| Ok(OutboxId(row.get(0)?)))?)
}

fn both(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}\n{second}")),
        (first, second) => first.or(second),
    }
}

/// A message that can still be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub message: MessageId,
    /// Where.
    pub chat: ChatId,
    /// Until when.
    pub until: UnixMillis,
}

/// The messages of a device that are held at `now`, in their turn.
///
/// # Errors
/// The file's.
pub fn held(connection: &Connection, device: DeviceId, now: UnixMillis) -> Result<Vec<Held>, StoreError> {
    let mut statement = connection.prepare_cached(HELD)?;
    let rows = statement.query_map(params![device.0, now.0], |row| {
        Ok(Held {
            message: MessageId(row.get(0)?),
            chat: ChatId(row.get(1)?),
            until: UnixMillis(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: what is held.
pub(in crate::tables) const HELD: &str = "SELECT message_id, chat_id, not_before FROM outbox
     WHERE device_id = ?1 AND state = 'ready' AND not_before > ?2 AND attempts = 0 AND message_id IS NOT NULL ORDER BY place";
