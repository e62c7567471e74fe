//! A shop for one check: a sandbox of its own, and a link to it by the driver under test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mostrador_domain::{Address, Failure, MediaKind, Outgoing, OutgoingBody, OutgoingFile, OutgoingMedia};
use mostrador_gateways::api_engine::ApiEngineDriver;
use mostrador_gateways::evolution::EvolutionDriver;
use mostrador_gateways::qr_buho::QrBuhoDriver;
use mostrador_gateways::waconecta::WaconectaDriver;
use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{Accepted, CallTimes, DeviceLink, Driver, FieldKey, LinkConfig, Surroundings};
use mostrador_sandbox::{Fault, FaultKind, LedgerEntry, QrBuhoGeneration, Sandbox, SandboxConfig};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use url::Url;

/// Long enough for a busy computer; a check that waits so long has failed.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// The token that a check must never see printed.
pub(crate) const CANARY_TOKEN: &str = "canary-token-5b1d";

/// One pixel.
pub(crate) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T', 0x78, 0xda, 0x63, 0x64,
    0xf8, 0xcf, 0x50, 0x0f, 0, 0x03, 0x86, 0x01, 0x80, 0x5a, 0x34, 0x7d, 0x6b, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

/// What a gateway tells by calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hears {
    /// Whatever happens on the number.
    Everything,
    /// What customers write, and the link.
    NewMessages,
}

/// A driver, and where its gateway does what the faults of the battery spoil.
pub(crate) struct Dialect {
    /// The vendor's name for it.
    pub(crate) name: &'static str,
    /// Where below the sandbox's address it is spoken, without a slash at its end.
    pub(crate) path: &'static str,
    /// Opens a link with this token and these time limits.
    pub(crate) open: fn(Url, SecretString, CallTimes) -> Arc<dyn DeviceLink>,
    /// Method and path of a text on its way out.
    pub(crate) send: (&'static str, &'static str),
    /// Method and path of the list of messages.
    pub(crate) history: Option<(&'static str, &'static str)>,
    /// Method and path of the list of chats.
    pub(crate) chats: Option<(&'static str, &'static str)>,
    /// Method and path of asking how the link is.
    pub(crate) health: (&'static str, &'static str),
    /// What it tells.
    pub(crate) hears: Hears,
    /// It says when an account wants its passkey.
    pub(crate) tells_passkey: bool,
    /// It can call with an invented event.
    pub(crate) tries_out: bool,
    /// It calls one address, and not several.
    pub(crate) one_address: bool,
    /// It says what was chosen in a vote.
    pub(crate) tells_votes: bool,
    /// It says which number is linked.
    pub(crate) tells_number: bool,
    /// The practice shop takes no other generation's calls.
    pub(crate) generation: Option<QrBuhoGeneration>,
}

pub(crate) const WHAPI: Dialect = Dialect {
    name: "Whapi",
    path: "",
    open: open_whapi,
    send: ("POST", "/messages/text"),
    history: Some(("GET", "/messages/list")),
    chats: Some(("GET", "/chats")),
    health: ("GET", "/health"),
    hears: Hears::Everything,
    tells_passkey: true,
    tries_out: true,
    tells_number: true,
    one_address: false,
    tells_votes: true,
    generation: None,
};

pub(crate) const WACONECTA: Dialect = Dialect {
    name: "Waconecta",
    path: "/dialects/waconecta",
    open: open_waconecta,
    send: ("POST", "/api/v1/services/sendMessage"),
    history: None,
    chats: None,
    health: ("POST", "/api/v1/services/getQrStaticSession"),
    hears: Hears::NewMessages,
    tells_passkey: false,
    tries_out: false,
    tells_number: false,
    one_address: false,
    tells_votes: false,
    generation: None,
};

pub(crate) const API_ENGINE: Dialect = Dialect {
    name: "WhatsApp API Engine",
    path: "/dialects/api_engine",
    open: open_api_engine,
    send: ("POST", "/api/messages/send"),
    history: None,
    chats: None,
    health: ("GET", "/api/session/status"),
    hears: Hears::NewMessages,
    tells_passkey: false,
    tries_out: false,
    tells_number: true,
    one_address: false,
    tells_votes: false,
    generation: None,
};

pub(crate) const QR_BUHO: Dialect = Dialect {
    name: "QR Búho",
    path: "/dialects/qr_buho",
    open: open_qr_buho,
    send: ("POST", "/api/send/"),
    history: Some(("POST", "/chat/message/find")),
    chats: Some(("GET", "/api/chat/find")),
    health: ("GET", "/api/devices/list"),
    hears: Hears::Everything,
    tells_passkey: false,
    tries_out: false,
    tells_number: false,
    one_address: true,
    tells_votes: false,
    generation: None,
};

pub(crate) const QR_BUHO_INTERMEDIATE: Dialect = Dialect {
    name: "QR Búho, intermediate",
    open: open_qr_buho_intermediate,
    generation: Some(QrBuhoGeneration::Intermediate),
    send: ("POST", "/api/message/send-text"),
    chats: Some(("POST", "/chat/find")),
    ..QR_BUHO
};

pub(crate) const QR_BUHO_QRAPI2: Dialect = Dialect {
    name: "QR Búho, QRAPI 2.0",
    open: open_qr_buho_qrapi2,
    generation: Some(QrBuhoGeneration::QrApi2),
    send: ("POST", "/message/send"),
    chats: Some(("POST", "/chat/find")),
    ..QR_BUHO
};

pub(crate) const EVOLUTION: Dialect = Dialect {
    name: "Evolution API",
    path: "/dialects/evolution",
    open: open_evolution,
    send: ("POST", "/message/sendText/practice"),
    history: Some(("POST", "/chat/findMessages/practice")),
    chats: Some(("POST", "/chat/findChats/practice")),
    health: ("GET", "/instance/connectionState/practice"),
    hears: Hears::Everything,
    tells_passkey: false,
    tries_out: false,
    tells_number: false,
    one_address: true,
    tells_votes: false,
    generation: None,
};

fn given(url: &Url, token: SecretString) -> LinkConfig {
    LinkConfig::default().at(url).with_secret(FieldKey::Token, token)
}

fn open_whapi(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    let driver = WhapiDriver::default().with_times(times);
    driver
        .open(given(&url, token))
        .expect("loopback and a token open a link")
}

/// The sandbox takes the number's token for both secrets.
fn open_waconecta(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    let config = given(&url, token.clone()).with_secret(FieldKey::ContainerToken, token);
    let driver = WaconectaDriver::default().with_times(times);
    driver.open(config).expect("loopback and two secrets open a link")
}

fn open_qr_buho(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    open_generation("current", &url, token, times)
}

fn open_qr_buho_intermediate(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    open_generation("intermediate", &url, token, times)
}

fn open_qr_buho_qrapi2(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    open_generation("qrapi2", &url, token, times)
}

/// The sandbox calls the device so, whatever its number is.
fn open_generation(word: &str, url: &Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    let config = given(url, token)
        .with(FieldKey::Instance, "practice")
        .with(FieldKey::Generation, word);
    let driver = QrBuhoDriver::default().with_times(times);
    driver.open(config).expect("loopback and a token open a link")
}

/// The clock runs: ten seconds pass with every look.
fn running_clock() -> Surroundings {
    let looks = AtomicU64::new(0);
    Surroundings {
        elapsed: Arc::new(move || Duration::from_secs(10 * looks.fetch_add(1, Ordering::Relaxed))),
    }
}

fn open_api_engine(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    let driver = ApiEngineDriver::new(&running_clock()).with_times(times);
    driver
        .open(given(&url, token))
        .expect("loopback and a token open a link")
}

fn open_evolution(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    let config = given(&url, token).with(FieldKey::Instance, "practice");
    let driver = EvolutionDriver::new(&running_clock()).with_times(times);
    driver.open(config).expect("loopback and a token open a link")
}

/// Time limits within which nothing of a check comes near to its end.
pub(crate) fn patient() -> CallTimes {
    CallTimes {
        connect: DEADLINE,
        call: DEADLINE,
        transfer: DEADLINE,
    }
}

/// A sandbox and a link to it.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) link: Arc<dyn DeviceLink>,
    dialect: &'static Dialect,
}

impl Shop {
    /// A shop whose number is not linked, from a preset.
    pub(crate) async fn with(dialect: &'static Dialect, config: SandboxConfig) -> Self {
        let token = Some(CANARY_TOKEN.to_owned());
        let sandbox = Sandbox::start(SandboxConfig { token, ..config })
            .await
            .expect("the sandbox starts");
        if let Some(generation) = dialect.generation {
            sandbox.hold_to(generation);
        }
        let link = (dialect.open)(
            url(&sandbox, dialect),
            SecretString::from(CANARY_TOKEN),
            patient(),
        );
        Self {
            sandbox,
            link,
            dialect,
        }
    }

    /// A shop whose number is not linked.
    pub(crate) async fn unlinked(dialect: &'static Dialect) -> Self {
        Self::with(dialect, SandboxConfig::for_tests()).await
    }

    /// A shop whose number is linked.
    pub(crate) async fn linked(dialect: &'static Dialect) -> Self {
        let shop = Self::unlinked(dialect).await;
        shop.sandbox.link();
        shop
    }

    /// Another link to the same shop.
    pub(crate) fn reopened(&self, token: &str, times: CallTimes) -> Arc<dyn DeviceLink> {
        (self.dialect.open)(url(&self.sandbox, self.dialect), SecretString::from(token), times)
    }

    /// The number of one of the customers.
    pub(crate) fn customer(&self) -> String {
        self.sandbox
            .customers()
            .first()
            .expect("the shop has customers")
            .number
            .clone()
    }

    /// The numbers of all customers.
    pub(crate) fn customers(&self) -> Vec<String> {
        let customers = self.sandbox.customers().into_iter();
        customers.map(|customer| customer.number).collect()
    }

    /// What the customer got from the shop.
    pub(crate) fn got(&self) -> Vec<LedgerEntry> {
        self.sandbox.ledger_of(&self.customer())
    }

    /// Spoils the next request that is made so.
    pub(crate) fn spoil(&self, (method, path): (&str, &str), kind: FaultKind) {
        let path = format!("{}{path}", self.dialect.path);
        self.sandbox.set_fault(Fault::once(method, &path, kind));
    }

    /// Sends the customer a text.
    pub(crate) async fn send(&self, words: &str) -> Result<Accepted, Failure> {
        self.deliver(&text(&self.customer(), words)).await
    }

    /// Sends a message.
    pub(crate) async fn deliver(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        self.link.messaging().expect("it sends").send(message).await
    }
}

fn url(sandbox: &Sandbox, dialect: &Dialect) -> Url {
    Url::parse(&format!("{}{}", sandbox.url(), dialect.path)).expect("the sandbox's address is well-formed")
}

/// A text on its way out.
pub(crate) fn text(to: &str, words: &str) -> Outgoing {
    Outgoing {
        to: Address::parse(to),
        body: OutgoingBody::Text(words.to_owned()),
        quoted: None,
        mentions: Vec::new(),
        client_id: "c-1".to_owned(),
    }
}

/// A file on its way out.
pub(crate) fn file(kind: MediaKind, mime: &str, bytes: &[u8]) -> OutgoingMedia {
    OutgoingMedia {
        kind,
        caption: None,
        mime: mime.to_owned(),
        file_name: None,
        seconds: None,
        waveform: None,
        file: OutgoingFile::from(bytes.to_vec()),
    }
}

/// SHA-256, as the ledger writes it.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A picture on its way out.
pub(crate) fn picture(to: &str, caption: &str) -> Outgoing {
    let image = OutgoingMedia {
        caption: Some(caption.to_owned()),
        ..file(MediaKind::Image, "image/png", PNG)
    };
    Outgoing {
        body: OutgoingBody::Media(image),
        ..text(to, "")
    }
}

/// A fault that answers this status.
pub(crate) fn status(code: u16) -> FaultKind {
    FaultKind::Status {
        code,
        body: None,
        headers: Default::default(),
    }
}
