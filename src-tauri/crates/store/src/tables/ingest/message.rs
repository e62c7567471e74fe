//! The messages of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mostrador_domain::{
    Address, ChatId, ChatKind, DeviceId, InboundMessage, MediaId, MessageBody, MessageId, UnixMillis,
};

use super::room::Room;
use super::rows::{AT_ONCE, Put, Row, Rows, known_in};
use super::{Ingested, Origin, Received};
use crate::tables::campaign::follow;
use crate::tables::change::{self, Done};
use crate::tables::chat;
use crate::tables::message::columns::Columns;
use crate::tables::search::Pending;
use crate::tables::{address, device, media, outbox, put_away, receipt};
use crate::{StoreError, Writing};

/// An answer that bears a time further ahead than this says nothing of what was read: up to such a time nothing would be
/// unread again.
pub(super) const FAR: Duration = Duration::from_secs(86_400);

/// Whoever answers has seen what was there so long before. What answers sooner may be an away text or a bot, and has seen nothing.
pub(in crate::tables) const QUICK: Duration = Duration::from_secs(5);

pub(super) struct Batch {
    device: DeviceId,
    origin: Origin,
    now: UnixMillis,
    /// What was written before is history, whoever brings it.
    live_from: UnixMillis,
    /// What was written before is too old to be waited about.
    oldest_waited: UnixMillis,
    /// What was written before was listed long ago, if the gateway had it.
    long_listed: UnixMillis,
    pub(super) done: Ingested,
    /// Chats into which messages of ours came that were not written here.
    pub(super) ours: BTreeSet<ChatId>,
    /// Who wrote, with the name they were last known to have.
    writers: BTreeMap<Address, Writer>,
    /// Do receipts wait for a message that is not here yet?
    receipts_wait: bool,
    /// Does something that was done to a message wait for it?
    changes_wait: bool,
    /// Has anything been sent from here of which nobody knows yet how it ended?
    unsettled: bool,
    /// Was any message of ours put away?
    put_away: bool,
    /// Does any campaign wait for an answer?
    replies_awaited: bool,
    rows: Rows,
    /// New words, to be found.
    pub(super) words: Pending,
}

/// Messages that are to be put in, and the chats that they belong to, the last one's last.
#[derive(Default)]
struct Waiting<'m> {
    rooms: Vec<Room>,
    rows: Vec<Row<'m>>,
}

impl Waiting<'_> {
    fn close(&mut self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        for room in self.rooms.drain(..) {
            room.close(writing)?;
        }
        Ok(())
    }
}

struct Writer {
    id: i64,
    name: Option<String>,
}

impl Batch {
    pub(super) fn new(
        writing: &Writing<'_>,
        device: DeviceId,
        origin: Origin,
        now: UnixMillis,
    ) -> Result<Self, StoreError> {
        let seen = device::seen(writing, device)?;
        Ok(Self {
            device,
            origin,
            now,
            live_from: seen.live_from,
            oldest_waited: chat::oldest_waited(writing, device)?,
            long_listed: seen.polled_until.before(FAR),
            done: Ingested::default(),
            ours: BTreeSet::new(),
            writers: BTreeMap::new(),
            receipts_wait: receipt::any_parked(writing, device)?,
            changes_wait: change::any_parked(writing, device)?,
            unsettled: outbox::any_unsettled(writing, device)?,
            put_away: put_away::any(writing)?,
            replies_awaited: origin == Origin::Live && follow::any_awaits_reply(writing)?,
            rows: Rows::new(writing)?,
            words: Pending::default(),
        })
    }

    /// Is what was written then news, as this batch tells it?
    fn is_live(&self, at: UnixMillis) -> bool {
        self.origin == Origin::Live && at >= self.live_from
    }

    /// Is what was written then no news, whoever brings it? By the age up to which a chat was emptied alone that cannot be told of
    /// what comes now: it was reckoned by our clock, which may have been wrong.
    fn is_old(&self, at: UnixMillis) -> bool {
        !self.is_live(at) || at < self.long_listed
    }

    /// Takes in messages that are sorted by chat and time.
    pub(super) fn messages(
        &mut self,
        writing: &mut Writing<'_>,
        messages: &[Box<InboundMessage>],
    ) -> Result<(), StoreError> {
        let mut waiting = Waiting::default();
        for of_chat in messages.chunk_by(|one, next| one.chat == next.chat) {
            let Some(first) = of_chat.first() else { continue };
            let chat = self.open(writing, &mut waiting, &first.chat)?;
            for message in of_chat {
                self.message(writing, &mut waiting, chat, message)?;
            }
        }
        self.put_waiting(writing, &mut waiting)?;
        waiting.close(writing)?;
        self.words.index(writing)
    }

    /// Opens the chat's room, and closes those before it for which nothing waits any more.
    fn open(
        &mut self,
        writing: &mut Writing<'_>,
        waiting: &mut Waiting<'_>,
        address: &Address,
    ) -> Result<ChatId, StoreError> {
        let chat = chat::ensure(writing, self.device, address)?;
        // A person's other address leads to the same chat.
        if waiting.rooms.iter().any(|room| room.id == chat) {
            self.put_waiting(writing, waiting)?;
        }
        if waiting.rows.is_empty() {
            waiting.close(writing)?;
        }
        waiting
            .rooms
            .push(Room::open(writing, chat, (self.now, self.oldest_waited))?);
        Ok(chat)
    }

    /// Most messages wait until several can be put in at once. One that needs a look before it, or whose coming may settle
    /// something, goes in alone.
    fn message<'m>(
        &mut self,
        writing: &mut Writing<'_>,
        waiting: &mut Waiting<'m>,
        chat: ChatId,
        message: &'m InboundMessage,
    ) -> Result<(), StoreError> {
        let Some(room) = waiting.rooms.last_mut() else {
            return Ok(());
        };
        let may_be_put_away = self.put_away && message.from_me;
        if may_be_put_away && put_away::was(writing, &room.kin, &message.gateway_id)? {
            return Ok(());
        }
        name_chat(writing, room, message)?;
        let pruned = room.was_pruned(message.at) && self.is_old(message.at);
        let look = pruned || room.kin.len() > 1 || matches!(message.body, MessageBody::Media(_));
        let alone = look || self.receipts_wait || self.changes_wait || self.unsettled;
        if alone {
            self.put_waiting(writing, waiting)?;
        }
        if look && self.is_told_again(writing, waiting, message)? {
            if let Some(room) = waiting.rooms.last_mut() {
                room.look_who_waits();
            }
            return Ok(());
        }
        if pruned {
            return Ok(());
        }
        let sender = match &message.sender {
            Some(sender) if !message.from_me => Some(self.writer(writing, sender)?),
            _ => None,
        };
        waiting.rows.push(Row {
            chat,
            message,
            columns: Columns::of(&message.body),
            sender,
            media: self.announced(writing, &message.body)?,
        });
        if alone || waiting.rows.len() == AT_ONCE {
            self.put_waiting(writing, waiting)?;
        }
        Ok(())
    }

    /// Is a message known where another chat with the same person could hold it, or where something else would be stored
    /// beside it? Then what is told of it again is taken in.
    fn is_told_again(
        &mut self,
        writing: &mut Writing<'_>,
        waiting: &Waiting<'_>,
        message: &InboundMessage,
    ) -> Result<bool, StoreError> {
        let Some(room) = waiting.rooms.last() else {
            return Ok(false);
        };
        for chat in &room.kin {
            if let Some(known) = known_in(writing, *chat, &message.gateway_id)? {
                self.told_again(writing, (known, *chat), message)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn put_waiting(
        &mut self,
        writing: &mut Writing<'_>,
        waiting: &mut Waiting<'_>,
    ) -> Result<(), StoreError> {
        if waiting.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut waiting.rows);
        for (row, put) in rows.iter().zip(self.rows.put(writing, &rows)?) {
            let room = waiting.rooms.iter_mut().find(|room| room.id == row.chat);
            match put {
                Put::Known(known) => {
                    self.told_again(writing, (known, row.chat), row.message)?;
                    if let Some(room) = room {
                        room.look_who_waits();
                    }
                }
                Put::New(id) => {
                    if let Some(room) = room {
                        self.came(writing, room, id, row)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A message is in the file.
    fn came(
        &mut self,
        writing: &mut Writing<'_>,
        room: &mut Room,
        id: MessageId,
        row: &Row<'_>,
    ) -> Result<(), StoreError> {
        let (chat_id, message) = (room.id, row.message);
        let live = self.is_live(message.at);
        if let Some(text) = &row.columns.text {
            self.words.add(chat_id, id, message.at, text);
        }
        if let Some(sender) = message.sender.as_ref().filter(|_| !message.from_me) {
            self.name_writer(writing, sender, message.sender_name.as_deref())?;
        }
        self.done.new_messages += 1;
        room.asks_or_answers(writing, (message.from_me, row.columns.kind), message.at)?;
        if self.receipts_wait || self.changes_wait {
            room.look_who_waits();
        }
        room.came(writing, id, message.at)?;
        if message.from_me {
            if self.receipts_wait {
                receipt::take_parked(writing, self.device, &message.gateway_id, id, chat_id)?;
            }
            if self.unsettled {
                self.ours.insert(chat_id);
            }
            let echo = self.unsettled && outbox::may_be_echo(writing, (id, chat_id))?;
            let by_person = live && !echo && !message.context.by_program;
            if by_person && message.at <= self.now.after(FAR) {
                room.seen_elsewhere(message.at.before(QUICK));
            }
        } else if self.receipts_wait
            && let Some(read) = receipt::take_read_there(writing, self.device, &message.gateway_id)?
        {
            room.seen_elsewhere(read.min(message.at));
        }
        if live && !message.from_me {
            if self.replies_awaited {
                follow::answered(writing, &room.kin, (id, message.at))?;
            }
            if room.one_more_unread(writing, id, message.at)? {
                self.done.received.push(Received {
                    chat: chat_id,
                    message: id,
                    at: message.at,
                });
            }
        }
        marks(writing, (id, chat_id), message)?;
        if self.changes_wait {
            self.words.index(writing)?;
            change::take_parked(writing, self.device, &message.gateway_id, (id, chat_id))?;
        }
        Ok(())
    }

    /// What came of it. What was answered on the phone or deleted within the same batch is no news to anybody; `changed` =
    /// the batch told what was done to messages.
    pub(super) fn finish(mut self, writing: &Writing<'_>, changed: bool) -> Result<Ingested, StoreError> {
        let all_there = !changed && !self.changes_wait;
        let mut unread = Vec::new();
        for of_chat in self.done.received.chunk_by(|one, next| one.chat == next.chat) {
            let Some(first) = of_chat.first() else { continue };
            let read_up_to = chat::read_up_to(writing, first.chat)?;
            for received in of_chat.iter().filter(|received| read_up_to <= received.at) {
                if all_there || is_there(writing, received.message)? {
                    unread.push(*received);
                }
            }
        }
        unread.sort_by_key(|received| (received.at, received.message));
        self.done.received = unread;
        Ok(self.done)
    }

    fn writer(&mut self, writing: &Writing<'_>, address: &Address) -> Result<i64, StoreError> {
        if let Some(writer) = self.writers.get(address) {
            return Ok(writer.id);
        }
        let (id, name) = address::row(writing, address)?;
        self.writers.insert(address.clone(), Writer { id, name });
        Ok(id)
    }

    fn name_writer(
        &mut self,
        writing: &Writing<'_>,
        address: &Address,
        told: Option<&str>,
    ) -> Result<(), StoreError> {
        let Some(told) = told.filter(|told| !told.trim().is_empty()) else {
            return Ok(());
        };
        if let Some(writer) = self.writers.get_mut(address)
            && writer.name.as_deref() != Some(told)
        {
            address::named(writing, writer.id, told)?;
            writer.name = Some(told.to_owned());
        }
        Ok(())
    }

    /// The row of the message's file, if it has one.
    pub(super) fn announced(
        &mut self,
        writing: &Writing<'_>,
        body: &MessageBody,
    ) -> Result<Option<MediaId>, StoreError> {
        let MessageBody::Media(told) = body else {
            return Ok(None);
        };
        self.done.new_media = true;
        Ok(Some(media::announce(writing, self.device, &told.file, self.now)?))
    }
}

/// What is told of a message beside its words: whether it is starred, who reacted. It is as old as the message at the least;
/// any change that bears a time of its own is newer.
pub(super) fn marks(
    writing: &mut Writing<'_>,
    found: (MessageId, ChatId),
    message: &InboundMessage,
) -> Result<(), StoreError> {
    if let Some(starred) = message.context.starred
        && (starred || is_starred(writing, found.0)?)
    {
        change::to(writing, found, None, message.at, &Done::Starred(starred))?;
    }
    for (by, emoji) in &message.context.reactions {
        let emoji = Some(emoji.as_str()).filter(|emoji| !emoji.is_empty());
        change::to(writing, found, by.as_ref(), message.at, &Done::Reaction(emoji))?;
    }
    Ok(())
}

fn name_chat(writing: &mut Writing<'_>, room: &mut Room, message: &InboundMessage) -> Result<(), StoreError> {
    let told = message
        .chat_name
        .as_deref()
        .filter(|told| !told.trim().is_empty());
    if let Some(told) = told {
        return room.told_name(writing, told, message.at);
    }
    let is_person = ChatKind::of(&message.chat) == ChatKind::Person;
    match message
        .sender_name
        .as_deref()
        .filter(|writer| !writer.trim().is_empty())
    {
        Some(writer) if is_person && !message.from_me => room.guessed_name(writing, writer),
        _ => Ok(()),
    }
}

pub(super) fn asks(writing: &Writing<'_>, condition: &str, message: MessageId) -> Result<bool, StoreError> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1 AND {condition})");
    Ok(writing
        .prepare_cached(&sql)?
        .query_row([message.0], |row| row.get(0))?)
}

fn is_starred(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    asks(writing, "starred = 1", message)
}

fn is_there(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    asks(writing, "deleted_at IS NULL", message)
}
