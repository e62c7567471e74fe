//! One message, and how far it has come.
//!
//! A message of the shop climbs pending → sent → delivered → read and never comes down again. In a group the
//! climb is kept for each member, and the message as a whole stands where its slowest member stands. A message
//! *to* the shop has no such climb; it only knows whether the shop has opened it.
//!
//! A new kind of message is a new arm of [`Content`]; the compiler then names every place that must word it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ChatId, Number};
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

/// What a message carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Content {
    /// Plain text.
    Text {
        /// The words.
        body: String,
    },
    /// A picture with or without words under it.
    Image {
        /// Which of the world's media it shows.
        media: String,
        /// The words under it.
        caption: Option<String>,
    },
    /// Protocol noise: something a real gateway passes on although there is nothing in it.
    Noise,
}

impl Content {
    /// WhatsApp's word for the kind.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::Noise => "unknown",
        }
    }

    /// The text or the caption.
    pub(crate) fn words(&self) -> Option<&str> {
        match self {
            Self::Text { body } => Some(body),
            Self::Image { caption, .. } => caption.as_deref(),
            Self::Noise => None,
        }
    }

    /// The media it shows, if any.
    pub(crate) fn media(&self) -> Option<&str> {
        match self {
            Self::Image { media, .. } => Some(media),
            Self::Text { .. } | Self::Noise => None,
        }
    }
}

/// How far a message of the shop has come; later is higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Progress {
    Pending,
    Sent,
    Delivered,
    Read,
}

impl Progress {
    /// WhatsApp's word and number for it.
    pub(crate) fn wire(self) -> (&'static str, u8) {
        match self {
            Self::Pending => ("pending", 1),
            Self::Sent => ("sent", 2),
            Self::Delivered => ("delivered", 3),
            Self::Read => ("read", 4),
        }
    }
}

/// How far a message has come with one recipient, and since when.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) progress: Progress,
    pub(crate) at: Millis,
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
    /// The shop's messages: one line for each recipient. Empty for a message to the shop.
    pub(crate) receipts: BTreeMap<Number, Receipt>,
    /// Messages to the shop: whether the shop has opened it. Always true for the shop's own.
    pub(crate) seen_by_shop: bool,
}

impl Message {
    /// Where a message of the shop stands as a whole; `None` for a message to the shop.
    pub(crate) fn progress(&self) -> Option<Progress> {
        self.receipts.values().map(|receipt| receipt.progress).min()
    }

    /// Lets one recipient's line climb; false when it stood there already or higher.
    pub(crate) fn climb(&mut self, recipient: &Number, progress: Progress, at: Millis) -> bool {
        match self.receipts.get_mut(recipient) {
            Some(receipt) if receipt.progress < progress => {
                *receipt = Receipt { progress, at };
                true
            }
            _ => false,
        }
    }

    /// Whether there is anything to show a person.
    pub(crate) fn is_shown(&self) -> bool {
        self.content != Content::Noise
    }
}
