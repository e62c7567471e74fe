//! What is changed here about a chat: archived, pinned, muted, marked unread, labelled.
//!
//! It holds here at once. The gateway is told after that; until then, what it says of the same thing is older than our word
//! and is not taken over. A gateway that cannot be told leaves it ours for good. Of several changes of one thing only the last
//! is told: the turn of what was told is compared.

use std::collections::BTreeSet;

use mostrador_domain::{Address, ChatId, DeviceId, LabelId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::quiet::quiet_debug;
use crate::tables::label;
use crate::{Change, StoreError, Writing};

/// Something wished of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Put away, or not.
    Archived(bool),
    /// At the top, or not.
    Pinned(bool),
    /// No notifications until then; 0 = not muted.
    MutedUntil(UnixMillis),
    /// Shown as unread, or not.
    MarkedUnread(bool),
    /// It bears a label, or not.
    Label(LabelId, bool),
}

impl Wish {
    fn columns(self) -> (&'static str, i64, i64) {
        match self {
            Self::Archived(on) => ("archived", 0, on.into()),
            Self::Pinned(on) => ("pinned", 0, on.into()),
            Self::MutedUntil(until) => ("muted", 0, until.0),
            Self::MarkedUnread(on) => ("unread", 0, on.into()),
            Self::Label(label, on) => ("label", label.0, on.into()),
        }
    }

    fn from_columns(what: &str, label: i64, value: i64) -> Option<Self> {
        Some(match what {
            "archived" => Self::Archived(value != 0),
            "pinned" => Self::Pinned(value != 0),
            "muted" => Self::MutedUntil(UnixMillis(value)),
            "unread" => Self::MarkedUnread(value != 0),
            "label" => Self::Label(LabelId(label), value != 0),
            _ => return None,
        })
    }
}

/// Does what is wished, here and now. `can_be_told`: the gateway offers it, and is to be told.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] for an unknown chat or label.
pub fn wish(
    writing: &mut Writing<'_>,
    id: ChatId,
    wish: Wish,
    can_be_told: bool,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let device: i64 = writing
        .prepare_cached("SELECT device_id FROM chat WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    if !hold(writing, id, wish)? {
        return Err(StoreError::not_found());
    }
    let (what, label, value) = wish.columns();
    writing
        .prepare_cached(
            "INSERT INTO chat_wish (chat_id, what, label_id, device_id, value, to_tell, turn, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)
             ON CONFLICT (chat_id, what, label_id) DO UPDATE SET value = excluded.value, to_tell = excluded.to_tell, turn = turn + 1,
               attempts = 0, next_at = excluded.next_at",
        )?
        .execute(params![id.0, what, label, device, value, can_be_told, now.0])?;
    writing.touch(Change::Chat(id));
    writing.touch(Change::Chats);
    writing.touch(Change::ChatWish(DeviceId(device)));
    Ok(())
}

/// Changes what is shown. `false` = there is no such chat or label.
fn hold(writing: &mut Writing<'_>, id: ChatId, wish: Wish) -> Result<bool, StoreError> {
    let (sql, value) = match wish {
        Wish::Archived(on) => ("UPDATE chat SET archived = ?2 WHERE id = ?1", i64::from(on)),
        Wish::Pinned(on) => ("UPDATE chat SET pinned = ?2 WHERE id = ?1", i64::from(on)),
        Wish::MutedUntil(until) => ("UPDATE chat SET muted_until = ?2 WHERE id = ?1", until.0),
        Wish::MarkedUnread(on) => ("UPDATE chat SET marked_unread = ?2 WHERE id = ?1", i64::from(on)),
        Wish::Label(label, on) => return label::put(writing, id, label, on),
    };
    Ok(writing.prepare_cached(sql)?.execute(params![id.0, value])? > 0)
}

/// A wish of which the gateway is still to be told.
#[derive(Clone, PartialEq, Eq)]
pub struct ToTell {
    /// Which chat.
    pub chat: ChatId,
    /// Where.
    pub address: Address,
    /// What.
    pub wish: Wish,
    /// The gateway's id of the label.
    pub label: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    turn: i64,
}

quiet_debug!(ToTell {
    chat,
    address,
    wish,
    attempts
});

/// The next wish of which the gateway is to be told, and of which its time has come.
///
/// # Errors
/// The file's.
pub fn next_wish(
    connection: &Connection,
    device: DeviceId,
    now: UnixMillis,
) -> Result<Option<ToTell>, StoreError> {
    let mut statement = connection.prepare_cached(NEXT)?;
    let found = statement.query_row(params![device.0, now.0], |row| {
        let wish = Wish::from_columns(&row.get::<_, String>(2)?, row.get(3)?, row.get(4)?);
        Ok(wish.map(|wish| {
            Ok::<_, rusqlite::Error>(ToTell {
                chat: ChatId(row.get(0)?),
                address: Address::parse(&row.get::<_, String>(1)?),
                wish,
                label: row.get(5)?,
                attempts: row.get(6)?,
                turn: row.get(7)?,
            })
        }))
    });
    Ok(found.optional()?.flatten().transpose()?)
}

/// SQL: see [`next_wish`].
pub(in crate::tables) const NEXT: &str =
    "SELECT w.chat_id, c.address, w.what, w.label_id, w.value, l.gateway_id, w.attempts, w.turn
      FROM chat_wish w JOIN chat c ON c.id = w.chat_id LEFT JOIN label l ON l.id = w.label_id
     WHERE w.device_id = ?1 AND w.to_tell = 1 AND w.next_at <= ?2 ORDER BY w.next_at LIMIT 1";

/// The chats of a device of which something is wished that is still to be told.
///
/// # Errors
/// The file's.
pub fn wished(connection: &Connection, device: DeviceId) -> Result<BTreeSet<ChatId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT DISTINCT chat_id FROM chat_wish WHERE device_id = ?1 AND to_tell = 1")?;
    let rows = statement.query_map([device.0], |row| Ok(ChatId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When the first and the last wish of a device have their time; `None` = nothing is to be told.
///
/// # Errors
/// The file's.
pub fn wishes_due(connection: &Connection, device: DeviceId) -> Result<Option<[UnixMillis; 2]>, StoreError> {
    let due = |which: &str| -> Result<Option<i64>, StoreError> {
        let sql = format!("SELECT {which}(next_at) FROM chat_wish WHERE device_id = ?1 AND to_tell = 1");
        Ok(connection
            .prepare_cached(&sql)?
            .query_row([device.0], |row| row.get(0))?)
    };
    let (first, last) = (due("min")?, due("max")?);
    Ok(first.zip(last).map(|(first, last)| [first, last].map(UnixMillis)))
}

/// All wishes of a device have their time now.
///
/// # Errors
/// The file's.
pub fn wishes_are_due(writing: &Writing<'_>, device: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE chat_wish SET next_at = ?2 WHERE device_id = ?1 AND to_tell = 1 AND next_at > ?2";
    writing.prepare_cached(sql)?.execute(params![device.0, now.0])?;
    Ok(())
}

/// What came of telling the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It knows: from now on its word counts again.
    Known,
    /// It cannot be told: the wish holds here alone.
    Refused,
    /// Not now: again at that time.
    Later(UnixMillis),
}

/// Notes what came of telling the gateway. `false` = something else is wished by now.
///
/// # Errors
/// The file's.
pub fn wish_told(writing: &Writing<'_>, told: &ToTell, what_came: Told) -> Result<bool, StoreError> {
    let change = match what_came {
        Told::Known => "DELETE FROM chat_wish",
        Told::Refused => "UPDATE chat_wish SET to_tell = 0",
        Told::Later(_) => "UPDATE chat_wish SET attempts = attempts + 1, next_at = ?5",
    };
    let sql = format!("{change} WHERE chat_id = ?1 AND what = ?2 AND label_id = ?3 AND turn = ?4");
    let (what, label, _) = told.wish.columns();
    let mut statement = writing.prepare_cached(&sql)?;
    let changed = match what_came {
        Told::Later(at) => statement.execute(params![told.chat.0, what, label, told.turn, at.0])?,
        Told::Known | Told::Refused => statement.execute(params![told.chat.0, what, label, told.turn])?,
    };
    Ok(changed > 0)
}

/// SQL: something is wished of the chat `chat.id`, and it is `what`.
pub(super) fn is_wished(what: &str) -> String {
    format!("EXISTS (SELECT 1 FROM chat_wish w WHERE w.chat_id = chat.id AND w.what = '{what}')")
}
