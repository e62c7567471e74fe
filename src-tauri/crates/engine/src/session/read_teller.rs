//! Tells the gateway what has been read here, so that the phone shows it as read too.
//!
//! What is to be told is stored with the chat; it is cleared by compare-and-set once told. A gateway that cannot mark as read,
//! refuses for good, or fails on it again and again, is not asked again for that message: one chat must not hold up the
//! others. A link that is lost is waited for.

use std::time::Duration;

use mostrador_domain::{DeviceState, Failure};
use mostrador_store::tables::chat::{self, ReadToTell};
use mostrador_store::{Change, StoreError};

use super::Desk;

/// After a failure that may pass.
const PAUSE: Duration = Duration::from_secs(10);
/// Tries of one message before it is let go.
const TRIES: u32 = 10;

/// Runs until the session ends.
pub(super) async fn run(mut desk: Desk) {
    let mut changes = desk.shared.store.changes();
    let mut failed = 0;
    loop {
        if !desk.wait_until(DeviceState::may_send).await {
            return std::future::pending().await;
        }
        let device = desk.device;
        match tell_next(&desk, &mut failed).await {
            Ok(true) => {}
            Ok(false) => {
                let wake = Change::ReadToTell(device);
                if !changes.wait_for(|change| *change == wake).await {
                    return std::future::pending().await;
                }
            }
            Err(error) => {
                tracing::warn!(%device, %error, "telling what was read stopped for now");
                desk.shared.clock.sleep(PAUSE).await;
            }
        }
    }
}

/// Tells one; `false` = there is none. `failed`: how often in a row it could not be told.
async fn tell_next(desk: &Desk, failed: &mut u32) -> Result<bool, StoreError> {
    let device = desk.device;
    let next = desk
        .shared
        .store
        .read(move |connection| chat::next_read_to_tell(connection, device))
        .await?;
    let Some(next) = next else { return Ok(false) };
    let told = tell(desk, &next).await;
    *failed = if told { 0 } else { *failed + 1 };
    if told || *failed >= TRIES {
        *failed = 0;
        desk.shared
            .store
            .write(move |writing| chat::read_was_told(writing, &next))
            .await?;
    } else {
        desk.shared.clock.sleep(PAUSE).await;
    }
    Ok(true)
}

/// `true` = told, or not to be told again.
async fn tell(desk: &Desk, next: &ReadToTell) -> bool {
    let Some(facet) = desk.link.read_state() else {
        return true;
    };
    match facet.mark_read(&next.address, &next.gateway_id).await {
        Ok(()) => true,
        Err(failure @ Failure::Rejected { .. }) => {
            desk.met_unless_refused(failure).await;
            true
        }
        Err(failure) if failure.is_passing() => false,
        Err(failure) => {
            desk.met(failure).await;
            false
        }
    }
}
