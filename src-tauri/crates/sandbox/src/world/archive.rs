//! The long past of a big world: as many chats and messages as were ordered, none of them stored.
//!
//! A message of the archive is a function of the seed and of its place: its chat, its moment, its author and its
//! words are worked out when somebody asks. Its id carries the place, so that finding it again needs no table. What
//! is kept is which chat each place belongs to (in the book's index), which is a few bytes for each message. Once
//! something happens to a message of the archive (it is edited, reacted to, starred), the book keeps the changed one.
//!
//! Chats come in the order of their numbers: each in turn gets a message, so that none is empty, and all others fall
//! to the chats with low numbers more often than to those with high ones, as a shop's regulars write more.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    ChatId, Content, FileContent, FileKind, Media, Message, Motif, Number, Poll, Progress, Receipt, Source,
    Tongue,
    cast::{self, Member},
    pictures,
    script::{self, Fillings, Line},
};
use crate::{chance::Chance, clock::Millis};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// Nine in the morning in Lima, in UTC, and how long the shop is open.
const MORNING: Millis = 14 * HOUR;
const OPEN: Millis = 9 * HOUR;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PLACE_LETTERS: usize = 6;

/// A past that is worked out and not stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Archive {
    seed: u64,
    chats: u32,
    messages: u32,
    /// Its chats are those of the written parts, not of a crowd.
    written: bool,
    /// The first of its days, at midnight.
    from: Millis,
    days: u64,
    shop: String,
    #[serde(skip)]
    cast: Vec<Member>,
}

/// What can be known of a message without working out its words.
pub(crate) struct Head {
    pub(crate) from_shop: bool,
    pub(crate) author: Number,
}

impl Archive {
    /// A past of `messages` with a crowd of `chats`, over so many whole days before `until`.
    pub(crate) fn new(seed: u64, chats: u32, messages: u32, until: Millis, shop: &Number) -> Self {
        Self::with(seed, (chats, false), messages, until, shop)
    }

    /// The same with the first so many of the written parts.
    pub(crate) fn of_written(seed: u64, chats: u32, messages: u32, until: Millis, shop: &Number) -> Self {
        Self::with(seed, (chats, true), messages, until, shop)
    }

    fn with(seed: u64, (chats, written): (u32, bool), messages: u32, until: Millis, shop: &Number) -> Self {
        let days = (u64::from(messages) / 400).clamp(30, 720);
        let mut archive = Self {
            seed,
            chats,
            messages: if chats == 0 { 0 } else { messages },
            written,
            from: (until - until % DAY).saturating_sub(days * DAY),
            days,
            shop: shop.to_string(),
            cast: Vec::new(),
        };
        archive.restore();
        archive
    }

    /// Makes its cast again after it was loaded.
    pub(crate) fn restore(&mut self) {
        self.cast = if self.written {
            script::personas()
                .take(self.chats as usize)
                .map(cast::written)
                .collect()
        } else {
            (0..self.chats)
                .map(|chat| cast::member(self.seed, chat))
                .collect()
        };
    }

    pub(crate) fn len(&self) -> usize {
        self.messages as usize
    }

    /// Who is behind each chat, in their order.
    pub(crate) fn cast(&self) -> &[Member] {
        &self.cast
    }

    fn mixed(&self, place: usize, salt: u64) -> Chance {
        let mut chance =
            Chance::from_seed(self.seed ^ (place as u64).wrapping_mul(0xA24B_AED4_963E_E407) ^ (salt << 56));
        chance.next();
        chance
    }

    /// Which chat a place belongs to.
    pub(crate) fn chat_at(&self, place: usize) -> usize {
        let chats = self.chats.max(1) as usize;
        let turn = (self.len() / chats).max(1);
        if place.is_multiple_of(turn) && place / turn < chats {
            return place / turn;
        }
        let mut chance = self.mixed(place, 1);
        let (one, other) = (chance.below(chats as u64), chance.below(chats as u64));
        (one * other / chats as u64) as usize
    }

    /// When the message at a place was written: later places are later.
    pub(crate) fn time_at(&self, place: usize) -> Millis {
        let open = place as u64 * (self.days * OPEN) / (self.len().max(1) as u64);
        self.from + open / OPEN * DAY + MORNING + open % OPEN
    }

    /// Who wrote the message at a place.
    pub(crate) fn head(&self, place: usize) -> Head {
        let mut chance = self.mixed(place, 2);
        let from_shop = chance.below(100) < 42;
        let members = self
            .cast
            .get(self.chat_at(place))
            .map_or(&[][..], Member::numbers);
        let author = members.get(chance.below(members.len() as u64) as usize);
        match author {
            Some(author) if !from_shop => Head {
                from_shop,
                author: author.clone(),
            },
            _ => Head {
                from_shop: true,
                author: Number::new(self.shop.clone()),
            },
        }
    }

    /// The message at a place, as it was before anything happened to it.
    pub(crate) fn message(&self, place: usize) -> Option<Message> {
        if place >= self.len() {
            return None;
        }
        let member = self.cast.get(self.chat_at(place))?;
        let (head, at) = (self.head(place), self.time_at(place));
        let content = self.content(place, member, head.from_shop);
        let mut message = Message::plain(
            self.id(place),
            member.chat(),
            head.author,
            at,
            Source::Phone,
            content,
        );
        message.from_shop = head.from_shop;
        message.seen_by_shop = true;
        if head.from_shop {
            let read = Receipt {
                progress: Progress::Read,
                at,
            };
            message.receipts = member
                .numbers()
                .iter()
                .map(|number| (number.clone(), read))
                .collect();
        }
        Some(message)
    }

    fn content(&self, place: usize, member: &Member, from_shop: bool) -> Content {
        let mut chance = self.mixed(place, 3);
        let fillings = Fillings::choose(member.tongue, &mut chance);
        let words = self.words(member.tongue, from_shop, &fillings, &mut chance);
        match chance.below(100) {
            0..=3 => Content::image(self.media_id("jpeg", place), Some(words)),
            4 => Content::File(FileContent {
                kind: FileKind::Document,
                media: self.media_id("pdf", place),
                caption: None,
                name: Some("pedido.pdf".to_owned()),
                seconds: None,
            }),
            5 => Content::File(FileContent {
                kind: FileKind::Voice,
                media: self.media_id("ogg", place),
                caption: None,
                name: None,
                seconds: Some(2),
            }),
            6 if !from_shop => Content::shaped(
                "location",
                json!({ "latitude": -12.05 - chance.below(900) as f64 / 10_000.0, "longitude": -77.0 }),
            ),
            7 if member.is_group() => Content::Poll(Poll {
                title: words,
                options: vec!["Sí".to_owned(), "No".to_owned()],
                single: true,
                votes: Default::default(),
            }),
            _ => Content::text(words),
        }
    }

    fn words(&self, tongue: Tongue, from_shop: bool, fillings: &Fillings, chance: &mut Chance) -> String {
        let dialogues = script::dialogues(tongue);
        let start = chance.below(dialogues.len() as u64) as usize;
        let lines = (0..dialogues.len()).flat_map(|turn| dialogues[(start + turn) % dialogues.len()]);
        let mut fitting = lines.filter_map(|line| match line {
            Line::Them(text) | Line::Show(_, text) if !from_shop => Some(*text),
            Line::Us(text) if from_shop => Some(*text),
            _ => None,
        });
        let skipped = chance.below(3) as usize;
        fillings.fill(fitting.nth(skipped).unwrap_or_default())
    }

    /// The id of the message at a place: noise, the place, noise.
    pub(crate) fn id(&self, place: usize) -> String {
        let mut chance = self.mixed(place, 4);
        let head = chance.letters(15);
        let mut spelt = [b'0'; PLACE_LETTERS];
        let mut left = place;
        for letter in spelt.iter_mut().rev() {
            *letter = BASE62[left % 62];
            left /= 62;
        }
        format!("{head}{}-{}", String::from_utf8_lossy(&spelt), chance.letters(10))
    }

    /// Which place an id names.
    pub(crate) fn place_of(&self, id: &str) -> Option<usize> {
        let spelt = id.get(15..15 + PLACE_LETTERS)?;
        let place = spelt.bytes().try_fold(0_usize, |place, letter| {
            let digit = BASE62.iter().position(|known| *known == letter)?;
            Some(place * 62 + digit)
        })?;
        (place < self.len() && self.id(place) == id).then_some(place)
    }

    fn media_id(&self, word: &str, place: usize) -> String {
        format!("{word}-{}-{place:014x}", self.mixed(place, 5).hex(32))
    }

    /// A file of the archive, made when it is asked for.
    pub(crate) fn media(&self, id: &str) -> Option<Media> {
        let (word, rest) = id.split_once('-')?;
        let place = usize::from_str_radix(rest.split_once('-')?.1, 16).ok()?;
        if place >= self.len() || self.media_id(word, place) != id {
            return None;
        }
        let (mut chance, at) = (self.mixed(place, 6), self.time_at(place));
        let motif = chance.one_of(&Motif::ALL);
        let mut media = match word {
            "pdf" => Media::of_bytes(super::samples::pdf(), Some("application/pdf"), at, &mut chance).ok()?,
            "ogg" => Media::of_bytes(
                super::samples::voice(),
                Some("audio/ogg; codecs=opus"),
                at,
                &mut chance,
            )
            .ok()?,
            _ => Media::drawn(pictures::drawing(motif, &mut chance), at, &mut chance),
        };
        media.id = id.to_owned();
        Some(media)
    }

    /// The chat behind a number of the cast.
    pub(crate) fn chat_id(&self, chat: usize) -> Option<ChatId> {
        self.cast.get(chat).map(Member::chat)
    }
}

#[cfg(test)]
mod tests {
    use super::Archive;
    use crate::world::Number;

    #[test]
    fn a_message_is_found_by_its_id_and_no_other_id_finds_one() {
        let archive = Archive::new(7, 40, 5_000, 1_790_000_000_000, &Number::new("51900000010"));
        for place in [0, 1, 61, 62, 4_999] {
            let id = archive.id(place);
            assert_eq!(archive.place_of(&id), Some(place), "the id carries the place");
            let other = id.replacen('-', "x-", 1);
            assert_eq!(
                archive.place_of(&other),
                None,
                "an id that only resembles it is nobody's"
            );
        }
        assert!(
            archive.message(5_000).is_none(),
            "the archive ends where it was ordered to"
        );
    }

    #[test]
    fn every_chat_has_something_and_time_only_grows() {
        let archive = Archive::new(7, 40, 5_000, 1_790_000_000_000, &Number::new("51900000010"));
        let mut had = [false; 40];
        for place in 0..archive.len() {
            had[archive.chat_at(place)] = true;
            assert!(
                place == 0 || archive.time_at(place) >= archive.time_at(place - 1),
                "later places are later"
            );
        }
        assert!(had.iter().all(|had| *had), "no chat is empty");
    }
}
