//! What is done to messages after they were written: edits, deletions, reactions, votes, stars and pins.
//!
//! Each of them, but the star, travels as a message of its own that shows nothing (an *action*), changes the message
//! it is about, and reaches everybody in the chat: so it stands in the ledger when the shop does it. A star is the
//! shop's own mark and reaches nobody.

use super::{Change, ChatId, Content, Deed, Event, Message, Number, Receipt, Source, World};
use crate::{clock::Millis, ledger::Effect};

const DAY: Millis = 86_400_000;

/// Why nothing was done to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ActRefused {
    /// No number is linked.
    #[error("the shop's number is not linked")]
    NotLinked,
    /// There is no such message.
    #[error("there is no such message")]
    NoSuchMessage,
    /// Only its author may do that.
    #[error("only the author of a message may do that")]
    NotTheirs,
    /// Messages of that kind do not allow it.
    #[error("a message of that kind does not allow it")]
    WrongKind,
}

impl World {
    /// The shop does something to a message, through the gateway or on its phone.
    pub(crate) fn shop_acts(
        &mut self,
        target: &str,
        deed: Deed,
        source: Source,
        now: Millis,
    ) -> Result<Message, ActRefused> {
        if source == Source::Gateway && !self.channel.is_linked() {
            return Err(ActRefused::NotLinked);
        }
        let shop = self.shop.number.clone();
        self.acts(&shop, target, deed, source, now)
    }

    /// A person does something to a message in one of their chats with the shop.
    pub(crate) fn person_acts(
        &mut self,
        person: &Number,
        target: &str,
        deed: Deed,
        now: Millis,
    ) -> Result<Message, ActRefused> {
        self.acts(person, target, deed, Source::Phone, now)
    }

    /// The shop stars a message, or lets it go.
    pub(crate) fn star(&mut self, target: &str, starred: bool) -> Result<(), ActRefused> {
        if !self.channel.is_linked() {
            return Err(ActRefused::NotLinked);
        }
        let place = self.book.place_of(target).ok_or(ActRefused::NoSuchMessage)?;
        let message = self.book.get_mut(place).ok_or(ActRefused::NoSuchMessage)?;
        message.starred = starred;
        self.revision += 1;
        Ok(())
    }

    /// The shop's phone deletes messages for itself alone.
    pub(crate) fn forget(&mut self, target: &str) -> Result<(), ActRefused> {
        let place = self.book.place_of(target).ok_or(ActRefused::NoSuchMessage)?;
        let message = self.book.get(place).ok_or(ActRefused::NoSuchMessage)?;
        let before = self.chat(&message.chat);
        self.book.remove(place);
        self.tell_if_linked(Event::Removed(vec![target.to_owned()]));
        self.tell_chat_changed(before);
        Ok(())
    }

    fn acts(
        &mut self,
        who: &Number,
        target: &str,
        deed: Deed,
        source: Source,
        now: Millis,
    ) -> Result<Message, ActRefused> {
        let place = self.book.place_of(target).ok_or(ActRefused::NoSuchMessage)?;
        let before = self
            .book
            .get(place)
            .ok_or(ActRefused::NoSuchMessage)?
            .into_owned();
        may(who, &before, &deed)?;
        let at = self.time_of_next(now);
        let trigger = self.trigger(who, &before, &deed, source, at);
        if *who == self.shop.number {
            self.act_in_ledger(&before, &deed, at);
        }
        let chat_before = self.chat(&before.chat);
        self.append(trigger.clone());
        self.tell_if_linked(Event::Wrote(Box::new(trigger.clone())));
        if deed == Deed::Delete {
            self.book.remove(place);
            self.tell_if_linked(Event::Removed(vec![target.to_owned()]));
        } else if let Some(message) = self.book.get_mut(place) {
            let field = apply(message, who, &deed, at);
            let change = Change {
                trigger: trigger.clone(),
                after: message.clone(),
                before,
                field,
            };
            self.tell_if_linked(Event::Changed(Box::new(change)));
        }
        self.tell_chat_changed(chat_before);
        Ok(trigger)
    }

    fn trigger(&mut self, who: &Number, about: &Message, deed: &Deed, source: Source, at: Millis) -> Message {
        let content = Content::Action {
            target: about.id.clone(),
            deed: deed.clone(),
        };
        let mut trigger = Message::plain(
            self.new_message_id(),
            about.chat.clone(),
            who.clone(),
            at,
            source,
            content,
        );
        trigger.from_shop = *who == self.shop.number;
        trigger.seen_by_shop = true;
        trigger
    }

    fn act_in_ledger(&mut self, about: &Message, deed: &Deed, at: Millis) {
        let (effect, body) = match deed {
            Deed::Edit { now } => (Effect::Edit, now.words().map(str::to_owned)),
            Deed::Delete => (Effect::Deletion, None),
            Deed::Reaction { emoji } => (Effect::Reaction, Some(emoji.clone())),
            Deed::Pin | Deed::Unpin => (Effect::Pin, Some(deed.word().to_owned())),
            Deed::Vote { .. } => return,
        };
        for recipient in self.others_in(&about.chat) {
            let mut entry = self.ledger_entry(about, effect, &recipient, at);
            entry.body.clone_from(&body);
            self.ledger.record(entry);
        }
    }

    /// Everybody in a chat but the shop.
    pub(super) fn others_in(&self, chat: &ChatId) -> Vec<Number> {
        match self.groups.get(chat) {
            Some(group) => group.members.keys().cloned().collect(),
            None => self
                .person_at(chat)
                .map(|person| person.number.clone())
                .into_iter()
                .collect(),
        }
    }
}

fn may(who: &Number, about: &Message, deed: &Deed) -> Result<(), ActRefused> {
    let theirs = about.author == *who;
    match (deed, &about.content) {
        (Deed::Edit { .. } | Deed::Delete, _) if !theirs => Err(ActRefused::NotTheirs),
        (Deed::Edit { .. }, Content::Action { .. } | Content::Noise) => Err(ActRefused::WrongKind),
        (Deed::Vote { options }, Content::Poll(poll)) => {
            let known = options.iter().all(|place| *place < poll.options.len());
            let few = !poll.single || options.len() <= 1;
            if known && few {
                Ok(())
            } else {
                Err(ActRefused::WrongKind)
            }
        }
        (Deed::Vote { .. }, _) => Err(ActRefused::WrongKind),
        _ => Ok(()),
    }
}

/// Makes the change, and names the field that it changed.
fn apply(message: &mut Message, who: &Number, deed: &Deed, at: Millis) -> String {
    match deed {
        Deed::Edit { now } => {
            message.content = edited(&message.content, now);
            message.edited = true;
            message.content.kind().to_owned()
        }
        Deed::Reaction { emoji } if emoji.is_empty() => {
            message.reactions.remove(who);
            "reactions".to_owned()
        }
        Deed::Reaction { emoji } => {
            message.reactions.insert(who.clone(), (emoji.clone(), at));
            "reactions".to_owned()
        }
        Deed::Vote { options } => {
            if let Content::Poll(poll) = &mut message.content {
                poll.votes.insert(who.clone(), options.clone());
                poll.votes.retain(|_, chosen| !chosen.is_empty());
            }
            "poll".to_owned()
        }
        Deed::Pin => {
            message.pinned_until = Some(at.saturating_add(30 * DAY));
            "pin".to_owned()
        }
        Deed::Unpin => {
            message.pinned_until = None;
            "pin".to_owned()
        }
        Deed::Delete => String::new(),
    }
}

/// New words for a message: a file keeps its bytes and changes its caption.
fn edited(old: &Content, now: &Content) -> Content {
    match (old, now) {
        (Content::File(file), Content::Text { body }) => {
            let mut file = file.clone();
            file.caption = Some(body.clone());
            Content::File(file)
        }
        _ => now.clone(),
    }
}

impl Message {
    /// A copy of this message for another chat.
    pub(crate) fn forwarded_content(&self) -> Content {
        match &self.content {
            Content::Poll(poll) => {
                let mut poll = poll.clone();
                poll.votes.clear();
                Content::Poll(poll)
            }
            other => other.clone(),
        }
    }

    /// How far each recipient has come, in the order of their numbers.
    pub(crate) fn lines(&self) -> Vec<(&Number, &Receipt)> {
        self.receipts.iter().collect()
    }
}
