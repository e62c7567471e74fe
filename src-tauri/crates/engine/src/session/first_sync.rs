//! The first sync of a link: the list of chats, and the newest messages of each.
//!
//! Messages written after it began, by the gateway's clock, or after what an earlier link had seen, are live and so unread; the others
//! are history. When it began is stored once a number, and polling goes on from there when it is done: so attempts that were cut
//! short, messages beyond those fetched here and a wrong clock of this computer make nothing unread that was read on the phone.
//! A chat that the gateway refuses to show is left out. One at which it only stumbles (an error, an answer that cannot be
//! read) goes to the end of the queue and is tried again, [`ROUNDS`] times in all; the others do not wait for it. What
//! concerns the whole link (no connection, slow down, the token) ends the attempt.
//!
//! Each chat that is done is marked, so that an attempt that ends early, with the program or without, goes on with the chats
//! that are still to do. A person may stop it: the device is then Online with what is here, and the rest can be fetched later.

use std::sync::atomic::Ordering;

use mostrador_domain::{Address, ChatId, Failure, FailureCode, UnixMillis};
use mostrador_gateways::{Chats, HistoryQuery};
use mostrador_store::tables::device::{self, DeviceRow, SyncProgress};
use mostrador_store::tables::ingest::Origin;

use super::Command;
use super::follower::{Follower, PAGE};
use super::trouble::Trouble;
use crate::crash;

/// Messages of each chat that are fetched.
const MESSAGES: u32 = 100;
/// How often a chat at which the gateway stumbles is tried.
const ROUNDS: u32 = 3;

/// Runs it to its end.
pub(super) async fn run(follower: &Follower, row: &DeviceRow) -> Result<(), Trouble> {
    let desk = &follower.desk;
    let (id, store) = (desk.device, &desk.shared.store);
    let first_ever = row.polled_until.is_none();
    let live_from = match row.polled_until {
        Some(until) => follower.credible(until),
        None => begun(follower).await?,
    };
    let origin = if first_ever { Origin::History } else { Origin::Live };
    fetch_chats(follower, origin).await?;
    let (to_do, so_far) = store
        .read(move |connection| {
            Ok((
                device::chats_to_sync(connection, id)?,
                device::sync_progress(connection, id)?,
            ))
        })
        .await?;
    messages_of(follower, to_do, so_far, live_from).await?;
    // The poll reads all since then: a chat may have more that is new than was fetched here, in this attempt or an earlier one.
    if first_ever {
        follower.seen_until(Some(live_from)).await?;
    }
    let now = desk.shared.clock.now();
    store
        .write(move |writing| device::synced(writing, id, now))
        .await?;
    let _ending = desk.commands.send(Command::Synced).await;
    Ok(())
}

/// When the first sync of this number began: stored before anything is fetched, so that an attempt that goes on later, perhaps
/// in another run of the program, tells the same messages from the same history. By the gateway's clock, which messages bear.
async fn begun(follower: &Follower) -> Result<UnixMillis, Trouble> {
    let now = follower.desk.gateway_now();
    // Gateways tell whole seconds: what was written in the very second in which it begins bears a time before it.
    let second = UnixMillis(now.0 - now.0.rem_euclid(1_000));
    let device = follower.desk.device;
    Ok(follower
        .desk
        .shared
        .store
        .write_durably(move |writing| device::first_sync_begun(writing, device, second))
        .await?)
}

/// Fetches the messages of these chats, until a person stops it.
async fn messages_of(
    follower: &Follower,
    mut to_do: Vec<(ChatId, Address)>,
    so_far: SyncProgress,
    live_from: UnixMillis,
) -> Result<(), Trouble> {
    let desk = &follower.desk;
    let mut done = so_far.done;
    for round in 1..=ROUNDS {
        let mut stumbled = Vec::new();
        for (id, address) in to_do {
            if desk.sync.stopped.load(Ordering::Relaxed) {
                tracing::info!(device = %desk.device, done, "the first sync was stopped");
                return Ok(());
            }
            progress(follower, done, so_far.total).await;
            match first_messages(follower, &address, live_from).await? {
                Fetched::Messages => {
                    done += 1;
                    desk.shared
                        .store
                        .write(move |writing| device::chat_synced(writing, id))
                        .await?;
                }
                Fetched::Stumbled => stumbled.push((id, address)),
            }
            crash::point("sync.chat");
        }
        to_do = stumbled;
        if to_do.is_empty() {
            break;
        }
        tracing::info!(device = %desk.device, round, chats = to_do.len(), "the gateway stumbles at some chats");
    }
    progress(follower, so_far.total, so_far.total).await;
    Ok(())
}

/// What came of asking for a chat's messages.
enum Fetched {
    /// They are stored. A chat that is not shown has none.
    Messages,
    /// The gateway made a mistake; it may do better later.
    Stumbled,
}

async fn first_messages(
    follower: &Follower,
    chat: &Address,
    live_from: UnixMillis,
) -> Result<Fetched, Trouble> {
    let Some(history) = follower.desk.link.history() else {
        return Ok(Fetched::Messages);
    };
    let query = HistoryQuery {
        since: None,
        offset: 0,
        count: MESSAGES,
    };
    match history.of_chat(chat, query).await {
        Ok(page) => {
            follower.take_split(page, live_from).await?;
            Ok(Fetched::Messages)
        }
        Err(Failure::Rejected {
            code:
                code @ (FailureCode::RefusedContent | FailureCode::RefusedRecipient | FailureCode::Forbidden),
        }) => {
            tracing::info!(device = %follower.desk.device, ?code, "the gateway refuses to show a chat: going on without it");
            Ok(Fetched::Messages)
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

/// The list of chats, to its end, and its first page once more: a page that shifts while we read gives a chat twice, and one in
/// which somebody writes meanwhile has moved up from where we come to where we were.
async fn fetch_chats(follower: &Follower, origin: Origin) -> Result<(), Trouble> {
    let Some(facet) = follower.desk.link.chats() else {
        return Ok(());
    };
    let mut offset = 0;
    loop {
        let covered = fetch_chat_page(follower, facet, offset, origin).await?;
        offset += covered;
        if covered < PAGE {
            break;
        }
    }
    if offset >= PAGE {
        fetch_chat_page(follower, facet, 0, origin).await?;
    }
    Ok(())
}

/// One page of it; says how many chats it covers.
async fn fetch_chat_page(
    follower: &Follower,
    facet: &dyn Chats,
    offset: u32,
    origin: Origin,
) -> Result<u32, Trouble> {
    let page = facet.page(offset, PAGE).await?;
    let desk = &follower.desk;
    desk.shared.ingest.take(desk.device, page.items, origin).await?;
    Ok(page.covered)
}
