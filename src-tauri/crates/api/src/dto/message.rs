//! Messages as the conversation shows them.

use mostrador_domain as domain;
use mostrador_domain::{DeliveryStatus, MediaKind, OutboxState, UnixMillis};
use mostrador_store::tables::media::{MediaRow, MediaState};
use mostrador_store::tables::message::{Content, MessageRow};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// Theirs.
    Received,
    /// Stored here, waiting to be sent.
    Queued,
    /// Being sent.
    Sending,
    /// It may or may not have been sent; being looked for, or to be decided by a person.
    Uncertain,
    /// The gateway took it.
    Sent,
    /// It reached the phone.
    Delivered,
    /// It was seen.
    Read,
    /// It was heard.
    Played,
    /// It will not be sent.
    Failed,
}

impl MessageStatus {
    /// The status of a message from its way out and its receipts.
    pub fn of(row: &MessageRow) -> Self {
        if !row.from_me {
            return Self::Received;
        }
        match row.outgoing.map(|outgoing| outgoing.state) {
            Some(OutboxState::Ready) => return Self::Queued,
            Some(OutboxState::InFlight) => return Self::Sending,
            Some(OutboxState::Uncertain) => return Self::Uncertain,
            Some(OutboxState::Dead) => return Self::Failed,
            Some(OutboxState::Done | OutboxState::Discarded) | None => {}
        }
        if row.failure.is_some() {
            return Self::Failed;
        }
        match row.status {
            Some(DeliveryStatus::Queued) => Self::Queued,
            Some(DeliveryStatus::Sent) | None => Self::Sent,
            Some(DeliveryStatus::Delivered) => Self::Delivered,
            Some(DeliveryStatus::Read) => Self::Read,
            Some(DeliveryStatus::Played) => Self::Played,
        }
    }
}

/// Why a message failed or is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// This recipient cannot be written to.
    RefusedRecipient,
    /// The gateway does not accept this message.
    RefusedContent,
    /// The plan at the gateway is used up.
    PlanLimit,
    /// The file is too large.
    TooLarge,
    /// The gateway does not take this kind of file.
    MediaUnsupported,
    /// The file is not there any more.
    MediaMissing,
    /// The number is not linked.
    NotLinked,
    /// The gateway refuses the token.
    TokenRejected,
    /// WhatsApp has restricted the number.
    Restricted,
    /// Tried as often as allowed.
    AttemptsUsedUp,
    /// It left, and no answer came.
    NoAnswer,
}

impl From<domain::FailureCode> for FailureCode {
    fn from(code: domain::FailureCode) -> Self {
        use domain::FailureCode as F;
        match code {
            F::RefusedRecipient => Self::RefusedRecipient,
            F::RefusedContent => Self::RefusedContent,
            F::PlanLimit => Self::PlanLimit,
            F::TooLarge => Self::TooLarge,
            F::MediaUnsupported => Self::MediaUnsupported,
            F::MediaMissing => Self::MediaMissing,
            F::NotLinked => Self::NotLinked,
            F::TokenRejected => Self::TokenRejected,
            F::Restricted => Self::Restricted,
            F::AttemptsUsedUp => Self::AttemptsUsedUp,
            F::NoAnswer => Self::NoAnswer,
        }
    }
}

/// A message.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Where.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Ours?
    pub from_me: bool,
    /// Who wrote it, if told.
    pub sender_name: Option<String>,
    /// When it was written.
    #[ts(type = "number")]
    pub at: UnixMillis,
    /// What it says.
    pub body: MessageBody,
    /// How far it has come.
    pub status: MessageStatus,
    /// When the gateway took it.
    #[ts(type = "number | null")]
    pub sent_at: Option<UnixMillis>,
    /// When it reached the phone.
    #[ts(type = "number | null")]
    pub delivered_at: Option<UnixMillis>,
    /// When it was seen.
    #[ts(type = "number | null")]
    pub read_at: Option<UnixMillis>,
    /// Why it failed or is uncertain.
    pub failure: Option<FailureCode>,
    /// An uncertain one: looking for it did not settle it, a person has to.
    pub needs_operator: bool,
}

/// What a message says.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum MessageBody {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A picture.
    Image {
        /// The words under it.
        caption: Option<String>,
        /// The picture.
        media: MediaView,
    },
    /// A kind that is not shown.
    Unknown {
        /// The gateway's word.
        raw_kind: String,
    },
}

/// Where a picture's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MediaPlace {
    /// At the gateway; they will be fetched.
    Remote,
    /// On their way.
    Fetching,
    /// Here.
    Ready,
    /// They could not be fetched.
    Failed,
}

/// A picture.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaView {
    /// Its id: its bytes are at `/media/{id}`.
    #[ts(type = "number")]
    pub id: i64,
    /// Media type.
    pub mime: String,
    /// Pixels, if known.
    #[ts(type = "number | null")]
    pub width: Option<i64>,
    /// Pixels, if known.
    #[ts(type = "number | null")]
    pub height: Option<i64>,
    /// Size, if known.
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    /// As the operator chose it.
    pub file_name: Option<String>,
    /// Where its bytes are.
    pub state: MediaPlace,
}

impl From<MediaRow> for MediaView {
    fn from(row: MediaRow) -> Self {
        Self {
            id: row.id.0,
            mime: row.mime,
            width: row.width,
            height: row.height,
            bytes: row.bytes,
            file_name: row.file_name,
            state: match row.state {
                MediaState::Remote => MediaPlace::Remote,
                MediaState::Fetching => MediaPlace::Fetching,
                MediaState::Ready => MediaPlace::Ready,
                MediaState::Failed => MediaPlace::Failed,
            },
        }
    }
}

impl From<Content> for MessageBody {
    fn from(content: Content) -> Self {
        match content {
            Content::Text(text) => Self::Text { text },
            Content::Media {
                kind: MediaKind::Image,
                caption,
                media: Some(media),
            } => Self::Image {
                caption,
                media: media.into(),
            },
            Content::Unknown { raw_kind } => Self::Unknown { raw_kind },
            other => Self::Unknown {
                raw_kind: other.word().to_owned(),
            },
        }
    }
}

impl From<MessageRow> for MessageView {
    fn from(row: MessageRow) -> Self {
        let status = MessageStatus::of(&row);
        let tells_why = matches!(status, MessageStatus::Failed | MessageStatus::Uncertain);
        let failure = row
            .outgoing
            .and_then(|outgoing| outgoing.failure)
            .or(row.failure)
            .filter(|_| tells_why);
        Self {
            id: row.id.0,
            chat_id: row.chat.0,
            from_me: row.from_me,
            sender_name: row.sender_name,
            at: row.at,
            status,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            read_at: row.read_at,
            failure: failure.map(Into::into),
            needs_operator: status == MessageStatus::Uncertain
                && row.outgoing.is_some_and(|outgoing| outgoing.needs_operator),
            body: row.content.into(),
        }
    }
}

/// Arguments of `message_list`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageListArgs {
    /// Where.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// `earlier` of the page before; null = from the end.
    pub before: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: u32,
}

/// A page of a conversation.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MessagePage {
    /// Oldest first.
    pub rows: Vec<MessageView>,
    /// For the page before; null = this is the beginning.
    pub earlier: Option<String>,
}

/// Arguments of `message_send`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageSend {
    /// Where to.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// Chosen by the caller (a UUID, say): the same one again gives the same message, never a second one.
    pub client_id: String,
    /// The text, or the words under the picture.
    pub text: Option<String>,
    /// A picture from `media_add`.
    #[ts(type = "number | null")]
    pub media_id: Option<i64>,
}

/// Arguments of a command about one message.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageRef {
    /// Which.
    #[ts(type = "number")]
    pub message_id: i64,
}

/// What the operator says of an uncertain message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageOutcome {
    /// It is on the phone.
    ItWent,
    /// It is not: it is sent again.
    ItDidNot,
}

/// Arguments of `message_resolve`.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageResolve {
    /// Which.
    #[ts(type = "number")]
    pub message_id: i64,
    /// What happened to it.
    pub outcome: MessageOutcome,
}

/// Arguments of `media_add`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaAdd {
    /// As the operator chose it.
    pub file_name: String,
    /// The file's bytes.
    pub data_base64: String,
}

/// Arguments of a command about one media.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaRef {
    /// Which.
    #[ts(type = "number")]
    pub media_id: i64,
}
