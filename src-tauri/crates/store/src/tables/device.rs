//! Devices, as they are kept. What a device is doing right now lives in its session; the file holds what must survive.

use mostrador_domain::{Address, DeviceId, UnixMillis};
use rusqlite::{Connection, Row, params};

use crate::quiet::quiet_debug;
use crate::{Change, StoreError, Writing};

/// One device.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its number.
    pub id: DeviceId,
    /// The driver's word.
    pub gateway: String,
    /// Given by the shop.
    pub name: String,
    /// Where the gateway is; `None` = the driver's default.
    pub url: Option<String>,
    /// Under which the token is kept.
    pub secret_key: String,
    /// The linked number.
    pub own: Option<Address>,
    /// Was it linked when we last heard?
    pub linked: bool,
    /// When the first sync of this link ended.
    pub synced_at: Option<UnixMillis>,
    /// Polling has seen everything up to this time of the gateway's.
    pub polled_until: Option<UnixMillis>,
    /// When something last came in.
    pub last_event_at: Option<UnixMillis>,
    /// When something of ours was last acknowledged.
    pub last_ack_at: Option<UnixMillis>,
}

/// A device to add.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// The driver's word.
    pub gateway: String,
    /// Given by the shop.
    pub name: String,
    /// Where the gateway is.
    pub url: Option<String>,
    /// Under which the token is kept.
    pub secret_key: String,
}

quiet_debug!(
    DeviceRow {
        id,
        gateway,
        linked,
        synced_at,
        polled_until
    },
    NewDevice { gateway },
);

const COLUMNS: &str = "id, gateway, name, url, secret_key, own_address, linked, synced_at, polled_until, last_event_at, last_ack_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        id: DeviceId(row.get(0)?),
        gateway: row.get(1)?,
        name: row.get(2)?,
        url: row.get(3)?,
        secret_key: row.get(4)?,
        own: row
            .get::<_, Option<String>>(5)?
            .map(|value| Address::parse(&value)),
        linked: row.get(6)?,
        synced_at: row.get::<_, Option<i64>>(7)?.map(UnixMillis),
        polled_until: row.get::<_, Option<i64>>(8)?.map(UnixMillis),
        last_event_at: row.get::<_, Option<i64>>(9)?.map(UnixMillis),
        last_ack_at: row.get::<_, Option<i64>>(10)?.map(UnixMillis),
    })
}

/// All devices, oldest first.
///
/// # Errors
/// The file's.
pub fn list(connection: &Connection) -> Result<Vec<DeviceRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM device ORDER BY id"))?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One device.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: DeviceId) -> Result<DeviceRow, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"))?;
    Ok(statement.query_row([id.0], from_row)?)
}

/// Adds one.
///
/// # Errors
/// The file's.
pub fn add(writing: &mut Writing<'_>, new: &NewDevice, now: UnixMillis) -> Result<DeviceId, StoreError> {
    writing.execute(
        "INSERT INTO device (gateway, name, url, secret_key, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.gateway, new.name, new.url, new.secret_key, now.0],
    )?;
    writing.touch(Change::Devices);
    Ok(DeviceId(writing.last_insert_rowid()))
}

/// Takes one away with everything that belongs to it.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn remove(writing: &mut Writing<'_>, id: DeviceId) -> Result<(), StoreError> {
    if writing.execute("DELETE FROM device WHERE id = ?1", [id.0])? == 0 {
        return Err(StoreError::not_found());
    }
    writing.touch(Change::Devices);
    writing.touch(Change::Chats);
    Ok(())
}

/// The number is linked. Another number than before begins anew: its first sync is to be done.
///
/// # Errors
/// The file's.
pub fn linked(writing: &mut Writing<'_>, id: DeviceId, own: Option<&Address>) -> Result<(), StoreError> {
    writing.execute(
        "UPDATE device SET linked = 1,
                synced_at = CASE WHEN ?2 IS NOT NULL AND own_address IS NOT NULL AND own_address <> ?2 THEN NULL ELSE synced_at END,
                own_address = coalesce(?2, own_address)
         WHERE id = ?1",
        params![id.0, own.map(Address::as_str)],
    )?;
    writing.touch(Change::Devices);
    Ok(())
}

/// The number is no longer linked. The next link syncs again: much may have happened in between.
///
/// # Errors
/// The file's.
pub fn unlinked(writing: &mut Writing<'_>, id: DeviceId) -> Result<(), StoreError> {
    writing.execute(
        "UPDATE device SET linked = 0, synced_at = NULL WHERE id = ?1",
        [id.0],
    )?;
    writing.touch(Change::Devices);
    Ok(())
}

/// The first sync is done; of a number that was unlinked meanwhile it is not.
///
/// # Errors
/// The file's.
pub fn synced(writing: &mut Writing<'_>, id: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    writing.execute(
        "UPDATE device SET synced_at = ?2 WHERE id = ?1 AND linked = 1",
        params![id.0, now.0],
    )?;
    writing.touch(Change::Devices);
    Ok(())
}

/// Polling has seen everything up to `until`; never goes back.
///
/// # Errors
/// The file's.
pub fn polled(writing: &Writing<'_>, id: DeviceId, until: UnixMillis) -> Result<(), StoreError> {
    let sql = "UPDATE device SET polled_until = ?2 WHERE id = ?1 AND coalesce(polled_until, 0) < ?2";
    writing.prepare_cached(sql)?.execute(params![id.0, until.0])?;
    Ok(())
}

/// Something came in.
///
/// # Errors
/// The file's.
pub fn heard(writing: &mut Writing<'_>, id: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE device SET last_event_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now.0])?;
    writing.touch(Change::Devices);
    Ok(())
}

/// Something of ours was acknowledged.
///
/// # Errors
/// The file's.
pub fn acknowledged(writing: &mut Writing<'_>, id: DeviceId, now: UnixMillis) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE device SET last_ack_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now.0])?;
    writing.touch(Change::Devices);
    Ok(())
}
