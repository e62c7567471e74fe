//! The outbox: everything that we mean to send or do, stored before anything is sent.
//!
//! The states, the kinds and their table are in [`mostrador_domain::outbox`]; here each transition is one compare-and-set. A
//! writer that finds another state than it expected gets [`crate::StoreErrorKind::StateChanged`] and has to let go.
//!
//! - [`enqueue`]: a message and its row, an upload before it if asked for; [`act`]: something done to a message
//! - [`claim`], [`next_due`]: whose turn it is, order kept per chat. What the operator sends again gets a new turn, after
//!   everything that waits
//! - [`accepted`], [`taken_at`], [`uploaded`], [`acted`], [`not_sent`], [`held_back`], [`dead`], [`no_answer`]: what came of it
//! - [`take_back`]: undone while it waits; [`operator_says`]: what a person decides
//! - [`started_since`]: what the gateway counts
//! - [`attempts`], [`to_look_for`]: sends that may have gone; [`adopt_echoes`]: the proof that they have
//!
//! A row may depend on another one: upload → send → edit. It is dead with it, taken back with it, and lives again with it.
//!
//! A row is for one number: what another one finds waiting behind the same device is a person's (`earlier_number`).

use mostrador_domain::{DeviceId, OutboxState, UnixMillis};
use rusqlite::{Connection, params};

use crate::StoreError;

mod action;
mod claim;
mod dependent;
mod earlier_number;
mod echo;
mod given_up;
mod new_message;
mod now;
mod operator;
mod outcome;
mod payload;
mod row;
mod set_back;
mod uncertain;
mod undo;

pub use action::{NewAction, PendingAction, act, acted};
pub(in crate::tables) use action::{PENDING, pending};
pub use claim::{Claimed, ToSend, Work, claim, next_due};
#[cfg(test)]
pub(in crate::tables) use claim::{next_due_query, next_query};
pub use dependent::upload_if_larger;
pub(in crate::tables) use earlier_number::{another_number, unproven_number};
pub use echo::on_their_way;
pub(in crate::tables) use echo::went_before;
pub use echo::{adopt_echoes, has_look_alike};
pub(crate) use echo::{any_unsettled, may_be_echo};
pub(in crate::tables) use given_up::{AGAIN, newest_of, without_again};
pub use new_message::{NewContent, NewMessage, enqueue, sent_as};
pub use now::Now;
pub(in crate::tables) use operator::let_go_of_uncertain;
pub use operator::{OperatorWord, operator_says, operator_says_of_action};
pub use outcome::{accepted, after_restart, dead, held_back, no_answer, not_sent, taken_at, uploaded};
pub(in crate::tables) use set_back::STEADY;
pub use set_back::clock_was_set_back;
pub(in crate::tables) use uncertain::is_uncertain;
pub use uncertain::{
    Place, Uncertain, attempts, hand_to_operator, looked, places_of, proven_absent, to_look_for,
};
pub use undo::{Held, TakenBack, held, take_back};
pub(in crate::tables) use undo::{
    Left, attempts_of, can_be_withdrawn, count_on, stop, withdraw, without_message,
};
#[cfg(test)]
pub(in crate::tables) use {echo::WAITING, undo::HELD};

/// What the client id of an upload ends in, after that of its message.
pub(in crate::tables) const UPLOAD: &str = "/upload";

/// SQL: the turn after everybody's.
const NEXT_PLACE: &str = "(SELECT coalesce(max(place), 0) + 1 FROM outbox)";

/// When the device's sends since then started, oldest first, whatever became of them.
///
/// # Errors
/// The file's.
pub fn started_since(
    connection: &Connection,
    device: DeviceId,
    since: UnixMillis,
) -> Result<Vec<UnixMillis>, StoreError> {
    let sql = "SELECT claimed_at FROM outbox INDEXED BY outbox_sent
                WHERE device_id = ?1 AND kind = 'send' AND claimed_at > ?2 ORDER BY claimed_at";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![device.0, since.0], |row| Ok(UnixMillis(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many rows are in a state: for tests and the state of the program.
///
/// # Errors
/// The file's.
pub fn open_count(connection: &Connection, state: OutboxState) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM outbox WHERE state = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([state.as_str()], |row| row.get(0))?)
}
