//! What an operator says of something of ours: try it again, take it back, it went, it did not.

use mostrador_domain::{
    DeliveryStatus, MessageId, OutboxEvent, OutboxId, OutboxKind, OutboxState, UnixMillis,
};
use rusqlite::params;

use super::dependent::{again, discard_with};
use super::given_up;
use super::now::Now;
use super::row::{OutboxRow, get, no_trouble, send_of, step};
use super::uncertain::was_uncertain;
use crate::tables::campaign::follow;
use crate::tables::{chat, receipt};
use crate::{StoreError, Writing};

/// What an operator does with something of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorWord {
    /// Try a dead one again, or one that the gateway took and then gave up.
    Retry,
    /// Take such a one back, or one that waits.
    Discard,
    /// An uncertain one went.
    ItWent,
    /// An uncertain one did not go: send it again.
    ItDidNot,
}

/// Does what the operator says of a message.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] if the message has no outbox row, [`crate::StoreErrorKind::StateChanged`] if the word
/// does not fit its state any more.
pub fn operator_says(
    writing: &mut Writing<'_>,
    message: MessageId,
    word: OperatorWord,
    now: impl Into<Now>,
) -> Result<(), StoreError> {
    let row = send_of(writing, message)?;
    says(writing, &row, word, now.into())
}

/// Does what the operator says of an action on a message: try it again, take it back.
///
/// # Errors
/// As [`operator_says`].
pub fn operator_says_of_action(
    writing: &mut Writing<'_>,
    action: OutboxId,
    word: OperatorWord,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row = get(writing, action)?;
    if matches!(row.kind, OutboxKind::Send | OutboxKind::Upload) {
        return Err(StoreError::not_found());
    }
    says(writing, &row, word, now.into())
}

fn says(writing: &mut Writing<'_>, row: &OutboxRow, word: OperatorWord, now: Now) -> Result<(), StoreError> {
    let taken = row.kind == OutboxKind::Send && row.state == OutboxState::Done;
    match word {
        OperatorWord::Retry => {
            if let Some(tried) = row.tried {
                follow::may_go_again(writing, tried)?;
            }
            if taken {
                given_up::send_again(writing, row, now)
            } else {
                once_more(writing, row.id, OutboxEvent::RetryAsked, now)
            }
        }
        OperatorWord::ItDidNot => {
            did_not_go(writing, row.id, now)?;
            // A campaign sends it again when its turn comes, if it still may.
            row.tried.map_or(Ok(()), |tried| follow::absent(writing, tried))
        }
        OperatorWord::Discard if taken => given_up::take_back(writing, row),
        OperatorWord::Discard => discard(writing, row.id),
        OperatorWord::ItWent => {
            let row = step(writing, row.id, OutboxEvent::OperatorSaysSent)?;
            no_trouble(writing, row.id)?;
            // Its echo may come yet: then it is this message's, not another one.
            let sql = "UPDATE outbox SET awaits_echo = 1 WHERE id = ?1";
            writing.prepare_cached(sql)?.execute([row.id.0])?;
            receipt::raise(writing, row.message()?, row.chat, DeliveryStatus::Sent, now.ours)
        }
    }
}

fn did_not_go(writing: &mut Writing<'_>, id: OutboxId, now: Now) -> Result<(), StoreError> {
    once_more(writing, id, OutboxEvent::OperatorSaysNotSent, now)?;
    was_uncertain(writing, id)
}

/// A person says that an uncertain message of a campaign did not go: it leaves the outbox. What becomes of its recipient is for the
/// campaign to say.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`] if it is not uncertain any more.
pub(in crate::tables) fn let_go_of_uncertain(
    writing: &mut Writing<'_>,
    message: MessageId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row = send_of(writing, message)?;
    did_not_go(writing, row.id, now.into())?;
    discard(writing, row.id)
}

fn discard(writing: &mut Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let row = discard_with(writing, id, OutboxEvent::DiscardAsked)?;
    if row.kind != OutboxKind::Send {
        return Ok(());
    }
    writing
        .prepare_cached("DELETE FROM message WHERE id = ?1")?
        .execute([row.message()?.0])?;
    chat::settle_newest(writing, row.chat)
}

/// Back to Ready with all its attempts. A message moves to the end of its chat, in the queue as on the screen: that is where
/// it will stand on the customer's phone.
fn once_more(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
    now: Now,
) -> Result<(), StoreError> {
    let row = again(writing, id, event, now.ours)?;
    if row.kind != OutboxKind::Send {
        return Ok(());
    }
    let at = now.written(writing, row.chat)?;
    writing
        .prepare_cached("UPDATE message SET at = ?2 WHERE id = ?1")?
        .execute(params![row.message()?.0, at.0])?;
    chat::settle_newest(writing, row.chat)
}
