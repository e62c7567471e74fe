//! What we do to messages that were sent: rows of their own, absolute, the newest of a kind taking the place of the others. One that
//! is under way cannot be called back: if it comes back undone, it gives way then ([`super::row::step`]).
//!
//! A message that has not begun to leave is deleted without ever leaving: its send is let go of, and nothing is asked of the gateway.

use mostrador_domain::{
    FailureCode, MessageAction, MessageId, OutboxEvent, OutboxId, OutboxState, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::dependent::discard_with;
use super::new_message::Row;
use super::row::{OutboxRow, send_of, step};
use crate::quiet::quiet_debug;
use crate::tables::change::{self, Done};
use crate::tables::message::columns::{Columns, json};
use crate::{StoreError, StoreErrorKind, Writing};

/// Something to be done to a message.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAction {
    /// Which.
    pub message: MessageId,
    /// Chosen by whoever asks: asking twice is doing it once.
    pub client_id: String,
    /// What.
    pub action: MessageAction,
}

/// Something that is still to be done to a message, or could not be: shown over what the message is.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingAction {
    /// Its row, for [`super::operator_says_of_action`].
    pub id: OutboxId,
    /// Where it is.
    pub state: OutboxState,
    /// Why it could not be done.
    pub failure: Option<FailureCode>,
    /// What.
    pub action: MessageAction,
}

quiet_debug!(
    NewAction { message, action },
    PendingAction {
        id,
        state,
        failure,
        action
    },
);

/// Stores something that is to be done to a message. Of a message that is on its way it is done once that has gone; one that has not
/// begun to leave is deleted at once, and never leaves.
///
/// # Errors
/// [`StoreErrorKind::NotFound`] for an unknown message; [`StoreErrorKind::StateChanged`] if the `client_id` is taken, or the
/// message was deleted, discarded or has failed, or it is not ours and only ours can be changed so.
pub fn act(writing: &mut Writing<'_>, new: &NewAction, now: UnixMillis) -> Result<OutboxId, StoreError> {
    if let Some(known) = known(writing, new)? {
        return Ok(known);
    }
    let (chat, device, from_me, deleted) = writing
        .prepare_cached(
            "SELECT m.chat_id, c.device_id, m.from_me, m.deleted_at IS NOT NULL
               FROM message m JOIN chat c ON c.id = m.chat_id WHERE m.id = ?1",
        )?
        .query_row([new.message.0], |row| {
            let place = (
                mostrador_domain::ChatId(row.get(0)?),
                mostrador_domain::DeviceId(row.get(1)?),
            );
            Ok((place.0, place.1, row.get::<_, bool>(2)?, row.get::<_, bool>(3)?))
        })?;
    let only_ours = matches!(new.action, MessageAction::Edit(_) | MessageAction::Delete);
    if deleted || (only_ours && !from_me) {
        return Err(StoreError::state_changed());
    }
    let basis = basis(writing, new.message)?;
    supersede(writing, new)?;
    let unsent = match basis.filter(|_| new.action == MessageAction::Delete) {
        Some(send) if never_left(writing, send)? => Some(send),
        _ => None,
    };
    if let Some(send) = unsent {
        discard_with(writing, send, OutboxEvent::DiscardAsked)?;
    }
    let row = Row {
        depends_on: basis.map(|basis| basis.0),
        payload: json(&new.action),
        ..Row::new(new.action.kind(), &new.client_id)
    };
    let id = OutboxId(row.add(writing, (new.message, chat, device), now)?);
    if unsent.is_some() {
        // It stays as a word that was given: asked for again it is the same one.
        step(writing, id, OutboxEvent::Superseded)?;
        change::to(writing, (new.message, chat), None, now, &Done::Deleted)?;
    }
    writing.touch(crate::Change::Messages(chat));
    Ok(id)
}

/// Does a send wait of which no attempt may have had an effect?
fn never_left(connection: &Connection, send: OutboxId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox
                WHERE id = ?1 AND kind = 'send' AND state = 'ready' AND attempts = 0 AND looks = 0)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([send.0], |row| row.get(0))?)
}

fn known(writing: &Writing<'_>, new: &NewAction) -> Result<Option<OutboxId>, StoreError> {
    let sql = "SELECT id, message_id IS ?2 AND kind = ?3 FROM outbox WHERE client_id = ?1";
    let found: Option<(i64, bool)> = writing
        .prepare_cached(sql)?
        .query_row(
            params![new.client_id, new.message.0, new.action.kind().as_str()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match found {
        Some((id, true)) => Ok(Some(OutboxId(id))),
        Some(_) => Err(StoreError::state_changed()),
        None => Ok(None),
    }
}

/// The send on which an action depends, if the message was written here.
fn basis(writing: &Writing<'_>, message: MessageId) -> Result<Option<OutboxId>, StoreError> {
    match send_of(writing, message) {
        Ok(row) if matches!(row.state, OutboxState::Dead | OutboxState::Discarded) => {
            Err(StoreError::state_changed())
        }
        Ok(row) => Ok(Some(row.id)),
        Err(error) if error.kind == StoreErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What was asked of the same kind before and is not under way does not need to be done any more.
fn supersede(writing: &mut Writing<'_>, new: &NewAction) -> Result<(), StoreError> {
    let earlier: Vec<OutboxId> = {
        let mut statement = writing.prepare_cached(
            "SELECT id FROM outbox WHERE message_id = ?1 AND kind = ?2 AND state IN ('ready', 'dead')",
        )?;
        let rows = statement.query_map(params![new.message.0, new.action.kind().as_str()], |row| {
            Ok(OutboxId(row.get(0)?))
        })?;
        rows.collect::<Result<_, _>>()?
    };
    for id in earlier {
        step(writing, id, OutboxEvent::Superseded)?;
    }
    Ok(())
}

/// The gateway did it: the message is so from now on.
///
/// # Errors
/// [`StoreErrorKind::StateChanged`].
pub fn acted(writing: &mut Writing<'_>, id: OutboxId, now: UnixMillis) -> Result<(), StoreError> {
    let sql = "SELECT payload FROM outbox WHERE id = ?1 AND kind NOT IN ('send', 'upload')";
    let payload: Option<String> = writing
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))
        .optional()?
        .flatten();
    let action: MessageAction =
        super::payload::read(payload.as_deref()).ok_or_else(StoreError::state_changed)?;
    let row = step(writing, id, OutboxEvent::Accepted)?;
    match row.message {
        Some(message) => show(writing, &row, message, &action, now),
        None => Ok(()),
    }
}

fn show(
    writing: &mut Writing<'_>,
    row: &OutboxRow,
    message: MessageId,
    action: &MessageAction,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let done = match action {
        MessageAction::Edit(words) => Done::Edited(Columns::words("text", words)),
        MessageAction::Delete => Done::Deleted,
        MessageAction::React(emoji) => Done::Reaction(emoji.as_deref()),
        MessageAction::Star(on) => Done::Starred(*on),
        MessageAction::Pin(days) => Done::Pinned(days.is_some()),
    };
    change::to(writing, (message, row.chat), None, now, &done)
}

/// The actions of a JSON list of `[id, state, failure, payload]`, in the order in which they were asked for.
pub(in crate::tables) fn pending(list: &str) -> Vec<PendingAction> {
    let told: Vec<(i64, String, Option<String>, Value)> = serde_json::from_str(list).unwrap_or_default();
    let read = told.into_iter().filter_map(|(id, state, failure, payload)| {
        Some(PendingAction {
            id: OutboxId(id),
            state: OutboxState::from_word(&state)?,
            failure: failure.as_deref().and_then(FailureCode::from_word),
            action: serde_json::from_value(payload).ok()?,
        })
    });
    let mut pending: Vec<PendingAction> = read.collect();
    pending.sort_by_key(|action| action.id);
    pending
}

/// SQL: what is still to be done to the message `m`, for [`pending`].
pub(in crate::tables) const PENDING: &str = "(SELECT json_group_array(json_array(p.id, p.state, p.failure, json(p.payload))) FROM outbox p
     WHERE p.message_id = m.id AND p.kind NOT IN ('send', 'upload') AND p.state IN ('ready', 'in_flight', 'dead'))";
