//! The simulated WhatsApp, without any HTTP, as one number of the shop sees it.
//!
//! The world is one value. Everything that happens to it is a method that is given the present moment; what is to
//! happen later by itself stands in its agenda, and [`World::tick`] lets it happen. It tells what happened as a
//! list of events, which its owner takes away after each step and passes on. Nothing in here waits, draws the
//! time or speaks to the network, so a test can play a week in a moment.
//!
//! Order of effects of a send: the message is kept, the ledger is written once for each recipient, the ticks and
//! the answer go into the agenda, the event is told. All of that happens in one step, before the gateway's answer
//! leaves: an answer that gets lost on the way changes nothing about it.
//!
//! Where things are: who there is and what they say, in `person`, `cast` and `script`; the past that a world starts
//! with, in `seed`, and the long one in `archive`; where messages lie, in `book`; what is written and read, in
//! `writing`; what is done to messages, in `acting`; to chats, groups, contacts and labels, in the files of those
//! names; what happens by itself, in `life`; how receipts are told, in `telling`; the link to the gateway, in
//! `channel`. This file holds the whole and what can be asked of it.

mod acting;
mod agenda;
mod archive;
mod book;
mod cast;
mod catalogue;
mod channel;
mod chats;
mod contacts;
mod content;
mod event;
mod groups;
mod ids;
mod labels;
mod life;
mod media;
mod message;
mod person;
mod pictures;
mod presence;
mod samples;
mod script;
mod seed;
mod shelf;
mod stories;
mod telling;
mod writing;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use serde::{Deserialize, Serialize};

pub(crate) use self::{
    acting::ActRefused,
    book::Book,
    catalogue::{Catalogue, Collection, Order, OrderItem, Product},
    channel::{Channel, CodeHabits, Line},
    content::{Content, Deed, FileContent, FileKind, Poll},
    event::{Change, ChatUpdate, Event, GroupMove},
    groups::GroupRefused,
    ids::{ChatId, Number},
    labels::{COLOURS, Label, LabelRefused},
    media::{HEAVIEST, Media, MediaRefused},
    message::{Extras, Message, Progress, Receipt, Source},
    person::{Group, Person, Rank, Shop, Tongue},
    pictures::{Motif, portrait},
    presence::Doing,
    seed::Size,
    shelf::{Flags, Mute},
    stories::STORIES,
    writing::SendRefused,
};
use self::{agenda::Agenda, presence::Presences};
pub use self::{channel::ScanRefused, telling::ReceiptManner};
use crate::{
    chance::Chance,
    clock::Millis,
    ledger::{Ledger, LedgerEntry},
};

/// How the world behaves; comes from the configuration at each start and is not saved.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Habits {
    pub(crate) codes: CodeHabits,
    pub(crate) auto_scan: bool,
    pub(crate) sent_after: Millis,
    pub(crate) delivered_after: Millis,
    pub(crate) read_after: Option<Millis>,
    pub(crate) answer_after: Option<Millis>,
    pub(crate) write_every: Option<Millis>,
}

/// A chat as the shop's phone lists it.
#[derive(Clone, Debug)]
pub(crate) struct ChatView {
    pub(crate) id: ChatId,
    pub(crate) name: String,
    /// When the last message came.
    pub(crate) at: Millis,
    pub(crate) unread: usize,
    pub(crate) last: Option<Message>,
    pub(crate) flags: Flags,
    pub(crate) labels: Vec<Label>,
}

/// Everything there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct World {
    shop: Shop,
    people: BTreeMap<Number, Person>,
    /// Who is behind a hidden number.
    #[serde(skip)]
    lids: HashMap<String, Number>,
    groups: BTreeMap<ChatId, Group>,
    book: Book,
    stories: Vec<Message>,
    media: BTreeMap<String, Media>,
    labels: labels::Labels,
    catalogue: Catalogue,
    channel: Channel,
    /// The account demands a passkey of whoever links it.
    passkey: bool,
    ledger: Ledger,
    agenda: Agenda,
    chance: Chance,
    #[serde(skip)]
    presences: Presences,
    #[serde(skip)]
    habits: Habits,
    #[serde(skip)]
    manner: telling::Telling,
    #[serde(skip)]
    events: Vec<Event>,
    #[serde(skip)]
    revision: u64,
}

impl World {
    /// Counts upwards with every change; equal numbers mean that nothing happened in between.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes away what happened since the last time, oldest first.
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn shop(&self) -> &Shop {
        &self.shop
    }

    pub(crate) fn channel(&self) -> &Channel {
        &self.channel
    }

    pub(crate) fn ledger(&self) -> &[LedgerEntry] {
        self.ledger.entries()
    }

    pub(crate) fn person(&self, number: &Number) -> Option<&Person> {
        self.people.get(number)
    }

    /// Everybody but the shop, in the order of their numbers.
    pub(crate) fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// A file, whether it is stored or belongs to the archive.
    pub(crate) fn media(&self, id: &str) -> Option<Cow<'_, Media>> {
        let stored = self.media.get(id).map(Cow::Borrowed);
        stored.or_else(|| self.book.archive.media(id).map(Cow::Owned))
    }

    /// The files that are stored, in no special order.
    pub(crate) fn stored_media(&self) -> impl Iterator<Item = &Media> {
        self.media.values()
    }

    /// Deletes a file; false when there is none of that name.
    pub(crate) fn drop_media(&mut self, id: &str) -> bool {
        self.revision += 1;
        self.media.remove(id).is_some()
    }

    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    pub(crate) fn message(&self, id: &str) -> Option<Cow<'_, Message>> {
        self.book.get(self.book.place_of(id)?)
    }

    /// The messages of one chat, oldest first; `None` when the shop has no such chat.
    pub(crate) fn messages_of<'w>(
        &'w self,
        chat: &ChatId,
    ) -> Option<impl DoubleEndedIterator<Item = Cow<'w, Message>> + use<'w>> {
        let places = self.book.places(chat)?;
        Some(places.iter().filter_map(|place| self.book.get(*place as usize)))
    }

    /// One chat of the shop.
    pub(crate) fn chat(&self, id: &ChatId) -> Option<ChatView> {
        let shelf = self.book.shelf(id)?;
        let last = self.book.last_shown(id).and_then(|place| self.book.get(place));
        Some(ChatView {
            id: id.clone(),
            name: self.chat_name(id),
            at: last.as_ref().map_or(0, |message| message.at),
            unread: shelf.unread(),
            last: last.map(Cow::into_owned),
            flags: shelf.flags,
            labels: self.labels.of(id.as_str()),
        })
    }

    /// Who is behind the other end of a one-to-one chat, whichever way they are named.
    pub(crate) fn person_at(&self, chat: &ChatId) -> Option<&Person> {
        if let Some(lid) = chat.hidden() {
            return self.people.get(self.lids.get(lid)?);
        }
        let number = chat.number()?;
        let known = self.people.get(&number);
        known.or_else(|| self.people.get(&number.other_spelling()?))
    }

    /// What the shop's phone shows as a chat's title.
    pub(crate) fn chat_name(&self, id: &ChatId) -> String {
        if let Some(group) = self.groups.get(id) {
            return group.name.clone();
        }
        let person = self.person_at(id);
        person
            .map(|p| p.saved_as.clone().unwrap_or_else(|| p.name.clone()))
            .unwrap_or_default()
    }

    /// Puts a file into the world; its kind is settled by its bytes, and by what is claimed where they do not say.
    pub(crate) fn keep_file(
        &mut self,
        bytes: Vec<u8>,
        claimed: Option<&str>,
        now: Millis,
    ) -> Result<&Media, MediaRefused> {
        let media = Media::of_bytes(bytes, claimed, now, &mut self.chance)?;
        self.revision += 1;
        Ok(self.media.entry(media.id.clone()).or_insert(media))
    }

    /// Somebody with a number that was never seen before.
    fn meet(&mut self, number: Number) {
        let lid = format!("{}", 99_000_000_000_000_u64 + self.people.len() as u64);
        self.lids.insert(lid.clone(), number.clone());
        self.people.insert(number.clone(), Person::stranger(number, lid));
    }

    /// Finds everything again after the world was loaded.
    pub(crate) fn reindex(&mut self) {
        self.book.reindex();
        self.agenda.recount();
        self.lids = self
            .people
            .values()
            .map(|person| (person.lid.clone(), person.number.clone()))
            .collect();
    }
}
