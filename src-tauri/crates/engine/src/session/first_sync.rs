//! The first sync of a link: the list of chats, and the newest messages of each.
//!
//! Messages written after it began, or after what an earlier link had seen, are live and so unread; the others are history.
//! A chat that the gateway refuses to show is left out. One at which it only stumbles (an error, an answer that cannot be
//! read) goes to the end of the queue and is tried again, [`ROUNDS`] times in all; the others do not wait for it. What
//! concerns the whole link (no connection, slow down, the token) ends the attempt, and the next one goes on with the chats
//! that are still to do.

use mostrador_domain::{Address, Failure, FailureCode, Inbound, UnixMillis};
use mostrador_gateways::HistoryQuery;
use mostrador_store::tables::device::{self, DeviceRow};
use mostrador_store::tables::ingest::Origin;

use super::Command;
use super::follower::{Follower, PAGE, Trouble};
use crate::crash;

/// Messages of each chat that are fetched.
const MESSAGES: u32 = 100;
/// How often a chat at which the gateway stumbles is tried.
const ROUNDS: u32 = 3;

/// Runs it to its end.
pub(super) async fn run(follower: &Follower, row: &DeviceRow) -> Result<(), Trouble> {
    let live_from = row
        .polled_until
        .unwrap_or_else(|| follower.desk.shared.clock.now());
    let first_ever = row.polled_until.is_none();
    let origin = if first_ever { Origin::History } else { Origin::Live };
    let mut to_do = fetch_chats(follower, origin).await?;
    let total = u32::try_from(to_do.len()).unwrap_or(u32::MAX);
    let (mut done, mut newest) = (0, None);
    for round in 1..=ROUNDS {
        let mut stumbled = Vec::new();
        for chat in to_do {
            progress(follower, done, total).await;
            match first_messages(follower, &chat, live_from).await? {
                Fetched::Messages(at) => {
                    newest = newest.max(at);
                    done += 1;
                }
                Fetched::Stumbled => stumbled.push(chat),
            }
            crash::point("sync.chat");
        }
        to_do = stumbled;
        if to_do.is_empty() {
            break;
        }
        tracing::info!(device = %follower.desk.device, round, chats = to_do.len(), "the gateway stumbles at some chats");
    }
    progress(follower, total, total).await;
    // After an earlier link the poll reads all since then: a chat may have more that is new than was fetched here.
    if first_ever {
        follower.seen_until(newest).await?;
    }
    let (device, now) = (follower.desk.device, follower.desk.shared.clock.now());
    follower
        .desk
        .shared
        .store
        .write(move |writing| device::synced(writing, device, now))
        .await?;
    let _ending = follower.desk.commands.send(Command::Synced).await;
    Ok(())
}

/// What came of asking for a chat's messages.
enum Fetched {
    /// They are stored; the newest was written then. A chat that is not shown has none.
    Messages(Option<UnixMillis>),
    /// The gateway made a mistake; it may do better later.
    Stumbled,
}

async fn first_messages(
    follower: &Follower,
    chat: &Address,
    live_from: UnixMillis,
) -> Result<Fetched, Trouble> {
    let Some(history) = follower.desk.link.history() else {
        return Ok(Fetched::Messages(None));
    };
    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: MESSAGES,
    };
    match history.of_chat(chat, query).await {
        Ok(page) => Ok(Fetched::Messages(follower.take_split(page, live_from).await?.newest)),
        Err(Failure::Rejected {
            code: code @ (FailureCode::RefusedContent | FailureCode::RefusedRecipient),
        }) => {
            tracing::info!(device = %follower.desk.device, ?code, "the gateway refuses to show a chat: going on without it");
            Ok(Fetched::Messages(None))
        }
        Err(Failure::Unknown { cause }) => {
            tracing::debug!(device = %follower.desk.device, %cause, "the gateway stumbled at a chat");
            Ok(Fetched::Stumbled)
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn progress(follower: &Follower, done: u32, total: u32) {
    let told = Command::Progress {
        done,
        total: Some(total),
    };
    let _ending = follower.desk.commands.send(told).await;
}

/// All chats; a page that shifts while we read gives a chat twice, never less.
async fn fetch_chats(follower: &Follower, origin: Origin) -> Result<Vec<Address>, Trouble> {
    let Some(facet) = follower.desk.link.chats() else {
        return Ok(Vec::new());
    };
    let (mut found, mut seen) = (Vec::new(), std::collections::HashSet::new());
    let mut offset = 0;
    loop {
        let page = facet.page(offset, PAGE).await?;
        let last = page.covered < PAGE;
        offset += page.covered;
        for said in &page.items {
            if let Inbound::Chat(said) = said
                && seen.insert(said.chat.clone())
            {
                found.push(said.chat.clone());
            }
        }
        follower
            .desk
            .shared
            .ingest
            .take(follower.desk.device, page.items, origin)
            .await?;
        if last {
            return Ok(found);
        }
    }
}
