//! The outbox: every message that we mean to send, stored before anything is sent.
//!
//! The states and their table are in [`mostrador_domain::outbox`]; here each transition is one compare-and-set. A writer
//! that finds another state than it expected gets [`crate::StoreErrorKind::StateChanged`] and has to let go.
//!
//! Order is kept per chat: a row is claimed only when nothing older of its chat is still to be settled. An uncertain row
//! holds the later ones back while it is being looked for, and no longer once it is with the operator. What the operator
//! sends again gets a new turn, after everything that waits.

use std::collections::BTreeSet;

use mostrador_domain::{
    ChatId, DeliveryStatus, DeviceId, FailureCode, MediaId, MessageId, OutboxEvent, OutboxId, OutboxState,
    UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::{chat, media};
use crate::{Change, StoreError, Writing};

mod echo;
mod operator;
mod row;
mod uncertain;

pub(crate) use echo::may_be_echo;
pub use echo::{adopt_echoes, has_look_alike};
pub use operator::{OperatorWord, operator_says};
use row::{OutboxRow, ids, set_failure, step};
pub use uncertain::{Uncertain, hand_to_operator, is_known_there, looked, proven_absent, to_look_for};

/// SQL: the turn after everybody's.
const NEXT_PLACE: &str = "(SELECT coalesce(max(place), 0) + 1 FROM outbox)";

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Where to.
    pub chat: ChatId,
    /// Chosen by whoever asks: asking twice is sending once.
    pub client_id: String,
    /// The text, or the words under the picture.
    pub text: Option<String>,
    /// The picture.
    pub media: Option<MediaId>,
}

/// Stores a message that is to be sent. The same `client_id` again gives the message that is there already.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] for an unknown chat; [`crate::StoreErrorKind::StateChanged`] if the `client_id`
/// belongs to another chat or to a message that was discarded.
pub fn enqueue(
    writing: &mut Writing<'_>,
    new: &NewMessage,
    now: UnixMillis,
) -> Result<MessageId, StoreError> {
    let sql = "SELECT message_id, chat_id FROM outbox WHERE client_id = ?1";
    let known: Option<(Option<i64>, i64)> = writing
        .prepare_cached(sql)?
        .query_row([&new.client_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match known {
        Some((Some(message), chat)) if chat == new.chat.0 => return Ok(MessageId(message)),
        Some(_) => return Err(StoreError::state_changed()),
        None => {}
    }
    let device: i64 = writing
        .prepare_cached("SELECT device_id FROM chat WHERE id = ?1")?
        .query_row([new.chat.0], |row| row.get(0))?;
    let media = match new.media {
        Some(chosen) => Some(media::to_send(writing, chosen, DeviceId(device))?),
        None => None,
    };
    let kind = if media.is_some() { "image" } else { "text" };
    writing
        .prepare_cached(
            "INSERT INTO message (chat_id, from_me, at, kind, text, media_id, status) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            new.chat.0,
            now.0,
            kind,
            new.text,
            media.map(|media| media.0),
            DeliveryStatus::Queued.rank()
        ])?;
    let message = MessageId(writing.last_insert_rowid());
    let sql = format!(
        "INSERT INTO outbox (message_id, chat_id, device_id, client_id, state, next_at, place, created_at)
         VALUES (?1, ?2, ?3, ?4, 'ready', ?5, {NEXT_PLACE}, ?5)"
    );
    writing
        .prepare_cached(&sql)?
        .execute(params![message.0, new.chat.0, device, new.client_id, now.0])?;
    chat::moved_up(writing, new.chat, message, now)?;
    writing.touch(Change::Messages(new.chat));
    writing.touch(Change::Outbox(DeviceId(device)));
    Ok(message)
}

/// A row that was claimed: what to send, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The row.
    pub id: OutboxId,
    /// The message.
    pub message: MessageId,
    /// The chat.
    pub chat: ChatId,
    /// Its address.
    pub address: mostrador_domain::Address,
    /// The id that we chose.
    pub client_id: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// The text, or the words under the picture.
    pub text: Option<String>,
    /// The picture.
    pub media: Option<MediaId>,
}

/// SQL: the row `o` is free to be sent. Nothing else of its chat is being sent or looked for, and nothing before it waits.
const UNBLOCKED: &str = "NOT EXISTS (SELECT 1 FROM outbox e
      WHERE e.chat_id = o.chat_id AND e.state IN ('ready', 'in_flight', 'uncertain') AND e.id <> o.id
        AND (e.state = 'in_flight' OR (e.state = 'uncertain' AND e.needs_operator = 0)
             OR (e.state = 'ready' AND e.place < o.place)))";

/// SQL: the next row of a device whose time has come.
pub(super) fn next_query() -> String {
    format!(
        "SELECT o.id, o.message_id, o.chat_id, c.address, o.client_id, o.attempts, m.text, m.media_id
           FROM outbox o JOIN message m ON m.id = o.message_id JOIN chat c ON c.id = o.chat_id
          WHERE o.device_id = ?1 AND o.state = 'ready' AND o.next_at <= ?2 AND {UNBLOCKED} ORDER BY o.place LIMIT 1"
    )
}

/// SQL: when the next row of a device has its time.
pub(super) fn next_due_query() -> String {
    format!(
        "SELECT min(o.next_at) FROM outbox o WHERE o.device_id = ?1 AND o.state = 'ready' AND {UNBLOCKED}"
    )
}

/// Claims the next row whose time has come: Ready → InFlight, the attempt counted.
///
/// # Errors
/// The file's.
pub fn claim(
    writing: &mut Writing<'_>,
    device: DeviceId,
    now: UnixMillis,
) -> Result<Option<Claimed>, StoreError> {
    let next = writing
        .prepare_cached(&next_query())?
        .query_row(params![device.0, now.0], |row| {
            Ok(Claimed {
                id: OutboxId(row.get(0)?),
                message: MessageId(row.get(1)?),
                chat: ChatId(row.get(2)?),
                address: mostrador_domain::Address::parse(&row.get::<_, String>(3)?),
                client_id: row.get(4)?,
                attempt: row.get::<_, u32>(5)?.saturating_add(1),
                text: row.get(6)?,
                media: row.get::<_, Option<i64>>(7)?.map(MediaId),
            })
        });
    let Some(claimed) = next.optional()? else {
        return Ok(None);
    };
    step(writing, claimed.id, OutboxEvent::Claimed)?;
    writing
        .prepare_cached(
            "UPDATE outbox SET attempts = ?2, claimed_at = ?3, looks = 0, looked_at = NULL WHERE id = ?1",
        )?
        .execute(params![claimed.id.0, claimed.attempt, now.0])?;
    Ok(Some(claimed))
}

/// When the next row of this device will have its time: for a sleep that is no longer than needed.
///
/// # Errors
/// The file's.
pub fn next_due(connection: &Connection, device: DeviceId) -> Result<Option<UnixMillis>, StoreError> {
    let due: Option<i64> = connection
        .prepare_cached(&next_due_query())?
        .query_row([device.0], |row| row.get(0))?;
    Ok(due.map(UnixMillis))
}

/// The gateway accepted it.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn accepted(
    writing: &mut Writing<'_>,
    id: OutboxId,
    gateway_id: &str,
    status: DeliveryStatus,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row = step(writing, id, OutboxEvent::Accepted)?;
    echo::settle_sent(writing, &row, gateway_id, status, now)?;
    free_echoes(writing, &row, now)
}

/// It was certainly not sent: again at `next_at`.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn not_sent(writing: &mut Writing<'_>, id: OutboxId, next_at: UnixMillis) -> Result<(), StoreError> {
    let row = step(writing, id, OutboxEvent::NotSent)?;
    writing
        .prepare_cached("UPDATE outbox SET next_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, next_at.0])?;
    free_echoes(writing, &row, next_at)
}

/// It was certainly not sent, for a reason that is not its own (the link is lost, the number restricted): it waits with its
/// attempt given back.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn held_back(writing: &mut Writing<'_>, id: OutboxId, next_at: UnixMillis) -> Result<(), StoreError> {
    not_sent(writing, id, next_at)?;
    writing
        .prepare_cached("UPDATE outbox SET attempts = max(attempts - 1, 0) WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// It cannot be sent.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn dead(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
    failure: FailureCode,
) -> Result<(), StoreError> {
    let row = step(writing, id, event)?;
    set_failure(writing, id, failure)?;
    free_echoes(writing, &row, UnixMillis(i64::MAX))
}

/// It is known now what became of a message that was in flight: echoes that could have been its own are free for others.
/// `latest`: no time of sending is later.
fn free_echoes(writing: &mut Writing<'_>, row: &OutboxRow, latest: UnixMillis) -> Result<(), StoreError> {
    adopt_echoes(writing, row.chat, latest)?;
    Ok(())
}

/// No answer came: it may have been sent. If its echo is here already, that settles it.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn no_answer(writing: &mut Writing<'_>, id: OutboxId, now: UnixMillis) -> Result<(), StoreError> {
    let row = step(writing, id, OutboxEvent::NoAnswer)?;
    set_failure(writing, id, FailureCode::NoAnswer)?;
    adopt_echoes(writing, row.chat, now)?;
    Ok(())
}

/// At the start of a device's session: what was in flight when the last one ended (or the program died) is Uncertain.
///
/// # Errors
/// The file's.
pub fn after_restart(
    writing: &mut Writing<'_>,
    device: DeviceId,
    now: UnixMillis,
) -> Result<u32, StoreError> {
    let in_flight = ids(
        writing,
        "SELECT id FROM outbox WHERE device_id = ?1 AND state = 'in_flight' ORDER BY place",
        device.0,
    )?;
    let mut chats = BTreeSet::new();
    for id in &in_flight {
        chats.insert(step(writing, *id, OutboxEvent::ProgramRestarted)?.chat);
        set_failure(writing, *id, FailureCode::NoAnswer)?;
    }
    for chat in chats {
        adopt_echoes(writing, chat, now)?;
    }
    Ok(u32::try_from(in_flight.len()).unwrap_or(u32::MAX))
}

/// How many rows are in each state that is not final: for tests and the state of the program.
///
/// # Errors
/// The file's.
pub fn open_count(connection: &Connection, state: OutboxState) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE state = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([state.as_str()], |row| row.get(0))?)
}
