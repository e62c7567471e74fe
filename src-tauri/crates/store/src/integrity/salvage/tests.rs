use mostrador_domain::UnixMillis;
use rusqlite::Connection;
use tempfile::TempDir;

use super::old::TABLES;
use super::{Kept, kept, take_over};
use crate::StoreErrorKind;
use crate::migrations::migrate;

fn file(folder: &TempDir, name: &str) -> Connection {
    let mut connection = Connection::open(folder.path().join(name)).expect("opens");
    migrate(&mut connection).expect("migrations");
    connection.pragma_update(None, "foreign_keys", true).expect("set");
    connection
}

const SETTING: &str = "INSERT INTO setting (name, value) VALUES (?1, ?2)";

#[test]
fn a_disk_that_is_full_ends_the_rescue_and_keeps_nothing_by_halves() {
    let folder = TempDir::new().expect("a folder");
    let old = file(&folder, "old.db");
    old.execute(SETTING, ["small", "1"]).expect("stored");
    old.execute(SETTING, ["large", "x".repeat(100_000).as_str()])
        .expect("stored");
    drop(old);
    let mut fresh = file(&folder, "fresh.db");
    fresh
        .pragma_update(None, "max_page_count", 1)
        .expect("no page more than there are");

    let full =
        take_over(&mut fresh, &folder.path().join("old.db"), UnixMillis(0)).expect_err("there is no room");

    assert_eq!(
        full.kind,
        StoreErrorKind::Full,
        "failing to write is not failing to read"
    );
    let kept: i64 = fresh
        .query_row("SELECT count(*) FROM setting", [], |row| row.get(0))
        .expect("counted");
    assert_eq!(kept, 0, "the next start does it all again");
}

#[test]
fn nonsense_stays_behind_and_the_rest_is_kept() {
    let folder = TempDir::new().expect("a folder");
    let old = file(&folder, "old.db");
    old.execute_batch(
        "PRAGMA foreign_keys = 0;
         INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'a', 'k1', 0);
         INSERT INTO chat (id, device_id, address, kind) VALUES (1, 1, '51900000001@s.whatsapp.net', 'person');
         INSERT INTO chat (id, device_id, address, kind) VALUES (2, 9, '51900000002@s.whatsapp.net', 'person');
         INSERT INTO message (id, chat_id, from_me, at, kind, text) VALUES (1, 1, 1, 5, 'text', 'uno'), (2, 2, 1, 5, 'text', 'dos');
         INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, state, next_at, place, created_at)
           VALUES ('send', 2, 2, 9, 'c2', 'ready', 5, 1, 5), ('send', 1, 1, 1, 'c1', 'ready', 5, 2, 5);",
    )
    .expect("stored");
    drop(old);
    let mut fresh = file(&folder, "fresh.db");

    take_over(&mut fresh, &folder.path().join("old.db"), UnixMillis(0)).expect("the rest is kept");

    assert_eq!(
        kept(&fresh).expect("counted"),
        Kept {
            devices: 1,
            messages: 1
        },
        "the message of a device that is gone stays behind"
    );
    let left: (i64, i64) = fresh
        .query_row(
            "SELECT (SELECT count(*) FROM chat), (SELECT count(*) FROM message)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .expect("counted");
    assert_eq!(left, (1, 1), "with nothing of it by halves");
}

/// The tables that are not read row by row, and why.
const LEFT_BEHIND: [(&str, &str); 6] = [
    ("removing", "is heard: what is of a removed device stays behind"),
    ("group_member", "the first sync, which is done again, brings it"),
    (
        "picture",
        "so does it, and the copies in the folder are made anew",
    ),
    (
        "plan_use",
        "is counted anew: what is too much the gateway refuses itself",
    ),
    ("chat_search", "is filled by its triggers"),
    ("message_search", "is filled from the messages"),
];

#[test]
fn every_table_is_taken_over_or_left_behind_for_a_reason() {
    let folder = TempDir::new().expect("a folder");
    let fresh = file(&folder, "fresh.db");
    // What a full-text index keeps its own words in is its own.
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'";
    let mut statement = fresh.prepare(sql).expect("SQL");
    let names = statement.query_map([], |row| row.get(0)).expect("listed");
    let mut there: Vec<String> = names.collect::<Result<_, _>>().expect("read");
    there.sort();

    let mut known: Vec<&str> = TABLES.to_vec();
    known.extend(LEFT_BEHIND.iter().map(|(table, _)| *table));
    known.sort_unstable();

    assert_eq!(
        known, there,
        "a new table belongs into `TABLES` and to whatever reads it, or here with a reason; each once"
    );
}

#[test]
fn what_came_of_a_client_id_is_known_without_its_message() {
    let folder = TempDir::new().expect("a folder");
    let old = file(&folder, "old.db");
    old.execute_batch(
        "INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'a', 'k1', 0);
         INSERT INTO chat (id, device_id, address, kind) VALUES (1, 1, '51900000001@s.whatsapp.net', 'person');
         PRAGMA foreign_keys = 0;
         INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, state, next_at, place, created_at) VALUES
           ('send', NULL, 1, 1, 'taken back', 'discarded', 5, 1, 5), ('send', NULL, 1, 1, 'sent again', 'done', 5, 2, 5),
           ('send', NULL, 1, 1, 'forgotten on its way', 'in_flight', 5, 3, 5), ('send', 7, 1, 1, 'lost, sent', 'done', 5, 4, 5),
           ('send', 8, 1, 1, 'lost, perhaps sent', 'uncertain', 5, 5, 5), ('send', 9, 1, 1, 'lost, not sent', 'ready', 5, 6, 5);",
    )
    .expect("stored");
    drop(old);
    let mut fresh = file(&folder, "fresh.db");

    take_over(&mut fresh, &folder.path().join("old.db"), UnixMillis(0)).expect("kept");

    let messages = kept(&fresh).expect("counted").messages;
    assert_eq!(messages, 0, "nothing of it will be sent");
    let sql = "SELECT client_id, state FROM outbox WHERE message_id IS NULL ORDER BY place";
    let mut statement = fresh.prepare(sql).expect("SQL");
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("listed");
    let rows: Vec<(String, String)> = rows.collect::<Result<_, _>>().expect("read");
    let expected = [
        ("taken back", "discarded"),
        ("sent again", "done"),
        ("forgotten on its way", "discarded"),
        ("lost, sent", "done"),
        ("lost, perhaps sent", "discarded"),
    ];
    let expected = expected.map(|(id, state)| (id.to_owned(), state.to_owned()));
    assert_eq!(
        rows, expected,
        "asked for again, it is not sent; what certainly did not go may be asked for again"
    );
}
