//! Whapi: one bearer token is one channel, which is one WhatsApp number.
//!
//! | Module | What it holds |
//! |---|---|
//! | `link` | the open link: its facets, and the one way in which it asks |
//! | `capabilities` | what it offers, with its limits and where they come from |
//! | `errors` | what a refusal means, and whether the token or the link was lost |
//! | `fields` | JSON objects, read so that one odd field never costs the rest |
//! | `decode` | JSON to [`mostrador_domain::Inbound`], for webhooks and lists alike |
//! | `health`, `pairing`, `settings`, `webhooks` | the channel |
//! | `send`, `actions`, `media`, `stories` | messages and files |
//! | `history`, `chats`, `labels` | chats |
//! | `endpoints` | every operation of the reference, by its catalogue entry |
//! | `contacts`, `groups`, `profile`, `presence` | people |
//!
//! The same driver serves the practice shop, which speaks the same HTTP: it only opens without being given anything.

mod actions;
mod capabilities;
mod chats;
mod contacts;
mod decode;
mod endpoints;
mod errors;
mod fields;
mod groups;
mod health;
mod history;
mod labels;
mod link;
mod media;
mod pairing;
mod presence;
mod profile;
mod send;
mod settings;
mod stories;
mod webhooks;

#[doc(hidden)]
pub mod fuzzing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mostrador_domain::Capabilities;
use secrecy::SecretString;
use url::Url;

use crate::http_kit::CallTimes;
use crate::{DeviceLink, Driver, GatewayKind, LinkConfig, Needs, OpenError};
use capabilities::CAPABILITIES;
use link::WhapiLink;

/// Where Whapi is, by its own documentation.
const DEFAULT_URL: &str = "https://gate.whapi.cloud";

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
