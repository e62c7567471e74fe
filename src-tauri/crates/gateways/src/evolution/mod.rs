//! Evolution API v2: a server of one's own, which speaks to WhatsApp through the Baileys library.
//!
//! | Module | What it holds |
//! |---|---|
//! | `link` | the open link, and the one way in which it asks |
//! | `session` | how the link is, the code to scan, unlinking |
//! | `send` | every kind of message |
//! | `actions`, `chat_actions` | what is done to a message, and marking as read; what is done to a chat |
//! | `lists` | chats, earlier messages, groups |
//! | `people`, `labels` | which numbers are on WhatsApp, pictures; labels on chats |
//! | `media`, `webhooks` | the bytes of a file; being called |
//! | `endpoints` | every documented operation, by its catalogue entry |
//!
//! What it says of messages, persons and chats is in `crate::baileys`. It can also tell by a socket: its calls tell the same.

mod actions;
mod capabilities;
mod chat_actions;
mod endpoints;
#[doc(hidden)]
pub mod fuzzing;
mod labels;
mod link;
mod lists;
mod media;
mod people;
mod send;
mod session;
mod webhooks;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use mostrador_domain::Capabilities;

use crate::http_kit::CallTimes;
use crate::registry::Gateway;
use crate::{DeviceLink, Driver, Field, FieldKey, GatewayKind, LinkConfig, Needs, OpenError, Surroundings};
use capabilities::CAPABILITIES;
use link::EvolutionLink;

/// What the registry knows of it.
pub(crate) const GATEWAY: Gateway = Gateway {
    kind: GatewayKind::real("evolution", "Evolution API"),
    practice: GatewayKind::practice("practice_evolution", "Evolution API"),
    practice_path: "dialects/evolution/",
    driver: |surroundings| Arc::new(EvolutionDriver::new(surroundings)),
};

/// Everybody runs their own: there is no usual address. The key is the server's, or the one of the instance.
const NEEDS: Needs = Needs {
    fields: &[
        Field::required(FieldKey::Url),
        Field::required(FieldKey::Instance),
        Field::required(FieldKey::Token),
    ],
};

/// Opens links to Evolution API.
pub struct EvolutionDriver {
    surroundings: Surroundings,
    times: CallTimes,
}

impl EvolutionDriver {
    /// The driver, with the clock by which it waits.
    pub fn new(surroundings: &Surroundings) -> Self {
        Self {
            surroundings: surroundings.clone(),
            times: CallTimes::default(),
        }
    }

    /// The driver with other time limits.
    pub fn with_times(self, times: CallTimes) -> Self {
        Self { times, ..self }
    }
}

impl Driver for EvolutionDriver {
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
        Ok(Arc::new(EvolutionLink::open(
            &config,
            self.times,
            &self.surroundings,
        )?))
    }
}
