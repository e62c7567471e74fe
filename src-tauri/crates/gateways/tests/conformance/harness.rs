//! A shop for one check: a sandbox of its own, and a link to it by the driver under test.

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{Address, Failure, MediaKind, Outgoing, OutgoingBody, OutgoingFile, OutgoingMedia};
use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{Accepted, CallTimes, DeviceLink, Driver, FieldKey, LinkConfig};
use mostrador_sandbox::{Fault, FaultKind, LedgerEntry, Sandbox, SandboxConfig};
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

/// A driver, and where its gateway does what the faults of the battery spoil.
pub(crate) struct Dialect {
    /// Opens a link with this token and these time limits.
    pub(crate) open: fn(Url, SecretString, CallTimes) -> Arc<dyn DeviceLink>,
    /// Method and path of a text on its way out.
    pub(crate) send: (&'static str, &'static str),
    /// Method and path of the list of messages.
    pub(crate) history: (&'static str, &'static str),
    /// Method and path of the list of chats.
    pub(crate) chats: (&'static str, &'static str),
    /// Method and path of the health.
    pub(crate) health: (&'static str, &'static str),
    /// Method and path of looking a status up.
    pub(crate) statuses: (&'static str, &'static str),
}

/// Whapi.
pub(crate) const WHAPI: Dialect = Dialect {
    open: open_whapi,
    send: ("POST", "/messages/text"),
    history: ("GET", "/messages/list"),
    chats: ("GET", "/chats"),
    health: ("GET", "/health"),
    statuses: ("GET", "/statuses/"),
};

fn open_whapi(url: Url, token: SecretString, times: CallTimes) -> Arc<dyn DeviceLink> {
    let config = LinkConfig::default().at(&url).with_secret(FieldKey::Token, token);
    WhapiDriver::default()
        .with_times(times)
        .open(config)
        .expect("loopback and a token open a link")
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
        let link = (dialect.open)(url(&sandbox), SecretString::from(CANARY_TOKEN), patient());
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
        (self.dialect.open)(url(&self.sandbox), SecretString::from(token), times)
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
        self.sandbox.set_fault(Fault::once(method, path, kind));
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

fn url(sandbox: &Sandbox) -> Url {
    Url::parse(&sandbox.url()).expect("the sandbox's address is well-formed")
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
        file: OutgoingFile::Bytes(bytes.to_vec()),
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
