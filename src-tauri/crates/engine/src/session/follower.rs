//! Follows what happens at the gateway: webhook route and polling, after the [first sync](first_sync).
//!
//! Order of effects when a number has been linked: the [way](super::way) by which the gateway calls is opened first, then chats
//! and history are fetched, then polling begins where the newest message seen ends. So nothing that happens meanwhile falls
//! between two of them; what is told twice is stored once. How far we have seen is noted only once all up to there is stored: pages come newest first, and
//! one that fails must not leave a gap behind it.
//!
//! Polling always runs, in a [rhythm](super::rhythm) of its own. Each
//! poll overlaps the last one, and now and then looks back a whole day, for receipts of older messages.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{DeviceState, Failure, Inbound, UnixMillis};
use mostrador_gateways::{HistoryQuery, Page};
use mostrador_store::tables::block;
use mostrador_store::tables::device::{self, DeviceRow};
use mostrador_store::tables::ingest::Origin;
use mostrador_store::{Change, StoreError};
use tokio::sync::watch;

use super::ears::Ears;
use super::rhythm::Rhythm;
use super::trouble::Trouble;
use super::way::Way;
use super::{Desk, InboundRoute, Shared, first_sync};
use crate::crash;

/// After trouble.
const PAUSE: Duration = Duration::from_secs(5);
/// How far a poll looks back behind the newest message seen.
const OVERLAP: Duration = Duration::from_secs(600);
/// How far every [`LONG_EVERY`]th poll looks back.
const LONG_OVERLAP: Duration = Duration::from_secs(24 * 3_600);
const LONG_EVERY: u32 = 20;
/// How often it is asked whom the number has blocked, however often the gateway is asked for news.
const BLOCKS_EVERY: Duration = Duration::from_secs(20 * 60);
/// Messages asked for at once.
pub(super) const PAGE: u32 = 100;
/// Pages that go no further back before a list counts as read: a gateway may give the same page for ever, or go on to what is older
/// than what was asked for. Whatever goes on is read, however long we were away.
const STALLED: u32 = 3;

/// Runs until the session ends.
pub(super) async fn run(desk: Desk, route: watch::Sender<InboundRoute>) {
    let mut follower = Follower {
        desk,
        route,
        polls: 0,
        blocks_asked_at: None,
        way: Way::default(),
    };
    while follower.desk.wait_until(DeviceState::is_linked).await {
        let outcome = follower.follow().await;
        follower.set_route(InboundRoute::None);
        match outcome {
            Ok(()) => {}
            Err(Trouble::Gateway(failure)) => follower.desk.met(failure).await,
            Err(Trouble::Store(error)) => {
                tracing::error!(device = %follower.desk.device, %error, "following stopped for now");
            }
        }
        follower.desk.shared.clock.sleep(PAUSE).await;
    }
}

/// What came of a page.
pub(super) struct Taken {
    /// When the newest of its messages was written.
    pub(super) newest: Option<UnixMillis>,
    /// When the oldest message of theirs that is new and unread was written.
    news: Option<UnixMillis>,
}

pub(super) struct Follower {
    pub(super) desk: Desk,
    route: watch::Sender<InboundRoute>,
    polls: u32,
    /// When it was last asked, in this stretch, whom the number has blocked.
    blocks_asked_at: Option<Duration>,
    way: Way,
}

impl Follower {
    /// One stretch of being linked.
    async fn follow(&mut self) -> Result<(), Trouble> {
        self.way.begin();
        // Another number may have been linked meanwhile, with another list.
        self.blocks_asked_at = None;
        self.settle().await?;
        // Gateways round down to whole seconds.
        let opened_at = self.desk.gateway_now().before(Duration::from_secs(1));
        self.desk.deaf.store(false, Ordering::Relaxed);
        let mut ears = Ears::default();
        let mut rhythm = Rhythm::at(self.desk.shared.clock.elapsed());
        let mut changes = self.desk.shared.store.changes();
        let mut port = self.desk.shared.hooks.watch_port();
        let sending = Change::Outbox(self.desk.device);
        while self.desk.state.borrow().is_linked() {
            let route = self.settle().await?;
            // Each time anew: another number may have been linked without our ever seeing this one go.
            let row = self.row().await?;
            let wanted = self.desk.sync.wanted.swap(false, Ordering::Relaxed);
            if row.synced_at.is_none() || wanted {
                let outcome = first_sync::run(self, &row).await;
                // What a person wants is wanted until it is done.
                if outcome.is_err() && wanted {
                    self.desk.sync.wanted.store(true, Ordering::Relaxed);
                }
                outcome?;
            }
            if is_due(self.blocks_asked_at, self.desk.shared.clock.elapsed()) {
                self.ask_blocks().await?;
            }
            let news = self.poll().await?;
            let elapsed = self.desk.shared.clock.elapsed();
            if news.is_some() {
                rhythm.news(elapsed);
            }
            if route == InboundRoute::WebhookAndPolling {
                ears.listen(&self.desk, news.filter(|written| *written >= opened_at))
                    .await;
            }
            self.way.remind(&self.desk).await?;
            let (route, pause) = ears.route(&self.desk, route, &rhythm);
            let mut state = self.desk.state.clone();
            tokio::select! {
                () = self.desk.shared.clock.sleep(pause) => {}
                // Whoever sends wants to see the ticks rise, and the answer.
                _ = changes.wait_for(|change| *change == sending), if route == InboundRoute::Polling && rhythm.is_slow(elapsed) => {
                    rhythm.news(self.desk.shared.clock.elapsed());
                }
                () = self.desk.sync.asked.notified() => {}
                _ = port.changed() => {}
                _ = state.wait_for(|state| !state.is_linked()) => {}
            }
        }
        Ok(())
    }

    async fn row(&self) -> Result<DeviceRow, StoreError> {
        let device = self.desk.device;
        self.desk
            .shared
            .store
            .read(move |connection| device::get(connection, device))
            .await
    }

    /// The way in, as it shall be and as far as it can be now.
    async fn settle(&mut self) -> Result<InboundRoute, Trouble> {
        let route = self.way.settle(&self.desk).await?;
        self.set_route(route);
        Ok(route)
    }

    fn set_route(&self, route: InboundRoute) {
        if self.route.send_replace(route) != route {
            self.desk.shared.store.announce(mostrador_store::Change::Devices);
        }
    }

    /// Whom the number has blocked, as the phone may have changed it. Who cannot say so now is asked another time.
    async fn ask_blocks(&mut self) -> Result<(), Trouble> {
        let Some(blocks) = self.desk.link.blocks() else {
            return Ok(());
        };
        let Shared {
            store,
            clock,
            blocking,
            ..
        } = &self.desk.shared;
        // Somebody is at it, perhaps for another number whose gateway hangs: nobody's news wait for that.
        let Ok(_one_at_a_time) = blocking.try_lock() else {
            return Ok(());
        };
        self.blocks_asked_at = Some(clock.elapsed());
        match blocks.list().await {
            Ok(list) => {
                let (device, now) = (self.desk.device, clock.now());
                store
                    .write_durably(move |writing| block::told(writing, device, &list, now))
                    .await?;
                Ok(())
            }
            Err(failure @ (Failure::AuthLost { .. } | Failure::Restricted { .. })) => Err(failure.into()),
            Err(failure) => {
                tracing::debug!(device = %self.desk.device, %failure, "it could not be asked whom the number has blocked");
                Ok(())
            }
        }
    }

    /// Takes in a page of history, telling what is live from what is old.
    pub(super) async fn take_split(
        &self,
        page: Page<Inbound>,
        live_from: UnixMillis,
    ) -> Result<Taken, Trouble> {
        let newest = page.items.iter().filter_map(written_at).max();
        // Oldest first: messages of the same second keep the order in which they were written.
        let (live, old): (Vec<_>, Vec<_>) = page
            .items
            .into_iter()
            .rev()
            .partition(|event| written_at(event).is_some_and(|at| at >= live_from));
        let device = self.desk.device;
        let old = self.desk.shared.ingest.take(device, old, Origin::History).await?;
        let live = self.desk.shared.ingest.take(device, live, Origin::Live).await?;
        if old.new_media || live.new_media {
            self.desk.media_wanted.notify_one();
        }
        let news = live.received.iter().map(|received| received.at).min();
        Ok(Taken { newest, news })
    }

    /// Notes that everything up to the `newest` message is stored.
    pub(super) async fn seen_until(&self, newest: Option<UnixMillis>) -> Result<(), StoreError> {
        let (device, Some(newest)) = (self.desk.device, newest) else {
            return Ok(());
        };
        let newest = self.credible(newest);
        self.desk
            .shared
            .store
            .write(move |writing| device::polled(writing, device, newest))
            .await
    }

    /// A time up to which everything was seen. One that is further ahead than a clock is ever wrong is no such time: whoever
    /// asked from there on would never hear of anything again.
    pub(super) fn credible(&self, until: UnixMillis) -> UnixMillis {
        let now = self.desk.gateway_now();
        if until > now.after(LONG_OVERLAP) {
            now
        } else {
            until
        }
    }

    /// Asks for everything since a while before the newest message seen. What was written before the first sync of this number
    /// began is history, however late it comes.
    ///
    /// Says when the oldest of what was new was written.
    async fn poll(&mut self) -> Result<Option<UnixMillis>, Trouble> {
        let Some(history) = self.desk.link.history() else {
            return Ok(None);
        };
        let row = self.row().await?;
        let live_from = row.live_from.unwrap_or(UnixMillis(i64::MIN));
        if self.desk.sync.look_back.swap(false, Ordering::Relaxed) {
            self.polls = 0;
        }
        let back = if self.polls.is_multiple_of(LONG_EVERY) {
            LONG_OVERLAP
        } else {
            OVERLAP
        };
        let since = row.polled_until.map(|until| self.credible(until).before(back));
        let news = self.poll_page_from(history, since, live_from).await?;
        // One that failed is made again as it was.
        self.polls = self.polls.wrapping_add(1);
        Ok(news)
    }

    async fn poll_page_from(
        &self,
        history: &dyn mostrador_gateways::History,
        since: Option<UnixMillis>,
        live_from: UnixMillis,
    ) -> Result<Option<UnixMillis>, Trouble> {
        let (mut offset, mut newest, mut news) = (0, None, None);
        let mut depth = Depth::default();
        loop {
            let page = history
                .recent(HistoryQuery {
                    since,
                    offset,
                    count: PAGE,
                })
                .await?;
            self.desk.note_gateway_clock();
            let covered = page.covered;
            let goes_on = depth.goes_on(&page.items);
            let taken = self.take_split(page, live_from).await?;
            crash::point("poll.stored");
            newest = newest.max(taken.newest);
            news = [news, taken.news].into_iter().flatten().min();
            if covered < PAGE {
                break;
            }
            match goes_on {
                Goes::On => {}
                Goes::Past => break,
                Goes::Nowhere => {
                    tracing::warn!(device = %self.desk.device, "the gateway's list does not end: what lies further back is left");
                    break;
                }
            }
            offset = offset.saturating_add(covered);
        }
        self.seen_until(newest).await?;
        Ok(news)
    }
}

/// Where a list that is read goes behind a page.
#[derive(Debug, PartialEq, Eq)]
enum Goes {
    /// Further back.
    On,
    /// Only to what was not asked for: not every gateway can be asked for a time, and of what is older nothing is given.
    Past,
    /// To what it gave already.
    Nowhere,
}

/// How far back the pages of one poll have gone.
#[derive(Default)]
struct Depth {
    /// The messages that were on them.
    seen: HashSet<u64>,
    stalled: u32,
}

impl Depth {
    /// Where does the list go behind this page, newest first? Its oldest message was on an earlier page if it goes nowhere: whatever
    /// comes in meanwhile moves a list down, never up.
    fn goes_on(&mut self, page: &[Inbound]) -> Goes {
        let ids = page.iter().filter_map(|event| match event {
            Inbound::Message(message) => Some(&message.gateway_id),
            _ => None,
        });
        let mut further = None;
        for id in ids {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            further = Some(self.seen.insert(hasher.finish()));
        }
        self.stalled = if further == Some(true) {
            0
        } else {
            self.stalled + 1
        };
        match further {
            _ if self.stalled < STALLED => Goes::On,
            Some(_) => Goes::Nowhere,
            None => Goes::Past,
        }
    }
}

/// Shall it be asked now whom the number has blocked?
fn is_due(asked_at: Option<Duration>, elapsed: Duration) -> bool {
    asked_at.is_none_or(|asked| elapsed.saturating_sub(asked) >= BLOCKS_EVERY)
}

fn written_at(event: &Inbound) -> Option<UnixMillis> {
    match event {
        Inbound::Message(message) => Some(message.at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, InboundMessage, MessageBody, MessageContext};

    use super::*;

    /// A hundred messages, newest first.
    fn page(from: u32) -> Vec<Inbound> {
        let message = |number: u32| {
            Inbound::Message(Box::new(InboundMessage {
                gateway_id: format!("m{number}"),
                chat: Address::parse("51900000011"),
                chat_name: None,
                sender: None,
                sender_name: None,
                from_me: false,
                at: UnixMillis(0),
                body: MessageBody::Text("hola".to_owned()),
                status: None,
                context: MessageContext::default(),
            }))
        };
        (from..from + PAGE).map(message).collect()
    }

    #[test]
    fn a_list_is_read_however_long_it_is() {
        let mut depth = Depth::default();
        for number in 0..1_000 {
            // Each page holds some of the last one: messages come in meanwhile.
            assert_eq!(
                depth.goes_on(&page(number * 90)),
                Goes::On,
                "page {number} goes further back"
            );
        }
    }

    #[test]
    fn a_list_that_gives_the_same_page_for_ever_ends() {
        let mut depth = Depth::default();
        assert_eq!(depth.goes_on(&page(1_000)), Goes::On, "the first is new");
        // Somebody writes meanwhile: the page begins with what is new.
        let pages: Vec<Goes> = (0..3).map(|number| depth.goes_on(&page(999 - number))).collect();
        assert_eq!(
            pages,
            [Goes::On, Goes::On, Goes::Nowhere],
            "the third says nothing new of what lies further back"
        );
    }

    #[test]
    fn behind_what_was_asked_for_nothing_is_read() {
        let mut depth = Depth::default();
        assert_eq!(depth.goes_on(&page(0)), Goes::On, "the first is new");
        let older: Vec<Goes> = (0..3).map(|_| depth.goes_on(&[])).collect();
        assert_eq!(
            older,
            [Goes::On, Goes::On, Goes::Past],
            "a page may hold nothing that can be read"
        );
    }

    #[test]
    fn the_block_list_is_asked_for_at_once_and_then_by_the_clock() {
        let asked = Duration::from_secs(100);
        assert!(is_due(None, asked), "each stretch begins with it");
        assert!(
            !is_due(Some(asked), asked + BLOCKS_EVERY / 2),
            "however many polls there were"
        );
        assert!(
            is_due(Some(asked), asked + BLOCKS_EVERY),
            "the phone may have changed it"
        );
    }
}
