//! One device at work: the actor that owns its state, and the tasks that live by it.
//!
//! ```text
//! Engine ──commands──▶ actor ──state (watch)──▶ follower   first sync, webhook route, polling
//!                        ▲                    ├▶ sender     the outbox (crate::outbox)
//!                        │                    ├▶ reconciler messages that may or may not have left
//!                        │                    ├▶ address book, wish teller, away
//!                        └──failures, links───┤  fetcher    pictures
//!                                             ├▶ campaigns  whose turn it is (crate::campaigns)
//!                                             └▶ read teller
//! ```
//!
//! Only the actor changes the state, by the table of [`mostrador_domain::device`]. The others look at it and report what they
//! meet. All are one crew: stopping the session stops them all; what they leave in flight the next session settles. If one of them
//! ends early or panics, the session is stopped and started anew ([`crate::engine`]): a device that is shown as online sends.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mostrador_domain::{
    Address, Capabilities, DeviceState, Failure, LinkChange, Pace, UnconfiguredReason, UnixMillis,
};
use mostrador_gateways::{DeviceLink, WebhookTarget};
use mostrador_store::tables::device::{self, DeviceRow};
use mostrador_store::tables::{campaign, media, outbox, story};
use mostrador_store::{Store, StoreError};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::EngineError;
use crate::campaigns::{Board, Runner};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::ingest::Ingest;
use crate::media::MediaFolder;
use crate::outbox::{Sender, reconcile};
use crate::pictures::Pictures;
use crate::supervisor::{Crew, GRACE, Supervisor};
use crate::webhook::WebhookListener;

mod actor;
mod address_book;
mod asking;
mod away;
mod chat_list;
mod ears;
mod fetcher;
mod first_sync;
mod follower;
mod missed;
mod paces;
mod pairing;
mod read_teller;
mod rhythm;
mod thrift;
mod trouble;
mod way;
mod wish_teller;

pub(crate) use actor::{Actor, end_of};
pub(crate) use asking::{Asking, take_turns};
pub use fetcher::{BY_ITSELF, by_itself};
pub(crate) use follower::{Depth, Goes, Pages};
pub(crate) use paces::Paces;
pub(crate) use thrift::Thrift;
pub(crate) use way::waits;

/// What sessions share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) ingest: Ingest,
    pub(crate) media: MediaFolder,
    pub(crate) pictures: Pictures,
    pub(crate) campaigns: Board,
    pub(crate) hooks: WebhookListener,
    pub(crate) supervisor: Supervisor,
    pub(crate) paces: Paces,
    /// Held while a gateway is asked, or told, whom a number has blocked, until that is stored.
    pub(crate) blocking: Arc<tokio::sync::Mutex<()>>,
}

/// What a session is asked or told. The channel is bounded; who finds it full waits: the actor never waits for them.
pub(crate) enum Command {
    /// Show codes.
    PairStart,
    /// A code to type on the phone that has this number.
    PairCode(Address, oneshot::Sender<Result<(), EngineError>>),
    /// Leave linking.
    PairStop,
    /// Unlink the number.
    Logout(oneshot::Sender<Result<(), EngineError>>),
    /// The link has changed, says the gateway.
    Link(LinkChange),
    /// It said so a while ago: how the link is now, it is to be asked.
    LinkMayHaveChanged,
    /// A task met this.
    Met(Failure),
    /// The first sync moved on.
    Progress {
        /// Chats done.
        done: u32,
        /// Chats in all.
        total: Option<u32>,
    },
    /// The first sync is finished and stored.
    Synced,
    /// Asking has brought what the gateway should have told by itself.
    Deaf {
        /// Since when.
        since: UnixMillis,
    },
    /// A gateway that was deaf has called, in this session or after an earlier one.
    Heard,
    /// What the gateway lists cannot be had, though it may be well; since when, stands on the desk.
    Unreadable,
    /// It can be had again.
    Readable,
}

/// How many commands may wait.
const COMMANDS: usize = 64;

/// How events arrive now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundRoute {
    /// The gateway calls us, and we ask from time to time.
    WebhookAndPolling,
    /// We ask.
    Polling,
    /// The gateway was told where to call and lists nothing; whether it gets through, its first call will show. A server in a container
    /// has this computer's own address for itself.
    Unproved,
    /// Nothing arrives.
    None,
}

impl InboundRoute {
    /// Does the gateway know where to call?
    pub(crate) fn is_told(self) -> bool {
        matches!(self, Self::WebhookAndPolling | Self::Unproved)
    }
}

/// Where a device's token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPlace {
    /// In the keyring of the operating system.
    Keyring,
    /// In memory, until the program ends.
    ThisRun,
    /// Nowhere: it has to be given again.
    Missing,
    /// This gateway needs none.
    NotNeeded,
}

/// What a device is doing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveDevice {
    /// Its state.
    pub state: DeviceState,
    /// How events arrive.
    pub inbound: InboundRoute,
    /// Can its gateway be asked for what it did not tell?
    pub lists: bool,
    /// Where its token is.
    pub token: TokenPlace,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Is it shown as being here, by a person's wish?
    pub shown: bool,
}

/// The handle of a running session.
pub(crate) struct Session {
    crew: Crew,
    /// `None` = it never started.
    link: Option<Arc<dyn DeviceLink>>,
    /// `None` = it never started.
    asking: Option<Arc<Asking>>,
    hooks: WebhookListener,
    device: mostrador_domain::DeviceId,
    pub(crate) commands: mpsc::Sender<Command>,
    state: watch::Receiver<DeviceState>,
    inbound: watch::Receiver<InboundRoute>,
    token: TokenPlace,
    capabilities: Capabilities,
    media_wanted: Arc<Notify>,
    sync: Arc<SyncWishes>,
    exchange: Exchange,
}

/// What every task of a session works with.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) shared: Shared,
    pub(crate) device: mostrador_domain::DeviceId,
    /// Its gateway's word.
    pub(crate) gateway: String,
    pub(crate) link: Arc<dyn DeviceLink>,
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) state: watch::Receiver<DeviceState>,
    pub(crate) media_wanted: Arc<Notify>,
    /// The gateway should call us and does not.
    pub(crate) deaf: Arc<AtomicBool>,
    /// That it did not is kept, or about to be: whatever became of it since, its next call ends that.
    pub(crate) deaf_kept: Arc<AtomicBool>,
    /// Since when what the gateway lists cannot be had, by our wall clock, in milliseconds; 0 = it can.
    pub(crate) unreadable: Arc<AtomicI64>,
    /// How many calls of the gateway were taken in, or could not be.
    pub(crate) calls: Arc<AtomicU64>,
    /// When the last one came, by the gateway's clock, in milliseconds.
    pub(crate) called_at: Arc<AtomicI64>,
    /// What a person wants of the first sync.
    pub(crate) sync: Arc<SyncWishes>,
    /// When messages may leave, by the gateway's rate and the pauses that it asked for.
    pub(crate) pace: Arc<Mutex<Pace>>,
    /// How seldom it is asked by routine, where its plan counts calls.
    pub(crate) thrift: Arc<Thrift>,
    /// Which link of the device there is, by its number; `None` = no number is linked, as far as we know.
    pub(crate) of_link: Arc<watch::Sender<Option<i64>>>,
    /// The number is shown as being here, by a person's wish: on this link, and no later one.
    pub(crate) shown: Arc<AtomicBool>,
    /// The device is being given other secrets, and this session has those of before.
    pub(crate) exchange: Exchange,
    /// How many messages that people of the shop wrote to somebody themselves have started in this session.
    pub(crate) by_hand: Arc<AtomicU64>,
    /// What customers wrote while nobody listened is here, as far as the gateway tells it: nobody's wish not to be written to is missed.
    pub(crate) level: Arc<watch::Sender<bool>>,
}

/// Is a device being given other secrets? That is noted before they are kept, which may take a person a while; the session of before goes on
/// meanwhile, and whatever its gateway says is not said of the others. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Exchange(Arc<AtomicU32>);

impl Exchange {
    /// It is, until what this gives is dropped.
    pub(crate) fn begin(&self) -> Exchanging {
        self.0.fetch_add(1, Ordering::SeqCst);
        Exchanging(self.clone())
    }

    pub(crate) fn is_under_way(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}

/// A device is being given other secrets.
pub(crate) struct Exchanging(Exchange);

impl Drop for Exchanging {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What a person wants of the first sync.
#[derive(Default)]
pub(crate) struct SyncWishes {
    /// It shall stop.
    pub(crate) stopped: AtomicBool,
    /// Wakes whoever waits for what it is not to wait for any more.
    pub(crate) stop_asked: Notify,
    /// What it has left out shall be fetched.
    pub(crate) wanted: AtomicBool,
    /// The next poll shall look far back: a chat was emptied, and what came after that may have gone with it.
    pub(crate) look_back: AtomicBool,
    /// Wakes whoever fetches.
    pub(crate) asked: Notify,
}

impl SyncWishes {
    /// Asks for all news of late once more, at once.
    pub(crate) fn look_back(&self) {
        self.look_back.store(true, Ordering::Relaxed);
        self.asked.notify_one();
    }
}

impl Desk {
    /// When messages may leave.
    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn of a question of ours, where the gateway counts those with the messages; how long it is to wait.
    pub(crate) fn turn_of_a_question(&self) -> Duration {
        if !self.link.capabilities().rate_of_calls {
            return Duration::ZERO;
        }
        let now = self.shared.clock.elapsed();
        let mut pace = self.pace();
        let start = pace.next_start(now);
        pace.started(start);
        start.saturating_sub(now)
    }

    /// How many messages of campaigns may be in the outbox at once: as many as the device sends at the same time, so that an
    /// answer to a customer is behind no more than those.
    pub(crate) fn campaign_room(&self) -> u32 {
        1
    }

    /// Reports a failure to the actor.
    pub(crate) async fn met(&self, failure: Failure) {
        // A session that is ending has no use for it.
        let _ending = self.commands.send(Command::Met(failure)).await;
    }

    /// Reports that reading has failed. What concerns the link is reported as such; of a first sync, which has patience of its own, all.
    /// Else the gateway may be well for all that, which only a good read proves wrong.
    pub(crate) async fn met_when_reading(&self, failure: Failure) {
        let syncing = matches!(&*self.state.borrow(), DeviceState::Syncing { .. });
        if syncing || !matches!(failure, Failure::Unknown { .. } | Failure::Rejected { .. }) {
            return self.met(failure).await;
        }
        let now = self.shared.clock.now().0;
        let _known = self
            .unreadable
            .compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
        let _ending = self.commands.send(Command::Unreadable).await;
    }

    /// What the gateway lists was read.
    pub(crate) async fn was_read(&self) {
        if self.unreadable.swap(0, Ordering::Relaxed) != 0 {
            let _ending = self.commands.send(Command::Readable).await;
        }
    }

    /// Reports a failure that concerns the link; one that concerns a single call is logged.
    pub(crate) async fn met_unless_refused(&self, failure: Failure) {
        match failure {
            Failure::Rejected { code } => {
                tracing::info!(device = %self.device, ?code, "refused by the gateway")
            }
            other => self.met(other).await,
        }
    }

    /// Reports a failure of a send or a look: what is uncertain or refused concerns that message alone.
    pub(crate) async fn met_unless_uncertain(&self, failure: &Failure) {
        if !matches!(failure, Failure::Unknown { .. } | Failure::Rejected { .. }) {
            self.met(failure.clone()).await;
        }
    }

    /// What the gateway's clock shows now, as far as it has said.
    pub(crate) fn gateway_now(&self) -> UnixMillis {
        let Shared { ingest, clock, .. } = &self.shared;
        ingest.gateway_clocks.at(self.device, clock.now())
    }

    /// The gateway has answered what it was asked at `asked`, by our wall clock: notes what its clock shows.
    pub(crate) fn note_gateway_clock(&self, asked: UnixMillis) {
        if let Some(theirs) = self.link.clock() {
            let Shared { ingest, clock, .. } = &self.shared;
            ingest
                .gateway_clocks
                .told(self.device, theirs, asked, clock.now());
        }
    }

    /// What is answered, unless a person stops the first sync before.
    pub(crate) async fn unless_stopped<T>(&self, answer: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(answer);
        while !self.sync.stopped.load(Ordering::Relaxed) {
            tokio::select! {
                answer = &mut answer => return Some(answer),
                () = self.sync.stop_asked.notified() => {}
            }
        }
        None
    }

    /// Waits until the state is one that `wanted` accepts. `false` = the session ends.
    pub(crate) async fn wait_until(&mut self, wanted: impl FnMut(&DeviceState) -> bool) -> bool {
        self.state.wait_for(wanted).await.is_ok()
    }
}

impl Session {
    /// Starts the session of a device. Settles first what an earlier session left in flight, messages and pictures alike.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn start(
        shared: &Shared,
        row: DeviceRow,
        link: Arc<dyn DeviceLink>,
        token: TokenPlace,
    ) -> Result<Self, StoreError> {
        let (device, now) = (row.id, shared.clock.now());
        let left = shared.store.write_durably(move |writing| {
            media::release_claims(writing, device)?;
            story::after_restart(writing, device)?;
            outbox::clock_was_set_back(writing, device, now)?;
            device::clock_was_set_back(writing, device, now)?;
            let left = outbox::after_restart(writing, device, now)?;
            campaign::after_restart(writing, device)?;
            Ok((left, device::get(writing, device)?))
        });
        let (left, row) = left.await?;
        if left > 0 {
            tracing::warn!(%device, messages = left, "messages were in flight when the last session ended: looking for them");
        }
        let pace = shared.paces.of(&shared.store, &*shared.clock, device, &*link);
        let pace = pace.await?;
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (state, states) = watch::channel(DeviceState::Stopped);
        let (route, inbound) = watch::channel(InboundRoute::None);
        let desk = Desk {
            shared: shared.clone(),
            device,
            gateway: row.gateway.clone(),
            link: Arc::clone(&link),
            commands: commands.clone(),
            state: states.clone(),
            media_wanted: Arc::new(Notify::new()),
            deaf: Arc::default(),
            deaf_kept: Arc::new(AtomicBool::new(row.deaf_since.is_some())),
            unreadable: Arc::default(),
            calls: Arc::default(),
            called_at: Arc::default(),
            sync: Arc::default(),
            pace,
            thrift: Arc::default(),
            of_link: Arc::new(watch::Sender::new(None)),
            shown: Arc::default(),
            exchange: Exchange::default(),
            by_hand: Arc::default(),
            level: Arc::new(watch::Sender::new(false)),
        };
        // What another number's route is told of this one is this one's from now on, however long its gateway takes to say how its link is.
        shared.hooks.attend(&desk, &*shared.chance);
        let asking = Arc::new(Asking::new(desk.clone()));
        let crew = shared.supervisor.crew(format!("device {device}"));
        crew.spawn("session", Actor::new(desk.clone(), row, state).run(inbox));
        crew.spawn("follower", follower::run(desk.clone(), route));
        crew.spawn("outbox", Sender::new(desk.clone()).run());
        crew.spawn("reconciler", reconcile::run(desk.clone()));
        crew.spawn("campaigns", Runner::new(desk.clone()).run());
        crew.spawn("media fetcher", fetcher::run(desk.clone()));
        crew.spawn("read teller", read_teller::run(desk.clone()));
        crew.spawn("wish teller", wish_teller::run(desk.clone()));
        crew.spawn("address book", address_book::run(desk.clone()));
        crew.spawn("away", away::run(desk.clone()));
        Ok(Self {
            crew,
            link: Some(Arc::clone(&link)),
            asking: Some(asking),
            hooks: shared.hooks.clone(),
            device,
            commands,
            state: states,
            inbound,
            token,
            capabilities: link.capabilities().clone(),
            media_wanted: desk.media_wanted,
            sync: desk.sync,
            exchange: desk.exchange,
        })
    }

    /// A device that cannot start: it has no usable token.
    pub(crate) fn unconfigured(
        shared: &Shared,
        device: mostrador_domain::DeviceId,
        why: UnconfiguredReason,
        capabilities: Capabilities,
    ) -> Self {
        let state = DeviceState::Unconfigured { why };
        Self::idle(shared, device, state, TokenPlace::Missing, capabilities)
    }

    /// A device whose session cannot be started yet: the store refuses to note it. It is broken from the first, so that it is tried
    /// again.
    pub(crate) fn awaited(
        shared: &Shared,
        device: mostrador_domain::DeviceId,
        token: TokenPlace,
        capabilities: Capabilities,
    ) -> Self {
        let session = Self::idle(shared, device, DeviceState::Stopped, token, capabilities);
        session.give_up();
        session
    }

    /// A session in which nothing runs.
    fn idle(
        shared: &Shared,
        device: mostrador_domain::DeviceId,
        state: DeviceState,
        token: TokenPlace,
        capabilities: Capabilities,
    ) -> Self {
        let (commands, _nobody) = mpsc::channel(1);
        let (_, state) = watch::channel(state);
        let (_, inbound) = watch::channel(InboundRoute::None);
        Self {
            crew: shared.supervisor.crew(format!("device {device}")),
            link: None,
            asking: None,
            hooks: shared.hooks.clone(),
            device,
            commands,
            state,
            inbound,
            token,
            capabilities,
            media_wanted: Arc::new(Notify::new()),
            sync: Arc::default(),
            exchange: Exchange::default(),
        }
    }

    /// Its device is given other secrets, until what this gives is dropped.
    pub(crate) fn exchange(&self) -> Exchanging {
        self.exchange.begin()
    }

    /// Has one of its tasks ended early? Then it has to be started anew.
    pub(crate) fn is_broken(&self) -> bool {
        self.crew.is_broken()
    }

    /// It was stopped, and no other could be started in its place: that is tried again.
    pub(crate) fn give_up(&self) {
        self.crew.give_up();
    }

    /// Stops the first sync after the chat that it is at, or while it waits for a page of their list.
    pub(crate) fn stop_sync(&self) {
        self.sync.stopped.store(true, Ordering::Relaxed);
        self.sync.stop_asked.notify_one();
    }

    /// Fetches what a stopped first sync has left out.
    pub(crate) fn resume_sync(&self) {
        self.sync.stopped.store(false, Ordering::Relaxed);
        self.sync.wanted.store(true, Ordering::Relaxed);
        self.sync.asked.notify_one();
    }

    /// Does it wait for secrets to start with?
    pub(crate) fn is_unconfigured(&self) -> bool {
        matches!(*self.state.borrow(), DeviceState::Unconfigured { .. })
    }

    /// What it is doing now.
    pub(crate) fn live(&self) -> LiveDevice {
        LiveDevice {
            state: self.state.borrow().clone(),
            inbound: *self.inbound.borrow(),
            lists: self.link.as_ref().is_some_and(|link| link.history().is_some()),
            token: self.token,
            capabilities: self.capabilities.clone(),
            shown: self.asking.as_ref().is_some_and(|asking| asking.shows()),
        }
    }

    /// What asks the gateway.
    ///
    /// # Errors
    /// [`EngineError::TokenMissing`] if it cannot start, [`EngineError::SessionEnded`] if it has not yet.
    pub(crate) fn asking(&self) -> Result<Arc<Asking>, EngineError> {
        self.asking.clone().ok_or(match *self.state.borrow() {
            DeviceState::Unconfigured { .. } => EngineError::TokenMissing,
            _ => EngineError::SessionEnded,
        })
    }

    /// Tells it something.
    ///
    /// # Errors
    /// [`EngineError::TokenMissing`] if it never started, [`EngineError::SessionEnded`].
    pub(crate) async fn tell(&self, command: Command) -> Result<(), EngineError> {
        if self.is_unconfigured() {
            return Err(EngineError::TokenMissing);
        }
        self.commands
            .send(command)
            .await
            .map_err(|_| EngineError::SessionEnded)
    }

    /// There may be pictures to fetch.
    pub(crate) fn fetch_media(&self) {
        self.media_wanted.notify_one();
    }

    /// Stops all its tasks and waits for their end.
    pub(crate) async fn stop(&self) {
        if let Some(asking) = &self.asking {
            asking.leave().await;
        }
        self.crew.stop().await;
        let [here, public] = self.hooks.open_targets(self.device);
        let only_public = here.is_none() && public.is_some();
        let is_told = !only_public && self.inbound.borrow().is_told();
        let mark = self.hooks.mark().prefix();
        // What the gateway calls for others too is theirs before nobody is let in here any more.
        let others = match &self.link {
            Some(link) => !self.hooks.shared_targets(self.device, &**link).is_empty(),
            None => false,
        };
        if others {
            self.take_back(&mark, None).await;
        }
        // Only now: the follower, while it lived, could have opened the route again.
        self.hooks.close(self.device);
        if is_told && !others {
            self.take_back(&mark, public.as_ref()).await;
        }
    }

    /// Something was changed that it reads at its next turn: that is now.
    pub(crate) fn wake(&self) {
        self.sync.asked.notify_one();
    }

    /// Asks the gateway not to call us any more, but for `kept`: whoever gets our port next must not get our customers' messages. One that does
    /// not answer in time is left; the next start replaces the route. What goes through a tunnel is left as it is: it begins at
    /// a place of the shop's, and what the gateway keeps for it arrives when we are back.
    pub(crate) async fn take_back(&self, prefix: &str, kept: Option<&WebhookTarget>) {
        let Some(link) = &self.link else {
            return;
        };
        let forgotten = self.hooks.take_out(self.device, &**link, prefix, kept);
        if !matches!(tokio::time::timeout(GRACE, forgotten).await, Ok(Ok(()))) {
            tracing::info!(device = %self.device, "the gateway could not be asked to stop calling");
            self.hooks.tell_again(self.device, &**link);
        }
    }
}
