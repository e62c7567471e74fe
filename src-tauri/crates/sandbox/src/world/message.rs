//! Messages and how far they have come.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ChatId, Content, Number};
use crate::clock::Millis;

/// Where the sender typed the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    /// On a phone: every message of a customer, and the shop's own written on its phone.
    Phone,
    /// Through the gateway.
    Gateway,
    /// By WhatsApp itself, without anything to show.
    System,
}

/// How far a message of the shop has come; later is higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Progress {
    Pending,
    /// WhatsApp gave it up: nobody is behind that number.
    Failed,
    Sent,
    Delivered,
    Read,
    /// A voice message was listened to.
    Played,
}

impl Progress {
    /// WhatsApp's word and number for it.
    pub(crate) fn wire(self) -> (&'static str, u8) {
        match self {
            Self::Failed => ("failed", 0),
            Self::Pending => ("pending", 1),
            Self::Sent => ("sent", 2),
            Self::Delivered => ("delivered", 3),
            Self::Read => ("read", 4),
            Self::Played => ("played", 5),
        }
    }
}

/// How far a message has come with one recipient, and since when.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) progress: Progress,
    pub(crate) at: Millis,
}

/// What a sender adds to a message besides its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Extras {
    /// The message that it answers.
    pub(crate) quoted: Option<String>,
    /// Whom it names, as the sender wrote them.
    pub(crate) mentions: Vec<String>,
    pub(crate) forwarded: bool,
    pub(crate) view_once: bool,
}

/// A message, whoever wrote it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) chat: ChatId,
    pub(crate) author: Number,
    /// Written by the shop, from its phone or through the gateway.
    pub(crate) from_shop: bool,
    pub(crate) at: Millis,
    pub(crate) source: Source,
    pub(crate) content: Content,
    pub(crate) extras: Extras,
    /// The shop's messages: one line for each recipient. Empty for a message to the shop.
    pub(crate) receipts: BTreeMap<Number, Receipt>,
    /// Messages to the shop: whether the shop has opened it. Always true for the shop's own.
    pub(crate) seen_by_shop: bool,
    pub(crate) edited: bool,
    /// Who reacted with what, and when.
    pub(crate) reactions: BTreeMap<Number, (String, Millis)>,
    pub(crate) starred: bool,
    pub(crate) pinned_until: Option<Millis>,
}

impl Message {
    /// A message with nothing but its content.
    pub(crate) fn plain(
        id: String,
        chat: ChatId,
        author: Number,
        at: Millis,
        source: Source,
        content: Content,
    ) -> Self {
        Self {
            id,
            chat,
            author,
            from_shop: false,
            at,
            source,
            content,
            extras: Extras::default(),
            receipts: BTreeMap::new(),
            seen_by_shop: false,
            edited: false,
            reactions: BTreeMap::new(),
            starred: false,
            pinned_until: None,
        }
    }

    /// Where a message of the shop stands as a whole; `None` for a message to the shop.
    pub(crate) fn progress(&self) -> Option<Progress> {
        self.receipts.values().map(|receipt| receipt.progress).min()
    }

    /// Lets one recipient's line climb; false when it stood there already or higher.
    pub(crate) fn climb(&mut self, recipient: &Number, progress: Progress, at: Millis) -> bool {
        match self.receipts.get_mut(recipient) {
            Some(receipt) if receipt.progress < progress && receipt.progress != Progress::Failed => {
                *receipt = Receipt { progress, at };
                true
            }
            _ => false,
        }
    }

    /// Whether there is anything to show a person.
    pub(crate) fn is_shown(&self) -> bool {
        !matches!(self.content, Content::Noise | Content::Action { .. })
    }
}
