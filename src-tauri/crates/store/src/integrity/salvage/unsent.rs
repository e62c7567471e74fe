//! Everything that we mean to send or do: rows of the outbox that are not settled, and what they depend on. What was sent keeps its
//! row with its message: it holds the pace, and what was asked for twice is still sent once.
//!
//! Of a message that no gateway has accepted and whose row is lost nobody knows how far it came: a person decides.

use std::collections::{BTreeMap, BTreeSet};

use mostrador_domain::UnixMillis;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::keep;
use super::old::{Old, Row, both_ends};
use crate::StoreError;

const OUTBOX: [&str; 16] = [
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
    "needs_operator",
    "awaits_echo",
    "failure",
    "created_at",
];

/// Takes over all of it, in its order. Gives how many messages will be sent, or wait for a person.
pub(super) fn all(old: &Old, tx: &mut Transaction<'_>, now: UnixMillis) -> Result<u32, StoreError> {
    let mut messages = 0;
    let rows = said_by(old);
    let all: BTreeSet<i64> = rows.keys().copied().collect();
    for row in rows.into_values() {
        let is_send = row.says("kind", "send");
        let open = !row.says("state", "done");
        let kept = keep(tx, |to| store(to, row, &all, now))?;
        messages += u32::from(kept && is_send && open);
    }
    let rowless = tx.execute(ROWLESS, [now.0])?;
    Ok(messages.saturating_add(u32::try_from(rowless).unwrap_or(u32::MAX)))
}

/// SQL: rows for messages that have lost theirs.
const ROWLESS: &str = "INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, state, next_at, place, claimed_at, needs_operator, failure, created_at)
     SELECT 'send', m.id, m.chat_id, c.device_id, 'lost-' || m.id, 'uncertain', ?1,
            (SELECT coalesce(max(place), 0) FROM outbox) + row_number() OVER (ORDER BY m.at, m.id), m.at, 1, 'no_answer', m.at
       FROM message m JOIN chat c ON c.id = m.chat_id
      WHERE m.from_me = 1 AND m.gateway_id IS NULL AND m.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.kind = 'send')";

/// The rows that still say something, by number: what something depends on was stored before it.
fn said_by(old: &Old) -> BTreeMap<i64, Row> {
    let mut rows = BTreeMap::new();
    let mut keys = old.keys(&both_ends("SELECT id FROM outbox NOT INDEXED", "id"));
    keys.extend(old.keys(&["SELECT id FROM outbox INDEXED BY outbox_in_chat"]));
    for key in keys {
        if let (Value::Integer(id), Some(mut row)) = (&key, old.row("outbox", &OUTBOX, "id", &key)) {
            if row.is_null("kind") {
                row.set("kind", "send".to_owned());
            }
            if !row.says("state", "discarded") {
                rows.insert(*id, row);
            }
        }
    }
    let mut needed: BTreeSet<i64> = BTreeSet::new();
    for (id, row) in &rows {
        let is_open = !row.says("state", "done");
        if is_open || row.says("kind", "send") {
            needed.insert(*id);
        }
        if let (true, Value::Integer(basis)) = (is_open, row.get("depends_on")) {
            needed.insert(*basis);
        }
    }
    rows.retain(|id, _| needed.contains(id));
    rows
}

/// Stores one row. Without its message it is nonsense.
fn store(to: &Connection, mut row: Row, all: &BTreeSet<i64>, now: UnixMillis) -> rusqlite::Result<usize> {
    let sql = "SELECT gateway_id IS NOT NULL FROM message WHERE id = ?1";
    let named: Option<bool> = to
        .prepare_cached(sql)?
        .query_row([row.get("message_id")], |found| found.get(0))
        .optional()?;
    let Some(named) = named else { return Ok(0) };
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
    row.set("next_at", now.0);
    row.store_new(to)
}
