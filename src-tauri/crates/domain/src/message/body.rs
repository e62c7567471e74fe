//! The content of a message, as it came or as it was sent.
//!
//! | Body | its words (searched, shown in the list) | the rest |
//! |---|---|---|
//! | text | the text | |
//! | link_preview | the text | title, description and address of the page |
//! | image, video, short_video, gif, audio, voice, document, sticker | the caption | a file |
//! | location, live_location | its name and address | degrees |
//! | contact, contact_list | the names | vCards |
//! | poll | the question | its options |
//! | interactive | header, body and footer | what can be chosen |
//! | order, product, … ([`NoticeKind`]) | as far as the gateway tells | the event, raw |
//! | unknown | none | the event, raw |

use serde::{Deserialize, Serialize};

/// The content of a message.
#[derive(Clone, PartialEq)]
pub enum MessageBody {
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
    Media(MediaBody),
    /// A place.
    Location(Location),
    /// One or more cards of persons.
    Contacts(Vec<ContactCard>),
    /// A question with answers to choose from.
    Poll(Poll),
    /// Words with buttons or a list to choose from.
    Interactive(Interactive),
    /// Something that WhatsApp shows in a way of its own, and we by its name and words.
    Notice(Notice),
    /// A kind that we do not show yet: kept as it came, and said to be unknown.
    Unknown {
        /// The gateway's own name for the kind.
        raw_kind: String,
        /// The whole event as JSON.
        raw: String,
    },
}

impl MessageBody {
    /// The word the store and the commands use for its kind.
    pub fn kind_word(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::LinkPreview { .. } => "link_preview",
            Self::Media(media) => media.kind.as_str(),
            Self::Location(location) if location.live => "live_location",
            Self::Location(_) => "location",
            Self::Contacts(cards) if cards.len() == 1 => "contact",
            Self::Contacts(_) => "contact_list",
            Self::Poll(_) => "poll",
            Self::Interactive(_) => "interactive",
            Self::Notice(notice) => notice.kind.as_str(),
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// The kind alone: `Debug` ends in logs.
impl std::fmt::Debug for MessageBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MessageBody({})", self.kind_word())
    }
}

macro_rules! words {
    ($name:ident, [$($variant:ident = $word:literal),+ $(,)?]) => {
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word the store and the commands use.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one that [`Self::as_str`] printed.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }
        }
    };
}

/// What kind of file a message carries; WhatsApp shows each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A round film, seen once it is touched ("video note").
    ShortVideo,
    /// A film without sound that repeats.
    Gif,
    /// A sound file.
    Audio,
    /// A voice message.
    Voice,
    /// Any file.
    Document,
    /// A sticker.
    Sticker,
}

words!(
    MediaKind,
    [
        Image = "image",
        Video = "video",
        ShortVideo = "short_video",
        Gif = "gif",
        Audio = "audio",
        Voice = "voice",
        Document = "document",
        Sticker = "sticker",
    ]
);

impl MediaKind {
    /// Does WhatsApp show words under it? Beside the others it drops them without a word.
    pub fn carries_words(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Gif | Self::Document)
    }
}

/// A file in a message.
#[derive(Clone, PartialEq)]
pub struct MediaBody {
    /// How it is shown.
    pub kind: MediaKind,
    /// The words under it.
    pub caption: Option<String>,
    /// Where the gateway keeps it.
    pub file: MediaRef,
}

/// A file as a gateway announces it; its bytes are fetched later.
#[derive(Clone, PartialEq, Default)]
pub struct MediaRef {
    /// The gateway's id, with which its bytes can be asked for.
    pub gateway_ref: String,
    /// As the gateway says; what the bytes really are is checked when they come.
    pub mime: String,
    /// Size in bytes, if it is told.
    pub bytes: Option<i64>,
    /// Pixels, if told.
    pub width: Option<i64>,
    /// Pixels, if told.
    pub height: Option<i64>,
    /// Length of a sound or film in seconds, if told.
    pub seconds: Option<i64>,
    /// The name of a document, as its sender calls it.
    pub file_name: Option<String>,
    /// SHA-256 of the bytes, 64 lower-case hex digits, if told.
    pub sha256: Option<String>,
    /// Loudness of a voice message over its time, 0 to 100, if told.
    pub waveform: Option<Vec<u8>>,
}

/// No file name: `Debug` ends in logs.
impl std::fmt::Debug for MediaRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaRef")
            .field("mime", &self.mime)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// A card about a page.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LinkPreview {
    /// The page's title.
    pub title: String,
    /// What it says about itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its address, as told: shown and checked before it is ever opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A place on earth.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What the place is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// It moves with the phone that shares it.
    #[serde(default)]
    pub live: bool,
}

/// A person's card.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContactCard {
    /// The name on it.
    pub name: String,
    /// The card itself (RFC 6350).
    pub vcard: String,
}

/// A question with answers to choose from.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Poll {
    /// The question.
    pub question: String,
    /// 2 to 12 answers.
    pub options: Vec<String>,
    /// May one person choose several?
    pub several: bool,
}

/// Words with something to choose.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Interactive {
    /// Above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The words.
    pub body: String,
    /// Below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// The word on the button that opens the list; `None` = the choices are buttons themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_label: Option<String>,
    /// What can be chosen.
    pub choices: Vec<Choice>,
}

/// One thing that can be chosen.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Choice {
    /// Comes back with the answer.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// More about it; only in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

macro_rules! silent_debug {
    ($($name:ident),+) => {$(
        /// Nothing of what is in it: `Debug` ends in logs.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

silent_debug!(
    MediaBody,
    LinkPreview,
    Location,
    ContactCard,
    Poll,
    Interactive,
    Choice,
    Notice
);

/// What is shown by its name and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// A line of WhatsApp's own: somebody joined, the subject changed.
    System,
    /// The answer to an interactive message.
    Reply,
}

words!(
    NoticeKind,
    [
        Order = "order",
        Product = "product",
        Catalogue = "catalogue",
        GroupInvite = "group_invite",
        ChannelInvite = "channel_invite",
        Event = "event",
        Call = "call",
        System = "system",
        Reply = "reply",
    ]
);

/// Something that is shown by its name and words.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Its words, as far as the gateway tells them.
    pub text: Option<String>,
    /// The whole event as JSON, for whoever wants to look.
    pub raw: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_words_read_back() {
        for kind in MediaKind::ALL {
            assert_eq!(
                MediaKind::from_word(kind.as_str()),
                Some(*kind),
                "{kind:?} reads back"
            );
        }
        for kind in NoticeKind::ALL {
            assert_eq!(
                NoticeKind::from_word(kind.as_str()),
                Some(*kind),
                "{kind:?} reads back"
            );
        }
    }

    #[test]
    fn no_two_bodies_share_a_word() {
        let mut words: Vec<&str> = MediaKind::ALL.iter().map(|kind| kind.as_str()).collect();
        words.extend(NoticeKind::ALL.iter().map(|kind| kind.as_str()));
        words.extend([
            MessageBody::Text(String::new()).kind_word(),
            MessageBody::Location(Location::default()).kind_word(),
            MessageBody::Contacts(vec![ContactCard::default()]).kind_word(),
            MessageBody::Contacts(Vec::new()).kind_word(),
            MessageBody::Poll(Poll::default()).kind_word(),
        ]);
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all, "the store tells bodies apart by their word");
    }

    #[test]
    fn debug_of_a_body_shows_nothing_of_it() {
        let bodies = [
            MessageBody::Text("secreto".into()),
            MessageBody::Poll(Poll {
                question: "secreto".into(),
                ..Poll::default()
            }),
            MessageBody::Contacts(vec![ContactCard {
                name: "secreto".into(),
                vcard: "secreto".into(),
            }]),
            MessageBody::Media(MediaBody {
                kind: MediaKind::Document,
                caption: Some("secreto".into()),
                file: MediaRef {
                    file_name: Some("secreto".into()),
                    ..MediaRef::default()
                },
            }),
        ];
        for body in bodies {
            assert!(
                !format!("{body:?}").contains("secreto"),
                "{}: its content must not reach a log",
                body.kind_word()
            );
        }
    }
}
