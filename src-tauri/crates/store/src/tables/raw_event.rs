//! Events of kinds that we do not know: kept as they came, never dropped.

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::params;

use crate::{StoreError, Writing};

/// Keeps one.
///
/// # Errors
/// The file's.
pub fn keep(
    writing: &Writing<'_>,
    device: DeviceId,
    at: UnixMillis,
    raw_kind: &str,
    raw: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO raw_event (device_id, at, raw_kind, raw) VALUES (?1, ?2, ?3, ?4)";
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, at.0, raw_kind, raw])?;
    Ok(())
}
