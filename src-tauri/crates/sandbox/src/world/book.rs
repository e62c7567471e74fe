//! The shop's messages: where each lies, and what each chat holds.
//!
//! Every message has a *place*. The places of the archive come first, then those of messages that are really stored,
//! in the order in which they were written, so that a later place is never earlier in time. A chat's shelf lists the
//! places of its messages; lists by chat and by time are answered from there, without walking through everything.
//!
//! Saved are the archive's figures, the stored messages and the shelves' marks; the index is made again when a world
//! is loaded. A message that was removed leaves its place empty.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use serde::{Deserialize, Serialize};

use super::{
    ChatId, Message, Progress,
    archive::{Archive, Head},
    shelf::{Flags, Shelf},
};
use crate::clock::Millis;

/// All messages of the shop's chats.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Book {
    pub(super) archive: Archive,
    /// Messages of the archive to which something has happened.
    changed: BTreeMap<u32, Message>,
    recent: Vec<Message>,
    pub(super) shelves: BTreeMap<ChatId, Shelf>,
    gone: BTreeSet<u32>,
    #[serde(skip)]
    by_id: HashMap<String, u32>,
    /// Chats by their newest message.
    #[serde(skip)]
    order: BTreeSet<(Reverse<u32>, ChatId)>,
}

impl Book {
    /// A book that begins with an archive.
    pub(crate) fn with_archive(archive: Archive) -> Self {
        let mut book = Self {
            archive,
            ..Self::default()
        };
        book.reindex();
        book
    }

    /// Finds everything again after the book was loaded.
    pub(crate) fn reindex(&mut self) {
        self.archive.restore();
        self.by_id.clear();
        self.order.clear();
        let mut archived: Vec<Vec<u32>> = vec![Vec::new(); self.archive.cast().len()];
        for place in 0..self.archive.len() as u32 {
            if let Some(places) = archived.get_mut(self.archive.chat_at(place as usize)) {
                places.push(place);
            }
        }
        for (chat, mut places) in archived.into_iter().enumerate() {
            places.retain(|place| !self.gone.contains(place));
            places.shrink_to_fit();
            if let Some(id) = self.archive.chat_id(chat) {
                self.shelves.entry(id).or_default().places = places;
            }
        }
        let first = self.archive.len() as u32;
        for (message, place) in self.recent.iter().zip(first..) {
            if !self.gone.contains(&place) {
                self.by_id.insert(message.id.clone(), place);
                self.shelves
                    .entry(message.chat.clone())
                    .or_default()
                    .places
                    .push(place);
            }
        }
        let chats: Vec<ChatId> = self.shelves.keys().cloned().collect();
        chats.iter().for_each(|chat| self.sort_in(chat, None));
    }

    /// How many places there are.
    pub(crate) fn len(&self) -> usize {
        self.archive.len() + self.recent.len()
    }

    /// How many messages are left in a range of places.
    pub(crate) fn left_in(&self, range: &Range<usize>) -> usize {
        range.len() - self.gone.range(range.start as u32..range.end as u32).count()
    }

    pub(crate) fn is_gone(&self, place: usize) -> bool {
        self.gone.contains(&(place as u32))
    }

    /// The message at a place.
    pub(crate) fn get(&self, place: usize) -> Option<Cow<'_, Message>> {
        if self.is_gone(place) {
            return None;
        }
        if place >= self.archive.len() {
            return self.recent.get(place - self.archive.len()).map(Cow::Borrowed);
        }
        match self.changed.get(&(place as u32)) {
            Some(message) => Some(Cow::Borrowed(message)),
            None => self.archive.message(place).map(Cow::Owned),
        }
    }

    /// The message at a place, to be changed.
    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut Message> {
        if self.is_gone(place) {
            return None;
        }
        if place >= self.archive.len() {
            let first = self.archive.len();
            return self.recent.get_mut(place - first);
        }
        if !self.changed.contains_key(&(place as u32)) {
            let message = self.archive.message(place)?;
            self.changed.insert(place as u32, message);
        }
        self.changed.get_mut(&(place as u32))
    }

    /// Who wrote the message at a place.
    pub(crate) fn head(&self, place: usize) -> Option<Head> {
        if place < self.archive.len() {
            return Some(self.archive.head(place));
        }
        self.recent.get(place - self.archive.len()).map(|message| Head {
            from_shop: message.from_shop,
            author: message.author.clone(),
        })
    }

    /// Whether a place holds something to show.
    pub(crate) fn is_shown(&self, place: usize) -> bool {
        place < self.archive.len()
            || self
                .recent
                .get(place - self.archive.len())
                .is_some_and(Message::is_shown)
    }

    pub(crate) fn time_of(&self, place: usize) -> Millis {
        if place < self.archive.len() {
            return self.archive.time_at(place);
        }
        self.recent
            .get(place - self.archive.len())
            .map_or(Millis::MAX, |message| message.at)
    }

    pub(crate) fn place_of(&self, id: &str) -> Option<usize> {
        let stored = self.by_id.get(id).map(|place| *place as usize);
        stored
            .or_else(|| self.archive.place_of(id))
            .filter(|place| !self.is_gone(*place))
    }

    /// The places from one moment up to another, both included.
    pub(crate) fn between(&self, from: Option<Millis>, to: Option<Millis>) -> Range<usize> {
        let first = from.map_or(0, |from| self.first_place(0, self.len(), |at| at < from));
        let end = to.map_or(self.len(), |to| {
            self.first_place(first, self.len(), |at| at <= to)
        });
        first..end.max(first)
    }

    fn first_place(&self, mut low: usize, mut high: usize, before: impl Fn(Millis) -> bool) -> usize {
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.time_of(middle)) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        low
    }

    /// The places of one chat from one moment up to another; `None` when there is no such chat.
    pub(crate) fn places_between(
        &self,
        chat: &ChatId,
        from: Option<Millis>,
        to: Option<Millis>,
    ) -> Option<&[u32]> {
        let places = self.places(chat)?;
        let first = from.map_or(0, |from| {
            places.partition_point(|place| self.time_of(*place as usize) < from)
        });
        let end = to.map_or(places.len(), |to| {
            places.partition_point(|place| self.time_of(*place as usize) <= to)
        });
        Some(places.get(first..end.max(first)).unwrap_or_default())
    }

    /// The places of one chat, oldest first.
    pub(crate) fn places(&self, chat: &ChatId) -> Option<&[u32]> {
        let shelf = self.shelves.get(chat).filter(|shelf| !shelf.hidden)?;
        Some(&shelf.places)
    }

    pub(crate) fn shelf(&self, chat: &ChatId) -> Option<&Shelf> {
        self.shelves.get(chat).filter(|shelf| !shelf.hidden)
    }

    pub(crate) fn flags_mut(&mut self, chat: &ChatId) -> Option<&mut Flags> {
        self.shelves
            .get_mut(chat)
            .filter(|shelf| !shelf.hidden)
            .map(|shelf| &mut shelf.flags)
    }

    /// The newest message of a chat that can be shown.
    pub(crate) fn last_shown(&self, chat: &ChatId) -> Option<usize> {
        let places = self.places(chat)?;
        places
            .iter()
            .rev()
            .map(|place| *place as usize)
            .find(|place| self.is_shown(*place))
    }

    /// How many chats are listed.
    pub(crate) fn chats_len(&self) -> usize {
        self.order.len()
    }

    /// How many messages the shop has not opened.
    pub(crate) fn unread(&self) -> usize {
        self.shelves.values().map(Shelf::unread).sum()
    }

    /// All chats, the one with the newest message first.
    pub(crate) fn chats(&self) -> impl Iterator<Item = &ChatId> {
        self.order.iter().map(|(_, chat)| chat)
    }

    /// Makes room for a chat in which nothing was said yet.
    pub(crate) fn open(&mut self, chat: &ChatId) {
        self.shelves.entry(chat.clone()).or_default().hidden = false;
        self.sort_in(chat, None);
    }

    /// Puts a message at the end.
    pub(crate) fn push(&mut self, message: Message) -> usize {
        let place = self.len() as u32;
        let chat = message.chat.clone();
        let before = self.newest(&chat);
        self.by_id.insert(message.id.clone(), place);
        let shelf = self.shelves.entry(chat.clone()).or_default();
        shelf.hidden = false;
        shelf.places.push(place);
        if !message.seen_by_shop && message.is_shown() {
            shelf.unseen.insert(place);
        }
        if message
            .progress()
            .is_some_and(|progress| progress < Progress::Read)
        {
            shelf.climbing.insert(place);
        }
        self.recent.push(message);
        self.sort_in(&chat, before);
        place as usize
    }

    /// Leaves a place empty. Gives the message that lay there.
    pub(crate) fn remove(&mut self, place: usize) -> Option<Message> {
        let message = self.get(place)?.into_owned();
        let before = self.newest(&message.chat);
        self.gone.insert(place as u32);
        self.changed.remove(&(place as u32));
        self.by_id.remove(&message.id);
        if let Some(shelf) = self.shelves.get_mut(&message.chat) {
            shelf.places.retain(|held| *held as usize != place);
            shelf.unseen.remove(&(place as u32));
            shelf.climbing.remove(&(place as u32));
        }
        self.sort_in(&message.chat, before);
        Some(message)
    }

    /// Takes a chat off the list with everything in it; false when there was none.
    pub(crate) fn remove_chat(&mut self, chat: &ChatId) -> bool {
        let before = self.newest(chat);
        let Some(shelf) = self.shelves.get_mut(chat).filter(|shelf| !shelf.hidden) else {
            return false;
        };
        let places = std::mem::take(&mut shelf.places);
        *shelf = Shelf {
            hidden: true,
            ..Shelf::default()
        };
        self.gone.extend(places);
        self.order.remove(&(Reverse(before.unwrap_or(0)), chat.clone()));
        true
    }

    fn newest(&self, chat: &ChatId) -> Option<u32> {
        let shelf = self.shelves.get(chat)?;
        Some(shelf.places.last().copied().unwrap_or(0))
    }

    fn sort_in(&mut self, chat: &ChatId, before: Option<u32>) {
        if let Some(before) = before {
            self.order.remove(&(Reverse(before), chat.clone()));
        }
        if let Some(shelf) = self.shelves.get(chat).filter(|shelf| !shelf.hidden) {
            let newest = shelf.places.last().copied().unwrap_or(0);
            self.order.insert((Reverse(newest), chat.clone()));
        }
    }
}
