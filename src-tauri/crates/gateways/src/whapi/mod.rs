//! Whapi: one bearer token is one channel, which is one WhatsApp number.
//!
//! | Module | What it holds |
//! |---|---|
//! | `link` | the open link: its facets, and the one way in which it asks |
//! | `errors` | what a refusal means, and whether the token or the link was lost |
//! | `wire`, `loose` | the JSON shapes, read so that one odd field never costs the rest |
//! | `decode` | JSON to [`mostrador_domain::Inbound`], for webhooks and lists alike |
//! | `health`, `pairing`, `send`, `media`, `history`, `webhooks` | the facets |
//!
//! The same driver serves the practice shop, which speaks the same HTTP: it only opens without being given anything.

mod decode;
mod errors;
mod health;
mod history;
mod link;
mod loose;
mod media;
mod pairing;
mod send;
mod webhooks;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{
    Capabilities, ChatCapabilities, MediaKind, MediaLimits, PairingCapabilities, SendCapabilities, TextLimits,
};
use secrecy::SecretString;
use url::Url;

use crate::http_kit::CallTimes;
use crate::{DeviceLink, Driver, GatewayKind, LinkConfig, Needs, OpenError};
use link::WhapiLink;

/// Where Whapi is, by its own documentation.
const DEFAULT_URL: &str = "https://gate.whapi.cloud";

/// The gateway documents no size (it answers 413): this one is ours, the usual one of WhatsApp's clients. The types
/// are those that its upload takes.
const IMAGE_LIMITS: MediaLimits = MediaLimits {
    max_bytes: 16_000_000,
    mimes: &["image/jpeg", "image/png"],
};

/// What every link offers.
///
/// The gateway documents neither how long a text may be (it answers 413) nor a rate (it answers 429): the length is
/// ours, and of a rate nothing is said.
const CAPABILITIES: Capabilities = Capabilities {
    send: SendCapabilities {
        text: Some(TextLimits { max_chars: 4096 }),
        media: &[(MediaKind::Image, IMAGE_LIMITS)],
        ..Capabilities::NONE.send
    },
    chats: ChatCapabilities {
        mark_read: true,
        ..Capabilities::NONE.chats
    },
    pairing: PairingCapabilities {
        qr: true,
        logout: true,
        code: false,
    },
    history: true,
    webhooks: true,
    // Ours: no lag is documented.
    history_lag: Duration::from_secs(5),
    ..Capabilities::NONE
};

/// Opens links to Whapi, or to the practice shop.
pub struct WhapiDriver {
    practice: Option<(Url, SecretString)>,
    times: CallTimes,
}

impl WhapiDriver {
    /// The driver of the gateway itself.
    pub fn real() -> Self {
        Self {
            practice: None,
            times: CallTimes::default(),
        }
    }

    /// The driver of the practice shop that runs at `url` and takes `token`.
    pub fn practice(url: Url, token: SecretString) -> Self {
        Self {
            practice: Some((url, token)),
            times: CallTimes::default(),
        }
    }

    /// The driver with other time limits.
    pub fn with_times(self, times: CallTimes) -> Self {
        Self { times, ..self }
    }
}

/// Neither address nor token: `Debug` ends in logs.
impl std::fmt::Debug for WhapiDriver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhapiDriver")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

impl Driver for WhapiDriver {
    fn kind(&self) -> GatewayKind {
        if self.practice.is_some() {
            GatewayKind::Practice
        } else {
            GatewayKind::Whapi
        }
    }

    fn needs(&self) -> Needs {
        let real = self.practice.is_none();
        let default_url = if real { Url::parse(DEFAULT_URL).ok() } else { None };
        Needs {
            token: real,
            url: real,
            default_url,
        }
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn open(&self, config: LinkConfig) -> Result<Arc<dyn DeviceLink>, OpenError> {
        let (url, token) = match &self.practice {
            Some((url, token)) => (url.clone(), token.clone()),
            None => {
                let default = || Url::parse(DEFAULT_URL).map_err(|_| OpenError::UrlInvalid);
                (
                    config.url.map_or_else(default, Ok)?,
                    config.token.ok_or(OpenError::TokenMissing)?,
                )
            }
        };
        Ok(Arc::new(WhapiLink::open(&url, &token, self.times)?))
    }
}
