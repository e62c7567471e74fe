//! Follows what happens at the gateway: first sync, webhook route, polling.
//!
//! Order of effects when a number has been linked: the webhook route is opened first, then chats and history are fetched, then
//! polling begins where the newest message seen ends. So nothing that happens meanwhile falls between two of them; what is
//! told twice is stored once. How far we have seen is noted only once all up to there is stored: pages come newest first, and
//! one that fails must not leave a gap behind it.
//!
//! Polling always runs. Where the gateway can call us it is a safety net and rare; where it cannot, it is the way in. Each
//! poll overlaps the last one, and now and then looks back a whole day, for receipts of older messages.

use std::time::Duration;

use mostrador_domain::{Address, DeviceState, Failure, FailureCode, Inbound, UnixMillis};
use mostrador_gateways::{HistoryQuery, Page};
use mostrador_store::StoreError;
use mostrador_store::tables::device::{self, DeviceRow};
use mostrador_store::tables::ingest::Origin;
use tokio::sync::watch;

use super::{Command, Desk, InboundRoute};
use crate::webhook;

/// Between polls when the gateway cannot call us.
const POLL: Duration = Duration::from_secs(5);
/// Between polls when it can.
const POLL_AS_NET: Duration = Duration::from_secs(60);
/// How far a poll looks back behind the newest message seen.
const OVERLAP: Duration = Duration::from_secs(600);
/// How far every [`LONG_EVERY`]th poll looks back.
const LONG_OVERLAP: Duration = Duration::from_secs(24 * 3_600);
const LONG_EVERY: u32 = 20;
/// Messages asked for at once.
const PAGE: u32 = 100;
/// Messages of each chat that the first sync fetches.
const FIRST_MESSAGES: u32 = 100;
/// Pages that one poll reads at the most: no shop misses so much, and a gateway that gives the same page for ever must end.
const MAX_PAGES: u32 = 200;

/// What stops following for now.
enum Trouble {
    Gateway(Failure),
    Store(StoreError),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Gateway(failure)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Runs until the session ends.
pub(super) async fn run(desk: Desk, route: watch::Sender<InboundRoute>) {
    let mut follower = Follower {
        desk,
        route,
        polls: 0,
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
        follower.desk.shared.clock.sleep(POLL).await;
    }
}

struct Follower {
    desk: Desk,
    route: watch::Sender<InboundRoute>,
    polls: u32,
}

impl Follower {
    /// One stretch of being linked.
    async fn follow(&mut self) -> Result<(), Trouble> {
        let route = self.open_route().await?;
        self.set_route(route);
        let pause = if route == InboundRoute::WebhookAndPolling {
            POLL_AS_NET
        } else {
            POLL
        };
        while self.desk.state.borrow().is_linked() {
            // Each time anew: another number may have been linked without our ever seeing this one go.
            let row = self.row().await?;
            if row.synced_at.is_none() {
                self.first_sync(&row).await?;
            }
            self.poll().await?;
            let mut state = self.desk.state.clone();
            tokio::select! {
                () = self.desk.shared.clock.sleep(pause) => {}
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

    fn set_route(&self, route: InboundRoute) {
        if self.route.send_replace(route) != route {
            self.desk.shared.store.announce(mostrador_store::Change::Devices);
        }
    }

    /// Lets the gateway call us, if it can reach this computer.
    async fn open_route(&self) -> Result<InboundRoute, Trouble> {
        let Some(webhooks) = self.desk.link.webhooks().filter(|_| self.desk.link.is_local()) else {
            return Ok(InboundRoute::Polling);
        };
        let Desk { shared, device, .. } = &self.desk;
        let target = shared.hooks.open(&self.desk, &*shared.chance);
        let Some(target) = target else {
            return Ok(InboundRoute::Polling);
        };
        match webhooks.register(&target, webhook::PREFIX).await {
            Ok(()) => Ok(InboundRoute::WebhookAndPolling),
            Err(failure @ (Failure::AuthLost { .. } | Failure::Restricted { .. })) => Err(failure.into()),
            Err(failure) => {
                tracing::warn!(device = %device, %failure, "no webhook: polling alone");
                Ok(InboundRoute::Polling)
            }
        }
    }

    /// Fetches chats and the newest messages of each. Messages written after we began, or after what an earlier link had
    /// seen, are live; the others are history. One that is interrupted begins anew, from where the last whole one ended.
    async fn first_sync(&mut self, row: &DeviceRow) -> Result<(), Trouble> {
        let live_from = row.polled_until.unwrap_or_else(|| self.desk.shared.clock.now());
        let first_ever = row.polled_until.is_none();
        let chats = self
            .fetch_chats(if first_ever { Origin::History } else { Origin::Live })
            .await?;
        let total = u32::try_from(chats.len()).ok();
        let mut newest = None;
        for (done, chat) in (0_u32..).zip(&chats) {
            self.progress(done, total).await;
            newest = newest.max(self.first_messages(chat, live_from).await?);
        }
        self.progress(total.unwrap_or_default(), total).await;
        // After an earlier link the poll reads all since then: a chat may have more that is new than was fetched here.
        if first_ever {
            self.seen_until(newest).await?;
        }
        let (device, now) = (self.desk.device, self.desk.shared.clock.now());
        self.desk
            .shared
            .store
            .write(move |writing| device::synced(writing, device, now))
            .await?;
        let _ending = self.desk.commands.send(Command::Synced).await;
        Ok(())
    }

    /// Takes in the newest messages of one chat and says when the newest was written. A chat that the gateway refuses to show
    /// does not hold up the others.
    async fn first_messages(
        &self,
        chat: &Address,
        live_from: UnixMillis,
    ) -> Result<Option<UnixMillis>, Trouble> {
        let Some(history) = self.desk.link.history() else {
            return Ok(None);
        };
        let query = HistoryQuery {
            since: None,
            offset: 0,
            count: FIRST_MESSAGES,
        };
        match history.of_chat(chat, query).await {
            Ok(page) => self.take_split(page, live_from).await,
            Err(Failure::Rejected {
                code: code @ (FailureCode::RefusedContent | FailureCode::RefusedRecipient),
            }) => {
                tracing::info!(device = %self.desk.device, ?code, "the gateway refuses to show a chat: going on without it");
                Ok(None)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn progress(&self, done: u32, total: Option<u32>) {
        let _ending = self.desk.commands.send(Command::Progress { done, total }).await;
    }

    /// All chats; a page that shifts while we read gives a chat twice, never less.
    async fn fetch_chats(&self, origin: Origin) -> Result<Vec<Address>, Trouble> {
        let Some(facet) = self.desk.link.chats() else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let mut offset = 0;
        loop {
            let page = facet.page(offset, PAGE).await?;
            let last = page.covered < PAGE;
            offset += page.covered;
            for said in &page.items {
                if !found.contains(&said.chat) {
                    found.push(said.chat.clone());
                }
            }
            let events = page.items.into_iter().map(Inbound::Chat).collect();
            self.desk
                .shared
                .ingest
                .take(self.desk.device, events, origin)
                .await?;
            if last {
                return Ok(found);
            }
        }
    }

    /// Takes in a page of history, telling what is live from what is old; says when the newest of it was written.
    async fn take_split(
        &self,
        page: Page<Inbound>,
        live_from: UnixMillis,
    ) -> Result<Option<UnixMillis>, Trouble> {
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
        Ok(newest)
    }

    /// Notes that everything up to the `newest` message is stored.
    async fn seen_until(&self, newest: Option<UnixMillis>) -> Result<(), StoreError> {
        let (device, Some(newest)) = (self.desk.device, newest) else {
            return Ok(());
        };
        self.desk
            .shared
            .store
            .write(move |writing| device::polled(writing, device, newest))
            .await
    }

    /// Asks for everything since a while before the newest message seen.
    async fn poll(&mut self) -> Result<(), Trouble> {
        let Some(history) = self.desk.link.history() else {
            return Ok(());
        };
        let Some(until) = self.row().await?.polled_until else {
            return self.poll_page_from(history, None).await;
        };
        let back = if self.polls.is_multiple_of(LONG_EVERY) {
            LONG_OVERLAP
        } else {
            OVERLAP
        };
        self.polls = self.polls.wrapping_add(1);
        self.poll_page_from(history, Some(until.before(back))).await
    }

    async fn poll_page_from(
        &self,
        history: &dyn mostrador_gateways::History,
        since: Option<UnixMillis>,
    ) -> Result<(), Trouble> {
        let (mut offset, mut newest) = (0, None);
        for _ in 0..MAX_PAGES {
            let page = history
                .recent(HistoryQuery {
                    since,
                    offset,
                    count: PAGE,
                })
                .await?;
            let covered = page.covered;
            newest = newest.max(self.take_split(page, UnixMillis(i64::MIN)).await?);
            if covered < PAGE {
                return Ok(self.seen_until(newest).await?);
            }
            offset += covered;
        }
        tracing::warn!(device = %self.desk.device, "the gateway's list does not end: what lies further back is left");
        Ok(self.seen_until(newest).await?)
    }
}

fn written_at(event: &Inbound) -> Option<UnixMillis> {
    match event {
        Inbound::Message(message) => Some(message.at),
        _ => None,
    }
}
