//! Groups: who is in them, who may do what, and what the shop does with them.

use std::collections::BTreeMap;

use super::{ChatId, Content, Event, Group, GroupMove, Message, Number, Rank, Source, World};
use crate::clock::Millis;

/// Why nothing was done with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupRefused {
    NotLinked,
    NoSuchGroup,
    /// The shop is no admin of it, or has left it.
    NotAllowed,
    /// Nobody is behind one of the numbers.
    NoSuchPerson,
    AlreadyIn,
    WrongCode,
}

/// Whom a change reached and whom it did not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moved {
    pub(crate) processed: Vec<Number>,
    pub(crate) failed: Vec<String>,
}

impl World {
    pub(crate) fn group(&self, id: &ChatId) -> Option<&Group> {
        self.groups.get(id).filter(|group| group.shop.is_some())
    }

    /// The groups that the shop is in, in the order of their ids.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values().filter(|group| group.shop.is_some())
    }

    /// The group that an invitation leads to, whether the shop is in it or not.
    pub(crate) fn group_by_code(&self, code: &str) -> Option<&Group> {
        self.groups.values().find(|group| group.invite_code == code)
    }

    /// The shop founds a group. Gives it, and the numbers that could not be added.
    pub(crate) fn found_group(
        &mut self,
        subject: &str,
        participants: &[String],
        now: Millis,
    ) -> Result<(Group, Vec<String>), GroupRefused> {
        self.linked()?;
        let (members, failed) = self.reachable(participants);
        if members.is_empty() {
            return Err(GroupRefused::NoSuchPerson);
        }
        let group = Group {
            id: ChatId::new(format!(
                "120363{}@g.us",
                100_000_000_000 + self.chance.below(899_999_999_999)
            )),
            name: subject.to_owned(),
            description: String::new(),
            members: members.into_iter().map(|number| (number, Rank::Member)).collect(),
            shop: Some(Rank::Creator),
            created_at: now,
            created_by: self.shop.number.clone(),
            invite_code: self.chance.letters(22),
            announcements: false,
            restricted: false,
            approve: false,
            members_may_add: true,
            icon: None,
        };
        self.groups.insert(group.id.clone(), group.clone());
        self.book.open(&group.id);
        self.tell_if_linked(Event::GroupMade(Box::new(group.clone())));
        if let Some(opened) = self.chat(&group.id) {
            self.tell_if_linked(Event::ChatOpened(Box::new(opened)));
        }
        Ok((group, failed))
    }

    /// The shop follows an invitation.
    pub(crate) fn join_group(&mut self, code: &str) -> Result<ChatId, GroupRefused> {
        self.linked()?;
        let group = self.groups.values_mut().find(|group| group.invite_code == code);
        let group = group.ok_or(GroupRefused::WrongCode)?;
        group.shop.get_or_insert(Rank::Member);
        let group = group.clone();
        self.book.open(&group.id);
        let id = group.id.clone();
        self.tell_if_linked(Event::GroupMade(Box::new(group)));
        Ok(id)
    }

    /// The shop leaves; the chat stays as it was.
    pub(crate) fn leave_group(&mut self, id: &ChatId) -> Result<(), GroupRefused> {
        self.linked()?;
        let group = self.groups.get_mut(id).filter(|group| group.shop.is_some());
        group.ok_or(GroupRefused::NoSuchGroup)?.shop = None;
        let shop = self.shop.number.clone();
        self.moved(id, vec![shop], GroupMove::Remove);
        Ok(())
    }

    /// Changes name, description or settings.
    pub(crate) fn change_group(
        &mut self,
        id: &ChatId,
        change: impl FnOnce(&mut Group),
    ) -> Result<(), GroupRefused> {
        self.linked()?;
        let group = self.groups.get_mut(id).filter(|group| group.shop.is_some());
        let group = group.ok_or(GroupRefused::NoSuchGroup)?;
        if group.restricted && group.shop == Some(Rank::Member) {
            return Err(GroupRefused::NotAllowed);
        }
        let before = group.clone();
        change(group);
        let after = group.clone();
        self.tell_if_linked(Event::GroupChanged(Box::new((before, after))));
        Ok(())
    }

    /// Makes the invitation's code worthless and another one.
    pub(crate) fn revoke_invitation(&mut self, id: &ChatId) -> Result<(), GroupRefused> {
        let code = self.chance.letters(22);
        self.as_admin(id)?.invite_code = code;
        self.revision += 1;
        Ok(())
    }

    /// Adds, removes, promotes or demotes people.
    pub(crate) fn move_in_group(
        &mut self,
        id: &ChatId,
        people: &[String],
        how: GroupMove,
    ) -> Result<Moved, GroupRefused> {
        self.linked()?;
        let (reachable, mut failed) = self.reachable(people);
        let group = self.as_admin(id)?;
        let all_in = reachable.iter().all(|number| group.members.contains_key(number));
        if how == GroupMove::Add && all_in && failed.is_empty() && !reachable.is_empty() {
            return Err(GroupRefused::AlreadyIn);
        }
        let mut processed = Vec::new();
        for number in reachable {
            if moved_in(&mut group.members, &number, how) {
                processed.push(number);
            } else {
                failed.push(number.to_string());
            }
        }
        if processed.is_empty() {
            return Err(GroupRefused::NoSuchPerson);
        }
        self.moved(id, processed.clone(), how);
        Ok(Moved { processed, failed })
    }

    fn moved(&mut self, id: &ChatId, people: Vec<Number>, how: GroupMove) {
        self.tell_if_linked(Event::GroupMoved {
            group: id.clone(),
            people,
            how,
        });
    }

    /// Somebody comes into a group, leaves it, rises or falls, by another's hand than the shop's.
    pub(crate) fn group_moves(&mut self, id: &ChatId, who: &Number, how: GroupMove, now: Millis) -> bool {
        let Some(group) = self.groups.get_mut(id) else {
            return false;
        };
        if !moved_in(&mut group.members, who, how) {
            return false;
        }
        self.moved(id, vec![who.clone()], how);
        let at = self.time_of_next(now);
        let content = Content::shaped("system", serde_json::json!({ "body": how.word() }));
        let mut notice = Message::plain(
            self.new_message_id(),
            id.clone(),
            who.clone(),
            at,
            Source::System,
            content,
        );
        notice.seen_by_shop = true;
        self.keep(notice);
        true
    }

    fn as_admin(&mut self, id: &ChatId) -> Result<&mut Group, GroupRefused> {
        let group = self.groups.get_mut(id).ok_or(GroupRefused::NoSuchGroup)?;
        match group.shop {
            Some(Rank::Admin | Rank::Creator) => Ok(group),
            Some(Rank::Member) => Err(GroupRefused::NotAllowed),
            None => Err(GroupRefused::NoSuchGroup),
        }
    }

    fn linked(&self) -> Result<(), GroupRefused> {
        if self.channel.is_linked() {
            Ok(())
        } else {
            Err(GroupRefused::NotLinked)
        }
    }

    /// Those behind whose numbers somebody is, and the rest.
    fn reachable(&mut self, people: &[String]) -> (Vec<Number>, Vec<String>) {
        let (mut found, mut failed) = (Vec::new(), Vec::new());
        for written in people {
            match self.check(written) {
                Some(number) => {
                    if self.person(&number).is_none() {
                        self.meet(number.clone());
                    }
                    found.push(number);
                }
                None => failed.push(written.clone()),
            }
        }
        (found, failed)
    }
}

/// False when there was nothing to do.
fn moved_in(members: &mut BTreeMap<Number, Rank>, who: &Number, how: GroupMove) -> bool {
    match (how, members.get(who).copied()) {
        (GroupMove::Add, None) => members.insert(who.clone(), Rank::Member).is_none(),
        (GroupMove::Remove, Some(_)) => members.remove(who).is_some(),
        (GroupMove::Promote, Some(Rank::Member)) => members.insert(who.clone(), Rank::Admin).is_some(),
        (GroupMove::Demote, Some(Rank::Admin)) => members.insert(who.clone(), Rank::Member).is_some(),
        _ => false,
    }
}
