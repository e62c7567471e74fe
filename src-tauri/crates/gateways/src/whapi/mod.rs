//! Whapi: one bearer token is one channel, which is one WhatsApp number.
//!
//! | Module | What it holds |
//! |---|---|
//! | `link` | the open link: its facets, and the one way in which it asks |
//! | `capabilities` | what it offers, with its limits and where they come from |
//! | `errors` | what a refusal means, and whether the token or the link was lost |
//! | `decode` | JSON to [`mostrador_domain::Inbound`], for webhooks and lists alike |
//! | `health`, `pairing`, `settings`, `webhooks` | the channel |
//! | `send`, `actions`, `media`, `stories` | messages and files |
//! | `history`, `chats`, `labels` | chats |
//! | `endpoints` | every operation of the reference, by its catalogue entry |
//! | `contacts`, `blocks`, `groups`, `profile`, `presence` | people |

mod actions;
mod blocks;
mod capabilities;
mod chats;
mod contacts;
mod decode;
mod endpoints;
mod errors;
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
mod votes;
mod webhooks;

#[doc(hidden)]
pub mod fuzzing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mostrador_domain::Capabilities;

use crate::fields;
use crate::http_kit::CallTimes;
use crate::registry::Gateway;
use crate::{DeviceLink, Driver, Field, FieldKey, GatewayKind, LinkConfig, Needs, OpenError};
use capabilities::CAPABILITIES;
use link::WhapiLink;

/// Where Whapi is, by its own documentation.
const DEFAULT_URL: &str = "https://gate.whapi.cloud";

/// What the registry knows of it. The practice shop speaks its dialect at its own address.
pub(crate) const GATEWAY: Gateway = Gateway {
    kind: GatewayKind::real("whapi", "Whapi"),
    practice: GatewayKind::practice("practice", "Whapi"),
    practice_path: "",
    driver: |_| Arc::new(WhapiDriver::default()),
};

const NEEDS: Needs = Needs {
    fields: &[Field::required(FieldKey::Token), Field::url(DEFAULT_URL)],
};

/// Opens links to Whapi.
#[derive(Debug, Default)]
pub struct WhapiDriver {
    times: CallTimes,
}

impl WhapiDriver {
    /// The driver with other time limits.
    pub fn with_times(self, times: CallTimes) -> Self {
        Self { times }
    }
}

impl Driver for WhapiDriver {
    fn kind(&self) -> GatewayKind {
        GATEWAY.kind
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn open(&self, config: LinkConfig) -> Result<Arc<dyn DeviceLink>, OpenError> {
        let url = config.url_or(Some(DEFAULT_URL))?;
        let token = config.needed(FieldKey::Token)?;
        Ok(Arc::new(WhapiLink::open(&url, token, self.times)?))
    }
}
