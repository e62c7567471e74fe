//! Pictures of people and groups: where the gateway says that they lie. The bytes are no concern of the store's: small copies are
//! kept in a folder by their address, and can be fetched again.
//!
//! A picture that moves gets another number: whoever shows it by its number never shows an old one for the new.

use mostrador_domain::{Address, DeviceId, PictureId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::tables::{chat, person};
use crate::{Change, StoreError, Writing};

/// The picture of whoever is at `address`, if the gateway has told of one.
///
/// # Errors
/// The file's.
pub fn of(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Option<PictureId>, StoreError> {
    let sql = "SELECT id FROM picture WHERE device_id = ?1 AND address = ?2";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![device.0, address.as_str()], |row| {
            row.get(0).map(PictureId)
        })
        .optional()?)
}

/// Whose gateway has a picture, and where it lies.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: PictureId) -> Result<(DeviceId, String), StoreError> {
    let sql = "SELECT device_id, url FROM picture p WHERE id = ?1
                AND NOT EXISTS (SELECT 1 FROM removing r WHERE r.device_id = p.device_id)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?)
}

/// Where all pictures lie that are still spoken of.
///
/// # Errors
/// The file's.
pub fn places(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT url FROM picture")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The gateway says where the picture of whoever is at `address` lies: under all of a person's addresses.
///
/// # Errors
/// The file's.
pub(super) fn told(
    writing: &mut Writing<'_>,
    device: DeviceId,
    address: &Address,
    url: &str,
) -> Result<(), StoreError> {
    for known in person::addresses_of(writing, address)? {
        put(writing, device, &known, url)?;
    }
    Ok(())
}

/// What is known under one address of a person holds for the others, where nothing else is known.
///
/// # Errors
/// The file's.
pub(super) fn share(
    writing: &mut Writing<'_>,
    device: DeviceId,
    address: &Address,
) -> Result<(), StoreError> {
    let mut without = Vec::new();
    let mut known = None;
    for address in person::addresses_of(writing, address)? {
        let sql = "SELECT url FROM picture WHERE device_id = ?1 AND address = ?2";
        let url: Option<String> = writing
            .prepare_cached(sql)?
            .query_row(params![device.0, address.as_str()], |row| row.get(0))
            .optional()?;
        match url {
            Some(url) => known = known.or(Some(url)),
            None => without.push(address),
        }
    }
    let Some(url) = known else { return Ok(()) };
    for address in without {
        put(writing, device, &address, &url)?;
    }
    Ok(())
}

/// What names a picture: where it lies. WhatsApp's own servers give each an address of its own, to which ever new signatures are
/// added: those are no part of it.
pub fn identity(url: &str) -> &str {
    let (place, _) = url.split_once('?').unwrap_or((url, ""));
    let host = place.split('/').nth(2).unwrap_or_default();
    if host.ends_with(".whatsapp.net") {
        place
    } else {
        url
    }
}

fn put(writing: &mut Writing<'_>, device: DeviceId, address: &Address, url: &str) -> Result<(), StoreError> {
    let known: Option<String> = writing
        .prepare_cached("SELECT url FROM picture WHERE device_id = ?1 AND address = ?2")?
        .query_row(params![device.0, address.as_str()], |row| row.get(0))
        .optional()?;
    let sql = match known {
        Some(known) if known == url => return Ok(()),
        Some(known) if identity(&known) == identity(url) => {
            "UPDATE picture SET url = ?3 WHERE device_id = ?1 AND address = ?2"
        }
        _ => "INSERT OR REPLACE INTO picture (device_id, address, url) VALUES (?1, ?2, ?3)",
    };
    let moved = sql.starts_with("INSERT");
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, address.as_str(), url])?;
    if moved && let Some(chat) = chat::find(writing, device, address)? {
        writing.touch(Change::Chat(chat));
        writing.touch(Change::Chats);
    }
    Ok(())
}
