//! One row of the outbox and its transitions: each a compare-and-set, told to whoever shows or sends it.

use mostrador_domain::{
    ChatId, DeviceId, FailureCode, MessageId, OutboxEvent, OutboxId, OutboxKind, OutboxState, UnixMillis,
};
use rusqlite::{Connection, params};

use crate::row::Columns;
use crate::tables::campaign::follow::{self, Try};
use crate::tables::chat;
use crate::{Change, StoreError, Writing};

/// What a transition needs to know of its row.
pub(super) struct OutboxRow {
    pub(super) id: OutboxId,
    pub(super) kind: OutboxKind,
    /// `None` = it was discarded, or the message is gone.
    pub(super) message: Option<MessageId>,
    pub(super) chat: ChatId,
    pub(super) device: DeviceId,
    pub(super) depends_on: Option<OutboxId>,
    pub(super) state: OutboxState,
    /// The recipient of a campaign whose message it sends.
    pub(super) tried: Option<Try>,
    /// It was to leave from a number that is linked no more.
    pub(super) of_earlier_number: bool,
}

const COLUMNS: &str = "id, kind, message_id, chat_id, device_id, depends_on, state, client_id,
    number_no <> (SELECT d.number_no FROM device d WHERE d.id = outbox.device_id)";

impl OutboxRow {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Self>> {
        let mut read = Columns::from(row, 0);
        let id = OutboxId(read.take()?);
        let kind = OutboxKind::from_word(&read.take::<String>()?);
        let (message, chat) = (read.take_as(MessageId)?, ChatId(read.take()?));
        let (device, depends_on) = (DeviceId(read.take()?), read.take_as(OutboxId)?);
        let state = OutboxState::from_word(&read.take::<String>()?);
        let tried = read.take_word(Try::of)?;
        let of_earlier_number = read.take()?;
        Ok(kind.zip(state).map(|(kind, state)| Self {
            id,
            kind,
            message,
            chat,
            device,
            depends_on,
            state,
            tried: tried.filter(|_| kind == OutboxKind::Send),
            of_earlier_number,
        }))
    }

    /// Its message.
    pub(super) fn message(&self) -> Result<MessageId, StoreError> {
        self.message.ok_or_else(StoreError::state_changed)
    }
}

/// The row.
pub(super) fn get(connection: &Connection, id: OutboxId) -> Result<OutboxRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1");
    let row = connection
        .prepare_cached(&sql)?
        .query_row([id.0], OutboxRow::read)?;
    row.ok_or_else(StoreError::state_changed)
}

/// The rows that depend on `id`, in their turn.
pub(super) fn dependents(connection: &Connection, id: OutboxId) -> Result<Vec<OutboxRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE depends_on = ?1 ORDER BY place");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([id.0], OutboxRow::read)?;
    let rows: Vec<Option<OutboxRow>> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

/// The row that sends a message.
pub(super) fn send_of(connection: &Connection, message: MessageId) -> Result<OutboxRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE message_id = ?1 AND kind = 'send'");
    let row = connection
        .prepare_cached(&sql)?
        .query_row([message.0], OutboxRow::read)?;
    row.ok_or_else(StoreError::state_changed)
}

/// One transition by compare-and-set. What would be ready again but has no message any more is discarded: there is nothing
/// left to do it to. So is an action that comes out of flight undone when a newer one of its kind was asked for meanwhile: done
/// again it would come after that one.
pub(super) fn step(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
) -> Result<OutboxRow, StoreError> {
    let mut row = get(writing, id)?;
    let next = row
        .kind
        .next(row.state, event)
        .ok_or_else(StoreError::state_changed)?;
    let out_of_flight = row.state == OutboxState::InFlight;
    let next = if next == OutboxState::Ready && row.message.is_none() {
        OutboxState::Discarded
    } else {
        next
    };
    let sql = "UPDATE outbox SET state = ?2 WHERE id = ?1 AND state = ?3";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, next.as_str(), row.state.as_str()])?
        == 0
    {
        return Err(StoreError::state_changed());
    }
    // What failed for good is no answer; tried again, it is one.
    let answers = [row.state, next].contains(&OutboxState::Dead) && row.kind == OutboxKind::Send;
    row.state = next;
    told(writing, &row);
    if answers {
        chat::settle_waiting(writing, row.chat)?;
    }
    if let Some(tried) = row.tried {
        follow::stepped(writing, tried, row.message, (event, next))?;
    }
    let undone = matches!(next, OutboxState::Ready | OutboxState::Dead);
    if out_of_flight && undone && has_newer(writing, &row)? {
        return step(writing, id, OutboxEvent::Superseded);
    }
    Ok(row)
}

/// Was the same kind of action asked for on its message later?
fn has_newer(connection: &Connection, row: &OutboxRow) -> Result<bool, StoreError> {
    if matches!(row.kind, OutboxKind::Send | OutboxKind::Upload) {
        return Ok(false);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE message_id = ?1 AND kind = ?2 AND id > ?3 AND state <> 'discarded')";
    let message = row.message.map(|message| message.0);
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![message, row.kind.as_str(), row.id.0], |found| {
            found.get(0)
        })?)
}

pub(super) fn told(writing: &mut Writing<'_>, row: &OutboxRow) {
    writing.touch(Change::Messages(row.chat));
    writing.touch(Change::Chat(row.chat));
    writing.touch(Change::Outbox(row.device));
}

/// Stores why it is dead or uncertain.
pub(super) fn set_failure(
    writing: &mut Writing<'_>,
    id: OutboxId,
    failure: FailureCode,
) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET failure = ?2 WHERE id = ?1 RETURNING coalesce(claimed_at, created_at)";
    let tried_at = writing
        .prepare_cached(sql)?
        .query_row(params![id.0, failure.as_str()], |row| Ok(UnixMillis(row.get(0)?)))?;
    let row = get(writing, id)?;
    match row.tried.filter(|_| row.state == OutboxState::Dead) {
        Some(tried) => follow::failed(writing, tried, row.message, (failure, tried_at)),
        None => Ok(()),
    }
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
