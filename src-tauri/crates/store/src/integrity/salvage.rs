//! What is taken over from a damaged file, row by row: what cannot be read stays behind, what can is kept.
//!
//! The cache can be fetched again from the gateway. What cannot: the devices, the settings, drafts, and the messages that
//! were not sent yet. A row that was in flight comes over as Uncertain: nobody knows whether it was sent.
//!
//! A damaged page ends any scan that meets it. So the numbers of the rows are collected from both ends of each table and
//! from its indexes, and then each row is read by its number alone: one that cannot be read costs only itself.
//!
//! Failing to read is expected. Failing to write is not: it ends the whole undertaking.

use std::collections::BTreeSet;
use std::path::Path;

use mostrador_domain::UnixMillis;
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, Savepoint, params};

use super::{remove, sibling};
use crate::StoreError;

/// How much was kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) devices: u32,
    pub(crate) messages: u32,
}

/// Takes over what can be read of the file at `damaged`, in one transaction.
pub(crate) fn take_over(fresh: &mut Connection, damaged: &Path, now: UnixMillis) -> Result<Kept, StoreError> {
    let mended = sibling(damaged, ".reading");
    let kept = match open_damaged(damaged, &mended, fresh) {
        Some(old) => copy_all(&old, fresh, now),
        None => Ok(Kept::default()),
    };
    remove(&mended)?;
    kept
}

/// SQLite's header, the first bytes of a file.
const HEADER: usize = 100;

/// The damaged file as it is, or, if SQLite does not know it for a database any more, a copy of it with a sound header.
fn open_damaged(damaged: &Path, mended: &Path, fresh: &Connection) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let known = Connection::open_with_flags(damaged, flags)
        .ok()
        .filter(is_readable);
    if known.is_some() {
        return known;
    }
    mend_header(damaged, mended, Path::new(fresh.path()?))?;
    Connection::open_with_flags(mended, flags)
        .ok()
        .filter(is_readable)
}

fn is_readable(connection: &Connection) -> bool {
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        })
        .is_ok_and(|n| n > 0)
}

/// Copies the damaged file and gives it the header of a sound file of the same program, with its own number of pages.
fn mend_header(damaged: &Path, mended: &Path, sound: &Path) -> Option<()> {
    let mut bytes = std::fs::read(damaged).ok()?;
    let mut header = std::fs::read(sound).ok()?.get(..HEADER)?.to_vec();
    let page_size = match u16::from_be_bytes([*header.get(16)?, *header.get(17)?]) {
        1 => 65_536,
        size => usize::from(size),
    };
    let pages = u32::try_from(bytes.len() / page_size).ok()?;
    // Write and read version 1: a rollback journal, so that no log is looked for beside the copy.
    header.get_mut(18..20)?.copy_from_slice(&[1, 1]);
    // The number of pages; it counts only where the change counter equals "version valid for".
    header.get_mut(28..32)?.copy_from_slice(&pages.to_be_bytes());
    let counter: [u8; 4] = header.get(24..28)?.try_into().ok()?;
    header.get_mut(92..96)?.copy_from_slice(&counter);
    // No free pages: which there were is not known.
    header.get_mut(32..40)?.fill(0);
    bytes.get_mut(..HEADER)?.copy_from_slice(&header);
    std::fs::write(mended, bytes).ok()
}

fn copy_all(old: &Connection, fresh: &mut Connection, now: UnixMillis) -> Result<Kept, StoreError> {
    let mut tx = fresh.transaction()?;
    let mut kept = Kept::default();
    for name in keys(
        old,
        &[
            "SELECT name FROM setting ORDER BY name",
            "SELECT name FROM setting ORDER BY name DESC",
        ],
    ) {
        let read = old.query_row(
            "SELECT name, value FROM setting WHERE name = ?1",
            [name],
            two_words,
        );
        if let Ok((name, value)) = read {
            keep(&mut tx, |to| {
                to.execute(
                    "INSERT INTO setting (name, value) VALUES (?1, ?2)",
                    params![name, value],
                )
            })?;
        }
    }
    for id in keys(old, &both_ends("SELECT id FROM device NOT INDEXED", "id")) {
        if let Ok(device) = old.query_row(DEVICE, [id], columns::<8>) {
            kept.devices += u32::from(keep(&mut tx, |to| to.execute(KEEP_DEVICE, device))?);
        }
    }
    let mut unsent = keys(
        old,
        &both_ends(&format!("SELECT id FROM outbox NOT INDEXED WHERE {OPEN}"), "id"),
    );
    unsent.extend(keys(old, &["SELECT id FROM outbox INDEXED BY outbox_in_chat"]));
    for id in unsent {
        if let Ok(message) = old.query_row(&format!("{UNSENT} AND o.{OPEN}"), [id], Unsent::from_row) {
            kept.messages += u32::from(keep(&mut tx, |to| message.store(to, now))?);
        }
    }
    for id in keys(
        old,
        &both_ends("SELECT id FROM chat NOT INDEXED WHERE draft IS NOT NULL", "id"),
    ) {
        if let Ok(chat) = old.query_row(DRAFT, [id], columns::<5>) {
            keep(&mut tx, |to| to.execute(KEEP_DRAFT, chat))?;
        }
    }
    tx.commit()?;
    Ok(kept)
}

fn both_ends(sql: &str, key: &str) -> [String; 2] {
    [
        format!("{sql} ORDER BY {key}"),
        format!("{sql} ORDER BY {key} DESC"),
    ]
}

/// Every key that any of the queries gives before it meets something unreadable, in order.
fn keys(old: &Connection, queries: &[impl AsRef<str>]) -> Vec<Value> {
    let mut numbers = BTreeSet::new();
    let mut words = BTreeSet::new();
    for sql in queries {
        let Ok(mut statement) = old.prepare(sql.as_ref()) else {
            continue;
        };
        let Ok(mut rows) = statement.query([]) else {
            continue;
        };
        while let Ok(Some(row)) = rows.next() {
            match row.get::<_, Value>(0) {
                Ok(Value::Integer(number)) => _ = numbers.insert(number),
                Ok(Value::Text(word)) => _ = words.insert(word),
                _ => {}
            }
        }
    }
    numbers
        .into_iter()
        .map(Value::Integer)
        .chain(words.into_iter().map(Value::Text))
        .collect()
}

/// Writes one row as a whole. `false` = what was read is nonsense (it breaks a rule of the tables): it stays behind.
fn keep(
    tx: &mut rusqlite::Transaction<'_>,
    write: impl FnOnce(&Savepoint<'_>) -> rusqlite::Result<usize>,
) -> Result<bool, StoreError> {
    let savepoint = tx.savepoint()?;
    match write(&savepoint) {
        Ok(written) => {
            savepoint.commit()?;
            Ok(written > 0)
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn two_words(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn columns<const N: usize>(row: &Row<'_>) -> rusqlite::Result<[Value; N]> {
    let mut values = [const { Value::Null }; N];
    for (column, value) in values.iter_mut().enumerate() {
        *value = row.get(column)?;
    }
    Ok(values)
}

/// Devices come over as they were, but for their first sync: it has to be done again.
const DEVICE: &str =
    "SELECT id, gateway, name, url, secret_key, own_address, linked, created_at FROM device WHERE id = ?1";
const KEEP_DEVICE: &str =
    "INSERT INTO device (id, gateway, name, url, secret_key, own_address, linked, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

const DRAFT: &str = "SELECT device_id, address, kind, name, draft FROM chat WHERE id = ?1";
const KEEP_DRAFT: &str =
    "INSERT INTO chat (device_id, address, kind, name, name_rank, draft) VALUES (?1, ?2, ?3, ?4, ?4 IS NOT NULL, ?5)
    ON CONFLICT (device_id, address) DO UPDATE SET draft = excluded.draft";

const OPEN: &str = "state IN ('ready', 'in_flight', 'uncertain', 'dead')";

const UNSENT: &str = "
    SELECT o.device_id, c.address, c.kind, c.name,
           o.client_id, o.state, o.attempts, coalesce(o.claimed_at, o.created_at), o.needs_operator, o.failure, o.created_at, o.place,
           m.at, m.kind, m.text, d.mime, d.bytes, d.width, d.height, d.file_name, d.sha256
      FROM outbox o JOIN message m ON m.id = o.message_id JOIN chat c ON c.id = o.chat_id LEFT JOIN media d ON d.id = m.media_id
     WHERE o.id = ?1";

/// A message that was not sent yet, with its chat and its picture, as columns.
struct Unsent {
    chat: [Value; 4],
    outbox: [Value; 8],
    message: [Value; 3],
    media: Option<[Value; 6]>,
}

impl Unsent {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let all: [Value; 21] = columns(row)?;
        let [
            device,
            address,
            kind,
            name,
            outbox @ ..,
            m1,
            m2,
            m3,
            d1,
            d2,
            d3,
            d4,
            d5,
            d6,
        ] = all;
        let media = (d1 != Value::Null).then_some([d1, d2, d3, d4, d5, d6]);
        Ok(Self {
            chat: [device, address, kind, name],
            outbox,
            message: [m1, m2, m3],
            media,
        })
    }

    fn store(self, to: &Connection, now: UnixMillis) -> rusqlite::Result<usize> {
        let [device, address, kind, name] = self.chat;
        let chat: i64 = to.query_row(
            "INSERT INTO chat (device_id, address, kind, name, name_rank) VALUES (?1, ?2, ?3, ?4, ?4 IS NOT NULL)
             ON CONFLICT (device_id, address) DO UPDATE SET kind = kind RETURNING id",
            params![device, address, kind, name],
            |row| row.get(0),
        )?;
        let media = self
            .media
            .map(|media| keep_media(to, &device, media))
            .transpose()?;
        let [at, kind, text] = self.message;
        to.execute(
            "INSERT INTO message (chat_id, from_me, at, kind, text, media_id, status) VALUES (?1, 1, ?2, ?3, ?4, ?5, 0)",
            params![chat, at, kind, text, media],
        )?;
        let message = to.last_insert_rowid();
        to.execute(
            "UPDATE chat SET last_message_id = ?2, last_at = ?3 WHERE id = ?1 AND last_at <= ?3",
            params![chat, message, at],
        )?;
        let [
            client_id,
            state,
            attempts,
            claimed_at,
            needs_operator,
            failure,
            created_at,
            place,
        ] = self.outbox;
        let was_in_flight = state == Value::Text("in_flight".into());
        let state = if was_in_flight {
            Value::Text("uncertain".into())
        } else {
            state
        };
        let failure = if was_in_flight {
            Value::Text("no_answer".into())
        } else {
            failure
        };
        to.execute(
            "INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, state, attempts, next_at, place, claimed_at,
                                 needs_operator, failure, created_at)
             VALUES ('send', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                message, chat, device, client_id, state, attempts, now.0, place, claimed_at, needs_operator, failure,
                created_at
            ],
        )
    }
}

/// The picture's bytes lie in the media folder, which is not damaged.
fn keep_media(to: &Connection, device: &Value, media: [Value; 6]) -> rusqlite::Result<i64> {
    let [mime, bytes, width, height, file_name, sha256] = media;
    to.execute(
        "INSERT INTO media (device_id, mime, bytes, width, height, file_name, sha256, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'ready')",
        params![device, mime, bytes, width, height, file_name, sha256],
    )?;
    Ok(to.last_insert_rowid())
}

#[cfg(test)]
mod tests;
