//! Drivers: one for each kind of gateway, which opens links.

use std::sync::Arc;

use mostrador_domain::Capabilities;
use secrecy::SecretString;
use url::Url;

use super::DeviceLink;

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
