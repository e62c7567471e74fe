//! The gateway itself: its settings, the limits of the plan, and being called by it.

use std::time::Duration;

use async_trait::async_trait;
use mostrador_domain::{Failure, Inbound, UnixMillis};
use secrecy::SecretString;
use url::Url;

/// Settings of a gateway that decide whether events arrive; `None` = not told, or not to be changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliverySettings {
    /// Calls that fail are kept on the gateway's disk until they succeed.
    pub keep_failed: Option<bool>,
    /// The first wait before a failed call is made again.
    pub first_wait: Option<Duration>,
    /// The longest such wait.
    pub longest_wait: Option<Duration>,
    /// The whole history is fetched from the phone when a number is linked.
    pub full_history: Option<bool>,
}

/// The settings of a gateway that matter to us.
#[async_trait]
pub trait GatewaySettings: Send + Sync {
    /// As they are.
    async fn get(&self) -> Result<DeliverySettings, Failure>;

    /// Changes those that are `Some`; absolute. A wait outside of what the gateway takes is rejected before anything
    /// leaves.
    async fn change(&self, settings: &DeliverySettings) -> Result<(), Failure>;
}

/// What the plan at the gateway allows; `None` = not told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanLimits {
    /// Messages.
    pub messages: Option<u32>,
    /// Different chats that were used up so far.
    pub chats_used: Option<u32>,
    /// Numbers that may be looked up.
    pub checks: Option<u32>,
    /// Calls.
    pub requests: Option<u32>,
}

/// The limits of the plan at the gateway.
#[async_trait]
pub trait Limits: Send + Sync {
    /// `None` = there are none.
    async fn limits(&self) -> Result<Option<PlanLimits>, Failure>;
}

/// Where a gateway should call us.
#[derive(Clone)]
pub struct WebhookTarget {
    /// The address, with its secret path.
    pub url: Url,
    /// A header to send along, for gateways that can: name and secret value. Others sign with that value, see [`CallProof`].
    pub header: Option<(String, SecretString)>,
}

/// A call that came in, after the listener has checked who sent it.
pub struct WebhookCall<'a> {
    /// The HTTP verb, upper case.
    pub method: &'a str,
    /// What follows the secret in the path, without leading slash.
    pub tail: &'a str,
    /// The body as it came.
    pub body: &'a [u8],
    /// When it came, by the gateway's clock as far as we know it.
    pub at: UnixMillis,
}

/// How a call shows that the gateway made it. Its path is secret in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallProof {
    /// It repeats the header of [`WebhookTarget::header`].
    Header,
    /// It bears a signature of its body in this header (lower case), see [`Webhooks::is_signed`]; the key is the value of
    /// [`WebhookTarget::header`].
    Signature(&'static str),
}

/// Being called by the gateway.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// How its calls show that it made them.
    fn proof(&self) -> CallProof {
        CallProof::Header
    }

    /// Is this the signature of the body? Compared in constant time.
    fn is_signed(&self, _body: &[u8], _signature: &[u8], _key: &SecretString) -> bool {
        false
    }

    /// For a gateway that forgets the addresses that it calls: makes sure that it calls `target` still, as
    /// [`Self::register`]. Says whether it had forgotten it. Called now and then.
    async fn remind(&self, _target: &WebhookTarget, _replaces: &[&str]) -> Result<bool, Failure> {
        Ok(false)
    }

    /// Makes the gateway call `target`; other people's webhooks stay, another Mostrador's among them. `replaces`: earlier targets of
    /// ours to remove, once this one is called (their paths start with one of these prefixes, in which there is a word of ours alone; an
    /// empty one removes none). The driver picks the mode.
    async fn register(&self, target: &WebhookTarget, replaces: &[&str]) -> Result<(), Failure>;

    /// Takes every target of ours (whose path starts with `prefix`) out again, but for those that are `kept`, which go on being called.
    async fn unregister(&self, prefix: &str, kept: &[WebhookTarget]) -> Result<(), Failure>;

    /// By what the gateway has its one address, if it calls that for several devices: a mark of whose they are. `None` = each device
    /// has addresses of its own.
    fn shared_by(&self) -> Option<u64> {
        None
    }

    /// What the gateway calls the device that a call is about; `None` = it names none.
    fn names(&self, _call: &WebhookCall<'_>) -> Option<String> {
        None
    }

    /// Is that what the gateway calls this link's device? `None` = it may be. Of another's [`Self::decode`] says nothing.
    fn is_called(&self, _name: &str) -> Option<bool> {
        None
    }

    /// Has it a way to make the call of [`Self::test`]?
    fn can_test(&self) -> bool {
        false
    }

    /// Makes the gateway call `target` once, with an invented event; one that has no way to do so rejects it.
    async fn test(&self, target: &WebhookTarget) -> Result<(), Failure>;

    /// What a call says. Total: what cannot be read is [`Inbound::Unknown`]; only a body that is not JSON is refused.
    fn decode(&self, call: &WebhookCall<'_>) -> Result<Vec<Inbound>, NotJson>;
}

/// The body of a call is not JSON, or JSON that is larger or deeper than any event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not JSON")]
pub struct NotJson;
