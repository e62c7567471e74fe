//! A file of the first version, with every table filled, opens in this version with everything in it.

use std::path::Path;

use mostrador_domain::{DeliveryStatus, FailureCode, MediaKind, MessageId, OutboxState};
use mostrador_store::Store;
use mostrador_store::tables::message::{self, Content};
use mostrador_store::tables::{chat, device, media, outbox, setting};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::world::{NOON, at, file_in, reopen};

const FIRST: &str = include_str!("../../src/migrations/0001_start.sql");

/// A file with the tables of an earlier version.
pub(crate) fn tables_of(version: usize, path: &Path) -> Connection {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .expect("the migrations")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    all.sort();
    let file = Connection::open(path).expect("a new file");
    for migration in all.iter().take(version) {
        let sql = std::fs::read_to_string(migration).expect("a migration");
        file.execute_batch(&sql).expect("it runs");
    }
    file.pragma_update(None, "user_version", i64::try_from(version).expect("few"))
        .expect("set");
    file
}

/// A file as the first version wrote it.
pub(crate) fn first_version(path: &Path) {
    let file = Connection::open(path).expect("a new file");
    file.execute_batch(FIRST).expect("the first version's tables");
    file.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         PRAGMA foreign_keys = 1;
         INSERT INTO device VALUES (1, 'practice', 'Caja', 'http://127.0.0.1:1', 'key-a', '51900000099@s.whatsapp.net', 1, {n}, {n}, {n}, {n}, {n});
         INSERT INTO address VALUES (1, '51900000001@s.whatsapp.net', 'Ana');
         INSERT INTO media VALUES (1, 1, 'ref', 'image/png', 9, 3, 4, NULL, 'ab', 'ready'), (2, NULL, NULL, 'image/png', 9, 3, 4, 'foto.png', 'cd', 'ready');
         INSERT INTO chat VALUES (1, 1, '51900000001@s.whatsapp.net', 'person', 'Ana', 1, 9, {n} + 8, 2, 5, 'm1', 1, 0, 7, 'ya le');
         INSERT INTO message (id, chat_id, gateway_id, from_me, sender_id, at, kind, text, media_id, raw_kind, raw, status, sent_at, delivered_at, read_at, failure) VALUES
           (1, 1, 'm1', 0, 1, {n}, 'text', 'hola', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           (2, 1, 'm2', 0, 1, {n} + 1, 'image', 'mire', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           (3, 1, 'm3', 0, 1, {n} + 2, 'unknown', NULL, NULL, 'poll', '{{}}', NULL, NULL, NULL, NULL, NULL),
           (4, 1, 'g4', 1, NULL, {n} + 3, 'text', 'enviado', NULL, NULL, NULL, 3, 1, 2, 3, 'refused_recipient'),
           (5, 1, NULL, 1, NULL, {n} + 4, 'text', 'listo', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL),
           (6, 1, NULL, 1, NULL, {n} + 5, 'text', 'en vuelo', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL),
           (7, 1, NULL, 1, NULL, {n} + 6, 'text', 'incierto', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL),
           (8, 1, NULL, 1, NULL, {n} + 7, 'image', 'rechazado', 2, NULL, NULL, 0, NULL, NULL, NULL, NULL),
           (20, 1, NULL, 1, NULL, {n}, 'text', 'borrado', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL);
         DELETE FROM message WHERE id = 20;
         INSERT INTO outbox VALUES
           (1, 4, 1, 1, 'c4', 'done', 1, {n}, 1, {n}, 0, NULL, 0, NULL, {n}),
           (2, 5, 1, 1, 'c5', 'ready', 2, {n} + 50, 6, {n}, 0, NULL, 0, NULL, {n}),
           (3, 6, 1, 1, 'c6', 'in_flight', 1, {n}, 3, {n}, 0, NULL, 0, NULL, {n}),
           (4, 7, 1, 1, 'c7', 'uncertain', 1, {n}, 4, {n}, 1, {n} + 9, 1, 'no_answer', {n}),
           (5, 8, 1, 1, 'c8', 'dead', 8, {n}, 5, {n}, 0, NULL, 0, 'too_large', {n}),
           (6, NULL, 1, 1, 'c9', 'discarded', 0, {n}, 7, NULL, 0, NULL, 0, NULL, {n});
         INSERT INTO receipt_parked VALUES (1, 'g9', 2, {n});
         INSERT INTO raw_event VALUES (1, 1, {n}, 'calls', '{{}}');
         INSERT INTO setting VALUES ('theme', 'dark');
         PRAGMA user_version = 1;",
        n = NOON.0
    ))
    .expect("filled");
}

async fn upgraded() -> (TempDir, Store) {
    let folder = TempDir::new().expect("a folder");
    first_version(&file_in(&folder));
    let store = reopen(&file_in(&folder));
    (folder, store)
}

async fn count(store: &Store, sql: &'static str) -> i64 {
    let read = store.read(move |c| Ok(c.query_row(sql, [], |row| row.get(0))?));
    read.await.expect("read")
}

#[tokio::test]
async fn every_message_is_there_as_it_was() {
    let (_folder, store) = upgraded().await;
    let chat = store
        .read(|c| chat::get(c, mostrador_domain::ChatId(1)))
        .await
        .expect("the chat");
    let mut rows = store
        .read(move |c| message::page(c, chat.id, None, 100))
        .await
        .expect("its messages");
    rows.reverse();
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7, 8], "each under its own number");
    assert_eq!(rows[0].content, Content::Text("hola".into()), "a text");
    assert_eq!(rows[0].sender_name.as_deref(), Some("Ana"), "its writer");
    assert!(
        matches!(&rows[1].content, Content::Media { kind: MediaKind::Image, caption: Some(words), media: Some(file) }
            if words == "mire" && file.sha256.as_deref() == Some("ab")),
        "a picture with its file"
    );
    assert_eq!(
        rows[2].content,
        Content::Unknown {
            raw_kind: "poll".into()
        },
        "an unknown kind"
    );
    assert_eq!(
        (rows[3].status, rows[3].read_at.map(|at| at.0), rows[3].failure),
        (
            Some(DeliveryStatus::Read),
            Some(3),
            Some(FailureCode::RefusedRecipient)
        ),
        "how far it had come"
    );
    let seq = count(&store, "SELECT seq FROM sqlite_sequence WHERE name = 'message'").await;
    assert_eq!(seq, 20, "a number that was given is not given again");
}

#[tokio::test]
async fn unsent_work_is_there_in_its_state_and_goes_on() {
    let (_folder, store) = upgraded().await;
    let states = [
        (5, OutboxState::Ready, None),
        (6, OutboxState::InFlight, None),
        (7, OutboxState::Uncertain, Some(FailureCode::NoAnswer)),
        (8, OutboxState::Dead, Some(FailureCode::TooLarge)),
    ];
    for (id, state, failure) in states {
        let row = store
            .read(move |c| message::get(c, MessageId(id)))
            .await
            .expect("there");
        let outgoing = row.outgoing.expect("it has a way out");
        assert_eq!(
            (outgoing.state, outgoing.failure),
            (state, failure),
            "message {id}"
        );
        assert_eq!(outgoing.needs_operator, id == 7, "message {id}: whose turn it is");
    }
    let device = mostrador_domain::DeviceId(1);
    store
        .write_durably(move |w| outbox::after_restart(w, device, at(1)))
        .await
        .expect("restarted");
    let six = store
        .read(|c| message::get(c, MessageId(6)))
        .await
        .expect("there");
    assert_eq!(
        six.outgoing.map(|out| out.state),
        Some(OutboxState::Uncertain),
        "what was in flight is uncertain"
    );
    store
        .write_durably(|w| outbox::hand_to_operator(w, mostrador_domain::OutboxId(3)))
        .await
        .expect("handed over");
    let claimed = store
        .write_durably(move |w| outbox::claim(w, device, at(1)))
        .await
        .expect("written")
        .expect("the ready one");
    assert_eq!(
        (claimed.message, claimed.client_id.as_str(), claimed.attempt),
        (MessageId(5), "c5", 3),
        "what was ready goes out, its attempts counted on"
    );
    assert_eq!(
        count(
            &store,
            "SELECT count(*) FROM outbox WHERE client_id = 'c9' AND state = 'discarded'"
        )
        .await,
        1,
        "what was discarded is remembered"
    );
}

#[tokio::test]
async fn chats_devices_files_and_settings_are_there() {
    let (_folder, store) = upgraded().await;
    let chat = store
        .read(|c| chat::get(c, mostrador_domain::ChatId(1)))
        .await
        .expect("the chat");
    assert_eq!(
        (
            chat.name.as_deref(),
            chat.unread,
            chat.draft.text.as_deref(),
            chat.pinned
        ),
        (Some("Ana"), 2, Some("ya le"), true),
        "the chat"
    );
    let devices = store.read(device::list).await.expect("read");
    assert_eq!(
        (
            devices[0].secret_key.as_str(),
            devices[0].linked,
            devices[0].synced_at
        ),
        ("key-a", true, Some(NOON)),
        "the device"
    );
    let file = store
        .read(|c| media::get(c, mostrador_domain::MediaId(2)))
        .await
        .expect("the file");
    assert_eq!(file.file_name.as_deref(), Some("foto.png"), "a file of ours");
    let theme = store.read(|c| setting::get(c, "theme")).await.expect("read");
    assert_eq!(theme.as_deref(), Some("dark"), "the settings");
    assert_eq!(
        count(
            &store,
            "SELECT (SELECT count(*) FROM receipt_parked) + (SELECT count(*) FROM raw_event)"
        )
        .await,
        2,
        "what was parked and what was not understood"
    );
}

#[tokio::test]
async fn no_reference_hangs_in_the_air() {
    let (_folder, store) = upgraded().await;
    assert_eq!(
        count(&store, "SELECT count(*) FROM pragma_foreign_key_check").await,
        0,
        "every reference is met"
    );
    let verdict: String = store
        .read(|c| Ok(c.query_row("PRAGMA integrity_check", [], |row| row.get(0))?))
        .await
        .expect("checked");
    assert_eq!(verdict, "ok", "the file is sound");
    let gone = store
        .write(|w| Ok(w.execute("DELETE FROM device WHERE id = 1", [])?))
        .await;
    assert_eq!(gone.expect("deleted"), 1, "references are kept again");
    assert_eq!(
        count(&store, "SELECT count(*) FROM message").await,
        0,
        "a device takes its messages along"
    );
}
