//! The conversations: who wrote, files, chats, messages, and all that was done to them.
//!
//! Some gateways can tell nothing of them again, the others only the newest of each chat. What was emptied and had rows left goes on
//! being removed, and what was put away stays away; a chat that was deleted and what is of a removed device stay behind. The bytes of
//! files lie in a folder of their own, which is not damaged.
//!
//! A page of chats that is lost would take their messages with it, which lie elsewhere: the index of their addresses tells
//! where they were.

use std::collections::BTreeSet;

use mostrador_domain::{Address, ChatKind};
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction};

use super::old::Old;
use super::{forget_unless, keep, spare};
use crate::StoreError;
use crate::tables::chat::GONE;

/// Of a chat, what is found out anew or depends on its messages.
const NOT_OF_CHAT: [&str; 5] = [
    "last_message_id",
    "waiting_since",
    "synced_link",
    "draft_quoted_id",
    "members_told",
];

/// What belongs to rows that are here by then, by the columns of its key.
const BELONGS: [(&str, &[&str]); 10] = [
    ("reaction", &["id"]),
    ("vote", &["id"]),
    ("member_receipt", &["message_id", "member_id"]),
    ("message_edit", &["message_id", "at"]),
    ("contact", &["device_id", "address"]),
    ("receipt_parked", &["device_id", "gateway_id", "status"]),
    ("change_parked", &["id"]),
    ("emptying", &["chat_id"]),
    ("emptying_kept", &["message_id"]),
    ("put_away", &["gateway_id", "chat_id"]),
];

/// Takes over all of it but what is of `removed` devices.
pub(super) fn all(old: &Old, tx: &mut Transaction<'_>, removed: &[Value]) -> Result<(), StoreError> {
    for table in ["address", "media"] {
        for id in old.ids(table, None) {
            let Some(mut row) = old.whole(table, &[], id) else {
                continue;
            };
            if row.says("state", "fetching") {
                row.set("state", "remote".to_owned());
            }
            keep(tx, |to| row.store(to))?;
        }
    }
    let gone = chats(old, tx, removed)?;
    let lost = lost_chats(old, tx, removed)?;
    messages(old, tx, &gone)?;
    spare::unsent(old, tx)?;
    for (table, key) in BELONGS {
        for row in old.both_ends_of(table, key) {
            keep(tx, |to| row.store(to))?;
        }
    }
    // One at a time: all of them together may be large.
    for id in old.ids("raw_event", None) {
        if let Some(event) = old.whole("raw_event", &[], id) {
            keep(tx, |to| event.store(to))?;
        }
    }
    drafts(old, tx)?;
    settle(tx, lost)
}

/// The chats. Gives those that stay behind on purpose.
fn chats(old: &Old, tx: &mut Transaction<'_>, removed: &[Value]) -> Result<BTreeSet<i64>, StoreError> {
    let deleted = old.keys(&["SELECT chat_id FROM emptying WHERE gone = 1"]);
    let mut gone = BTreeSet::new();
    for id in old.ids("chat", Some(("chat_in_order", "archived"))) {
        let Some(mut chat) = old.whole("chat", &NOT_OF_CHAT, id) else {
            continue;
        };
        if removed.contains(chat.get("device_id")) || deleted.contains(&Value::Integer(id)) {
            gone.insert(id);
            continue;
        }
        if chat.is_null("name_rank") {
            chat.set("name_rank", i64::from(!chat.is_null("name")));
        }
        keep(tx, |to: &_| {
            let to: &Connection = to;
            forget_unless(to, &mut chat, "draft_media_id", "media")?;
            chat.store(to)
        })?;
    }
    Ok(gone)
}

/// The chats of which only the index can be read. `true` = there are any.
fn lost_chats(old: &Old, tx: &mut Transaction<'_>, removed: &[Value]) -> Result<bool, StoreError> {
    let mut any = false;
    for end in ["", " DESC"] {
        let by_address = format!("true ORDER BY device_id{end}, address{end}");
        for mut chat in old.rows("chat", &["id", "device_id", "address"], &by_address, &[]) {
            let Value::Text(address) = chat.get("address") else {
                continue;
            };
            // One that was deleted has no address any more.
            if removed.contains(chat.get("device_id")) || address.starts_with("gone:") {
                continue;
            }
            let kind = ChatKind::of(&Address::parse(address)).as_str();
            chat.set("kind", kind.to_owned());
            any |= keep(tx, |to| chat.store(to))?;
        }
    }
    Ok(any)
}

fn messages(old: &Old, tx: &mut Transaction<'_>, gone: &BTreeSet<i64>) -> Result<(), StoreError> {
    for id in old.ids("message", Some(("message_in_order", "chat_id, at, id"))) {
        let Some(mut message) = old.whole("message", &[], id) else {
            continue;
        };
        if message.number("chat_id").is_some_and(|chat| gone.contains(&chat)) {
            continue;
        }
        keep(tx, |to: &_| {
            let to: &Connection = to;
            forget_unless(to, &mut message, "sender_id", "address")?;
            forget_unless(to, &mut message, "media_id", "media")?;
            message.store(to)
        })?;
    }
    Ok(())
}

/// Which messages drafts answer: those came after the chats.
fn drafts(old: &Old, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
    for answer in old.rows(
        "chat",
        &["id", "draft_quoted_id"],
        "draft_quoted_id IS NOT NULL",
        &[],
    ) {
        let sql = "UPDATE chat SET draft_quoted_id = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM message WHERE id = ?2)";
        let answered = [answer.get("id"), answer.get("draft_quoted_id")];
        keep(tx, |to| to.execute(sql, answered))?;
    }
    Ok(())
}

/// What the list shows of each chat. How many messages of a `lost` chat were unread only its gateway knows, and that is asked by a first
/// sync that begins from nothing.
fn settle(tx: &mut Transaction<'_>, lost: bool) -> Result<(), StoreError> {
    let newest = format!(
        "UPDATE chat SET last_message_id =
           (SELECT m.id FROM message m WHERE m.chat_id = chat.id AND NOT {GONE} ORDER BY m.at DESC, m.id DESC LIMIT 1)"
    );
    tx.execute(&newest, [])?;
    // A chat whose old messages were removed keeps its place.
    let place = "UPDATE chat SET last_at = m.at FROM message m WHERE m.id = chat.last_message_id AND chat.pruned_until = 0";
    tx.execute(place, [])?;
    if lost {
        tx.execute("UPDATE device SET polled_until = NULL, live_from = NULL", [])?;
    }
    Ok(())
}
