//! What an operator says of a message of ours: try it again, take it back, it went, it did not.

use mostrador_domain::{DeliveryStatus, MessageId, OutboxEvent, OutboxId, UnixMillis};
use rusqlite::params;

use super::row::{no_trouble, step};
use super::{NEXT_PLACE, OutboxRow};
use crate::tables::{chat, receipt};
use crate::{StoreError, Writing};

/// What an operator does with a message of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorWord {
    /// Try a dead one again.
    Retry,
    /// Take it back.
    Discard,
    /// An uncertain one went.
    ItWent,
    /// An uncertain one did not go: send it again.
    ItDidNot,
}

/// Does what the operator says.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] if the message has no outbox row, [`crate::StoreErrorKind::StateChanged`] if the word
/// does not fit its state any more.
pub fn operator_says(
    writing: &mut Writing<'_>,
    message: MessageId,
    word: OperatorWord,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "SELECT id FROM outbox WHERE message_id = ?1";
    let id = OutboxId(
        writing
            .prepare_cached(sql)?
            .query_row([message.0], |row| row.get(0))?,
    );
    match word {
        OperatorWord::Retry => again(writing, id, OutboxEvent::RetryAsked, now),
        OperatorWord::ItDidNot => again(writing, id, OutboxEvent::OperatorSaysNotSent, now),
        OperatorWord::Discard => {
            let row = step(writing, id, OutboxEvent::DiscardAsked)?;
            writing
                .prepare_cached("DELETE FROM message WHERE id = ?1")?
                .execute([row.message.0])?;
            chat::settle_newest(writing, row.chat)
        }
        OperatorWord::ItWent => {
            let row = step(writing, id, OutboxEvent::OperatorSaysSent)?;
            no_trouble(writing, id)?;
            receipt::raise(writing, row.message, row.chat, DeliveryStatus::Sent, now)
        }
    }
}

/// Back to Ready with all its attempts. It moves to the end of its chat, in the queue as on the screen: that is where it
/// will stand on the customer's phone.
fn again(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row: OutboxRow = step(writing, id, event)?;
    no_trouble(writing, id)?;
    let sql = format!("UPDATE outbox SET attempts = 0, next_at = ?2, place = {NEXT_PLACE} WHERE id = ?1");
    writing.prepare_cached(&sql)?.execute(params![id.0, now.0])?;
    writing
        .prepare_cached("UPDATE message SET at = ?2 WHERE id = ?1")?
        .execute(params![row.message.0, now.0])?;
    chat::settle_newest(writing, row.chat)
}
