//! One row of the outbox and its transitions: each a compare-and-set, told to whoever shows or sends it.

use mostrador_domain::{ChatId, DeviceId, FailureCode, MessageId, OutboxEvent, OutboxId, OutboxState};
use rusqlite::{Connection, params};

use crate::{Change, StoreError, Writing};

/// What a transition needs to know of its row.
pub(super) struct OutboxRow {
    pub(super) id: OutboxId,
    pub(super) message: MessageId,
    pub(super) chat: ChatId,
    pub(super) device: DeviceId,
    state: OutboxState,
}

/// The row; one that was discarded has no message any more and nothing can happen to it.
pub(super) fn get(connection: &Connection, id: OutboxId) -> Result<OutboxRow, StoreError> {
    let sql = "SELECT message_id, chat_id, device_id, state FROM outbox WHERE id = ?1";
    let (message, chat, device, state): (Option<i64>, i64, i64, String) =
        connection.prepare_cached(sql)?.query_row([id.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    Ok(OutboxRow {
        id,
        message: MessageId(message.ok_or_else(StoreError::state_changed)?),
        chat: ChatId(chat),
        device: DeviceId(device),
        state: OutboxState::from_word(&state).ok_or_else(StoreError::state_changed)?,
    })
}

/// One transition by compare-and-set.
pub(super) fn step(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
) -> Result<OutboxRow, StoreError> {
    let row = get(writing, id)?;
    let next = row.state.next(event).ok_or_else(StoreError::state_changed)?;
    let sql = "UPDATE outbox SET state = ?2 WHERE id = ?1 AND state = ?3";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, next.as_str(), row.state.as_str()])?
        == 0
    {
        return Err(StoreError::state_changed());
    }
    told(writing, &row);
    Ok(row)
}

pub(super) fn told(writing: &mut Writing<'_>, row: &OutboxRow) {
    writing.touch(Change::Messages(row.chat));
    writing.touch(Change::Chat(row.chat));
    writing.touch(Change::Outbox(row.device));
}

pub(super) fn set_failure(
    writing: &Writing<'_>,
    id: OutboxId,
    failure: FailureCode,
) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET failure = ?2 WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![id.0, failure.as_str()])?;
    Ok(())
}

/// Nothing is wrong with it any more, and nobody has to look at it.
pub(super) fn no_trouble(writing: &Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET failure = NULL, needs_operator = 0 WHERE id = ?1";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}

/// The rows that `sql` gives for `key`.
pub(super) fn ids(connection: &Connection, sql: &str, key: i64) -> Result<Vec<OutboxId>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([key], |row| Ok(OutboxId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
