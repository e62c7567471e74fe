//! One chat's part of the book, and what the shop's phone has settled about the chat.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Book, ChatId};
use crate::clock::Millis;

/// How long a chat is silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Mute {
    #[default]
    Off,
    /// Until this moment.
    Until(Millis),
    Forever,
}

/// What the shop's phone has settled about a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flags {
    pub(crate) pinned: bool,
    pub(crate) archived: bool,
    pub(crate) mute: Mute,
    /// Marked as unread by hand.
    pub(crate) marked_unread: bool,
    /// After how many seconds new messages vanish; 0 is never.
    pub(crate) ephemeral: u32,
}

/// One chat's part of the book.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Shelf {
    #[serde(skip)]
    pub(super) places: Vec<u32>,
    /// What the shop has not opened.
    pub(super) unseen: BTreeSet<u32>,
    /// The shop's messages that somebody has not read yet.
    pub(super) climbing: BTreeSet<u32>,
    pub(crate) flags: Flags,
    /// Deleted on the phone, until somebody writes again.
    pub(super) hidden: bool,
}

impl Shelf {
    pub(crate) fn unread(&self) -> usize {
        self.unseen.len()
    }
}

/// What has been opened, by the shop and by those it wrote to.
impl Book {
    /// The shop opens a chat as far as a place.
    pub(crate) fn see(&mut self, chat: &ChatId, last: usize) {
        let Some(shelf) = self.shelves.get_mut(chat) else {
            return;
        };
        let later = shelf.unseen.split_off(&(last as u32 + 1));
        let seen = std::mem::replace(&mut shelf.unseen, later);
        shelf.flags.marked_unread = false;
        for place in seen {
            if let Some(message) = self.get_mut(place as usize) {
                message.seen_by_shop = true;
            }
        }
    }

    /// Makes a message unread again, or for the first time.
    pub(crate) fn unsee(&mut self, place: usize) {
        let Some(message) = self.get_mut(place) else {
            return;
        };
        message.seen_by_shop = false;
        let chat = message.chat.clone();
        if let Some(shelf) = self.shelves.get_mut(&chat) {
            shelf.unseen.insert(place as u32);
        }
    }

    /// The shop's messages in a chat that somebody has not read yet.
    pub(crate) fn climbing(&self, chat: &ChatId) -> Vec<usize> {
        let shelf = self.shelves.get(chat);
        shelf
            .into_iter()
            .flat_map(|shelf| &shelf.climbing)
            .map(|place| *place as usize)
            .collect()
    }

    /// Everybody has read what lies there.
    pub(crate) fn at_the_top(&mut self, chat: &ChatId, place: usize) {
        if let Some(shelf) = self.shelves.get_mut(chat) {
            shelf.climbing.remove(&(place as u32));
        }
    }
}
