//! Whose turn it is, and what is to be done.
//!
//! Order is kept per chat: a row is claimed only when nothing older of its chat is still to be settled. An uncertain row
//! holds the later ones back while it is being looked for, and no longer once it is with the operator; nor does what depends
//! on it. A row that depends on another one is claimed when that one is done; an upload of which the gateway may not have the file any
//! more is made anew before its send.

use mostrador_domain::{
    Address, ChatId, ChatKind, DeviceId, FailureCode, MessageAction, MessageId, OutboxEvent, OutboxId,
    OutboxKind, UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::dependent::{has_expired, upload_anew};
use super::earlier_number;
use super::payload::{self, Forwarded, Uploaded};
use super::row::{set_failure, step};
use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::campaign::{follow, lapse};
use crate::tables::media::MediaRow;
use crate::tables::message::{self, Content};
use crate::{StoreError, Writing};

/// A row that was claimed: what to do, and to whom.
#[derive(Clone, PartialEq)]
pub struct Claimed {
    /// The row.
    pub id: OutboxId,
    /// The message.
    pub message: MessageId,
    /// The chat.
    pub chat: ChatId,
    /// Its address.
    pub address: Address,
    /// The id that we chose.
    pub client_id: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// What.
    pub work: Work,
}

quiet_debug!(Claimed {
    id,
    message,
    chat,
    attempt,
    work
});

impl Claimed {
    /// Is it a message to a person that no campaign's turn sends? What a campaign's was given up by the gateway and is sent again, a
    /// person sends: it counts beside the first.
    pub fn is_by_hand(&self) -> bool {
        matches!(self.work, Work::Send(_))
            && ChatKind::of(&self.address) == ChatKind::Person
            && follow::Try::of(&self.client_id).is_none_or(|tried| tried.again > 0)
    }
}

/// What is to be done.
#[derive(Clone, PartialEq)]
pub enum Work {
    /// Send the message.
    Send(Box<ToSend>),
    /// Put its file at the gateway.
    Upload(Box<MediaRow>),
    /// Do something to it.
    Act {
        /// The gateway's id of it.
        gateway_id: String,
        /// What.
        action: MessageAction,
    },
}

/// A message to send.
#[derive(Clone, PartialEq)]
pub struct ToSend {
    /// What.
    pub content: Content,
    /// The gateway's id of the message that it answers.
    pub quoted: Option<String>,
    /// Who is named with an @.
    pub mentions: Vec<Address>,
    /// The gateway's id of the message that is sent on, for a gateway that can; `content` is a copy of it.
    pub forward: Option<String>,
    /// What the gateway calls the file, if it was put there first.
    pub uploaded: Option<String>,
}

quiet_debug!(ToSend { content });

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send(send) => send.fmt(f),
            Self::Upload(file) => file.fmt(f),
            Self::Act { action, .. } => action.fmt(f),
        }
    }
}

/// SQL: the row `o` waits for nothing that it depends on. An action needs the gateway's name of its message.
const HAS_BASIS: &str = "(o.depends_on IS NULL OR EXISTS (SELECT 1 FROM outbox b WHERE b.id = o.depends_on AND b.state = 'done'))
    AND (o.kind IN ('send', 'upload') OR EXISTS (SELECT 1 FROM message n WHERE n.id = o.message_id AND n.gateway_id IS NOT NULL))";

/// SQL: the row `e` cannot go on by itself: what it depends on is with the operator, or went under a name that nobody knows.
const STUCK: &str = "EXISTS (SELECT 1 FROM outbox b WHERE b.id = e.depends_on
      AND ((b.state = 'uncertain' AND b.needs_operator = 1)
           OR (b.state = 'done' AND b.kind = 'send'
               AND NOT EXISTS (SELECT 1 FROM message n WHERE n.id = b.message_id AND n.gateway_id IS NOT NULL))))";

/// SQL: the row `o` is free to be claimed. Nothing else of its chat is under way or looked for, and nothing before it waits.
fn unblocked() -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM outbox e
      WHERE e.chat_id = o.chat_id AND e.state IN ('ready', 'in_flight', 'uncertain') AND e.id <> o.id
        AND (e.state = 'in_flight' OR (e.state = 'uncertain' AND e.needs_operator = 0)
             OR (e.state = 'ready' AND e.place < o.place AND e.message_id IS NOT NULL AND NOT {STUCK})))"
    )
}

/// SQL: the next row of a device whose time has come.
pub(in crate::tables) fn next_query() -> String {
    format!(
        "SELECT o.id, o.message_id, o.chat_id, c.address, o.client_id, o.attempts, o.kind, o.payload, m.gateway_id,
                (SELECT b.payload FROM outbox b WHERE b.id = o.depends_on AND b.kind = 'upload'),
                (SELECT b.claimed_at FROM outbox b WHERE b.id = o.depends_on AND b.kind = 'upload'), o.depends_on,
                o.number_no <> (SELECT d.number_no FROM device d WHERE d.id = o.device_id)
           FROM outbox o JOIN message m ON m.id = o.message_id JOIN chat c ON c.id = o.chat_id
          WHERE o.device_id = ?1 AND o.state = 'ready' AND o.next_at <= ?2 AND {HAS_BASIS} AND {} ORDER BY o.place LIMIT 1",
        unblocked()
    )
}

/// SQL: when the next row of a device has its time.
pub(in crate::tables) fn next_due_query() -> String {
    format!(
        "SELECT min(o.next_at) FROM outbox o
          WHERE o.device_id = ?1 AND o.state = 'ready' AND o.message_id IS NOT NULL AND {HAS_BASIS} AND {}",
        unblocked()
    )
}

/// A row that can be claimed, as it is in the file.
struct Next {
    id: OutboxId,
    message: MessageId,
    chat: ChatId,
    address: Address,
    client_id: String,
    attempt: u32,
    kind: Option<OutboxKind>,
    payload: Option<String>,
    gateway_id: Option<String>,
    upload: Option<String>,
    uploaded_at: Option<UnixMillis>,
    basis: Option<OutboxId>,
    of_earlier_number: bool,
}

impl Next {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let mut read = Columns::from(row, 0);
        Ok(Self {
            id: OutboxId(read.take()?),
            message: MessageId(read.take()?),
            chat: ChatId(read.take()?),
            address: Address::parse(&read.take::<String>()?),
            client_id: read.take()?,
            attempt: read.take::<u32>()?.saturating_add(1),
            kind: OutboxKind::from_word(&read.take::<String>()?),
            payload: read.take()?,
            gateway_id: read.take()?,
            upload: read.take()?,
            uploaded_at: read.take_as(UnixMillis)?,
            basis: read.take_as(OutboxId)?,
            of_earlier_number: read.take()?,
        })
    }

    /// What it asks for; `None` = that cannot be read.
    fn work(&self, connection: &Connection) -> Result<Option<Work>, StoreError> {
        let payload = self.payload.as_deref();
        Ok(match self.kind {
            None => None,
            Some(OutboxKind::Send) => {
                let message = message::get(connection, self.message)?;
                let forward: Option<Forwarded> = payload::read(payload);
                let uploaded: Option<Uploaded> = payload::read(self.upload.as_deref());
                Some(Work::Send(Box::new(ToSend {
                    content: message.content,
                    quoted: message.quoted.map(|quoted| quoted.gateway_id),
                    mentions: message.mentions,
                    forward: forward.map(|forward| forward.gateway_id),
                    uploaded: uploaded.map(|uploaded| uploaded.reference),
                })))
            }
            Some(OutboxKind::Upload) => match message::get(connection, self.message)?.content {
                Content::Media {
                    media: Some(file), ..
                } => Some(Work::Upload(Box::new(file))),
                _ => None,
            },
            Some(_) => self
                .gateway_id
                .clone()
                .zip(payload::read(payload))
                .map(|(gateway_id, action)| Work::Act { gateway_id, action }),
        })
    }
}

/// So many rows of campaigns are passed in one transaction.
const PASSED_AT_ONCE: u32 = 50;

/// Claims the next row whose time has come: Ready → InFlight, the attempt counted. One that asks for something that cannot
/// be read is dead, a campaign's whose turn has passed goes back to it ([`lapse`]), one that was to leave from another number is a
/// person's, and the next one is looked at.
///
/// # Errors
/// The file's.
pub fn claim(
    writing: &mut Writing<'_>,
    device: DeviceId,
    now: UnixMillis,
) -> Result<Option<Claimed>, StoreError> {
    for _ in 0..PASSED_AT_ONCE {
        let next = writing
            .prepare_cached(&next_query())?
            .query_row(params![device.0, now.0], Next::read)
            .optional()?;
        let Some(next) = next else {
            return Ok(None);
        };
        let due = lapse::Due {
            client_id: &next.client_id,
            kind: next.kind,
            uploaded_at: next.uploaded_at,
        };
        if lapse::lapsed(writing, due, now)? {
            continue;
        }
        if next.of_earlier_number {
            earlier_number::settle(writing, next.id)?;
            continue;
        }
        if let Some(upload) = next.basis
            && has_expired(writing, upload, now)?
        {
            // It is claimed first, in the turn that it has before its send.
            upload_anew(writing, upload, now)?;
            continue;
        }
        let work = next.work(writing)?;
        step(writing, next.id, OutboxEvent::Claimed)?;
        writing
            .prepare_cached(
                "UPDATE outbox SET attempts = ?2, claimed_at = ?3, looks = 0, looked_at = NULL WHERE id = ?1",
            )?
            .execute(params![next.id.0, next.attempt, now.0])?;
        let Some(work) = work else {
            step(writing, next.id, OutboxEvent::Refused)?;
            set_failure(writing, next.id, FailureCode::RefusedContent)?;
            super::dependent::die_with(writing, next.id, FailureCode::RefusedContent)?;
            continue;
        };
        return Ok(Some(Claimed {
            id: next.id,
            message: next.message,
            chat: next.chat,
            address: next.address,
            client_id: next.client_id,
            attempt: next.attempt,
            work,
        }));
    }
    // There may be more: what is due is asked for next, and is due at once.
    Ok(None)
}

/// When the next row of this device will have its time: for a sleep that is no longer than needed.
///
/// # Errors
/// The file's.
pub fn next_due(connection: &Connection, device: DeviceId) -> Result<Option<UnixMillis>, StoreError> {
    let due: Option<i64> = connection
        .prepare_cached(&next_due_query())?
        .query_row([device.0], |row| row.get(0))?;
    Ok(due.map(UnixMillis))
}
