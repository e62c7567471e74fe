//! The outbox: everything that we mean to send or do, and what was settled: it holds the pace, and what was asked for twice is still sent
//! once. For that a send keeps its row even where its message is gone: it was taken back, sent again under another name, or lies on a
//! lost page. Only what certainly did not go may then be asked for again.
//!
//! Of a message that no gateway has accepted and whose row is lost nobody knows how far it came: a person decides. One that waits in its row, of a
//! file that has lost the end of its log, may have gone since: it is looked for.

use std::collections::{BTreeMap, BTreeSet};

use mostrador_domain::UnixMillis;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::keep;
use super::old::{Old, Row, both_ends};
use crate::StoreError;

const OUTBOX: [&str; 18] = [
    "id",
    "kind",
    "message_id",
    "chat_id",
    "device_id",
    "client_id",
    "depends_on",
    "payload",
    "state",
    "attempts",
    "place",
    "claimed_at",
    "looks",
    "needs_operator",
    "awaits_echo",
    "failure",
    "created_at",
    "number_no",
];

/// Takes over all of it, in its order.
pub(super) fn all(old: &Old, tx: &mut Transaction<'_>, now: UnixMillis) -> Result<(), StoreError> {
    let rows = read(old);
    let all: BTreeSet<i64> = rows.keys().copied().collect();
    for row in rows.into_values() {
        keep(tx, |to| store(to, row, &all, now))?;
    }
    tx.execute(OLDER, [])?;
    tx.execute(ROWLESS, [now.0])?;
    Ok(())
}

/// Sends that wait are uncertain: nobody knows whether they still did.
pub(super) fn may_have_gone(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'uncertain', failure = 'no_answer', looks = 0 WHERE kind = 'send' AND state = 'ready'";
    tx.execute(sql, [])?;
    Ok(())
}

/// SQL: an action that was in flight when a newer one of its kind was asked for gives way to that.
const OLDER: &str = "UPDATE outbox SET state = 'discarded' WHERE state = 'ready' AND kind NOT IN ('send', 'upload')
   AND EXISTS (SELECT 1 FROM outbox n WHERE n.message_id = outbox.message_id AND n.kind = outbox.kind AND n.id > outbox.id
                  AND n.state <> 'discarded')";

/// SQL: rows for messages that have lost theirs.
const ROWLESS: &str = "INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, state, next_at, place, claimed_at, needs_operator, failure, created_at)
     SELECT 'send', m.id, m.chat_id, c.device_id, 'lost-' || m.id, 'uncertain', ?1,
            (SELECT coalesce(max(place), 0) FROM outbox) + row_number() OVER (ORDER BY m.at, m.id), m.at, 1, 'no_answer', m.at
       FROM message m JOIN chat c ON c.id = m.chat_id
      WHERE m.from_me = 1 AND m.gateway_id IS NULL AND m.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.kind = 'send')";

/// The rows, by number: what something depends on was stored before it.
fn read(old: &Old) -> BTreeMap<i64, Row> {
    let mut rows = BTreeMap::new();
    let mut keys = old.keys(&both_ends("SELECT id FROM outbox NOT INDEXED", "id"));
    keys.extend(old.keys(&["SELECT id FROM outbox INDEXED BY outbox_in_chat"]));
    for key in keys {
        if let (Value::Integer(id), Some(mut row)) = (&key, old.row("outbox", &OUTBOX, "id", &key)) {
            if row.is_null("kind") {
                row.set("kind", "send".to_owned());
            }
            rows.insert(*id, row);
        }
    }
    rows
}

/// Stores one row.
fn store(to: &Connection, mut row: Row, all: &BTreeSet<i64>, now: UnixMillis) -> rusqlite::Result<usize> {
    let sql = "SELECT gateway_id IS NOT NULL FROM message WHERE id = ?1";
    let named: Option<bool> = to
        .prepare_cached(sql)?
        .query_row([row.get("message_id")], |found| found.get(0))
        .optional()?;
    let Some(named) = named else {
        return spent(to, row, now);
    };
    let lost = matches!(row.get("depends_on"), Value::Integer(basis) if !all.contains(basis));
    if lost {
        row.set("depends_on", Value::Null);
    }
    let is_action = !row.says("kind", "send") && !row.says("kind", "upload");
    if is_action && lost && !named {
        // Nobody will ever know to which message this was to be done.
        return Ok(0);
    }
    if row.says("state", "in_flight") {
        if row.says("kind", "send") {
            row.set("state", "uncertain".to_owned());
            row.set("failure", "no_answer".to_owned());
        } else {
            row.set("state", "ready".to_owned());
        }
    }
    if row.is_null("claimed_at") {
        row.set("claimed_at", row.get("created_at").clone());
    }
    if !row.says("state", "ready") {
        // It is looked for from the beginning.
        row.leave_out("looks");
    }
    row.set("next_at", now.0);
    row.store_new(to)
}

/// Stores a row that has no message any more, if it is a send that may have gone or must not go: its client id is spent.
fn spent(to: &Connection, mut row: Row, now: UnixMillis) -> rusqlite::Result<usize> {
    let may_be_asked_for =
        !row.is_null("message_id") && (row.says("state", "ready") || row.says("state", "dead"));
    if !row.says("kind", "send") || may_be_asked_for {
        return Ok(0);
    }
    if !row.says("state", "done") {
        row.set("state", "discarded".to_owned());
    }
    for column in ["message_id", "depends_on"] {
        row.set(column, Value::Null);
    }
    for column in ["needs_operator", "awaits_echo", "looks"] {
        row.set(column, 0);
    }
    row.set("next_at", now.0);
    row.store_new(to)
}
