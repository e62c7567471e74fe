//! The floor: the same messages put into a plain table on the same disk, in one transaction, with no index but its key.
//! What SQLite cannot do faster than this, no schema can. A machine is not as quick in one minute as in the next, so each window
//! of messages goes in here right before it goes into the store: what slows one slows the other.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, params};

use crate::corpus::{Corpus, Order};
use crate::timing::now;

const TABLE: &str = "CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, gateway_id TEXT,
     from_me INTEGER NOT NULL, sender_id INTEGER, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT, status INTEGER) STRICT";

pub(crate) struct Floor {
    connection: Connection,
    path: PathBuf,
    rows: usize,
    spent: Duration,
}

impl Floor {
    pub(crate) fn open(folder: &Path) -> rusqlite::Result<Self> {
        let path = folder.join("floor.db");
        let connection = Connection::open(&path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(TABLE)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Self {
            connection,
            path,
            rows: 0,
            spent: Duration::ZERO,
        })
    }

    /// Puts in the messages of these places. Making them is not measured.
    pub(crate) fn put(&mut self, corpus: &Corpus, places: Range<usize>) -> rusqlite::Result<()> {
        let lines: Vec<_> = places.map(|place| corpus.line(Order::Live, place)).collect();
        let start = now();
        let mut insert = self.connection.prepare_cached(
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
        self.spent += start.elapsed();
        self.rows += lines.len();
        Ok(())
    }

    /// Rows a second, its end included. Its file is gone then.
    pub(crate) fn finish(mut self) -> rusqlite::Result<f64> {
        let start = now();
        self.connection.execute_batch("COMMIT")?;
        self.spent += start.elapsed();
        drop(self.connection);
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            let _gone = std::fs::remove_file(path);
        }
        Ok(self.rows as f64 / self.spent.as_secs_f64())
    }
}
