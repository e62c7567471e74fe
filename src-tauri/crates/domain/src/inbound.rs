//! What a gateway tells us, once its driver has decoded it. The same shapes come from webhooks, polling and history.

use std::time::Duration;

use crate::{Address, DeliveryStatus, MessageBody, PairingContent, UnixMillis};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// A message, theirs or ours.
    Message(InboundMessage),
    /// How far one of our messages has come.
    Status(StatusUpdate),
    /// What a gateway says of a chat. What it does not say stays as it is.
    Chat(ChatSnapshot),
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

/// A message as a gateway tells it.
#[derive(Clone, PartialEq, Eq)]
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
    /// Pinned to the top.
    pub pinned: Option<bool>,
    /// Archived.
    pub archived: Option<bool>,
    /// Muted until; [`UnixMillis`]`(i64::MAX)` = for ever, `UnixMillis(0)` = not muted.
    pub muted_until: Option<UnixMillis>,
}

impl ChatSnapshot {
    /// A snapshot that says nothing but that the chat exists.
    pub fn of(chat: Address) -> Self {
        Self {
            chat,
            name: None,
            unread: None,
            pinned: None,
            archived: None,
            muted_until: None,
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
}

/// No code: whoever has it can take the number.
impl std::fmt::Debug for LinkChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Linked { .. } => "Linked",
            Self::Unlinked => "Unlinked",
            Self::Code { .. } => "Code",
        })
    }
}
