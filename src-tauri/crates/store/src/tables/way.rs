//! The way in from the internet that a shop brings for a device (a tunnel), and what its gateway was told of it.
//!
//! Two columns, each with one writer: `address` is what the shop wants and changes by compare-and-set; `told` is what the gateway
//! was told, and is noted by the device's session before it tells it, so that whatever happens in between is taken back later.

use mostrador_domain::DeviceId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Change, StoreError, StoreErrorKind, Writing};

/// A device's way in from the internet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WayRow {
    /// Where the shop's tunnel begins; `None` = it has none.
    pub address: Option<String>,
    /// The address that the gateway was told; `None` = none, or it was taken back.
    pub told: Option<String>,
}

/// That of a device; one without has an empty row.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, id: DeviceId) -> Result<WayRow, StoreError> {
    let sql = "SELECT address, told FROM public_way WHERE device_id = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| {
            Ok(WayRow {
                address: row.get(0)?,
                told: row.get(1)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The shop's tunnel begins at `address` from now on; `None` = it has none any more. `seen` is what it was when the person
/// decided so.
///
/// # Errors
/// [`StoreErrorKind::StateChanged`]: it is not that any more.
pub fn set_address(
    writing: &mut Writing<'_>,
    id: DeviceId,
    seen: Option<&str>,
    address: Option<&str>,
) -> Result<(), StoreError> {
    ensure_row(writing, id)?;
    let sql = "UPDATE public_way SET address = ?3 WHERE device_id = ?1 AND address IS ?2";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, seen, address])?;
    if changed == 0 {
        return Err(StoreError::of(StoreErrorKind::StateChanged));
    }
    writing.touch(Change::Hooks(id));
    Ok(())
}

/// The gateway is about to be told this address, or (`None`) was asked not to call any more. `before` is what it had been told.
/// Says whether it was noted: `false` = somebody else was faster.
///
/// # Errors
/// The file's.
pub fn note_told(
    writing: &mut Writing<'_>,
    id: DeviceId,
    before: Option<&str>,
    told: Option<&str>,
) -> Result<bool, StoreError> {
    ensure_row(writing, id)?;
    let sql = "UPDATE public_way SET told = ?3 WHERE device_id = ?1 AND told IS ?2";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, before, told])?;
    writing.touch(Change::Hooks(id));
    Ok(changed > 0)
}

fn ensure_row(writing: &Writing<'_>, id: DeviceId) -> Result<(), StoreError> {
    let sql = "INSERT INTO public_way (device_id) VALUES (?1) ON CONFLICT (device_id) DO NOTHING";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}
