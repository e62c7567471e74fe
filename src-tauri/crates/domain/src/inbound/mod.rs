//! What a gateway tells us, once its driver has decoded it. The same shapes come from webhooks, polling and history.

mod change;
mod people;

pub use change::{MessageChange, MessageChangeKind};
pub use people::{
    CallOutcome, CallUpdate, ContactSnapshot, GroupSnapshot, LabelSnapshot, MemberChange, MemberChangeKind,
    MemberRank, Presence, PresenceUpdate,
};

use std::time::Duration;

use crate::{Address, DeliveryStatus, MessageBody, PairingContent, UnixMillis};

/// One thing that happened.
#[derive(Clone, PartialEq)]
pub enum Inbound {
    /// A message, theirs or ours.
    Message(Box<InboundMessage>),
    /// Something done to a message: edited, deleted, reacted to, voted on, starred, pinned.
    Change(MessageChange),
    /// How far one of our messages has come.
    Status(StatusUpdate),
    /// What a gateway says of a chat. What it does not say stays as it is.
    Chat(ChatSnapshot),
    /// All messages of a chat were deleted on the phone; the chat itself stays.
    ChatCleared {
        /// Which.
        chat: Address,
    },
    /// A chat was deleted on the phone.
    ChatGone {
        /// Which.
        chat: Address,
    },
    /// What a gateway says of a person.
    Contact(ContactSnapshot),
    /// Two addresses of one person. Neither is rewritten.
    SamePerson {
        /// By phone number.
        phone: Address,
        /// By WhatsApp's hidden number.
        lid: Address,
    },
    /// What a gateway says of a group.
    Group(GroupSnapshot),
    /// Who came into a group, left it or changed rank.
    Member(MemberChange),
    /// What somebody is doing now. Never stored.
    Presence(PresenceUpdate),
    /// A label as the phone has it.
    Label(LabelSnapshot),
    /// A label was removed on the phone.
    LabelGone {
        /// The gateway's id of it; or its name, where a gateway says that instead.
        gateway_id: String,
    },
    /// A call.
    Call(CallUpdate),
    /// The link itself changed.
    Link(LinkChange),
    /// An event that we do not know: kept raw, never dropped.
    Unknown {
        /// The gateway's own name for it.
        raw_kind: String,
        /// The whole of it, as JSON.
        raw: String,
    },
}

/// The kind, and of an unknown one the gateway's name for it: `Debug` ends in logs.
impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Message(message) => message.fmt(f),
            Self::Change(change) => change.fmt(f),
            Self::Status(update) => update.fmt(f),
            Self::Chat(said) => said.fmt(f),
            Self::ChatCleared { .. } => f.write_str("ChatCleared"),
            Self::ChatGone { .. } => f.write_str("ChatGone"),
            Self::Contact(said) => said.fmt(f),
            Self::SamePerson { .. } => f.write_str("SamePerson"),
            Self::Group(said) => said.fmt(f),
            Self::Member(change) => change.fmt(f),
            Self::Presence(update) => update.fmt(f),
            Self::Label(said) => said.fmt(f),
            Self::LabelGone { .. } => f.write_str("LabelGone"),
            Self::Call(update) => update.fmt(f),
            Self::Link(change) => change.fmt(f),
            Self::Unknown { raw_kind, .. } => write!(f, "Unknown({raw_kind})"),
        }
    }
}

/// A message as a gateway tells it.
#[derive(Clone, PartialEq)]
pub struct InboundMessage {
    /// The gateway's own id, unique within its chat.
    pub gateway_id: String,
    /// The chat it belongs to.
    pub chat: Address,
    /// The chat's name, if told.
    pub chat_name: Option<String>,
    /// Who wrote it; `None` for our own.
    pub sender: Option<Address>,
    /// The writer's own name, if told.
    pub sender_name: Option<String>,
    /// Was it written by the linked number?
    pub from_me: bool,
    /// When, by the gateway's clock.
    pub at: UnixMillis,
    /// What.
    pub body: MessageBody,
    /// How far it has come, for our own.
    pub status: Option<DeliveryStatus>,
    /// What it answers, whom it names, whether it was forwarded.
    pub context: MessageContext,
}

/// What a message refers to.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MessageContext {
    /// The gateway's id of the message that it answers.
    pub quoted: Option<String>,
    /// The words of that message, if told: it may not be here.
    pub quoted_text: Option<String>,
    /// It was sent on from another chat.
    pub forwarded: bool,
    /// Who is named with an @.
    pub mentions: Vec<Address>,
    /// When it was last edited, if it was.
    pub edited_at: Option<UnixMillis>,
    /// Starred by us.
    pub starred: Option<bool>,
    /// One of ours that a program sent, not a person on a phone or in a browser, as far as that is told.
    pub by_program: bool,
    /// Who reacted, and with what; `None` = us. Only what is told: nobody's absence means that a reaction was taken back.
    pub reactions: Vec<(Option<Address>, String)>,
}

/// No text, no name: `Debug` ends in logs.
impl std::fmt::Debug for InboundMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboundMessage")
            .field("chat", &self.chat)
            .field("from_me", &self.from_me)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// How far one of our messages has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusUpdate {
    /// The gateway's id of the message.
    pub gateway_id: String,
    /// The chat, if told.
    pub chat: Option<Address>,
    /// The member of a group whose phone reports: then nothing is said of the message as a whole. `None` = it is about the message.
    pub member: Option<Address>,
    /// Where it is now.
    pub status: StatusKind,
    /// When it came there.
    pub at: UnixMillis,
}

/// A status as told by a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusKind {
    /// It moved forward.
    Reached(DeliveryStatus),
    /// The gateway gave it up after accepting it.
    Failed,
    /// The same, because WhatsApp has restricted the number.
    Restricted,
}

/// What a gateway says of a chat; `None` = it does not say.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatSnapshot {
    /// Which.
    pub chat: Address,
    /// Its name.
    pub name: Option<String>,
    /// Unread messages by the phone's count.
    pub unread: Option<i64>,
    /// Does a count of 0 say that the shop has read it all? Some gateways do not count a group's message any more once any of its members has
    /// read it.
    pub zero_is_read: bool,
    /// Pinned to the top.
    pub pinned: Option<bool>,
    /// Archived.
    pub archived: Option<bool>,
    /// Muted until; [`UnixMillis`]`(i64::MAX)` = for ever, `UnixMillis(0)` = not muted.
    pub muted_until: Option<UnixMillis>,
    /// Of which moment this is true: the time of the newest message that it knows. What came later is not in `unread`.
    pub at: Option<UnixMillis>,
    /// The message that was read, by its gateway's id: nothing is read that came after it, whatever `at` says. `None` = none is named.
    pub read_to: Option<String>,
    /// The labels of the chat, all of them.
    pub labels: Option<Vec<LabelSnapshot>>,
    /// Nobody but its admins may write here.
    pub read_only: Option<bool>,
    /// Where its picture is.
    pub picture: Option<String>,
}

impl ChatSnapshot {
    /// A snapshot that says nothing but that the chat exists.
    pub fn of(chat: Address) -> Self {
        Self {
            chat,
            name: None,
            unread: None,
            zero_is_read: true,
            pinned: None,
            archived: None,
            muted_until: None,
            at: None,
            read_to: None,
            labels: None,
            read_only: None,
            picture: None,
        }
    }
}

/// No name: `Debug` ends in logs.
impl std::fmt::Debug for ChatSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatSnapshot")
            .field("chat", &self.chat)
            .finish_non_exhaustive()
    }
}

/// A change of the link itself.
#[derive(Clone, PartialEq, Eq)]
pub enum LinkChange {
    /// The number is linked.
    Linked {
        /// Its own address, if told.
        own: Option<Address>,
    },
    /// The number is no longer linked.
    Unlinked,
    /// A new code to scan.
    Code {
        /// What is in it.
        content: PairingContent,
        /// For how long it can be scanned.
        valid_for: Duration,
    },
    /// WhatsApp has restricted the number: a message that had been taken was given up for that.
    Restricted {
        /// When that was, by the gateway's clock.
        at: UnixMillis,
    },
}

/// No code: whoever has it can take the number.
impl std::fmt::Debug for LinkChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Linked { .. } => "Linked",
            Self::Unlinked => "Unlinked",
            Self::Code { .. } => "Code",
            Self::Restricted { .. } => "Restricted",
        })
    }
}
