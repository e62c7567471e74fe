//! The running program without its face: starts and stops device sessions, and does what the commands ask.
//!
//! Whatever is asked is stored first; the sessions find it there. The engine holds the sessions' handles and nothing that the
//! store could tell.

mod blocks;
mod bundle;
mod campaigns;
mod chats;
mod explorer;
mod files;
mod gateway;
mod hooks;
mod labels;
mod mender;
mod messages;
mod options;
mod people;
mod pictures;
mod secrets;
mod stories;
mod typed_number;
mod ways;

pub use campaigns::START_UNDO;
pub use explorer::{Explored, Offered};
pub use gateway::NumberLimits;
pub use hooks::HookRoute;
pub use options::{DeviceOption, OptionChange};
pub(crate) use people::{FRESH_IF_NOT, FRESH_IF_THERE};
pub use people::{NumberCheck, NumberSaid, ProfileChange};
pub use stories::{PublishStory, StoryContent};
pub use typed_number::{Started, TypedNumber};
pub use ways::{AddressSet, PublicWay};

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{Address, Capabilities, ChatId, DeviceId, UnconfiguredReason};
use mostrador_gateways::{DeviceLink, Driver, Drivers, FieldKey, GatewayKind, LinkConfig, LinkHealth};
use mostrador_store::tables::chat;
use mostrador_store::tables::device::{self, DeviceRow, NewDevice};
use mostrador_store::tables::outbox::Now;
use mostrador_store::{Change, Store, StoreError};
use tokio::sync::{Mutex, broadcast, mpsc, oneshot};

use crate::audience::{self, Audiences};
use crate::campaigns::{Board, Scheduler};
use crate::chance::{Chance, secret_word};
use crate::clock::Clock;
use crate::gateway_clocks::GatewayClocks;
use crate::housekeeping::{self, Housekeeping, KeepMessages, MediaShare};
use crate::ingest::Ingest;
use crate::media::{MediaFolder, Uploads};
use crate::notify::{self, Announcer, Desk, Notifier};
use crate::pictures::Pictures;
use crate::presence::{PresenceHeard, Presences};
use crate::secrets::{MemorySecrets, Secrets, SecretsProblem};
use crate::session::{Asking, Command, LiveDevice, Paces, Session, Shared, TokenPlace, take_turns};
use crate::supervisor::{Crew, Patience, Supervisor};
use crate::view::{OnScreen, View};
use crate::webhook::{Unreached, WebhookListener, unreached};
use crate::{EngineError, snooze};

/// One, and another to learn which of two keys was refused.
const CALLS_OF_A_TEST: usize = 2;
/// How long each step may take of finding out why a gateway is not reached: a person waits, and has waited already.
const LOOK: Duration = Duration::from_secs(5);

/// What an engine is made of.
pub struct EngineParts {
    /// Where everything is kept.
    pub store: Store,
    /// Where customers' files are kept.
    pub media_folder: PathBuf,
    /// Where small copies of people's pictures are kept.
    pub picture_folder: PathBuf,
    /// The gateways.
    pub drivers: Drivers,
    /// Where tokens are kept.
    pub secrets: Arc<dyn Secrets>,
    /// Where notifications go.
    pub notifier: Arc<dyn Notifier>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

/// See the module.
pub struct Engine {
    shared: Shared,
    drivers: Drivers,
    secrets: Arc<dyn Secrets>,
    /// Tokens that the operator wants kept for this run only.
    this_run: MemorySecrets,
    sessions: Mutex<BTreeMap<DeviceId, Session>>,
    /// Held by whoever starts a session or takes a device away: one at a time. A keyring may take a minute to answer; what the
    /// devices do can be asked all the while.
    turn: Mutex<()>,
    view: View,
    crew: Crew,
    keyring_problem: std::sync::Mutex<Option<SecretsProblem>>,
    audiences: Audiences,
    uploads: Arc<Uploads>,
}

/// A device to add.
pub struct AddDevice {
    /// Which gateway.
    pub gateway: GatewayKind,
    /// Given by the shop.
    pub name: String,
    /// What the driver asks for.
    pub config: LinkConfig,
    /// Keep its secrets in the keyring; else for this run only.
    pub remember: bool,
}

impl Engine {
    /// Starts the program's tasks and a session for every device.
    ///
    /// # Errors
    /// The store's, or that no port of loopback can be bound.
    pub async fn start(parts: EngineParts) -> Result<Arc<Self>, EngineError> {
        let supervisor = Supervisor::default();
        let crew = supervisor.crew("program");
        let (announce, received) = mpsc::channel(notify::QUEUE);
        let ingest = Ingest {
            store: parts.store.clone(),
            clock: parts.clock.clone(),
            announce,
            presences: Presences::default(),
            gateway_clocks: GatewayClocks::default(),
        };
        audience::let_go_of_unfinished(&parts.store).await?;
        let hooks = WebhookListener::start(&crew, ingest.clone(), &*parts.chance).await?;
        let view = View::default();
        let announcer = Arc::new(Announcer {
            store: parts.store.clone(),
            clock: parts.clock.clone(),
            view: view.clone(),
            notifier: parts.notifier,
            desk: Desk::new(received),
            gateway_clocks: ingest.gateway_clocks.clone(),
        });
        let patience = || Patience::new(Arc::clone(&parts.clock), Arc::clone(&parts.chance));
        crew.keep("announcer", patience(), move || Arc::clone(&announcer).run());
        let (store, clock) = (parts.store.clone(), Arc::clone(&parts.clock));
        crew.keep("snooze", patience(), move || {
            snooze::run(store.clone(), Arc::clone(&clock))
        });
        let media = MediaFolder::at(parts.media_folder);
        let pictures = Pictures::at(parts.picture_folder);
        let house = Housekeeping {
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            gateway_clocks: ingest.gateway_clocks.clone(),
            media: media.clone(),
            pictures: pictures.clone(),
        };
        let sweeping = house.clone();
        crew.keep("leftovers", patience(), move || {
            housekeeping::sweep(sweeping.clone())
        });
        crew.keep("housekeeping", patience(), move || {
            housekeeping::run(house.clone())
        });
        let shared = Shared {
            store: parts.store,
            clock: parts.clock,
            chance: parts.chance,
            ingest,
            media,
            pictures,
            campaigns: Board::default(),
            hooks,
            supervisor,
            paces: Paces::default(),
            blocking: Arc::default(),
        };
        let (audiences, work) = Audiences::new(&crew, &shared);
        let patience = || Patience::new(Arc::clone(&shared.clock), Arc::clone(&shared.chance));
        let uploads = Uploads::new(shared.media.clone(), Arc::clone(&shared.clock));
        let tidied = Arc::clone(&uploads);
        crew.keep("uploads", patience(), move || Arc::clone(&tidied).tidy());
        let (mending, scheduling) = (patience(), patience());
        let engine = Arc::new(Self {
            shared,
            drivers: parts.drivers,
            secrets: parts.secrets,
            this_run: MemorySecrets::default(),
            sessions: Mutex::default(),
            turn: Mutex::default(),
            view,
            crew,
            keyring_problem: std::sync::Mutex::default(),
            audiences,
            uploads,
        });
        engine.crew.spawn(
            "mender",
            mender::run(Arc::downgrade(&engine), engine.shared.supervisor.clone(), mending),
        );
        let scheduler = Arc::new(Scheduler {
            store: engine.shared.store.clone(),
            clock: Arc::clone(&engine.shared.clock),
            gatherer: engine.audiences.gatherer(),
            board: engine.shared.campaigns.clone(),
            engine: Arc::downgrade(&engine),
        });
        engine.crew.keep("campaign scheduler", scheduling, move || {
            Arc::clone(&scheduler).run()
        });
        audience::start(&engine.crew, &engine.shared, Arc::downgrade(&engine), work);
        engine.shared.media.remove_unfinished().await;
        let rows = engine.shared.store.read(device::list).await?;
        rows.iter()
            .for_each(|row| engine.shared.hooks.set_between(row.id, &row.gateway));
        for row in rows {
            if let Err(error) = engine.start_session(row.id).await {
                tracing::error!(device = %row.id, %error, "a session could not be started yet");
                engine.start_later(row).await;
            }
        }
        Ok(engine)
    }

    /// A device whose session cannot be started, because the store refuses to note it (the disk is full): what is here can be read
    /// all the same, and the mender tries again.
    async fn start_later(&self, row: DeviceRow) {
        let (token, capabilities) = match self.driver_of(&row) {
            Ok(driver) => {
                let (_, place) = self.packed_secrets(&row, driver.needs()).await;
                (place, driver.capabilities())
            }
            Err(_) => (TokenPlace::Missing, Capabilities::NONE),
        };
        let session = Session::awaited(&self.shared, row.id, token, capabilities);
        self.sessions.lock().await.insert(row.id, session);
    }

    /// Ends all sessions and tasks. What is in flight is settled at the next start.
    pub async fn stop(&self) {
        self.shared.supervisor.stop_all();
        self.shared.hooks.end();
        for session in self.sessions.lock().await.values() {
            session.stop().await;
        }
        self.crew.stop().await;
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// Time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// What time it is, by our clock and by the gateways': what a person decides now is older than whatever a customer writes next.
    pub fn now(&self) -> Now {
        let ours = self.shared.clock.now();
        let gateway = self.shared.ingest.gateway_clocks.earliest_told(ours);
        Now { ours, gateway }
    }

    /// Messages, and bytes of customers' files, that these choices would remove now.
    ///
    /// # Errors
    /// The store's.
    pub async fn would_go(&self, keep: KeepMessages, share: MediaShare) -> Result<(u64, u64), StoreError> {
        let store = &self.shared.store;
        let earliest = self
            .shared
            .ingest
            .gateway_clocks
            .earliest(self.shared.clock.now());
        housekeeping::would_go(
            store,
            keep,
            share,
            housekeeping::agreed_now(store, earliest).await?,
        )
        .await
    }

    /// The tasks' owner: how many run, how many ended early.
    pub fn supervisor(&self) -> &Supervisor {
        &self.shared.supervisor
    }

    /// The drivers.
    pub fn drivers(&self) -> &Drivers {
        &self.drivers
    }

    /// What a device is doing now.
    ///
    /// # Errors
    /// Not found.
    pub async fn live(&self, id: DeviceId) -> Result<LiveDevice, EngineError> {
        let sessions = self.sessions.lock().await;
        Ok(sessions.get(&id).ok_or_else(StoreError::not_found)?.live())
    }

    /// Asks a gateway how a link with this configuration is. Wakes it; keeps nothing. Where the gateway counts calls, those of the sessions
    /// with the same key among them, it takes its turns; a link that finds out which of two keys was refused calls twice.
    ///
    /// # Errors
    /// The configuration's or the gateway's; too many calls of late.
    pub async fn test_gateway(
        &self,
        kind: GatewayKind,
        config: LinkConfig,
    ) -> Result<LinkHealth, EngineError> {
        let link = self.driver(kind)?.open(config)?;
        if let Some(pace) = self.shared.paces.of_key(&*link) {
            take_turns(&pace, CALLS_OF_A_TEST, &*self.shared.clock).await?;
        }
        Ok(link.health().check(true).await?)
    }

    /// How far one comes who calls the gateway of a link with this configuration: for whoever has tested it in vain. Nothing but its
    /// address is called, with no key. `None` = it can be reached by now.
    ///
    /// # Errors
    /// The configuration's.
    pub async fn why_unreached(
        &self,
        kind: GatewayKind,
        config: &LinkConfig,
    ) -> Result<Option<Unreached>, EngineError> {
        let needs = self.driver(kind)?.needs();
        let usual = needs.fields.iter().find(|field| field.key == FieldKey::Url);
        let url = config.url_or(usual.and_then(|field| field.default))?;
        Ok(unreached(&url, LOOK).await)
    }

    /// Adds a device and starts its session. The secrets are kept before the device is stored: a device without a secret that
    /// was given would have to ask for it again.
    ///
    /// # Errors
    /// The configuration's, the keyring's, the store's.
    pub async fn add_device(&self, add: AddDevice) -> Result<DeviceId, EngineError> {
        let driver = self.driver(add.gateway)?;
        driver.open(add.config.clone())?;
        let secret_key = format!("device-{}", secret_word(&*self.shared.chance));
        if let Some(packed) = bundle::packed(driver.needs(), &add.config) {
            self.keep_secrets(&secret_key, &packed, add.remember).await?;
        }
        let new = NewDevice {
            gateway: add.gateway.as_str().to_owned(),
            name: add.name,
            url: add.config.text(FieldKey::Url).map(str::to_owned),
            secret_key,
        };
        let fields: Vec<(FieldKey, String)> = add
            .config
            .texts()
            .filter(|(key, _)| *key != FieldKey::Url)
            .map(|(key, text)| (key, text.to_owned()))
            .collect();
        let now = self.shared.clock.now();
        let added = self.shared.store.write_durably(move |writing| {
            let id = device::add(writing, &new, now)?;
            for (key, text) in &fields {
                device::set_field(writing, id, key.as_str(), text)?;
            }
            Ok(id)
        });
        let id = added.await?;
        self.start_session(id).await?;
        Ok(id)
    }

    /// Takes a device away with its chats, its pictures' rows and its token. The number stays linked at the gateway.
    ///
    /// # Errors
    /// Not found, the store's.
    pub async fn remove_device(&self, id: DeviceId) -> Result<(), EngineError> {
        let _turn = self.turn.lock().await;
        let row = self.row(id).await?;
        self.shared.hooks.set_between(id, &row.gateway);
        if let Some(session) = self.sessions.lock().await.remove(&id) {
            session.stop().await;
            self.take_back_way(id, &session).await;
        }
        self.shared
            .store
            .write_durably(move |writing| device::remove(writing, id))
            .await?;
        self.shared.hooks.end_between(id);
        self.forget_way(&row).await;
        let _nothing_kept = self.this_run.delete(&row.secret_key).await;
        if let Err(problem) = self.secrets.delete(&row.secret_key).await {
            tracing::warn!(device = %id, %problem, "the token of a removed device could not be deleted from the keyring");
        }
        Ok(())
    }

    /// Shows codes to link a number with.
    ///
    /// # Errors
    /// Not found, no token.
    pub async fn start_pairing(&self, id: DeviceId) -> Result<(), EngineError> {
        self.tell(id, Command::PairStart).await
    }

    /// Asks for a code to type on the phone that has this number; it arrives in the device's state. The number is kept
    /// nowhere but in the question, until it is answered.
    ///
    /// # Errors
    /// Not found, no token, not offered, a number that is none, linked already, no linking now, the gateway's.
    pub async fn pair_by_code(&self, id: DeviceId, number: Address) -> Result<(), EngineError> {
        let (answer, answered) = oneshot::channel();
        self.tell(id, Command::PairCode(number, answer)).await?;
        answered.await.map_err(|_| EngineError::NotPairing)?
    }

    /// Leaves linking.
    ///
    /// # Errors
    /// Not found, no token.
    pub async fn stop_pairing(&self, id: DeviceId) -> Result<(), EngineError> {
        self.tell(id, Command::PairStop).await
    }

    /// Stops the first sync: the device is used with what is here.
    ///
    /// # Errors
    /// Not found.
    pub async fn stop_sync(&self, id: DeviceId) -> Result<(), EngineError> {
        let sessions = self.sessions.lock().await;
        sessions.get(&id).ok_or_else(StoreError::not_found)?.stop_sync();
        Ok(())
    }

    /// Fetches what a stopped first sync has left out.
    ///
    /// # Errors
    /// Not found.
    pub async fn resume_sync(&self, id: DeviceId) -> Result<(), EngineError> {
        let sessions = self.sessions.lock().await;
        sessions.get(&id).ok_or_else(StoreError::not_found)?.resume_sync();
        Ok(())
    }

    /// Unlinks the number.
    ///
    /// # Errors
    /// Not found, no token, the gateway's.
    pub async fn log_out(&self, id: DeviceId) -> Result<(), EngineError> {
        let (answer, answered) = oneshot::channel();
        self.tell(id, Command::Logout(answer)).await?;
        answered.await.map_err(|_| EngineError::SessionEnded)?
    }

    /// What the operator is looking at.
    pub fn set_view(&self, chat: Option<ChatId>, focused: bool) {
        self.view.set(OnScreen { chat, focused });
    }

    /// What a device can do.
    ///
    /// # Errors
    /// Not found.
    pub async fn capabilities(&self, id: DeviceId) -> Result<Capabilities, EngineError> {
        Ok(self.live(id).await?.capabilities)
    }

    /// What the device of a chat can do.
    ///
    /// # Errors
    /// Not found.
    pub async fn capabilities_of_chat(&self, id: ChatId) -> Result<Capabilities, EngineError> {
        let row = self
            .shared
            .store
            .read(move |connection| chat::get(connection, id))
            .await?;
        self.capabilities(row.device).await
    }

    /// What customers do, from now on.
    pub fn presences(&self) -> broadcast::Receiver<PresenceHeard> {
        self.shared.ingest.presences.listen()
    }

    pub(crate) fn audiences(&self) -> &Audiences {
        &self.audiences
    }

    pub(crate) fn media_folder(&self) -> &MediaFolder {
        &self.shared.media
    }

    /// What asks the gateway of a device.
    pub(crate) async fn asking(&self, id: DeviceId) -> Result<Arc<Asking>, EngineError> {
        let sessions = self.sessions.lock().await;
        sessions.get(&id).ok_or_else(StoreError::not_found)?.asking()
    }

    async fn tell(&self, id: DeviceId, command: Command) -> Result<(), EngineError> {
        let sessions = self.sessions.lock().await;
        sessions
            .get(&id)
            .ok_or_else(StoreError::not_found)?
            .tell(command)
            .await
    }

    async fn row(&self, id: DeviceId) -> Result<DeviceRow, EngineError> {
        Ok(self
            .shared
            .store
            .read(move |connection| device::get(connection, id))
            .await?)
    }

    fn driver(&self, kind: GatewayKind) -> Result<&Arc<dyn Driver>, EngineError> {
        self.drivers.get(kind).ok_or(EngineError::NotOffered)
    }

    fn driver_of(&self, row: &DeviceRow) -> Result<&Arc<dyn Driver>, EngineError> {
        self.driver(GatewayKind::from_word(&row.gateway).ok_or(EngineError::NotOffered)?)
    }

    /// Starts the session of a device, in place of one that runs.
    async fn start_session(&self, id: DeviceId) -> Result<(), EngineError> {
        let _turn = self.turn.lock().await;
        let row = self.row(id).await?;
        let opened = self.open(&row).await;
        let mut sessions = self.sessions.lock().await;
        self.shared.hooks.set_between(id, &row.gateway);
        // It stays until there is another: a device without a session could not be started again.
        if let Some(old) = sessions.get(&id) {
            old.stop().await;
        }
        match self.session_of(row, opened).await {
            Ok(session) => {
                // Whose calls come meanwhile, nobody can say of one without its secrets: they are to be sent again.
                if !session.is_unconfigured() {
                    self.shared.hooks.end_between(id);
                }
                sessions.insert(id, session);
                self.shared.store.announce(Change::Devices);
                Ok(())
            }
            Err(error) => {
                if let Some(old) = sessions.get(&id) {
                    old.give_up();
                }
                Err(error)
            }
        }
    }

    async fn session_of(
        &self,
        row: DeviceRow,
        opened: Result<(Arc<dyn DeviceLink>, TokenPlace), Capabilities>,
    ) -> Result<Session, EngineError> {
        match opened {
            Ok((link, token)) => {
                self.prepare_way(&row).await?;
                Ok(Session::start(&self.shared, row, link, token).await?)
            }
            Err(capabilities) => Ok(Session::unconfigured(
                &self.shared,
                row.id,
                UnconfiguredReason::TokenMissing,
                capabilities,
            )),
        }
    }

    /// Opens the link of a device; without its secrets it has only its capabilities.
    async fn open(&self, row: &DeviceRow) -> Result<(Arc<dyn DeviceLink>, TokenPlace), Capabilities> {
        let Ok(driver) = self.driver_of(row) else {
            tracing::warn!(device = %row.id, gateway = %row.gateway, "this gateway is not offered in this run");
            return Err(Capabilities::NONE);
        };
        let opened = match self.config_of(row, driver.needs()).await {
            Ok((config, place)) => driver
                .open(config)
                .map(|link| (link, place))
                .map_err(EngineError::from),
            Err(error) => Err(error),
        };
        opened.map_err(|error| {
            tracing::info!(device = %row.id, %error, "the device cannot start");
            driver.capabilities()
        })
    }
}
