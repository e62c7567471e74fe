//! The invented shop that is measured: a million messages in Spanish-looking words, the same ones at each run.
//!
//! Message `i` follows from the seed and `i` alone, so any order of them can be made without keeping all of them. Words and
//! chats are drawn with Zipf's distribution: few are frequent, most are rare, as in a shop. A message has 6 words on average
//! (an exponential distribution, so that some are long), about 40 bytes; every 25th word is a number.

mod words;

use mostrador_domain::{
    Address, DeliveryStatus, Inbound, InboundMessage, MessageBody, MessageContext, UnixMillis,
};

pub(crate) use words::{Draw, Rng, Vocabulary};

/// When the first message was written: 2025-01-01.
const BEGIN: i64 = 1_735_689_600_000;
/// A year, in which all of them were written.
const SPAN: i64 = 365 * 86_400_000;
/// Of ten messages, how many are ours.
const OURS: u64 = 4;

/// Of a thousand messages, how many more the largest chat gets: with its own share a tenth of all.
const LARGEST: u64 = 65;

/// How many chats and messages there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) chats: usize,
    pub(crate) messages: usize,
}

/// In which order the messages come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As they were written, chats mixed.
    Live,
    /// Older messages later, chats mixed.
    History,
}

/// The shop's messages.
pub(crate) struct Corpus {
    pub(crate) size: Size,
    pub(crate) vocabulary: Vocabulary,
    words: Draw,
    chats: Draw,
    seed: u64,
}

/// One message.
pub(crate) struct Line {
    pub(crate) chat: usize,
    pub(crate) at: i64,
    pub(crate) from_me: bool,
    pub(crate) gateway_id: String,
    pub(crate) text: String,
    pub(crate) status: DeliveryStatus,
}

impl Corpus {
    pub(crate) fn new(size: Size, seed: u64) -> Self {
        let vocabulary = Vocabulary::new(seed);
        Self {
            size,
            words: Draw::zipf(vocabulary.len(), 1.05),
            chats: Draw::zipf(size.chats, 1.0),
            vocabulary,
            seed,
        }
    }

    /// When the last one was written.
    pub(crate) fn end(&self) -> UnixMillis {
        UnixMillis(BEGIN + SPAN)
    }

    /// The `place`-th message that comes, in `order`.
    pub(crate) fn line(&self, order: Order, place: usize) -> Line {
        let number = match order {
            Order::Live => place,
            Order::History => self.size.messages - 1 - place,
        };
        let mut rng = Rng::new(self.seed ^ (number as u64).wrapping_mul(0x9E6D_62D0_6F6A_9A9B));
        let chat = if rng.below(1_000) < LARGEST {
            0
        } else {
            self.chats.draw(&mut rng)
        };
        let from_me = rng.below(10) < OURS;
        // WhatsApp's clock has whole seconds.
        let at = BEGIN + SPAN / 1_000 * number as i64 / self.size.messages as i64 * 1_000;
        Line {
            chat,
            at,
            from_me,
            gateway_id: format!("3EB0{:016X}", rng.next()),
            text: self.text(&mut rng),
            status: match rng.below(20) {
                0 => DeliveryStatus::Sent,
                1..=3 => DeliveryStatus::Delivered,
                _ => DeliveryStatus::Read,
            },
        }
    }

    fn text(&self, rng: &mut Rng) -> String {
        let words = 1 + (-(1.0 - rng.fraction()).ln() * 5.6) as usize;
        let mut text = String::with_capacity(words * 8);
        for place in 0..words {
            if place > 0 {
                text.push(' ');
            }
            if rng.below(25) == 0 {
                text.push_str(&rng.below(2_000).to_string());
            } else {
                text.push_str(self.vocabulary.word(self.words.draw(rng)));
            }
        }
        text
    }

    /// One message for the chat of this number, as a driver tells it.
    pub(crate) fn inbound_of_chat(&self, chat: usize, order: Order) -> Inbound {
        let line = Line {
            chat,
            ..self.line(order, chat)
        };
        Inbound::Message(Box::new(told(line)))
    }

    /// Messages as a driver tells them.
    pub(crate) fn inbound(&self, order: Order, places: std::ops::Range<usize>) -> Vec<Inbound> {
        places
            .map(|place| Inbound::Message(Box::new(told(self.line(order, place)))))
            .collect()
    }
}

/// The address of a chat; every tenth is a group.
pub(crate) fn address(chat: usize) -> Address {
    if chat % 10 == 9 {
        Address::parse(&format!("1203630{chat:011}@g.us"))
    } else {
        Address::parse(&format!("51900{chat:07}@s.whatsapp.net"))
    }
}

fn told(line: Line) -> InboundMessage {
    let chat = address(line.chat);
    let writer = if line.chat % 10 == 9 {
        address((line.chat * 31 + line.text.len() % 30) * 10)
    } else {
        chat.clone()
    };
    InboundMessage {
        gateway_id: line.gateway_id,
        chat,
        chat_name: None,
        sender: (!line.from_me).then_some(writer),
        sender_name: (!line.from_me).then(|| format!("Cliente {}", line.chat)),
        from_me: line.from_me,
        at: UnixMillis(line.at),
        body: MessageBody::Text(line.text),
        status: line.from_me.then_some(line.status),
        context: MessageContext::default(),
    }
}
