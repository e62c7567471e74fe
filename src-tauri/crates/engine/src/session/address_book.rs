//! Fetches what the phone knows besides messages: its persons with their names and hidden numbers, its groups, its labels.
//!
//! Once after each start and link, then once a day; what changes in between comes as events. Nothing waits for it: a
//! conversation is shown with the name that it has. What is not mentioned stays as it is, since a page shifts while it is read.
//!
//! A list that cannot be had hides no other one: they are read all the same, and only it is asked for again, at first soon and then
//! ever more seldom, since it may be megabytes each time of which nothing can be read. What concerns the gateway as a whole (it cannot
//! be reached, the number is unlinked) ends the reading, and is met as everywhere.

use std::time::Duration;

use mostrador_domain::{DeviceState, Failure, Inbound};
use mostrador_gateways::Page;
use mostrador_store::StoreError;
use mostrador_store::tables::ingest::Origin;

use super::Desk;
use super::trouble::Trouble;

/// Between two whole readings.
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// After one that failed; twice as long each time that it is the list which cannot be had.
const AGAIN: Duration = Duration::from_secs(600);
/// Asked for at once.
const PAGE: u32 = 100;
/// Pages read of each list at the most: a gateway that gives the same page for ever must end.
const MAX_PAGES: u32 = 1_000;

/// What is read, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Persons,
    Groups,
    Labels,
}

const LISTS: [List; 3] = [List::Persons, List::Groups, List::Labels];

/// A reading, as far as it has come.
struct Reading {
    /// The lists that are still to be read.
    left: Vec<List>,
    /// After how long those that cannot be had are asked for again.
    again: Duration,
}

impl Reading {
    fn new() -> Self {
        Self {
            left: LISTS.to_vec(),
            again: AGAIN,
        }
    }
}

/// Runs until the session ends.
pub(super) async fn run(mut desk: Desk) {
    let mut links = desk.of_link.subscribe();
    let mut reading = Reading::new();
    // Not while the first sync is under way: people wait for that.
    while desk
        .wait_until(|state| matches!(state, DeviceState::Online))
        .await
    {
        links.mark_unchanged();
        let rest = match read(&desk, &mut reading.left).await {
            Ok(()) => {
                reading = Reading::new();
                DAY
            }
            Err(Trouble::Gateway(failure)) if is_of_the_list(&failure) => {
                tracing::info!(device = %desk.device, %failure, left = ?reading.left, "what the phone knows could not all be read");
                let rest = reading.again;
                reading.again = DAY.min(rest * 2);
                rest
            }
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
        tokio::select! {
            () = desk.shared.clock.sleep(rest) => {}
            // Another link may be another phone.
            _ = links.changed() => reading = Reading::new(),
        }
    }
    // The session is ending: wait to be dropped.
    std::future::pending().await
}

/// Reads what is left, and takes out what was read. The first failure of a list, if one cannot be had.
async fn read(desk: &Desk, left: &mut Vec<List>) -> Result<(), Trouble> {
    let mut met = Ok(());
    let mut at = 0;
    while let Some(list) = left.get(at).copied() {
        let read = match list {
            List::Persons => persons(desk).await,
            List::Groups => groups(desk).await,
            List::Labels => labels(desk).await,
        };
        match read {
            Ok(()) => {
                left.remove(at);
            }
            Err(Trouble::Gateway(failure)) if is_of_the_list(&failure) => {
                met = met.and(Err(Trouble::Gateway(failure)));
                at += 1;
            }
            Err(trouble) => return Err(trouble),
        }
    }
    met
}

/// May another list be had all the same?
fn is_of_the_list(failure: &Failure) -> bool {
    matches!(failure, Failure::Unknown { .. } | Failure::Rejected { .. })
}

async fn persons(desk: &Desk) -> Result<(), Trouble> {
    let lists = desk.link.capabilities().contacts;
    let Some(contacts) = desk.link.contacts().filter(|_| lists) else {
        return Ok(());
    };
    for page in 0..MAX_PAGES {
        if store(desk, contacts.page(page * PAGE, PAGE).await?).await? {
            break;
        }
    }
    Ok(())
}

async fn groups(desk: &Desk) -> Result<(), Trouble> {
    let Some(groups) = desk.link.groups() else {
        return Ok(());
    };
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
    Ok(())
}

async fn labels(desk: &Desk) -> Result<(), Trouble> {
    let Some(labels) = desk.link.labels() else {
        return Ok(());
    };
    let events = labels.list().await?.into_iter().map(Inbound::Label).collect();
    desk.shared
        .ingest
        .take(desk.device, events, Origin::History)
        .await?;
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
