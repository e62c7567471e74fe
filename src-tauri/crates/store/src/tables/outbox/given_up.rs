//! Messages that a gateway took and then gave up, as a receipt says: their row is Done, and stays so. A person may send one again or
//! take it back.
//!
//! Sent again it is the same message here and another one at the gateway: it gets a row of its own, at the end of its chat, under a
//! client id of its own. The gateway's id of the first one is put away ([`put_away`]): told of again, it would stand beside ours.
//! All of it is one transaction; a message that has arrived after all is left as it is.

use mostrador_domain::{DeliveryStatus, MessageId, OutboxId, OutboxKind};
use rusqlite::{Connection, OptionalExtension, params};

use super::UPLOAD;
use super::dependent::{discard_dependents, follow, upload_of};
use super::new_message::Row;
use super::now::Now;
use super::row::{OutboxRow, told};
use crate::tables::{chat, put_away};
use crate::{StoreError, Writing};

/// What the client id of a message that is sent again ends in, after the one it had.
pub(in crate::tables) const AGAIN: &str = "/again";

/// The client id that a message had at first, and how often it was sent again.
pub(in crate::tables) fn without_again(client_id: &str) -> (&str, usize) {
    let mut first = client_id;
    while let Some(before) = first.strip_suffix(AGAIN) {
        first = before;
    }
    (first, (client_id.len() - first.len()) / AGAIN.len())
}

/// The client id of the send that stands for the one of this id by now; the same if it was not sent again.
pub(in crate::tables) fn newest_of(
    connection: &Connection,
    mut client_id: String,
) -> Result<String, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE client_id = ?1 AND kind = 'send')";
    let mut is_there = connection.prepare_cached(sql)?;
    loop {
        let again = format!("{client_id}{AGAIN}");
        if !is_there.query_row([&again], |row| row.get(0))? {
            return Ok(client_id);
        }
        client_id = again;
    }
}

/// Sends it again.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`] if it was not given up, or has arrived after all.
pub(super) fn send_again(writing: &mut Writing<'_>, row: &OutboxRow, now: Now) -> Result<(), StoreError> {
    let message = put_id_away(writing, row)?;
    let at = now.written(writing, row.chat)?;
    let sql = "UPDATE message SET gateway_id = NULL, failure = NULL, status = ?2, sent_at = NULL, at = ?3 WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![message.0, DeliveryStatus::Queued.rank(), at.0])?;
    // Whom of a group the first one reached the second one has still to reach.
    writing
        .prepare_cached("DELETE FROM member_receipt WHERE message_id = ?1")?
        .execute([message.0])?;
    let sql = "UPDATE outbox SET message_id = NULL WHERE id = ?1 RETURNING client_id, payload";
    let (client_id, payload): (String, Option<String>) = writing
        .prepare_cached(sql)?
        .query_row([row.id.0], |done| Ok((done.get(0)?, done.get(1)?)))?;
    let client_id = format!("{client_id}{AGAIN}");
    let of = (message, row.chat, row.device);
    let basis = match upload_of(writing, row)? {
        Some(_) => {
            let upload = format!("{client_id}{UPLOAD}");
            Some(Row::new(OutboxKind::Upload, &upload).add(writing, of, now.ours)?)
        }
        None => None,
    };
    let send = Row {
        depends_on: basis,
        payload,
        ..Row::new(OutboxKind::Send, &client_id)
    };
    let id = OutboxId(send.add(writing, of, now.ours)?);
    writing
        .prepare_cached("UPDATE outbox SET depends_on = ?2 WHERE depends_on = ?1")?
        .execute(params![row.id.0, id.0])?;
    follow(writing, id, now.ours)?;
    told(writing, row);
    chat::settle_newest(writing, row.chat)
}

/// Takes it back: it is not shown any more.
///
/// # Errors
/// As [`send_again`].
pub(super) fn take_back(writing: &mut Writing<'_>, row: &OutboxRow) -> Result<(), StoreError> {
    let message = let_go(writing, row)?;
    writing
        .prepare_cached("DELETE FROM message WHERE id = ?1")?
        .execute([message.0])?;
    told(writing, row);
    chat::settle_newest(writing, row.chat)
}

/// It is not sent again: what was still to be done to it is not to be done any more.
///
/// # Errors
/// As [`send_again`].
pub(super) fn let_go(writing: &mut Writing<'_>, row: &OutboxRow) -> Result<MessageId, StoreError> {
    let message = put_id_away(writing, row)?;
    discard_dependents(writing, row.id)?;
    Ok(message)
}

/// Puts away what the gateway calls it, if it is still given up.
fn put_id_away(writing: &Writing<'_>, row: &OutboxRow) -> Result<MessageId, StoreError> {
    let message = row.message()?;
    let sql = "SELECT gateway_id FROM message
                WHERE id = ?1 AND failure IS NOT NULL AND coalesce(status, 0) < ?2 AND deleted_at IS NULL";
    let gateway_id: Option<Option<String>> = writing
        .prepare_cached(sql)?
        .query_row(params![message.0, DeliveryStatus::Delivered.rank()], |row| {
            row.get(0)
        })
        .optional()?;
    // It has none if the gateway gave its id to another message of ours too.
    if let Some(gateway_id) = gateway_id.ok_or_else(StoreError::state_changed)? {
        put_away::note(writing, row.chat, &gateway_id)?;
    }
    Ok(message)
}
