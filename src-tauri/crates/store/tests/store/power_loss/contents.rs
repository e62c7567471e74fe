//! Everything that is in a file, in a word, and what must hold of any file.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::world::WAITS_OTHERWISE;

/// A word for all rows of all tables, the words of the search index included.
pub(super) fn of(file: &Connection) -> u64 {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name";
    let mut tables = file.prepare(sql).expect("SQL");
    let tables = tables
        .query_map([], |row| row.get::<_, String>(0))
        .expect("listed");
    let mut word = DefaultHasher::new();
    for table in tables {
        let table = table.expect("a name");
        let mut statement = file.prepare(&format!("SELECT * FROM {table}")).expect("a table");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("read");
        table.hash(&mut word);
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..columns {
                match row.get_ref(column).expect("a value") {
                    ValueRef::Null => 0.hash(&mut word),
                    ValueRef::Integer(number) => number.hash(&mut word),
                    ValueRef::Real(number) => number.to_bits().hash(&mut word),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.hash(&mut word),
                }
            }
        }
    }
    word.finish()
}

/// What must be none, and why.
const NONE: [(&str, &str); 6] = [
    (
        WAITS_OTHERWISE,
        "a chat that says otherwise than its messages since when somebody waits",
    ),
    (
        "SELECT count(*) FROM label l WHERE l.chats <> (SELECT count(*) FROM chat_label b WHERE b.label_id = l.id AND b.archived = 0)
            OR l.unread_chats <> (SELECT count(*) FROM chat_label b JOIN chat c ON c.id = b.chat_id
                                   WHERE b.label_id = l.id AND b.archived = 0 AND (c.unread > 0 OR c.marked_unread = 1))",
        "a label whose chats are other than counted",
    ),
    (
        "SELECT count(*) FROM chat c WHERE c.last_message_id IS NOT
            (SELECT m.id FROM message m WHERE m.chat_id = c.id ORDER BY m.at DESC, m.id DESC LIMIT 1)",
        "a chat that shows another message than its newest",
    ),
    (
        "SELECT count(*) FROM recipient r WHERE r.state = 'queued' AND NOT EXISTS
            (SELECT 1 FROM outbox o WHERE o.message_id = r.message_id AND o.state IN ('ready', 'in_flight'))",
        "somebody whose turn it is and whose message is not in the outbox",
    ),
    (
        "SELECT count(*) FROM message m WHERE m.from_me = 1 AND m.gateway_id IS NULL AND NOT EXISTS
            (SELECT 1 FROM outbox o WHERE o.message_id = m.id)",
        "a message on its way out that is not in the outbox",
    ),
    (
        "SELECT abs((SELECT count(*) FROM message WHERE text IS NOT NULL) - (SELECT count(DISTINCT doc) FROM temp.word))",
        "a message that is not found by its words, or one that is found and not there",
    ),
];

/// Says what is wrong with the file at `path`, which nobody has open: nothing, or what it is.
pub(super) fn faults(path: &Path) -> Vec<String> {
    let file = Connection::open(path).expect("the file");
    let sound = file.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    let mut faults: Vec<String> = Vec::new();
    if sound.as_deref() != Ok("ok") {
        faults.push(format!("not sound: {sound:?}"));
    }
    let words = "INSERT INTO message_search (message_search) VALUES ('integrity-check');
         INSERT INTO chat_search (chat_search) VALUES ('integrity-check');
         CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, message_search, instance);";
    if let Err(error) = file.execute_batch(words) {
        faults.push(format!("the index of words is not sound: {error}"));
    }
    for (sql, what) in NONE {
        match file.query_row(sql, [], |row| row.get::<_, i64>(0)) {
            Ok(0) => {}
            found => faults.push(format!("{what}: {found:?}")),
        }
    }
    faults
}
