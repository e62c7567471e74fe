//! Arguments of the commands about chats, and labels.

use mostrador_domain::{Triage, UnixMillis};
use mostrador_store::tables::label::LabelRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChatFilter {
    /// All but archived ones.
    All,
    /// With unread messages, or marked as unread.
    Unread,
    /// Groups.
    Groups,
    /// Those that were put away, instead of the others.
    Archived,
    /// One customer is waiting for an answer, and nobody has put the chat off; whoever waits longest comes first.
    Unanswered,
    /// Still to be answered or decided.
    Open,
    /// Waiting for the customer.
    Waiting,
    /// Put off until a time.
    Snoozed,
    /// Done with.
    Done,
}

/// Arguments of `chat_change`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatChange {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// What.
    pub change: ChatWish,
}

/// What is wished of a chat.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ChatWish {
    /// Put away, or not.
    Archived {
        /// It is.
        on: bool,
    },
    /// At the top, or not.
    Pinned {
        /// It is.
        on: bool,
    },
    /// No notifications until then; 0 = not muted.
    Muted {
        /// When they begin again; `8640000000000000` or more = never.
        #[ts(type = "number")]
        until: UnixMillis,
    },
    /// Shown as unread, or not.
    MarkedUnread {
        /// It is.
        on: bool,
    },
    /// It bears a label, or not.
    Label {
        /// Which.
        #[ts(type = "number")]
        label_id: i64,
        /// It does.
        on: bool,
    },
}

/// Arguments of `chat_disappearing_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatDisappearingSet {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// After how long; null = never.
    pub after: Option<DisappearWord>,
}

/// After how long messages disappear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DisappearWord {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 90 days.
    Quarter,
}

/// Arguments of `chat_typing_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatTypingSet {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// What we do there.
    pub doing: DoingWord,
}

/// What we do in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoingWord {
    /// Writing.
    Typing,
    /// Recording.
    Recording,
    /// Neither, any more.
    Paused,
}

/// Arguments of `chat_triage_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatTriageSet {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// What is to be done.
    pub state: TriageState,
    /// When a snoozed one opens again.
    #[ts(type = "number | null")]
    pub until: Option<UnixMillis>,
}

/// What is still to be done about a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TriageState {
    /// To be answered or decided.
    Open,
    /// Waiting for the customer.
    Waiting,
    /// Put off until a time.
    Snoozed,
    /// Done with.
    Done,
}

impl From<TriageState> for Triage {
    fn from(state: TriageState) -> Self {
        match state {
            TriageState::Open => Self::Open,
            TriageState::Waiting => Self::Waiting,
            TriageState::Snoozed => Self::Snoozed,
            TriageState::Done => Self::Done,
        }
    }
}

impl From<Triage> for TriageState {
    fn from(state: Triage) -> Self {
        match state {
            Triage::Open => Self::Open,
            Triage::Waiting => Self::Waiting,
            Triage::Snoozed => Self::Snoozed,
            Triage::Done => Self::Done,
        }
    }
}

/// A label.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelView {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Its name; null = it was mentioned, not told.
    pub name: Option<String>,
    /// The gateway's word for its colour.
    pub colour: Option<String>,
    /// Is it one of the phone's own?
    pub of_phone: bool,
    /// How many listed chats bear it.
    pub chats: u32,
    /// How many of those are unread.
    pub unread_chats: u32,
}

/// Arguments of `label_add`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelAdd {
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Its name: 1 to 100 characters.
    pub name: String,
    /// One of the device's `labelColours`; absent = any.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub colour: Option<String>,
}

/// Arguments of `label_change`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelChange {
    /// Which.
    #[ts(type = "number")]
    pub label_id: i64,
    /// Its name: 1 to 100 characters.
    pub name: String,
    /// One of the device's `labelColours`; absent = it keeps its own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub colour: Option<String>,
}

/// A label, by its id.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LabelRef {
    /// Which.
    #[ts(type = "number")]
    pub label_id: i64,
}

/// Arguments of `chat_list`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatListArgs {
    /// Which.
    pub filter: ChatFilter,
    /// Only those that bear this label; absent = whatever they bear.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub label_id: Option<i64>,
    /// Of one device; null = of all.
    #[ts(type = "number | null")]
    pub device_id: Option<i64>,
    /// `next` of the page before; null = from the top.
    pub after: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: u32,
}

impl From<LabelRow> for LabelView {
    fn from(row: LabelRow) -> Self {
        Self {
            id: row.id.0,
            device_id: row.device.0,
            name: row.name,
            of_phone: row.gateway_id.is_some(),
            colour: row.colour,
            chats: u32::try_from(row.chats).unwrap_or_default(),
            unread_chats: u32::try_from(row.unread_chats).unwrap_or_default(),
        }
    }
}

/// Arguments of `chat_find`.
#[derive(Clone, Deserialize, TS)]
pub struct ChatFindArgs {
    /// The number of the other side, with its country code.
    pub number: String,
}

/// Arguments of `chat_number`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatNumberArgs {
    /// Through which device it would be written to.
    #[ts(type = "number")]
    pub device_id: i64,
    /// As it was typed.
    pub typed: String,
}

/// A number that was typed.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatNumber {
    /// With `+` and its country's code; null = it is no number, or could be several.
    pub number: Option<String>,
    /// The device's chat with it; null = there is none yet.
    #[ts(type = "number | null")]
    pub chat_id: Option<i64>,
}

/// Arguments of `chat_start`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatStartArgs {
    /// Through which device.
    #[ts(type = "number")]
    pub device_id: i64,
    /// With whom: as it was typed, or as `chat_number` gave it.
    pub number: String,
    /// Even if nobody can say whether the number is on WhatsApp.
    pub unchecked: bool,
}

/// What became of opening a chat.
#[derive(Clone, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ChatStarted {
    /// There it is, whether it was there before or not.
    Open {
        /// Which.
        #[ts(type = "number")]
        chat_id: i64,
    },
    /// The number is not on WhatsApp.
    NotOnWhatsapp,
    /// The gateway cannot say whether it is.
    NotTold,
}

/// Arguments of `chat_search`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatSearchArgs {
    /// What was typed: words of a name, the last of which may be the beginning of one, or digits of a number.
    pub text: String,
    /// At most this many, 1 to 200.
    pub limit: u32,
}
