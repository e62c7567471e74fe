//! What a message carries.
//!
//! The kinds on which the world itself acts (words, files, polls, things done to other messages) are types of their
//! own. The others (a place, a business card, a list of buttons…) are kept as the fields in which they came and are
//! given back in the same fields: nothing in this world depends on their insides.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Number;

/// The kinds of file that a message can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FileKind {
    Image,
    Video,
    /// A round video of some seconds.
    Short,
    Gif,
    Audio,
    /// An audio that was spoken into the phone.
    Voice,
    Document,
    Sticker,
}

impl FileKind {
    /// WhatsApp's word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Short => "short",
            Self::Gif => "gif",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }
}

/// A file and what was said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileContent {
    pub(crate) kind: FileKind,
    /// Which of the world's media it is.
    pub(crate) media: String,
    pub(crate) caption: Option<String>,
    /// The name that its sender gave it.
    pub(crate) name: Option<String>,
    pub(crate) seconds: Option<u64>,
}

/// A poll with its votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Poll {
    pub(crate) title: String,
    pub(crate) options: Vec<String>,
    /// Whether each person has one vote only.
    pub(crate) single: bool,
    /// Who chose which options, by their places.
    pub(crate) votes: BTreeMap<Number, Vec<usize>>,
}

impl Poll {
    /// The id by which a vote names an option.
    pub(crate) fn option_id(place: usize) -> String {
        format!("opt{}", place + 1)
    }
}

/// What is done to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Deed {
    /// Empty takes the reaction back.
    Reaction {
        emoji: String,
    },
    Edit {
        now: Box<Content>,
    },
    Delete,
    Vote {
        options: Vec<usize>,
    },
    Pin,
    Unpin,
}

impl Deed {
    /// WhatsApp's word for it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Reaction { .. } => "reaction",
            Self::Edit { .. } => "edit",
            Self::Delete => "delete",
            Self::Vote { .. } => "vote",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
        }
    }
}

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Content {
    /// Plain text.
    Text {
        /// The words.
        body: String,
    },
    /// A file.
    File(FileContent),
    /// A poll.
    Poll(Poll),
    /// Something done to another message. Travels like a message and shows nothing by itself.
    Action { target: String, deed: Deed },
    /// Any other kind, in the fields in which it came.
    Shaped {
        kind: String,
        fields: Map<String, Value>,
    },
    /// Protocol noise: something a real gateway passes on although there is nothing in it.
    Noise,
}

impl Content {
    /// Plain text.
    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self::Text { body: body.into() }
    }

    /// A picture with or without words under it.
    pub(crate) fn image(media: String, caption: Option<String>) -> Self {
        Self::File(FileContent {
            kind: FileKind::Image,
            media,
            caption,
            name: None,
            seconds: None,
        })
    }

    /// A kind that is kept in its fields.
    pub(crate) fn shaped(kind: &str, fields: Value) -> Self {
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        Self::Shaped {
            kind: kind.to_owned(),
            fields,
        }
    }

    /// WhatsApp's word for the kind.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::Text { .. } => "text",
            Self::File(file) => file.kind.word(),
            Self::Poll(_) => "poll",
            Self::Action { .. } => "action",
            Self::Shaped { kind, .. } => kind,
            Self::Noise => "unknown",
        }
    }

    /// The text, the caption, or what comes nearest to it.
    pub(crate) fn words(&self) -> Option<&str> {
        match self {
            Self::Text { body } => Some(body),
            Self::File(file) => file.caption.as_deref(),
            Self::Poll(poll) => Some(&poll.title),
            Self::Shaped { fields, .. } => ["body", "caption", "title", "name", "text"]
                .iter()
                .find_map(|field| said(fields.get(*field)?)),
            Self::Action { .. } | Self::Noise => None,
        }
    }

    /// What a person sees of it besides its words and its file's bytes.
    pub(crate) fn details(&self) -> Value {
        match self {
            Self::File(file) => file
                .name
                .as_ref()
                .map_or(Value::Null, |name| json!({ "file_name": name })),
            Self::Poll(poll) => json!({ "options": poll.options, "single": poll.single }),
            Self::Shaped { fields, .. } => Value::Object(fields.clone()),
            Self::Text { .. } | Self::Action { .. } | Self::Noise => Value::Null,
        }
    }

    /// The media it shows, if any.
    pub(crate) fn media(&self) -> Option<&str> {
        match self {
            Self::File(file) => Some(&file.media),
            _ => None,
        }
    }
}

/// A text, or the `text` of an object such as an interactive message's body.
fn said(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("text")?.as_str())
}
