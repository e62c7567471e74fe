//! Says of each link that nobody is here, unless a person wants it otherwise: as long as the number is shown as being here, the owner's phone may
//! not ring. A new link is shown so by itself, and a program that died may have left an old one so.
//!
//! It is told as soon as the gateway can be called, whatever else is wrong with the device, and once a link. Nothing waits for it, and nobody is
//! told of a failure: what concerns the link is met elsewhere too. It is only told again, later each time.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::DeviceState;

use super::Desk;

/// After one that failed; twice as long each time.
const AGAIN: Duration = Duration::from_secs(60);
/// The longest of these pauses: a gateway that refuses it for good is not to be asked all day.
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Runs until the session ends.
pub(super) async fn run(mut desk: Desk) {
    let presence = desk.link.capabilities().presence && desk.link.presence().is_some();
    let mut links = desk.of_link.subscribe();
    let (mut told, mut again) = (None, AGAIN);
    while presence && desk.wait_until(DeviceState::is_linked).await {
        let link = *links.borrow_and_update();
        if link.is_some() && link != told {
            if !tell(&desk).await {
                tokio::select! {
                    () = desk.shared.clock.sleep(again) => again = DAY.min(again * 2),
                    _ = links.changed() => again = AGAIN,
                }
                continue;
            }
            (told, again) = (link, AGAIN);
        }
        // Never closed: it is on the desk.
        let _open = links.changed().await;
    }
    // The session is ending, or there is nothing to tell: wait to be dropped.
    std::future::pending().await
}

/// `true` = the gateway knows, or a person wants it otherwise.
async fn tell(desk: &Desk) -> bool {
    match desk.link.presence() {
        Some(presence) if !desk.shown.load(Ordering::Relaxed) => presence.set_own(false).await.is_ok(),
        _ => true,
    }
}
