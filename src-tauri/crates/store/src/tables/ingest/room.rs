//! A chat while a batch's messages of it come in: its row is read once before them and written once after them, since each
//! writing moves the chat in every index of the list.
//!
//! Messages come by time, so the sums are those that writing after each message would have made. A transaction lies around
//! all of it: nobody sees a message without its chat's new row.

use mostrador_domain::{Address, ChatId, DeviceId, MessageId, UnixMillis};
use rusqlite::params;

use crate::tables::chat::{self, NameRank};
use crate::tables::person;
use crate::{Change, StoreError, Writing};

pub(super) struct Room {
    pub(super) id: ChatId,
    /// The chats with the same person, this one first.
    pub(super) kin: Vec<ChatId>,
    name: Option<String>,
    name_rank: i64,
    last_at: UnixMillis,
    newest: Option<MessageId>,
    read_up_to: UnixMillis,
    pruned_until: UnixMillis,
    unread: i64,
    answered: Option<UnixMillis>,
    changed: bool,
}

impl Room {
    pub(super) fn open(
        writing: &mut Writing<'_>,
        device: DeviceId,
        address: &Address,
    ) -> Result<Self, StoreError> {
        let id = chat::ensure(writing, device, address)?;
        let kin = person::kin(writing, id)?;
        let sql = "SELECT name, name_rank, last_at, read_up_to, pruned_until FROM chat WHERE id = ?1";
        Ok(writing.prepare_cached(sql)?.query_row([id.0], |row| {
            Ok(Self {
                id,
                kin,
                name: row.get(0)?,
                name_rank: row.get(1)?,
                last_at: UnixMillis(row.get(2)?),
                newest: None,
                read_up_to: UnixMillis(row.get(3)?),
                pruned_until: UnixMillis(row.get(4)?),
                unread: 0,
                answered: None,
                changed: false,
            })
        })?)
    }

    /// A message of the time `at` tells the chat's name. An older message knows no better than what is there, unless that is
    /// less than told: telling it again must not bring an old name back.
    pub(super) fn told_name(
        &mut self,
        writing: &mut Writing<'_>,
        told: &str,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        let better = self.name_rank < NameRank::Told.number() || self.last_at <= at;
        if better {
            self.named(writing, told, NameRank::Told)
        } else {
            Ok(())
        }
    }

    /// The writer of a message calls himself so: taken where there is no name at all.
    pub(super) fn guessed_name(&mut self, writing: &mut Writing<'_>, writer: &str) -> Result<(), StoreError> {
        if self.name.is_none() {
            self.named(writing, writer, NameRank::Guessed)
        } else {
            Ok(())
        }
    }

    fn named(&mut self, writing: &mut Writing<'_>, name: &str, rank: NameRank) -> Result<(), StoreError> {
        let known = self.name.as_deref() == Some(name) && self.name_rank == rank.number();
        if known || self.name_rank > rank.number() {
            return Ok(());
        }
        chat::named(writing, self.id, name, rank)?;
        self.name = Some(name.to_owned());
        self.name_rank = rank.number();
        Ok(())
    }

    /// Does the shop not want to keep messages of this age?
    pub(super) fn was_pruned(&self, at: UnixMillis) -> bool {
        self.pruned_until > at
    }

    /// A new message is here: it is shown in the list if it is the newest.
    pub(super) fn came(&mut self, message: MessageId, at: UnixMillis) {
        self.changed = true;
        if self.last_at <= at {
            self.last_at = at;
            self.newest = Some(message);
        }
    }

    /// A new message of theirs has come live. `false` = it was seen on the phone: we answered later from there, or read it.
    pub(super) fn one_more_unread(&mut self, at: UnixMillis) -> bool {
        let unread = self.read_up_to < at;
        self.unread += i64::from(unread);
        unread
    }

    /// We answered from the phone: what came before has been seen.
    pub(super) fn answered_elsewhere(&mut self, at: UnixMillis) {
        if self.read_up_to < at {
            self.read_up_to = at;
            self.answered = Some(at);
        }
    }

    /// Writes what has become of the chat.
    pub(super) fn close(self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        if let Some(newest) = self.newest {
            let sql = "UPDATE chat SET last_message_id = ?2, last_at = ?3 WHERE id = ?1";
            writing
                .prepare_cached(sql)?
                .execute(params![self.id.0, newest.0, self.last_at.0])?;
            writing.touch(Change::Chats);
        }
        if self.unread > 0 {
            chat::more_unread(writing, self.id, self.unread)?;
        }
        if let Some(at) = self.answered {
            chat::read_elsewhere(writing, self.id, at)?;
        }
        if self.changed {
            writing.touch(Change::Messages(self.id));
            writing.touch(Change::Chat(self.id));
        }
        Ok(())
    }
}
