//! Follows what happens at the gateway: webhook route and polling, after the [first sync](first_sync).
//!
//! Order of effects when a number has been linked: the [way](super::way) by which the gateway calls is opened first, then chats
//! and history are fetched, then polling begins where the newest message seen ends. So nothing that happens meanwhile falls
//! between two of them; what is told twice is stored once. How far we have seen is noted only once all up to there is stored: pages come newest first, and
//! one that fails must not leave a gap behind it.
//!
//! Polling always runs, in a [rhythm](super::rhythm) of its own, slower where a plan [counts calls](super::thrift). Each
//! poll overlaps the last one, and now and then looks back a whole day, for receipts of older messages; where only asking tells of those, once
//! a day [as far as they go](ticks). One that is cut short goes on
//! where it was, before news is read again, and passes over nothing though the list has moved meanwhile ([`mark`]). Now and then the
//! [list of chats](chat_list) is read too.
//!
//! How far a link was read is noted for that link alone: another number may be linked while a list is read, and its own list is another.
//!
//! A gateway that refuses to be read is left alone: as long as it says, and longer each time that it fails in a row; where a plan counts calls, as
//! long as those have to last that were made for nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mostrador_domain::{Address, DeviceState, Failure, Inbound, NotSentCause, UnixMillis};
use mostrador_gateways::{History, HistoryQuery, Page};
use mostrador_store::tables::block;
use mostrador_store::tables::device::{self, DeviceRow, Link};
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::{Change, StoreError};
use tokio::sync::watch;

use super::chat_list::{self, ChatList};
use super::ears::Ears;
use super::missed::{self, Missed};
use super::rhythm::Rhythm;
use super::trouble::Trouble;
use super::way::Way;
use super::{Desk, InboundRoute, Shared, first_sync, thrift};
use crate::crash;
use crate::outbox::backoff;

mod depth;
mod mark;
mod pages;
mod reading;
mod ticks;

pub(crate) use depth::{Depth, Goes};
pub(super) use mark::IN_COMMON;
use mark::{Join, Mark};
pub(crate) use pages::Pages;
use reading::{Reading, Then};
use ticks::Ticks;

/// After trouble, at the least.
const PAUSE: Duration = Duration::from_secs(5);
/// A gateway that fails so often in a row when it is read has nothing to tell: nobody waits for that.
const FAILS: u32 = 5;
/// How far a poll looks back behind the newest message seen.
const OVERLAP: Duration = Duration::from_secs(600);
/// How far every [`LONG_EVERY`]th poll looks back.
const LONG_OVERLAP: Duration = Duration::from_secs(24 * 3_600);
const LONG_EVERY: u32 = 20;
/// How often it is asked whom the number has blocked, however often the gateway is asked for news; more seldom where calls are counted.
const BLOCKS_EVERY: Duration = Duration::from_secs(20 * 60);
/// Messages asked for at once.
pub(super) const PAGE: u32 = 100;

/// Runs until the session ends.
pub(super) async fn run(desk: Desk, route: watch::Sender<InboundRoute>) {
    let mut follower = Follower {
        ticks: Ticks::begin(desk.shared.clock.elapsed()),
        desk,
        route,
        polls: 0,
        look_back: false,
        failures: 0,
        blocks_asked_at: None,
        number: None,
        turn_began: 0,
        missed: Missed::default(),
        chat_list: ChatList::default(),
        way: Way::default(),
    };
    loop {
        if !follower.desk.state.borrow().is_linked() {
            follower.set_route(InboundRoute::None);
        }
        if !follower.desk.wait_until(DeviceState::is_linked).await {
            return;
        }
        let rest = match follower.follow().await {
            Ok(()) => {
                follower.set_route(InboundRoute::None);
                Rest::of(PAUSE)
            }
            Err(Trouble::Gateway(failure)) => follower.failed(failure).await,
            Err(Trouble::Store(error)) => {
                tracing::error!(device = %follower.desk.device, %error, "following stopped for now");
                Rest::of(PAUSE)
            }
        };
        follower.rest(rest).await;
    }
}

/// How long a gateway is left alone.
struct Rest {
    pause: Duration,
    /// For so long it has said so itself: nothing that a person asks for cuts that short.
    told: Duration,
}

impl Rest {
    fn of(pause: Duration) -> Self {
        Self {
            pause,
            told: Duration::ZERO,
        }
    }
}

pub(super) struct Follower {
    pub(super) desk: Desk,
    route: watch::Sender<InboundRoute>,
    pub(super) polls: u32,
    /// A chat was emptied: until a poll has looked far back, the next one does.
    look_back: bool,
    /// How far our messages have come.
    ticks: Ticks,
    /// How often in a row reading has failed.
    pub(super) failures: u32,
    /// The chats whose messages the first sync could not have.
    pub(super) missed: Missed,
    /// When it was last asked, in this stretch, whom the number has blocked; where a plan counts calls, also in an earlier one.
    blocks_asked_at: Option<Duration>,
    /// The number of the last stretch.
    number: Option<Address>,
    /// How many calls the link had made when this turn began.
    turn_began: u64,
    /// When the list of chats was last asked for.
    pub(super) chat_list: ChatList,
    way: Way,
}

impl Follower {
    /// Reading has failed: says how long the gateway is left alone, as long as it says and longer each time. One that asks to slow
    /// down is as well as before, so that messages leave all the while.
    async fn failed(&mut self, failure: Failure) -> Rest {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILS {
            self.desk.level.send_replace(true);
        }
        let Shared { chance, .. } = &self.desk.shared;
        let pause = backoff::delay(self.failures, &**chance).max(PAUSE);
        let told = match &failure {
            Failure::NotSent { retry_after, .. } => *retry_after,
            _ => None,
        };
        let pause = pause.max(self.spared_by(&failure));
        match failure {
            Failure::NotSent {
                cause: NotSentCause::RateLimited,
                ..
            } => tracing::info!(device = %self.desk.device, "the gateway asks to be asked less often"),
            other => self.desk.met_when_reading(other).await,
        }
        let told = told.unwrap_or_default();
        Rest {
            pause: pause.max(told),
            told,
        }
    }

    /// How long the calls have to last that were made for nothing, where the gateway's plan counts them. One that is used up refuses too. A first
    /// sync has patience of its own before it takes part in that.
    fn spared_by(&self, failure: &Failure) -> Duration {
        let syncing = matches!(&*self.desk.state.borrow(), DeviceState::Syncing { .. });
        let share = self.desk.thrift.share(self.desk.shared.clock.now());
        match failure {
            // Nobody was asked.
            Failure::NotSent {
                cause: NotSentCause::Unreachable | NotSentCause::Spared,
                ..
            } => Duration::ZERO,
            Failure::Rejected { .. } if syncing => share,
            _ if syncing && self.failures < FAILS => Duration::ZERO,
            _ => self.lasts(share),
        }
    }

    /// How long this turn has to last, if each of its calls has to last for a share.
    fn lasts(&self, share: Duration) -> Duration {
        let cost = self.desk.link.calls_made().saturating_sub(self.turn_began);
        share
            .saturating_mul(u32::try_from(cost.max(1)).unwrap_or(u32::MAX))
            .min(thrift::LONGEST)
    }

    /// Leaves the gateway alone for so long, unless a person asks for something, or the number is unlinked: of the next link nothing
    /// is known.
    async fn rest(&mut self, rest: Rest) {
        let mut state = self.desk.state.clone();
        let (clock, sync) = (&self.desk.shared.clock, &self.desk.sync);
        let asked = async {
            clock.sleep(rest.told).await;
            sync.asked.notified().await;
        };
        tokio::select! {
            () = clock.sleep(rest.pause) => {}
            () = asked => {}
            _ = state.wait_for(|state| *state == DeviceState::LoggedOut) => self.failures = 0,
        }
    }

    /// One stretch of being linked.
    async fn follow(&mut self) -> Result<(), Trouble> {
        self.way.begin();
        if self.failures < FAILS {
            self.desk.level.send_replace(false);
        }
        self.turn_began = self.desk.link.calls_made();
        // Another number may have been linked meanwhile, with another list.
        let number = self.row().await?.own;
        if number != self.number || self.desk.thrift.share(self.desk.shared.clock.now()).is_zero() {
            self.blocks_asked_at = None;
        }
        self.number = number;
        self.missed = Missed::default();
        self.chat_list.stretch_begins();
        // Before the gateway is told where to call: some tell all of the past then, which is no news.
        first_sync::begin(self).await?;
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
            self.desk.thrift.keep(&self.desk).await?;
            let route = self.settle().await?;
            // Each time anew: another number may have been linked without our ever seeing this one go.
            let row = self.row().await?;
            let wanted = self.desk.sync.wanted.swap(false, Ordering::Relaxed);
            if row.synced_at.is_none() {
                // What was written before is history, in which nobody's wish is heard.
                self.desk.level.send_replace(true);
            }
            if row.synced_at.is_none() || wanted {
                let outcome = first_sync::run(self, &row).await;
                // What a person wants is wanted until it is done.
                if outcome.is_err() && wanted {
                    self.desk.sync.wanted.store(true, Ordering::Relaxed);
                }
                outcome?;
                self.chat_list.was_read(&self.desk, self.polls);
                // That is done once: what a turn costs is what the next one will.
                self.turn_began = self.desk.link.calls_made();
            }
            let every = BLOCKS_EVERY.max(self.desk.thrift.long_share(self.desk.shared.clock.now()));
            if is_due(self.blocks_asked_at, self.desk.shared.clock.elapsed(), every) {
                self.ask_blocks().await?;
            }
            let proven = if self.desk.deaf.load(Ordering::Relaxed) {
                InboundRoute::Polling
            } else {
                route
            };
            // Before news: what was read on the phone is none.
            chat_list::look(self, proven).await?;
            let calls = self.desk.calls.load(Ordering::Relaxed);
            let news = self.poll(row.link, proven).await?;
            self.failures = 0;
            self.desk.was_read().await;
            self.desk.level.send_replace(true);
            if !self.is_still(row.link).await? {
                // What is linked now has a first sync of its own, and that comes first.
                continue;
            }
            missed::fetch(self).await?;
            let elapsed = self.desk.shared.clock.elapsed();
            if news.is_some() {
                rhythm.news(elapsed);
            }
            if route == InboundRoute::WebhookAndPolling {
                ears.listen(&self.desk, calls, news.filter(|written| *written >= opened_at))
                    .await;
            }
            self.way.remind(&self.desk).await?;
            let (route, pause) = ears.route(&self.desk, route, &rhythm);
            let spared = self.spared(route);
            let pause = pause.max(spared);
            let mut state = self.desk.state.clone();
            tokio::select! {
                () = self.desk.shared.clock.sleep(pause) => {}
                // Whoever sends wants to see the ticks rise, and the answer.
                _ = changes.wait_for(|change| *change == sending), if route == InboundRoute::Polling && rhythm.is_slow(elapsed) && spared.is_zero() => {
                    rhythm.news(self.desk.shared.clock.elapsed());
                }
                () = self.desk.sync.asked.notified() => {}
                _ = port.changed() => {}
                _ = state.wait_for(|state| !state.is_linked()) => {}
            }
            self.turn_began = self.desk.link.calls_made();
        }
        Ok(())
    }

    /// How long this turn has to last, where the gateway's plan counts calls.
    fn spared(&self, route: InboundRoute) -> Duration {
        let Desk { thrift, shared, .. } = &self.desk;
        let now = shared.clock.now();
        self.lasts(match route {
            InboundRoute::WebhookAndPolling => thrift.long_share(now),
            InboundRoute::Polling | InboundRoute::Unproved | InboundRoute::None => thrift.share(now),
        })
    }

    pub(super) async fn row(&self) -> Result<DeviceRow, StoreError> {
        let device = self.desk.device;
        self.desk
            .shared
            .store
            .read(move |connection| device::get(connection, device))
            .await
    }

    /// The way in, as it shall be and as far as it can be now.
    async fn settle(&mut self) -> Result<InboundRoute, Trouble> {
        self.desk.shared.hooks.take_in_at_last(self.desk.device).await;
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

    /// Takes in a page of history, telling what is live from what is old. Says when the oldest message of theirs that is new and unread was
    /// written.
    pub(super) async fn take_split(
        &self,
        page: Page<Inbound>,
        live_from: UnixMillis,
    ) -> Result<Option<UnixMillis>, Trouble> {
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
        Ok(live.received.iter().map(|received| received.at).min())
    }

    /// Is this the link that there is? If not, another number's may be listed now, of which nothing is known.
    pub(super) async fn is_still(&self, link: Link) -> Result<bool, StoreError> {
        Ok(self.row().await?.link == link)
    }

    /// Notes that everything of this link up to the `newest` message is stored.
    pub(super) async fn seen_until(&self, link: Link, newest: Option<UnixMillis>) -> Result<(), StoreError> {
        let Some(newest) = newest else {
            return Ok(());
        };
        let newest = self.credible(newest);
        self.desk
            .shared
            .store
            .write(move |writing| device::polled(writing, link, newest))
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
    async fn poll(&mut self, of: Link, proven: InboundRoute) -> Result<Option<UnixMillis>, Trouble> {
        let link = Arc::clone(&self.desk.link);
        let Some(history) = link.history() else {
            return Ok(None);
        };
        let row = self.row().await?;
        if row.link != of {
            return Ok(None);
        }
        let live_from = row.live_from.unwrap_or(UnixMillis(i64::MIN));
        if self.desk.sync.look_back.swap(false, Ordering::Relaxed) {
            self.look_back = true;
            // What went with the chat has moved the list up, and may have been read already.
            if let Some(mark) = self.mark().await? {
                self.keep_mark(of, Some(mark.again())).await?;
            }
        }
        let late = self.go_on(history, (of, live_from)).await?;
        let back = if self.look_back || self.polls.is_multiple_of(LONG_EVERY) {
            LONG_OVERLAP
        } else {
            OVERLAP
        };
        let since = self.row().await?.polled_until;
        let since = since.map(|until| self.credible(until).before(back));
        let unread = self.ticks.since(&self.desk, proven).await?;
        let since = since.map(|since| unread.map_or(since, |unread| unread.min(since)));
        let read = self
            .read_on(history, (Mark::start(since), None), (of, live_from))
            .await;
        if read.is_err() && unread.is_some() {
            self.ticks.failed(self.desk.shared.clock.elapsed());
        }
        let news = read?;
        // One that failed is made again as it was.
        self.look_back = false;
        self.polls = self.polls.wrapping_add(1);
        Ok([late, news].into_iter().flatten().min())
    }

    /// Ends the poll that was cut short, if one was: what it has not reached is older than what is new, and lies behind it. Where it does
    /// not get any further, news is not to wait for it: then it is let go of, and begins anew with the news.
    async fn go_on(
        &mut self,
        history: &dyn History,
        (of, live_from): (Link, UnixMillis),
    ) -> Result<Option<UnixMillis>, Trouble> {
        let Some(mark) = self.mark().await? else {
            return Ok(None);
        };
        let first = match self.ask(history, mark).await {
            Ok(first) => first,
            Err(Failure::Rejected { code }) => {
                tracing::info!(device = %self.desk.device, ?code, "the gateway refuses what lies further back");
                self.keep_mark(of, None).await?;
                return Ok(None);
            }
            Err(failure) => {
                if matches!(failure, Failure::Unknown { .. }) {
                    self.keep_mark(of, None).await?;
                }
                return Err(failure.into());
            }
        };
        let news = self
            .read_on(history, (mark, Some(first)), (of, live_from))
            .await?;
        self.polls = self.polls.wrapping_add(1);
        Ok(news)
    }

    /// Asks for the page with which a poll goes on.
    async fn ask(&self, history: &dyn History, mark: Mark) -> Result<Page<Inbound>, Failure> {
        let asked = self.desk.shared.clock.now();
        let query = HistoryQuery {
            since: mark.since,
            offset: mark.next(),
            count: PAGE,
        };
        let page = history.recent(query).await?;
        self.desk.note_gateway_clock(asked);
        Ok(page)
    }

    /// Reads a list from its mark to its end. `first`: the page there, if this goes on with a poll that was cut short.
    async fn read_on(
        &mut self,
        history: &dyn History,
        (mark, mut first): (Mark, Option<Page<Inbound>>),
        (of, live_from): (Link, UnixMillis),
    ) -> Result<Option<UnixMillis>, Trouble> {
        let goes_on = first.is_some();
        let mut news = None;
        let mut reading = Reading::from(mark, goes_on);
        loop {
            let page = match first.take() {
                Some(page) => page,
                None => self.ask(history, reading.mark).await?,
            };
            if !self.is_still(of).await? {
                return Ok(news);
            }
            let joins = self.joins(&reading, &page).await?;
            let then = reading.took(&page, joins);
            let taken = self.take_split(page, live_from).await?;
            crash::point("poll.stored");
            news = [news, taken].into_iter().flatten().min();
            match then {
                Then::Another => {}
                Then::Read => break,
                Then::Left => {
                    tracing::warn!(device = %self.desk.device, "the gateway's list does not end: what lies further back is left");
                    break;
                }
            }
            self.keep_mark(of, Some(reading.mark)).await?;
            if goes_on {
                // It gets further, if only by a page at a time.
                self.failures = 0;
            }
        }
        self.seen_until(of, reading.mark.newest).await?;
        self.keep_mark(of, None).await?;
        Ok(news)
    }

    /// Does the page join on to what the poll has read before?
    async fn joins(&self, reading: &Reading, page: &Page<Inbound>) -> Result<bool, StoreError> {
        let first = match reading.join(page) {
            Join::Joins => return Ok(true),
            Join::Gap => return Ok(false),
            Join::IfKnown(first) => (first.chat.clone(), first.gateway_id.clone()),
        };
        let (device, (chat, gateway_id)) = (self.desk.device, first);
        self.desk
            .shared
            .store
            .read(move |connection| ingest::is_here(connection, device, &chat, &gateway_id))
            .await
    }

    /// Where a poll was cut short, if one was.
    async fn mark(&self) -> Result<Option<Mark>, StoreError> {
        Ok(self.row().await?.poll_cursor.as_deref().and_then(Mark::read))
    }

    /// Notes where a poll goes on if it is cut short; `None` = it was read to its end.
    async fn keep_mark(&self, link: Link, mark: Option<Mark>) -> Result<(), StoreError> {
        let mark = mark.map(|mark| mark.to_string());
        self.desk
            .shared
            .store
            .write(move |writing| device::set_poll_cursor(writing, link, mark.as_deref()))
            .await
    }
}

/// Shall it be asked now whom the number has blocked?
fn is_due(asked_at: Option<Duration>, elapsed: Duration, every: Duration) -> bool {
    asked_at.is_none_or(|asked| elapsed.saturating_sub(asked) >= every)
}

fn written_at(event: &Inbound) -> Option<UnixMillis> {
    match event {
        Inbound::Message(message) => Some(message.at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_list_is_asked_for_at_once_and_then_by_the_clock() {
        let asked = Duration::from_secs(100);
        assert!(is_due(None, asked, BLOCKS_EVERY), "each stretch begins with it");
        assert!(
            !is_due(Some(asked), asked + BLOCKS_EVERY / 2, BLOCKS_EVERY),
            "however many polls there were"
        );
        assert!(
            is_due(Some(asked), asked + BLOCKS_EVERY, BLOCKS_EVERY),
            "the phone may have changed it"
        );
    }
}
