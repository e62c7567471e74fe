//! What customers send besides words and pictures: a voice, a place, an order, a word in the group.

use serde_json::json;

use super::{ChatId, Content, FileContent, FileKind, Number, World, samples, script};
use crate::clock::Millis;

/// One in so many times a customer who writes first sends something else than a line of the script.
const SELDOM: u64 = 5;

impl World {
    /// Sends something else, now and then; false when it is the script's turn.
    pub(super) fn something_else(&mut self, person: &Number, chat: &ChatId, now: Millis) -> bool {
        if self.chance.below(SELDOM) != 0 {
            return false;
        }
        let (content, chat) = match self.chance.below(4) {
            0 => (self.spoken(now), chat.clone()),
            1 => (self.whereabouts(), chat.clone()),
            2 => {
                let wanted = [(self.chance.below(6) as usize, self.chance.between(1, 6) as u32)];
                (Some(self.note_order(&wanted).1), chat.clone())
            }
            _ => (
                Some(Content::text(self.chance.one_of(script::GROUP_ANSWERS))),
                self.group_of(person, chat),
            ),
        };
        let Some(content) = content else { return false };
        self.person_writes(person, chat, content, now);
        true
    }

    fn spoken(&mut self, now: Millis) -> Option<Content> {
        let media = self.keep_file(samples::voice(), None, now).ok()?.id.clone();
        Some(Content::File(FileContent {
            kind: FileKind::Voice,
            media,
            caption: None,
            name: None,
            seconds: Some(2),
        }))
    }

    fn whereabouts(&mut self) -> Option<Content> {
        let latitude = -12.0 - self.chance.below(1_000) as f64 / 10_000.0;
        Some(Content::shaped(
            "location",
            json!({ "latitude": latitude, "longitude": -77.03 }),
        ))
    }

    /// A group that both are in, or else the chat itself.
    fn group_of(&self, person: &Number, chat: &ChatId) -> ChatId {
        let both = self.groups().find(|group| group.members.contains_key(person));
        both.map_or_else(|| chat.clone(), |group| group.id.clone())
    }
}
