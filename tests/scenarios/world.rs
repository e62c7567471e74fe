//! A shop, its gateway and its clock, for one scenario.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::commands::dispatch;
use mostrador_api::logs::Logs;
use mostrador_api::{ApiError, ErrorCode, Shop, ShopOptions};
use mostrador_domain::{ChatId, OutboxState, UnixMillis};
use mostrador_engine::chance::SeededChance;
use mostrador_engine::clock::{Clock, SystemClock, VirtualClock};
use mostrador_engine::notify::{Notification, Notifier};
use mostrador_engine::secrets::{MemorySecrets, Secrets};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use mostrador_store::tables::outbox;
use serde_json::{Value, json};
use tempfile::TempDir;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::canaries::{self, Canaries, Handed, Words};

/// How long, in real time, anything may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long, in real time, nothing has to happen before virtual time moves on.
const IDLE: Duration = Duration::from_millis(25);
/// How long, in real time, something may be under way before it counts as hanging.
const HANGING: Duration = Duration::from_secs(2);
/// How far virtual time jumps at the most.
const JUMP: Duration = Duration::from_secs(3_600);
/// In such pieces the window brings a file.
const PIECE: usize = 1024 * 1024;

/// A customer whom the sandbox knows.
pub(crate) const ROSA: &str = "51900000011";

/// Everything of one scenario.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) shop: Shop,
    pub(crate) clock: VirtualClock,
    pub(crate) notifications: Arc<Shown>,
    secrets: Arc<dyn Secrets>,
    folder: TempDir,
    warnings: Arc<Mutex<Vec<String>>>,
    expected_warnings: Vec<&'static str>,
    expected_faults: u32,
    secrets_seen: Vec<String>,
    logs: Logs,
    handed: Handed,
    _log: tracing::subscriber::DefaultGuard,
}

/// What was shown on the desktop.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) shown: Mutex<Vec<Notification>>,
    pub(crate) withdrawn: Mutex<Vec<ChatId>>,
    /// The desktop's own fault, so many times.
    pub(crate) broken: AtomicU64,
}

impl Notifier for Shown {
    fn show(&self, notification: Notification) {
        let broken = self
            .broken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |times| times.checked_sub(1));
        assert!(broken.is_err(), "the desktop shows nothing");
        self.shown.lock().expect("lock").push(notification);
    }

    fn withdraw(&self, chat: ChatId) {
        self.withdrawn.lock().expect("lock").push(chat);
    }
}

impl World {
    /// A shop with nothing in it, and a gateway.
    pub(crate) async fn new() -> Self {
        Self::with_sandbox(SandboxConfig::for_tests()).await
    }

    pub(crate) async fn with_sandbox(config: SandboxConfig) -> Self {
        Self::with(config, Arc::new(MemorySecrets::default())).await
    }

    /// The same, with a keyring of the scenario's own.
    pub(crate) async fn with(config: SandboxConfig, secrets: Arc<dyn Secrets>) -> Self {
        let warnings = Arc::default();
        let clock = VirtualClock::at(SystemClock.now());
        let logs = Logs::new(Arc::new(clock.clone()));
        let handed = Handed::default();
        let _listening = canaries::elsewhere();
        let log = tracing::subscriber::set_default(
            tracing_subscriber::registry()
                .with(Warnings(Arc::clone(&warnings)))
                .with(logs.layer())
                .with(handed.clone())
                // What libraries say about every byte would fill more files than are kept.
                .with(EnvFilter::new("debug,mostrador=trace")),
        );
        let sandbox = Sandbox::start(config).await.expect("the sandbox starts");
        let notifications = Arc::new(Shown::default());
        let folder = tempfile::tempdir().expect("a folder");
        let shop = open(folder.path(), &clock, &secrets, &notifications, &logs).await;
        Self {
            sandbox,
            shop,
            clock,
            notifications,
            secrets,
            folder,
            warnings,
            expected_warnings: vec![],
            expected_faults: 0,
            secrets_seen: vec![],
            logs,
            handed,
            _log: log,
        }
    }

    /// A shop whose number is linked and synced.
    pub(crate) async fn linked() -> Self {
        let mut world = Self::new().await;
        world.link().await;
        world
    }

    /// Adds the device and links it, as a newcomer does.
    pub(crate) async fn link(&mut self) {
        self.add_device().await;
        self.until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
        self.sandbox.scan().expect("the code is live");
        self.until_online().await;
    }

    /// The owner unlinks the number on the phone, and it shows here.
    pub(crate) async fn unlink(&mut self) {
        self.sandbox.unlink();
        self.until("it shows", async |world| {
            world.device().await["state"]["kind"] == "logged_out"
        })
        .await;
    }

    /// Links the number again, as a person does after it was logged out.
    pub(crate) async fn link_again(&mut self) {
        let device = json!({ "deviceId": self.device().await["id"] });
        self.run("device_pair_start", device).await;
        self.until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "qr"
        })
        .await;
        self.sandbox.scan().expect("the code is live");
    }

    pub(crate) async fn until_online(&mut self) {
        self.until("the device is online", async |world| {
            world.device().await["state"]["kind"] == "online"
        })
        .await;
    }

    /// Adds the device, with the sandbox's own token.
    pub(crate) async fn add_device(&self) -> Value {
        self.run("device_add", self.device_args(self.sandbox.token()))
            .await
    }

    /// Arguments of `device_add` with a token.
    pub(crate) fn device_args(&self, token: &str) -> Value {
        json!({ "gateway": "whapi", "name": "Tienda", "url": self.sandbox.url(), "token": token, "remember": true })
    }

    /// Runs a command that must succeed.
    pub(crate) async fn run(&self, command: &str, args: Value) -> Value {
        self.try_run(command, args)
            .await
            .unwrap_or_else(|error| panic!("{command} failed: {error:?}"))
    }

    pub(crate) async fn try_run(&self, command: &str, args: Value) -> Result<Value, ApiError> {
        dispatch(&self.shop, command, args).await
    }

    /// Runs a command that must fail, and gives its code.
    pub(crate) async fn refused(&self, command: &str, args: Value) -> ErrorCode {
        match self.try_run(command, args).await {
            Ok(_) => panic!("{command} should have been refused"),
            Err(error) => error.code,
        }
    }

    /// The one device.
    pub(crate) async fn device(&self) -> Value {
        self.run("device_list", json!({})).await[0].clone()
    }

    /// The rows of the chat list.
    pub(crate) async fn chats(&self) -> Vec<Value> {
        let args = json!({ "filter": "all", "deviceId": null, "after": null, "limit": 200 });
        self.run("chat_list", args).await["rows"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// The row of a customer's chat, found by its address in the store.
    pub(crate) async fn chat_of(&self, customer: &str) -> Value {
        let address = format!("{customer}@s.whatsapp.net");
        let id: i64 = self
            .shop
            .engine()
            .store()
            .read(move |connection| {
                Ok(
                    connection.query_row("SELECT id FROM chat WHERE address = ?1", [address], |row| {
                        row.get(0)
                    })?,
                )
            })
            .await
            .expect("the chat is there");
        self.run("chat_get", json!({ "chatId": id })).await
    }

    /// The newest messages of a customer's chat, oldest first.
    pub(crate) async fn messages_of(&self, customer: &str) -> Vec<Value> {
        let chat = self.chat_of(customer).await["id"].clone();
        let page = self
            .run(
                "message_list",
                json!({ "chatId": chat, "before": null, "limit": 200 }),
            )
            .await;
        page["rows"].as_array().cloned().unwrap_or_default()
    }

    /// Our messages with this text in a customer's chat.
    pub(crate) async fn ours(&self, customer: &str, text: &str) -> Vec<Value> {
        let mut rows = self.messages_of(customer).await;
        rows.retain(|row| row["fromMe"] == true && row["body"]["text"] == text);
        rows
    }

    /// Sends a text to a customer; gives the message.
    pub(crate) async fn send(&self, customer: &str, text: &str, client_id: &str) -> Value {
        let chat = self.chat_of(customer).await["id"].clone();
        self.run(
            "message_send",
            json!({ "chatId": chat, "clientId": client_id, "text": text, "mediaId": null }),
        )
        .await
    }

    /// Brings a file as the window does: piece by piece.
    pub(crate) async fn bring(&self, file_name: &str, bytes: &[u8]) -> Value {
        let begin = json!({ "fileName": file_name, "bytes": bytes.len() });
        let upload = self.run("media_begin", begin).await["upload"].clone();
        for (nth, piece) in bytes.chunks(PIECE).enumerate() {
            let piece = json!({ "upload": upload, "at": nth * PIECE, "dataBase64": STANDARD.encode(piece) });
            self.run("media_piece", piece).await;
        }
        self.run("media_end", json!({ "upload": upload })).await
    }

    /// Waits until our one message with this text has this status.
    pub(crate) async fn until_status(
        &mut self,
        customer: &'static str,
        text: &'static str,
        status: &'static str,
    ) {
        let what = format!("«{text}» is {status}");
        self.until(&what, async |world| {
            let ours = world.ours(customer, text).await;
            ours.len() == 1 && ours[0]["status"] == status
        })
        .await;
    }

    /// How often a customer got this text, by the ledger.
    pub(crate) fn got(&self, customer: &str, text: &str) -> usize {
        self.sandbox
            .ledger_of(customer)
            .iter()
            .filter(|entry| entry.body.as_deref() == Some(text))
            .count()
    }

    /// Lets time pass until `holds`.
    pub(crate) async fn until(&mut self, what: &str, holds: impl AsyncFn(&Self) -> bool) {
        let mut changes = self.shop.engine().store().changes();
        let patience = SystemClock.sleep(PATIENCE);
        tokio::pin!(patience);
        loop {
            if holds(self).await {
                return;
            }
            tokio::select! {
                () = &mut patience => panic!("in vain: {what}\n{}", self.report().await),
                _ = changes.next() => {}
                () = self.idle() => {
                    if let Some(passed) = self.clock.advance_to_next(JUMP) {
                        self.sandbox.skip(passed);
                    }
                }
            }
        }
    }

    /// As [`Self::until`], but time passes only up to the moment for which `waits` says that somebody waits, and stands still as long as
    /// nobody does: what is at work is not overtaken, however slow the machine is.
    pub(crate) async fn until_by_turns(
        &mut self,
        what: &str,
        holds: impl AsyncFn(&Self) -> bool,
        waits: impl AsyncFn(&Self) -> Option<UnixMillis>,
    ) {
        let mut changes = self.shop.engine().store().changes();
        let patience = SystemClock.sleep(PATIENCE * 10);
        tokio::pin!(patience);
        while !holds(self).await {
            let now = self.clock.now();
            let until = waits(self).await.filter(|until| *until > now);
            // It may have come to hold while that was asked, and what is waited for now be what comes after it.
            if holds(self).await {
                break;
            }
            if let Some(until) = until.filter(|_| !self.sandbox.is_busy()) {
                let left = until.since(now);
                let passed = self.clock.advance_to_next(left).unwrap_or_else(|| {
                    self.clock.advance(left);
                    left
                });
                self.sandbox.skip(passed);
            }
            tokio::select! {
                () = &mut patience => panic!("in vain: {what}\n{}", self.report().await),
                _ = changes.next() => {}
                () = SystemClock.sleep(IDLE) => {}
            }
        }
    }

    /// Nothing happens any more: virtual time may move on without running ahead of what is under way. A request that hangs
    /// on purpose is not waited for.
    async fn idle(&self) {
        let patience = SystemClock.sleep(HANGING);
        tokio::pin!(patience);
        loop {
            SystemClock.sleep(IDLE).await;
            if !self.sandbox.is_busy() {
                return;
            }
            tokio::select! {
                biased;
                () = &mut patience => return,
                () = std::future::ready(()) => {}
            }
        }
    }

    /// Lets this much time pass, waking everybody on the way.
    pub(crate) async fn pass(&mut self, span: Duration) {
        let until = self.clock.now().after(span);
        while self.clock.now() < until {
            let left = until.since(self.clock.now());
            let passed = self.clock.advance_to_next(left).unwrap_or_else(|| {
                self.clock.advance(left);
                left
            });
            self.sandbox.skip(passed);
            self.idle().await;
        }
    }

    /// Waits until so many faults on order are left; time stands still.
    pub(crate) async fn until_faults_left(&self, left: usize) {
        let patience = SystemClock.sleep(PATIENCE);
        tokio::pin!(patience);
        while self.sandbox.waiting_faults() > left {
            tokio::select! {
                () = &mut patience => panic!("{} faults are left\n{}", self.sandbox.waiting_faults(), self.report().await),
                () = SystemClock.sleep(IDLE) => {}
            }
        }
    }

    /// Lets this much time pass at once: whoever sleeps wakes late.
    pub(crate) fn leap(&self, span: Duration) {
        self.clock.advance(span);
        self.sandbox.skip(span);
    }

    async fn report(&self) -> String {
        let mut report = String::new();
        let _infallible = writeln!(report, "device: {}", self.device().await["state"]);
        let _infallible = writeln!(report, "ledger: {} entries", self.sandbox.ledger().len());
        let _infallible = writeln!(report, "warnings: {:?}", self.warnings.lock().expect("lock"));
        report
    }

    /// This scenario provokes warnings that contain this.
    pub(crate) fn expect_warning(&mut self, part: &'static str) {
        self.expected_warnings.push(part);
    }

    /// This scenario makes so many tasks end early.
    pub(crate) fn expect_faults(&mut self, faults: u32) {
        self.expected_faults = faults;
    }

    /// Ends the program and starts it again on the same folder.
    pub(crate) async fn restart(&mut self) {
        self.restart_after(async |_| ()).await;
    }

    /// The same; while it does not run, that happens.
    pub(crate) async fn restart_after<T>(&mut self, between: impl AsyncFnOnce(&Sandbox) -> T) -> T {
        self.secrets_seen
            .extend(canaries::secrets_of_routes(&self.sandbox));
        self.shop.close().await;
        let happened = between(&self.sandbox).await;
        let parts = (&self.clock, &self.secrets, &self.notifications);
        let own_log = Logs::new(Arc::new(self.clock.clone()));
        // The folder's lock goes with the old shop.
        let unused = tempfile::tempdir().expect("a folder");
        let placeholder = open(unused.path(), parts.0, parts.1, parts.2, &own_log).await;
        // It may have chosen the very port that the old one had.
        placeholder.close().await;
        let old = std::mem::replace(&mut self.shop, placeholder);
        drop(old);
        let again = open(
            self.folder.path(),
            &self.clock,
            &self.secrets,
            &self.notifications,
            &self.logs,
        )
        .await;
        self.shop = again;
        happened
    }

    /// Where the shop's secrets are kept.
    pub(crate) fn secrets(&self) -> Arc<dyn Secrets> {
        Arc::clone(&self.secrets)
    }

    /// The folder with the program's data.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What our crates said on this scenario's thread, before the redaction.
    pub(crate) fn handed_over(&self) -> Vec<String> {
        self.handed.lines()
    }

    /// A secret of this scenario, that must not be logged either.
    pub(crate) fn saw_secret(&mut self, secret: &str) {
        self.secrets_seen.push(secret.to_owned());
    }

    /// Everything that may not be logged: what the simulated WhatsApp knows, and what is shown here.
    async fn canaries(&self) -> Canaries {
        let mut canaries = Canaries::of(&self.sandbox);
        let chats = self.chats().await;
        canaries.add_rows(&chats);
        for secret in &self.secrets_seen {
            canaries.add(secret);
        }
        for chat in chats {
            let page = json!({ "chatId": chat["id"], "before": null, "limit": 200 });
            let page = self.run("message_list", page).await;
            canaries.add_rows(page["rows"].as_array().expect("rows"));
        }
        canaries
    }

    /// Ends the scenario: nothing may be left behind, and nothing may have been logged that is nobody's business.
    pub(crate) async fn finish(self) {
        let canaries = self.canaries().await;
        let (data, handed) = (self.folder.path().to_owned(), self.handed.clone());
        let folder = self.finish_after_telling_secrets().await;
        let found = canaries.found(&data, &handed);
        assert!(found.is_empty(), "secrets in the log: {found:#?}");
        drop(folder);
    }

    /// As [`World::finish`], for a scenario that logs secrets on purpose. Gives the folder, which goes with it.
    pub(crate) async fn finish_after_telling_secrets(self) -> TempDir {
        let in_flight = self
            .shop
            .engine()
            .store()
            .read(|connection| outbox::open_count(connection, OutboxState::InFlight))
            .await;
        assert_eq!(
            in_flight.expect("the store answers"),
            0,
            "no message is left in flight"
        );
        self.shop.close().await;
        let supervisor = self.shop.engine().supervisor();
        assert_eq!(
            supervisor.faults(),
            self.expected_faults,
            "no task ended early or panicked"
        );
        assert_eq!(supervisor.running(), 0, "no task is left behind");
        let warnings = self.warnings.lock().expect("lock");
        let unexpected: Vec<_> = warnings
            .iter()
            .filter(|warning| {
                !self
                    .expected_warnings
                    .iter()
                    .any(|expected| warning.contains(expected))
            })
            .collect();
        assert!(
            unexpected.is_empty(),
            "warnings that nobody expected: {unexpected:?}"
        );
        drop(warnings);
        self.folder
    }
}

/// Each program has its own: several on one computer must not choose the same port.
fn chance() -> SeededChance {
    static OPENED: AtomicU64 = AtomicU64::new(0);
    let opened = OPENED.fetch_add(1, Ordering::Relaxed);
    SeededChance::new(u64::from(std::process::id()) * 10_000 + opened)
}

async fn open(
    folder: &Path,
    clock: &VirtualClock,
    secrets: &Arc<dyn Secrets>,
    shown: &Arc<Shown>,
    logs: &Logs,
) -> Shop {
    let shown = Arc::clone(shown);
    Shop::open(ShopOptions {
        data: folder.to_owned(),
        secrets: Arc::clone(secrets),
        notifier: Box::new(move |_hub| shown),
        practice: false,
        clock: Arc::new(clock.clone()),
        chance: Arc::new(chance()),
        logs: logs.clone(),
    })
    .await
    .expect("the shop opens")
}

/// A shop with the practice shop inside, by the system's clock.
pub(crate) async fn practice(folder: &Path, logs: &Logs) -> Shop {
    Shop::open(ShopOptions {
        data: folder.to_owned(),
        secrets: Arc::new(MemorySecrets::default()),
        notifier: Box::new(|hub| Arc::new(hub)),
        practice: true,
        clock: Arc::new(SystemClock),
        chance: Arc::new(chance()),
        logs: logs.clone(),
    })
    .await
    .expect("the shop opens")
}

/// Keeps every warning and error of a scenario's own thread.
struct Warnings(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() <= Level::WARN && event.metadata().target().starts_with("mostrador") {
            let mut text = Words(String::new());
            event.record(&mut text);
            self.0.lock().expect("lock").push(text.0);
        }
    }
}
