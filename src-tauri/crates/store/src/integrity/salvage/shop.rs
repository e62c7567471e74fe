//! What the shop alone knows: its devices and settings, and what it wishes of chats and notes about people.

use rusqlite::Transaction;
use rusqlite::types::Value;

use super::keep;
use super::old::{Old, both_ends};
use crate::StoreError;

/// Devices come over as they were, but for their first sync: it has to be done again. What came since they were polled last is news.
const DEVICE: [&str; 19] = [
    "id",
    "gateway",
    "name",
    "url",
    "secret_key",
    "own_address",
    "linked",
    "polled_until",
    "live_from",
    "restricted_since",
    "restricted_until",
    "number_no",
    "own_since",
    "own_after",
    "own_unproven",
    "own_listed",
    "hold_since",
    "hold_until",
    "created_at",
];

/// What its gateway asks for beside the address and the secrets.
const DEVICE_FIELD: [&str; 3] = ["device_id", "name", "value"];
const PUBLIC_WAY: [&str; 5] = ["device_id", "address", "told", "port", "told_port"];

const WISH: [&str; 8] = [
    "chat_id",
    "what",
    "label_id",
    "device_id",
    "value",
    "to_tell",
    "turn",
    "next_at",
];

/// All but those that were removed.
pub(super) fn devices(old: &Old, tx: &mut Transaction<'_>, removed: &[Value]) -> Result<(), StoreError> {
    for id in old.keys(&both_ends("SELECT id FROM device NOT INDEXED", "id")) {
        if removed.contains(&id) {
            continue;
        }
        if let Some(device) = old.row("device", &DEVICE, "id", &id) {
            keep(tx, |to| device.store(to))?;
        }
        if let Some(way) = old.row("public_way", &PUBLIC_WAY, "device_id", &id) {
            keep(tx, |to| way.store(to))?;
        }
        for field in old.rows("device_field", &DEVICE_FIELD, "device_id = ?1", &[id]) {
            keep(tx, |to| field.store(to))?;
        }
    }
    Ok(())
}

pub(super) fn settings(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for name in old.keys(&both_ends("SELECT name FROM setting", "name")) {
        if let Some(setting) = old.row("setting", &["name", "value"], "name", &name) {
            keep(tx, |to| setting.store(to))?;
        }
    }
    Ok(())
}

/// What is wished of chats.
pub(super) fn wishes(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for wish in old.rows("chat_wish", &WISH, "true", &[]) {
        keep(tx, |to| wish.store(to))?;
    }
    Ok(())
}

/// The labels, and which chats bear those that are ours alone. How many do, the triggers count anew.
pub(super) fn labels(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    let columns = ["id", "device_id", "gateway_id", "name", "colour"];
    for id in old.keys(&both_ends("SELECT id FROM label NOT INDEXED", "id")) {
        let Some(label) = old.row("label", &columns, "id", &id) else {
            continue;
        };
        keep(tx, |to| label.store(to))?;
        if !label.is_null("gateway_id") {
            continue;
        }
        let borne = ["label_id", "chat_id", "archived", "pinned", "last_at", "unread"];
        for bears in old.rows("chat_label", &borne, "label_id = ?1", &[id]) {
            keep(tx, |to| {
                to.execute(
                    "INSERT INTO chat_label (label_id, chat_id, archived, pinned, last_at, unread)
                     SELECT ?1, id, archived, pinned, last_at, unread > 0 OR marked_unread = 1 FROM chat WHERE id = ?2",
                    [bears.get("label_id"), bears.get("chat_id")],
                )
            })?;
        }
    }
    Ok(())
}

/// Who is one person: a gateway tells it once and perhaps not again.
pub(super) fn people(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    let columns = ["address", "person_id", "told_at", "told_after"];
    for address in old.keys(&both_ends("SELECT address FROM person_address", "address")) {
        let Some(row) = old.row("person_address", &columns, "address", &address) else {
            continue;
        };
        keep(tx, |to| {
            to.execute(
                "INSERT INTO person (id) VALUES (?1) ON CONFLICT DO NOTHING",
                [row.get("person_id")],
            )?;
            row.store(to)
        })?;
    }
    // The numbers of messages that are lost are given to new ones.
    tx.execute(
        "UPDATE person_address SET told_after = min(told_after, (SELECT coalesce(max(id), 0) FROM message))",
        [],
    )?;
    Ok(())
}

/// What is noted about people.
pub(super) fn notes(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for address in old.keys(&both_ends("SELECT address FROM note", "address")) {
        if let Some(note) = old.row("note", &["address", "text", "at"], "address", &address) {
            keep(tx, |to| note.store(to))?;
        }
    }
    Ok(())
}
