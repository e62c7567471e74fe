//! Taking in what a gateway tells, from wherever it came: webhook, polling, history.
//!
//! The same thing may come any number of times, in any order, by several ways; it is stored once and nothing goes backwards:
//! - a message is known by (chat, gateway id); a second telling may only raise its status and tell what was done to it
//! - who is one person first, then chats and contacts, then messages by chat and time, then what was done to messages, then receipts, so that a batch needs no
//!   second pass
//! - a message of ours that nobody here wrote was written on the phone: whoever wrote it has read the chat. One that may be
//!   the echo of a message under way from here says nothing of the kind
//! - what comes live is unread; what comes from older history is not ([`Origin`])
//! - a chat that is emptied on the phone is emptied before the batch's messages go in: none of them is lost by it
//! - a kind that we do not know is kept raw

use mostrador_domain::{
    Address, ChatId, ChatSnapshot, ContactSnapshot, DeviceId, Inbound, InboundMessage, LinkChange,
    MessageChange, MessageId, StatusUpdate, UnixMillis,
};

use crate::tables::{change, chat, device, outbox, person, raw_event, receipt};
use crate::{StoreError, Writing};

mod message;

use message::Batch;

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
    /// Is there a file to fetch?
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
    let sorted = Sorted::from(events);
    for emptied in &sorted.emptied {
        chat::emptied(writing, device_id, &emptied.chat, emptied.gone)?;
    }
    for (phone, lid) in &sorted.same {
        person::same(writing, device_id, phone, lid)?;
    }
    for said in &sorted.chats {
        chat::snapshot(writing, device_id, said, origin == Origin::History)?;
    }
    for said in &sorted.contacts {
        person::told(writing, device_id, said)?;
    }
    let mut batch = Batch::new(device_id, origin, now);
    for message in &sorted.messages {
        batch.message(writing, message)?;
    }
    for chat_id in batch.ours.clone() {
        outbox::adopt_echoes(writing, chat_id, now)?;
    }
    for done in &sorted.changes {
        change::apply(writing, device_id, done, now)?;
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
    let mut done = batch.finish(writing)?;
    done.link = sorted.link;
    Ok(done)
}

/// A batch by kind, messages by chat and time.
#[derive(Default)]
struct Sorted {
    emptied: Vec<Emptied>,
    same: Vec<(Address, Address)>,
    chats: Vec<ChatSnapshot>,
    contacts: Vec<ContactSnapshot>,
    messages: Vec<InboundMessage>,
    changes: Vec<MessageChange>,
    statuses: Vec<StatusUpdate>,
    link: Vec<LinkChange>,
    unknown: Vec<(String, String)>,
}

/// A chat that was emptied, or deleted, on the phone.
struct Emptied {
    chat: Address,
    gone: bool,
}

impl From<Vec<Inbound>> for Sorted {
    fn from(events: Vec<Inbound>) -> Self {
        let mut sorted = Self::default();
        for event in events {
            match event {
                Inbound::ChatCleared { chat } => sorted.emptied.push(Emptied { chat, gone: false }),
                Inbound::ChatGone { chat } => sorted.emptied.push(Emptied { chat, gone: true }),
                Inbound::SamePerson { phone, lid } => sorted.same.push((phone, lid)),
                Inbound::Chat(said) => sorted.chats.push(said),
                Inbound::Contact(said) => sorted.contacts.push(said),
                Inbound::Message(message) => sorted.messages.push(*message),
                Inbound::Change(done) => sorted.changes.push(done),
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
