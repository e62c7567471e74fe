//! What is done to a message after it was written.

use crate::{Address, MessageBody, UnixMillis};

/// Something done to a message. It may come before the message itself, twice, or late.
#[derive(Clone, PartialEq)]
pub struct MessageChange {
    /// The chat, if told.
    pub chat: Option<Address>,
    /// The gateway's id of the message that it is done to.
    pub gateway_id: String,
    /// Who did it; `None` = us.
    pub by: Option<Address>,
    /// When, by the gateway's clock: of two changes of one kind by one person the later one holds.
    pub at: UnixMillis,
    /// What.
    pub what: MessageChangeKind,
}

/// What is done to a message.
#[derive(Clone, PartialEq)]
pub enum MessageChangeKind {
    /// It has another content now; the earlier one is kept as history.
    Edited(MessageBody),
    /// It was deleted for everybody: what it said is shown no more.
    Deleted,
    /// The person's reaction to it; `None` = taken back.
    Reaction(Option<String>),
    /// The person's answers to its question, all of them.
    Votes(Vec<String>),
    /// Starred by us, or not any more.
    Starred(bool),
    /// At the top of its chat, or not any more.
    Pinned(bool),
}

impl MessageChangeKind {
    /// A word for it, for logs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Edited(_) => "edited",
            Self::Deleted => "deleted",
            Self::Reaction(_) => "reaction",
            Self::Votes(_) => "votes",
            Self::Starred(_) => "starred",
            Self::Pinned(_) => "pinned",
        }
    }
}

/// No text: `Debug` ends in logs.
impl std::fmt::Debug for MessageChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageChange")
            .field("what", &self.what.word())
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
