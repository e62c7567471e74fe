//! How gateways call us.

use mostrador_engine as engine;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::HookWayView;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HookVerdict {
    /// Stored.
    Accepted,
    /// Everything that it says was known.
    Duplicate,
    /// The path is right; the header or the signature is not.
    BadSignature,
    /// Something in it is not understood; it is kept raw.
    Unknown,
    /// It cannot be read.
    Malformed,
    /// It could not be stored; it is taken in again as soon as it can be.
    NotStored,
    /// It is about another number at the same gateway, which is none of ours; nothing of it is stored.
    NotOurs,
}

impl From<engine::Verdict> for HookVerdict {
    fn from(verdict: engine::Verdict) -> Self {
        match verdict {
            engine::Verdict::Accepted => Self::Accepted,
            engine::Verdict::Duplicate => Self::Duplicate,
            engine::Verdict::BadSignature => Self::BadSignature,
            engine::Verdict::Unknown => Self::Unknown,
            engine::Verdict::Malformed => Self::Malformed,
            engine::Verdict::NotStored => Self::NotStored,
            engine::Verdict::NotOurs => Self::NotOurs,
        }
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are named as the events are")]
pub enum HookKind {
    Message,
    Change,
    Status,
    Chat,
    Contact,
    Group,
    Presence,
    Label,
    Call,
    Link,
    Unknown,
}

impl From<engine::EventKind> for HookKind {
    fn from(kind: engine::EventKind) -> Self {
        match kind {
            engine::EventKind::Message => Self::Message,
            engine::EventKind::Change => Self::Change,
            engine::EventKind::Status => Self::Status,
            engine::EventKind::Chat => Self::Chat,
            engine::EventKind::Contact => Self::Contact,
            engine::EventKind::Group => Self::Group,
            engine::EventKind::Presence => Self::Presence,
            engine::EventKind::Label => Self::Label,
            engine::EventKind::Call => Self::Call,
            engine::EventKind::Link => Self::Link,
            engine::EventKind::Unknown => Self::Unknown,
        }
    }
}

/// How the route is by which a gateway calls us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum HookHealth {
    /// The gateway calls nobody.
    NotOffered,
    /// It is on another computer, from which this one has no address.
    OutOfReach,
    /// Another program has the port at which we are called.
    PortTaken,
    /// No number is linked, or the device has not come so far yet.
    NotYet,
    /// The gateway does not take the address at which it shall call.
    Refused,
    /// Open; nobody has called.
    Never,
    /// The last call was good.
    Alive,
    /// The gateway should call and does not.
    Silent {
        /// Since when.
        #[ts(type = "number")]
        since: i64,
    },
    /// The last call was refused.
    Failing {
        /// Why.
        verdict: HookVerdict,
    },
}

impl From<engine::RouteHealth> for HookHealth {
    fn from(health: engine::RouteHealth) -> Self {
        match health {
            engine::RouteHealth::Closed(engine::WhyClosed::NotOffered) => Self::NotOffered,
            engine::RouteHealth::Closed(engine::WhyClosed::OutOfReach) => Self::OutOfReach,
            engine::RouteHealth::Closed(engine::WhyClosed::PortTaken) => Self::PortTaken,
            engine::RouteHealth::Closed(engine::WhyClosed::NotYet) => Self::NotYet,
            engine::RouteHealth::Closed(engine::WhyClosed::Refused) => Self::Refused,
            engine::RouteHealth::Never => Self::Never,
            engine::RouteHealth::Alive => Self::Alive,
            engine::RouteHealth::Silent { since } => Self::Silent { since: since.0 },
            engine::RouteHealth::Failing { verdict } => Self::Failing {
                verdict: verdict.into(),
            },
        }
    }
}

/// The route of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookRouteView {
    /// How it is.
    pub health: HookHealth,
    /// When it was last called; null = not while the program runs.
    #[ts(type = "number | null")]
    pub last_at: Option<i64>,
    /// When a call was last taken in.
    #[ts(type = "number | null")]
    pub last_good_at: Option<i64>,
    /// Can its gateway be asked to call?
    pub can_test: bool,
    /// The way in from the internet.
    pub way: HookWayView,
}

impl From<engine::HookRoute> for HookRouteView {
    fn from(route: engine::HookRoute) -> Self {
        Self {
            health: route.health.into(),
            last_at: route.last.map(|at| at.0),
            last_good_at: route.last_good.map(|at| at.0),
            can_test: route.can_test,
            way: HookWayView::of(route.way, route.calls_once),
        }
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookCallView {
    /// Which.
    pub id: u32,
    /// When it came.
    #[ts(type = "number")]
    pub at: i64,
    /// What became of it.
    pub verdict: HookVerdict,
    /// What it tells of.
    pub kinds: Vec<HookKind>,
    /// Bytes of its body; null = it was not read.
    pub size: Option<u32>,
    /// Milliseconds until it was answered.
    pub millis: u32,
    /// Is its body still held? Only then it can be looked at and taken in again.
    pub held: bool,
}

impl From<engine::Delivery> for HookCallView {
    fn from(call: engine::Delivery) -> Self {
        Self {
            id: call.id,
            at: call.at.0,
            verdict: call.verdict.into(),
            kinds: call.kinds.into_iter().map(Into::into).collect(),
            size: call.size,
            millis: call.millis,
            held: call.held,
        }
    }
}

/// One call, looked at.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookCallDetail {
    /// The call.
    pub call: HookCallView,
    /// Its body with every value replaced; null = it is not held, or cannot be shown so.
    #[ts(type = "unknown")]
    pub structure: Option<Value>,
}

/// Arguments of a command about one call.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookCallRef {
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Which.
    pub call_id: u32,
}

/// What came of taking a call in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookReplayed {
    /// What became of it now.
    pub verdict: HookVerdict,
    /// Messages that were not known.
    pub new_messages: u32,
    /// Events that were left, because what holds now is newer.
    pub left: u32,
}

impl From<engine::Replayed> for HookReplayed {
    fn from(replayed: engine::Replayed) -> Self {
        Self {
            verdict: replayed.verdict.into(),
            new_messages: replayed.new_messages,
            left: replayed.left,
        }
    }
}

/// What came of asking the gateway to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookTested {
    /// Did the call arrive?
    pub arrived: bool,
}
