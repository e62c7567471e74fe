//! Calls, as far as gateways tell of them. One that rings becomes missed, cancelled or answered, and never rings again.

use mostrador_domain::{Address, CallOutcome, CallUpdate, ChatId, DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::{address, chat};
use crate::{Change, StoreError, Writing};

/// A call.
#[derive(Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub device: DeviceId,
    /// Where.
    pub chat: ChatId,
    /// Who called.
    pub caller: Address,
    /// Their name.
    pub name: Option<String>,
    /// When it began.
    pub at: UnixMillis,
    /// How it went, so far.
    pub outcome: CallOutcome,
    /// With picture.
    pub video: bool,
    /// A person here has seen that it was missed.
    pub seen: bool,
}

quiet_debug!(CallRow {
    id,
    device,
    chat,
    at,
    outcome,
    video,
    seen
});

fn word(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Ringing => "ringing",
        CallOutcome::Missed => "missed",
        CallOutcome::Cancelled => "cancelled",
        CallOutcome::Answered => "answered",
    }
}

fn outcome(word: &str) -> CallOutcome {
    match word {
        "ringing" => CallOutcome::Ringing,
        "cancelled" => CallOutcome::Cancelled,
        "answered" => CallOutcome::Answered,
        _ => CallOutcome::Missed,
    }
}

/// Takes over what a gateway says of a call. A late "it rings" does not undo how it went.
///
/// # Errors
/// The file's.
pub fn told(writing: &mut Writing<'_>, device: DeviceId, said: &CallUpdate) -> Result<(), StoreError> {
    let chat = chat::ensure(writing, device, &said.chat)?;
    let caller = address::ensure(writing, &said.from, None)?;
    let sql = "INSERT INTO call (device_id, gateway_id, chat_id, caller_id, at, outcome, video) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (device_id, gateway_id) DO UPDATE SET outcome = excluded.outcome
                 WHERE excluded.outcome NOT IN ('ringing', outcome)";
    let changed = writing.prepare_cached(sql)?.execute(params![
        device.0,
        said.gateway_id,
        chat.0,
        caller,
        said.at.0,
        word(said.outcome),
        said.video
    ])?;
    if changed > 0 {
        writing.touch(Change::Calls(device));
        writing.touch(Change::Chat(chat));
    }
    Ok(())
}

/// The place of a call in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Its time.
    pub at: UnixMillis,
    /// Its number.
    pub id: i64,
}

/// Up to `limit` calls of all devices before `before`, newest first.
///
/// # Errors
/// The file's.
pub fn page(connection: &Connection, before: Option<Cursor>, limit: u32) -> Result<Vec<CallRow>, StoreError> {
    let before = before.unwrap_or(Cursor {
        at: UnixMillis(i64::MAX),
        id: i64::MAX,
    });
    let mut statement = connection.prepare_cached(PAGE)?;
    let rows = statement.query_map(params![before.at.0, before.id, limit], |row| {
        let mut read = Columns::from(row, 0);
        Ok(CallRow {
            id: read.take()?,
            device: DeviceId(read.take()?),
            chat: ChatId(read.take()?),
            caller: Address::parse(&read.take::<String>()?),
            name: read.take()?,
            at: UnixMillis(read.take()?),
            outcome: outcome(&read.take::<String>()?),
            video: read.take()?,
            seen: read.take()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: see [`page`].
pub(super) const PAGE: &str = "SELECT l.id, l.device_id, l.chat_id, a.value, coalesce(k.saved_name, a.name), l.at, l.outcome, l.video, l.seen
      FROM call l INDEXED BY call_in_order CROSS JOIN address a ON a.id = l.caller_id
           LEFT JOIN contact k ON k.device_id = l.device_id AND k.address = a.value
     WHERE (l.at, l.id) < (?1, ?2) ORDER BY l.at DESC, l.id DESC LIMIT ?3";

/// How many calls of a device nobody took and nobody here has seen.
///
/// # Errors
/// The file's.
pub fn unseen_count(connection: &Connection, device: DeviceId) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(UNSEEN)?
        .query_row([device.0], |row| row.get(0))?)
}

/// SQL: see [`unseen_count`].
pub(super) const UNSEEN: &str =
    "SELECT count(*) FROM call WHERE device_id = ?1 AND seen = 0 AND outcome IN ('missed', 'cancelled')";

/// A person has seen the calls of a device up to the one with number `up_to`.
///
/// # Errors
/// The file's.
pub fn seen(writing: &mut Writing<'_>, device: DeviceId, up_to: i64) -> Result<(), StoreError> {
    let sql = "UPDATE call SET seen = 1
                WHERE device_id = ?1 AND seen = 0 AND outcome IN ('missed', 'cancelled') AND id <= ?2";
    if writing.prepare_cached(sql)?.execute(params![device.0, up_to])? > 0 {
        writing.touch(Change::Calls(device));
    }
    Ok(())
}
