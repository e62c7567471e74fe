//! The floor: the same messages put into a plain table on the same disk, in one transaction, with no index but its key.
//! What SQLite cannot do faster than this, no schema can; the machine's own speed and noise are in both.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, params};

use crate::corpus::{Corpus, Order};
use crate::timing::now;

/// Messages made at a time; making them is not measured.
const CHUNK: usize = 65_536;

const TABLE: &str = "CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, gateway_id TEXT,
     from_me INTEGER NOT NULL, sender_id INTEGER, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT, status INTEGER) STRICT";

/// Rows a second.
pub(crate) fn rows_per_second(folder: &Path, corpus: &Corpus) -> rusqlite::Result<f64> {
    let path = folder.join("floor.db");
    let mut connection = Connection::open(&path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.execute_batch(TABLE)?;
    let mut spent = Duration::ZERO;
    let start = now();
    let tx = connection.transaction()?;
    spent += start.elapsed();
    for first in (0..corpus.size.messages).step_by(CHUNK) {
        let lines: Vec<_> = (first..(first + CHUNK).min(corpus.size.messages))
            .map(|place| corpus.line(Order::Live, place))
            .collect();
        let start = now();
        let mut insert = tx.prepare_cached(
            "INSERT INTO message (chat_id, gateway_id, from_me, sender_id, at, kind, text, status)
             VALUES (?1, ?2, ?3, ?4, ?5, 'text', ?6, ?7)",
        )?;
        for line in &lines {
            let chat = line.chat as i64;
            let status = line.from_me.then(|| line.status.rank());
            insert.execute(params![
                chat,
                line.gateway_id,
                line.from_me,
                chat,
                line.at,
                line.text,
                status
            ])?;
        }
        spent += start.elapsed();
    }
    let start = now();
    tx.commit()?;
    spent += start.elapsed();
    drop(connection);
    for suffix in ["", "-wal", "-shm"] {
        let _gone = std::fs::remove_file(folder.join(format!("floor.db{suffix}")));
    }
    Ok(corpus.size.messages as f64 / spent.as_secs_f64())
}
