//! Everything that we mean to send or do: rows of the outbox that are not settled, what they depend on, and their messages.

use std::collections::{BTreeMap, BTreeSet};

use mostrador_domain::UnixMillis;
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params};

use super::keep;
use super::old::{Old, Row, both_ends};
use super::shop::{self, CHAT};
use crate::StoreError;

const OUTBOX: [&str; 15] = [
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
    "failure",
    "created_at",
];

const MESSAGE: [&str; 16] = [
    "id",
    "chat_id",
    "gateway_id",
    "from_me",
    "sender_id",
    "at",
    "kind",
    "text",
    "data",
    "media_id",
    "quoted_gateway_id",
    "quoted_text",
    "forwarded",
    "mentions",
    "status",
    "edited_at",
];

/// Takes over all unsettled work, in its order. Gives how many messages will be sent, or wait for a person.
pub(super) fn all(old: &Old, tx: &mut Transaction<'_>, now: UnixMillis) -> Result<u32, StoreError> {
    let mut messages = 0;
    let rows = unsettled(old);
    let all: BTreeSet<i64> = rows.keys().copied().collect();
    for row in rows.into_values() {
        let is_send = row.says("kind", "send");
        let open = !row.says("state", "done");
        let kept = keep(tx, |to| store(old, to, row, &all, now))?;
        messages += u32::from(kept && is_send && open);
    }
    Ok(messages)
}

/// The open rows and the done ones on which they depend, by number: what something depends on was stored before it.
fn unsettled(old: &Old) -> BTreeMap<i64, Row> {
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
    let is_open = |row: &Row| !row.says("state", "done") && !row.says("state", "discarded");
    let mut needed: BTreeSet<i64> = BTreeSet::new();
    for (id, row) in &rows {
        if is_open(row) {
            needed.insert(*id);
            if let Value::Integer(basis) = row.get("depends_on") {
                needed.insert(*basis);
            }
        }
    }
    rows.retain(|id, row| needed.contains(id) && !row.says("state", "discarded"));
    rows
}

/// Stores one row with its chat, its message and that one's file.
fn store(
    old: &Old,
    to: &Connection,
    mut row: Row,
    all: &BTreeSet<i64>,
    now: UnixMillis,
) -> rusqlite::Result<usize> {
    shop::chat(old, to, row.get("chat_id"), &CHAT)?;
    let named = message(old, to, row.get("message_id"))?;
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

/// Stores a message, its writer and its file, once. `true` = a gateway knows it.
fn message(old: &Old, to: &Connection, id: &Value) -> rusqlite::Result<bool> {
    // A row of which the message cannot be read is nonsense: it is not kept either.
    let Some(mut row) = old.row("message", &MESSAGE, "id", id) else {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT),
            None,
        ));
    };
    if !shop::media(old, to, row.get("media_id"))? {
        row.set("media_id", Value::Null);
    }
    match shop::address(old, row.get("sender_id")) {
        Some(writer) => _ = writer.store(to)?,
        None => row.set("sender_id", Value::Null),
    }
    row.store(to)?;
    to.execute(
        "UPDATE chat SET last_message_id = ?2, last_at = ?3 WHERE id = ?1 AND last_at <= ?3",
        params![row.get("chat_id"), row.get("id"), row.get("at")],
    )?;
    Ok(!row.is_null("gateway_id"))
}
