//! How much of a plan's calls a device has used, in months of thirty days that begin with the first call that was counted.

use std::time::Duration;

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{StoreError, Writing};

/// As plans count. When a gateway's own month begins it does not say.
pub const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);

/// What a plan allows, and what was used of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanUse {
    /// So many calls a month; `None` = any number.
    pub calls: Option<u32>,
    /// When the gateway said so.
    pub asked_at: UnixMillis,
    /// When the month began.
    pub since: UnixMillis,
    /// So many calls were made since.
    pub used: u32,
}

/// That of a device; `None` = its gateway was never asked.
///
/// # Errors
/// The file's.
pub fn get(connection: &Connection, device: DeviceId) -> Result<Option<PlanUse>, StoreError> {
    let sql = "SELECT calls, asked_at, since, used FROM plan_use WHERE device_id = ?1";
    let found = connection.prepare_cached(sql)?.query_row([device.0], |row| {
        Ok(PlanUse {
            calls: row.get(0)?,
            asked_at: UnixMillis(row.get(1)?),
            since: UnixMillis(row.get(2)?),
            used: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

/// The gateway has said how many calls a month the plan allows.
///
/// # Errors
/// The file's.
pub fn told(
    writing: &mut Writing<'_>,
    device: DeviceId,
    calls: Option<u32>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO plan_use (device_id, calls, asked_at, since, used) VALUES (?1, ?2, ?3, ?3, 0)
               ON CONFLICT (device_id) DO UPDATE SET calls = excluded.calls, asked_at = excluded.asked_at";
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, calls, now.0])?;
    Ok(())
}

/// So many more calls were made. A month that is over, or that has not begun by a clock that was set back, begins now.
///
/// # Errors
/// The file's.
pub fn used(
    writing: &mut Writing<'_>,
    device: DeviceId,
    more: u32,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "UPDATE plan_use SET used = CASE WHEN since BETWEEN ?3 AND ?4 THEN used ELSE 0 END + ?2,
                      since = CASE WHEN since BETWEEN ?3 AND ?4 THEN since ELSE ?4 END
                WHERE device_id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, more, now.before(MONTH).0, now.0])?;
    Ok(())
}
