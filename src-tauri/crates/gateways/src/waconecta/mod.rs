//! Waconecta: a key in a header, and two calls.
//!
//! | Call | For |
//! |---|---|
//! | `POST /api/v1/services/getQrStaticSession` | a code to scan; and, there being nothing else, how the link is |
//! | `POST /api/v1/services/sendMessage` | one text |
//!
//! Everything else that a gateway may offer, this one does not: no chats, no history, no webhooks. The session is named by a
//! second secret, the container token.
//!
//! *How the link is* is not documented. Asked for a code, the gateway gives one as long as no number is linked; an answer
//! without a code is taken for a linked number, unless it says that the session has ended. Nothing wrong can come of it: what
//! is not linked cannot send, and that it says clearly.
//!
//! The vendor allows 30 calls in a minute and says so of messages too. Asking how the link is costs one of them, so the rate
//! that is told here leaves room for that.

mod answers;
mod endpoints;
#[doc(hidden)]
pub mod fuzzing;
mod link;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{Capabilities, PairingCapabilities, SendCapabilities, TextLimits};

use crate::http_kit::CallTimes;
use crate::registry::Gateway;
use crate::{DeviceLink, Driver, Field, FieldKey, GatewayKind, LinkConfig, Needs, OpenError};
use link::WaconectaLink;

/// Documented.
const DEFAULT_URL: &str = "https://waconecta-api.engaged.com.bo";

/// What the registry knows of it.
pub(crate) const GATEWAY: Gateway = Gateway {
    kind: GatewayKind::real("waconecta", "Waconecta"),
    practice: GatewayKind::practice("practice_waconecta", "Waconecta"),
    practice_path: "dialects/waconecta/",
    driver: |_| Arc::new(WaconectaDriver::default()),
};

const NEEDS: Needs = Needs {
    fields: &[
        Field::required(FieldKey::Token),
        Field::required(FieldKey::ContainerToken),
        Field::url(DEFAULT_URL),
    ],
};

/// What every link offers.
const CAPABILITIES: Capabilities = Capabilities {
    send: SendCapabilities {
        // No limit is documented: the usual one of WhatsApp's clients.
        text: Some(TextLimits { max_chars: 4096 }),
        ..Capabilities::NONE.send
    },
    pairing: PairingCapabilities {
        qr: true,
        ..Capabilities::NONE.pairing
    },
    // 30 requests are documented, whatever they ask; what an earlier run has asked, nobody remembers.
    rate: Some((28, Duration::from_secs(60))),
    rate_of_calls: true,
    // While a code is on show, the link is asked after: every fifteen seconds leaves most of a minute's calls.
    ask_every: Duration::from_secs(15),
    ..Capabilities::NONE
};

/// Opens links to Waconecta.
#[derive(Debug, Default)]
pub struct WaconectaDriver {
    times: CallTimes,
}

impl WaconectaDriver {
    /// The driver with other time limits.
    pub fn with_times(self, times: CallTimes) -> Self {
        Self { times }
    }
}

impl Driver for WaconectaDriver {
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
        let container = config.needed(FieldKey::ContainerToken)?;
        Ok(Arc::new(WaconectaLink::open(&url, token, container, self.times)?))
    }
}
