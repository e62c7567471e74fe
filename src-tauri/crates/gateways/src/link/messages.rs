//! Sending, and what is done to a message after it was sent.
//!
//! *Sending is not repeatable*: two sends are two messages, so an unknown end is looked into, never tried again.
//! *Every action is absolute*: it names the state that shall be, not a step towards it. Repeating one does no harm,
//! so [`Failure::Unknown`] may simply be tried again here.

use std::time::Duration;

use async_trait::async_trait;
use mostrador_domain::{Address, DeliveryStatus, Failure, Outgoing, UnixMillis};

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
    /// One call, one message; a message that is sent on is a send like any other. The failure's kind says whether it
    /// may have been sent. What the capabilities do not offer is rejected before anything leaves.
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure>;

    /// How long a send may be at work, with a file or without, before this driver has surely given it up: everything that it may
    /// have to ask first, connecting, and its own patience. A gateway may do it as late as that, though nobody waits any more.
    fn longest_send(&self, carries_file: bool) -> Duration;
}

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is as it shall be.
    Done,
    /// The gateway does not have what it should be done to (any more). Nothing was done.
    NothingThere,
}

/// For how long a message stays at the top of its chat; WhatsApp offers no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PinFor {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
}

/// What is done to one message. All of it is absolute, see the module's head.
#[async_trait]
pub trait MessageActions: Send + Sync {
    /// Gives a text message of ours these words. WhatsApp allows it for a quarter of an hour after the sending.
    async fn edit(&self, chat: &Address, gateway_id: &str, words: &str) -> Result<Effect, Failure>;

    /// Deletes it for everybody.
    async fn delete(&self, chat: &Address, gateway_id: &str) -> Result<Effect, Failure>;

    /// Our reaction to it is this emoji; `None` = we have none.
    async fn react(&self, chat: &Address, gateway_id: &str, emoji: Option<&str>) -> Result<Effect, Failure>;

    /// It has our star, or not.
    async fn star(&self, chat: &Address, gateway_id: &str, starred: bool) -> Result<Effect, Failure>;

    /// It stands at the top of its chat, for everybody in it, for so long from now on; `None` = not any more.
    async fn pin(&self, chat: &Address, gateway_id: &str, time: Option<PinFor>) -> Result<Effect, Failure>;
}

/// Telling that messages were read.
#[async_trait]
pub trait ReadState: Send + Sync {
    /// Marks the chat as read up to this message, on the phone too.
    async fn mark_read(&self, chat: &Address, gateway_id: &str) -> Result<(), Failure>;
}
