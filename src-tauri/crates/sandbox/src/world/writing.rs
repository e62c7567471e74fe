//! Writing and reading: how messages come into the world and who has opened them.

use super::{
    ChatId, ChatUpdate, Content, Event, Extras, Message, Number, Progress, Receipt, Source, World,
    agenda::Duty,
};
use crate::{
    clock::Millis,
    ledger::{Effect, LedgerEntry},
};

/// Why the shop's message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendRefused {
    /// No number is linked.
    NotLinked,
    /// The shop is not in that group, or may not write in it.
    NotAMember,
    /// There is no such message to answer.
    NothingToQuote,
}

impl World {
    /// The shop writes through the gateway. Gives the message as the gateway answers it: pending.
    pub(crate) fn send(
        &mut self,
        to: ChatId,
        content: Content,
        extras: Extras,
        now: Millis,
    ) -> Result<Message, SendRefused> {
        if !self.channel.is_linked() {
            return Err(SendRefused::NotLinked);
        }
        if extras
            .quoted
            .as_ref()
            .is_some_and(|quoted| self.message(quoted).is_none())
        {
            return Err(SendRefused::NothingToQuote);
        }
        self.shop_writes(to, content, extras, Source::Gateway, now)
    }

    /// The shop writes on its own phone, which works with or without a gateway.
    pub(crate) fn write_on_phone(
        &mut self,
        to: ChatId,
        content: Content,
        now: Millis,
    ) -> Result<Message, SendRefused> {
        self.shop_writes(to, content, Extras::default(), Source::Phone, now)
    }

    fn shop_writes(
        &mut self,
        to: ChatId,
        content: Content,
        extras: Extras,
        source: Source,
        now: Millis,
    ) -> Result<Message, SendRefused> {
        let (chat, recipients) = self.addressed(&to)?;
        let at = self.time_of_next(now);
        let pending = Receipt {
            progress: Progress::Pending,
            at,
        };
        let id = self.new_message_id();
        let reached = recipients.iter().all(|number| self.has_whatsapp(number));
        let mut message = Message::plain(id, chat, self.shop.number.clone(), at, source, content);
        message.from_shop = true;
        message.seen_by_shop = true;
        message.extras = extras;
        message.receipts = recipients.into_iter().map(|number| (number, pending)).collect();
        let (sent, delivered) = (self.habits.sent_after, self.habits.delivered_after);
        let id = message.id.clone();
        if reached {
            self.write_in_ledger(&message, Effect::Message);
            self.agenda
                .note(now.saturating_add(sent), Duty::Sent { message: id.clone() });
            self.agenda
                .note(now.saturating_add(delivered), Duty::Delivered { message: id });
        } else {
            self.agenda
                .note(now.saturating_add(sent), Duty::Failed { message: id });
        }
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
        self.person_sends(author, chat, content, Extras::default(), now)
    }

    /// The same, with something besides the content. A blocked person's message stays with them.
    pub(crate) fn person_sends(
        &mut self,
        author: &Number,
        chat: ChatId,
        content: Content,
        extras: Extras,
        now: Millis,
    ) -> String {
        let id = self.new_message_id();
        let blocked = self.people.get(author).is_some_and(|person| person.blocked);
        if blocked && !chat.is_group() {
            return id;
        }
        let at = self.time_of_next(now);
        let mut message = Message::plain(id.clone(), chat, author.clone(), at, Source::Phone, content);
        message.extras = extras;
        message.seen_by_shop = !message.is_shown();
        self.keep(message);
        id
    }

    /// A person opens a chat: what the shop wrote there becomes read, by them.
    pub(crate) fn person_opens(&mut self, person: &Number, chat: &ChatId, now: Millis) {
        for place in self.book.climbing(chat) {
            self.climb(place, person, Progress::Read, now);
        }
    }

    /// A person listens to a voice message of the shop; false when it is not one.
    pub(crate) fn person_plays(&mut self, person: &Number, message: &str, now: Millis) -> bool {
        let Some(place) = self.book.place_of(message) else {
            return false;
        };
        self.climb(place, person, Progress::Played, now)
    }

    /// The shop opens a chat as far as one message; false when there is no such message.
    pub(crate) fn shop_opens(&mut self, message: &str) -> bool {
        let Some(last) = self.book.place_of(message) else {
            return false;
        };
        let Some(chat) = self.book.get(last).map(|message| message.chat.clone()) else {
            return false;
        };
        let before = self.chat(&chat);
        self.book.see(&chat, last);
        self.tell_chat_changed(before);
        true
    }

    /// Lets one message climb with one recipient, and tells it; false when it stood there already.
    pub(super) fn climb(&mut self, place: usize, recipient: &Number, progress: Progress, at: Millis) -> bool {
        let Some(message) = self.book.get_mut(place) else {
            return false;
        };
        if !message.climb(recipient, progress, at) {
            return false;
        }
        let viewer = message.chat.is_group().then(|| recipient.clone());
        let chat = message.chat.clone();
        let climbed = Event::Climbed {
            message: message.id.clone(),
            chat: chat.clone(),
            viewer,
            progress,
            at,
        };
        if message.progress() >= Some(Progress::Read) {
            self.book.at_the_top(&chat, place);
        }
        self.tell_climbed(climbed, progress, at);
        true
    }

    /// The chat that an address leads to and who gets what is written there. A number that was never seen becomes
    /// a stranger; one that is spelt the other way leads to the person who has it.
    pub(super) fn addressed(&mut self, to: &ChatId) -> Result<(ChatId, Vec<Number>), SendRefused> {
        if let Some(group) = self.groups.get(to) {
            let rank = group.shop.ok_or(SendRefused::NotAMember)?;
            if group.announcements && rank == super::Rank::Member {
                return Err(SendRefused::NotAMember);
            }
            return Ok((to.clone(), group.members.keys().cloned().collect()));
        }
        if let Some(person) = self.person_at(to) {
            // Whoever hides their number is listed by the hidden one, however they were addressed.
            let chat = if to.hidden().is_some() {
                to.clone()
            } else {
                person.chat()
            };
            return Ok((chat, vec![person.number.clone()]));
        }
        let number = to.number().ok_or(SendRefused::NotAMember)?;
        self.meet(number.clone());
        Ok((to.clone(), vec![number]))
    }

    pub(super) fn write_in_ledger(&mut self, message: &Message, effect: Effect) {
        let recipients: Vec<Number> = message.receipts.keys().cloned().collect();
        for recipient in recipients {
            let entry = self.ledger_entry(message, effect, &recipient, message.at);
            self.ledger.record(entry);
        }
    }

    pub(super) fn ledger_entry(
        &self,
        message: &Message,
        effect: Effect,
        recipient: &Number,
        at: Millis,
    ) -> LedgerEntry {
        let media = message.content.media().and_then(|id| self.media(id));
        LedgerEntry {
            ordinal: 0,
            channel: self.shop.number.to_string(),
            effect,
            recipient: recipient.to_string(),
            chat_id: message.chat.to_string(),
            message_id: message.id.clone(),
            kind: message.content.kind().to_owned(),
            body: message.content.words().map(str::to_owned),
            media_sha256: media.map(|media| media.sha256_hex()),
            details: message.content.details(),
            quoted: message.extras.quoted.clone(),
            at,
        }
    }

    /// Keeps a message as the newest of all, and tells of it.
    pub(super) fn keep(&mut self, message: Message) {
        let before = self.chat(&message.chat);
        let chat = message.chat.clone();
        self.append(message.clone());
        self.tell_if_linked(Event::Wrote(Box::new(message)));
        match (before, self.chat(&chat)) {
            (Some(before), _) => self.tell_chat_changed(Some(before)),
            (None, Some(opened)) => self.tell_if_linked(Event::ChatOpened(Box::new(opened))),
            (None, None) => {}
        }
    }

    pub(super) fn tell_chat_changed(&mut self, before: Option<super::ChatView>) {
        let Some(before) = before else { return };
        let Some(after) = self.chat(&before.id) else {
            return;
        };
        let update = ChatUpdate { before, after };
        if !update.changes().is_empty() {
            self.tell_if_linked(Event::ChatChanged(Box::new(update)));
        }
    }

    /// Puts a message at the end, without telling anybody.
    pub(super) fn append(&mut self, message: Message) {
        self.book.push(message);
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
    pub(super) fn time_of_next(&self, now: Millis) -> Millis {
        match self.book.len() {
            0 => now,
            len => now.max(self.book.time_of(len - 1)),
        }
    }
}
