//! Looking for messages that may or may not have been sent.
//!
//! For each uncertain message, after the time the gateway needs to list it, the chat's history since the attempt is fetched, under
//! each address that is known to be the person's, and taken in; if the message is there, taking it in settles it
//! ([`outbox::adopt_echoes`]). If two looks, at least twice the
//! gateway's lag apart and while the device was linked, do not show it, and the call cannot be at work any more, it was not
//! sent and goes back to Ready. A history without a single message, or one that ends before it reaches back to the attempt, proves
//! nothing of a chat that was there before: the gateway has forgotten what was, or the chat was emptied on the phone and the message went with
//! it. Of a new chat, also one that holds their answer by now, it does only if the gateway's list of all chats is seen to reach back to before
//! the attempt, so that it remembers. Where the history cannot be had for a good while, or shows the same words at another time (a clock may
//! be wrong), or a message of ours that was deleted, or edited before it was told here, a person decides: nothing is ever sent again on a guess.
//! What vanishes from a list while it is read moves the rest of it up: its pages overlap, and a look in which one does not join on is none.
//!
//! Another number's history proves nothing either: once one is linked, what the number before it left uncertain is a person's, and is not
//! looked for ([`mostrador_store::tables::device::linked`]). So that no look counts that was made before we knew, the gateway is asked which
//! number is linked before the last look does.
//!
//! Time has passed when it has by both clocks: by the wall clock, which outlives the program and may be put forward at any moment, and by the one that
//! does not jump, which knows of an attempt only since this session has seen it. So an attempt of an earlier session is looked
//! for at most one span longer.

use std::collections::HashMap;
use std::time::Duration;

use mostrador_domain::{
    Address, DeviceState, Failure, Inbound, LinkChange, OutboxId, UnixMillis, UnknownCause,
};
use mostrador_gateways::{History, HistoryQuery, LinkHealth, Page};
use mostrador_store::tables::device;
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::outbox::{self, Uncertain};
use mostrador_store::{Change, StoreError};

use crate::session::{Command, Depth, Desk, Goes, Pages};

/// Looks that must not show the message before it counts as absent.
const LOOKS: u32 = 2;
/// Looks that may fail before a person is asked, and for how long at the least: a gateway that is started anew takes minutes.
const FAILED_LOOKS: u32 = 5;
const FAILED_FOR: Duration = Duration::from_secs(600);
/// The longest wait between two looks that fail.
const FAILED_PAUSE: Duration = Duration::from_secs(60);
/// How far before the attempt the history is read: clocks differ.
const SKEW: Duration = Duration::from_secs(30);
/// Messages read at once. The newest page is read whatever its times say: clocks may differ by more.
const PAGE: u32 = 100;
/// Pages read at the most: a list that does not end proves nothing.
const MAX_PAGES: u32 = 50;
/// How much longer than we would have waited for it a call that we have left (the session ended, the line was cut) may still have
/// its effect.
const A_WHILE_MORE: Duration = Duration::from_secs(20);
/// What a list says that has moved too far while it was read: the one that is looked for may have been passed over.
const MOVED: Failure = Failure::Unknown {
    cause: UnknownCause::Malformed,
};
/// When there is nothing to look for.
const NOTHING: Duration = Duration::from_secs(3_600);

/// After trouble with the store.
const STORE_TROUBLE: Duration = Duration::from_secs(5);

/// Looks for the uncertain messages of one device until its session ends. Beside the sender, not before it: looking takes
/// calls, and the messages of other chats need not wait for them.
pub(crate) async fn run(mut desk: Desk) {
    let mut looker = Looker::default();
    let mut changes = desk.shared.store.changes();
    while desk.wait_until(DeviceState::may_send).await {
        let rest = match looker.look(&desk).await {
            Ok(rest) => rest,
            Err(error) => {
                tracing::error!(device = %desk.device, %error, "looking for uncertain messages stopped for now");
                STORE_TROUBLE
            }
        };
        let mine = Change::Outbox(desk.device);
        let mut state = desk.state.clone();
        tokio::select! {
            _ = changes.wait_for(|change| *change == mine) => {}
            () = desk.shared.clock.sleep(rest) => {}
            _ = state.wait_for(|state| !state.may_send()) => {}
        }
    }
    // The session is ending: wait to be dropped.
    std::future::pending().await
}

/// Remembers failed looks, and what the clock that does not jump has shown; everything else is in the store.
#[derive(Default)]
struct Looker {
    failed: HashMap<OutboxId, Failed>,
    seen: HashMap<OutboxId, Seen>,
}

/// What this session has seen of an attempt, by the clock that does not jump.
#[derive(Clone, Copy)]
struct Seen {
    /// Which attempt: when it began, by the wall clock.
    claimed_at: UnixMillis,
    /// When it was first seen, under way or uncertain.
    since: Duration,
    /// When it was last looked for.
    looked_at: Option<Duration>,
}

/// Looks in a row that failed, and when to try again.
#[derive(Default, Clone, Copy)]
struct Failed {
    count: u32,
    /// When the first of them was, and when to try again: by the clock that does not jump.
    since: Option<Duration>,
    again_at: Duration,
}

impl Looker {
    /// Looks for every uncertain message whose time has come; says when the next one's will.
    async fn look(&mut self, desk: &Desk) -> Result<Duration, StoreError> {
        let device = desk.device;
        let (rows, attempts) = desk
            .shared
            .store
            .read(move |connection| {
                let attempts = outbox::attempts(connection, device)?;
                Ok((outbox::to_look_for(connection, device)?, attempts))
            })
            .await?;
        self.watch(&attempts, desk.shared.clock.elapsed());
        let mut next = NOTHING;
        for row in rows {
            let again_at = self
                .failed
                .get(&row.id)
                .map_or(Duration::ZERO, |failed| failed.again_at);
            let not_before = again_at.saturating_sub(desk.shared.clock.elapsed());
            let wait = self.wait(desk, &row).max(not_before);
            if wait.is_zero() {
                self.look_for(desk, &row).await?;
                next = Duration::from_millis(1);
            } else {
                next = next.min(wait);
            }
        }
        Ok(next)
    }

    /// Keeps what was seen of these attempts, and forgets all others.
    fn watch(&mut self, attempts: &[(OutboxId, UnixMillis)], elapsed: Duration) {
        let before = std::mem::take(&mut self.seen);
        let seen = attempts.iter().map(|&(id, claimed_at)| {
            let known = before.get(&id).filter(|seen| seen.claimed_at == claimed_at);
            let new = Seen {
                claimed_at,
                since: elapsed,
                looked_at: None,
            };
            (id, known.copied().unwrap_or(new))
        });
        self.seen = seen.collect();
    }

    /// How long until it is to be looked for (again), by both clocks.
    fn wait(&self, desk: &Desk, row: &Uncertain) -> Duration {
        let (now, elapsed) = (desk.shared.clock.now(), desk.shared.clock.elapsed());
        let spans = Spans {
            lag: desk.link.capabilities().history_lag,
            at_work: at_work(desk, row),
        };
        let by_wall = spans.left(
            now.since(row.claimed_at),
            row.looked_at.map(|looked_at| now.since(looked_at)),
        );
        let seen = self.seen.get(&row.id);
        let since = seen.map_or(elapsed, |seen| seen.since);
        let looked_at = seen.and_then(|seen| seen.looked_at).unwrap_or(since);
        let by_elapsed = spans.left(
            elapsed.saturating_sub(since),
            row.looked_at.map(|_| elapsed.saturating_sub(looked_at)),
        );
        by_wall.max(by_elapsed)
    }

    async fn look_for(&mut self, desk: &Desk, row: &Uncertain) -> Result<(), StoreError> {
        let Some(history) = desk.link.history().filter(|_| desk.link.capabilities().history) else {
            return hand_over(desk, row.id).await;
        };
        let looked = match fetch_since(desk, history, row).await? {
            Ok(()) if row.looks + 1 >= LOOKS => is_the_number(desk).await?,
            looked => looked,
        };
        match looked {
            Ok(()) => {
                self.failed.remove(&row.id);
                if let Some(seen) = self.seen.get_mut(&row.id) {
                    seen.looked_at = Some(desk.shared.clock.elapsed());
                }
                settle(desk, row).await
            }
            Err(failure) => {
                tracing::info!(device = %desk.device, row = row.id.0, %failure, "could not look for an uncertain message");
                desk.met_unless_uncertain(&failure).await;
                self.note_failed(desk, row).await
            }
        }
    }

    /// A look that failed is no look: it is tried again, less and less often, then a person is asked.
    async fn note_failed(&mut self, desk: &Desk, row: &Uncertain) -> Result<(), StoreError> {
        let (now, lag) = (desk.shared.clock.elapsed(), desk.link.capabilities().history_lag);
        let failed = self.failed.entry(row.id).or_default();
        failed.count += 1;
        let since = *failed.since.get_or_insert(now);
        let pause = lag.saturating_mul(2_u32.saturating_pow(failed.count - 1));
        failed.again_at = now + pause.min(FAILED_PAUSE.max(lag));
        if failed.count < FAILED_LOOKS || now.saturating_sub(since) < FAILED_FOR {
            return Ok(());
        }
        self.failed.remove(&row.id);
        hand_over(desk, row.id).await
    }
}

/// Takes in everything of the chat since the attempt, wherever the gateway may list it: only a whole look can prove an absence.
async fn fetch_since(
    desk: &Desk,
    history: &dyn History,
    row: &Uncertain,
) -> Result<Result<(), Failure>, StoreError> {
    let (chat, since) = (row.chat, row.claimed_at.before(SKEW));
    let store = &desk.shared.store;
    let places = store
        .read(move |connection| outbox::places_of(connection, chat, since))
        .await?;
    for (nth, place) in places.iter().enumerate() {
        let remembers = match fetch_place(desk, history, &place.address, since).await? {
            Ok(Listed::Something { reaches_back: true }) => continue,
            // One that has forgotten everything, and lists what has come since, knows nothing of what came before.
            Ok(Listed::Something { .. }) if place.has_earlier => Ok(false),
            // Nor does it of a new chat, though they have answered there since.
            Ok(Listed::Something { .. }) => reaches_back(desk, history, since).await?,
            // A gateway that is still loading knows nothing of a chat that it told us of before; one that has forgotten
            // everything, or lists a new chat under an address that nobody knows, nothing of one that it has not. That is no look.
            Ok(Listed::Nothing) if place.is_known => Ok(false),
            Ok(Listed::Nothing) if nth == 0 => reaches_back(desk, history, since).await?,
            // It has never listed anything under this other address of theirs.
            Ok(Listed::Nothing) => Ok(true),
            Err(failure) => Err(failure),
        };
        match remembers {
            Ok(true) => {}
            Ok(false) => {
                return Ok(Err(Failure::Unknown {
                    cause: UnknownCause::Malformed,
                }));
            }
            Err(failure) => return Ok(Err(failure)),
        }
    }
    Ok(Ok(()))
}

/// Is the number linked still of which we know? What a gateway lists is its number's, and we may not have heard yet that it is another one.
async fn is_the_number(desk: &Desk) -> Result<Result<(), Failure>, StoreError> {
    let unclear = Failure::Unknown {
        cause: UnknownCause::Malformed,
    };
    // Asked like a message on its way: an answer that was kept from before says nothing of now.
    let told = match desk.link.health().check(true).await {
        Ok(LinkHealth::Linked { own }) => own,
        Ok(LinkHealth::NotLinked | LinkHealth::Starting) => return Ok(Err(unclear)),
        Err(failure) => return Ok(Err(failure)),
    };
    // What it only lists says nothing of that.
    let told = told.filter(|_| desk.link.health().tells_number());
    let device = desk.device;
    let (row, unproven) = desk
        .shared
        .store
        .read(move |connection| {
            Ok((
                device::get(connection, device)?,
                device::is_unproven(connection, device)?,
            ))
        })
        .await?;
    if unproven {
        return Ok(Err(unclear));
    }
    match (told, row.own) {
        (Some(told), Some(known)) if told.is_another_number_than(&known) => {
            let linked = Command::Link(LinkChange::Linked { own: Some(told) });
            let _ending = desk.commands.send(linked).await;
            Ok(Err(unclear))
        }
        // It has told it before, and does not now.
        (None, Some(_)) if desk.link.health().tells_number() => Ok(Err(unclear)),
        _ => Ok(Ok(())),
    }
}

/// What a gateway lists under an address.
enum Listed {
    Nothing,
    /// Messages; also one from before the time from which on they were asked for?
    Something {
        reaches_back: bool,
    },
}

/// Takes in everything since then that is listed under one address.
async fn fetch_place(
    desk: &Desk,
    history: &dyn History,
    address: &Address,
    since: UnixMillis,
) -> Result<Result<Listed, Failure>, StoreError> {
    let mut pages = Pages::begin();
    for _ in 0..MAX_PAGES {
        let query = page_at(pages.next());
        let page = match history.of_chat(address, query).await {
            Ok(page) => page,
            Err(failure) => return Ok(Err(failure)),
        };
        if query.offset == 0 && page.covered == 0 {
            return Ok(Ok(Listed::Nothing));
        }
        let reaches_back = page.items.iter().any(|event| is_before(event, since));
        let whole = page.covered < PAGE || reaches_back;
        let joins = pages.joins(&page);
        take(desk, page).await?;
        if !joins {
            return Ok(Err(MOVED));
        }
        if whole {
            return Ok(Ok(Listed::Something { reaches_back }));
        }
    }
    Ok(Err(Failure::Unknown {
        cause: UnknownCause::TooLarge,
    }))
}

/// Does the gateway's list of all chats reach back to before then? So it remembers what was sent at that time. Only a message that is seen
/// there says so: a list that ends before it, or goes no further back, may have begun anew meanwhile. What it gives is taken in: the one that
/// is looked for may be among it.
async fn reaches_back(
    desk: &Desk,
    history: &dyn History,
    since: UnixMillis,
) -> Result<Result<bool, Failure>, StoreError> {
    let (mut pages, mut depth) = (Pages::begin(), Depth::default());
    for _ in 0..MAX_PAGES {
        let page = match history.recent(page_at(pages.next())).await {
            Ok(page) => page,
            Err(failure) => return Ok(Err(failure)),
        };
        let reaches = page.items.iter().any(|event| is_before(event, since));
        let goes_on = page.covered >= PAGE && depth.goes_on(&page.items) == Goes::On;
        let joins = pages.joins(&page);
        take(desk, page).await?;
        if !joins {
            return Ok(Err(MOVED));
        }
        if reaches || !goes_on {
            return Ok(Ok(reaches));
        }
    }
    Ok(Ok(false))
}

/// The page of a list that begins there.
fn page_at(offset: u32) -> HistoryQuery {
    HistoryQuery {
        since: None,
        offset,
        count: PAGE,
    }
}

/// Takes in what was listed, newest first.
async fn take(desk: &Desk, page: Page<Inbound>) -> Result<(), StoreError> {
    desk.shared
        .ingest
        .take(desk.device, page.items.into_iter().rev().collect(), Origin::Live)
        .await?;
    Ok(())
}

fn is_before(event: &Inbound, time: UnixMillis) -> bool {
    matches!(event, Inbound::Message(message) if message.at < time)
}

/// How long after it began the row's call may still have its effect, though we have left it.
fn at_work(desk: &Desk, row: &Uncertain) -> Duration {
    let waited_for = desk.link.messaging().map(|sends| sends.longest_send(row.picture));
    // A link that sends nothing has nothing at work.
    waited_for.unwrap_or_default() + A_WHILE_MORE
}

/// What has to pass before a look says something.
#[derive(Clone, Copy)]
struct Spans {
    /// Until the gateway surely lists what was sent.
    lag: Duration,
    /// Until a call has surely ended.
    at_work: Duration,
}

impl Spans {
    /// What is left of them, so long after the attempt began and after the last look.
    fn left(self, since_attempt: Duration, since_look: Option<Duration>) -> Duration {
        match since_look {
            None => self.lag.saturating_sub(since_attempt),
            Some(since_look) => {
                let ended = (self.at_work + self.lag).saturating_sub(since_attempt);
                (self.lag * 2).saturating_sub(since_look).max(ended)
            }
        }
    }
}

async fn settle(desk: &Desk, row: &Uncertain) -> Result<(), StoreError> {
    let (id, chat, claimed_at, now) = (row.id, row.chat, row.claimed_at, desk.shared.clock.now());
    desk.shared
        .store
        .write_durably(move |writing| {
            outbox::adopt_echoes(writing, chat, now)?;
            match outbox::looked(writing, id, claimed_at, now)? {
                Some(looks) if looks < LOOKS => Ok(()),
                Some(_) if outbox::has_look_alike(writing, id)? => outbox::hand_to_operator(writing, id),
                Some(_) => outbox::proven_absent(writing, id),
                None => Ok(()),
            }
        })
        .await
}

async fn hand_over(desk: &Desk, id: OutboxId) -> Result<(), StoreError> {
    desk.shared
        .store
        .write_durably(move |writing| outbox::hand_to_operator(writing, id))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPANS: Spans = Spans {
        lag: Duration::from_secs(5),
        at_work: Duration::from_secs(60),
    };

    fn left(since_attempt: u64, since_look: Option<u64>) -> u64 {
        let since_look = since_look.map(Duration::from_secs);
        SPANS
            .left(Duration::from_secs(since_attempt), since_look)
            .as_secs()
    }

    #[test]
    fn the_second_look_is_twice_the_lag_after_the_first() {
        assert_eq!(left(1, None), 4, "the first after the lag");
        assert_eq!(left(9, None), 0, "or at once");
        assert_eq!(left(99, Some(1)), 9, "the second after twice the lag");
    }

    #[test]
    fn the_second_look_is_not_before_the_call_has_surely_ended() {
        assert_eq!(left(6, Some(1)), 59, "a minute after it began, and the lag");
        assert_eq!(left(65, Some(60)), 0, "then it has");
    }

    #[test]
    fn the_next_attempt_of_a_message_is_seen_anew() {
        let (mut looker, id) = (Looker::default(), OutboxId(1));
        let at = Duration::from_secs;
        looker.watch(&[(id, UnixMillis(1_000))], at(10));
        looker.watch(&[(id, UnixMillis(1_000))], at(20));
        assert_eq!(looker.seen[&id].since, at(10), "since it was first seen");
        looker.watch(&[(id, UnixMillis(9_000))], at(30));
        assert_eq!(looker.seen[&id].since, at(30), "another attempt");
        looker.watch(&[], at(40));
        assert!(looker.seen.is_empty(), "what is settled is forgotten");
    }
}
