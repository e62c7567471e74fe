//! A message on its way to a gateway.

use super::{ContactCard, Interactive, LinkPreview, Location, MediaKind, OutgoingSource, Poll};
use crate::Address;

/// A message on its way to a gateway.
#[derive(Clone, PartialEq)]
pub struct Outgoing {
    /// Where to.
    pub to: Address,
    /// What.
    pub body: OutgoingBody,
    /// The gateway's id of the message that this one answers.
    pub quoted: Option<String>,
    /// Who is named with an @ in the words.
    pub mentions: Vec<Address>,
    /// The id that we chose; told to gateways that take one.
    pub client_id: String,
}

/// The content of a message on its way out.
#[derive(Clone, PartialEq)]
pub enum OutgoingBody {
    /// Words.
    Text(String),
    /// Words with a card about a page.
    LinkPreview {
        /// The words; they contain the page's address.
        text: String,
        /// The card.
        preview: LinkPreview,
    },
    /// A file.
    Media(OutgoingMedia),
    /// A place, still or moving.
    Location(Location),
    /// Cards of persons, one or more.
    Contacts(Vec<ContactCard>),
    /// A question.
    Poll(Poll),
    /// Words with something to choose.
    Interactive(Interactive),
    /// A message that the gateway has, sent on.
    Forward {
        /// The gateway's id of it.
        gateway_id: String,
    },
}

impl OutgoingBody {
    /// The file that is to leave with it.
    pub fn source(&self) -> Option<&OutgoingSource> {
        match self {
            Self::Media(media) => media.source(),
            _ => None,
        }
    }

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
            Self::Forward { .. } => "forward",
        }
    }
}

/// A file on its way out.
#[derive(Clone, PartialEq)]
pub struct OutgoingMedia {
    /// How it is shown.
    pub kind: MediaKind,
    /// The words under it.
    pub caption: Option<String>,
    /// Checked by content.
    pub mime: String,
    /// The name of a document.
    pub file_name: Option<String>,
    /// Length of a sound or film in seconds, if known.
    pub seconds: Option<u32>,
    /// Loudness of a voice message over its time, 0 to 100.
    pub waveform: Option<Vec<u8>>,
    /// The file.
    pub file: OutgoingFile,
}

impl OutgoingMedia {
    /// The file, if it is to leave with the message.
    pub fn source(&self) -> Option<&OutgoingSource> {
        match &self.file {
            OutgoingFile::Here(source) => Some(source),
            OutgoingFile::Uploaded(_) => None,
        }
    }
}

/// Where the bytes of a file on its way out are.
#[derive(Clone, PartialEq, Eq)]
pub enum OutgoingFile {
    /// Here, to be read while it leaves.
    Here(OutgoingSource),
    /// At the gateway already, under this id of its.
    Uploaded(String),
}

/// For tests, and for whoever has a small file whole.
impl From<Vec<u8>> for OutgoingFile {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Here(bytes.into())
    }
}

/// No text and no number: `Debug` ends in logs.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("to", &self.to)
            .field("kind", &self.body.kind_word())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_an_outgoing_message_shows_no_text() {
        let message = Outgoing {
            to: Address::parse("51900000011"),
            body: OutgoingBody::Text("secreto".into()),
            quoted: None,
            mentions: Vec::new(),
            client_id: "c".into(),
        };
        assert!(
            !format!("{message:?}").contains("secreto"),
            "message text must not reach a log"
        );
    }
}
