//! The shop that the window is opened on: a hundred thousand chats and a million messages, linked to a practice shop.

use std::path::{Path, PathBuf};

use mostrador_domain::DeviceId;
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::{Store, StoreError};
use rusqlite::Connection;
use serde_json::json;

use super::driver::Window;
use crate::Problem;
use crate::corpus::{Corpus, Order, Size};
use crate::driven::Practice;
use crate::ingest::WINDOW;
use crate::lists;

/// What the file holds, and who plays its customers.
pub(crate) struct Filled {
    /// The program's folder.
    pub(crate) data: PathBuf,
    pub(crate) practice: Practice,
    pub(crate) size: Size,
    /// The chat with the most messages, and how many.
    pub(crate) largest: (i64, usize),
}

/// A part of the whole.
pub(crate) fn size(quick: bool) -> Size {
    let part = if quick { 10 } else { 1 };
    Size {
        chats: 100_000 / part,
        messages: 1_000_000 / part,
    }
}

/// Makes it, unless the folder has it already.
pub(crate) async fn make(folder: &Path, size: Size) -> Result<Filled, Problem> {
    let data = folder.join(format!("window-{}", size.chats));
    std::fs::create_dir_all(&data)?;
    let path = data.join("mostrador.db");
    if !path.exists() {
        let store = lists::fill(&path, size.chats).await?;
        take_the_rest(&store, size).await?;
    }
    let practice = Practice::start(1, &folder.join("practice.log")).await?;
    let connection = Connection::open(&path)?;
    // The first sync is behind it: it would ask for each of the chats, of which the practice shop has few.
    let link = "UPDATE device SET gateway = 'whapi', url = ?1, synced_at = unixepoch() * 1000, polled_until = unixepoch() * 1000";
    connection.execute(link, [&practice.url])?;
    let sql = "SELECT chat_id, count(*) FROM message GROUP BY chat_id ORDER BY count(*) DESC LIMIT 1";
    let largest: (i64, usize) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as usize)))?;
    // At the top of the list, where it can be opened.
    connection.execute("UPDATE chat SET pinned = 1 WHERE id = ?1", [largest.0])?;
    Ok(Filled {
        data,
        practice,
        size,
        largest,
    })
}

/// Each chat has a message; the other ones are spread over them, as history, so that few chats stay unread.
async fn take_the_rest(store: &Store, size: Size) -> Result<(), StoreError> {
    let corpus = Corpus::new(
        Size {
            messages: size.messages - size.chats,
            ..size
        },
        1,
    );
    for first in (0..corpus.size.messages).step_by(WINDOW) {
        let window = corpus.inbound(Order::History, first..(first + WINDOW).min(corpus.size.messages));
        for batch in ingest::batches(window) {
            store
                .write(move |writing| {
                    let now = mostrador_domain::UnixMillis(0);
                    ingest::apply(writing, DeviceId(1), batch, Origin::History, now)
                })
                .await?;
        }
    }
    Ok(())
}

impl Filled {
    /// Links the number, the first time that the program runs: the key is in the keyring from then on.
    pub(crate) async fn link(&self, window: &Window) -> Result<(), Problem> {
        let args = json!({ "deviceId": 1, "token": self.practice.token(0), "remember": true });
        window.call("device_token_set", &args).await?;
        window
            .until(
                "the number is linked",
                "document.querySelector('[data-device-state=online]')",
            )
            .await
    }
}
