//! People: whom a phone has saved, which numbers are on WhatsApp, profiles, groups, who is here now.

use mostrador_domain as domain;
use mostrador_domain::UnixMillis;
use mostrador_store::tables::group::MemberRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::number;

/// Arguments of `contact_list`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactListArgs {
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// How the name begins, capitals or not; absent = all.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub search: Option<String>,
    /// `next` of the page before; null = from the top.
    pub after: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: u32,
}

/// Somebody whom a phone has saved.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactView {
    /// Their address, as WhatsApp writes it.
    pub address: String,
    /// Their number, with its plus sign; null = it is hidden.
    pub number: Option<String>,
    /// As saved on the phone.
    pub name: String,
    /// As they call themselves.
    pub push_name: Option<String>,
    /// A business account.
    pub business: Option<bool>,
    /// The chat with them, if there is one.
    #[ts(type = "number | null")]
    pub chat_id: Option<i64>,
}

/// A page of contacts.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactPage {
    /// By name.
    pub rows: Vec<ContactView>,
    /// For the next page; null = this was the last.
    pub next: Option<String>,
}

/// Arguments of `contact_check`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactCheckArgs {
    /// Which device asks.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Numbers with their country's, as people write them: 7 to 15 digits each, at most 100 numbers.
    pub numbers: Vec<String>,
}

/// Whether a number is on WhatsApp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NumberVerdict {
    /// It is.
    OnWhatsapp,
    /// It is not.
    NotOnWhatsapp,
    /// The gateway did not say.
    NotTold,
}

/// What is known of a number.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NumberCheckView {
    /// As it was given.
    pub number: String,
    /// Whether it is on WhatsApp.
    pub verdict: NumberVerdict,
    /// Its address there.
    pub address: Option<String>,
    /// When the gateway said so.
    #[ts(type = "number")]
    pub checked_at: UnixMillis,
}

/// What a number shows of itself; null = nothing, or not told.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// Its name.
    pub name: Option<String>,
    /// The words below it.
    pub about: Option<String>,
    /// It has a picture.
    pub has_picture: bool,
}

/// Arguments of `profile_set`: what is absent or null stays.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProfileSet {
    /// Which device.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Its name.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub name: Option<String>,
    /// The words below it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub about: Option<String>,
    /// A JPEG or PNG that `media_add` has kept.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub picture_media_id: Option<i64>,
}

/// Arguments of `presence_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresenceSet {
    /// Which device.
    #[ts(type = "number")]
    pub device_id: i64,
    /// It is shown as being here; absent = it is not.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub available: Option<bool>,
}

/// What somebody does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PresenceWord {
    /// Has WhatsApp open.
    Online,
    /// Has it closed.
    Offline,
    /// Is writing to us.
    Typing,
    /// Is recording for us.
    Recording,
}

impl From<domain::Presence> for PresenceWord {
    fn from(presence: domain::Presence) -> Self {
        match presence {
            domain::Presence::Online => Self::Online,
            domain::Presence::Offline => Self::Offline,
            domain::Presence::Typing => Self::Typing,
            domain::Presence::Recording => Self::Recording,
        }
    }
}

/// What the customer of a chat does now.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresenceView {
    /// What; null = the gateway does not say (yet).
    pub presence: Option<PresenceWord>,
    /// When they were last there, if told.
    #[ts(type = "number | null")]
    pub last_seen: Option<UnixMillis>,
}

/// A group.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// Its chat.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Its subject; empty = not told.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Only admins may write.
    pub read_only: bool,
    /// Everybody who is known to be in it, admins first, then by name.
    pub members: Vec<MemberView>,
}

/// Somebody in a group.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// Their address, as WhatsApp writes it.
    pub address: String,
    /// Their number, with its plus sign; null = it is hidden.
    pub number: Option<String>,
    /// Their name, if known.
    pub name: Option<String>,
    /// What they may do.
    pub rank: RankWord,
    /// Their picture, under `/picture/ID`; null = none is known.
    #[ts(type = "number | null")]
    pub picture_id: Option<i64>,
}

/// What somebody may do in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RankWord {
    /// Writes.
    Member,
    /// Also lets people in and out.
    Admin,
    /// Made it.
    Creator,
}

impl From<MemberRow> for MemberView {
    fn from(row: MemberRow) -> Self {
        Self {
            number: number(&row.address),
            address: row.address.as_str().to_owned(),
            name: row.name,
            picture_id: row.picture.map(|picture| picture.0),
            rank: match row.rank {
                domain::MemberRank::Member => RankWord::Member,
                domain::MemberRank::Admin => RankWord::Admin,
                domain::MemberRank::Creator => RankWord::Creator,
            },
        }
    }
}
