//! The way in from the internet that a shop brings for a device (a tunnel), and what its gateway was told of it.
//!
//! `address` is what the shop wants and changes by compare-and-set; `told` is what the gateway was told, and is noted by the device's
//! session before it tells it, so that whatever happens in between is taken back later. `port` is the port of ours to which the
//! address is known to lead: the one of the day on which a person stored it, or at which a call of ours arrived through it since. If our
//! port is another one now, another program may be at the tunnel's end. `told_port` is the same of the address that was told, which goes
//! on being called while the shop's next one leads nowhere yet.

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
    /// To which port of ours the address is known to lead; `None` = to none.
    pub port: Option<u16>,
    /// To which port of ours the address that was told is known to lead; `None` = to none.
    pub told_port: Option<u16>,
}

impl WayRow {
    /// Is there an address that is known to lead nowhere? Of gateways that list what they could not tell none is stored so.
    pub fn is_unproved(&self) -> bool {
        self.address.is_some() && self.port.is_none()
    }
}

/// That of a device; one without has an empty row.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, id: DeviceId) -> Result<WayRow, StoreError> {
    let sql = "SELECT address, told, port, told_port FROM public_way WHERE device_id = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| {
            Ok(WayRow {
                address: row.get(0)?,
                told: row.get(1)?,
                port: row.get(2)?,
                told_port: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The shop's tunnel begins at `address` from now on; `None` = it has none any more. `seen` is what it was when the person
/// decided so. A new address leads to `port`: to ours of today, which is shown beside it, or to none before that is proved. The same one
/// once more proves nothing, and one to which the shop comes back leads where it led.
///
/// # Errors
/// [`StoreErrorKind::StateChanged`]: it is not that any more.
pub fn set_address(
    writing: &mut Writing<'_>,
    id: DeviceId,
    seen: Option<&str>,
    address: Option<&str>,
    port: Option<u16>,
) -> Result<(), StoreError> {
    ensure_row(writing, id)?;
    let sql = "UPDATE public_way SET address = ?3, port = CASE WHEN ?3 IS NULL THEN NULL WHEN ?3 IS address THEN port
                  WHEN ?3 IS told THEN coalesce(told_port, ?4) ELSE ?4 END
                WHERE device_id = ?1 AND address IS ?2";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, seen, address, port])?;
    if changed == 0 {
        return Err(StoreError::of(StoreErrorKind::StateChanged));
    }
    writing.touch(Change::Hooks(id));
    Ok(())
}

/// The gateway is about to be told this address, which leads to that port of ours, or (`None`) was asked not to call any more.
/// `before` is what it had been told. Says whether it was noted: `false` = somebody else was faster.
///
/// # Errors
/// The file's.
pub fn note_told(
    writing: &mut Writing<'_>,
    id: DeviceId,
    before: Option<&str>,
    told: Option<(&str, u16)>,
) -> Result<bool, StoreError> {
    ensure_row(writing, id)?;
    let (told, port) = told.unzip();
    let sql = "UPDATE public_way SET told = ?3, told_port = ?4 WHERE device_id = ?1 AND told IS ?2";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, before, told, port])?;
    writing.touch(Change::Hooks(id));
    Ok(changed > 0)
}

/// A call of ours through the tunnel at `address` arrived at this port. `false` = that is the shop's address no longer.
///
/// # Errors
/// The file's.
pub fn note_proved(
    writing: &mut Writing<'_>,
    id: DeviceId,
    address: &str,
    port: u16,
) -> Result<bool, StoreError> {
    let sql =
        "UPDATE public_way SET port = ?3, told_port = CASE WHEN told IS address THEN ?3 ELSE told_port END
                WHERE device_id = ?1 AND address = ?2";
    let changed = writing
        .prepare_cached(sql)?
        .execute(params![id.0, address, port])?;
    writing.touch(Change::Hooks(id));
    Ok(changed > 0)
}

fn ensure_row(writing: &Writing<'_>, id: DeviceId) -> Result<(), StoreError> {
    let sql = "INSERT INTO public_way (device_id) VALUES (?1) ON CONFLICT (device_id) DO NOTHING";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}
