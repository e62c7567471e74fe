//! A pause that the gateway asked for: it says for how long nothing shall be sent, and counts on while this program is closed.

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use crate::{StoreError, Writing};

/// The gateway asks now for a pause until then. An earlier wish for longer stays.
///
/// # Errors
/// The file's.
pub fn hold(
    writing: &Writing<'_>,
    id: DeviceId,
    until: UnixMillis,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let sql =
        "UPDATE device SET hold_since = ?3, hold_until = max(coalesce(hold_until, ?2), ?2) WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![id.0, until.0, now.0])?;
    Ok(())
}

/// Until when the gateway wants nothing to be sent; `None` = it has not asked for a pause.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn held(connection: &Connection, id: DeviceId) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT hold_until FROM device WHERE id = ?1";
    let until: Option<i64> = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?;
    Ok(until.map(UnixMillis))
}

/// Whoever asked for the pause is not asked any more.
///
/// # Errors
/// The file's.
pub fn let_go_of_hold(writing: &Writing<'_>, id: DeviceId) -> Result<(), StoreError> {
    let sql = "UPDATE device SET hold_since = NULL, hold_until = NULL WHERE id = ?1";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}
