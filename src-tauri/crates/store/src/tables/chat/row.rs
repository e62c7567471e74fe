//! A chat as the list shows it.

use mostrador_domain::{Address, ChatId, ChatKind, DeviceId, LabelId, PictureId, Triage, UnixMillis};
use rusqlite::{Connection, Row};

use super::{CHAT_GONE, Draft};
use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::row::Columns;
use crate::tables::message::last::{self, LastMessage};

/// A chat as the list shows it.
#[derive(Clone, PartialEq)]
pub struct ChatRow {
    /// Its number.
    pub id: ChatId,
    /// Whose.
    pub device: DeviceId,
    /// Where.
    pub address: Address,
    /// What it is.
    pub kind: ChatKind,
    /// The best that was told.
    pub name: Option<String>,
    /// Time of the newest message; 0 = none.
    pub last_at: UnixMillis,
    /// Messages nobody here has seen.
    pub unread: i64,
    /// A person wants to see it as unread.
    pub marked_unread: bool,
    /// At the top.
    pub pinned: bool,
    /// Put away.
    pub archived: bool,
    /// No notifications until.
    pub muted_until: UnixMillis,
    /// Only admins may write.
    pub read_only: bool,
    /// Of a group: what it is for.
    pub description: Option<String>,
    /// What is still to be done about it.
    pub triage: Triage,
    /// When a snoozed one opens.
    pub snoozed_until: Option<UnixMillis>,
    /// Since when whoever it is with waits for an answer; `None` = nobody does.
    pub waiting_since: Option<UnixMillis>,
    /// What the operator was writing.
    pub draft: Draft,
    /// Which labels it bears.
    pub labels: Vec<LabelId>,
    /// The picture of whom it is with.
    pub picture: Option<PictureId>,
    /// The newest message, as far as the list shows it.
    pub last: Option<LastMessage>,
}

quiet_debug!(ChatRow {
    id,
    device,
    address,
    kind,
    last_at,
    unread,
    triage
});

const COLUMNS: &str = "c.id, c.device_id, c.address, c.kind, c.name, c.last_at, c.unread, c.marked_unread, c.pinned, c.archived, \
     c.muted_until, c.read_only, c.description, c.triage, c.snoozed_until, c.waiting_since, c.draft, c.draft_media_id, c.draft_quoted_id, \
     (SELECT group_concat(lb.label_id) FROM chat_label lb WHERE lb.chat_id = c.id), \
     (SELECT p.id FROM picture p WHERE p.device_id = c.device_id AND p.address = c.address)";

/// SQL: reads a [`ChatRow`] of the chats `c` that `source` gives.
pub(super) fn select(source: &str) -> String {
    format!(
        "SELECT {COLUMNS}, {} FROM {source} {}",
        last::columns(),
        last::JOINS
    )
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<ChatRow> {
    let mut read = Columns::from(row, 0);
    Ok(ChatRow {
        id: ChatId(read.take()?),
        device: DeviceId(read.take()?),
        address: read.take_word(Address::parse)?,
        kind: read.take_word(ChatKind::from_word)?.unwrap_or(ChatKind::Other),
        name: read.take()?,
        last_at: UnixMillis(read.take()?),
        unread: read.take()?,
        marked_unread: read.take()?,
        pinned: read.take()?,
        archived: read.take()?,
        muted_until: UnixMillis(read.take()?),
        read_only: read.take()?,
        description: read.take()?,
        triage: read.take_word(Triage::from_word)?.unwrap_or_default(),
        snoozed_until: read.take_as(UnixMillis)?,
        waiting_since: read.take_as(UnixMillis)?,
        draft: Draft::read(&mut read)?,
        labels: read.take_as(labels)?.unwrap_or_default(),
        picture: read.take_as(PictureId)?,
        last: LastMessage::read(&mut read)?,
    })
}

/// Numbers between commas.
fn labels(list: String) -> Vec<LabelId> {
    let mut all: Vec<_> = list
        .split(',')
        .filter_map(|id| id.parse().ok())
        .map(LabelId)
        .collect();
    all.sort_unstable();
    all
}

/// One chat.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: ChatId) -> Result<ChatRow, StoreError> {
    let sql = format!("{} WHERE c.id = ?1 AND NOT {CHAT_GONE}", select("chat c"));
    Ok(connection.prepare_cached(&sql)?.query_row([id.0], read)?)
}
