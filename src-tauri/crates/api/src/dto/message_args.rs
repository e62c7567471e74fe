//! Arguments of the commands about messages.

use mostrador_domain::{self as domain, MediaKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `message_list`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageListArgs {
    /// Where.
    #[ts(type = "number")]
    pub chat_id: i64,
    /// `earlier` of a page: the messages before it. Null, and neither `after` nor `around`: the newest.
    pub before: Option<String>,
    /// `later` of a page: the messages after it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub after: Option<String>,
    /// A message: itself and those around it.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub around: Option<i64>,
    /// The oldest, instead of the newest; absent = no.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub oldest: Option<bool>,
    /// At most this many, 1 to 200.
    pub limit: u32,
}

/// Arguments of `message_search`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageSearchArgs {
    /// What was typed: words, the last of which may be the beginning of one; quoted words follow one another.
    pub text: String,
    /// Only in this chat.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub chat_id: Option<i64>,
    /// `next` of the page before; null = from the newest.
    pub before: Option<String>,
    /// At most this many, 1 to 200.
    pub limit: u32,
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
    /// A file from `media_add`.
    #[ts(type = "number | null")]
    pub media_id: Option<i64>,
    /// How the file is shown; absent = by what it is: picture, film, sound, else document.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub shown_as: Option<ShownAs>,
    /// Something other than words or a file, in their stead.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub content: Option<SendContent>,
    /// The message that it answers.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub quoted_id: Option<i64>,
    /// The addresses of those whom it names with an @.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub mentions: Option<Vec<String>>,
    /// For so many seconds nothing leaves, and `message_take_back` makes it a draft again; 0 to 60.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub undo_seconds: Option<u32>,
    /// It is what the chat's draft became: the draft is gone as soon as the message is there, never before and never after.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub sends_draft: Option<bool>,
}

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShownAs {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A round film.
    ShortVideo,
    /// A film without sound that repeats.
    Gif,
    /// A sound.
    Audio,
    /// A voice message.
    Voice,
    /// A file with its name.
    Document,
    /// A sticker.
    Sticker,
}

impl From<ShownAs> for MediaKind {
    fn from(shown: ShownAs) -> Self {
        match shown {
            ShownAs::Image => Self::Image,
            ShownAs::Video => Self::Video,
            ShownAs::ShortVideo => Self::ShortVideo,
            ShownAs::Gif => Self::Gif,
            ShownAs::Audio => Self::Audio,
            ShownAs::Voice => Self::Voice,
            ShownAs::Document => Self::Document,
            ShownAs::Sticker => Self::Sticker,
        }
    }
}

impl From<MediaKind> for ShownAs {
    fn from(kind: MediaKind) -> Self {
        match kind {
            MediaKind::Image => Self::Image,
            MediaKind::Video => Self::Video,
            MediaKind::ShortVideo => Self::ShortVideo,
            MediaKind::Gif => Self::Gif,
            MediaKind::Audio => Self::Audio,
            MediaKind::Voice => Self::Voice,
            MediaKind::Document => Self::Document,
            MediaKind::Sticker => Self::Sticker,
        }
    }
}

/// What is sent besides words and files.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SendContent {
    /// Words with a card about a page that they name.
    LinkPreview {
        /// The words.
        text: String,
        /// The page's title.
        title: String,
        /// What it says about itself.
        description: Option<String>,
        /// Its address.
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
        /// The words.
        body: String,
        /// Above.
        header: Option<String>,
        /// Below.
        footer: Option<String>,
        /// The word on the button that opens the list; null = the choices are buttons themselves.
        list_label: Option<String>,
        /// What can be chosen.
        choices: Vec<ChoiceArg>,
    },
    /// A message that is here, sent on.
    Forward {
        /// Which.
        #[ts(type = "number")]
        message_id: i64,
    },
}

/// A person's card.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Card {
    /// The name on it.
    pub name: String,
    /// The card itself (RFC 6350).
    pub vcard: String,
}

impl From<domain::ContactCard> for Card {
    fn from(card: domain::ContactCard) -> Self {
        Self {
            name: card.name,
            vcard: card.vcard,
        }
    }
}

/// One thing that can be chosen.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct ChoiceArg {
    /// Comes back with the answer.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// More about it; only in lists.
    pub description: Option<String>,
}

impl From<domain::Choice> for ChoiceArg {
    fn from(choice: domain::Choice) -> Self {
        Self {
            id: choice.id,
            title: choice.title,
            description: choice.description,
        }
    }
}

/// Arguments of `message_act`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageAct {
    /// Which.
    #[ts(type = "number")]
    pub message_id: i64,
    /// Chosen by the caller: asking twice is doing it once.
    pub client_id: String,
    /// What.
    pub action: ActArg,
}

/// What is done to a message.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ActArg {
    /// One of ours gets these words.
    Edit {
        /// The words.
        text: String,
    },
    /// One of ours is deleted for everybody.
    Delete,
    /// Our reaction to it; null = none.
    React {
        /// The emoji.
        emoji: Option<String>,
    },
    /// Our star on it.
    Star {
        /// It has it.
        on: bool,
    },
    /// At the top of its chat for so many days (1, 7 or 30); null = not any more.
    Pin {
        /// Days.
        days: Option<u32>,
    },
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
    /// The file's bytes, 1 MiB of them at the most.
    pub data_base64: String,
}

/// Arguments of `media_begin`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaBegin {
    /// As the operator chose it.
    pub file_name: String,
    /// How many bytes will come, all in all.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Which file of those that are coming piece by piece.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaUpload {
    /// Which.
    pub upload: u32,
}

/// Arguments of `media_piece`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MediaPiece {
    /// Of which.
    pub upload: u32,
    /// How many bytes come before it.
    #[ts(type = "number")]
    pub at: u64,
    /// The piece, 1 MiB at the most.
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
