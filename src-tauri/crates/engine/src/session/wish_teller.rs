//! Tells the gateway what is wished of chats: archived, pinned, muted, marked unread, labelled.
//!
//! What is wished holds here already; telling it makes the phone show the same. Each wish is absolute, so one that got no
//! answer is told again. One that the gateway refuses for good stays ours alone; so does one that it could not be told in
//! [`TRIES`] tries. A link that is lost is waited for.
//!
//! A wish waits by the wall clock, since that has to outlive the program. One whose time is further ahead than any pause lasts was put off by a
//! clock that was set back since: then nothing tells how long each has still to wait, and all have their time now.

use std::time::Duration;

use mostrador_domain::{DeviceState, Failure, UnixMillis};
use mostrador_gateways::Effect;
use mostrador_store::tables::chat::{self, ToTell, Told, Wish};
use mostrador_store::{Change, StoreError};

use super::Desk;
use crate::outbox::backoff;

/// Tries of one wish before it is let go.
const TRIES: u32 = 10;
/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(10);
/// How far ahead a time may be at the most: the longest pause, and a clock that is not quite steady.
const AHEAD: Duration = backoff::AT_MOST.saturating_add(Duration::from_secs(60));
/// When nothing is wished; a wish wakes us.
const NOTHING: Duration = Duration::from_secs(3_600);

/// Runs until the session ends.
pub(super) async fn run(mut desk: Desk) {
    let mut changes = desk.shared.store.changes();
    while desk.wait_until(DeviceState::may_send).await {
        let rest = match tell_next(&desk).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::warn!(device = %desk.device, %error, "telling what is wished of chats stopped for now");
                STORE_TROUBLE
            }
        };
        if rest.is_zero() {
            continue;
        }
        let wished = Change::ChatWish(desk.device);
        tokio::select! {
            _ = changes.wait_for(|change| *change == wished) => {}
            () = desk.shared.clock.sleep(rest) => {}
        }
    }
    // The session is ending: wait to be dropped.
    std::future::pending().await
}

/// Tells one; says how long there is nothing to tell.
async fn tell_next(desk: &Desk) -> Result<Duration, StoreError> {
    let (device, now) = (desk.device, desk.shared.clock.now());
    let store = &desk.shared.store;
    let (next, due) = store
        .read(move |connection| {
            Ok((
                chat::next_wish(connection, device, now)?,
                chat::wishes_due(connection, device)?,
            ))
        })
        .await?;
    if due.is_some_and(|[_, last]| last > now.after(AHEAD)) {
        tracing::info!(%device, "the clock was set back: what is wished of chats is told now");
        store
            .write(move |writing| chat::wishes_are_due(writing, device, now))
            .await?;
        return Ok(Duration::ZERO);
    }
    let Some(next) = next else {
        let rest = due.map_or(NOTHING, |[first, _]| {
            first.since(now).max(Duration::from_millis(1))
        });
        return Ok(rest.min(NOTHING));
    };
    let what_came = match tell(desk, &next).await {
        Ok(Effect::Done) => Told::Known,
        Ok(Effect::NothingThere) => Told::Refused,
        Err(Failure::Rejected { code }) => {
            tracing::info!(%device, ?code, "the gateway refuses what is wished of a chat: it holds here alone");
            Told::Refused
        }
        Err(failure) => {
            desk.met_unless_uncertain(&failure).await;
            later(desk, &next)
        }
    };
    store
        .write(move |writing| chat::wish_told(writing, &next, what_came))
        .await?;
    Ok(Duration::ZERO)
}

fn later(desk: &Desk, next: &ToTell) -> Told {
    if next.attempts + 1 >= TRIES {
        return Told::Refused;
    }
    let wait = backoff::delay(next.attempts + 1, &*desk.shared.chance);
    Told::Later(desk.shared.clock.now().after(wait))
}

async fn tell(desk: &Desk, next: &ToTell) -> Result<Effect, Failure> {
    let chat = &next.address;
    if let Wish::Label(_, on) = next.wish {
        return match (desk.link.labels(), &next.label) {
            (Some(labels), Some(label)) => labels.put(label, chat, on).await,
            _ => Ok(Effect::NothingThere),
        };
    }
    let Some(actions) = desk.link.chat_actions() else {
        return Ok(Effect::NothingThere);
    };
    match next.wish {
        Wish::Archived(on) => actions.archive(chat, on).await,
        Wish::Pinned(on) => actions.pin(chat, on).await,
        Wish::MutedUntil(until) => actions.mute(chat, UnixMillis(until.0)).await,
        Wish::MarkedUnread(true) => actions.mark_unread(chat).await,
        // Read is told by the message that was read.
        Wish::MarkedUnread(false) | Wish::Label(..) => Ok(Effect::Done),
    }
}
