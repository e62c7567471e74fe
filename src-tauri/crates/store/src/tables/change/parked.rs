//! Changes that came before their message.

use std::borrow::Cow;

use mostrador_domain::{Address, ChatId, DeviceId, MessageChange, MessageId, UnixMillis};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::Done;
use crate::tables::message::columns::{Columns, json};
use crate::tables::{chat, person};
use crate::{StoreError, Writing};

/// What of a change lies in `payload`.
#[derive(Serialize, Deserialize, Default)]
struct Payload {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
}

impl From<&Done<'_>> for Payload {
    fn from(done: &Done<'_>) -> Self {
        match done {
            Done::Edited(said) => Self {
                kind: Some(said.kind.to_owned()),
                text: said.text.as_deref().map(str::to_owned),
                data: said.data.clone(),
                on: None,
            },
            Done::Deleted => Self::default(),
            Done::Reaction(emoji) => Self {
                text: emoji.map(str::to_owned),
                ..Self::default()
            },
            Done::Votes(options) => Self {
                data: Some(options.clone()),
                ..Self::default()
            },
            Done::Starred(on) | Done::Pinned(on) => Self {
                on: Some(*on),
                ..Self::default()
            },
        }
    }
}

impl Payload {
    /// The change that [`Payload::from`] kept under the word `what`.
    fn done(&self, what: &str) -> Option<Done<'_>> {
        Some(match what {
            "edited" => Done::Edited(Columns {
                text: self.text.as_deref().map(Cow::Borrowed),
                data: self.data.clone(),
                ..Columns::bare(self.kind.as_deref()?)
            }),
            "deleted" => Done::Deleted,
            "reaction" => Done::Reaction(self.text.as_deref()),
            "votes" => Done::Votes(self.data.clone()?),
            "starred" => Done::Starred(self.on?),
            "pinned" => Done::Pinned(self.on?),
            _ => return None,
        })
    }
}

/// Keeps a change until its message comes. Told again, it is kept once.
pub(super) fn park(
    writing: &Writing<'_>,
    device: DeviceId,
    change: &MessageChange,
    done: &Done<'_>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "INSERT INTO change_parked (device_id, chat, gateway_id, what, by_address, at, payload, parked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (device_id, gateway_id, what, coalesce(by_address, ''), at, coalesce(chat, ''))
               DO UPDATE SET payload = excluded.payload",
        )?
        .execute(params![
            device.0,
            change.chat.as_ref().map(Address::as_str),
            change.gateway_id,
            change.what.word(),
            change.by.as_ref().map(Address::as_str),
            change.at.0,
            json(&Payload::from(done)),
            now.0
        ])?;
    Ok(())
}

/// Does any change wait for its message?
pub(in crate::tables) fn any_parked(writing: &Writing<'_>, device: DeviceId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM change_parked WHERE device_id = ?1)";
    Ok(writing
        .prepare_cached(sql)?
        .query_row([device.0], |row| row.get(0))?)
}

struct Parked {
    what: String,
    by: Option<Address>,
    at: UnixMillis,
    payload: String,
}

/// Applies what was parked for a message whose gateway id has just been stored, in the order in which it was done.
///
/// # Errors
/// The file's.
pub fn take_parked(
    writing: &mut Writing<'_>,
    device: DeviceId,
    gateway_id: &str,
    (message, chat): (MessageId, ChatId),
) -> Result<(), StoreError> {
    let mut parked = taken(writing, device, gateway_id, chat)?;
    parked.sort_by_key(|change| change.at);
    for change in parked {
        let payload: Payload = serde_json::from_str(&change.payload).unwrap_or_default();
        if let Some(done) = payload.done(&change.what) {
            super::to(writing, (message, chat), change.by.as_ref(), change.at, &done)?;
        }
    }
    Ok(())
}

/// SQL: takes out what is parked for a message; one that names its chat is for that chat's message only, under whichever of
/// the person's addresses (`?3`, a JSON list).
const TAKE: &str = "DELETE FROM change_parked
     WHERE device_id = ?1 AND gateway_id = ?2 AND (chat IS NULL OR chat IN (SELECT value FROM json_each(?3)))
     RETURNING what, by_address, at, payload";

/// SQL: is anything parked? Of most messages nothing is.
pub(in crate::tables) const ANY: &str =
    "SELECT EXISTS (SELECT 1 FROM change_parked WHERE device_id = ?1 AND gateway_id = ?2)";

fn taken(
    writing: &Writing<'_>,
    device: DeviceId,
    gateway_id: &str,
    chat: ChatId,
) -> Result<Vec<Parked>, StoreError> {
    let any: bool = writing
        .prepare_cached(ANY)?
        .query_row(params![device.0, gateway_id], |row| row.get(0))?;
    if !any {
        return Ok(Vec::new());
    }
    let addresses = person::addresses_of(writing, &chat::get_address(writing, chat)?)?;
    let mut statement = writing.prepare_cached(TAKE)?;
    let rows = statement.query_map(params![device.0, gateway_id, json(&addresses)], |row| {
        Ok(Parked {
            what: row.get(0)?,
            by: row.get::<_, Option<String>>(1)?.map(|by| Address::parse(&by)),
            at: UnixMillis(row.get(2)?),
            payload: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
