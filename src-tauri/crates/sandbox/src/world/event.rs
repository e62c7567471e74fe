//! What the world tells the outside, as it happened.
//!
//! Each event carries copies of what it speaks of, taken at that moment: a webhook that is delivered late must
//! still tell what was true then.

use super::{ChatId, ChatView, Doing, Group, Label, Message, Number, Person, Progress};
use crate::clock::Millis;

/// One thing that happened on the shop's number or its channel.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A message appeared in one of the shop's chats, whoever wrote it.
    Wrote(Box<Message>),
    /// Something was done to a message, by the action that is told with it.
    Changed(Box<Change>),
    /// Messages are there no longer.
    Removed(Vec<String>),
    /// A chat was emptied.
    RemovedAll(ChatId),
    /// A message of the shop climbed a step. `viewer` is the member of a group it climbed with.
    Climbed {
        message: String,
        chat: ChatId,
        viewer: Option<Number>,
        progress: Progress,
        at: Millis,
    },
    /// A chat that the shop did not have before.
    ChatOpened(Box<ChatView>),
    /// A chat's time, unread count or marks changed.
    ChatChanged(Box<ChatUpdate>),
    /// A chat was deleted.
    ChatGone(ChatId),
    /// Somebody new in the address book.
    ContactSaved(Box<Person>),
    /// Somebody in the address book changed: before, after.
    ContactChanged(Box<(Person, Person)>),
    /// A group that the shop did not have before.
    GroupMade(Box<Group>),
    /// A group's name, description or settings changed: before, after.
    GroupChanged(Box<(Group, Group)>),
    /// Somebody came, went, rose or fell.
    GroupMoved {
        group: ChatId,
        people: Vec<Number>,
        how: GroupMove,
    },
    /// What somebody does now.
    Presence { who: Number, doing: Doing, at: Millis },
    /// Somebody calls, or stops calling.
    Call {
        id: String,
        from: Number,
        status: &'static str,
        video: bool,
        at: Millis,
    },
    /// A label was made or renamed.
    Labelled(Label),
    /// A label is there no longer.
    LabelGone(Label),
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

/// What happens to somebody in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupMove {
    Add,
    Remove,
    Promote,
    Demote,
}

impl GroupMove {
    /// WhatsApp's word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Promote => "promote",
            Self::Demote => "demote",
        }
    }
}

/// A message before and after something was done to it.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) trigger: Message,
    pub(crate) before: Message,
    pub(crate) after: Message,
    /// Which field of the message differs, in the dialect's word.
    pub(crate) field: String,
}

/// A chat before and after a change.
#[derive(Clone, Debug)]
pub(crate) struct ChatUpdate {
    pub(crate) before: ChatView,
    pub(crate) after: ChatView,
}

impl ChatUpdate {
    /// Which fields differ.
    pub(crate) fn changes(&self) -> Vec<&'static str> {
        let (before, after) = (&self.before, &self.after);
        let differs = [
            ("timestamp", before.at != after.at),
            (
                "unread",
                before.unread != after.unread || before.flags.marked_unread != after.flags.marked_unread,
            ),
            ("name", before.name != after.name),
            ("pin", before.flags.pinned != after.flags.pinned),
            ("archive", before.flags.archived != after.flags.archived),
            ("mute_until", before.flags.mute != after.flags.mute),
            ("ephemeral", before.flags.ephemeral != after.flags.ephemeral),
            ("labels", before.labels != after.labels),
        ];
        differs
            .into_iter()
            .filter(|(_, differs)| *differs)
            .map(|(field, _)| field)
            .collect()
    }
}
