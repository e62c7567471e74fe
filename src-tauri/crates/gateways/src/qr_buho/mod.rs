//! QR Búho: a service with one address for each customer of its own (a *tenant*), in front of Evolution API v2.
//!
//! | Module | What it holds |
//! |---|---|
//! | `link` | the open link, and the one way in which it asks |
//! | `account` | signing in, and doing so again when the token has run out |
//! | `generation` | which of the gateway's generations of calls is spoken |
//! | `device` | how the link is, the code to scan, removing the device |
//! | `send`, `files` | every kind of message, by generation; files by their address |
//! | `lists` | chats, earlier messages, marking as read, groups |
//! | `actions` | what is done to messages and chats |
//! | `labels`, `presence` | labels on chats; showing that somebody writes |
//! | `contacts` | which numbers are on WhatsApp |
//! | `media` | the bytes of a file |
//! | `webhooks` | being called; what a call says is in `crate::baileys` |
//! | `endpoints` | every operation that the gateway documents, by its catalogue entry |
//! | `reseller` | blocking a customer of the reseller, by a path that a person types: none is published |

mod account;
mod actions;
mod capabilities;
mod contacts;
mod device;
mod endpoints;
#[doc(hidden)]
pub mod fuzzing;
mod generation;
mod labels;
mod link;
mod lists;
mod media;
mod presence;
mod reseller;
mod send;
mod webhooks;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use mostrador_domain::Capabilities;

use crate::http_kit::CallTimes;
use crate::registry::Gateway;
use crate::{DeviceLink, Driver, Field, FieldKey, GatewayKind, LinkConfig, Needs, OpenError};
use generation::Generation;
use link::QrBuhoLink;

/// What the registry knows of it.
pub(crate) const GATEWAY: Gateway = Gateway {
    kind: GatewayKind::real("qr_buho", "QR Búho"),
    practice: GatewayKind::practice("practice_qr_buho", "QR Búho"),
    practice_path: "dialects/qr_buho/",
    driver: |_| Arc::new(QrBuhoDriver::default()),
};

/// Each customer has an address of their own. A token, or an e-mail address with a password: one of the two is needed.
const NEEDS: Needs = Needs {
    fields: &[
        Field::required(FieldKey::Url),
        Field::required(FieldKey::Instance),
        Field::optional(FieldKey::Token),
        Field::optional(FieldKey::Email),
        Field::optional(FieldKey::Password),
        Field::choice(FieldKey::Generation, &Generation::WORDS),
        Field::optional(FieldKey::BlockPath),
        Field::optional(FieldKey::UnblockPath),
    ],
};

/// Opens links to QR Búho.
#[derive(Debug, Default)]
pub struct QrBuhoDriver {
    times: CallTimes,
}

impl QrBuhoDriver {
    /// The driver with other time limits.
    pub fn with_times(self, times: CallTimes) -> Self {
        Self { times }
    }
}

impl Driver for QrBuhoDriver {
    fn kind(&self) -> GatewayKind {
        GATEWAY.kind
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn capabilities(&self) -> Capabilities {
        Generation::default().capabilities().clone()
    }

    fn open(&self, config: LinkConfig) -> Result<Arc<dyn DeviceLink>, OpenError> {
        Ok(Arc::new(QrBuhoLink::open(&config, self.times)?))
    }
}
