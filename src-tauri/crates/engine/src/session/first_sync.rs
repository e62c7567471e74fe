//! The first sync of a link: the list of chats, and the newest messages of each.
//!
//! Messages written after it began, or after what an earlier link had seen, are live and so unread; the others are history.
//! A chat that the gateway refuses to show is left out. One at which it only stumbles (an error, an answer that cannot be
//! read) goes to the end of the queue and is tried again, [`ROUNDS`] times in all; the others do not wait for it. What
//! concerns the whole link (no connection, slow down, the token) ends the attempt.
//!
//! Each chat that is done is marked, so that an attempt that ends early, with the program or without, goes on with the chats
//! that are still to do. A person may stop it: the device is then Online with what is here, and the rest can be fetched later.

use std::sync::atomic::Ordering;

use mostrador_domain::{Address, ChatId, Failure, FailureCode, UnixMillis};
use mostrador_gateways::HistoryQuery;
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
    // Gateways tell whole seconds: what was written in the very second in which it begins bears a time before it.
    let begun = || {
        let now = follower.desk.shared.clock.now();
        UnixMillis(now.0 - now.0.rem_euclid(1_000))
    };
    let live_from = row
        .polled_until
        .map_or_else(begun, |until| follower.credible(until));
    let first_ever = row.polled_until.is_none();
    let origin = if first_ever { Origin::History } else { Origin::Live };
    fetch_chats(follower, origin).await?;
    let id = follower.desk.device;
    let store = &follower.desk.shared.store;
    let (to_do, so_far) = store
        .read(move |connection| {
            Ok((
                device::chats_to_sync(connection, id)?,
                device::sync_progress(connection, id)?,
            ))
        })
        .await?;
    let newest = messages_of(follower, to_do, so_far, live_from).await?;
    // After an earlier link the poll reads all since then: a chat may have more that is new than was fetched here.
    if first_ever {
        // What an earlier attempt has fetched may have gone on since: the poll has to reach back to it.
        let earlier = row.last_event_at.filter(|_| so_far.done > 0);
        follower
            .seen_until(newest.map(|newest| earlier.map_or(newest, |earlier| earlier.min(newest))))
            .await?;
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

/// Fetches the messages of these chats, until a person stops it; says when the newest was written.
async fn messages_of(
    follower: &Follower,
    mut to_do: Vec<(ChatId, Address)>,
    so_far: SyncProgress,
    live_from: UnixMillis,
) -> Result<Option<UnixMillis>, Trouble> {
    let desk = &follower.desk;
    let (mut done, mut newest) = (so_far.done, None);
    for round in 1..=ROUNDS {
        let mut stumbled = Vec::new();
        for (id, address) in to_do {
            if desk.sync.stopped.load(Ordering::Relaxed) {
                tracing::info!(device = %desk.device, done, "the first sync was stopped");
                return Ok(newest);
            }
            progress(follower, done, so_far.total).await;
            match first_messages(follower, &address, live_from).await? {
                Fetched::Messages(at) => {
                    newest = newest.max(at);
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
    Ok(newest)
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
        Ok(page) => Ok(Fetched::Messages(
            follower.take_split(page, live_from).await?.newest,
        )),
        Err(Failure::Rejected {
            code:
                code @ (FailureCode::RefusedContent | FailureCode::RefusedRecipient | FailureCode::Forbidden),
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

/// The list of chats, to its end; a page that shifts while we read gives a chat twice, never less.
async fn fetch_chats(follower: &Follower, origin: Origin) -> Result<(), Trouble> {
    let Some(facet) = follower.desk.link.chats() else {
        return Ok(());
    };
    let mut offset = 0;
    loop {
        let page = facet.page(offset, PAGE).await?;
        let last = page.covered < PAGE;
        offset += page.covered;
        let events = page.items;
        follower
            .desk
            .shared
            .ingest
            .take(follower.desk.device, events, origin)
            .await?;
        if last {
            return Ok(());
        }
    }
}
