//! What gateways say of persons, groups and labels.

use serde::{Deserialize, Serialize};

use crate::{Address, UnixMillis};

/// What a gateway says of a person; `None` = it does not say.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactSnapshot {
    /// Who.
    pub address: Address,
    /// As saved on the phone.
    pub saved_name: Option<String>,
    /// As they call themselves.
    pub push_name: Option<String>,
    /// A business account.
    pub business: Option<bool>,
    /// Where their picture is.
    pub picture: Option<String>,
}

/// What a gateway says of a group; `None` = it does not say.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupSnapshot {
    /// Which.
    pub group: Address,
    /// Its subject.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Everybody in it, if all are told.
    pub members: Option<Vec<(Address, MemberRank)>>,
    /// Only admins may write.
    pub announcements: Option<bool>,
}

/// What somebody may do in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberRank {
    /// Writes.
    Member,
    /// Also lets people in and out.
    Admin,
    /// Made it.
    Creator,
}

/// Who came into a group, left it or changed rank.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberChange {
    /// Which group.
    pub group: Address,
    /// Whom it is about.
    pub members: Vec<Address>,
    /// What.
    pub what: MemberChangeKind,
}

/// What happened to members of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberChangeKind {
    /// They are in it now.
    Added,
    /// They are not in it any more.
    Removed,
    /// They are admins now.
    Promoted,
    /// They are no admins any more.
    Demoted,
}

/// What somebody is doing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Has WhatsApp open.
    Online,
    /// Has it closed.
    Offline,
    /// Is writing to us.
    Typing,
    /// Is recording for us.
    Recording,
}

/// What somebody is doing now.
#[derive(Clone, PartialEq, Eq)]
pub struct PresenceUpdate {
    /// Who.
    pub address: Address,
    /// What.
    pub presence: Presence,
    /// When they were last there, if told.
    pub last_seen: Option<UnixMillis>,
}

/// A label as the phone has it.
#[derive(Clone, PartialEq, Eq)]
pub struct LabelSnapshot {
    /// The gateway's id of it.
    pub gateway_id: String,
    /// Its name; a mention of it may come without.
    pub name: Option<String>,
    /// The gateway's word for its colour.
    pub colour: Option<String>,
}

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// It rings.
    Ringing,
    /// Nobody took it.
    Missed,
    /// The caller gave up.
    Cancelled,
    /// It was taken.
    Answered,
}

/// A call.
#[derive(Clone, PartialEq, Eq)]
pub struct CallUpdate {
    /// The gateway's id of it.
    pub gateway_id: String,
    /// In which chat.
    pub chat: Address,
    /// Who calls.
    pub from: Address,
    /// When it began.
    pub at: UnixMillis,
    /// How it went, so far.
    pub outcome: CallOutcome,
    /// With picture.
    pub video: bool,
}

macro_rules! debug_by_address {
    ($($name:ident . $field:ident),+) => {$(
        /// The address, shortened, and nothing else: `Debug` ends in logs.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field(stringify!($field), &self.$field)
                    .finish_non_exhaustive()
            }
        }
    )+};
}

debug_by_address!(
    ContactSnapshot.address,
    GroupSnapshot.group,
    MemberChange.group,
    PresenceUpdate.address,
    LabelSnapshot.gateway_id,
    CallUpdate.chat
);
