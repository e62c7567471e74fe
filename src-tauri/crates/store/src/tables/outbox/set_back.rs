//! A wall clock that was set back.
//!
//! Times of the outbox are the wall clock's, since they have to outlive the program. A row that was made or claimed *after*
//! now was so by a clock that has been set back since: its waits would last for as long as the clock went back, so they end
//! now. A send that is being looked for keeps what it is; only when it is looked for next changes.

use std::time::Duration;

use mostrador_domain::{DeviceId, UnixMillis};
use rusqlite::params;

use crate::{Change, StoreError, Writing};

/// A clock is never quite steady: so little ahead is no clock that was set back.
pub(in crate::tables) const STEADY: Duration = Duration::from_secs(60);

/// Ends the waits of a device's rows that are from a time which, by the clock of now, is still to come. Says how many.
///
/// # Errors
/// The file's.
pub fn clock_was_set_back(
    writing: &mut Writing<'_>,
    device: DeviceId,
    now: UnixMillis,
) -> Result<u32, StoreError> {
    let ahead = now.after(STEADY);
    let waiting = "UPDATE outbox SET next_at = min(next_at, ?2), not_before = min(not_before, ?2), created_at = min(created_at, ?2)
                    WHERE device_id = ?1 AND state = 'ready' AND (created_at > ?3 OR claimed_at > ?3) AND next_at > ?2";
    let looked_for = "UPDATE outbox SET claimed_at = min(claimed_at, ?2), looked_at = min(looked_at, ?2)
                       WHERE device_id = ?1 AND state = 'uncertain' AND (claimed_at > ?3 OR looked_at > ?3)";
    let mut changed = 0;
    for sql in [waiting, looked_for] {
        changed += writing
            .prepare_cached(sql)?
            .execute(params![device.0, now.0, ahead.0])?;
    }
    if changed > 0 {
        writing.touch(Change::Outbox(device));
    }
    Ok(u32::try_from(changed).unwrap_or(u32::MAX))
}
