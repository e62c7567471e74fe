//! What is known of whom a chat is with: for the panel beside the conversation.

use mostrador_domain::UnixMillis;
use mostrador_store::tables::block::Blocked;
use mostrador_store::tables::message::{FileRow, Files};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MediaView, MemberView};

/// What is known of whom a chat is with.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatAbout {
    /// The person's number, with its plus sign.
    pub number: Option<String>,
    /// Their name as saved on the phone.
    pub saved_name: Option<String>,
    /// Their name as they call themselves.
    pub own_name: Option<String>,
    /// A business account; null = not told.
    pub business: Option<bool>,
    /// Of a group: what it is for.
    pub description: Option<String>,
    /// Of a group: only admins may write.
    pub read_only: bool,
    /// Of a person: are they blocked?
    pub blocked: Option<BlockedAt>,
    /// What the shop noted.
    pub note: Option<String>,
    /// Of a group: who is in it, admins first.
    pub members: Vec<MemberView>,
    /// Of a person: the groups in which both are.
    pub groups: Vec<SharedGroup>,
}

/// A group, to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SharedGroup {
    /// Its chat.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Its name; null = not told.
    pub name: Option<String>,
    /// Its picture, under `/picture/ID`; null = none is known.
    #[ts(type = "number | null")]
    pub picture_id: Option<i64>,
}

/// Arguments of `chat_note_set`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatNoteSet {
    /// About whom: whom this chat is with.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// What; blank = nothing. At most 10 000 characters.
    pub note: String,
}

/// Where somebody is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BlockedAt {
    /// In this shop alone: no campaign of the number writes to them; what they write comes in.
    Shop,
    /// At WhatsApp: what they write does not come in either.
    Whatsapp,
}

impl From<Blocked> for BlockedAt {
    fn from(blocked: Blocked) -> Self {
        match blocked {
            Blocked::Here => Self::Shop,
            Blocked::AtGateway => Self::Whatsapp,
        }
    }
}

/// Arguments of `chat_block_set`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatBlockSet {
    /// Whom: whom this chat is with.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Blocked from now on, or no longer.
    pub blocked: bool,
}

/// Which files of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// What is looked at: pictures and films.
    Pictures,
    /// Documents.
    Documents,
}

impl From<FileKind> for Files {
    fn from(kind: FileKind) -> Self {
        match kind {
            FileKind::Pictures => Self::Pictures,
            FileKind::Documents => Self::Documents,
        }
    }
}

/// Arguments of `chat_file_list`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatFileListArgs {
    /// Where.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Which.
    pub files: FileKind,
    /// `next` of the page before; null = from the newest.
    pub after: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: u32,
}

/// A file of a chat.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatFile {
    /// Of which message.
    #[ts(type = "number")]
    pub message_id: i64,
    /// When.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// Ours?
    pub from_me: bool,
    /// The file.
    pub media: MediaView,
}

impl From<FileRow> for ChatFile {
    fn from(row: FileRow) -> Self {
        Self {
            message_id: row.message.0,
            at: row.at,
            from_me: row.from_me,
            media: row.media.into(),
        }
    }
}

/// A page of a chat's files.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChatFilePage {
    /// Newest first.
    pub rows: Vec<ChatFile>,
    /// For the next page; null = this was the last.
    pub next: Option<String>,
}
