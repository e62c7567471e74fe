//! The first sync of a link: the list of chats, and the newest messages of each.
//!
//! Messages written after it began, by the gateway's clock, or after what an earlier link had seen, are live and so unread; the others
//! are history. When it began is stored once a number, and polling goes on from there when it is done: so attempts that were cut
//! short, messages beyond those fetched here and a wrong clock of this computer make nothing unread that was read on the phone.
//! A chat that the gateway refuses to show is left out. One at which it only stumbles (an error, an answer that cannot be
//! read) goes to the end of the queue and is tried again, [`ROUNDS`] times in all, after a pause; the others do not wait for it. What
//! concerns the whole link (no connection, slow down, the token) ends the attempt, and so does a gateway that stumbles at
//! [`IN_A_ROW`] chats one after the other in the first round: it is left alone, longer each time, [`PATIENCE`] times. Then the device is
//! Online without the chats that it cannot give; which they are is stored, and they are fetched [later](super::missed).
//!
//! Where a plan counts calls, the messages of the chats are fetched at once as long as half of it is left; what is left by then is fetched later too,
//! within the plan.
//!
//! What was begun of one link is noted for no other: if the number is unlinked meanwhile, or another one is linked, it ends there, and the
//! next link begins with its own.
//!
//! Each chat that is done is marked, so that an attempt that ends early, with the program or without, goes on with the chats
//! that are still to do. A person may stop it, also while the list of chats is read: the device is then Online with what is here, and the rest can be fetched later.

use std::sync::atomic::Ordering;

use mostrador_domain::{Address, ChatId, Failure, FailureCode, Inbound, UnixMillis};
use mostrador_gateways::{Chats, HistoryQuery, Page};
use mostrador_store::StoreError;
use mostrador_store::tables::device::{self, DeviceRow, Link, SyncProgress};
use mostrador_store::tables::ingest::Origin;

use super::Command;
use super::chat_list::Listed;
use super::follower::{Follower, IN_COMMON, PAGE};
use super::trouble::Trouble;
use crate::crash;
use crate::outbox::backoff;

/// Messages of each chat that are fetched.
const MESSAGES: u32 = 100;
/// How often a chat at which the gateway stumbles is tried.
const ROUNDS: u32 = 3;
/// Chats one after the other at which it stumbles before it is left alone: it is the gateway that is not well, not the chats.
const IN_A_ROW: u32 = 5;
/// How often it is left alone before the sync ends without the chats that it cannot give.
const PATIENCE: u32 = 5;

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
    fetch_chats(follower, row, origin).await?;
    let (to_do, so_far) = store
        .read(move |connection| {
            Ok((
                device::chats_to_sync(connection, id)?,
                device::sync_progress(connection, id)?,
            ))
        })
        .await?;
    messages_of(follower, (row.link, to_do), so_far, live_from).await?;
    // The poll reads all since then: a chat may have more that is new than was fetched here, in this attempt or an earlier one.
    if first_ever {
        follower.seen_until(row.link, Some(live_from)).await?;
    }
    let (now, link) = (desk.shared.clock.now(), row.link);
    let is_done = store
        .write(move |writing| device::synced(writing, link, now))
        .await?;
    if !is_done {
        // What is linked now has a first sync of its own.
        return Ok(());
    }
    let _ending = desk.commands.send(Command::Synced).await;
    Ok(())
}

/// The number's first sync begins, if it has none behind it: from now on the past is told from news, whoever brings it.
pub(super) async fn begin(follower: &Follower) -> Result<(), Trouble> {
    let row = follower.row().await?;
    if row.synced_at.is_none() && row.polled_until.is_none() {
        begun(follower).await?;
    }
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
    (link, mut to_do): (Link, Vec<(ChatId, Address)>),
    so_far: SyncProgress,
    live_from: UnixMillis,
) -> Result<(), Trouble> {
    let desk = &follower.desk;
    let mut done = so_far.done;
    for round in 1..=ROUNDS {
        let (mut stumbled, mut in_a_row, mut spent) = (Vec::new(), 0, false);
        let mut queue = to_do.into_iter();
        for (id, address) in queue.by_ref() {
            if desk.sync.stopped.load(Ordering::Relaxed) {
                tracing::info!(device = %desk.device, done, "the first sync was stopped");
                return Ok(());
            }
            if !follower.is_still(link).await? {
                return Ok(());
            }
            if !desk.thrift.spends_more(desk).await? {
                stumbled.push((id, address));
                spent = true;
                break;
            }
            progress(follower, done, so_far.total).await;
            match first_messages(follower, &address, live_from).await? {
                Fetched::Messages => {
                    (done, in_a_row) = (done + 1, 0);
                    desk.shared
                        .store
                        .write(move |writing| device::chat_synced(writing, id, link))
                        .await?;
                }
                Fetched::Stumbled(failure) => {
                    stumbled.push((id, address));
                    in_a_row += 1;
                    let unwell = round == 1 && in_a_row >= IN_A_ROW;
                    if unwell && follower.failures < PATIENCE {
                        return Err(failure.into());
                    }
                }
            }
            crash::point("sync.chat");
            if in_a_row >= IN_A_ROW {
                break;
            }
        }
        let given_up = round == ROUNDS || (round == 1 && in_a_row >= IN_A_ROW);
        // Those that it was not asked for go first.
        to_do = queue.chain(stumbled).collect();
        if to_do.is_empty() {
            break;
        }
        if spent {
            tracing::info!(device = %desk.device, chats = to_do.len(), "half of the plan's calls are used: the other chats' messages come later");
            leave_for_later(follower, (link, to_do)).await?;
            break;
        }
        tracing::info!(device = %desk.device, round, chats = to_do.len(), "the gateway stumbles at some chats");
        if given_up {
            leave_for_later(follower, (link, to_do)).await?;
            break;
        }
        let pause = backoff::delay(round, &*desk.shared.chance);
        desk.shared.clock.sleep(pause).await;
    }
    progress(follower, so_far.total, so_far.total).await;
    Ok(())
}

/// The gateway cannot give the messages of these chats now: they are fetched when it can, by [`super::missed`].
async fn leave_for_later(
    follower: &Follower,
    (link, chats): (Link, Vec<(ChatId, Address)>),
) -> Result<(), StoreError> {
    let store = &follower.desk.shared.store;
    store
        .write_durably(move |writing| {
            chats
                .iter()
                .try_for_each(|(id, _)| device::chat_missed(writing, *id, link))
        })
        .await
}

/// What came of asking for a chat's messages.
pub(super) enum Fetched {
    /// They are stored. A chat that is not shown has none.
    Messages,
    /// The gateway made a mistake; it may do better later.
    Stumbled(Failure),
}

/// Fetches the newest messages of a chat.
pub(super) async fn first_messages(
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
        Err(failure @ Failure::Unknown { .. }) => {
            tracing::debug!(device = %follower.desk.device, %failure, "the gateway stumbled at a chat");
            Ok(Fetched::Stumbled(failure))
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

/// The list of chats, from where an earlier attempt was cut short to its end, each page with some in common with the last one, and its first page
/// once more: a page that shifts while we read gives a chat twice, one that is deleted moves all behind it up, and one in which
/// somebody writes meanwhile has moved up from where we come to where we were.
async fn fetch_chats(follower: &Follower, row: &DeviceRow, origin: Origin) -> Result<(), Trouble> {
    let Some(facet) = follower.desk.link.chats() else {
        return Ok(());
    };
    let cursor = row.sync_cursor.as_deref();
    let mut offset: u32 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    // The rest of a list that was stopped was never told: how much of it is unread, only the gateway knows.
    let origin_of = |offset: u32| {
        if cursor.is_some() && offset > 0 {
            Origin::History
        } else {
            origin
        }
    };
    let mut listed = Listed::default();
    loop {
        // Who stops it has the newest chats all the same: what is unread of them is told nowhere else.
        let Some(page) = fetch_chat_page(follower, (facet, offset), origin_of(offset), offset > 0).await?
        else {
            return Ok(());
        };
        if page.covered < PAGE {
            break;
        }
        if !listed.goes_on(&page.items) {
            tracing::warn!(device = %follower.desk.device, "the gateway's list of chats does not end: it gives nothing new");
            break;
        }
        offset = offset.saturating_add(page.covered - IN_COMMON);
        list_goes_on(follower, row.link, Some(offset)).await?;
        if !follower.is_still(row.link).await? {
            return Ok(());
        }
    }
    if offset > 0 {
        fetch_chat_page(follower, (facet, 0), origin, true).await?;
    }
    Ok(list_goes_on(follower, row.link, None).await?)
}

/// Notes where the list of chats goes on if the attempt is cut short; `None` = it was read to its end.
async fn list_goes_on(follower: &Follower, link: Link, at: Option<u32>) -> Result<(), StoreError> {
    let at = at.map(|at| at.to_string());
    let store = &follower.desk.shared.store;
    store
        .write(move |writing| device::set_sync_cursor(writing, link, at.as_deref()))
        .await
}

/// One page of it, taken in; `None` = it `may_stop`, and a person has stopped it.
async fn fetch_chat_page(
    follower: &Follower,
    (facet, offset): (&dyn Chats, u32),
    origin: Origin,
    may_stop: bool,
) -> Result<Option<Page<Inbound>>, Trouble> {
    let desk = &follower.desk;
    let asked = facet.page(offset, PAGE);
    let answer = if may_stop {
        desk.unless_stopped(asked).await
    } else {
        Some(asked.await)
    };
    let Some(answer) = answer else {
        tracing::info!(device = %desk.device, offset, "the first sync was stopped: the rest of the list is left");
        return Ok(None);
    };
    let page = answer?;
    desk.shared
        .ingest
        .take(desk.device, page.items.clone(), origin)
        .await?;
    Ok(Some(page))
}
