//! WhatsApp API Engine: a server that the shop runs itself, with one number.
//!
//! | Module | What it holds |
//! |---|---|
//! | `link` | the open link, and the one way in which it asks |
//! | `budget` | how many calls are left at each server, by its own headers |
//! | `answers` | what a refusal means |
//! | `session` | how the link is, the code to scan, logging out, starting it again |
//! | `send`, `bulk` | texts, pictures; how long one text to several numbers takes |
//! | `contacts` | which numbers are on WhatsApp, and what is known of one |
//! | `webhooks`, `decode` | being called, and what a call says |
//!
//! It has no list of chats and no history: what it does not tell while it happens, nobody learns any more. It keeps the
//! addresses that it calls in memory only, so they are looked after while the device runs.

mod answers;
mod budget;
mod bulk;
mod capabilities;
mod contacts;
mod decode;
mod endpoints;
#[doc(hidden)]
pub mod fuzzing;
mod link;
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
use budget::Budgets;
use capabilities::CAPABILITIES;
use link::ApiEngineLink;

/// What the registry knows of it.
pub(crate) const GATEWAY: Gateway = Gateway {
    kind: GatewayKind::real("api_engine", "WhatsApp API Engine"),
    practice: GatewayKind::practice("practice_api_engine", "WhatsApp API Engine"),
    practice_path: "dialects/api_engine/",
    driver: |surroundings| Arc::new(ApiEngineDriver::new(surroundings)),
};

/// Everybody runs their own: there is no usual address.
const NEEDS: Needs = Needs {
    fields: &[Field::required(FieldKey::Url), Field::required(FieldKey::Token)],
};

/// Opens links to WhatsApp API Engine.
pub struct ApiEngineDriver {
    surroundings: Surroundings,
    times: CallTimes,
    budgets: Budgets,
}

impl ApiEngineDriver {
    /// The driver, with the clock by which it waits.
    pub fn new(surroundings: &Surroundings) -> Self {
        Self {
            surroundings: surroundings.clone(),
            times: CallTimes::default(),
            budgets: Budgets::default(),
        }
    }

    /// The driver with other time limits.
    pub fn with_times(self, times: CallTimes) -> Self {
        Self { times, ..self }
    }
}

impl Driver for ApiEngineDriver {
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
        let url = config.url_or(None)?;
        let token = config.needed(FieldKey::Token)?;
        Ok(Arc::new(ApiEngineLink::open(
            &url,
            token,
            self.times,
            &self.surroundings,
            self.budgets.of(&url),
        )?))
    }
}
