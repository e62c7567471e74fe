//! A gateway's way to us from the internet: a tunnel that the shop brings.

use mostrador_engine as engine;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Does a gateway know where it shall call?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum HookTold {
    /// There is nothing to tell it.
    Nothing,
    /// The same of one that tells each thing once and lists nothing: within this computer it calls our own port, if it reaches that.
    NothingAlone,
    /// Not yet; it is told as soon as it can be.
    NotYet,
    /// Not yet: the port has moved, and the address does not lead to the new one. It is told once it does.
    LeadsElsewhere,
    /// Not yet: it tells each message once and lists none, and no call of ours has come through the address. It is told once one does.
    NotProved,
    /// Not yet, for the same reason; meanwhile it calls the address that it was told before.
    EarlierKept {
        /// That one.
        address: String,
    },
    /// It knows.
    Known,
    /// It knows, and cannot be asked: what does not come by this way does not come.
    KnownAlone,
    /// It does not take the address.
    Refused,
    /// There is none, and it does not take our own port.
    RefusedHere,
    /// It shall not call any more, and has not been told so yet.
    NotYetTakenBack,
}

impl HookTold {
    /// `alone`: the gateway tells each thing once and lists nothing.
    fn of(way: &engine::PublicWay, alone: bool) -> Self {
        match way.told {
            engine::Told::Nothing if alone => Self::NothingAlone,
            engine::Told::Nothing => Self::Nothing,
            engine::Told::NotYet => Self::NotYet,
            engine::Told::LeadsElsewhere => Self::LeadsElsewhere,
            engine::Told::NotProved => Self::NotProved,
            engine::Told::EarlierKept => {
                // Taken back in this moment.
                let told = way.told_address.clone();
                told.map_or(Self::NotProved, |address| Self::EarlierKept { address })
            }
            engine::Told::Known => Self::Known,
            engine::Told::KnownAlone => Self::KnownAlone,
            engine::Told::Refused(_) if way.address.is_none() => Self::RefusedHere,
            engine::Told::Refused(_) => Self::Refused,
            engine::Told::NotYetTakenBack => Self::NotYetTakenBack,
        }
    }
}

/// A device's way in from the internet: a tunnel that the shop brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookWayView {
    /// Can there be one? Its gateway calls.
    pub offered: bool,
    /// Where the tunnel begins; null = there is none.
    pub address: Option<String>,
    /// Does the gateway know?
    pub told: HookTold,
    /// Where the tunnel is to end, on this computer.
    pub port: u16,
    /// Another program has that port.
    pub port_taken: bool,
}

impl HookWayView {
    /// `alone`: the gateway tells each thing once and lists nothing.
    pub(super) fn of(way: engine::PublicWay, alone: bool) -> Self {
        Self {
            told: HookTold::of(&way, alone),
            offered: way.offered,
            address: way.address,
            port: way.port.number(),
            port_taken: matches!(way.port, engine::Port::Taken(_)),
        }
    }
}

/// Arguments of `hook_address_set`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HookAddressSet {
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// What it was when the person decided so; null = none.
    pub seen: Option<String>,
    /// As it was typed; null = there is none any more.
    pub address: Option<String>,
}

/// What came of storing an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum HookAddressStored {
    /// It is stored, or removed.
    Stored,
    /// It cannot be a tunnel's address.
    Invalid {
        /// Why.
        why: HookAddressProblem,
    },
}

/// Why something cannot be a tunnel's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HookAddressProblem {
    /// It cannot be read as an address.
    NotAnAddress,
    /// It is not https; plain http is for this computer alone.
    NotHttps,
    /// There is a user name or a password in it.
    UserInfo,
    /// It has a `?` and what follows.
    Query,
    /// It has a `#` and what follows.
    Fragment,
    /// It is longer than any.
    TooLong,
}

impl From<engine::AddressSet> for HookAddressStored {
    fn from(set: engine::AddressSet) -> Self {
        match set {
            engine::AddressSet::Stored => Self::Stored,
            engine::AddressSet::Invalid(problem) => Self::Invalid { why: problem.into() },
        }
    }
}

impl From<engine::AddressProblem> for HookAddressProblem {
    fn from(problem: engine::AddressProblem) -> Self {
        match problem {
            engine::AddressProblem::NotAnAddress => Self::NotAnAddress,
            engine::AddressProblem::NotHttps => Self::NotHttps,
            engine::AddressProblem::UserInfo => Self::UserInfo,
            engine::AddressProblem::Query => Self::Query,
            engine::AddressProblem::Fragment => Self::Fragment,
            engine::AddressProblem::TooLong => Self::TooLong,
        }
    }
}

/// What came of calling a tunnel's address ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum HookProbed {
    /// Our call arrived here.
    Arrived,
    /// Another program has our port: nothing can arrive.
    PortTaken,
    /// The name is not known, or this computer is not connected.
    NameNotFound,
    /// Its certificate is not valid, or it does not speak TLS.
    Unsafe,
    /// Nobody answered.
    NoAnswer,
    /// Somebody answered, and nothing arrived here.
    SomebodyElse {
        /// With this status of HTTP.
        status: u16,
    },
}

impl From<engine::Probed> for HookProbed {
    fn from(probed: engine::Probed) -> Self {
        match probed {
            engine::Probed::Arrived => Self::Arrived,
            engine::Probed::PortTaken => Self::PortTaken,
            engine::Probed::NameNotFound => Self::NameNotFound,
            engine::Probed::Unsafe => Self::Unsafe,
            engine::Probed::NoAnswer => Self::NoAnswer,
            engine::Probed::SomebodyElse { status } => Self::SomebodyElse { status },
        }
    }
}
