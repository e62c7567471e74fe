//! What a message says, and the file that it carries.

use mostrador_domain as domain;
use mostrador_domain::MediaKind;
use mostrador_store::tables::media::{MediaRow, MediaState};
use mostrador_store::tables::message::Content;
use serde::Serialize;
use ts_rs::TS;

use super::{Card, ChoiceArg, ShownAs};

/// What a message says.
#[derive(Clone, Serialize, TS)]
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
    /// A file of another kind.
    File {
        /// How it is shown.
        shown_as: ShownAs,
        /// The words under it.
        caption: Option<String>,
        /// The file.
        media: MediaView,
    },
    /// Words with a card about a page that they name.
    LinkPreview {
        /// The words.
        text: String,
        /// The page's title.
        title: String,
        /// What it says about itself.
        description: Option<String>,
        /// Its address, as told: checked before it is ever opened.
        url: Option<String>,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What it is called.
        name: Option<String>,
        /// Where it is, in words.
        address: Option<String>,
        /// It moves with the phone.
        live: bool,
    },
    /// Cards of persons.
    Contacts {
        /// The cards.
        cards: Vec<Card>,
    },
    /// A question.
    Poll {
        /// The question.
        question: String,
        /// Its answers.
        options: Vec<String>,
        /// May one person choose several?
        several: bool,
    },
    /// Words with something to choose.
    Interactive {
        /// Above.
        header: Option<String>,
        /// The words.
        body: String,
        /// Below.
        footer: Option<String>,
        /// The word on the button that opens the list; null = the choices are buttons themselves.
        list_label: Option<String>,
        /// What can be chosen.
        choices: Vec<ChoiceArg>,
    },
    /// Something that is shown by its name and words.
    Notice {
        /// What.
        notice: NoticeKind,
        /// Its words, as far as they are told.
        text: Option<String>,
    },
    /// It was deleted for everybody.
    Deleted,
    /// A kind that is not shown.
    Unknown {
        /// The gateway's word.
        raw_kind: String,
    },
}

/// What is shown by its name and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A customer's order from the catalogue.
    Order,
    /// One product of the catalogue.
    Product,
    /// A catalogue.
    Catalogue,
    /// An invitation to a group.
    GroupInvite,
    /// An invitation to a channel.
    ChannelInvite,
    /// An appointment.
    Event,
    /// A call, taken or missed.
    Call,
    /// A line of WhatsApp's own.
    System,
    /// The answer to an interactive message.
    Reply,
}

impl From<domain::NoticeKind> for NoticeKind {
    fn from(kind: domain::NoticeKind) -> Self {
        use domain::NoticeKind as N;
        match kind {
            N::Order => Self::Order,
            N::Product => Self::Product,
            N::Catalogue => Self::Catalogue,
            N::GroupInvite => Self::GroupInvite,
            N::ChannelInvite => Self::ChannelInvite,
            N::Event => Self::Event,
            N::Call => Self::Call,
            N::System => Self::System,
            N::Reply => Self::Reply,
        }
    }
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

/// A file.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaView {
    /// Its id: its bytes are at `/media/{id}`, a smaller picture at `/media/{id}/small`.
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
    /// As the operator chose it, or as its sender calls it.
    pub file_name: Option<String>,
    /// How long a sound or film lasts, if known.
    #[ts(type = "number | null")]
    pub seconds: Option<i64>,
    /// Loudness of a voice message over its time, 0 to 100, if known.
    pub waveform: Option<Vec<u8>>,
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
            seconds: row.seconds,
            waveform: row.waveform,
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
            Content::LinkPreview { text, preview } => Self::LinkPreview {
                text,
                title: preview.title,
                description: preview.description,
                url: preview.url,
            },
            Content::Media {
                kind,
                caption,
                media: Some(media),
            } => Self::of_file(kind, caption, media.into()),
            Content::Location(place) => Self::Location {
                latitude: place.latitude,
                longitude: place.longitude,
                name: place.name,
                address: place.address,
                live: place.live,
            },
            Content::Contacts(cards) => Self::Contacts {
                cards: cards.into_iter().map(Into::into).collect(),
            },
            Content::Poll(poll) => Self::Poll {
                question: poll.question,
                options: poll.options,
                several: poll.several,
            },
            Content::Interactive(asked) => Self::Interactive {
                header: asked.header,
                body: asked.body,
                footer: asked.footer,
                list_label: asked.list_label,
                choices: asked.choices.into_iter().map(Into::into).collect(),
            },
            Content::Notice { kind, text } => Self::Notice {
                notice: kind.into(),
                text,
            },
            Content::Deleted => Self::Deleted,
            Content::Unknown { raw_kind } => Self::Unknown { raw_kind },
            Content::Media {
                kind, media: None, ..
            } => Self::Unknown {
                raw_kind: kind.as_str().to_owned(),
            },
        }
    }
}

impl MessageBody {
    fn of_file(kind: MediaKind, caption: Option<String>, media: MediaView) -> Self {
        match kind {
            MediaKind::Image => Self::Image { caption, media },
            kind => Self::File {
                shown_as: kind.into(),
                caption,
                media,
            },
        }
    }
}

/// Nothing of what it says: `Debug` ends in logs.
impl std::fmt::Debug for MessageBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessageBody")
    }
}
