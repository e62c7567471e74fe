//! What a message says, and the file that it carries.

use mostrador_domain::MediaKind;
use mostrador_store::tables::media::{MediaRow, MediaState};
use mostrador_store::tables::message::Content;
use serde::Serialize;
use ts_rs::TS;

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
    /// At the gateway; they will be fetched, by themselves up to the shop's `fetchUpTo`, else when asked for.
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
