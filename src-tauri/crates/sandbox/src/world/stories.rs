//! Stories: what the shop shows for a day, and to whom.
//!
//! A story is a message in a chat called `stories`. It reaches those whom the shop has saved, or those who were
//! named; whoever was left out does not get it.

use super::{ChatId, Content, Message, Number, Progress, Receipt, SendRefused, Source, World};
use crate::{clock::Millis, ledger::Effect};

/// The chat that stories are said to be in.
pub(crate) const STORIES: &str = "stories";

impl World {
    /// The shop publishes a story, for `only` these people, or for all that it has saved, `but` some.
    pub(crate) fn publish(
        &mut self,
        content: Content,
        only: &[String],
        but: &[String],
        now: Millis,
    ) -> Result<Message, SendRefused> {
        if !self.channel.is_linked() {
            return Err(SendRefused::NotLinked);
        }
        let id = self.new_message_id();
        let (chat, author) = (ChatId::new(STORIES), self.shop.number.clone());
        let mut story = Message::plain(id, chat, author, now, Source::Gateway, content);
        story.from_shop = true;
        story.seen_by_shop = true;
        let sent = Receipt {
            progress: Progress::Sent,
            at: now,
        };
        story.receipts = self
            .audience(only, but)
            .into_iter()
            .map(|number| (number, sent))
            .collect();
        self.write_in_ledger(&story, Effect::Story);
        self.stories.push(story.clone());
        self.tell_if_linked(super::Event::Wrote(Box::new(story.clone())));
        Ok(story)
    }

    fn audience(&self, only: &[String], but: &[String]) -> Vec<Number> {
        let named = |list: &[String], number: &Number| {
            list.iter()
                .any(|named| self.contact(named).is_some_and(|person| person.number == *number))
        };
        let people = self.people.values();
        let chosen = people.filter(|person| match only {
            [] => person.saved_as.is_some(),
            only => named(only, &person.number),
        });
        chosen
            .map(|person| person.number.clone())
            .filter(|number| !named(but, number))
            .collect()
    }

    /// The shop's stories, oldest first.
    pub(crate) fn stories(&self) -> &[Message] {
        &self.stories
    }
}
