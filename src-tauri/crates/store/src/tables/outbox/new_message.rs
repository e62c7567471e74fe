//! A message that is to be sent, stored before anything is sent.

use std::time::Duration;

use mostrador_domain::{
    Address, ChatId, ContactCard, DeliveryStatus, DeviceId, Interactive, LinkPreview, Location, MediaId,
    MediaKind, MessageId, OutboxKind, Poll, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::now::Now;
use super::payload::Forwarded;
use super::{NEXT_PLACE, UPLOAD};
use crate::quiet::quiet_debug;
use crate::tables::chat::{CHAT_GONE, Draft};
use crate::tables::message::columns::{Columns, json};
use crate::tables::message::{self, Content};
use crate::tables::{chat, media, search};
use crate::{Change, StoreError, Writing};

/// A message to be sent.
#[derive(Clone, PartialEq)]
pub struct NewMessage {
    /// Where to.
    pub chat: ChatId,
    /// Chosen by whoever asks: asking twice is sending once.
    pub client_id: String,
    /// What.
    pub content: NewContent,
    /// The message that it answers; one that a gateway has accepted.
    pub quoted: Option<MessageId>,
    /// Who is named with an @.
    pub mentions: Vec<Address>,
    /// A file of more bytes than these is put at the gateway first, as a row of its own; `None` = all travel inside their sends.
    pub inline_up_to: Option<u64>,
    /// For so long it can be undone: nothing is sent before that.
    pub hold: Duration,
    /// It is what the chat's draft became: the draft goes as the message is stored, in the same step. Cleared by a second step,
    /// a draft could outlive a program that dies between the two, and would be sent once more.
    pub sends_draft: bool,
}

/// What is to be sent.
#[derive(Clone, PartialEq)]
pub enum NewContent {
    /// Words.
    Text(String),
    /// Words with a card about a page that they name.
    LinkPreview {
        /// The words.
        text: String,
        /// The card.
        preview: LinkPreview,
    },
    /// A file whose bytes are here.
    Media {
        /// How it is shown.
        kind: MediaKind,
        /// The file.
        media: MediaId,
        /// Words under it.
        caption: Option<String>,
    },
    /// A place.
    Location(Location),
    /// Cards of persons.
    Contacts(Vec<ContactCard>),
    /// A question.
    Poll(Poll),
    /// Words with something to choose.
    Interactive(Interactive),
    /// A message that is here, sent on.
    Forward(MessageId),
}

quiet_debug!(NewMessage {
    chat,
    quoted,
    inline_up_to,
    hold,
    sends_draft
});

impl NewMessage {
    /// A message that answers nothing, names nobody, and is sent at once.
    pub fn new(chat: ChatId, client_id: impl Into<String>, content: NewContent) -> Self {
        Self {
            chat,
            client_id: client_id.into(),
            content,
            quoted: None,
            mentions: Vec::new(),
            inline_up_to: None,
            hold: Duration::ZERO,
            sends_draft: false,
        }
    }
}

/// Stores a message that is to be sent. The same `client_id` again gives the message that is there already.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`] for an unknown chat, file or message; [`crate::StoreErrorKind::StateChanged`] if the
/// `client_id` belongs to another chat or to a message that was discarded, or if what is quoted or sent on is not at the
/// gateway or cannot be sent any more.
pub fn enqueue(
    writing: &mut Writing<'_>,
    new: &NewMessage,
    now: impl Into<Now>,
) -> Result<MessageId, StoreError> {
    let known = sent_as(writing, new.chat, &new.client_id)?;
    if new.sends_draft {
        chat::set_draft(writing, new.chat, &Draft::default())?;
    }
    if let Some(known) = known {
        return Ok(known);
    }
    let device = device_of(writing, new.chat)?;
    let clocks: Now = now.into();
    let (now, at) = (clocks.ours, clocks.written(writing, new.chat)?);
    let (message, forwarded) = match new.content {
        NewContent::Forward(original) => copy(writing, new, original, device, at)?,
        _ => (insert(writing, new, device, at)?, None),
    };
    let held_until = if new.hold.is_zero() {
        UnixMillis(0)
    } else {
        now.after(new.hold)
    };
    // What the gateway knows by its id goes by that.
    let most = new.inline_up_to.filter(|_| forwarded.is_none());
    let basis = if is_larger(writing, message, most)? {
        let client_id = format!("{}{UPLOAD}", new.client_id);
        Some(Row::new(OutboxKind::Upload, &client_id).add(writing, (message, new.chat, device), now)?)
    } else {
        None
    };
    let row = Row {
        depends_on: basis,
        payload: forwarded.as_ref().and_then(json),
        not_before: held_until,
        ..Row::new(OutboxKind::Send, &new.client_id)
    };
    row.add(writing, (message, new.chat, device), now)?;
    chat::moved_up(writing, new.chat, message, at)?;
    writing.touch(Change::Messages(new.chat));
    Ok(message)
}

/// Whose chat it is. What is put into one that is being removed would go with it, so it counts as gone.
fn device_of(connection: &Connection, chat: ChatId) -> Result<DeviceId, StoreError> {
    let sql = format!("SELECT c.device_id FROM chat c WHERE c.id = ?1 AND NOT {CHAT_GONE}");
    let device: i64 = connection
        .prepare_cached(&sql)?
        .query_row([chat.0], |row| row.get(0))?;
    Ok(DeviceId(device))
}

/// The message of this chat that was stored under a client id, if there is one.
///
/// # Errors
/// [`crate::StoreErrorKind::StateChanged`] if the `client_id` belongs to another chat or to a message that was discarded.
pub fn sent_as(
    connection: &Connection,
    chat: ChatId,
    client_id: &str,
) -> Result<Option<MessageId>, StoreError> {
    let sql = "SELECT message_id, chat_id, kind FROM outbox WHERE client_id = ?1";
    let found: Option<(Option<i64>, i64, String)> = connection
        .prepare_cached(sql)?
        .query_row([client_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        Some((Some(message), its, kind)) if its == chat.0 && kind == "send" => Ok(Some(MessageId(message))),
        Some(_) => Err(StoreError::state_changed()),
        None => Ok(None),
    }
}

/// A row about to be added.
pub(super) struct Row<'c> {
    pub(super) kind: OutboxKind,
    pub(super) client_id: &'c str,
    pub(super) depends_on: Option<i64>,
    pub(super) payload: Option<String>,
    pub(super) not_before: UnixMillis,
}

impl<'c> Row<'c> {
    pub(super) fn new(kind: OutboxKind, client_id: &'c str) -> Self {
        Self {
            kind,
            client_id,
            depends_on: None,
            payload: None,
            not_before: UnixMillis(0),
        }
    }

    /// Adds it at the end of everything, and gives its number.
    pub(super) fn add(
        self,
        writing: &mut Writing<'_>,
        (message, chat, device): (MessageId, ChatId, DeviceId),
        now: UnixMillis,
    ) -> Result<i64, StoreError> {
        let sql = format!(
            "INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, depends_on, payload, state, not_before, next_at,
                                 place, created_at, number_no)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'ready', ?8, max(?8, ?9), {NEXT_PLACE}, ?9,
                     (SELECT number_no FROM device WHERE id = ?4))"
        );
        writing.prepare_cached(&sql)?.execute(params![
            self.kind.as_str(),
            message.0,
            chat.0,
            device.0,
            self.client_id,
            self.depends_on,
            self.payload,
            self.not_before.0,
            now.0
        ])?;
        let id = writing.last_insert_rowid();
        writing.touch(Change::Outbox(device));
        Ok(id)
    }
}

fn insert(
    writing: &Writing<'_>,
    new: &NewMessage,
    device: DeviceId,
    at: UnixMillis,
) -> Result<MessageId, StoreError> {
    let (columns, media) = match &new.content {
        NewContent::Text(text) => (Columns::words("text", text), None),
        NewContent::LinkPreview { text, preview } => (Columns::link_preview(text, preview), None),
        NewContent::Media { kind, media, caption } => {
            (Columns::caption(kind.as_str(), caption.as_deref()), Some(*media))
        }
        NewContent::Location(location) => (Columns::location(location), None),
        NewContent::Contacts(cards) => (Columns::contacts(cards), None),
        NewContent::Poll(poll) => (Columns::poll(poll), None),
        NewContent::Interactive(interactive) => (Columns::interactive(interactive), None),
        NewContent::Forward(_) => return Err(StoreError::state_changed()),
    };
    let media = match media {
        Some(chosen) => Some(media::to_send(writing, chosen, device)?),
        None => None,
    };
    let quoted = match new.quoted {
        Some(quoted) => Some(quoted_id(writing, new.chat, quoted)?),
        None => None,
    };
    writing
        .prepare_cached(
            "INSERT INTO message (chat_id, from_me, at, kind, text, data, media_id, quoted_gateway_id, mentions, status)
             VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            new.chat.0,
            at.0,
            columns.kind,
            columns.text,
            columns.data,
            media.map(|media| media.0),
            quoted,
            (!new.mentions.is_empty()).then(|| json(&new.mentions)).flatten(),
            DeliveryStatus::Queued.rank()
        ])?;
    let id = MessageId(writing.last_insert_rowid());
    search::add(writing, id)?;
    Ok(id)
}

/// The gateway's id of a message of this chat.
fn quoted_id(connection: &Connection, chat: ChatId, quoted: MessageId) -> Result<String, StoreError> {
    let sql = "SELECT gateway_id FROM message WHERE id = ?1 AND chat_id = ?2";
    let id: Option<String> = connection
        .prepare_cached(sql)?
        .query_row(params![quoted.0, chat.0], |row| row.get(0))?;
    id.ok_or_else(StoreError::state_changed)
}

/// Copies a message that is sent on, and says how the gateway knows the original, if it is the same gateway's.
fn copy(
    writing: &Writing<'_>,
    new: &NewMessage,
    original: MessageId,
    device: DeviceId,
    at: UnixMillis,
) -> Result<(MessageId, Option<Forwarded>), StoreError> {
    let row = message::get(writing, original)?;
    let owner: i64 = writing
        .prepare_cached("SELECT device_id FROM chat WHERE id = ?1")?
        .query_row([row.chat.0], |row| row.get(0))?;
    let forwarded = row
        .gateway_id
        .clone()
        .filter(|_| owner == device.0)
        .map(|gateway_id| Forwarded { gateway_id });
    let media = match &row.content {
        Content::Deleted => return Err(StoreError::state_changed()),
        Content::Notice { .. } | Content::Unknown { .. } | Content::Media { media: None, .. }
            if forwarded.is_none() =>
        {
            return Err(StoreError::state_changed());
        }
        Content::Media {
            media: Some(file), ..
        } if file.device == Some(device) => Some(file.id),
        Content::Media {
            media: Some(file), ..
        } if file.state == media::MediaState::Ready => Some(media::to_send(writing, file.id, device)?),
        Content::Media { media: Some(_), .. } => return Err(StoreError::state_changed()),
        _ => None,
    };
    writing
        .prepare_cached(
            "INSERT INTO message (chat_id, from_me, at, kind, text, data, raw_kind, raw, media_id, forwarded, status)
             SELECT ?2, 1, ?3, kind, text, data, raw_kind, raw, ?4, 1, ?5 FROM message WHERE id = ?1",
        )?
        .execute(params![
            original.0,
            new.chat.0,
            at.0,
            media.map(|media| media.0),
            DeliveryStatus::Queued.rank()
        ])?;
    let id = MessageId(writing.last_insert_rowid());
    search::add(writing, id)?;
    Ok((id, forwarded))
}

/// Is a message's file larger than what travels inside a send?
pub(super) fn is_larger(
    connection: &Connection,
    message: MessageId,
    most: Option<u64>,
) -> Result<bool, StoreError> {
    let Some(most) = most else {
        return Ok(false);
    };
    let sql = "SELECT EXISTS (SELECT 1 FROM message m JOIN media f ON f.id = m.media_id WHERE m.id = ?1 AND f.bytes > ?2)";
    Ok(connection.prepare_cached(sql)?.query_row(
        params![message.0, i64::try_from(most).unwrap_or(i64::MAX)],
        |row| row.get(0),
    )?)
}
