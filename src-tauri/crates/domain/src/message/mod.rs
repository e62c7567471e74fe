//! What is said in a chat, whichever gateway carried it.

mod action;
mod body;
mod outgoing;
mod source;

pub use action::MessageAction;
pub use body::{
    Choice, ContactCard, Interactive, LinkPreview, Location, MediaBody, MediaKind, MediaRef, MessageBody,
    Notice, NoticeKind, Poll,
};
pub use outgoing::{Outgoing, OutgoingBody, OutgoingFile, OutgoingMedia};
pub use source::{FileSource, OutgoingSource};

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
}
