//! A window of events, cut into transactions.
//!
//! Why it is cut: the writer serves one transaction after the other, and whoever wants to store that a message is about to be
//! sent waits for the one before. [`MOST`] messages take some tens of milliseconds.
//!
//! Why by chat: the keys of messages lie by chat. A transaction of messages from everywhere touches a page of each index for
//! nearly every message, and writes each of them whole; one of a few chats touches a twentieth of that. So a large window is
//! sorted before it is cut, and the larger the window, the less is written.

#![allow(
    clippy::vec_box,
    reason = "they come in boxes, and a box is moved by its eight bytes when they are sorted"
)]

use std::collections::HashMap;
use std::mem::take;

use mostrador_domain::{Address, Inbound, InboundMessage};

use super::events::Events;

/// How many messages one transaction takes in.
const MOST: usize = 3_584;

/// What a chat costs beside its messages (its row is read and written, and a page of each index of messages is its own), in messages.
const CHAT: usize = 6;

/// How much one transaction takes in, chats and messages, in messages.
const MOST_WORK: usize = 4_608;

/// The events in the order in which they are to be taken in, each batch in a transaction of its own. What is told of chats and
/// people comes first, what was done to messages last; a chat that fits into one batch is not divided. A small window is one
/// batch.
pub fn batches(events: Vec<Inbound>) -> Vec<Events> {
    if events.len() * (CHAT + 1) <= MOST_WORK {
        return vec![events.into()];
    }
    let mut first = Events::by_kind(events);
    let messages = take(&mut first.messages);
    let (changes, statuses) = (take(&mut first.changes), take(&mut first.statuses));
    let (link, unknown) = (take(&mut first.link), take(&mut first.unknown));
    let mut cut = Cut {
        batches: Vec::new(),
        open: first,
        chats: 0,
    };
    for chat in by_chat(messages) {
        cut.add(chat);
    }
    cut.batches.push(Events {
        changes,
        statuses,
        link,
        unknown,
        ..cut.open
    });
    cut.batches
}

struct Cut {
    batches: Vec<Events>,
    open: Events,
    chats: usize,
}

impl Cut {
    fn add(&mut self, chat: Vec<Box<InboundMessage>>) {
        let messages = self.open.messages.len() + chat.len();
        let work = messages + (self.chats + 1) * CHAT;
        if !self.open.messages.is_empty() && (messages > MOST || work > MOST_WORK) {
            self.close();
        }
        self.chats += 1;
        for message in chat {
            if self.open.messages.len() == MOST {
                self.close();
            }
            self.open.messages.push(message);
        }
    }

    fn close(&mut self) {
        self.batches.push(take(&mut self.open));
        self.chats = 0;
    }
}

/// The messages of each chat in the order of time; chats in the order of their addresses.
fn by_chat(messages: Vec<Box<InboundMessage>>) -> impl Iterator<Item = Vec<Box<InboundMessage>>> {
    let mut chats: HashMap<Address, Vec<Box<InboundMessage>>> = HashMap::new();
    for message in messages {
        match chats.get_mut(&message.chat) {
            Some(chat) => chat.push(message),
            None => {
                chats.insert(message.chat.clone(), vec![message]);
            }
        }
    }
    let mut chats: Vec<_> = chats.into_iter().collect();
    chats.sort_unstable_by(|(one, _), (next, _)| one.cmp(next));
    chats.into_iter().map(|(_, mut messages)| {
        messages.sort_by_key(|message| message.at);
        messages
    })
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, ChatSnapshot, MessageBody, MessageContext, UnixMillis};

    use super::*;

    fn message(chat: usize, at: i64) -> Inbound {
        let chat = Address::parse(&format!("5190000{chat:04}"));
        Inbound::Message(Box::new(InboundMessage {
            gateway_id: format!("{at}"),
            chat: chat.clone(),
            chat_name: None,
            sender: Some(chat),
            sender_name: None,
            from_me: false,
            at: UnixMillis(at),
            body: MessageBody::Text("hola".to_owned()),
            status: None,
            context: MessageContext::default(),
        }))
    }

    #[test]
    fn a_small_window_is_one_batch() {
        let events: Vec<Inbound> = (0..5).map(|at| message(4 - at, 0)).collect();
        let cut = batches(events);
        assert_eq!(cut.len(), 1, "nothing is gained by cutting it");
        assert_eq!(cut[0].messages.len(), 5);
        assert!(cut[0].messages.is_sorted_by(|one, next| one.chat < next.chat));
    }

    #[test]
    fn a_large_window_is_cut_by_chat_and_loses_nothing() {
        let mut events: Vec<Inbound> = (0..20_000).map(|at| message(at % 300, at as i64)).collect();
        events.push(Inbound::Chat(ChatSnapshot::of(Address::parse("519000000001"))));
        events.push(Inbound::Unknown {
            raw_kind: "new".to_owned(),
            raw: "{}".to_owned(),
        });
        let cut = batches(events);
        let all: usize = cut.iter().map(|batch| batch.messages.len()).sum();
        assert_eq!(all, 20_000, "each message is in one batch");
        assert!(
            cut.iter().all(|batch| batch.messages.len() <= MOST),
            "none holds the writer for long"
        );
        assert!(
            cut.windows(2).all(|pair| {
                let (before, after) = (&pair[0].messages, &pair[1].messages);
                before.last().map(|last| &last.chat) < after.first().map(|first| &first.chat)
            }),
            "no chat that fits is divided, and none comes twice"
        );
        assert!(
            cut.iter().position(|batch| !batch.chats.is_empty()) == Some(0),
            "chats are known before their messages come"
        );
        assert!(
            cut.iter().position(|batch| !batch.unknown.is_empty()) == Some(cut.len() - 1),
            "what was done comes after all messages"
        );
    }

    #[test]
    fn messages_of_many_chats_are_cut_smaller() {
        let events: Vec<Inbound> = (0..3_000).map(|at| message(at / 2, at as i64)).collect();
        let cut = batches(events);
        let all: usize = cut.iter().map(|batch| batch.messages.len()).sum();
        assert_eq!(all, 3_000, "each message is in one batch");
        let work = |batch: &Events| batch.messages.len() + batch.messages.len() / 2 * CHAT;
        assert!(
            cut.iter().all(|batch| work(batch) <= MOST_WORK),
            "their rows hold the writer for longer than their messages"
        );
    }

    #[test]
    fn a_chat_that_is_too_large_is_divided_in_its_order() {
        let events: Vec<Inbound> = (0..9_000).rev().map(|at| message(1, at)).collect();
        let cut = batches(events);
        assert_eq!(cut.len(), 3, "as few as are needed");
        let times: Vec<i64> = cut
            .iter()
            .flat_map(|batch| &batch.messages)
            .map(|message| message.at.0)
            .collect();
        assert!(times.is_sorted(), "older messages go in first");
    }
}
