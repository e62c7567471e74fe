//! What a gateway tells once, or should be asked once: stories, calls, what it said of numbers; whom the shop has blocked; which
//! chats were emptied.

use rusqlite::Transaction;

use super::keep;
use super::old::{Old, both_ends};
use crate::StoreError;

const STORY: [&str; 6] = ["id", "device_id", "client_id", "state", "gateway_id", "at"];

const CALL: [&str; 9] = [
    "id",
    "device_id",
    "gateway_id",
    "chat_id",
    "caller_id",
    "at",
    "outcome",
    "video",
    "seen",
];

const NUMBER_CHECK: [&str; 4] = ["device_id", "digits", "address", "checked_at"];

const BLOCK: [&str; 4] = ["device_id", "address", "at_gateway", "at"];

const EMPTIED: [&str; 3] = ["device_id", "address", "until"];

const EMPTIED_NEWEST: [&str; 3] = ["device_id", "address", "gateway_id"];

/// All stories: whoever asks for one again hears what became of it, and none is published twice. One whose call was under way
/// is found so by its device's session.
pub(super) fn stories(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for id in old.keys(&both_ends("SELECT id FROM story NOT INDEXED", "id")) {
        if let Some(story) = old.row("story", &STORY, "id", &id) {
            keep(tx, |to| story.store(to))?;
        }
    }
    Ok(())
}

/// The calls.
pub(super) fn calls(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for id in old.keys(&both_ends("SELECT id FROM call NOT INDEXED", "id")) {
        if let Some(call) = old.row("call", &CALL, "id", &id) {
            keep(tx, |to| call.store(to))?;
        }
    }
    Ok(())
}

/// What a gateway said of numbers. It can be asked again, but WhatsApp does not like that.
pub(super) fn number_checks(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for end in ["true", "true ORDER BY device_id DESC, digits DESC"] {
        for said in old.rows("number_check", &NUMBER_CHECK, end, &[]) {
            keep(tx, |to| said.store(to))?;
        }
    }
    Ok(())
}

/// Whom a number has blocked.
pub(super) fn blocks(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for end in ["true", "true ORDER BY device_id DESC, address DESC"] {
        for block in old.rows("block", &BLOCK, end, &[]) {
            keep(tx, |to| block.store(to))?;
        }
    }
    Ok(())
}

/// Which chats were emptied: what is told a second time of them stays away.
pub(super) fn emptied(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for end in ["true", "true ORDER BY device_id DESC, address DESC"] {
        for chat in old.rows("emptied", &EMPTIED, end, &[]) {
            keep(tx, |to| chat.store(to))?;
        }
    }
    for end in [
        "true",
        "true ORDER BY device_id DESC, address DESC, gateway_id DESC",
    ] {
        for message in old.rows("emptied_newest", &EMPTIED_NEWEST, end, &[]) {
            keep(tx, |to| message.store(to))?;
        }
    }
    Ok(())
}
