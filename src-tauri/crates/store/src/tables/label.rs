//! Labels and which chats bear them. How many do is kept by triggers (`schema.sql`), never counted for a list.

use mostrador_domain::{ChatId, DeviceId, LabelId, LabelSnapshot};
use rusqlite::{Connection, OptionalExtension, params};

use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::{Change, StoreError, Writing};

/// A label.
#[derive(Clone, PartialEq, Eq)]
pub struct LabelRow {
    /// Its number.
    pub id: LabelId,
    /// Whose.
    pub device: DeviceId,
    /// The gateway's id; `None` = ours alone.
    pub gateway_id: Option<String>,
    /// Its name; `None` = it was mentioned, not told.
    pub name: Option<String>,
    /// The gateway's word for its colour.
    pub colour: Option<String>,
    /// How many listed chats bear it.
    pub chats: i64,
    /// How many of those are unread.
    pub unread_chats: i64,
}

quiet_debug!(LabelRow {
    id,
    device,
    chats,
    unread_chats
});

impl LabelRow {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let mut read = Columns::from(row, 0);
        Ok(Self {
            id: LabelId(read.take()?),
            device: DeviceId(read.take()?),
            gateway_id: read.take()?,
            name: read.take()?,
            colour: read.take()?,
            chats: read.take()?,
            unread_chats: read.take()?,
        })
    }
}

const COLUMNS: &str = "l.id, l.device_id, l.gateway_id, l.name, l.colour, l.chats, l.unread_chats";

/// The labels of all devices, or of one, by name.
///
/// # Errors
/// The file's.
pub fn list(connection: &Connection, device: Option<DeviceId>) -> Result<Vec<LabelRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM label l WHERE (?1 IS NULL OR l.device_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM removing r WHERE r.device_id = l.device_id) ORDER BY l.device_id, l.name COLLATE NOCASE, l.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([device.map(|device| device.0)], LabelRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The labels of a chat, by name.
///
/// # Errors
/// The file's.
pub fn of_chat(connection: &Connection, chat: ChatId) -> Result<Vec<LabelRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM chat_label b JOIN label l ON l.id = b.label_id WHERE b.chat_id = ?1 ORDER BY l.name COLLATE NOCASE, l.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([chat.0], LabelRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes a label of ours, for a device whose gateway has none.
///
/// # Errors
/// The file's.
pub fn add(
    writing: &mut Writing<'_>,
    device: DeviceId,
    name: &str,
    colour: Option<&str>,
) -> Result<LabelId, StoreError> {
    writing
        .prepare_cached("INSERT INTO label (device_id, name, colour) VALUES (?1, ?2, ?3)")?
        .execute(params![device.0, name, colour])?;
    writing.touch(Change::Labels(device));
    Ok(LabelId(writing.last_insert_rowid()))
}

/// One label.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: LabelId) -> Result<LabelRow, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM label l WHERE l.id = ?1
            AND NOT EXISTS (SELECT 1 FROM removing r WHERE r.device_id = l.device_id)"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([id.0], LabelRow::read)?)
}

/// Gives a label another name, and another colour if one is told.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn change(
    writing: &mut Writing<'_>,
    id: LabelId,
    name: &str,
    colour: Option<&str>,
) -> Result<(), StoreError> {
    let sql = "UPDATE label SET name = ?2, colour = coalesce(?3, colour) WHERE id = ?1 RETURNING device_id";
    let device: i64 = writing
        .prepare_cached(sql)?
        .query_row(params![id.0, name, colour], |row| row.get(0))?;
    writing.touch(Change::Labels(DeviceId(device)));
    Ok(())
}

/// Takes over what a gateway says of a label; a mention without a name leaves the name.
///
/// # Errors
/// The file's.
pub fn told(
    writing: &mut Writing<'_>,
    device: DeviceId,
    said: &LabelSnapshot,
) -> Result<LabelId, StoreError> {
    let sql = "SELECT id, name, colour FROM label WHERE device_id = ?1 AND gateway_id = ?2";
    let known: Option<(i64, Option<String>, Option<String>)> = writing
        .prepare_cached(sql)?
        .query_row(params![device.0, said.gateway_id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let name = said.name.as_deref().filter(|name| !name.trim().is_empty());
    let Some((id, known_name, known_colour)) = known else {
        writing
            .prepare_cached(
                "INSERT INTO label (device_id, gateway_id, name, colour) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![device.0, said.gateway_id, name, said.colour])?;
        let id = LabelId(writing.last_insert_rowid());
        writing.touch(Change::Labels(device));
        return Ok(id);
    };
    let news = (name.is_some() && name != known_name.as_deref())
        || (said.colour.is_some() && said.colour != known_colour);
    if news {
        let sql = "UPDATE label SET name = coalesce(?2, name), colour = coalesce(?3, colour) WHERE id = ?1";
        writing
            .prepare_cached(sql)?
            .execute(params![id, name, said.colour])?;
        writing.touch(Change::Labels(device));
    }
    Ok(LabelId(id))
}

/// A label was removed on the phone: that of this id. What is no label's id, and no number as ids are, is taken for a name, where
/// exactly one label of the phone's has it: an example of Whapi's own shows one, though its documentation says id.
///
/// # Errors
/// The file's.
pub fn gone(writing: &mut Writing<'_>, device: DeviceId, gateway_id: &str) -> Result<(), StoreError> {
    let sql = "SELECT id FROM label WHERE device_id = ?1 AND gateway_id = ?2";
    let known: Option<i64> = writing
        .prepare_cached(sql)?
        .query_row(params![device.0, gateway_id], |row| row.get(0))
        .optional()?;
    match known {
        Some(id) => remove(writing, LabelId(id)),
        None => match only_one_named(writing, device, gateway_id)? {
            Some(id) => remove(writing, id),
            None => Ok(()),
        },
    }
}

/// The phone's label of this name, if there is one and no more. A number is never taken for a name: it is a label that went before,
/// told once more.
fn only_one_named(
    connection: &Connection,
    device: DeviceId,
    name: &str,
) -> Result<Option<LabelId>, StoreError> {
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let sql = "SELECT id FROM label WHERE device_id = ?1 AND gateway_id IS NOT NULL AND name = ?2 ORDER BY id LIMIT 2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![device.0, name], |row| Ok(LabelId(row.get(0)?)))?;
    let named = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(match named.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// Removes a label from everywhere.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn remove(writing: &mut Writing<'_>, id: LabelId) -> Result<(), StoreError> {
    let sql = "DELETE FROM label WHERE id = ?1 RETURNING device_id";
    let device: i64 = writing.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?;
    writing
        .prepare_cached("DELETE FROM chat_wish WHERE device_id = ?1 AND what = 'label' AND label_id = ?2")?
        .execute(params![device, id.0])?;
    writing.touch(Change::Labels(DeviceId(device)));
    writing.touch(Change::Chats);
    Ok(())
}

/// A chat bears exactly these labels, says the gateway; those that are wished otherwise here stay as they are.
///
/// # Errors
/// The file's.
pub(super) fn all_of_chat(
    writing: &mut Writing<'_>,
    device: DeviceId,
    chat: ChatId,
    said: &[LabelSnapshot],
) -> Result<(), StoreError> {
    let mut borne = Vec::new();
    for label in said {
        borne.push(told(writing, device, label)?);
    }
    for label in of_chat(writing, chat)? {
        let local = label.gateway_id.is_none();
        if !local && !borne.contains(&label.id) && !is_wished(writing, chat, label.id)? {
            put(writing, chat, label.id, false)?;
        }
    }
    for label in borne {
        if !is_wished(writing, chat, label)? {
            put(writing, chat, label, true)?;
        }
    }
    Ok(())
}

fn is_wished(connection: &Connection, chat: ChatId, label: LabelId) -> Result<bool, StoreError> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM chat_wish WHERE chat_id = ?1 AND what = 'label' AND label_id = ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![chat.0, label.0], |row| row.get(0))?)
}

/// A chat bears a label, or not. `false` = there is no such chat, or the label is another device's.
pub(super) fn put(
    writing: &mut Writing<'_>,
    chat: ChatId,
    label: LabelId,
    on: bool,
) -> Result<bool, StoreError> {
    let sql = "SELECT c.device_id FROM chat c JOIN label l ON l.device_id = c.device_id WHERE c.id = ?1 AND l.id = ?2";
    let device: Option<i64> = writing
        .prepare_cached(sql)?
        .query_row(params![chat.0, label.0], |row| row.get(0))
        .optional()?;
    let Some(device) = device else {
        return Ok(false);
    };
    let sql = if on {
        "INSERT INTO chat_label (label_id, chat_id, archived, pinned, last_at, unread)
         SELECT ?2, id, archived, pinned, last_at, unread > 0 OR marked_unread = 1 FROM chat WHERE id = ?1 ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM chat_label WHERE chat_id = ?1 AND label_id = ?2"
    };
    if writing.prepare_cached(sql)?.execute(params![chat.0, label.0])? > 0 {
        writing.touch(Change::Labels(DeviceId(device)));
        writing.touch(Change::Chat(chat));
        writing.touch(Change::Chats);
    }
    Ok(true)
}
