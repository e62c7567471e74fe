//! The messages of a batch.

use std::collections::{BTreeMap, BTreeSet};

use mostrador_domain::{
    Address, ChatId, ChatKind, DeliveryStatus, DeviceId, InboundMessage, MediaId, MessageBody, MessageId,
    UnixMillis,
};
use rusqlite::{OptionalExtension, params};

use super::room::Room;
use super::{Ingested, Origin, Received};
use crate::tables::change::{self, Done};
use crate::tables::chat;
use crate::tables::message::columns::{Columns, json};
use crate::tables::search::Pending;
use crate::tables::{address, media, outbox, receipt};
use crate::{Change, StoreError, Writing};

pub(super) struct Batch {
    device: DeviceId,
    origin: Origin,
    now: UnixMillis,
    done: Ingested,
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
    /// New words, to be found.
    words: Pending,
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
        Ok(Self {
            device,
            origin,
            now,
            done: Ingested::default(),
            ours: BTreeSet::new(),
            writers: BTreeMap::new(),
            receipts_wait: receipt::any_parked(writing, device)?,
            changes_wait: change::any_parked(writing, device)?,
            unsettled: outbox::any_unsettled(writing, device)?,
            words: Pending::default(),
        })
    }

    /// Takes in messages that are sorted by chat and time.
    pub(super) fn messages(
        &mut self,
        writing: &mut Writing<'_>,
        messages: &[Box<InboundMessage>],
    ) -> Result<(), StoreError> {
        for of_chat in messages.chunk_by(|one, next| one.chat == next.chat) {
            let Some(first) = of_chat.first() else { continue };
            let mut room = Room::open(writing, self.device, &first.chat)?;
            for message in of_chat {
                self.message(writing, &mut room, message)?;
            }
            room.close(writing)?;
        }
        self.words.index(writing)
    }

    fn message(
        &mut self,
        writing: &mut Writing<'_>,
        room: &mut Room,
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        name_chat(writing, room, message)?;
        let Some(id) = self.insert(writing, room, message)? else {
            return Ok(());
        };
        let chat_id = room.id;
        self.done.new_messages += 1;
        room.came(id, message.at);
        if message.from_me {
            if self.receipts_wait {
                receipt::take_parked(writing, self.device, &message.gateway_id, id, chat_id)?;
            }
            if self.unsettled {
                self.ours.insert(chat_id);
            }
            let echo = self.unsettled && outbox::may_be_echo(writing, (id, chat_id))?;
            if self.origin == Origin::Live && !echo {
                room.answered_elsewhere(message.at);
            }
        } else if self.origin == Origin::Live && room.one_more_unread(message.at) {
            self.done.received.push(Received {
                chat: chat_id,
                message: id,
                at: message.at,
            });
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
            for received in of_chat.iter().filter(|received| read_up_to < received.at) {
                if all_there || is_there(writing, received.message)? {
                    unread.push(*received);
                }
            }
        }
        unread.sort_by_key(|received| (received.at, received.message));
        self.done.received = unread;
        Ok(self.done)
    }

    /// The number that the message gets; `None` = it was known, and is told again, or the shop does not keep what is so old. Of most messages nobody knows anything, and
    /// the key that would refuse them a second time is asked only once; where another chat with the same person could hold
    /// it, or something else would be stored beside it, is asked before.
    fn insert(
        &mut self,
        writing: &mut Writing<'_>,
        room: &Room,
        message: &InboundMessage,
    ) -> Result<Option<MessageId>, StoreError> {
        let pruned = self.origin == Origin::History && room.was_pruned(message.at);
        if pruned || room.kin.len() > 1 || matches!(message.body, MessageBody::Media(_)) {
            for chat in &room.kin {
                if let Some(known) = known_in(writing, *chat, &message.gateway_id)? {
                    self.told_again(writing, (known, *chat), message)?;
                    return Ok(None);
                }
            }
        }
        if pruned {
            return Ok(None);
        }
        let row = Columns::of(&message.body);
        if !self.insert_new(writing, room.id, message, &row)? {
            if let Some(known) = known_in(writing, room.id, &message.gateway_id)? {
                self.told_again(writing, (known, room.id), message)?;
            }
            return Ok(None);
        }
        let id = MessageId(writing.last_insert_rowid());
        if let Some(text) = &row.text {
            self.words.add(room.id, id, message.at, text);
        }
        if let Some(sender) = message.sender.as_ref().filter(|_| !message.from_me) {
            self.name_writer(writing, sender, message.sender_name.as_deref())?;
        }
        Ok(Some(id))
    }

    /// `false` = the chat has a message with this id.
    fn insert_new(
        &mut self,
        writing: &Writing<'_>,
        chat_id: ChatId,
        message: &InboundMessage,
        row: &Columns<'_>,
    ) -> Result<bool, StoreError> {
        let sender = match &message.sender {
            Some(sender) if !message.from_me => Some(self.writer(writing, sender)?),
            _ => None,
        };
        let media = self.announced(writing, &message.body)?;
        let context = &message.context;
        let status = message
            .from_me
            .then(|| message.status.unwrap_or(DeliveryStatus::Sent).rank());
        let inserted = writing
            .prepare_cached(
                "INSERT INTO message (chat_id, gateway_id, from_me, sender_id, at, kind, text, data, media_id, raw_kind, raw, status,
                                      quoted_gateway_id, quoted_text, forwarded, mentions, edited_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
                 ON CONFLICT (chat_id, gateway_id) WHERE gateway_id IS NOT NULL DO NOTHING",
            )?
            .execute(params![
                chat_id.0,
                message.gateway_id,
                message.from_me,
                sender,
                message.at.0,
                row.kind,
                row.text,
                row.data,
                media.map(|media| media.0),
                row.raw_kind,
                row.raw,
                status,
                context.quoted,
                context.quoted_text,
                context.forwarded,
                named(message),
                context.edited_at.map(|edited| edited.0),
            ])?;
        Ok(inserted > 0)
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
    fn announced(
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

    /// A message that is known: how far it has come may be news, since when it has is not told; so may be what was done to it,
    /// where its file can be fetched now, and what it is, if nobody here knew its kind when it came.
    fn told_again(
        &mut self,
        writing: &mut Writing<'_>,
        (known, chat_id): (MessageId, ChatId),
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        self.words.index(writing)?;
        if let (Some(status), true) = (message.status, message.from_me) {
            receipt::raise_untimed(writing, known, chat_id, status)?;
        }
        if let MessageBody::Media(told) = &message.body
            && let Some(file) = file_of(writing, known)?
        {
            self.done.new_media |= media::told_again(writing, file, &told.file)?;
        }
        self.now_understood(writing, (known, chat_id), message)?;
        if let Some(edited) = message.context.edited_at {
            let said = Done::Edited(Columns::of(&message.body));
            change::to(writing, (known, chat_id), None, edited, &said)?;
        }
        marks(writing, (known, chat_id), message)
    }

    /// A message that came when its kind was not known yet gets its content now.
    fn now_understood(
        &mut self,
        writing: &mut Writing<'_>,
        (known, chat_id): (MessageId, ChatId),
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        if matches!(message.body, MessageBody::Unknown { .. }) || !is_unknown(writing, known)? {
            return Ok(());
        }
        let row = Columns::of(&message.body);
        let media = self.announced(writing, &message.body)?;
        writing
            .prepare_cached(
                "UPDATE message SET kind = ?2, text = ?3, data = ?4, media_id = ?5, raw_kind = NULL, raw = ?6
                  WHERE id = ?1 AND kind = 'unknown' AND deleted_at IS NULL",
            )?
            .execute(params![
                known.0,
                row.kind,
                row.text,
                row.data,
                media.map(|media| media.0),
                row.raw
            ])?;
        writing.touch(Change::Messages(chat_id));
        writing.touch(Change::Chat(chat_id));
        Ok(())
    }
}

fn named(message: &InboundMessage) -> Option<String> {
    let mentions = &message.context.mentions;
    if mentions.is_empty() { None } else { json(mentions) }
}

/// What is told of a message beside its words: whether it is starred, who reacted. It is as old as the message at the least;
/// any change that bears a time of its own is newer.
fn marks(
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

fn known_in(
    writing: &Writing<'_>,
    chat_id: ChatId,
    gateway_id: &str,
) -> Result<Option<MessageId>, StoreError> {
    let sql = "SELECT id FROM message WHERE chat_id = ?1 AND gateway_id = ?2";
    let found = writing
        .prepare_cached(sql)?
        .query_row(params![chat_id.0, gateway_id], |row| row.get(0))
        .optional()?;
    Ok(found.map(MessageId))
}

fn file_of(writing: &Writing<'_>, message: MessageId) -> Result<Option<MediaId>, StoreError> {
    let sql = "SELECT media_id FROM message WHERE id = ?1";
    let file: Option<i64> = writing
        .prepare_cached(sql)?
        .query_row([message.0], |row| row.get(0))?;
    Ok(file.map(MediaId))
}

fn asks(writing: &Writing<'_>, condition: &str, message: MessageId) -> Result<bool, StoreError> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1 AND {condition})");
    Ok(writing
        .prepare_cached(&sql)?
        .query_row([message.0], |row| row.get(0))?)
}

fn is_unknown(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    asks(writing, "kind = 'unknown' AND deleted_at IS NULL", message)
}

fn is_starred(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    asks(writing, "starred = 1", message)
}

fn is_there(writing: &Writing<'_>, message: MessageId) -> Result<bool, StoreError> {
    asks(writing, "deleted_at IS NULL", message)
}
