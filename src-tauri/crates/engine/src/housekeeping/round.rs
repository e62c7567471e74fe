//! One daily round.
//!
//! What goes by its age is gone for good, and the clock of a shop's computer may be wrong by years. So it is as late as all clocks
//! agree that it is ([`agreed_now`]): ours, the gateways', and that of WhatsApp, whose time is on whatever customers write. A clock that is
//! ahead then removes nothing that is to be kept; one that is behind removes it later.

use std::time::Duration;

use mostrador_domain::{ChatId, MediaId, UnixMillis};
use mostrador_store::tables::retention::{self, Keep};
use mostrador_store::tables::{media, picture, setting};
use mostrador_store::{Store, StoreError, Writing};

use super::{Housekeeping, KeepMessages, MediaShare, PORTION};

/// Days that events nobody understood, receipts without a message and settled work are kept.
const DAYS: u64 = 30;
/// Of events that nobody understood, so many stay at most.
const RAW_EVENTS: u32 = 10_000;
/// Of what waits for its message, so many stay at most.
const PARKED: u32 = 100_000;
/// A file that nothing shows may still be sent: the operator has chosen it.
const CHOSEN: u64 = 1;
/// Files looked at at a time.
const FILES: u32 = 200;
/// How long after a customer last wrote it may be: a gateway on the same computer has its clock, and is as wrong as that.
const SINCE_WRITTEN: Duration = Duration::from_secs(86_400);

/// When the last round ended.
pub struct LastRound;

impl LastRound {
    /// The setting's name; its value is a time.
    pub const SETTING: &'static str = "last_round";
}

fn days_before(now: UnixMillis, days: u64) -> UnixMillis {
    let span = i64::try_from(Duration::from_secs(days * 86_400).as_millis()).unwrap_or(i64::MAX);
    UnixMillis(now.0.saturating_sub(span))
}

/// What the shop has chosen.
pub(super) async fn choices(store: &Store) -> Result<(KeepMessages, MediaShare), StoreError> {
    store
        .read(|connection| {
            let keep = setting::get(connection, KeepMessages::SETTING)?;
            let share = setting::get(connection, MediaShare::SETTING)?;
            Ok((
                KeepMessages::from_word(keep.as_deref()),
                MediaShare::from_word(share.as_deref()),
            ))
        })
        .await
}

/// What time it is at least, by all who know something of it. `earliest`: by the clocks, ours and the gateways'.
pub(crate) async fn agreed_now(store: &Store, earliest: UnixMillis) -> Result<UnixMillis, StoreError> {
    let written = store.read(retention::last_written).await?;
    Ok(written.map_or(earliest, |at| earliest.min(at.after(SINCE_WRITTEN))))
}

/// Messages, and bytes of customers' files, that these choices would remove now. `now`: as all agree on it.
///
/// # Errors
/// The store's.
pub(crate) async fn would_go(
    store: &Store,
    keep: KeepMessages,
    share: MediaShare,
    now: UnixMillis,
) -> Result<(u64, u64), StoreError> {
    store
        .read(move |connection| {
            let messages = match keep.days() {
                Some(days) => retention::older(connection, days_before(now, days))?,
                None => 0,
            };
            let bytes = match share.bytes() {
                Some(bytes) => media::fetched_bytes(connection)?.saturating_sub(bytes),
                None => 0,
            };
            Ok((messages, bytes))
        })
        .await
}

/// The whole round.
pub(super) async fn go(house: &Housekeeping) -> Result<(), StoreError> {
    let store = &house.store;
    // A start looks at a file only so far. What is damaged is the next start's to set aside; nothing is removed from it.
    store.look_through().await?;
    let earliest = house.gateway_clocks.earliest(house.clock.now());
    let now = agreed_now(store, earliest).await?;
    let (keep, share) = choices(store).await?;
    let since = days_before(now, DAYS);
    portions(store, move |writing| {
        let newest = RAW_EVENTS;
        retention::prune_raw_events(writing, Keep { since, newest }, PORTION)
    })
    .await?;
    portions(store, move |writing| {
        retention::prune_parked(
            writing,
            Keep {
                since,
                newest: PARKED,
            },
            PORTION,
        )
    })
    .await?;
    portions(store, move |writing| {
        retention::prune_outbox(writing, since, PORTION)
    })
    .await?;
    if let Some(days) = keep.days() {
        old_messages(store, days_before(now, days)).await?;
    }
    orphans(store, days_before(now, CHOSEN)).await?;
    if let Some(bytes) = share.bytes() {
        make_room(store, bytes).await?;
    }
    house.media.sweep(store, days_before(now, CHOSEN)).await?;
    let places = store.read(picture::places).await?;
    if let Err(error) = house.pictures.sweep(places).await {
        tracing::warn!(%error, "copies of pictures could not be removed");
    }
    let ended = house.clock.now();
    store
        .write(move |writing| setting::note(writing, LastRound::SETTING, &ended.0.to_string()))
        .await
}

/// Portion after portion, until nothing more was removed.
async fn portions(
    store: &Store,
    portion: impl Fn(&mut Writing<'_>) -> Result<u32, StoreError> + Clone + Send + 'static,
) -> Result<(), StoreError> {
    while store.write(portion.clone()).await? > 0 {}
    Ok(())
}

async fn old_messages(store: &Store, before: UnixMillis) -> Result<(), StoreError> {
    let mut after: Option<ChatId> = None;
    loop {
        let next = store
            .read(move |connection| retention::next_to_prune(connection, before, after))
            .await?;
        let Some(chat) = next else { return Ok(()) };
        portions(store, move |writing| {
            retention::prune_chat(writing, chat, before, PORTION)
        })
        .await?;
        after = Some(chat);
    }
}

/// Rows of files that nothing shows. Their bytes go with the folder's sweep.
async fn orphans(store: &Store, before: UnixMillis) -> Result<(), StoreError> {
    let mut after: Option<MediaId> = None;
    loop {
        let page = store
            .read(move |connection| media::orphans(connection, before, after, FILES))
            .await?;
        let Some(last) = page.last().copied() else {
            return Ok(());
        };
        store.write(move |writing| media::forget(writing, &page)).await?;
        after = Some(last);
    }
}

/// The oldest customers' files go back to the gateway until the rest has room.
async fn make_room(store: &Store, bytes: u64) -> Result<(), StoreError> {
    loop {
        let (taken, oldest) = store
            .read(|connection| {
                Ok((
                    media::fetched_bytes(connection)?,
                    media::oldest_fetched(connection, FILES)?,
                ))
            })
            .await?;
        let mut beyond = taken.saturating_sub(bytes);
        let mut go = Vec::new();
        for file in oldest {
            if beyond == 0 {
                break;
            }
            beyond = beyond.saturating_sub(file.bytes);
            go.push(file.id);
        }
        if go.is_empty() || store.write(move |writing| media::let_go(writing, &go)).await? == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests;
