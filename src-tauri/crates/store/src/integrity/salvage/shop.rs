//! What the shop alone knows: its devices and settings, and what it noted about chats and people.

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction};

use super::keep;
use super::old::{Old, Row, both_ends};
use crate::StoreError;

/// Devices come over as they were, but for their first sync: it has to be done again.
const DEVICE: [&str; 10] = [
    "id",
    "gateway",
    "name",
    "url",
    "secret_key",
    "own_address",
    "linked",
    "restricted_since",
    "restricted_until",
    "created_at",
];

/// What its gateway asks for beside the address and the secrets.
const DEVICE_FIELD: [&str; 3] = ["device_id", "name", "value"];
const PUBLIC_WAY: [&str; 3] = ["device_id", "address", "told"];

/// What is kept of a chat in which something is to be sent.
pub(super) const CHAT: [&str; 12] = [
    "id",
    "device_id",
    "address",
    "kind",
    "name",
    "pinned",
    "archived",
    "muted_until",
    "marked_unread",
    "triage",
    "snoozed_until",
    "draft",
];

const MEDIA: [&str; 11] = [
    "id",
    "device_id",
    "mime",
    "bytes",
    "width",
    "height",
    "file_name",
    "sha256",
    "seconds",
    "waveform",
    "added_at",
];

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

pub(super) fn devices(old: &Old, tx: &mut Transaction<'_>) -> Result<u32, StoreError> {
    let mut kept = 0;
    let removed = old.keys(&["SELECT device_id FROM removing"]);
    for id in old.keys(&both_ends("SELECT id FROM device NOT INDEXED", "id")) {
        if removed.contains(&id) {
            continue;
        }
        if let Some(device) = old.row("device", &DEVICE, "id", &id) {
            kept += u32::from(keep(tx, |to| device.store(to))?);
        }
        if let Some(way) = old.row("public_way", &PUBLIC_WAY, "device_id", &id) {
            keep(tx, |to| way.store(to))?;
        }
        for field in old.rows("device_field", &DEVICE_FIELD, "device_id = ?1", &[id]) {
            keep(tx, |to| field.store(to))?;
        }
    }
    Ok(kept)
}

pub(super) fn settings(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for name in old.keys(&both_ends("SELECT name FROM setting", "name")) {
        if let Some(setting) = old.row("setting", &["name", "value"], "name", &name) {
            keep(tx, |to| setting.store(to))?;
        }
    }
    Ok(())
}

/// A chat and the file of its draft. What is told of its name by anybody is better than what is kept.
pub(super) fn chat(
    old: &Old,
    to: &Connection,
    id: &Value,
    columns: &[&'static str],
) -> rusqlite::Result<usize> {
    let mut columns = columns.to_vec();
    columns.push("draft_media_id");
    let Some(mut row) = old.row("chat", &columns, "id", id) else {
        return Ok(0);
    };
    if !media(old, to, row.get("draft_media_id"))? {
        row.set("draft_media_id", Value::Null);
    }
    row.set("name_rank", i64::from(!row.is_null("name")));
    row.store(to)
}

/// Somebody who wrote or called.
pub(super) fn address(old: &Old, id: &Value) -> Option<Row> {
    old.row("address", &["id", "value", "name"], "id", id)
}

/// A file whose bytes lie in the media folder, which is not damaged. `false` = it cannot be kept.
pub(super) fn media(old: &Old, to: &Connection, id: &Value) -> rusqlite::Result<bool> {
    let Some(mut row) = old.row("media", &MEDIA, "id", id) else {
        return Ok(false);
    };
    if row.is_null("sha256") {
        return Ok(false);
    }
    row.set("state", "ready".to_owned());
    row.store(to)?;
    Ok(true)
}

/// The chats about which somebody noted something, and what is wished of them.
pub(super) fn chats(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    let mut noted = old.keys(&both_ends(
        "SELECT id FROM chat NOT INDEXED WHERE draft IS NOT NULL",
        "id",
    ));
    noted.extend(old.keys(&both_ends(
        "SELECT id FROM chat NOT INDEXED WHERE triage <> 'open' OR marked_unread = 1 OR draft_media_id IS NOT NULL",
        "id",
    )));
    for id in noted {
        keep(tx, |to| chat(old, to, &id, &CHAT))?;
    }
    for wish in old.rows("chat_wish", &WISH, "true", &[]) {
        keep(tx, |to| {
            chat(old, to, wish.get("chat_id"), &CHAT)?;
            wish.store(to)
        })?;
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
                chat(old, to, bears.get("chat_id"), &CHAT)?;
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
    for address in old.keys(&both_ends("SELECT address FROM person_address", "address")) {
        let Some(row) = old.row("person_address", &["address", "person_id"], "address", &address) else {
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
