//! The world as it begins: people, a group, and a few days of talk.
//!
//! The same seed gives the same people the same words and the same ids. Times are counted back from the moment the
//! world is made, and put into the daytime of the Americas so that nobody orders a cake at four in the morning.

use std::collections::{BTreeMap, HashMap};

use super::{
    Agenda, Book, Catalogue, Channel, ChatId, Content, Group, Habits, Label, Message, Mute, Number, Person,
    Presences, Progress, Rank, Receipt, Shop, Source, World,
    archive::Archive,
    labels::Labels,
    script::{self, Fillings, Line, Persona, SHOP_NUMBER},
    telling::Telling,
};
use crate::{chance::Chance, clock::Millis, ledger::Ledger};

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
/// Morning in Lima and São Paulo, in UTC.
const MORNING: Millis = 13 * HOUR;

/// How big a world is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// How many chats there are in all; `None` leaves it at the written parts.
    pub(crate) chats: Option<u32>,
    /// How many messages there are in all; `None` leaves it at the written parts.
    pub(crate) messages: Option<u32>,
    /// Which of the shop's devices this is, from 0.
    pub(crate) device: u32,
}

impl World {
    /// A new world for this seed, with its history ending at `now`.
    pub(crate) fn seeded(seed: u64, size: Size, now: Millis) -> Self {
        let shop = shop(size.device);
        let written = script::personas().count() + 1;
        let cast = size.chats.map_or(written, |chats| chats as usize).min(written);
        let mut world = Self {
            people: BTreeMap::new(),
            lids: HashMap::new(),
            groups: BTreeMap::new(),
            book: Book::default(),
            stories: Vec::new(),
            media: BTreeMap::new(),
            labels: Labels::default(),
            catalogue: Catalogue::bakery(),
            channel: Channel::asleep(now),
            passkey: false,
            ledger: Ledger::default(),
            agenda: Agenda::default(),
            chance: Chance::from_seed(seed.wrapping_add(u64::from(size.device) << 32)),
            presences: Presences::default(),
            habits: Habits::default(),
            manner: Telling::default(),
            events: Vec::new(),
            revision: 0,
            shop,
        };
        script::personas()
            .enumerate()
            .for_each(|(place, persona)| world.invite(place, persona));
        let mut past = Vec::new();
        for (place, persona) in script::personas().enumerate().take(cast) {
            world.remember_dialogues(place, persona, now, &mut past);
            world.remember_waiting(persona, now, &mut past);
        }
        if cast == written {
            world.remember_group(now, &mut past);
        }
        past.sort_by_key(|message| message.at);
        if let Some(messages) = size.messages {
            past.drain(..past.len().saturating_sub(messages as usize));
        }
        world.fill_archive(
            seed,
            size,
            past.first().map_or(now, |first| first.at),
            past.len(),
            cast,
        );
        past.into_iter().for_each(|message| world.append(message));
        world.hang_labels();
        world
    }

    /// The crowd of a big world, with as many messages as are missing.
    fn fill_archive(&mut self, seed: u64, size: Size, until: Millis, written: usize, cast: usize) {
        let missing = |wanted: Option<u32>, there: usize| {
            wanted.map_or(0, |wanted| wanted.saturating_sub(there as u32))
        };
        let (chats, messages) = (missing(size.chats, cast), missing(size.messages, written));
        let archive = if chats == 0 {
            let parts = cast.min(script::personas().count()) as u32;
            Archive::of_written(seed, parts, messages, until, &self.shop.number)
        } else {
            Archive::new(seed, chats, messages.max(chats), until, &self.shop.number)
        };
        for member in archive.cast() {
            if member.is_group() {
                let group = self.crowd_group(member.chat(), &member.name, member.numbers(), until);
                self.groups.insert(group.id.clone(), group);
            } else if let Some(number) = member.numbers().first().filter(|_| chats > 0) {
                let person = Person {
                    name: member.name.clone(),
                    hidden: member.hidden,
                    tongue: member.tongue,
                    played: true,
                    ..Person::stranger(number.clone(), member.lid.clone())
                };
                self.lids.insert(person.lid.clone(), number.clone());
                self.people.insert(number.clone(), person);
            }
        }
        self.book = Book::with_archive(archive);
        let chats: Vec<ChatId> = self.book.chats().cloned().collect();
        for chat in chats.iter().step_by(9) {
            let last = self.book.last_shown(chat);
            if let Some(place) =
                last.filter(|place| self.book.head(*place).is_some_and(|head| !head.from_shop))
            {
                self.book.unsee(place);
            }
        }
    }

    fn crowd_group(&mut self, id: ChatId, name: &str, members: &[Number], at: Millis) -> Group {
        let created_by = members
            .first()
            .cloned()
            .unwrap_or_else(|| self.shop.number.clone());
        Group {
            id,
            name: name.to_owned(),
            description: String::new(),
            members: members
                .iter()
                .map(|number| {
                    (
                        number.clone(),
                        if *number == created_by {
                            Rank::Creator
                        } else {
                            Rank::Member
                        },
                    )
                })
                .collect(),
            shop: Some(Rank::Admin),
            created_at: at,
            created_by,
            invite_code: self.chance.letters(22),
            announcements: false,
            restricted: false,
            approve: false,
            members_may_add: true,
            icon: None,
        }
    }

    fn invite(&mut self, place: usize, persona: &Persona) {
        let number = Number::new(persona.number);
        let lid = format!("{}", 9_900_000_000_000_u64 + place as u64 + 1);
        self.lids.insert(lid.clone(), number.clone());
        let person = Person {
            name: persona.name.to_owned(),
            saved_as: persona.saved_as.map(str::to_owned),
            tongue: persona.tongue,
            played: true,
            ..Person::stranger(number.clone(), lid)
        };
        self.people.insert(number, person);
    }

    /// Three labels, each on a chat or two, as a shop uses them; the group is silent for ever.
    fn hang_labels(&mut self) {
        let labels = [
            ("1", "Pedido nuevo", "gold"),
            ("2", "Por entregar", "lightskyblue"),
            ("3", "Pagado", "limegreen"),
        ];
        for (id, name, colour) in labels {
            self.labels.add(Label {
                id: id.to_owned(),
                name: name.to_owned(),
                colour: colour.to_owned(),
            });
        }
        let mut chats: Vec<ChatId> = self
            .book
            .chats()
            .filter(|chat| !chat.is_group())
            .cloned()
            .collect();
        chats.sort();
        for (chat, label) in chats.iter().take(6).zip(["1", "2", "3"].into_iter().cycle()) {
            self.labels.put_on(label, chat.as_str());
        }
        if let Some(flags) = self.book.flags_mut(&ChatId::new(script::GROUP_ID)) {
            flags.mute = Mute::Forever;
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
        let members: Vec<Number> = script::GROUP_MEMBERS
            .iter()
            .map(|number| Number::new(*number))
            .collect();
        let group = self.crowd_group(
            id.clone(),
            script::GROUP_NAME,
            &members,
            now.saturating_sub(90 * DAY),
        );
        let mut at = now.saturating_sub(2 * DAY);
        for (author, body) in script::GROUP_TALK {
            at += self.chance.between(4, 200) * MINUTE;
            let content = Content::text(*body);
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
            Line::Them(text) => (persona.number, Content::text(fillings.fill(text))),
            Line::Us(text) => (SHOP_NUMBER, Content::text(fillings.fill(text))),
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
        let author = if from_shop {
            self.shop.number.clone()
        } else {
            Number::new(author)
        };
        let mut message = Message::plain(
            self.new_message_id(),
            chat.clone(),
            author,
            at,
            Source::Phone,
            content,
        );
        message.from_shop = from_shop;
        message.seen_by_shop = from_shop;
        if from_shop {
            message.receipts = readers.into_iter().map(|number| (number, read)).collect();
        }
        message
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

/// The shop as one of its devices shows it: the bakery itself, then its branches.
fn shop(device: u32) -> Shop {
    let (number, name) = match device {
        0 => (SHOP_NUMBER.to_owned(), script::SHOP_NAME.to_owned()),
        more => (
            format!("519000009{more:02}"),
            format!("{} {}", script::SHOP_NAME, more + 1),
        ),
    };
    Shop {
        number: Number::new(number),
        name,
        about: script::SHOP_ABOUT.to_owned(),
        icon: None,
        online: false,
    }
}
