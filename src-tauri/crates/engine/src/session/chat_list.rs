//! The gateway's list of chats, asked for again: what happens to a chat on the phone (read, archived, pinned, muted) is told by a call
//! alone, and nobody tells it again who was away or cannot call.
//!
//! | When | how much |
//! |---|---|
//! | a stretch of being linked begins, the computer has slept, or [`SELDOM`] have passed, longer where a plan [counts calls](super::thrift) | [`PAGES`] pages |
//! | the gateway does not call: [`OFTEN`], and [`POLLS`] polls, after the last time | the newest page |
//!
//! A list is true of the moment before it was asked for, and of nothing that is wished here, or told by a call, meanwhile: the marks of a chat
//! of which anything has changed since then stay as they are here, those of the others are taken over ([`Meanwhile`]). What has changed is
//! looked at within the write that takes the list in: a call that is still being stored then comes after it, and its word is the last. A list
//! makes no chat and removes none: a chat that is missing in it may be on another page. Who cannot give it now is asked another time; who asks
//! to be asked later is asked nothing else either.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use mostrador_domain::{ChatId, ChatSnapshot, DeviceId, Failure, Inbound, NotSentCause, UnixMillis};
use mostrador_gateways::Chats;
use mostrador_store::Change;
use mostrador_store::tables::chat;

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
    /// Since then a stretch has begun, or it could not be taken over.
    stretch_began: bool,
    /// It could not be had, for the gateway wants to be asked less: no new stretch asks for it before its time.
    put_off: bool,
}

impl ChatList {
    pub(super) fn stretch_begins(&mut self) {
        self.stretch_began |= !std::mem::take(&mut self.put_off);
    }

    /// How many of its pages are to be asked for now; all of it every `seldom`. `share`: how long each of its pages has to last, where a plan
    /// counts calls.
    fn due(
        &self,
        now: Moment,
        route: InboundRoute,
        polls: u32,
        (seldom, share): (Duration, Duration),
    ) -> Option<u32> {
        let every = if self.stretch_began {
            OFTEN.max(share.saturating_mul(PAGES)).min(seldom)
        } else {
            seldom
        };
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

    /// What it said could not be taken over.
    fn was_in_vain(&mut self) {
        self.stretch_began = true;
    }

    /// The gateway wants to be asked less.
    fn put_off(&mut self, now: Moment, polls: u32) {
        self.asked(now, PAGES, polls);
        self.put_off = true;
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
    let thrift = &follower.desk.thrift;
    let every = (SELDOM.max(thrift.long_share(now.1)), thrift.share(now.1));
    let Some(pages) = follower.chat_list.due(now, route, polls, every) else {
        return Ok(());
    };
    follower.chat_list.asked(now, pages, polls);
    match read(&follower.desk, facet, pages).await {
        Ok(in_vain) => {
            if in_vain {
                follower.chat_list.was_in_vain();
            }
            Ok(())
        }
        Err(Trouble::Gateway(
            failure @ Failure::NotSent {
                cause: NotSentCause::RateLimited,
                ..
            },
        )) => {
            follower.chat_list.put_off(now, polls);
            Err(failure.into())
        }
        Err(Trouble::Gateway(failure))
            if !matches!(failure, Failure::AuthLost { .. } | Failure::Restricted { .. }) =>
        {
            tracing::debug!(device = %follower.desk.device, %failure, "the list of chats could not be asked for");
            Ok(())
        }
        Err(trouble) => Err(trouble),
    }
}

/// Reads so many pages of it. `true` = the marks of a whole page were left as they are here.
async fn read(desk: &Desk, facet: &dyn Chats, pages: u32) -> Result<bool, Trouble> {
    let (mut listed, mut offset, mut in_vain) = (Listed::default(), 0, false);
    for _ in 0..pages {
        let taken = read_page(desk, facet, offset, &mut listed).await?;
        in_vain |= taken.in_vain;
        if taken.covered < PAGE {
            break;
        }
        offset += taken.covered;
    }
    Ok(in_vain)
}

/// What came of a page.
struct Taken {
    /// How many chats it covers; 0 = nothing new comes behind it.
    covered: u32,
    /// Nobody knows what has changed meanwhile: the marks of all of its chats were left as they are here.
    in_vain: bool,
}

/// What has changed since a list was asked for; `None` = nobody knows.
struct Meanwhile(Option<BTreeSet<Change>>);

impl Meanwhile {
    /// A label that is changed or removed concerns every chat.
    fn of(told: Option<BTreeSet<Change>>, device: DeviceId) -> Self {
        Self(told.filter(|told| !told.contains(&Change::Labels(device))))
    }

    fn has_changed(&self, chat: ChatId) -> bool {
        self.0
            .as_ref()
            .is_none_or(|told| told.contains(&Change::Chat(chat)))
    }
}

/// One page of it.
async fn read_page(
    desk: &Desk,
    facet: &dyn Chats,
    offset: u32,
    listed: &mut Listed,
) -> Result<Taken, Trouble> {
    let (device, store) = (desk.device, &desk.shared.store);
    let mut changes = store.changes();
    let wished = store
        .read(move |connection| chat::wished(connection, device))
        .await?;
    let asked = desk.gateway_now().before(JUST_NOW);
    let page = facet.page(offset, PAGE).await?;
    let covered = if listed.goes_on(&page.items) {
        page.covered
    } else {
        0
    };
    let said: Vec<ChatSnapshot> = page.items.iter().filter_map(snapshot).cloned().collect();
    let in_vain = store.write(move |writing| {
        let meanwhile = Meanwhile::of(changes.so_far(), device);
        for said in &said {
            let spared = |id| meanwhile.has_changed(id) || wished.contains(&id);
            chat::told_again(writing, device, said, (asked, spared))?;
        }
        Ok(meanwhile.0.is_none())
    });
    Ok(Taken {
        covered,
        in_vain: in_vain.await?,
    })
}

#[cfg(test)]
mod tests {
    use mostrador_domain::Address;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    /// No plan counts calls.
    const EVERY: (Duration, Duration) = (SELDOM, Duration::ZERO);
    const ON: InboundRoute = InboundRoute::WebhookAndPolling;
    const ASKING: InboundRoute = InboundRoute::Polling;

    fn at(minutes: u32) -> Moment {
        let elapsed = MINUTE * minutes;
        (elapsed, UnixMillis(0).after(elapsed))
    }

    #[test]
    fn all_of_it_is_asked_for_at_the_beginning_and_then_seldom() {
        let mut list = ChatList::default();
        assert_eq!(list.due(at(0), ON, 0, EVERY), Some(PAGES), "at the beginning");
        list.asked(at(0), PAGES, 0);
        assert_eq!(list.due(at(19), ON, 19, EVERY), None, "the gateway calls");
        assert_eq!(
            list.due(at(20), ON, 20, EVERY),
            Some(PAGES),
            "it may have left something out"
        );
        let asleep = (MINUTE, UnixMillis(0).after(MINUTE * 600));
        assert_eq!(
            list.due(asleep, ON, 1, EVERY),
            Some(PAGES),
            "the computer has slept"
        );
        list.stretch_begins();
        assert_eq!(list.due(at(1), ON, 1, EVERY), None, "a link that comes and goes");
        assert_eq!(list.due(at(2), ON, 2, EVERY), Some(PAGES), "another stretch");
    }

    #[test]
    fn of_a_gateway_that_does_not_call_the_newest_page_is_asked_for_as_it_is_polled() {
        let mut list = ChatList::default();
        list.asked(at(0), PAGES, 0);
        assert_eq!(list.due(at(1), ASKING, 12, EVERY), None, "not with each poll");
        assert_eq!(list.due(at(2), ASKING, 24, EVERY), Some(1), "every other minute");
        assert_eq!(
            list.due(at(15), ASKING, 3, EVERY),
            None,
            "whoever is polled every five minutes is asked for it less often too"
        );
        list.asked(at(19), 1, 4);
        assert_eq!(
            list.due(at(20), ASKING, 5, EVERY),
            Some(PAGES),
            "all of it has its own time"
        );
    }

    #[test]
    fn where_a_plan_counts_calls_a_link_that_comes_and_goes_asks_for_it_within_its_share() {
        let counted = (MINUTE * 344, MINUTE * 86);
        let mut list = ChatList::default();
        list.asked(at(0), PAGES, 0);
        list.stretch_begins();
        assert_eq!(list.due(at(10), ON, 1, counted), None, "not every two minutes");
        assert_eq!(list.due(at(344), ON, 9, counted), Some(PAGES), "in its own time");
        let dear = (MINUTE * 20, MINUTE);
        assert_eq!(list.due(at(4), ON, 1, dear), None, "five calls last five minutes");
        assert_eq!(list.due(at(5), ON, 1, dear), Some(PAGES), "then it is time");
    }

    #[test]
    fn a_list_that_is_put_off_is_not_the_first_thing_that_is_asked_for_again() {
        let mut list = ChatList::default();
        list.put_off(at(0), 0);
        list.stretch_begins();
        assert_eq!(list.due(at(5), ON, 1, EVERY), None, "news comes first");
        list.stretch_begins();
        assert_eq!(list.due(at(5), ON, 1, EVERY), Some(PAGES), "another stretch");
    }

    #[test]
    fn of_a_chat_that_has_changed_meanwhile_the_list_is_older_than_what_is_here() {
        let (device, chat) = (DeviceId(1), ChatId(7));
        let told = |change| Meanwhile::of(Some([Change::Chats, change].into()), device);
        let (its, others) = (told(Change::Chat(chat)), told(Change::Chat(ChatId(8))));
        assert!(its.has_changed(chat), "a call has told of it");
        assert!(!others.has_changed(chat), "of another one");
        assert!(
            !told(Change::Labels(DeviceId(2))).has_changed(chat),
            "another number's"
        );
        assert!(told(Change::Labels(device)).has_changed(chat), "its labels");
        assert!(Meanwhile::of(None, device).has_changed(chat), "nobody knows");
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
