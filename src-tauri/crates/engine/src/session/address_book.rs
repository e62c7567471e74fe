//! Fetches what the phone knows besides messages: its persons with their names and hidden numbers, its groups, its labels.
//!
//! Once after each start and link, then once a day; what changes in between comes as events. Nothing waits for it: a
//! conversation is shown with the name that it has. What is not mentioned stays as it is, since a page shifts while it is read.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{DeviceState, Inbound};
use mostrador_gateways::Page;
use mostrador_store::StoreError;
use mostrador_store::tables::ingest::Origin;

use super::Desk;
use super::trouble::Trouble;

/// Between two whole readings.
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// After one that failed.
const AGAIN: Duration = Duration::from_secs(600);
/// Asked for at once.
const PAGE: u32 = 100;
/// Pages read of each list at the most: a gateway that gives the same page for ever must end.
const MAX_PAGES: u32 = 1_000;

/// Runs until the session ends.
pub(super) async fn run(mut desk: Desk) {
    // A program that died may have left the number shown as being here: the owner's phone would not ring.
    let mut said_away = false;
    // Not while the first sync is under way: people wait for that.
    while desk
        .wait_until(|state| matches!(state, DeviceState::Online))
        .await
    {
        if !said_away {
            said_away = away(&desk).await;
        }
        let rest = match read(&desk).await {
            Ok(()) => DAY,
            Err(Trouble::Gateway(failure)) => {
                tracing::info!(device = %desk.device, %failure, "persons and groups could not be read");
                desk.met_unless_uncertain(&failure).await;
                AGAIN
            }
            Err(Trouble::Store(error)) => {
                tracing::info!(device = %desk.device, %error, "persons and groups could not be stored: later again");
                AGAIN
            }
        };
        let mut state = desk.state.clone();
        tokio::select! {
            () = desk.shared.clock.sleep(rest) => {}
            // Another link may be another phone.
            _ = state.wait_for(|state| matches!(state, DeviceState::LoggedOut | DeviceState::Pairing(_))) => {}
        }
    }
    // The session is ending: wait to be dropped.
    std::future::pending().await
}

/// Says that we are not here, unless a person wants it otherwise. Nothing waits for it; a failure is met elsewhere too.
async fn away(desk: &Desk) -> bool {
    let presence = desk.link.presence().filter(|_| desk.link.capabilities().presence);
    match presence {
        Some(presence) if !desk.shown.load(Ordering::Relaxed) => presence.set_own(false).await.is_ok(),
        _ => true,
    }
}

async fn read(desk: &Desk) -> Result<(), Trouble> {
    let lists = desk.link.capabilities().contacts;
    if let Some(contacts) = desk.link.contacts().filter(|_| lists) {
        for page in 0..MAX_PAGES {
            if store(desk, contacts.page(page * PAGE, PAGE).await?).await? {
                break;
            }
        }
    }
    if let Some(groups) = desk.link.groups() {
        let mut offset = 0;
        for _ in 0..MAX_PAGES {
            let page = groups.page(offset, PAGE).await?;
            offset += page.covered;
            // A driver may give fewer than were asked for: only an empty page, or the total, is the end.
            let ended = page.covered == 0 || page.total.is_some_and(|total| offset >= total);
            store(desk, page).await?;
            if ended {
                break;
            }
        }
    }
    if let Some(labels) = desk.link.labels() {
        let events = labels.list().await?.into_iter().map(Inbound::Label).collect();
        desk.shared
            .ingest
            .take(desk.device, events, Origin::History)
            .await?;
    }
    Ok(())
}

/// Stores a page; `true` = it was the last one.
async fn store(desk: &Desk, page: Page<Inbound>) -> Result<bool, StoreError> {
    let last = page.covered < PAGE;
    desk.shared
        .ingest
        .take(desk.device, page.items, Origin::History)
        .await?;
    Ok(last)
}
