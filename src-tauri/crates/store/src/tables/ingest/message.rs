//! The messages of a batch.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use mostrador_domain::{
    ChatId, ChatKind, DeliveryStatus, DeviceId, InboundMessage, MediaId, MessageBody, MessageId, UnixMillis,
};
use rusqlite::{OptionalExtension, params};

use super::{Ingested, Origin, Received};
use crate::tables::change::{self, Done};
use crate::tables::chat::{self, NameRank};
use crate::tables::message::columns::{Columns, json};
use crate::tables::{address, media, outbox, person, receipt};
use crate::{Change, StoreError, Writing};

pub(super) struct Batch {
    device: DeviceId,
    origin: Origin,
    now: UnixMillis,
    done: Ingested,
    /// Chats into which messages of ours came that were not written here.
    pub(super) ours: BTreeSet<ChatId>,
    /// The chats with the same person, of each chat that the batch speaks of.
    kin: BTreeMap<ChatId, Vec<ChatId>>,
}

impl Batch {
    pub(super) fn new(device: DeviceId, origin: Origin, now: UnixMillis) -> Self {
        Self {
            device,
            origin,
            now,
            done: Ingested::default(),
            ours: BTreeSet::new(),
            kin: BTreeMap::new(),
        }
    }

    pub(super) fn message(
        &mut self,
        writing: &mut Writing<'_>,
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        let chat_id = chat::ensure(writing, self.device, &message.chat)?;
        self.name_chat(writing, chat_id, message)?;
        if let Some(known) = self.known(writing, chat_id, &message.gateway_id)? {
            return self.told_again(writing, known, message);
        }
        if self.origin == Origin::History && was_pruned(writing, chat_id, message.at)? {
            return Ok(());
        }
        let id = self.insert(writing, chat_id, message)?;
        self.done.new_messages += 1;
        chat::moved_up(writing, chat_id, id, message.at)?;
        writing.touch(Change::Messages(chat_id));
        if message.from_me {
            receipt::take_parked(writing, self.device, &message.gateway_id, id, chat_id)?;
            self.ours.insert(chat_id);
            if self.origin == Origin::Live && !outbox::may_be_echo(writing, (id, chat_id))? {
                chat::read_elsewhere(writing, chat_id, message.at)?;
            }
        } else if self.origin == Origin::Live && chat::one_more_unread(writing, chat_id, message.at)? {
            self.done.received.push(Received {
                chat: chat_id,
                message: id,
                at: message.at,
            });
        }
        marks(writing, (id, chat_id), message)?;
        change::take_parked(writing, self.device, &message.gateway_id, (id, chat_id))
    }

    /// The message, if it is here: in this chat, or told before in another one with the same person.
    fn known(
        &mut self,
        writing: &Writing<'_>,
        chat_id: ChatId,
        gateway_id: &str,
    ) -> Result<Option<(MessageId, ChatId)>, StoreError> {
        let kin = match self.kin.entry(chat_id) {
            Entry::Occupied(kin) => kin.into_mut(),
            Entry::Vacant(kin) => kin.insert(person::kin(writing, chat_id)?),
        };
        for chat_id in kin {
            let known = known_in(writing, *chat_id, gateway_id)?;
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }

    /// What came of it. What was answered on the phone or deleted within the same batch is no news to anybody.
    pub(super) fn finish(mut self, writing: &Writing<'_>) -> Result<Ingested, StoreError> {
        let mut unread = Vec::new();
        for received in std::mem::take(&mut self.done.received) {
            if chat::is_unread(writing, received.chat, received.at)? && is_there(writing, received.message)? {
                unread.push(received);
            }
        }
        unread.sort_by_key(|received| (received.at, received.message));
        self.done.received = unread;
        Ok(self.done)
    }

    fn name_chat(
        &self,
        writing: &mut Writing<'_>,
        chat_id: ChatId,
        message: &InboundMessage,
    ) -> Result<(), StoreError> {
        let told = message
            .chat_name
            .as_deref()
            .filter(|told| !told.trim().is_empty());
        if let Some(told) = told {
            return chat::named_by_message(writing, chat_id, told, message.at);
        }
        let is_person = ChatKind::of(&message.chat) == ChatKind::Person;
        match message
            .sender_name
            .as_deref()
            .filter(|writer| !writer.trim().is_empty())
        {
            Some(writer) if is_person && !message.from_me => {
                chat::named(writing, chat_id, writer, NameRank::Guessed)
            }
            _ => Ok(()),
        }
    }

    fn insert(
        &mut self,
        writing: &mut Writing<'_>,
        chat_id: ChatId,
        message: &InboundMessage,
    ) -> Result<MessageId, StoreError> {
        let sender = match &message.sender {
            Some(sender) if !message.from_me => {
                Some(address::ensure(writing, sender, message.sender_name.as_deref())?)
            }
            _ => None,
        };
        let row = Columns::of(&message.body);
        let media = self.announced(writing, &message.body)?;
        let context = &message.context;
        let status = message
            .from_me
            .then(|| message.status.unwrap_or(DeliveryStatus::Sent).rank());
        writing
            .prepare_cached(
                "INSERT INTO message (chat_id, gateway_id, from_me, sender_id, at, kind, text, data, media_id, raw_kind, raw, status,
                                      quoted_gateway_id, quoted_text, forwarded, mentions, edited_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
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
        Ok(MessageId(writing.last_insert_rowid()))
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

fn known_in(
    writing: &Writing<'_>,
    chat_id: ChatId,
    gateway_id: &str,
) -> Result<Option<(MessageId, ChatId)>, StoreError> {
    let sql = "SELECT id FROM message WHERE chat_id = ?1 AND gateway_id = ?2";
    let found = writing
        .prepare_cached(sql)?
        .query_row(params![chat_id.0, gateway_id], |row| row.get(0))
        .optional()?;
    Ok(found.map(|id| (MessageId(id), chat_id)))
}

/// Does the shop not want to keep messages of this age?
fn was_pruned(writing: &Writing<'_>, chat_id: ChatId, at: UnixMillis) -> Result<bool, StoreError> {
    let sql = "SELECT pruned_until > ?2 FROM chat WHERE id = ?1";
    Ok(writing
        .prepare_cached(sql)?
        .query_row(params![chat_id.0, at.0], |row| row.get(0))?)
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
