//! The life of a device: one WhatsApp number linked through one gateway.
//!
//! | State | means |
//! |---|---|
//! | Unconfigured | no token, or one that the gateway refuses: a person has to give one |
//! | Connecting | started; the gateway has not answered yet |
//! | Pairing | the gateway answers, no number is linked; a code is (being) shown |
//! | Syncing | linked; chats and history are being fetched for the first time |
//! | Online | linked and alive |
//! | Degraded | something passing is wrong since a known time; it mends by itself |
//! | LoggedOut | was linked, is not any more; a person has to link it again |
//! | Restricted | WhatsApp has restricted the number |
//! | Stopped | not running |
//!
//! Transitions (what is not listed leaves the state as it is):
//!
//! | Event | from | to |
//! |---|---|---|
//! | Start | Stopped, Unconfigured, LoggedOut | Connecting |
//! | TokenMissing, TokenRejected | any | Unconfigured |
//! | Linked, first sync to do | any but Stopped, Unconfigured, Syncing, Restricted | Syncing |
//! | Linked, first sync done | any but Stopped, Unconfigured, Online, Restricted | Online |
//! | RestrictionOver | Restricted | Connecting |
//! | Deaf | Syncing, Online, Degraded(Deaf) (keeps its `since`) | Degraded(Deaf) |
//! | Unreadable | Online, Degraded(any other) | Degraded(Unreadable) |
//! | NotLinked, never was | Connecting, Degraded | Pairing(Waiting) |
//! | NotLinked, was linked | Connecting, Degraded, Syncing, Online, Restricted | LoggedOut |
//! | PairingAsked | LoggedOut, Pairing, Connecting | Pairing(Waiting) |
//! | CodeShown | Pairing(Waiting, Code, Passkey, Expired) | Pairing(Code) |
//! | TypedCodeShown | Pairing | Pairing(TypedCode) |
//! | PasskeyAsked | Pairing | Pairing(Passkey) |
//! | CodeExpired | Pairing(TypedCode, TypedCodeEnded) | Pairing(TypedCodeEnded) |
//! | CodeExpired | Pairing, all other steps | Pairing(Expired) |
//! | PairingStopped | Pairing | LoggedOut |
//! | SyncProgress | Syncing | Syncing |
//! | SyncDone | Syncing | Online |
//! | Trouble | Connecting, Pairing, Syncing, Online, Restricted, Degraded (keeps its `since`) | Degraded |
//! | Restricted | Connecting, Syncing, Online, Degraded | Restricted |
//! | Stop | any | Stopped |
//!
//! Within Pairing a person chooses between a code to scan and one to type. The choice stands until PairingAsked (codes to
//! scan again): a QR code that the gateway shows by itself never takes a typed code off the screen, and an ended one says
//! so until a person asks. WhatsApp may want the account's passkey after either; that step is left by Linked, or by a code
//! when nobody confirmed. Linked, Trouble and Stop lead out of every step alike, and nothing of a step outlives the
//! program: a code, and the number that one was asked for, are gone after a restart, which asks for a code to scan.
//!
//! *Linked is not alive.* A device that takes our messages but from which nothing comes back is shown as Degraded(Deaf): its
//! messages still leave, since the gateway takes them, and whoever looks at it is told. The same holds of one whose gateway says that it is
//! well and cannot be read: Degraded(Unreadable), until it can.
//!
//! A restriction outlives being linked: WhatsApp leaves a restricted number linked. It ends when its time is over, and
//! meanwhile messages come in as ever, and ours leave slowly: a restriction may concern new chats alone.

use serde::{Deserialize, Serialize};

use crate::{Address, UnixMillis};

/// Where a device is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceState {
    /// A person has to give a token.
    Unconfigured {
        /// Why.
        why: UnconfiguredReason,
    },
    /// Started; no answer yet.
    Connecting,
    /// A number can be linked now.
    Pairing(PairingStep),
    /// The first sync is under way.
    Syncing {
        /// Chats done.
        done: u32,
        /// Chats in all, once known.
        total: Option<u32>,
    },
    /// Linked and alive.
    Online,
    /// Something passing is wrong.
    Degraded {
        /// Since when.
        since: UnixMillis,
        /// What.
        why: DegradedReason,
    },
    /// Was linked, is not any more.
    LoggedOut,
    /// WhatsApp has restricted the number.
    Restricted {
        /// Until when, if told.
        until: Option<UnixMillis>,
    },
    /// Not running.
    Stopped,
}

/// Why a device has no usable token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnconfiguredReason {
    /// None is stored, or the keyring cannot be read.
    TokenMissing,
    /// The gateway refuses it.
    TokenRejected,
}

/// What passing thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DegradedReason {
    /// No connection to the gateway.
    Unreachable,
    /// It answers with errors.
    GatewayError,
    /// It asks us to slow down.
    RateLimited,
    /// It has no device of the name that was given.
    DeviceUnknown,
    /// Linked, but no event arrives.
    Deaf,
    /// Linked, and the gateway takes messages, but what it lists cannot be had.
    Unreadable,
}

/// The step of linking a number.
#[derive(Clone, PartialEq, Eq)]
pub enum PairingStep {
    /// The gateway is preparing a code.
    Waiting,
    /// A code to scan with the phone.
    Code(PairingCode),
    /// The last code was not scanned in time.
    Expired,
    /// A code to type on the phone.
    TypedCode(TypedCode),
    /// It was not typed in time; a person has to ask for another one.
    TypedCodeEnded,
    /// WhatsApp waits for the owner's passkey: to be confirmed on the phone.
    Passkey,
}

/// A code to type on the phone.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode {
    /// Its characters, without separators.
    pub code: String,
    /// Until when it can be typed.
    pub expires_at: UnixMillis,
}

/// As [`PairingCode`]'s.
impl std::fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedCode")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A code to scan.
#[derive(Clone, PartialEq, Eq)]
pub struct PairingCode {
    /// What is in it.
    pub content: PairingContent,
    /// Until when it can be scanned.
    pub expires_at: UnixMillis,
}

/// The form in which a gateway hands out a code.
#[derive(Clone, PartialEq, Eq)]
pub enum PairingContent {
    /// The text of the QR code, drawn by us.
    Text(String),
    /// A PNG.
    Picture(Vec<u8>),
}

/// Whoever has the code can take the number: it must not reach a log.
impl std::fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingCode")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PairingStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Waiting => "Waiting",
            Self::Code(_) => "Code",
            Self::Expired => "Expired",
            Self::TypedCode(_) => "TypedCode",
            Self::TypedCodeEnded => "TypedCodeEnded",
            Self::Passkey => "Passkey",
        })
    }
}

/// What happens to a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceEvent {
    /// Its session starts.
    Start,
    /// There is no token.
    TokenMissing,
    /// The gateway refuses the token.
    TokenRejected,
    /// The gateway says that the number is linked.
    Linked {
        /// Has the first sync of this link been finished?
        synced: bool,
        /// The number, if told.
        own: Option<Address>,
    },
    /// The gateway says that no number is linked.
    NotLinked {
        /// Was one linked before?
        was_linked: bool,
    },
    /// A person wants a code.
    PairingAsked,
    /// A code is there.
    CodeShown(PairingCode),
    /// A code to type is there.
    TypedCodeShown(TypedCode),
    /// The gateway waits for the account's passkey.
    PasskeyAsked,
    /// It was not scanned, or typed, in time.
    CodeExpired,
    /// A person does not want to link now.
    PairingStopped,
    /// The first sync moved on.
    SyncProgress {
        /// Chats done.
        done: u32,
        /// Chats in all.
        total: Option<u32>,
    },
    /// The first sync is finished.
    SyncDone,
    /// Something passing went wrong.
    Trouble {
        /// When.
        at: UnixMillis,
        /// What.
        why: DegradedReason,
    },
    /// WhatsApp has restricted the number.
    Restricted {
        /// Until when, if told.
        until: Option<UnixMillis>,
    },
    /// The time of the restriction is over.
    RestrictionOver,
    /// The gateway takes our messages, and nothing has come back.
    Deaf {
        /// Since when.
        since: UnixMillis,
    },
    /// The gateway is well, and what it lists cannot be had.
    Unreadable {
        /// Since when.
        since: UnixMillis,
    },
    /// Its session ends.
    Stop,
}

impl DeviceState {
    /// The state after `event`, or `None` if the event changes nothing here.
    pub fn next(&self, event: &DeviceEvent) -> Option<Self> {
        let next = match event {
            DeviceEvent::Stop => Some(Self::Stopped),
            DeviceEvent::TokenMissing => Some(Self::Unconfigured {
                why: UnconfiguredReason::TokenMissing,
            }),
            DeviceEvent::TokenRejected => Some(Self::Unconfigured {
                why: UnconfiguredReason::TokenRejected,
            }),
            DeviceEvent::Start => self.started(),
            DeviceEvent::Linked { synced, .. } => self.linked(*synced),
            DeviceEvent::NotLinked { was_linked } => self.not_linked(*was_linked),
            DeviceEvent::PairingAsked
            | DeviceEvent::CodeShown(_)
            | DeviceEvent::TypedCodeShown(_)
            | DeviceEvent::PasskeyAsked
            | DeviceEvent::CodeExpired
            | DeviceEvent::PairingStopped => self.pairing(event),
            DeviceEvent::SyncProgress { .. } | DeviceEvent::SyncDone => self.syncing(event),
            DeviceEvent::Trouble { at, why } => self.troubled(*at, *why),
            DeviceEvent::Restricted { until } => self.restricted(*until),
            DeviceEvent::RestrictionOver => {
                matches!(self, Self::Restricted { .. }).then_some(Self::Connecting)
            }
            DeviceEvent::Deaf { since } => self.deaf(*since),
            DeviceEvent::Unreadable { since } => self.unreadable(*since),
        };
        next.filter(|next| next != self)
    }

    /// Is a session at work on it?
    pub fn is_running(&self) -> bool {
        !matches!(self, Self::Stopped | Self::Unconfigured { .. })
    }

    /// May the outbox send now?
    pub fn may_send(&self) -> bool {
        self.is_linked()
    }

    /// Is the number linked, as far as we know, so that events come and calls are worth making?
    pub fn is_linked(&self) -> bool {
        match self {
            Self::Online | Self::Syncing { .. } | Self::Restricted { .. } => true,
            Self::Degraded { why, .. } => matches!(why, DegradedReason::Deaf | DegradedReason::Unreadable),
            _ => false,
        }
    }

    fn started(&self) -> Option<Self> {
        matches!(self, Self::Stopped | Self::Unconfigured { .. } | Self::LoggedOut)
            .then_some(Self::Connecting)
    }

    fn linked(&self, synced: bool) -> Option<Self> {
        match self {
            Self::Stopped | Self::Unconfigured { .. } | Self::Restricted { .. } => None,
            _ if synced => Some(Self::Online),
            Self::Syncing { .. } => None,
            _ => Some(Self::Syncing { done: 0, total: None }),
        }
    }

    fn not_linked(&self, was_linked: bool) -> Option<Self> {
        match self {
            Self::Connecting | Self::Degraded { .. } if was_linked => Some(Self::LoggedOut),
            Self::Connecting | Self::Degraded { .. } => Some(Self::Pairing(PairingStep::Waiting)),
            Self::Syncing { .. } | Self::Online | Self::Restricted { .. } => Some(Self::LoggedOut),
            _ => None,
        }
    }

    fn pairing(&self, event: &DeviceEvent) -> Option<Self> {
        match (self, event) {
            (Self::LoggedOut | Self::Pairing(_) | Self::Connecting, DeviceEvent::PairingAsked) => {
                Some(Self::Pairing(PairingStep::Waiting))
            }
            (Self::Pairing(_), DeviceEvent::PairingStopped) => Some(Self::LoggedOut),
            (Self::Pairing(step), _) => step.next(event).map(Self::Pairing),
            _ => None,
        }
    }

    fn syncing(&self, event: &DeviceEvent) -> Option<Self> {
        match (self, event) {
            (Self::Syncing { .. }, DeviceEvent::SyncProgress { done, total }) => Some(Self::Syncing {
                done: *done,
                total: *total,
            }),
            (Self::Syncing { .. }, DeviceEvent::SyncDone) => Some(Self::Online),
            _ => None,
        }
    }

    fn troubled(&self, at: UnixMillis, why: DegradedReason) -> Option<Self> {
        match self {
            Self::Degraded { since, .. } => Some(Self::Degraded { since: *since, why }),
            Self::Unconfigured { .. } | Self::LoggedOut | Self::Stopped => None,
            _ => Some(Self::Degraded { since: at, why }),
        }
    }

    fn deaf(&self, since: UnixMillis) -> Option<Self> {
        let why = DegradedReason::Deaf;
        match self {
            Self::Syncing { .. } | Self::Online => Some(Self::Degraded { since, why }),
            Self::Degraded { why: other, .. } if *other != why => Some(Self::Degraded { since, why }),
            _ => None,
        }
    }

    fn unreadable(&self, since: UnixMillis) -> Option<Self> {
        let why = DegradedReason::Unreadable;
        match self {
            // Messages leave meanwhile: not through one that is known to be worse.
            Self::Online
            | Self::Degraded {
                why: DegradedReason::Deaf,
                ..
            } => Some(Self::Degraded { since, why }),
            _ => None,
        }
    }

    fn restricted(&self, until: Option<UnixMillis>) -> Option<Self> {
        match self {
            Self::Connecting
            | Self::Syncing { .. }
            | Self::Online
            | Self::Degraded { .. }
            | Self::Restricted { .. } => Some(Self::Restricted { until }),
            _ => None,
        }
    }
}

impl PairingStep {
    /// Was a code to type chosen, and is there one, or was there?
    fn is_typed(&self) -> bool {
        matches!(self, Self::TypedCode(_) | Self::TypedCodeEnded)
    }

    fn next(&self, event: &DeviceEvent) -> Option<Self> {
        match event {
            DeviceEvent::CodeShown(_) if self.is_typed() => None,
            DeviceEvent::CodeShown(code) => Some(Self::Code(code.clone())),
            DeviceEvent::TypedCodeShown(code) => Some(Self::TypedCode(code.clone())),
            DeviceEvent::PasskeyAsked => Some(Self::Passkey),
            DeviceEvent::CodeExpired if self.is_typed() => Some(Self::TypedCodeEnded),
            DeviceEvent::CodeExpired => Some(Self::Expired),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
