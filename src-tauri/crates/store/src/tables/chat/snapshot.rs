//! What a gateway says of a chat.
//!
//! - what it does not say stays; what a person wishes otherwise here stays until the gateway knows ([`super::wish`])
//! - a snapshot is true of a moment ([`ChatSnapshot::at`]): what came after it is not in its count, and "all read" reads only
//!   what came before
//! - during the first sync its count of unread messages is the only one there is, and it holds up to the moment of the snapshot: a
//!   message from before that comes later is in it already; afterwards our own is better, and only "all read" (on the phone) is
//!   taken over, from whoever means the shop's own reading by it ([`ChatSnapshot::zero_is_read`])
//! - a receipt that names the message that was read ([`ChatSnapshot::read_to`]) reads it and what came before it, however late it is told,
//!   and waits for it if it is not here
//! - asked again later ([`told_again`]), it says nothing of the moment of asking itself, and makes no chat

use mostrador_domain::{ChatId, ChatSnapshot, DeviceId, UnixMillis};
use rusqlite::{OptionalExtension, params};

use super::wish::is_wished;
use super::{NameRank, ensure, find, named, read_elsewhere};
use crate::tables::{change, label, picture, receipt};
use crate::{Change, StoreError, Writing};

/// Takes over what a gateway says of a chat. `first`: during the first sync.
///
/// # Errors
/// The file's.
pub fn snapshot(
    writing: &mut Writing<'_>,
    device: DeviceId,
    said: &ChatSnapshot,
    first: bool,
) -> Result<ChatId, StoreError> {
    let id = ensure(writing, device, &said.chat)?;
    if let Some(told) = said.name.as_deref().filter(|told| !told.trim().is_empty()) {
        named(writing, id, told, NameRank::Told)?;
    }
    if marks(writing, id, said)? {
        writing.touch(Change::Chat(id));
        writing.touch(Change::Chats);
    }
    match said.unread.map(|count| count.max(0)) {
        Some(count) if first => {
            unread_is(writing, id, count, said.at)?;
            counted_until(writing, id, said.at)?;
        }
        Some(0) if said.zero_is_read => match &said.read_to {
            None => all_read(writing, id, said.at)?,
            Some(message) => read_there(writing, device, (said, message))?,
        },
        _ => {}
    }
    if let Some(labels) = &said.labels {
        label::all_of_chat(writing, device, id, labels)?;
    }
    if let Some(url) = &said.picture {
        picture::told(writing, device, &said.chat, url)?;
    }
    Ok(id)
}

/// Takes over what a gateway says of a chat when it is asked again, `asked` being the moment before which its words are true; whether
/// there is such a chat is not for it to say. `spared`: of what is wished of it the gateway may have heard meanwhile, so that its
/// word is older than ours.
///
/// # Errors
/// The file's.
pub fn told_again(
    writing: &mut Writing<'_>,
    device: DeviceId,
    said: &ChatSnapshot,
    (asked, spared): (UnixMillis, impl Fn(ChatId) -> bool),
) -> Result<(), StoreError> {
    let Some(id) = find(writing, device, &said.chat)? else {
        return Ok(());
    };
    let mut said = ChatSnapshot {
        at: Some(said.at.map_or(asked, |at| at.min(asked))),
        ..said.clone()
    };
    if newest_is_ours(writing, id, said.at)? {
        // Whether we had read what came before it was decided when it was stored. Some gateways count nothing as unread any more
        // as soon as anything leaves, be it a greeting that the phone sends by itself.
        said.unread = None;
    }
    if spared(id) {
        (said.pinned, said.archived, said.muted_until, said.labels) = (None, None, None, None);
    }
    snapshot(writing, device, &said, false).map(drop)
}

/// This message was read on the phone, in the chat or in another one with the same person, and so was what came before it. One that is
/// not here is waited for.
fn read_there(
    writing: &mut Writing<'_>,
    device: DeviceId,
    (said, gateway_id): (&ChatSnapshot, &str),
) -> Result<(), StoreError> {
    match (
        change::find(writing, device, Some(&said.chat), gateway_id)?,
        said.at,
    ) {
        (Some((message, chat)), at) => {
            let sql = "SELECT at FROM message WHERE id = ?1";
            let written = writing
                .prepare_cached(sql)?
                .query_row([message.0], |row| row.get(0))?;
            let written = UnixMillis(written);
            all_read(writing, chat, Some(at.map_or(written, |at| at.min(written))))
        }
        (None, Some(at)) => receipt::park_read_there(writing, device, gateway_id, at),
        (None, None) => Ok(()),
    }
}

/// Is the newest message of a chat up to then one of ours?
fn newest_is_ours(writing: &Writing<'_>, id: ChatId, until: Option<UnixMillis>) -> Result<bool, StoreError> {
    let sql = "SELECT from_me FROM message WHERE chat_id = ?1 AND at <= ?2 ORDER BY at DESC, id DESC LIMIT 1";
    let until = until.map_or(i64::MAX, |until| until.0);
    let found = writing
        .prepare_cached(sql)?
        .query_row(params![id.0, until], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(false))
}

/// What is told of a chat beside its count, but for what is wished otherwise here. `true` = something has changed.
fn marks(writing: &Writing<'_>, id: ChatId, said: &ChatSnapshot) -> Result<bool, StoreError> {
    let kept = |column: &str, what: &str, value: &str| {
        format!(
            "CASE WHEN {value} IS NULL OR {} THEN {column} ELSE {value} END",
            is_wished(what)
        )
    };
    let pinned = kept("pinned", "pinned", "?2");
    let archived = kept("archived", "archived", "?3");
    let muted = kept("muted_until", "muted", "?4");
    let sql = format!(
        "UPDATE chat SET pinned = {pinned}, archived = {archived}, muted_until = {muted}, read_only = coalesce(?5, read_only)
          WHERE id = ?1 AND (pinned <> {pinned} OR archived <> {archived} OR muted_until <> {muted}
                OR read_only <> coalesce(?5, read_only))"
    );
    let changed = writing.prepare_cached(&sql)?.execute(params![
        id.0,
        said.pinned,
        said.archived,
        said.muted_until.map(|until| until.0),
        said.read_only
    ])?;
    Ok(changed > 0)
}

/// So many were unread at the moment of the snapshot; what came after it is unread too.
fn unread_is(
    writing: &mut Writing<'_>,
    id: ChatId,
    count: i64,
    at: Option<UnixMillis>,
) -> Result<(), StoreError> {
    let sql = "UPDATE chat SET unread = n.unread FROM
                 (SELECT ?2 + CASE WHEN ?3 IS NULL THEN 0 ELSE
                    (SELECT count(*) FROM message WHERE chat_id = ?1 AND at > ?3 AND from_me = 0) END AS unread) AS n
               WHERE chat.id = ?1 AND chat.unread <> n.unread";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, count, at.map(|at| at.0)])?
        > 0
    {
        writing.touch(Change::Chat(id));
        writing.touch(Change::Chats);
    }
    Ok(())
}

/// The gateway's count holds up to this moment.
fn counted_until(writing: &Writing<'_>, id: ChatId, at: Option<UnixMillis>) -> Result<(), StoreError> {
    let Some(at) = at else { return Ok(()) };
    let sql = "UPDATE chat SET counted_until = ?2 WHERE id = ?1 AND counted_until < ?2";
    writing.prepare_cached(sql)?.execute(params![id.0, at.0])?;
    Ok(())
}

/// Everything up to the moment of the snapshot was read on the phone; where that is not told, everything there is.
fn all_read(writing: &mut Writing<'_>, id: ChatId, at: Option<UnixMillis>) -> Result<(), StoreError> {
    match at {
        Some(at) => read_elsewhere(writing, id, at),
        None => unread_is(writing, id, 0, None),
    }
}
