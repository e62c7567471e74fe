//! One running sandbox: starting, the link, judging, stopping. Who plays customers finds that in `playing`.
//!
//! Start: the state file is read (if any), the port is taken, the tasks begin: the server, the heartbeat that lets
//! things happen when they are due, and the saving. Stop: no new request is taken, those under way get a moment to
//! end, what is left is cut, the state is saved, and only when every task has ended does `stop` return.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::net::TcpListener;

use crate::{
    at_device::OnDevice,
    branch::Branch,
    clock,
    config::SandboxConfig,
    faults::{Fault, Weather},
    http::{
        self,
        cutting::{CuttableListener, OpenConnections, Scissors},
    },
    ledger::LedgerEntry,
    opening::{Opening, opening},
    premises::Premises,
    qr_buho::Generation as QrBuhoGeneration,
    state_file::{self, StateOrigin},
    webhooks::Temper,
    world::{ReceiptManner, ScanRefused},
};

/// How long requests under way may take when the sandbox stops.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port could not be taken.
    #[error("the practice shop could not take its port")]
    Port(#[source] io::Error),
    /// The state file exists and could not be opened.
    #[error("the practice shop's state file could not be opened")]
    StateFile(#[source] io::Error),
    /// The client that delivers webhooks could not be made.
    #[error("the practice shop's webhook client could not be made")]
    WebhookClient(#[source] reqwest::Error),
    /// The operating system gave no random bytes for a token.
    #[error("no random bytes for a token")]
    Token,
}

/// A running simulated WhatsApp. Dropping it without [`Sandbox::stop`] ends its tasks as well, without waiting for
/// them and without saving.
pub struct Sandbox {
    pub(crate) premises: Arc<Premises>,
    first: Arc<Branch>,
    open: OpenConnections,
    origin: StateOrigin,
}

impl Sandbox {
    /// Starts on 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken, the state file cannot be opened, or the system gives no random bytes.
    pub async fn start(config: SandboxConfig) -> Result<Self, StartError> {
        let (state, origin) = match &config.state_file {
            Some(path) => state_file::load(path).map_err(StartError::StateFile)?,
            None => (None, StateOrigin::Fresh),
        };
        let last_port = state.as_ref().map(|state| state.port);
        let listener = listen(config.port, last_port).await.map_err(StartError::Port)?;
        let port = listener.local_addr().map_err(StartError::Port)?.port();
        let mut saved = state.map(|state| state.branches).unwrap_or_default().into_iter();
        let openings: Result<Vec<Opening>, StartError> = (0..config.devices.max(1))
            .map(|place| opening(&config, place, port, saved.next()))
            .collect();
        let premises = Premises::open(openings?, port, &config).map_err(StartError::WebhookClient)?;
        let first = premises.branch(0).cloned().ok_or(StartError::Token)?;
        let sandbox = Self {
            first,
            premises: Arc::new(premises),
            open: OpenConnections::default(),
            origin,
        };
        sandbox.begin(listener, config.state_file);
        Ok(sandbox)
    }

    fn begin(&self, listener: TcpListener, state_file: Option<std::path::PathBuf>) {
        let tasks = self.premises.tasks();
        for branch in self.premises.branches() {
            let beating = Arc::clone(branch);
            tasks.keep("heartbeat", async move { beating.beat().await });
        }
        if let Some(path) = state_file {
            tasks.winding_down(state_file::keep_saved(Arc::clone(&self.premises), path));
        }
        let routes = http::router(Arc::clone(&self.premises));
        let listener = CuttableListener::new(listener, self.open.clone());
        let service = routes.into_make_service_with_connect_info::<Scissors>();
        let stopping = tasks.stopping();
        tasks.winding_down(async move {
            let served = axum::serve(listener, service).with_graceful_shutdown(stopping.cancelled_owned());
            if let Err(error) = served.await {
                tracing::error!(kind = ?error.kind(), "the sandbox stopped serving");
            }
        });
    }

    /// Stops serving, saves, and waits until every task has ended.
    pub async fn stop(self) {
        let tasks = self.premises.tasks();
        tasks.cancel();
        tokio::select! {
            () = tasks.ended() => return,
            () = clock::sleep(LAST_MOMENT) => self.open.cut_all(),
        }
        tasks.ended().await;
    }

    /// The gateway's address, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.premises.port())
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.premises.port()
    }

    /// The token of the first device's channel.
    #[must_use]
    pub fn token(&self) -> &str {
        self.first().token()
    }

    /// The devices of the shop, each with its token, the first one first.
    #[must_use]
    pub fn devices(&self) -> Vec<Device> {
        let device = |branch: &Arc<Branch>| Device {
            token: branch.token().to_owned(),
            number: branch.look(|world, _| world.shop().number.to_string()),
        };
        self.premises.branches().iter().map(device).collect()
    }

    /// The same sandbox, seen from another device of the shop: what is played through it happens there.
    #[must_use]
    pub fn on(&self, device: usize) -> Option<OnDevice<'_>> {
        self.premises.branch(device).map(|branch| OnDevice { branch })
    }

    pub(crate) fn first(&self) -> &Arc<Branch> {
        &self.first
    }

    /// The page on which a person plays the shop's phone and its customers. `?lang=es`, `pt-BR` or `en` may follow.
    #[must_use]
    pub fn phone_url(&self) -> String {
        format!("{}/phone", self.url())
    }

    /// Whether this world was made new or restored.
    #[must_use]
    pub fn origin(&self) -> StateOrigin {
        self.origin
    }

    /// What the shop's program is called with: the addresses, and the values of the headers that go with the calls. For tests that look for
    /// its secrets where they do not belong.
    #[must_use]
    pub fn called_with(&self) -> Vec<String> {
        let branches = self.premises.branches().iter();
        branches
            .flat_map(|branch| branch.webhooks().called_with())
            .collect()
    }

    /// What each simulated person got from the shop, oldest first, whichever device it came from.
    #[must_use]
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        let mut entries: Vec<LedgerEntry> = Vec::new();
        for branch in self.premises.branches() {
            entries.extend(branch.look(|world, _| world.ledger().to_vec()));
        }
        if self.premises.branches().len() > 1 {
            entries.sort_by_key(|entry| entry.at);
        }
        entries
    }

    /// What one person got from the shop, oldest first.
    #[must_use]
    pub fn ledger_of(&self, recipient: &str) -> Vec<LedgerEntry> {
        let mut entries = self.ledger();
        entries.retain(|entry| entry.recipient == recipient);
        entries
    }

    /// Is it doing something right now: answering a request that is not spoilt, telling an event to somebody who has not
    /// refused it? For tests whose own clock must not run ahead of it.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.premises.is_busy()
    }

    /// The gateways are started anew: what they kept in memory only is forgotten.
    pub fn restart_gateways(&self) {
        let branches = self.premises.branches().iter();
        branches.for_each(|branch| branch.desks().restart());
    }

    /// Whether the shop's number is linked.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.first().is_linked()
    }

    /// What the code on show spells, if one is on show.
    #[must_use]
    pub fn live_code(&self) -> Option<String> {
        self.first()
            .look(|world, _| world.channel().live_code().map(|live| live.rowdata.clone()))
    }

    /// The shop's phone scans whatever code is on show.
    ///
    /// # Errors
    /// When no code is on show, or the number is linked already.
    pub fn scan(&self) -> Result<(), ScanRefused> {
        self.first().step(|world, now| world.scan(None, now))
    }

    /// The shop's phone scans a code that somebody shows it.
    ///
    /// # Errors
    /// When that is not the code on show now.
    pub fn scan_code(&self, code: &str) -> Result<(), ScanRefused> {
        self.first().step(|world, now| world.scan(Some(code), now))
    }

    /// The shop's phone is given the eight letters that a gateway shows for its number, with or without the dash.
    ///
    /// # Errors
    /// When those are not the letters on show now.
    pub fn type_letters(&self, letters: &str) -> Result<(), ScanRefused> {
        self.first().step(|world, now| world.type_letters(letters, now))
    }

    /// From now on the account demands a passkey of whoever links it, or demands none any more.
    pub fn demand_passkey(&self, demanded: bool) {
        self.first().step(|world, _| world.demand_passkey(demanded));
    }

    /// The account's owner confirms with the passkey; false when nothing waits for it.
    pub fn confirm_passkey(&self) -> bool {
        self.first().step(|world, now| world.confirm_passkey(now))
    }

    /// Links every device without any ado, for tests that are not about pairing. With a start that takes time the
    /// channel is woken, and the phone must scan later.
    pub fn link(&self) {
        self.premises.branches().iter().for_each(|branch| branch.link());
    }

    /// Ends the link of the first device from the shop's phone; false when there was none.
    pub fn unlink(&self) -> bool {
        self.first().step(|world, now| world.unlink(now))
    }

    /// How many requests were answered 429 because they were more than the dialect allows in its window, at the first number.
    pub fn turned_away(&self) -> u64 {
        self.first().desks().turned_away()
    }

    /// As QR Búho the shop takes the calls of every generation; from now on, where two of them share a path, only this one's.
    pub fn hold_to(&self, generation: QrBuhoGeneration) {
        for branch in self.premises.branches() {
            branch.desks().qr_buho.hold_to(generation);
        }
    }

    /// Orders a fault.
    pub fn set_fault(&self, fault: Fault) {
        self.premises.faults().add(fault);
    }

    /// How many orders are not used up: none left = the request that was to go wrong is under way, or was.
    #[must_use]
    pub fn waiting_faults(&self) -> usize {
        self.premises.faults().waiting().len()
    }

    /// Takes every order back that is not used up.
    pub fn clear_faults(&self) {
        self.premises.faults().clear();
    }

    /// From now on this goes wrong by chance, and nothing else does; the default is fair weather.
    pub fn set_weather(&self, weather: Weather) {
        self.premises.faults().set_weather(weather);
    }

    /// How many requests were spoilt so far, on order or by chance.
    #[must_use]
    pub fn spoilt(&self) -> u64 {
        self.premises.faults().struck()
    }

    /// From now on receipts are told so.
    pub fn set_receipt_manner(&self, manner: ReceiptManner) {
        for branch in self.premises.branches() {
            branch.step(|world, _| world.tell_receipts(manner));
        }
    }

    /// Lets `span` pass at once: for tests whose own clock is not the real one. Spans of webhooks' retries stay real.
    pub fn skip(&self, span: Duration) {
        self.premises.skip(span);
    }

    /// Makes the delivery of webhooks misbehave, or behave again.
    pub fn set_webhook_temper(&self, temper: Temper) {
        self.premises
            .branches()
            .iter()
            .for_each(|branch| branch.webhooks().set_temper(temper));
    }

    /// Waits until something is true of this sandbox, looking again after each change; false when it is still not
    /// true after `within`.
    pub async fn wait_until(&self, within: Duration, mut holds: impl FnMut(&Self) -> bool) -> bool {
        let mut changes = self.premises.changes();
        let deadline = clock::sleep(within);
        tokio::pin!(deadline);
        loop {
            changes.mark_unchanged();
            if holds(self) {
                return true;
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return false },
                () = &mut deadline => return holds(self),
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.premises.tasks().cancel();
        self.open.cut_all();
    }
}

/// One of the shop's numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    /// The token of its channel.
    pub token: String,
    /// The number, digits only.
    pub number: String,
}

/// Shows neither the token nor the number.
impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Device")
    }
}

async fn listen(port: u16, last_port: Option<u16>) -> io::Result<TcpListener> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let (0, Some(last)) = (port, last_port)
        && let Ok(listener) = TcpListener::bind(at(last)).await
    {
        return Ok(listener);
    }
    TcpListener::bind(at(port)).await
}
