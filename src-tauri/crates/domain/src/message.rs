//! What is said in a chat, whichever gateway carried it.

use serde::{Deserialize, Serialize};

use crate::{Address, AddressKind};

/// What a chat is, from its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// One person.
    Person,
    /// A group.
    Group,
    /// A channel (newsletter).
    Channel,
    /// Broadcast lists and stories.
    Broadcast,
    /// Not known.
    Other,
}

impl ChatKind {
    /// The kind of chat that lives at `address`.
    pub fn of(address: &Address) -> Self {
        match address.kind() {
            AddressKind::Phone | AddressKind::Lid => Self::Person,
            AddressKind::Group => Self::Group,
            AddressKind::Channel => Self::Channel,
            AddressKind::Broadcast => Self::Broadcast,
            AddressKind::Other => Self::Other,
        }
    }

    /// The word the store and the commands use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Group => "group",
            Self::Channel => "channel",
            Self::Broadcast => "broadcast",
            Self::Other => "other",
        }
    }

    /// The kind that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Person,
            Self::Group,
            Self::Channel,
            Self::Broadcast,
            Self::Other,
        ]
        .into_iter()
        .find(|k| k.as_str() == word)
    }
}

/// How far a message has come. It only ever rises; [`DeliveryStatus::rank`] is the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Stored here, not yet accepted by the gateway.
    Queued,
    /// The gateway accepted it.
    Sent,
    /// It reached the recipient's phone.
    Delivered,
    /// It was seen.
    Read,
    /// A voice message was heard.
    Played,
}

impl DeliveryStatus {
    /// All of them, lowest first.
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Played,
    ];

    /// The order in which a message passes through them: a message never goes back.
    pub fn rank(self) -> i64 {
        match self {
            Self::Queued => 0,
            Self::Sent => 1,
            Self::Delivered => 2,
            Self::Read => 3,
            Self::Played => 4,
        }
    }

    /// The status with that rank.
    pub fn from_rank(rank: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.rank() == rank)
    }
}

/// The content of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageBody {
    /// Words.
    Text(String),
    /// A picture, with or without words under it.
    Image {
        /// The words under it.
        caption: Option<String>,
        /// Where the gateway keeps it.
        image: ImageRef,
    },
    /// A kind that we do not show yet: kept as it came, and said to be unknown.
    Unknown {
        /// The gateway's own name for the kind.
        raw_kind: String,
        /// The whole event as JSON.
        raw: String,
    },
}

/// A picture as a gateway announces it; its bytes are fetched later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageRef {
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
}

/// A message on its way to a gateway.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub to: Address,
    /// What.
    pub body: OutgoingBody,
    /// The id that we chose; told to gateways that take one.
    pub client_id: String,
}

/// The content of a message on its way out.
#[derive(Clone, PartialEq, Eq)]
pub enum OutgoingBody {
    /// Words.
    Text(String),
    /// A picture.
    Image(OutgoingImage),
}

/// A picture on its way out, with its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingImage {
    /// The words under it.
    pub caption: Option<String>,
    /// Checked by content.
    pub mime: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// No text and no number: `Debug` ends in logs.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match &self.body {
            OutgoingBody::Text(_) => "text",
            OutgoingBody::Image(_) => "image",
        };
        f.debug_struct("Outgoing")
            .field("to", &self.to)
            .field("kind", &kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_order_of_all_and_come_back() {
        for (position, status) in DeliveryStatus::ALL.into_iter().enumerate() {
            assert_eq!(
                usize::try_from(status.rank()),
                Ok(position),
                "{status:?} stands at its rank"
            );
            assert_eq!(
                DeliveryStatus::from_rank(status.rank()),
                Some(status),
                "rank of {status:?} reads back"
            );
        }
        assert_eq!(DeliveryStatus::from_rank(9), None, "an unknown rank is no status");
    }

    #[test]
    fn chat_kind_words_read_back() {
        for kind in [
            ChatKind::Person,
            ChatKind::Group,
            ChatKind::Channel,
            ChatKind::Broadcast,
            ChatKind::Other,
        ] {
            assert_eq!(
                ChatKind::from_word(kind.as_str()),
                Some(kind),
                "{kind:?} reads back"
            );
        }
    }

    #[test]
    fn debug_of_an_outgoing_message_shows_no_text() {
        let message = Outgoing {
            to: Address::parse("51900000011"),
            body: OutgoingBody::Text("secreto".into()),
            client_id: "c".into(),
        };
        assert!(
            !format!("{message:?}").contains("secreto"),
            "message text must not reach a log"
        );
    }
}
