//! The simulated WhatsApp, without any HTTP.
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
//! Where things are: who there is and what they say, in `person` and `script`; the past that a world starts with,
//! in `seed`; what is written and read, in `writing`; what happens by itself, in `life`; the link to the gateway,
//! in `channel`. This file holds the whole and what can be asked of it.

mod agenda;
mod channel;
mod event;
mod ids;
mod life;
mod media;
mod message;
mod person;
mod pictures;
mod script;
mod seed;
mod writing;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use self::agenda::Agenda;
pub use self::channel::ScanRefused;
pub(crate) use self::{
    channel::{Channel, CodeHabits, Line},
    event::{ChatUpdate, Event},
    ids::{ChatId, Number},
    media::{HEAVIEST, Media, MediaRefused},
    message::{Content, Message, Progress, Receipt, Source},
    person::{Group, Person, Tongue},
    pictures::Motif,
    script::{SHOP_ABOUT, SHOP_NAME, SHOP_NUMBER},
    writing::SendRefused,
};
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
}

/// Everything there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct World {
    people: BTreeMap<Number, Person>,
    groups: BTreeMap<ChatId, Group>,
    /// In the order in which they were written.
    messages: Vec<Message>,
    #[serde(skip)]
    index: Index,
    media: BTreeMap<String, Media>,
    channel: Channel,
    ledger: Ledger,
    agenda: Agenda,
    chance: Chance,
    #[serde(skip)]
    habits: Habits,
    #[serde(skip)]
    events: Vec<Event>,
    #[serde(skip)]
    revision: u64,
}

/// Where each message lies; made anew from the messages when a world is loaded.
#[derive(Clone, Debug, Default)]
struct Index {
    by_id: HashMap<String, usize>,
    by_chat: HashMap<ChatId, Vec<usize>>,
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

    pub(crate) fn media(&self, id: &str) -> Option<&Media> {
        self.media.get(id)
    }

    pub(crate) fn message(&self, id: &str) -> Option<&Message> {
        self.index
            .by_id
            .get(id)
            .and_then(|&place| self.messages.get(place))
    }

    /// All messages of the shop's chats, oldest first.
    pub(crate) fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    /// The messages of one chat, oldest first; `None` when the shop has no such chat.
    pub(crate) fn messages_of<'w>(
        &'w self,
        chat: &ChatId,
    ) -> Option<impl DoubleEndedIterator<Item = &'w Message> + use<'w>> {
        let places = self.index.by_chat.get(chat)?;
        Some(places.iter().filter_map(|&place| self.messages.get(place)))
    }

    /// One chat of the shop.
    pub(crate) fn chat(&self, id: &ChatId) -> Option<ChatView> {
        let last = self.messages_of(id)?.next_back().cloned();
        let unread = self
            .messages_of(id)?
            .filter(|m| !m.seen_by_shop && m.is_shown())
            .count();
        Some(ChatView {
            id: id.clone(),
            name: self.chat_name(id),
            at: last.as_ref().map_or(0, |message| message.at),
            unread,
            last,
        })
    }

    /// All chats of the shop, the one with the newest message first.
    pub(crate) fn chats(&self) -> Vec<ChatView> {
        let mut chats: Vec<ChatView> = self.index.by_chat.keys().filter_map(|id| self.chat(id)).collect();
        chats.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
        chats
    }

    /// What the shop's phone shows as a chat's title.
    pub(crate) fn chat_name(&self, id: &ChatId) -> String {
        if let Some(group) = self.groups.get(id) {
            return group.name.clone();
        }
        let person = id.number().and_then(|number| self.people.get(&number));
        person
            .map(|p| p.saved_as.clone().unwrap_or_else(|| p.name.clone()))
            .unwrap_or_default()
    }

    /// Puts a picture into the world.
    pub(crate) fn keep_picture(&mut self, bytes: Vec<u8>, now: Millis) -> Result<&Media, MediaRefused> {
        let media = Media::picture(bytes, now, &mut self.chance)?;
        self.revision += 1;
        Ok(self.media.entry(media.id.clone()).or_insert(media))
    }
}
