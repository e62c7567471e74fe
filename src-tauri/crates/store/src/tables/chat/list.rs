//! The list of chats, page by page.
//!
//! Its order is (pinned, time of the newest message, id), newest first. A page goes on after the last row of the one before
//! ([`Cursor`]); there is no OFFSET, so a page far down costs what the first one costs. Each filter has an index in this
//! order, named in the query: no statistics ever make SQLite choose another. Of several filters the one that leaves the
//! fewest chats chooses the index; the others are looked at row by row.
//!
//! Those who wait for an answer have an order of their own: whoever waits longest stands first, pinned or not.

use mostrador_domain::{ChatId, DeviceId, LabelId, Triage, UnixMillis};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::DEVICE_GONE;
use super::row::{ChatRow, read, select};
use crate::StoreError;

/// Which chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those with unread messages, or marked as unread.
    pub unread: bool,
    /// Only those of one device.
    pub device: Option<DeviceId>,
    /// Only those that bear a label.
    pub label: Option<LabelId>,
    /// Those that were put away, instead of the others.
    pub archived: bool,
    /// Only groups.
    pub groups: bool,
    /// Only those in one state.
    pub triage: Option<Triage>,
    /// Only those in which one person waits for an answer ([`super::waits`]) and which are open: of all others a person has said that
    /// nothing is to be done now. Whoever waits longest comes first.
    pub unanswered: bool,
}

/// The place of a row in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// At the top.
    pub pinned: bool,
    /// Its time: of the newest message; of one that is unanswered, since when it is.
    pub last_at: UnixMillis,
    /// Its number.
    pub id: ChatId,
}

impl ChatRow {
    /// Its place.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            pinned: self.pinned,
            last_at: self.last_at,
            id: self.id,
        }
    }

    /// Its place in the list of a filter.
    pub fn cursor_in(&self, filter: Filter) -> Cursor {
        let mut place = self.cursor();
        if filter.unanswered {
            place.last_at = self.waiting_since.unwrap_or_default();
        }
        place
    }
}

/// Up to `limit` chats after `after`, in the list's order. Broadcasts are not chats one answers; they are not listed.
///
/// # Errors
/// The file's.
pub fn page(
    connection: &Connection,
    filter: Filter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Vec<ChatRow>, StoreError> {
    let (sql, values) = page_query(filter, after, limit);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: is the chat `c` listed as unread? Word for word as in its index, which is found by it.
const UNREAD: &str = "(c.unread > 0 OR c.marked_unread = 1)";

/// Where the rows come from, and in which columns their order is.
fn source(filter: Filter) -> (&'static str, [&'static str; 4]) {
    const OWN: [&str; 4] = ["c.archived", "c.pinned", "c.last_at", "c.id"];
    match filter {
        Filter { unanswered: true, .. } => ("chat c INDEXED BY chat_waiting", OWN),
        Filter { label: Some(_), .. } => (
            "chat_label b INDEXED BY chat_label_in_order CROSS JOIN chat c ON c.id = b.chat_id",
            ["b.archived", "b.pinned", "b.last_at", "b.chat_id"],
        ),
        Filter { unread: true, .. } => ("chat c INDEXED BY chat_unread", OWN),
        Filter { triage: Some(_), .. } => ("chat c INDEXED BY chat_triage", OWN),
        Filter { groups: true, .. } => ("chat c INDEXED BY chat_groups", OWN),
        Filter { device: Some(_), .. } => ("chat c INDEXED BY chat_of_device", OWN),
        _ => ("chat c INDEXED BY chat_in_order", OWN),
    }
}

pub(in crate::tables) fn page_query(
    filter: Filter,
    after: Option<Cursor>,
    limit: u32,
) -> (String, Vec<Value>) {
    let (source, [archived, pinned, last_at, id]) = source(filter);
    let mut sql = format!(
        "{} WHERE {archived} = ? AND c.kind <> 'broadcast' AND NOT {DEVICE_GONE}",
        select(source)
    );
    let mut values: Vec<Value> = vec![i64::from(filter.archived).into()];
    let mut only = |condition: &str, value: Option<Value>| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.extend(value);
    };
    if let Some(label) = filter.label {
        let bears = if filter.unanswered {
            "EXISTS (SELECT 1 FROM chat_label b WHERE b.label_id = ? AND b.chat_id = c.id)"
        } else {
            "b.label_id = ?"
        };
        only(bears, Some(label.0.into()));
    }
    if filter.unanswered {
        only("c.kind = 'person' AND c.triage = 'open'", None);
        // One bound, so that no other can be chosen to begin at.
        match after {
            None => only("c.waiting_since IS NOT NULL", None),
            Some(after) => only("c.waiting_since >= ?", Some(after.last_at.0.into())),
        }
    }
    if filter.unread {
        only(UNREAD, None);
    }
    if let Some(state) = filter.triage {
        only("c.triage = ?", Some(state.as_str().to_owned().into()));
    }
    if filter.groups {
        only("c.kind = 'group'", None);
    }
    if let Some(device) = filter.device {
        only("c.device_id = ?", Some(device.0.into()));
    }
    if filter.unanswered {
        if let Some(after) = after {
            sql.push_str(" AND (c.waiting_since, c.id) > (?, ?)");
            values.extend([after.last_at.0.into(), after.id.0.into()]);
        }
        sql.push_str(" ORDER BY c.waiting_since, c.id LIMIT ?");
        values.push(i64::from(limit).into());
        return (sql, values);
    }
    if let Some(after) = after {
        sql.push_str(&format!(" AND ({pinned}, {last_at}, {id}) < (?, ?, ?)"));
        values.extend([
            i64::from(after.pinned).into(),
            after.last_at.0.into(),
            after.id.0.into(),
        ]);
    }
    sql.push_str(&format!(
        " ORDER BY {pinned} DESC, {last_at} DESC, {id} DESC LIMIT ?"
    ));
    values.push(i64::from(limit).into());
    (sql, values)
}

/// How many listed chats are unread.
///
/// # Errors
/// The file's.
pub fn unread_count(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(&unread_count_query())?
        .query_row([], |row| row.get(0))?)
}

/// SQL: see [`unread_count`].
pub(in crate::tables) fn unread_count_query() -> String {
    format!(
        "SELECT count(*) FROM chat c INDEXED BY chat_unread WHERE c.archived = 0 AND {UNREAD} AND c.kind <> 'broadcast' AND NOT {DEVICE_GONE}"
    )
}
