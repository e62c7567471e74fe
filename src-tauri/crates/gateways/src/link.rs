//! The traits between the engine and a gateway.
//!
//! Every facet is optional but [`Health`]: what a link does not offer is `None`, and the screens do not show it.
//! All calls answer [`Failure`]s by what they mean for a message; a driver never panics on what a gateway says.
//! All futures may be dropped at any time (a session that stops drops its calls).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use mostrador_domain::{
    Address, Capabilities, ChatSnapshot, DeliveryStatus, Failure, Inbound, Outgoing, PairingContent,
    StatusUpdate, UnixMillis,
};
use secrecy::SecretString;
use url::Url;

/// The gateways that there are drivers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GatewayKind {
    /// Whapi.
    Whapi,
    /// The practice shop that runs inside the program; it speaks Whapi's dialect.
    Practice,
}

impl GatewayKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Whapi, Self::Practice];

    /// The word the store and the commands use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whapi => "whapi",
            Self::Practice => "practice",
        }
    }

    /// The kind that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One kind of gateway.
pub trait Driver: Send + Sync {
    /// Which.
    fn kind(&self) -> GatewayKind;

    /// What a person has to give before a link can be opened.
    fn needs(&self) -> Needs;

    /// What its links can do, known before one is opened.
    fn capabilities(&self) -> Capabilities;

    /// A link with this configuration. Makes no call.
    fn open(&self, config: LinkConfig) -> Result<Arc<dyn DeviceLink>, OpenError>;
}

/// What a driver needs to open a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// A secret.
    pub token: bool,
    /// An address of the gateway (a default may exist).
    pub url: bool,
    /// The address that most people use.
    pub default_url: Option<Url>,
}

/// What a link is opened with.
#[derive(Clone, Default)]
pub struct LinkConfig {
    /// Where the gateway is; `None` = the driver's default.
    pub url: Option<Url>,
    /// The secret.
    pub token: Option<SecretString>,
}

/// Why a link cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A secret is needed.
    #[error("a token is needed")]
    TokenMissing,
    /// The secret has characters that no token has (it cannot even be put into a request).
    #[error("the token has characters that no token has")]
    TokenInvalid,
    /// The address cannot be used: not http(s), or plain http to another computer.
    #[error("the gateway's address cannot be used")]
    UrlInvalid,
    /// This kind of gateway is not running in this program.
    #[error("this gateway is not offered here")]
    NotOffered,
}

/// One open connection to one device at one gateway.
pub trait DeviceLink: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> &Capabilities;

    /// Is the gateway on this computer, so that it can call a listener on loopback?
    fn is_local(&self) -> bool;

    /// Asking how the link is: every gateway can.
    fn health(&self) -> &dyn Health;

    /// Linking and unlinking a number.
    fn pairing(&self) -> Option<&dyn Pairing> {
        None
    }
    /// Sending.
    fn messaging(&self) -> Option<&dyn Messaging> {
        None
    }
    /// Bytes of media.
    fn media(&self) -> Option<&dyn Media> {
        None
    }
    /// Telling that messages were read.
    fn read_state(&self) -> Option<&dyn ReadState> {
        None
    }
    /// The list of chats.
    fn chats(&self) -> Option<&dyn Chats> {
        None
    }
    /// Earlier messages.
    fn history(&self) -> Option<&dyn History> {
        None
    }
    /// How far one message has come.
    fn status_lookup(&self) -> Option<&dyn StatusLookup> {
        None
    }
    /// Being called by the gateway.
    fn webhooks(&self) -> Option<&dyn Webhooks> {
        None
    }
}

/// How a link is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkHealth {
    /// A number is linked.
    Linked {
        /// Its address, if told.
        own: Option<Address>,
    },
    /// No number is linked.
    NotLinked,
    /// The gateway is waking up; ask again soon.
    Starting,
}

/// Asking how the link is.
#[async_trait]
pub trait Health: Send + Sync {
    /// `wake`: also start a sleeping link, which costs the gateway work; without it nothing changes there.
    async fn check(&self, wake: bool) -> Result<LinkHealth, Failure>;
}

/// The answer to asking for a code.
#[derive(Clone, PartialEq, Eq)]
pub enum CodeAnswer {
    /// A code to scan.
    Code {
        /// What is in it.
        content: PairingContent,
        /// For how long it can be scanned from now on.
        valid_for: Duration,
    },
    /// Not yet; ask again soon.
    Waiting,
    /// A number is linked already.
    AlreadyLinked,
}

/// Linking and unlinking a number.
#[async_trait]
pub trait Pairing: Send + Sync {
    /// The code to scan now.
    async fn code(&self) -> Result<CodeAnswer, Failure>;

    /// Unlinks the number. Already unlinked is success.
    async fn logout(&self) -> Result<(), Failure>;
}

/// What a gateway answers when it takes a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The gateway's id of the message.
    pub gateway_id: String,
    /// How far it has come already.
    pub status: DeliveryStatus,
    /// When, by the gateway's clock, if told.
    pub at: Option<UnixMillis>,
}

/// Sending.
#[async_trait]
pub trait Messaging: Send + Sync {
    /// One call, one message. The failure's kind says whether it may have been sent.
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure>;
}

/// Bytes of media.
#[async_trait]
pub trait Media: Send + Sync {
    /// The bytes behind a gateway's reference, at most `max_bytes` of them.
    async fn download(&self, gateway_ref: &str, max_bytes: u64) -> Result<Vec<u8>, Failure>;
}

/// Telling that messages were read.
#[async_trait]
pub trait ReadState: Send + Sync {
    /// Marks the chat as read up to this message, on the phone too.
    async fn mark_read(&self, chat: &Address, gateway_id: &str) -> Result<(), Failure>;
}

/// A page of a list that is asked for by offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What came. Its length is the truth; a gateway's own count may repeat the page size asked for.
    pub items: Vec<T>,
    /// How many of the gateway's items this page covers (some may not be of use to us).
    pub covered: u32,
    /// How many there are in all, if told.
    pub total: Option<u32>,
}

/// The list of chats.
#[async_trait]
pub trait Chats: Send + Sync {
    /// `count` chats from `offset` on, most recent first.
    async fn page(&self, offset: u32, count: u32) -> Result<Page<ChatSnapshot>, Failure>;
}

/// What part of the history is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Only messages at or after this time.
    pub since: Option<UnixMillis>,
    /// Skip this many, newest first.
    pub offset: u32,
    /// At most this many.
    pub count: u32,
}

/// Earlier messages.
#[async_trait]
pub trait History: Send + Sync {
    /// Of one chat, newest first. A chat that the gateway does not know has no messages.
    async fn of_chat(&self, chat: &Address, query: HistoryQuery) -> Result<Page<Inbound>, Failure>;

    /// Of all chats, newest first.
    async fn recent(&self, query: HistoryQuery) -> Result<Page<Inbound>, Failure>;
}

/// How far one message has come.
#[async_trait]
pub trait StatusLookup: Send + Sync {
    /// Everything known of it.
    async fn statuses(&self, gateway_id: &str) -> Result<Vec<StatusUpdate>, Failure>;
}

/// Where a gateway should call us.
#[derive(Clone)]
pub struct WebhookTarget {
    /// The address, with its secret path.
    pub url: Url,
    /// A header to send along, for gateways that can: name and secret value.
    pub header: Option<(String, SecretString)>,
}

/// A call that came in, after the listener has checked who sent it.
pub struct WebhookCall<'a> {
    /// The HTTP verb, upper case.
    pub method: &'a str,
    /// What follows the secret in the path, without leading slash.
    pub tail: &'a str,
    /// The body as it came.
    pub body: &'a [u8],
}

/// Being called by the gateway.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// Makes the gateway call `target`; other people's webhooks stay. `replaces`: an earlier target of ours to remove
    /// (its path starts with this prefix).
    async fn register(&self, target: &WebhookTarget, replaces: &str) -> Result<(), Failure>;

    /// Takes every target of ours (whose path starts with `prefix`) out again.
    async fn unregister(&self, prefix: &str) -> Result<(), Failure>;

    /// What a call says. Total: what cannot be read is [`Inbound::Unknown`], only a body that is not JSON is refused.
    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson>;
}

/// The body of a call is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not JSON")]
pub struct NotJson;
