//! Events of kinds that we do not know: kept as they came, never dropped, each once however often it is told. How long they
//! are kept is [`super::retention`]'s.

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::params;
use sha2::{Digest, Sha256};

use crate::{StoreError, Writing};

/// Keeps one. Told again, it is the same one.
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
    let sql = "INSERT INTO raw_event (device_id, at, raw_kind, raw, hash) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    writing
        .prepare_cached(sql)?
        .execute(params![device.0, at.0, raw_kind, raw, hash(raw_kind, raw)])?;
    Ok(())
}

fn hash(raw_kind: &str, raw: &str) -> String {
    let digest = Sha256::new()
        .chain_update(raw_kind)
        .chain_update([0])
        .chain_update(raw)
        .finalize();
    format!("{digest:x}")
}
