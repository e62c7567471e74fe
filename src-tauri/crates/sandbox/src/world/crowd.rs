//! Filling a world up to the size that was ordered: the crowd, its groups, and the long past.

use super::{Book, ChatId, Group, Number, Person, Rank, Size, World, archive::Archive, script};
use crate::clock::Millis;

impl World {
    /// The crowd of a big world, with as many messages as are missing.
    pub(super) fn fill_archive(&mut self, seed: u64, size: Size, until: Millis, written: usize, cast: usize) {
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

    pub(super) fn crowd_group(&mut self, id: ChatId, name: &str, members: &[Number], at: Millis) -> Group {
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
}
