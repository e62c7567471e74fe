//! What came of a row that was claimed.

use std::collections::BTreeSet;

use mostrador_domain::{
    DeliveryStatus, DeviceId, FailureCode, OutboxEvent, OutboxId, OutboxKind, OutboxState, UnixMillis,
};
use rusqlite::params;

use super::dependent::die_with;
use super::earlier_number::came_out;
use super::payload::Uploaded;
use super::row::{OutboxRow, get, ids, set_failure, step};
use super::{adopt_echoes, echo};
use crate::tables::campaign::follow;
use crate::tables::chat;
use crate::tables::message::columns::json;
use crate::{Change, StoreError, Writing};

/// Gateways tell times in whole seconds: so many milliseconds.
const TOLD_IN: i64 = 1_000;

/// The gateway accepted a send.
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
    if get(writing, id)?.kind != OutboxKind::Send {
        return Err(StoreError::state_changed());
    }
    let row = step(writing, id, OutboxEvent::Accepted)?;
    echo::settle_sent(writing, &row, gateway_id, status, now)?;
    free_echoes(writing, &row, now)
}

/// The gateway took a message at `at`, by its clock: it was written before that. One that bears a later time does so by a clock of ours
/// that is ahead; it would stand below what is answered to it. It does not move above what was here when it was written.
///
/// # Errors
/// The file's.
pub fn taken_at(writing: &mut Writing<'_>, id: OutboxId, at: UnixMillis) -> Result<(), StoreError> {
    let row = get(writing, id)?;
    let sql = "UPDATE message SET at = max(?2, coalesce((SELECT b.at FROM message b
                      WHERE b.chat_id = message.chat_id AND b.at <= message.at AND b.id < message.id ORDER BY b.at DESC LIMIT 1), ?2))
                WHERE id = ?1 AND at >= ?2 + ?3";
    let message = row.message.map(|message| message.0);
    if writing
        .prepare_cached(sql)?
        .execute(params![message, at.0, TOLD_IN])?
        > 0
    {
        writing.touch(Change::Messages(row.chat));
        chat::settle_newest(writing, row.chat)?;
    }
    Ok(())
}

/// The file lies at the gateway under `reference`: what depends on it may go.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn uploaded(writing: &mut Writing<'_>, id: OutboxId, reference: &str) -> Result<(), StoreError> {
    if get(writing, id)?.kind != OutboxKind::Upload {
        return Err(StoreError::state_changed());
    }
    step(writing, id, OutboxEvent::Accepted)?;
    let payload = json(&Uploaded {
        reference: reference.to_owned(),
    });
    writing
        .prepare_cached("UPDATE outbox SET payload = ?2 WHERE id = ?1")?
        .execute(params![id.0, payload])?;
    Ok(())
}

/// It was certainly not done: again at `next_at`.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn not_sent(writing: &mut Writing<'_>, id: OutboxId, next_at: UnixMillis) -> Result<(), StoreError> {
    let row = step(writing, id, OutboxEvent::NotSent)?;
    later(writing, id, next_at)?;
    free_echoes(writing, &row, next_at)?;
    // What came while it was in flight (a pause, a wish to get no more, a block, another number) counts now.
    if let Some(tried) = row.tried {
        follow::absent(writing, tried)?;
    }
    came_out(writing, &row)
}

fn later(writing: &Writing<'_>, id: OutboxId, next_at: UnixMillis) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE outbox SET next_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, next_at.0])?;
    Ok(())
}

/// It was certainly not done, for a reason that is not its own (the link is lost, the number restricted): it waits with its
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

/// It cannot be done, and so cannot what depends on it.
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
    die_with(writing, id, failure)?;
    free_echoes(writing, &row, UnixMillis(i64::MAX))
}

/// It is known now what became of a message that was in flight: echoes that could have been its own are free for others.
/// `latest`: no time of sending is later.
fn free_echoes(writing: &mut Writing<'_>, row: &OutboxRow, latest: UnixMillis) -> Result<(), StoreError> {
    if row.kind == OutboxKind::Send {
        adopt_echoes(writing, row.chat, latest)?;
    }
    Ok(())
}

/// No answer came. A send may have gone: it is Uncertain, and if its echo is here already, that settles it. Anything else is
/// done again at `again_at`.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`].
pub fn no_answer(
    writing: &mut Writing<'_>,
    id: OutboxId,
    now: UnixMillis,
    again_at: UnixMillis,
) -> Result<(), StoreError> {
    let row = step(writing, id, OutboxEvent::NoAnswer)?;
    if row.state == OutboxState::Uncertain {
        set_failure(writing, id, FailureCode::NoAnswer)?;
        adopt_echoes(writing, row.chat, now)?;
    } else {
        later(writing, id, again_at)?;
    }
    came_out(writing, &row)
}

/// At the start of a device's session: what was in flight when the last one ended (or the program died) is Uncertain if it
/// was a send, else ready again. Gives how many there were.
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
    let (mut chats, mut rows) = (BTreeSet::new(), Vec::new());
    for id in &in_flight {
        let row = step(writing, *id, OutboxEvent::ProgramRestarted)?;
        if row.state == OutboxState::Uncertain {
            set_failure(writing, *id, FailureCode::NoAnswer)?;
            chats.insert(row.chat);
        }
        rows.push(row);
    }
    for chat in chats {
        adopt_echoes(writing, chat, now)?;
    }
    for row in rows {
        came_out(writing, &row)?;
    }
    Ok(u32::try_from(in_flight.len()).unwrap_or(u32::MAX))
}
