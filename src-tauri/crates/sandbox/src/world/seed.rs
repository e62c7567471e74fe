//! The world as it begins: people, a group, and a few days of talk.
//!
//! The same seed gives the same people the same words and the same ids. Times are counted back from the moment the
//! world is made, and put into the daytime of the Americas so that nobody orders a cake at four in the morning.

use std::collections::BTreeMap;

use super::{
    Agenda, Channel, ChatId, Content, Group, Habits, Index, Message, Number, Person, Progress, Receipt,
    SHOP_NUMBER, Source, World,
    script::{self, Fillings, Line, Persona},
};
use crate::{chance::Chance, clock::Millis, ledger::Ledger};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// Morning in Lima and São Paulo, in UTC.
const MORNING: Millis = 13 * HOUR;

impl World {
    /// A new world for this seed, with its history ending at `now`.
    pub(crate) fn seeded(seed: u64, now: Millis) -> Self {
        let mut world = Self {
            people: script::personas()
                .map(person)
                .map(|p| (p.number.clone(), p))
                .collect(),
            groups: BTreeMap::new(),
            messages: Vec::new(),
            index: Index::default(),
            media: BTreeMap::new(),
            channel: Channel::asleep(now),
            ledger: Ledger::default(),
            agenda: Agenda::default(),
            chance: Chance::from_seed(seed),
            habits: Habits::default(),
            events: Vec::new(),
            revision: 0,
        };
        let mut past = Vec::new();
        for (place, persona) in script::personas().enumerate() {
            world.remember_dialogues(place, persona, now, &mut past);
            world.remember_waiting(persona, now, &mut past);
        }
        world.remember_group(now, &mut past);
        past.sort_by_key(|message| message.at);
        past.into_iter().for_each(|message| world.append(message));
        world
    }

    /// Finds every message again after the world was loaded.
    pub(crate) fn reindex(&mut self) {
        self.index = Index::default();
        for (place, message) in self.messages.iter().enumerate() {
            self.index.add(message, place);
        }
    }

    fn remember_dialogues(&mut self, place: usize, persona: &Persona, now: Millis, past: &mut Vec<Message>) {
        let dialogues = script::dialogues(persona.tongue);
        let (count, days) = persona.past;
        let latest = now.saturating_sub(HOUR);
        let mut free_from = 0;
        for turn in 0..count {
            let days_ago = (days * (count - turn) as u64).div_ceil(count as u64);
            let today = now - now % DAY;
            let opening = today.saturating_sub(days_ago * DAY) + MORNING + self.chance.below(9 * HOUR);
            let mut at = opening.max(free_from);
            let fillings = Fillings::choose(persona.tongue, &mut self.chance);
            for line in dialogues[(place * 5 + turn) % dialogues.len()] {
                at += self.chance.between(20_000, 150_000);
                let message = self.remembered(persona, *line, &fillings, at.min(latest));
                past.push(Message {
                    seen_by_shop: true,
                    ..message
                });
            }
            if turn == 0 && place == 3 {
                past.push(self.noise(persona, at.min(latest)));
            }
            free_from = at + self.chance.between(20, 80) * MINUTE;
        }
    }

    fn remember_waiting(&mut self, persona: &Persona, now: Millis, past: &mut Vec<Message>) {
        let fillings = Fillings::choose(persona.tongue, &mut self.chance);
        let mut at = now.saturating_sub(self.chance.between(6, 50) * MINUTE);
        for line in persona.waiting {
            past.push(self.remembered(persona, *line, &fillings, at));
            at += self.chance.between(15_000, 45_000);
        }
    }

    fn remember_group(&mut self, now: Millis, past: &mut Vec<Message>) {
        let id = ChatId::new(script::GROUP_ID);
        let members = script::GROUP_MEMBERS
            .iter()
            .map(|number| Number::new(*number))
            .collect();
        let group = Group {
            id: id.clone(),
            name: script::GROUP_NAME.to_owned(),
            members,
        };
        let mut at = now.saturating_sub(2 * DAY);
        for (author, body) in script::GROUP_TALK {
            at += self.chance.between(4, 200) * MINUTE;
            let content = Content::Text {
                body: (*body).to_owned(),
            };
            let message = self.remember(&id, author, content, at.min(now.saturating_sub(HOUR)));
            past.push(Message {
                seen_by_shop: true,
                ..message
            });
        }
        self.groups.insert(id, group);
    }

    fn remembered(&mut self, persona: &Persona, line: Line, fillings: &Fillings, at: Millis) -> Message {
        let chat = Number::new(persona.number).chat();
        let (author, content) = match line {
            Line::Them(text) => (
                persona.number,
                Content::Text {
                    body: fillings.fill(text),
                },
            ),
            Line::Us(text) => (
                SHOP_NUMBER,
                Content::Text {
                    body: fillings.fill(text),
                },
            ),
            Line::Show(motif, caption) => (
                persona.number,
                self.drawn(motif, Some(fillings.fill(caption)), at),
            ),
        };
        self.remember(&chat, author, content, at)
    }

    /// A message of the past. What the shop wrote was read long ago.
    fn remember(&mut self, chat: &ChatId, author: &str, content: Content, at: Millis) -> Message {
        let from_shop = author == SHOP_NUMBER;
        let read = Receipt {
            progress: Progress::Read,
            at,
        };
        let readers: Vec<Number> = match chat.number() {
            Some(number) => vec![number],
            None => script::GROUP_MEMBERS
                .iter()
                .map(|number| Number::new(*number))
                .collect(),
        };
        Message {
            id: self.new_message_id(),
            chat: chat.clone(),
            author: Number::new(author),
            from_shop,
            at,
            source: Source::Phone,
            content,
            receipts: readers
                .into_iter()
                .filter(|_| from_shop)
                .map(|number| (number, read))
                .collect(),
            seen_by_shop: from_shop,
        }
    }

    /// Real gateways pass such things on; a client must not show them.
    fn noise(&mut self, persona: &Persona, at: Millis) -> Message {
        let chat = Number::new(persona.number).chat();
        let message = self.remember(&chat, persona.number, Content::Noise, at);
        Message {
            source: Source::System,
            seen_by_shop: true,
            ..message
        }
    }
}

impl Index {
    pub(super) fn add(&mut self, message: &Message, place: usize) {
        self.by_id.insert(message.id.clone(), place);
        self.by_chat.entry(message.chat.clone()).or_default().push(place);
    }
}

fn person(persona: &Persona) -> Person {
    Person {
        number: Number::new(persona.number),
        name: persona.name.to_owned(),
        saved_as: persona.saved_as.map(str::to_owned),
        tongue: persona.tongue,
        played: true,
        said: 0,
    }
}
