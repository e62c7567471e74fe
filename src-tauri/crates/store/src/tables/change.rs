//! What is done to a message after it was written: edited, deleted, reacted to, voted on, starred, pinned.
//!
//! A change may come before its message, twice, or late, and the outcome is the same:
//! - of two changes of one kind by one person the later one by the gateway's clock holds; of two of the same moment the one
//!   that was told last; a vote in words that the poll does not have yields to one in its own
//! - what we wrote is edited by nobody else: whoever got it knows its id, and an app of their own may say anything
//! - an edit keeps what was said before ([`super::message::earlier`]); one that comes late goes among those
//! - what we wrote is deleted by nobody else either, but by a group's admin: in a chat of two nobody else can
//! - a deletion erases what was said, with its history, and nothing brings it back
//! - one whose message is not here is parked and applied when the message comes ([`take_parked`])

use mostrador_domain::{Address, ChatId, DeviceId, MessageChange, MessageChangeKind, MessageId, UnixMillis};
use rusqlite::{OptionalExtension, params};

use crate::tables::campaign::follow;
use crate::tables::message::columns::{Columns, json};
use crate::tables::{address, chat, person};
use crate::{Change, StoreError, Writing};

mod edit;
mod parked;

#[cfg(test)]
pub(super) use parked::ANY;
pub(super) use parked::any_parked;
pub use parked::take_parked;

/// Applies a change, or parks it if its message is not here yet.
///
/// # Errors
/// The file's.
pub fn apply(
    writing: &mut Writing<'_>,
    device: DeviceId,
    change: &MessageChange,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let done = Done::from(&change.what);
    match find(writing, device, change.chat.as_ref(), &change.gateway_id)? {
        Some(found) => to(writing, found, change.by.as_ref(), change.at, &done),
        None => parked::park(writing, device, change, &done, now),
    }
}

/// A change in the form in which it is stored.
pub(crate) enum Done<'c> {
    Edited(Columns<'c>),
    Deleted,
    Reaction(Option<&'c str>),
    /// The options as a JSON list.
    Votes(String),
    Starred(bool),
    Pinned(bool),
}

impl<'c> From<&'c MessageChangeKind> for Done<'c> {
    fn from(what: &'c MessageChangeKind) -> Self {
        match what {
            MessageChangeKind::Edited(body) => Self::Edited(Columns::of(body)),
            MessageChangeKind::Deleted => Self::Deleted,
            MessageChangeKind::Reaction(emoji) => {
                Self::Reaction(emoji.as_deref().filter(|emoji| !emoji.is_empty()))
            }
            MessageChangeKind::Votes(options) => Self::Votes(json(options).unwrap_or_default()),
            MessageChangeKind::Starred(on) => Self::Starred(*on),
            MessageChangeKind::Pinned(on) => Self::Pinned(*on),
        }
    }
}

/// Applies a change to a message that is here. Nothing happens to one that was deleted.
pub(crate) fn to(
    writing: &mut Writing<'_>,
    (message, chat): (MessageId, ChatId),
    by: Option<&Address>,
    at: UnixMillis,
    done: &Done<'_>,
) -> Result<(), StoreError> {
    let changed = match done {
        Done::Deleted if by.is_some() && is_ours(writing, message)? && is_of_two(writing, chat)? => false,
        Done::Deleted => {
            let deleted = delete(writing, message, at)?;
            if deleted {
                chat::settle_waiting(writing, chat)?;
            }
            deleted
        }
        Done::Edited(_) if by.is_some() && is_ours(writing, message)? => false,
        Done::Edited(said) => edit::apply(writing, message, said, at)?,
        Done::Reaction(emoji) => react(writing, message, by, *emoji, at)?,
        Done::Votes(options) => {
            let changed = vote(writing, message, by, options, at)?;
            if changed && by.is_some() && options != "[]" {
                follow::voted(writing, message, at)?;
            }
            changed
        }
        Done::Starred(on) => {
            let sql = "UPDATE message SET starred = ?2, starred_at = ?3
                        WHERE id = ?1 AND coalesce(starred_at, ?3) <= ?3 AND deleted_at IS NULL";
            writing
                .prepare_cached(sql)?
                .execute(params![message.0, on, at.0])?
                > 0
        }
        Done::Pinned(on) => {
            let sql = "UPDATE message SET pinned = ?2, pinned_at = ?3
                        WHERE id = ?1 AND coalesce(pinned_at, ?3) <= ?3 AND deleted_at IS NULL";
            writing
                .prepare_cached(sql)?
                .execute(params![message.0, on, at.0])?
                > 0
        }
    };
    if changed {
        writing.touch(Change::Messages(chat));
        writing.touch(Change::Chat(chat));
    }
    Ok(())
}

/// SQL: the message with a gateway's id in one chat.
const IN_CHAT: &str = "SELECT id, chat_id FROM message WHERE chat_id = ?1 AND gateway_id = ?2";

/// SQL: the same where the chat is not told. Each chat of the device is asked once, by index.
pub(super) const IN_ANY_CHAT: &str =
    "SELECT m.id, m.chat_id FROM chat c CROSS JOIN message m ON m.chat_id = c.id AND m.gateway_id = ?2
     WHERE c.device_id = ?1 LIMIT 1";

/// The message with the gateway's id, in the chat if that is told or in another one with the same person.
pub(crate) fn find(
    writing: &Writing<'_>,
    device: DeviceId,
    chat: Option<&Address>,
    gateway_id: &str,
) -> Result<Option<(MessageId, ChatId)>, StoreError> {
    let both = |row: &rusqlite::Row<'_>| Ok((MessageId(row.get(0)?), ChatId(row.get(1)?)));
    let Some(chat) = chat else {
        let mut any = writing.prepare_cached(IN_ANY_CHAT)?;
        return Ok(any.query_row(params![device.0, gateway_id], both).optional()?);
    };
    let mut there = writing.prepare_cached(IN_CHAT)?;
    for chat in person::chats_of(writing, device, chat)? {
        let found = there.query_row(params![chat.0, gateway_id], both).optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Did we write it?
fn is_ours(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    let sql = "SELECT from_me FROM message WHERE id = ?1";
    Ok(writing
        .prepare_cached(sql)?
        .query_row([message.0], |row| row.get(0))
        .optional()?
        .unwrap_or(false))
}

/// Is nobody else in the chat but one person?
fn is_of_two(writing: &Writing<'_>, chat: ChatId) -> Result<bool, StoreError> {
    let sql = "SELECT kind = 'person' FROM chat WHERE id = ?1";
    Ok(writing
        .prepare_cached(sql)?
        .query_row([chat.0], |row| row.get(0))
        .optional()?
        .unwrap_or(false))
}

/// Erases what a message said. `false` = it was deleted already.
fn delete(writing: &mut Writing<'_>, message: MessageId, at: UnixMillis) -> Result<bool, StoreError> {
    let erased = writing
        .prepare_cached(
            "UPDATE message SET deleted_at = ?2, text = NULL, data = NULL, raw = NULL, media_id = NULL, quoted_text = NULL,
                    mentions = NULL, starred = 0, pinned = 0
              WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .execute(params![message.0, at.0])?;
    if erased == 0 {
        return Ok(false);
    }
    for sql in [
        "DELETE FROM message_edit WHERE message_id = ?1",
        "DELETE FROM reaction WHERE message_id = ?1",
        "DELETE FROM vote WHERE message_id = ?1",
        "DELETE FROM member_receipt WHERE message_id = ?1",
    ] {
        writing.prepare_cached(sql)?.execute([message.0])?;
    }
    Ok(true)
}

/// SQL: the message `?1` is still there to be changed.
const LIVING: &str = "EXISTS (SELECT 1 FROM message WHERE id = ?1 AND deleted_at IS NULL)";

fn react(
    writing: &Writing<'_>,
    message: MessageId,
    by: Option<&Address>,
    emoji: Option<&str>,
    at: UnixMillis,
) -> Result<bool, StoreError> {
    let sql = format!(
        "INSERT INTO reaction (message_id, sender_id, emoji, at) SELECT ?1, ?2, ?3, ?4 WHERE {LIVING}
         ON CONFLICT (message_id, coalesce(sender_id, 0)) DO UPDATE SET emoji = excluded.emoji, at = excluded.at
           WHERE excluded.at > at OR (excluded.at = at AND excluded.emoji IS NOT emoji)"
    );
    let by = person(writing, by)?;
    Ok(writing
        .prepare_cached(&sql)?
        .execute(params![message.0, by, emoji, at.0])?
        > 0)
}

/// SQL: a vote in words that the poll has. A gateway may tell a vote by the ids of its answers first, or later once more.
const IN_WORDS: &str = "NOT EXISTS (SELECT 1 FROM json_each(excluded.options) o
     WHERE o.value NOT IN (SELECT p.value FROM message m, json_each(m.data, '$.options') p WHERE m.id = excluded.message_id))";

fn vote(
    writing: &Writing<'_>,
    message: MessageId,
    by: Option<&Address>,
    options: &str,
    at: UnixMillis,
) -> Result<bool, StoreError> {
    let sql = format!(
        "INSERT INTO vote (message_id, sender_id, options, at) SELECT ?1, ?2, ?3, ?4 WHERE {LIVING}
         ON CONFLICT (message_id, coalesce(sender_id, 0)) DO UPDATE SET options = excluded.options, at = excluded.at
           WHERE excluded.at > at OR (excluded.at = at AND excluded.options <> options AND {IN_WORDS})"
    );
    let by = person(writing, by)?;
    Ok(writing
        .prepare_cached(&sql)?
        .execute(params![message.0, by, options, at.0])?
        > 0)
}

fn person(writing: &Writing<'_>, by: Option<&Address>) -> Result<Option<i64>, StoreError> {
    by.map(|by| address::ensure(writing, by, None)).transpose()
}
