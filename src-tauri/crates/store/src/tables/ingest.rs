//! Taking in what a gateway tells, from wherever it came: webhook, polling, history.
//!
//! The same thing may come any number of times, in any order, by several ways; it is stored once and nothing goes backwards:
//! - a message is known by (chat, gateway id); a second telling may only raise its status and tell what was done to it
//! - who is one person first, then chats and contacts, then messages by chat and time, then what was done to messages, then receipts, so that a batch needs no
//!   second pass
//! - a message of ours that nobody here wrote was written on the phone: whoever wrote it has read what was there some seconds
//!   before. One that may be the echo of a message under way from here, or that a program sent, says nothing of the kind; an away
//!   text or a bot that answers at once has read nothing either
//! - what comes live is unread; what comes from older history is not ([`Origin`]). What was written before the first sync of
//!   the number began is history, whoever brings it
//! - a message that was removed for its age is not taken in again when it is listed again
//! - what went with an emptied or deleted chat is not taken in when a call tells it a second time ([`leave_emptied`])
//! - a chat is not emptied or deleted by a call that could not be stored when it came, if it holds what was written since
//!   ([`leave_emptyings`])
//! - a chat that is emptied on the phone is emptied before the batch's messages go in: none of them is lost by it
//! - a message of ours that a gateway gave up, and a person took back or sent again, is not stored a second time
//! - a kind that we do not know is kept raw

use mostrador_domain::{ChatId, DeviceId, LinkChange, MessageId, PresenceUpdate, UnixMillis};

use crate::tables::{call, change, chat, device, outbox, person, raw_event, receipt};
use crate::{StoreError, Writing};

mod again;
mod batches;
mod events;
mod gone;
mod message;
mod room;
mod rows;
mod waiting;

pub use batches::batches;
pub use events::Events;
pub use gone::{is_here, leave_emptied, leave_emptyings};
use message::Batch;
pub(in crate::tables) use message::QUICK;

/// Where events come from, and so what they mean for unread counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// They happen now, or happened while we were away: unread, unless they are older than the first sync.
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
    /// What persons whose chats are here do now. It is not stored.
    pub presences: Vec<(ChatId, PresenceUpdate)>,
    /// How many messages were new.
    pub new_messages: u32,
    /// How many events were left out: messages that went with their chat before, and chats that somebody has written in since they are said
    /// to have been emptied.
    pub left: u32,
    /// Is there a file to fetch?
    pub new_media: bool,
    /// Was a chat emptied or deleted? What came after that at the gateway may have been here already, and went with it.
    pub emptied: bool,
}

impl Ingested {
    /// What came of the next batch too.
    pub fn and(&mut self, next: Self) {
        self.received.extend(next.received);
        self.link.extend(next.link);
        self.presences.extend(next.presences);
        self.new_messages += next.new_messages;
        self.left += next.left;
        self.new_media |= next.new_media;
        self.emptied |= next.emptied;
    }
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
    events: impl Into<Events>,
    origin: Origin,
    now: UnixMillis,
) -> Result<Ingested, StoreError> {
    let sorted: Events = events.into();
    for emptied in &sorted.emptied {
        chat::emptied(writing, device_id, &emptied.chat, emptied.gone)?;
    }
    for (phone, lid) in &sorted.same {
        person::same(writing, device_id, phone, lid, now)?;
    }
    for said in &sorted.chats {
        chat::snapshot(writing, device_id, said, origin == Origin::History)?;
    }
    sorted.of_groups_and_labels(writing, device_id)?;
    for said in &sorted.contacts {
        person::told(writing, device_id, said)?;
    }
    let mut batch = Batch::new(writing, device_id, origin, now)?;
    batch.messages(writing, &sorted.messages)?;
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
    for update in &sorted.calls {
        call::told(writing, device_id, update)?;
    }
    for (raw_kind, raw) in &sorted.unknown {
        raw_event::keep(writing, device_id, now, raw_kind, raw)?;
    }
    let mut done = batch.finish(writing, !sorted.changes.is_empty())?;
    for update in sorted.presences {
        let chats = person::chats_of(writing, device_id, &update.address)?;
        done.presences
            .extend(chats.first().map(|chat| (*chat, update.clone())));
    }
    done.link = sorted.link;
    done.emptied = !sorted.emptied.is_empty();
    Ok(done)
}
