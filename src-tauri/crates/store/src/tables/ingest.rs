//! Taking in what a gateway tells, from wherever it came: webhook, polling, history.
//!
//! The same thing may come any number of times, in any order, by several ways; it is stored once and nothing goes backwards:
//! - a message is known by (chat, gateway id); a second telling may only raise its status
//! - chats first, then messages by chat and time, then receipts, so that a batch needs no second pass
//! - a message of ours that nobody here wrote was written on the phone: whoever wrote it has read the chat. One that may be
//!   the echo of a message under way from here says nothing of the kind
//! - what comes live is unread; what comes from older history is not ([`Origin`])
//! - a kind that we do not know is kept raw

use std::collections::BTreeSet;

use mostrador_domain::{
    ChatId, ChatKind, DeliveryStatus, DeviceId, Inbound, InboundMessage, LinkChange, MediaId, MediaKind,
    MessageBody, MessageId, StatusUpdate, UnixMillis,
};
use rusqlite::{OptionalExtension, params};

use crate::tables::{address, chat, device, media, outbox, raw_event, receipt};
use crate::{Change, StoreError, Writing};

/// Where events come from, and so what they mean for unread counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// They happen now, or happened while we were away: unread.
    Live,
    /// Older history, fetched by the first sync: read, but for what the gateway itself counts as unread.
    History,
}

/// What came of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Messages of theirs that are new and unread, oldest first.
    pub received: Vec<Received>,
    /// Changes of the link itself, for the device's session.
    pub link: Vec<LinkChange>,
    /// How many messages were new.
    pub new_messages: u32,
    /// Is there a picture to fetch?
    pub new_media: bool,
}

/// A new message of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Where.
    pub chat: ChatId,
    /// Which.
    pub message: MessageId,
    /// When it was written.
    pub at: UnixMillis,
}

/// Takes in a batch of one device's events.
///
/// # Errors
/// The file's.
pub fn apply(
    writing: &mut Writing<'_>,
    device_id: DeviceId,
    events: Vec<Inbound>,
    origin: Origin,
    now: UnixMillis,
) -> Result<Ingested, StoreError> {
    let mut batch = Batch {
        device: device_id,
        origin,
        done: Ingested::default(),
        ours: BTreeSet::new(),
    };
    let sorted = Sorted::from(events);
    for said in &sorted.chats {
        chat::snapshot(writing, device_id, said, origin == Origin::History)?;
    }
    for message in &sorted.messages {
        batch.message(writing, message)?;
    }
    for chat_id in batch.ours.clone() {
        outbox::adopt_echoes(writing, chat_id, now)?;
    }
    for update in &sorted.statuses {
        receipt::apply(writing, device_id, update)?;
    }
    if !sorted.statuses.is_empty() {
        device::acknowledged(writing, device_id, now)?;
    }
    for (raw_kind, raw) in &sorted.unknown {
        raw_event::keep(writing, device_id, now, raw_kind, raw)?;
    }
    batch.done.link = sorted.link;
    batch.unread_only(writing)?;
    Ok(batch.done)
}

/// A batch by kind, messages by chat and time.
#[derive(Default)]
struct Sorted {
    chats: Vec<mostrador_domain::ChatSnapshot>,
    messages: Vec<InboundMessage>,
    statuses: Vec<StatusUpdate>,
    link: Vec<LinkChange>,
    unknown: Vec<(String, String)>,
}

impl From<Vec<Inbound>> for Sorted {
    fn from(events: Vec<Inbound>) -> Self {
        let mut sorted = Self::default();
        for event in events {
            match event {
                Inbound::Chat(said) => sorted.chats.push(said),
                Inbound::Message(message) => sorted.messages.push(*message),
                Inbound::Status(update) => sorted.statuses.push(update),
                Inbound::Link(change) => sorted.link.push(change),
                Inbound::Unknown { raw_kind, raw } => sorted.unknown.push((raw_kind, raw)),
                _ => {}
            }
        }
        sorted
            .messages
            .sort_by(|a, b| (&a.chat, a.at).cmp(&(&b.chat, b.at)));
        sorted
    }
}

struct Batch {
    device: DeviceId,
    origin: Origin,
    done: Ingested,
    /// Chats into which messages of ours came that were not written here.
    ours: BTreeSet<ChatId>,
}

impl Batch {
    fn message(&mut self, writing: &mut Writing<'_>, message: &InboundMessage) -> Result<(), StoreError> {
        let chat_id = chat::ensure(writing, self.device, &message.chat)?;
        self.name_chat(writing, chat_id, message)?;
        if let Some(known) = self.known(writing, chat_id, &message.gateway_id)? {
            return told_again(writing, chat_id, known, message);
        }
        let id = self.insert(writing, chat_id, message)?;
        self.done.new_messages += 1;
        chat::moved_up(writing, chat_id, id, message.at)?;
        writing.touch(Change::Messages(chat_id));
        if message.from_me {
            receipt::take_parked(writing, self.device, &message.gateway_id, id, chat_id)?;
            self.ours.insert(chat_id);
            if self.origin == Origin::Live && !outbox::may_be_echo(writing, id)? {
                chat::read_elsewhere(writing, chat_id, message.at)?;
            }
        } else if self.origin == Origin::Live && chat::one_more_unread(writing, chat_id, message.at)? {
            self.done.received.push(Received {
                chat: chat_id,
                message: id,
                at: message.at,
            });
        }
        Ok(())
    }

    /// What was answered on the phone within the same batch is no news to anybody.
    fn unread_only(&mut self, writing: &Writing<'_>) -> Result<(), StoreError> {
        let mut unread = Vec::new();
        for received in std::mem::take(&mut self.done.received) {
            if chat::is_unread(writing, received.chat, received.at)? {
                unread.push(received);
            }
        }
        unread.sort_by_key(|received| (received.at, received.message));
        self.done.received = unread;
        Ok(())
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
            Some(writer) if is_person && !message.from_me => chat::name(writing, chat_id, writer, true),
            _ => Ok(()),
        }
    }

    fn known(
        &self,
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
        let row = self.columns(writing, &message.body)?;
        let status = message
            .from_me
            .then(|| message.status.unwrap_or(DeliveryStatus::Sent).rank());
        writing
            .prepare_cached(
                "INSERT INTO message (chat_id, gateway_id, from_me, sender_id, at, kind, text, media_id, raw_kind, raw, status)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                chat_id.0,
                message.gateway_id,
                message.from_me,
                sender,
                message.at.0,
                row.kind,
                row.text,
                row.media.map(|media| media.0),
                row.raw.map(|(raw_kind, _)| raw_kind),
                row.raw.map(|(_, raw)| raw),
                status,
            ])?;
        Ok(MessageId(writing.last_insert_rowid()))
    }

    fn columns<'m>(
        &mut self,
        writing: &Writing<'_>,
        body: &'m MessageBody,
    ) -> Result<Columns<'m>, StoreError> {
        Ok(match body {
            MessageBody::Text(text) => Columns {
                kind: "text",
                text: Some(text),
                media: None,
                raw: None,
            },
            MessageBody::Media(media) if media.kind == MediaKind::Image => {
                self.done.new_media = true;
                let id = media::announce(writing, self.device, &media.file)?;
                Columns {
                    kind: "image",
                    text: media.caption.as_deref(),
                    media: Some(id),
                    raw: None,
                }
            }
            MessageBody::Unknown { raw_kind, raw } => Columns {
                kind: "unknown",
                text: None,
                media: None,
                raw: Some((raw_kind, raw)),
            },
            other => Columns {
                kind: "unknown",
                text: None,
                media: None,
                raw: Some((other.kind_word(), "{}")),
            },
        })
    }
}

/// A message that is known: how far it has come may be news, since when it has is not told.
fn told_again(
    writing: &mut Writing<'_>,
    chat_id: ChatId,
    known: MessageId,
    message: &InboundMessage,
) -> Result<(), StoreError> {
    match message.status {
        Some(status) if message.from_me => receipt::raise_untimed(writing, known, chat_id, status),
        _ => Ok(()),
    }
}

/// A body as columns.
struct Columns<'m> {
    kind: &'static str,
    text: Option<&'m str>,
    media: Option<MediaId>,
    raw: Option<(&'m str, &'m str)>,
}
