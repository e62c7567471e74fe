use mostrador_domain::UnixMillis;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{Kept, take_over};
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

    let kept = take_over(&mut fresh, &folder.path().join("old.db"), UnixMillis(0)).expect("the rest is kept");

    assert_eq!(
        kept,
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
