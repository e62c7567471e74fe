//! What the world tells the outside, as it happened.
//!
//! Each event carries copies of what it speaks of, taken at that moment: a webhook that is delivered late must
//! still tell what was true then.

use super::{ChatId, ChatView, Message, Number, Progress};
use crate::clock::Millis;

/// One thing that happened on the shop's number or its channel.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A message appeared in one of the shop's chats, whoever wrote it.
    Wrote(Message),
    /// A message of the shop climbed a step. `viewer` is the member of a group it climbed with.
    Climbed {
        message: String,
        chat: ChatId,
        viewer: Option<Number>,
        progress: Progress,
        at: Millis,
    },
    /// A chat that the shop did not have before.
    ChatOpened(ChatView),
    /// A chat's time or unread count changed.
    ChatChanged(Box<ChatUpdate>),
    /// The channel's state changed.
    ChannelChanged {
        code: u8,
        text: &'static str,
        started_at: Millis,
        at: Millis,
    },
    /// A code is on show.
    CodeShown { rowdata: String, expires_in: u64 },
    /// The number was linked.
    Linked,
    /// The number was unlinked.
    Unlinked,
}

/// A chat before and after a change.
#[derive(Clone, Debug)]
pub(crate) struct ChatUpdate {
    pub(crate) before: ChatView,
    pub(crate) after: ChatView,
}
