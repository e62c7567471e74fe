//! The gateway's list of chats, asked for again: what happens to a chat on the phone (read, archived, pinned, muted) is told by a call
//! alone, and nobody tells it again who was away or cannot call.
//!
//! | When | how much |
//! |---|---|
//! | a stretch of being linked begins, the computer has slept, or [`SELDOM`] have passed, longer where a plan [counts calls](super::thrift) | [`PAGES`] pages |
//! | the gateway does not call: [`OFTEN`], and [`POLLS`] polls, after the last time | the newest page |
//!
//! A list is true of the moment before it was asked for, and of nothing that is wished here meanwhile. It makes no chat and removes
//! none: a chat that is missing in it may be on another page. Who cannot give it now is asked another time.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{ChatSnapshot, Failure, Inbound, UnixMillis};
use mostrador_gateways::Chats;
use mostrador_store::tables::chat;
use mostrador_store::{Change, StoreError};

use super::follower::{Follower, PAGE};
use super::trouble::Trouble;
use super::{Desk, InboundRoute};

const SELDOM: Duration = Duration::from_secs(20 * 60);
const OFTEN: Duration = Duration::from_secs(120);
/// So many polls lie between two lists at the least: a gateway that is asked seldom, for what its calls cost, is asked for them
/// seldom too.
const POLLS: u32 = 4;
const PAGES: u32 = 5;
/// What is surely before the moment of asking, though gateways tell whole seconds and clocks differ a little.
const JUST_NOW: Duration = Duration::from_secs(2);
/// Pages without a chat that was not on an earlier one before a list counts as read: some give the same page for ever.
const STALLED: u32 = 3;

/// The chats of a list that is read page by page.
#[derive(Default)]
pub(super) struct Listed {
    seen: HashSet<u64>,
    stalled: u32,
}

impl Listed {
    /// Does the list go on behind this page?
    pub(super) fn goes_on(&mut self, page: &[Inbound]) -> bool {
        let mut new = false;
        for said in page.iter().filter_map(snapshot) {
            let mut hasher = DefaultHasher::new();
            said.chat.hash(&mut hasher);
            new |= self.seen.insert(hasher.finish());
        }
        self.stalled = if new { 0 } else { self.stalled + 1 };
        self.stalled < STALLED
    }
}

fn snapshot(event: &Inbound) -> Option<&ChatSnapshot> {
    match event {
        Inbound::Chat(said) => Some(said),
        _ => None,
    }
}

/// A moment by the clock that does not jump, and by the wall clock, which goes on while the computer sleeps.
type Moment = (Duration, UnixMillis);

fn passed(now: Moment, since: Option<Moment>) -> Duration {
    since.map_or(Duration::MAX, |(elapsed, wall)| {
        now.0.saturating_sub(elapsed).max(now.1.since(wall))
    })
}

/// When it was asked for.
#[derive(Default)]
pub(super) struct ChatList {
    /// When all of it was.
    whole_at: Option<Moment>,
    /// When any of it was, and how many polls there had been by then.
    asked_at: Option<Moment>,
    polls: u32,
    /// Since then a stretch has begun.
    stretch_began: bool,
}

impl ChatList {
    pub(super) fn stretch_begins(&mut self) {
        self.stretch_began = true;
    }

    /// How many of its pages are to be asked for now; all of it every `seldom`.
    fn due(&self, now: Moment, route: InboundRoute, polls: u32, seldom: Duration) -> Option<u32> {
        let every = if self.stretch_began { OFTEN } else { seldom };
        if passed(now, self.whole_at) >= every {
            return Some(PAGES);
        }
        let often = route != InboundRoute::WebhookAndPolling
            && passed(now, self.asked_at) >= OFTEN
            && polls.wrapping_sub(self.polls) >= POLLS;
        often.then_some(1)
    }

    fn asked(&mut self, now: Moment, pages: u32, polls: u32) {
        (self.asked_at, self.polls) = (Some(now), polls);
        if pages > 1 {
            (self.whole_at, self.stretch_began) = (Some(now), false);
        }
    }

    /// It was just read.
    pub(super) fn was_read(&mut self, desk: &Desk, polls: u32) {
        self.asked(moment(desk), PAGES, polls);
    }
}

fn moment(desk: &Desk) -> Moment {
    (desk.shared.clock.elapsed(), desk.shared.clock.now())
}

/// Asks for it, if it is time.
pub(super) async fn look(follower: &mut Follower, route: InboundRoute) -> Result<(), Trouble> {
    let (link, polls) = (follower.desk.link.clone(), follower.polls);
    let Some(facet) = link.chats() else {
        return Ok(());
    };
    let now = moment(&follower.desk);
    let seldom = SELDOM.max(follower.desk.thrift.long_share(now.1));
    let Some(pages) = follower.chat_list.due(now, route, polls, seldom) else {
        return Ok(());
    };
    follower.chat_list.asked(now, pages, polls);
    match read(&follower.desk, facet, pages).await {
        Err(Trouble::Gateway(failure))
            if !matches!(failure, Failure::AuthLost { .. } | Failure::Restricted { .. }) =>
        {
            tracing::debug!(device = %follower.desk.device, %failure, "the list of chats could not be asked for");
            Ok(())
        }
        outcome => outcome,
    }
}

async fn read(desk: &Desk, facet: &dyn Chats, pages: u32) -> Result<(), Trouble> {
    let (mut listed, mut offset) = (Listed::default(), 0);
    for _ in 0..pages {
        let covered = read_page(desk, facet, offset, &mut listed).await?;
        if covered < PAGE {
            break;
        }
        offset += covered;
    }
    Ok(())
}

/// One page of it; says how many chats it covers, 0 = nothing new comes behind it.
async fn read_page(desk: &Desk, facet: &dyn Chats, offset: u32, listed: &mut Listed) -> Result<u32, Trouble> {
    let (device, store) = (desk.device, &desk.shared.store);
    let mut changes = store.changes();
    let wished = store
        .read(move |connection| chat::wished(connection, device))
        .await?;
    let asked = desk.gateway_now().before(JUST_NOW);
    let calls = desk.calls.load(Ordering::Relaxed);
    let page = facet.page(offset, PAGE).await?;
    let covered = if listed.goes_on(&page.items) {
        page.covered
    } else {
        0
    };
    let said: Vec<ChatSnapshot> = page.items.iter().filter_map(snapshot).cloned().collect();
    let was_wished = tokio::select! {
        biased;
        _ = changes.wait_for(|change| *change == Change::ChatWish(device)) => true,
        () = std::future::ready(()) => false,
    };
    // What a call told meanwhile is newer than this answer.
    let was_told = desk.calls.load(Ordering::Relaxed) != calls;
    let taken: Result<(), StoreError> = store
        .write(move |writing| {
            said.iter().try_for_each(|said| {
                let spared = |id| was_wished || was_told || wished.contains(&id);
                chat::told_again(writing, device, said, (asked, spared))
            })
        })
        .await;
    Ok(taken.map(|()| covered)?)
}

#[cfg(test)]
mod tests {
    use mostrador_domain::Address;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const ON: InboundRoute = InboundRoute::WebhookAndPolling;
    const ASKING: InboundRoute = InboundRoute::Polling;

    fn at(minutes: u32) -> Moment {
        let elapsed = MINUTE * minutes;
        (elapsed, UnixMillis(0).after(elapsed))
    }

    #[test]
    fn all_of_it_is_asked_for_at_the_beginning_and_then_seldom() {
        let mut list = ChatList::default();
        assert_eq!(list.due(at(0), ON, 0, SELDOM), Some(PAGES), "at the beginning");
        list.asked(at(0), PAGES, 0);
        assert_eq!(list.due(at(19), ON, 19, SELDOM), None, "the gateway calls");
        assert_eq!(
            list.due(at(20), ON, 20, SELDOM),
            Some(PAGES),
            "it may have left something out"
        );
        let asleep = (MINUTE, UnixMillis(0).after(MINUTE * 600));
        assert_eq!(
            list.due(asleep, ON, 1, SELDOM),
            Some(PAGES),
            "the computer has slept"
        );
        list.stretch_begins();
        assert_eq!(list.due(at(1), ON, 1, SELDOM), None, "a link that comes and goes");
        assert_eq!(list.due(at(2), ON, 2, SELDOM), Some(PAGES), "another stretch");
    }

    #[test]
    fn of_a_gateway_that_does_not_call_the_newest_page_is_asked_for_as_it_is_polled() {
        let mut list = ChatList::default();
        list.asked(at(0), PAGES, 0);
        assert_eq!(list.due(at(1), ASKING, 12, SELDOM), None, "not with each poll");
        assert_eq!(list.due(at(2), ASKING, 24, SELDOM), Some(1), "every other minute");
        assert_eq!(
            list.due(at(15), ASKING, 3, SELDOM),
            None,
            "whoever is polled every five minutes is asked for it less often too"
        );
        list.asked(at(19), 1, 4);
        assert_eq!(
            list.due(at(20), ASKING, 5, SELDOM),
            Some(PAGES),
            "all of it has its own time"
        );
    }

    #[test]
    fn a_list_that_repeats_itself_ends() {
        let chats = |from: u32| -> Vec<Inbound> {
            let chat = |number| Address::parse(&format!("519000000{number:02}"));
            (from..from + 10)
                .map(|number| Inbound::Chat(ChatSnapshot::of(chat(number))))
                .collect()
        };
        let mut listed = Listed::default();
        assert!(
            (0..8).all(|nth| listed.goes_on(&chats(nth * 9))),
            "each page has chats that are new"
        );
        let goes_on: Vec<bool> = (0..3).map(|_| listed.goes_on(&chats(0))).collect();
        assert_eq!(goes_on, [true, true, false], "the third says nothing new");
    }
}
