//! The content of a message, as it is read from its columns.

use mostrador_domain::{ContactCard, Interactive, LinkPreview, Location, MediaKind, NoticeKind, Poll};
use serde::de::DeserializeOwned;

use crate::tables::media::MediaRow;

/// The content of a message, as it is kept.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text(String),
    /// Words with a card about a page that they name.
    LinkPreview {
        /// The words.
        text: String,
        /// The card.
        preview: LinkPreview,
    },
    /// A file, with or without words under it.
    Media {
        /// How it is shown.
        kind: MediaKind,
        /// Words under it.
        caption: Option<String>,
        /// The file; `None` = nothing is known of it any more.
        media: Option<MediaRow>,
    },
    /// A place.
    Location(Location),
    /// Cards of persons.
    Contacts(Vec<ContactCard>),
    /// A question.
    Poll(Poll),
    /// Words with something to choose.
    Interactive(Interactive),
    /// Something that is shown by its name and words; [`super::raw`] has the whole of it.
    Notice {
        /// What.
        kind: NoticeKind,
        /// Its words.
        text: Option<String>,
    },
    /// It was deleted for everybody; what it said is not kept.
    Deleted,
    /// A kind that is not shown.
    Unknown {
        /// The gateway's word.
        raw_kind: String,
    },
}

impl Content {
    /// A word for it, for logs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::LinkPreview { .. } => "link_preview",
            Self::Media { kind, .. } => kind.as_str(),
            Self::Location(_) => "location",
            Self::Contacts(_) => "contacts",
            Self::Poll(_) => "poll",
            Self::Interactive(_) => "interactive",
            Self::Notice { kind, .. } => kind.as_str(),
            Self::Deleted => "deleted",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Its words, as the list shows them.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::LinkPreview { text, .. } => Some(text),
            Self::Media { caption, .. } => caption.as_deref(),
            Self::Location(location) => location.name.as_deref().or(location.address.as_deref()),
            Self::Contacts(cards) => cards.first().map(|card| card.name.as_str()),
            Self::Poll(poll) => Some(&poll.question),
            Self::Interactive(interactive) => Some(&interactive.body),
            Self::Notice { text, .. } => text.as_deref(),
            Self::Deleted | Self::Unknown { .. } => None,
        }
    }
}

/// The kind alone: `Debug` ends in logs.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({})", self.word())
    }
}

/// What a row holds of a content.
pub(super) struct Kept {
    pub(super) kind: String,
    pub(super) text: Option<String>,
    pub(super) data: Option<String>,
    pub(super) raw_kind: Option<String>,
    pub(super) media: Option<MediaRow>,
}

impl Kept {
    /// The content. A detail that cannot be read makes the message one of a kind that is not shown: never an error for the
    /// conversation around it.
    pub(super) fn into_content(self) -> Content {
        let kind = self.kind.clone();
        self.typed().unwrap_or(Content::Unknown { raw_kind: kind })
    }

    fn typed(self) -> Option<Content> {
        let words = self.text;
        if let Some(kind) = MediaKind::from_word(&self.kind) {
            return Some(Content::Media {
                kind,
                caption: words,
                media: self.media,
            });
        }
        if let Some(kind) = NoticeKind::from_word(&self.kind) {
            return Some(Content::Notice { kind, text: words });
        }
        let data = self.data.as_deref();
        Some(match self.kind.as_str() {
            "text" => Content::Text(words.unwrap_or_default()),
            "link_preview" => Content::LinkPreview {
                text: words.unwrap_or_default(),
                preview: read(data)?,
            },
            "location" | "live_location" => Content::Location(read(data)?),
            "contact" | "contact_list" => Content::Contacts(read(data)?),
            "poll" => Content::Poll(read(data)?),
            "interactive" => Content::Interactive(read(data)?),
            "unknown" => Content::Unknown {
                raw_kind: self.raw_kind.unwrap_or_default(),
            },
            _ => return None,
        })
    }
}

fn read<T: DeserializeOwned>(data: Option<&str>) -> Option<T> {
    serde_json::from_str(data?).ok()
}
