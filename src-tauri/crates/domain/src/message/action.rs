//! What we do to a message that was sent. Each names the state that shall be, so that doing it twice is doing it once.

use serde::{Deserialize, Serialize};

use crate::OutboxKind;

/// What we do to a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "with", rename_all = "snake_case")]
pub enum MessageAction {
    /// It has these words: a text of ours, or the words under a file of ours.
    Edit(String),
    /// It is deleted for everybody; only one of ours.
    Delete,
    /// Our reaction to it; `None` = we have none.
    React(Option<String>),
    /// It has our star, or not.
    Star(bool),
    /// It stands at the top of its chat for so many days; `None` = not any more.
    Pin(Option<u32>),
}

impl MessageAction {
    /// The outbox's word for it.
    pub fn kind(&self) -> OutboxKind {
        match self {
            Self::Edit(_) => OutboxKind::Edit,
            Self::Delete => OutboxKind::Delete,
            Self::React(_) => OutboxKind::React,
            Self::Star(_) => OutboxKind::Star,
            Self::Pin(_) => OutboxKind::Pin,
        }
    }
}

/// No words: `Debug` ends in logs.
impl std::fmt::Debug for MessageAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MessageAction({})", self.kind().as_str())
    }
}
