//! Chats as the list shows them.

use mostrador_domain as domain;
use mostrador_domain::{MediaKind, UnixMillis};
use mostrador_store::tables::chat;
use mostrador_store::tables::message::Content;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::device::number;
use super::{MessageStatus, TriageState};

/// What a chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// One person.
    Person,
    /// A group.
    Group,
    /// A channel.
    Channel,
    /// A broadcast.
    Broadcast,
    /// Not known.
    Other,
}

impl From<domain::ChatKind> for ChatKind {
    fn from(kind: domain::ChatKind) -> Self {
        match kind {
            domain::ChatKind::Person => Self::Person,
            domain::ChatKind::Group => Self::Group,
            domain::ChatKind::Channel => Self::Channel,
            domain::ChatKind::Broadcast => Self::Broadcast,
            domain::ChatKind::Other => Self::Other,
        }
    }
}

/// A row of the chat list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatRow {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Whose.
    #[ts(type = "number")]
    pub device_id: i64,
    /// What it is.
    pub kind: ChatKind,
    /// Its name, or the number; empty if neither is known.
    pub title: String,
    /// Time of the newest message.
    #[ts(type = "number | null")]
    pub last_at: Option<UnixMillis>,
    /// The newest message.
    pub last: Option<LastLine>,
    /// Messages nobody here has seen.
    pub unread: u32,
    /// At the top.
    pub pinned: bool,
    /// No notifications.
    pub muted: bool,
    /// Put away.
    pub archived: bool,
    /// A person wants to see it as unread.
    pub marked_unread: bool,
    /// What is still to be done about it.
    pub triage: TriageState,
    /// When a snoozed one opens again.
    #[ts(type = "number | null")]
    pub snoozed_until: Option<UnixMillis>,
    /// Since when the customer waits for an answer; null = nobody does. Never of a group.
    #[ts(type = "number | null")]
    pub waiting_since: Option<UnixMillis>,
    /// What the operator was writing.
    pub draft: Option<String>,
    /// With which file (`media_fetch` says what it is).
    #[ts(type = "number | null")]
    pub draft_media_id: Option<i64>,
    /// In answer to which message of this chat.
    #[ts(type = "number | null")]
    pub draft_quoted_id: Option<i64>,
    /// Which labels it bears.
    #[ts(type = "Array<number>")]
    pub labels: Vec<i64>,
    /// The picture of whom it is with, under `/picture/ID`; null = none is known. A picture that changes gets another id.
    #[ts(type = "number | null")]
    pub picture_id: Option<i64>,
}

/// What the list shows of the newest message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LastLine {
    /// Ours?
    pub from_me: bool,
    /// In a group: the address of who wrote it, if told; null = ours.
    pub sender: Option<String>,
    /// Their name, if told.
    pub sender_name: Option<String>,
    /// Their number, with its plus sign; null = it is hidden.
    pub sender_number: Option<String>,
    /// How far it has come.
    pub status: MessageStatus,
    /// What it says.
    pub body: LastBody,
}

/// What a line says of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum LastBody {
    /// Words (the first 200 characters).
    Text {
        /// The words.
        text: String,
    },
    /// A picture.
    Image {
        /// The words under it.
        caption: Option<String>,
    },
    /// Something that is called by its kind: in notifications.
    Kind {
        /// The word for it.
        word: String,
        /// Its own words, or what its file is called.
        text: Option<String>,
    },
    /// A kind that is not shown.
    Unknown {
        /// The gateway's word.
        raw_kind: String,
    },
}

/// A line needs no more than this of a text.
const LINE_CHARS: usize = 200;

fn line(text: &str) -> String {
    text.chars().take(LINE_CHARS).collect()
}

impl From<&Content> for LastBody {
    fn from(content: &Content) -> Self {
        match content {
            Content::Text(text) => Self::Text { text: line(text) },
            Content::Media {
                kind: MediaKind::Image,
                caption,
                ..
            } => Self::Image {
                caption: caption.as_deref().map(line),
            },
            Content::Unknown { raw_kind } => Self::Unknown {
                raw_kind: raw_kind.clone(),
            },
            other => Self::Unknown {
                raw_kind: other.word().to_owned(),
            },
        }
    }
}

impl ChatRow {
    /// What a chat is called: its name, else its number.
    pub(crate) fn title_of(name: Option<String>, address: &domain::Address) -> String {
        name.or_else(|| number(address)).unwrap_or_default()
    }

    /// A chat as it is at `now`.
    pub fn of(row: chat::ChatRow, now: UnixMillis) -> Self {
        let title = Self::title_of(row.name, &row.address);
        Self {
            id: row.id.0,
            device_id: row.device.0,
            kind: row.kind.into(),
            title,
            last_at: (row.last_at.0 > 0).then_some(row.last_at),
            last: row.last.map(|message| LastLine {
                from_me: message.from_me,
                status: MessageStatus::of_last(&message),
                body: LastBody::from(&message.content),
                sender_number: message.writer.number.as_ref().and_then(number),
                sender: message.writer.address.map(|sender| sender.as_str().to_owned()),
                sender_name: message.writer.name,
            }),
            unread: u32::try_from(row.unread).unwrap_or_default(),
            pinned: row.pinned,
            muted: row.muted_until > now,
            archived: row.archived,
            marked_unread: row.marked_unread,
            triage: row.triage.into(),
            snoozed_until: row.snoozed_until,
            waiting_since: row.waiting_since,
            draft: row.draft.text,
            draft_media_id: row.draft.media.map(|media| media.0),
            draft_quoted_id: row.draft.quoted.map(|quoted| quoted.0),
            labels: row.labels.iter().map(|label| label.0).collect(),
            picture_id: row.picture.map(|picture| picture.0),
        }
    }
}

/// A page of the chat list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatPage {
    /// In the list's order.
    pub rows: Vec<ChatRow>,
    /// For the next page; null = this was the last.
    pub next: Option<String>,
    /// How many chats have unread messages.
    pub unread_chats: u32,
}

/// Arguments of a command about one chat.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatRef {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
}

/// How large a chat is.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct ChatSize {
    /// How many messages it has here.
    #[ts(type = "number")]
    pub messages: u64,
    /// How many are on their way: they wait to be sent, or nobody knows yet whether they were.
    #[ts(type = "number")]
    pub waiting: u64,
}

/// Arguments of `chat_read`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatRead {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Up to and with this message.
    #[ts(type = "number")]
    pub up_to: i64,
}

/// Arguments of `chat_draft_set`: the whole draft.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatDraftSet {
    /// Which.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// What is being written; null = nothing.
    pub draft: Option<String>,
    /// A file from `media_add`, or of a message that was undone; it is kept as long as it is here. Absent = none.
    #[serde(default)]
    #[ts(optional = nullable, type = "number | null")]
    pub media_id: Option<i64>,
    /// The message that it answers; it is kept as long as it is in this chat. Absent = none.
    #[serde(default)]
    #[ts(optional = nullable, type = "number | null")]
    pub quoted_id: Option<i64>,
}
