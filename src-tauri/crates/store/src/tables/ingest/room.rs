//! A chat while a batch's messages of it come in: its row is read once before them and written once after them, since each
//! writing moves the chat in every index of the list.
//!
//! Messages come by time, so the sums are those that writing after each message would have made. A transaction lies around
//! all of it: nobody sees a message without its chat's new row.

use mostrador_domain::{ChatId, MessageId, UnixMillis};
use rusqlite::{OptionalExtension as _, params};

use super::message::FAR;
use super::waiting::Waiting;
use crate::tables::chat::{self, NameRank};
use crate::tables::person;
use crate::{Change, StoreError, Writing};

/// SQL: a chat after its messages came in. Theirs that nobody has seen open it again, whatever was done about it.
const CLOSE: &str = "UPDATE chat SET last_message_id = coalesce(?2, last_message_id), last_at = ?3, unread = min(unread + ?4, ?5),
        triage = CASE WHEN ?4 > 0 THEN 'open' ELSE triage END,
        snoozed_until = CASE WHEN ?4 > 0 THEN NULL ELSE snoozed_until END, read_up_to = max(read_up_to, ?6),
        waiting_since = CASE WHEN ?7 THEN ?8 ELSE waiting_since END
  WHERE id = ?1";

/// As a chat's `pruned_until`: nothing was ever removed.
const NEVER: UnixMillis = UnixMillis(0);
/// The list shows no message of the chat.
const BEFORE_ALL: UnixMillis = UnixMillis(i64::MIN);

pub(super) struct Room {
    pub(super) id: ChatId,
    /// The chats with the same person, this one first.
    pub(super) kin: Vec<ChatId>,
    name: Option<String>,
    name_rank: i64,
    last_at: UnixMillis,
    newest: Option<MessageId>,
    /// When the message was written that the list shows, if that is not `last_at`; asked when it matters.
    newest_at: Option<UnixMillis>,
    read_up_to: UnixMillis,
    /// Up to then the gateway's own count of unread messages was taken over.
    counted_until: UnixMillis,
    /// Whether theirs of a second were here before the batch; asked when it matters.
    was_here: Option<(UnixMillis, bool)>,
    pruned_until: UnixMillis,
    unread: i64,
    seen: Option<UnixMillis>,
    waiting: Waiting,
    changed: bool,
}

impl Room {
    pub(super) fn open(
        writing: &Writing<'_>,
        id: ChatId,
        (now, oldest_waited): (UnixMillis, UnixMillis),
    ) -> Result<Self, StoreError> {
        // A time far ahead is none: nothing would ever be unread again.
        let credible = |at: UnixMillis| if at <= now.after(FAR) { at } else { NEVER };
        let kin = person::kin(writing, id)?;
        let sql = "SELECT name, name_rank, last_at, read_up_to, pruned_until, counted_until, kind = 'person',
                          waiting_since
                     FROM chat WHERE id = ?1";
        Ok(writing.prepare_cached(sql)?.query_row([id.0], |row| {
            Ok(Self {
                id,
                kin,
                name: row.get(0)?,
                name_rank: row.get(1)?,
                last_at: UnixMillis(row.get(2)?),
                newest: None,
                newest_at: None,
                read_up_to: UnixMillis(row.get(3)?),
                counted_until: credible(UnixMillis(row.get(5)?)),
                was_here: None,
                pruned_until: UnixMillis(row.get(4)?),
                unread: 0,
                seen: None,
                waiting: Waiting::open(
                    (id, row.get(6)?),
                    row.get::<_, Option<i64>>(7)?.map(UnixMillis),
                    oldest_waited,
                ),
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

    /// A new message is here: somebody may wait for an answer now, or nobody any more. To be told before [`Self::came`].
    pub(super) fn asks_or_answers(
        &mut self,
        writing: &Writing<'_>,
        (from_me, kind): (bool, &str),
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        self.waiting
            .came(writing, (from_me, kind), (at, self.last_at <= at))
    }

    /// Something was done to a message as it came: what was said of waiting may not hold.
    pub(super) fn look_who_waits(&mut self) {
        self.waiting.look();
    }

    /// A new message is here: it is shown in the list if it is the newest. A chat whose old messages were removed keeps its
    /// place in the list, so the newest there is may be older than that.
    pub(super) fn came(
        &mut self,
        writing: &Writing<'_>,
        message: MessageId,
        at: UnixMillis,
    ) -> Result<(), StoreError> {
        self.changed = true;
        if self.last_at <= at || (self.pruned_until > NEVER && self.newest_at(writing)? <= at) {
            self.last_at = self.last_at.max(at);
            self.newest_at = Some(at);
            self.newest = Some(message);
        }
        Ok(())
    }

    fn newest_at(&mut self, writing: &Writing<'_>) -> Result<UnixMillis, StoreError> {
        if let Some(known) = self.newest_at {
            return Ok(known);
        }
        let sql = "SELECT m.at FROM chat c JOIN message m ON m.id = c.last_message_id WHERE c.id = ?1";
        let shown = writing
            .prepare_cached(sql)?
            .query_row([self.id.0], |row| row.get(0))
            .optional()?;
        Ok(*self.newest_at.insert(shown.map_or(BEFORE_ALL, UnixMillis)))
    }

    /// A new message of theirs has come live. `false` = it was seen on the phone (we answered later from there, or read it), or
    /// the gateway's own count has it already.
    pub(super) fn one_more_unread(
        &mut self,
        writing: &Writing<'_>,
        message: MessageId,
        at: UnixMillis,
    ) -> Result<bool, StoreError> {
        let unread = self.came_after(writing, self.read_up_to, (message, at))?
            && self.came_after(writing, self.counted_until, (message, at))?;
        self.unread += i64::from(unread);
        Ok(unread)
    }

    /// Whoever looked until then had seen one of that second already, so a further one of the same second came after it.
    fn came_after(
        &mut self,
        writing: &Writing<'_>,
        until: UnixMillis,
        (message, at): (MessageId, UnixMillis),
    ) -> Result<bool, StoreError> {
        Ok(until < at || (until == at && self.was_here(writing, until, message)?))
    }

    fn was_here(
        &mut self,
        writing: &Writing<'_>,
        second: UnixMillis,
        first: MessageId,
    ) -> Result<bool, StoreError> {
        if let Some((_, known)) = self.was_here.filter(|(asked, _)| *asked == second) {
            return Ok(known);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM message WHERE chat_id = ?1 AND at = ?2 AND from_me = 0 AND id < ?3)";
        let found = writing
            .prepare_cached(sql)?
            .query_row(params![self.id.0, second.0, first.0], |row| row.get(0))?;
        self.was_here = Some((second, found));
        Ok(found)
    }

    /// We answered from the phone, or read there: what came up to then has been seen.
    pub(super) fn seen_elsewhere(&mut self, at: UnixMillis) {
        if self.read_up_to < at {
            self.read_up_to = at;
            self.seen = Some(at);
        }
    }

    /// Writes what has become of the chat, all at once: each writing moves it in the indexes of the list.
    pub(super) fn close(self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        if !self.changed {
            return Ok(());
        }
        let left = match self.seen {
            Some(at) => chat::theirs_after(writing, self.id, at)?,
            None => i64::MAX,
        };
        let waits = self.waiting.close(writing)?;
        let newest = self.newest.map(|newest| newest.0);
        if newest.is_some() || self.unread > 0 || self.seen.is_some() {
            let seen = self.seen.map_or(0, |at| at.0);
            writing.prepare_cached(CLOSE)?.execute(params![
                self.id.0,
                newest,
                self.last_at.0,
                self.unread,
                left,
                seen,
                waits.is_some(),
                waits.flatten().map(|since| since.0)
            ])?;
            writing.touch(Change::Chats);
        } else if waits.is_some() {
            chat::settle_waiting(writing, self.id)?;
        }
        writing.touch(Change::Messages(self.id));
        writing.touch(Change::Chat(self.id));
        Ok(())
    }
}
