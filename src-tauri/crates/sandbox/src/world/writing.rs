//! Writing and reading: how messages come into the world and who has opened them.

use std::collections::BTreeMap;

use super::{
    ChatId, ChatUpdate, Content, Event, Message, Number, Person, Progress, Receipt, SHOP_NUMBER, Source,
    World, agenda::Duty,
};
use crate::{clock::Millis, ledger::LedgerEntry};

/// Why the shop's message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendRefused {
    /// No number is linked.
    NotLinked,
    /// The shop is not in that group.
    NotAMember,
}

impl World {
    /// The shop writes through the gateway. Gives the message as the gateway answers it: pending.
    pub(crate) fn send(&mut self, to: ChatId, content: Content, now: Millis) -> Result<Message, SendRefused> {
        if !self.channel.is_linked() {
            return Err(SendRefused::NotLinked);
        }
        self.shop_writes(to, content, Source::Gateway, now)
    }

    /// The shop writes on its own phone, which works with or without a gateway.
    pub(crate) fn write_on_phone(
        &mut self,
        to: ChatId,
        content: Content,
        now: Millis,
    ) -> Result<Message, SendRefused> {
        self.shop_writes(to, content, Source::Phone, now)
    }

    fn shop_writes(
        &mut self,
        chat: ChatId,
        content: Content,
        source: Source,
        now: Millis,
    ) -> Result<Message, SendRefused> {
        let recipients = self.recipients(&chat)?;
        let at = self.time_of_next(now);
        let pending = Receipt {
            progress: Progress::Pending,
            at,
        };
        let message = Message {
            id: self.new_message_id(),
            chat,
            author: Number::new(SHOP_NUMBER),
            from_shop: true,
            at,
            source,
            content,
            receipts: recipients.into_iter().map(|number| (number, pending)).collect(),
            seen_by_shop: true,
        };
        self.write_in_ledger(&message);
        let (sent, delivered) = (self.habits.sent_after, self.habits.delivered_after);
        self.agenda.note(
            now.saturating_add(sent),
            Duty::Sent {
                message: message.id.clone(),
            },
        );
        self.agenda.note(
            now.saturating_add(delivered),
            Duty::Delivered {
                message: message.id.clone(),
            },
        );
        self.keep(message.clone());
        Ok(message)
    }

    /// A person writes to the shop, or into a group that the shop is in. Gives the message's id.
    pub(crate) fn person_writes(
        &mut self,
        author: &Number,
        chat: ChatId,
        content: Content,
        now: Millis,
    ) -> String {
        let message = Message {
            id: self.new_message_id(),
            chat,
            author: author.clone(),
            from_shop: false,
            at: self.time_of_next(now),
            source: Source::Phone,
            content,
            receipts: BTreeMap::new(),
            seen_by_shop: false,
        };
        let id = message.id.clone();
        self.keep(message);
        id
    }

    /// A person opens a chat: what the shop wrote there becomes read, by them.
    pub(crate) fn person_opens(&mut self, person: &Number, chat: &ChatId, now: Millis) {
        self.climb_all(chat, person, Progress::Read, now);
    }

    /// The shop opens a chat as far as one message; false when there is no such message.
    pub(crate) fn shop_opens(&mut self, message: &str) -> bool {
        let Some(&last) = self.index.by_id.get(message) else {
            return false;
        };
        let Some(chat) = self.messages.get(last).map(|message| message.chat.clone()) else {
            return false;
        };
        let before = self.chat(&chat);
        for place in self
            .index
            .by_chat
            .get(&chat)
            .into_iter()
            .flatten()
            .filter(|&&place| place <= last)
        {
            if let Some(message) = self.messages.get_mut(*place) {
                message.seen_by_shop = true;
            }
        }
        self.tell_chat_changed(before);
        true
    }

    /// Lets every message of the shop in a chat climb to `progress` with one recipient.
    fn climb_all(&mut self, chat: &ChatId, recipient: &Number, progress: Progress, now: Millis) {
        let places = self.index.by_chat.get(chat).cloned().unwrap_or_default();
        for place in places {
            self.climb(place, recipient, progress, now);
        }
    }

    /// Lets one message climb with one recipient, and tells it when it did.
    pub(super) fn climb(&mut self, place: usize, recipient: &Number, progress: Progress, at: Millis) {
        let Some(message) = self.messages.get_mut(place) else {
            return;
        };
        if message.climb(recipient, progress, at) {
            let viewer = message.chat.is_group().then(|| recipient.clone());
            let climbed = Event::Climbed {
                message: message.id.clone(),
                chat: message.chat.clone(),
                viewer,
                progress,
                at,
            };
            self.tell_if_linked(climbed);
        }
    }

    /// Who gets what is written in a chat. A number that was never seen becomes a stranger.
    fn recipients(&mut self, chat: &ChatId) -> Result<Vec<Number>, SendRefused> {
        if let Some(group) = self.groups.get(chat) {
            return Ok(group.members.iter().cloned().collect());
        }
        let number = chat.number().ok_or(SendRefused::NotAMember)?;
        self.people
            .entry(number.clone())
            .or_insert_with(|| Person::stranger(number.clone()));
        Ok(vec![number])
    }

    fn write_in_ledger(&mut self, message: &Message) {
        let media = message.content.media().and_then(|id| self.media.get(id));
        let media_sha256 = media.map(|media| media.look.sha256_hex());
        for recipient in message.receipts.keys() {
            self.ledger.record(LedgerEntry {
                ordinal: 0,
                recipient: recipient.to_string(),
                chat_id: message.chat.to_string(),
                message_id: message.id.clone(),
                kind: message.content.kind().to_owned(),
                body: message.content.words().map(str::to_owned),
                media_sha256: media_sha256.clone(),
                at: message.at,
            });
        }
    }

    /// Keeps a message as the newest of all, and tells of it.
    fn keep(&mut self, message: Message) {
        let before = self.chat(&message.chat);
        let chat = message.chat.clone();
        self.append(message.clone());
        self.tell_if_linked(Event::Wrote(message));
        match (before, self.chat(&chat)) {
            (Some(before), _) => self.tell_chat_changed(Some(before)),
            (None, Some(opened)) => self.tell_if_linked(Event::ChatOpened(opened)),
            (None, None) => {}
        }
    }

    fn tell_chat_changed(&mut self, before: Option<super::ChatView>) {
        let Some(before) = before else { return };
        let Some(after) = self.chat(&before.id) else {
            return;
        };
        if before.at != after.at || before.unread != after.unread {
            self.tell_if_linked(Event::ChatChanged(Box::new(ChatUpdate { before, after })));
        }
    }

    /// Puts a message at the end, without telling anybody.
    pub(super) fn append(&mut self, message: Message) {
        let place = self.messages.len();
        self.index.add(&message, place);
        self.messages.push(message);
        self.revision += 1;
    }

    /// What happens to chats and messages reaches a gateway only while it is linked.
    pub(super) fn tell_if_linked(&mut self, event: Event) {
        self.revision += 1;
        if self.channel.is_linked() {
            self.events.push(event);
        }
    }

    /// An id in WhatsApp's spelling, never given before.
    pub(super) fn new_message_id(&mut self) -> String {
        format!("{}-{}", self.chance.letters(22), self.chance.letters(10))
    }

    /// Messages are kept in the order of their times even when the machine's clock is set back.
    fn time_of_next(&self, now: Millis) -> Millis {
        self.messages.last().map_or(now, |last| now.max(last.at))
    }
}
