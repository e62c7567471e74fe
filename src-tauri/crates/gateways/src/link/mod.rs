//! The traits between the engine and a gateway.
//!
//! Every facet is optional but [`Health`]: what a link does not offer is `None`, and the screens do not show it.
//! All calls answer [`Failure`](mostrador_domain::Failure)s by what they mean for a message; a driver never panics on
//! what a gateway says. All futures may be dropped at any time (a session that stops drops its calls).
//!
//! | Module | Facets |
//! |---|---|
//! | `driver`, `config` | opening a link, and what a person gives for it |
//! | `pairing` | [`Health`], [`Pairing`] |
//! | `messages` | [`Messaging`], [`MessageActions`], [`ReadState`] |
//! | `media` | [`Media`], [`Pictures`], [`Uploads`], [`Stories`] |
//! | `chats` | [`Chats`], [`ChatActions`], [`History`], [`Labels`] |
//! | `people` | [`Contacts`], [`Blocks`], [`Groups`], [`Profile`], [`PresenceFacet`] |
//! | `gateway` | [`GatewaySettings`], [`Limits`], [`Webhooks`] |
//! | `endpoints` | [`Endpoints`] |
//!
//! Only a send ([`Messaging`], [`Stories`]) is not repeatable. Everything else names a state that shall be, or only
//! asks: trying it again after an unknown end does no harm.

mod chats;
mod config;
mod driver;
mod endpoints;
mod gateway;
mod media;
mod messages;
mod pairing;
mod people;

pub use chats::{ChatActions, Chats, DisappearAfter, History, HistoryQuery, Labels, Page};
pub use config::{Field, FieldKey, FieldKind, LinkConfig, Needs, OpenError};
pub use driver::{Driver, GatewayKind};
pub use endpoints::{CallProblem, Called, Content, Endpoints, Header};
pub use gateway::{
    CallProof, DeliverySettings, GatewaySettings, Limits, NotJson, PlanLimits, WebhookCall, WebhookTarget,
    Webhooks,
};
pub use media::{Media, MediaSink, Pictures, Stories, Story, StoryAudience, Uploads};
pub use messages::{Accepted, Effect, MessageActions, Messaging, PinFor, ReadState};
pub use pairing::{CodeAnswer, Health, LinkHealth, Pairing, TypedCodeAnswer};
pub use people::{Blocks, Contacts, Doing, Groups, NumberVerdict, OwnProfile, PresenceFacet, Profile};

use mostrador_domain::{Capabilities, UnixMillis};

/// One open connection to one device at one gateway.
pub trait DeviceLink: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> &Capabilities;

    /// Is the gateway on this computer, so that it can call a listener on loopback?
    fn is_local(&self) -> bool;

    /// By what the gateway counts sends, if several devices can share it: a mark of their key. `None` = each device by itself.
    fn counted_by(&self) -> Option<u64> {
        None
    }

    /// What the gateway's clock showed when it last answered, in whole seconds; `None` = it has not said. The times of messages
    /// are of that clock, and ours may be wrong.
    fn clock(&self) -> Option<UnixMillis> {
        None
    }

    /// How many calls this link has made, whatever came of them; 0 of one that does not count. Who has [`Self::limits`] counts.
    fn calls_made(&self) -> u64 {
        0
    }

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
    /// What is done to a message after it was sent.
    fn message_actions(&self) -> Option<&dyn MessageActions> {
        None
    }
    /// Bytes of media.
    fn media(&self) -> Option<&dyn Media> {
        None
    }
    /// Pictures of people and groups.
    fn pictures(&self) -> Option<&dyn Pictures> {
        None
    }
    /// Files put at the gateway before they are sent.
    fn uploads(&self) -> Option<&dyn Uploads> {
        None
    }
    /// Publishing stories.
    fn stories(&self) -> Option<&dyn Stories> {
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
    /// What is done to a chat as a whole.
    fn chat_actions(&self) -> Option<&dyn ChatActions> {
        None
    }
    /// Earlier messages.
    fn history(&self) -> Option<&dyn History> {
        None
    }
    /// Labels.
    fn labels(&self) -> Option<&dyn Labels> {
        None
    }
    /// The persons whom the phone knows.
    fn contacts(&self) -> Option<&dyn Contacts> {
        None
    }
    /// Whom the number has blocked.
    fn blocks(&self) -> Option<&dyn Blocks> {
        None
    }
    /// Groups and who is in them.
    fn groups(&self) -> Option<&dyn Groups> {
        None
    }
    /// What the number shows of itself.
    fn profile(&self) -> Option<&dyn Profile> {
        None
    }
    /// Who is here now.
    fn presence(&self) -> Option<&dyn PresenceFacet> {
        None
    }
    /// The gateway's settings.
    fn settings(&self) -> Option<&dyn GatewaySettings> {
        None
    }
    /// The limits of the plan.
    fn limits(&self) -> Option<&dyn Limits> {
        None
    }
    /// Being called by the gateway.
    fn webhooks(&self) -> Option<&dyn Webhooks> {
        None
    }
    /// Calling any documented operation.
    fn endpoints(&self) -> Option<&dyn Endpoints> {
        None
    }
}
