//! Rows that depend on others: upload → send → edit. What happens to one happens to those that build on it.

use std::time::Duration;

use mostrador_domain::{FailureCode, MessageId, OutboxEvent, OutboxId, OutboxKind, OutboxState, UnixMillis};
use rusqlite::{Connection, params};

use super::new_message::{Row, is_larger};
use super::payload::{self, Forwarded};
use super::row::{OutboxRow, dependents, get, no_trouble, send_of, set_failure, step};
use super::{NEXT_PLACE, UPLOAD};
use crate::{StoreError, StoreErrorKind, Writing};

/// What builds on a dead row is dead with it, for its reason.
pub(super) fn die_with(
    writing: &mut Writing<'_>,
    basis: OutboxId,
    failure: FailureCode,
) -> Result<(), StoreError> {
    for row in dependents(writing, basis)? {
        if row.state == OutboxState::Ready {
            step(writing, row.id, OutboxEvent::BasisDied)?;
            set_failure(writing, row.id, failure)?;
            die_with(writing, row.id, failure)?;
        }
    }
    Ok(())
}

/// A row is taken back by `event`: with it goes what builds on it, and the upload that was for it alone.
pub(super) fn discard_with(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
) -> Result<OutboxRow, StoreError> {
    let row = step(writing, id, event)?;
    discard_dependents(writing, id)?;
    let_go_of_upload(writing, &row)?;
    Ok(row)
}

/// What builds on a row is not to be done any more.
pub(super) fn discard_dependents(writing: &mut Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    for dependent in dependents(writing, id)? {
        if dependent
            .kind
            .next(dependent.state, OutboxEvent::DiscardAsked)
            .is_some()
        {
            discard_with(writing, dependent.id, OutboxEvent::DiscardAsked)?;
        }
    }
    Ok(())
}

/// What a message needs no more was to be put at the gateway for it.
pub(super) fn let_go_of_upload(writing: &mut Writing<'_>, row: &OutboxRow) -> Result<(), StoreError> {
    match upload_of(writing, row)? {
        Some(upload)
            if upload
                .kind
                .next(upload.state, OutboxEvent::DiscardAsked)
                .is_some() =>
        {
            step(writing, upload.id, OutboxEvent::DiscardAsked).map(drop)
        }
        _ => Ok(()),
    }
}

/// The upload that a row waits for, or has waited for.
pub(super) fn upload_of(writing: &Writing<'_>, row: &OutboxRow) -> Result<Option<OutboxRow>, StoreError> {
    let Some(basis) = row.depends_on else {
        return Ok(None);
    };
    Ok(Some(get(writing, basis)?).filter(|basis| basis.kind == OutboxKind::Upload))
}

/// A row is ready again by `event`, at the end of its chat's queue: before it what it depends on if that is dead, or an upload of
/// which the gateway has the file no more; after it what builds on it.
pub(super) fn again(
    writing: &mut Writing<'_>,
    id: OutboxId,
    event: OutboxEvent,
    now: UnixMillis,
) -> Result<OutboxRow, StoreError> {
    if let Some(basis) = get(writing, id)?.depends_on {
        let before = get(writing, basis)?;
        let lies_there = before.kind == OutboxKind::Upload && before.state == OutboxState::Done;
        if before.state == OutboxState::Dead {
            step(writing, basis, OutboxEvent::RetryAsked)?;
            fresh(writing, basis, now)?;
        } else if lies_there && (lacks_its_file(writing, id)? || has_expired(writing, basis, now)?) {
            upload_anew(writing, basis, now)?;
            new_place(writing, basis)?;
        }
    }
    let row = step(writing, id, event)?;
    fresh(writing, id, now)?;
    follow(writing, id, now)?;
    Ok(row)
}

/// A message that waits, and whose file does not travel inside its send, has an upload before it, if it has none: it was written while nobody
/// knew how much travels so, or was sent on by an id that counts no more, or its upload was forgotten. What the gateway knows by its
/// id goes by that.
///
/// # Errors
/// The file's.
pub fn upload_if_larger(
    writing: &mut Writing<'_>,
    message: MessageId,
    most: Option<u64>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row = match send_of(writing, message) {
        Ok(row) => row,
        // It was taken back.
        Err(error) if error.kind == StoreErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let waits = row.state == OutboxState::Ready && upload_of(writing, &row)?.is_none();
    if !waits || !is_larger(writing, message, most)? {
        return Ok(());
    }
    let sql = "SELECT client_id, payload FROM outbox WHERE id = ?1";
    let (client_id, payload): (String, Option<String>) = writing
        .prepare_cached(sql)?
        .query_row([row.id.0], |found| Ok((found.get(0)?, found.get(1)?)))?;
    if payload::read::<Forwarded>(payload.as_deref()).is_some() {
        return Ok(());
    }
    let client_id = format!("{client_id}{UPLOAD}");
    let upload =
        Row::new(OutboxKind::Upload, &client_id).add(writing, (message, row.chat, row.device), now)?;
    writing
        .prepare_cached("UPDATE outbox SET depends_on = ?2 WHERE id = ?1")?
        .execute(params![row.id.0, upload])?;
    new_place(writing, row.id)?;
    follow(writing, row.id, now)
}

/// For so long a gateway surely keeps what was put there: one keeps it for thirty days, most do not say.
const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// Was this upload made so long ago that its file may not be at the gateway any more, or for a number that is linked no more? A gateway
/// may keep files for each by itself.
pub(super) fn has_expired(
    connection: &Connection,
    upload: OutboxId,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ?1 AND kind = 'upload' AND state = 'done'
                           AND (claimed_at < ?2 OR number_no <> {NUMBER_NOW}))"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![upload.0, now.before(KEPT).0], |row| row.get(0))?)
}

/// Did the gateway say that it has no such file?
fn lacks_its_file(connection: &Connection, send: OutboxId) -> Result<bool, StoreError> {
    let sql = "SELECT failure IS ?2 FROM outbox WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![send.0, FailureCode::MediaMissing.as_str()], |row| {
            row.get(0)
        })?)
}

/// An upload that is done is to be made once more, in its turn: what the gateway called the file counts no more.
pub(super) fn upload_anew(
    writing: &mut Writing<'_>,
    upload: OutboxId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    step(writing, upload, OutboxEvent::Expired)?;
    let sql = format!(
        "UPDATE outbox SET attempts = 0, next_at = ?2, payload = NULL, number_no = {NUMBER_NOW} WHERE id = ?1"
    );
    writing.prepare_cached(&sql)?.execute(params![upload.0, now.0])?;
    Ok(())
}

/// Puts what builds on `basis` behind it again; what died with it lives again with it.
pub(super) fn follow(writing: &mut Writing<'_>, basis: OutboxId, now: UnixMillis) -> Result<(), StoreError> {
    for row in dependents(writing, basis)? {
        match row.state {
            OutboxState::Dead => {
                step(writing, row.id, OutboxEvent::RetryAsked)?;
                fresh(writing, row.id, now)?;
            }
            OutboxState::Ready => new_place(writing, row.id)?,
            _ => continue,
        }
        follow(writing, row.id, now)?;
    }
    Ok(())
}

/// All its attempts, a new turn, and nothing wrong with it. It leaves from the number that is linked now.
fn fresh(writing: &Writing<'_>, id: OutboxId, now: UnixMillis) -> Result<(), StoreError> {
    no_trouble(writing, id)?;
    for_this_number(writing, id)?;
    let sql = "UPDATE outbox SET attempts = 0, not_before = 0, next_at = ?2 WHERE id = ?1";
    writing.prepare_cached(sql)?.execute(params![id.0, now.0])?;
    new_place(writing, id)
}

/// SQL: the number that is linked now behind the device of a row.
const NUMBER_NOW: &str = "(SELECT d.number_no FROM device d WHERE d.id = outbox.device_id)";

/// A row is to leave from the number that is linked now. If it was for an earlier one, what it names lies in that one's chats: a message that
/// is sent on goes as a copy, and an answer as a message of its own.
fn for_this_number(writing: &Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let unquoted = format!(
        "UPDATE message SET quoted_gateway_id = NULL, quoted_text = NULL
          WHERE id = (SELECT message_id FROM outbox WHERE id = ?1 AND kind = 'send' AND number_no <> {NUMBER_NOW})"
    );
    let ours = format!(
        "UPDATE outbox SET payload = CASE WHEN kind IN ('send', 'upload') THEN NULL ELSE payload END, number_no = {NUMBER_NOW}
          WHERE id = ?1 AND number_no <> {NUMBER_NOW}"
    );
    for sql in [unquoted, ours] {
        writing.prepare_cached(&sql)?.execute([id.0])?;
    }
    Ok(())
}

fn new_place(writing: &Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let sql = format!("UPDATE outbox SET place = {NEXT_PLACE} WHERE id = ?1");
    writing.prepare_cached(&sql)?.execute([id.0])?;
    Ok(())
}
