//! A file of any earlier version, with every table filled, opens in this version with everything in it.

use std::collections::BTreeMap;
use std::path::Path;

use mostrador_domain::{DeliveryStatus, FailureCode, MediaKind, MessageId, OutboxState};
use mostrador_store::Store;
use mostrador_store::tables::message::{self, Content};
use mostrador_store::tables::{chat, device, media, outbox, setting};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::world::{NOON, WAITS_OTHERWISE, at, file_in, reopen};

const FIRST: &str = include_str!("../../src/migrations/0001_start.sql");

/// A file with the tables of an earlier version.
pub(crate) fn tables_of(version: usize, path: &Path) -> Connection {
    let all = migrations();
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
    assert_eq!(rows[0].writer.name.as_deref(), Some("Ana"), "its writer");
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

/// A row of each table that came after the first version; where a table was made anew, one for each of its shapes. A test holds
/// that every table of the present has rows in some version.
const LATER: &[(&str, &[&str])] = &[
    ("person", &["INSERT INTO person (id) VALUES (1)"]),
    (
        "person_address",
        &[
            "INSERT INTO person_address (address, person_id) VALUES ('51900000001@s.whatsapp.net', 1), ('900000001@lid', 1)",
        ],
    ),
    (
        "note",
        &["INSERT INTO note (address, text, at) VALUES ('51900000001@s.whatsapp.net', 'paga tarde', {n})"],
    ),
    (
        "contact",
        &[
            "INSERT INTO contact (device_id, address, saved_name) VALUES (1, '51900000001@s.whatsapp.net', 'Ana')",
        ],
    ),
    (
        "picture",
        &[
            "INSERT INTO picture (device_id, address, url) VALUES (1, '51900000001@s.whatsapp.net', 'https://pictures.example/1')",
        ],
    ),
    (
        "label",
        &[
            "INSERT INTO label (id, device_id, gateway_id, name, colour) VALUES (1, 1, 'l1', 'Por pagar', 'red')",
        ],
    ),
    (
        "chat_label",
        &[
            "INSERT INTO chat_label (label_id, chat_id, archived, pinned, last_at, unread) VALUES (1, 1, 0, 1, {n}, 1)",
            "INSERT INTO chat_label (label_id, chat_id) VALUES (1, 1)",
        ],
    ),
    (
        "chat_wish",
        &[
            "INSERT INTO chat_wish (chat_id, what, device_id, value, to_tell, turn, next_at) VALUES (1, 'archived', 1, 1, 1, 1, {n})",
        ],
    ),
    (
        "group_member",
        &["INSERT INTO group_member (chat_id, address_id, rank) VALUES (1, 1, 'admin')"],
    ),
    (
        "message_edit",
        &["INSERT INTO message_edit (message_id, at, kind, text) VALUES (1, {n} - 5, 'text', 'ola')"],
    ),
    (
        "reaction",
        &["INSERT INTO reaction (message_id, sender_id, emoji, at) VALUES (1, NULL, '👍', {n})"],
    ),
    (
        "vote",
        &["INSERT INTO vote (message_id, sender_id, options, at) VALUES (1, 1, '[0]', {n})"],
    ),
    (
        "member_receipt",
        &["INSERT INTO member_receipt (message_id, member_id, read_at) VALUES (4, 1, {n})"],
    ),
    (
        "change_parked",
        &[
            "INSERT INTO change_parked (device_id, gateway_id, what, at, payload, parked_at) VALUES (1, 'g8', 'starred', {n}, 'true', {n})",
        ],
    ),
    (
        "call",
        &[
            "INSERT INTO call (device_id, gateway_id, chat_id, caller_id, at, outcome, video) VALUES (1, 'c1', 1, 1, {n}, 'missed', 0)",
        ],
    ),
    (
        "number_check",
        &[
            "INSERT INTO number_check (device_id, digits, address, checked_at) VALUES (1, '51900000001', NULL, {n})",
        ],
    ),
    (
        "story",
        &["INSERT INTO story (device_id, client_id, state, at) VALUES (1, 's1', 'uncertain', {n})"],
    ),
    (
        "device_field",
        &["INSERT INTO device_field (device_id, name, value) VALUES (1, 'instance', 'caja')"],
    ),
    (
        "public_way",
        &["INSERT INTO public_way (device_id, address, told) VALUES (1, 'https://shop.example', NULL)"],
    ),
    (
        "block",
        &[
            "INSERT INTO block (device_id, address, at_gateway, at) VALUES (1, '51900000002@s.whatsapp.net', 1, {n})",
        ],
    ),
    (
        "audience",
        &["INSERT INTO audience (id, state) VALUES (1, 'whole')"],
    ),
    (
        "campaign",
        &[
            "INSERT INTO campaign (id, device_id, name, state, plan, audience_id, created_at) VALUES (1, 1, 'Ofertas', 'draft', '{}', 1, {n})",
            "INSERT INTO campaign (id, device_id, name, state, plan, created_at) VALUES (1, 1, 'Ofertas', 'draft', '{}', {n})",
        ],
    ),
    (
        "recipient",
        &[
            "INSERT INTO recipient (audience_id, place, written, address, person, state) VALUES (1, 0, '900000001', '51900000001@s.whatsapp.net', '51900000001', 'pending')",
            "INSERT INTO recipient (campaign_id, place, written, address, person, state) VALUES (1, 0, '900000001', '51900000001@s.whatsapp.net', '51900000001', 'pending')",
        ],
    ),
    (
        "opt_out",
        &[
            "INSERT INTO opt_out (address, state, wish, at, heard_at) VALUES ('51900000003@s.whatsapp.net', 'out', 'said', {n}, {n})",
        ],
    ),
    (
        "segment",
        &["INSERT INTO segment (name, source, created_at) VALUES ('Frecuentes', '[]', {n})"],
    ),
    (
        "emptying",
        &["INSERT INTO emptying (chat_id, through, gone) VALUES (1, 1, 0)"],
    ),
    (
        "emptying_kept",
        &["INSERT INTO emptying_kept (message_id, chat_id) VALUES (1, 1)"],
    ),
    ("removing", &["INSERT INTO removing (device_id) VALUES (2)"]),
    (
        "emptied",
        &["INSERT INTO emptied (device_id, address, until) VALUES (1, '51900000001@s.whatsapp.net', {n})"],
    ),
    (
        "emptied_newest",
        &[
            "INSERT INTO emptied_newest (device_id, address, gateway_id) VALUES (1, '51900000001@s.whatsapp.net', 'g8')",
        ],
    ),
    (
        "plan_use",
        &["INSERT INTO plan_use (device_id, calls, asked_at, since, used) VALUES (1, 1000, {n}, {n}, 3)"],
    ),
    (
        "put_away",
        &["INSERT INTO put_away (chat_id, gateway_id) VALUES (1, 'g9')"],
    ),
];

/// A file of this version as it was filled by the first, and by those in between.
fn filled(version: usize, path: &Path) {
    first_version(path);
    let file = Connection::open(path).expect("opens");
    file.execute_batch("PRAGMA foreign_keys = 0").expect("off");
    for migration in migrations().iter().take(version).skip(1) {
        let sql = std::fs::read_to_string(migration).expect("a migration");
        file.execute_batch(&sql).expect("it runs on a file with rows");
    }
    let number = i64::try_from(version).expect("few");
    file.pragma_update(None, "user_version", number).expect("set");
    file.execute_batch(
        "INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (2, 'practice', 'Otra', 'key-b', 1)",
    )
    .expect("another device");
    let there = tables(&file);
    for (table, shapes) in LATER.iter().filter(|(table, _)| there.contains_key(*table)) {
        let mut refused = Vec::new();
        let taken = shapes.iter().any(|sql| {
            let sql = sql.replace("{n}", &NOON.0.to_string());
            file.execute_batch(&sql)
                .map_err(|error| refused.push(error))
                .is_ok()
        });
        assert!(taken, "version {version}: {table} takes a row: {refused:?}");
    }
}

fn migrations() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .expect("the migrations")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    all.sort();
    all
}

/// The tables of a file, with how many rows each has; without what an index for searching keeps for itself.
fn tables(file: &Connection) -> BTreeMap<String, i64> {
    let mut names = file
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_search%' ESCAPE '\\'")
        .expect("the schema");
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .expect("the tables")
        .collect::<Result<_, _>>()
        .expect("their names");
    let count = |name: &String| file.query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0));
    names
        .into_iter()
        .map(|name| (name.clone(), count(&name).expect("counted")))
        .collect()
}

/// What each row of the outbox is about, and where it stands.
fn work(file: &Connection) -> Vec<(String, String, i64, Option<i64>)> {
    let mut rows = file
        .prepare("SELECT client_id, state, attempts, message_id FROM outbox ORDER BY client_id")
        .expect("the outbox");
    let read = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    read.expect("its rows").collect::<Result<_, _>>().expect("read")
}

#[tokio::test]
async fn a_file_of_any_earlier_version_comes_over_with_every_row_and_all_unsent_work() {
    let newest = migrations().len();
    let mut filled_once: BTreeMap<String, i64> = BTreeMap::new();
    for version in 1..newest {
        let folder = TempDir::new().expect("a folder");
        let path = file_in(&folder);
        filled(version, &path);
        let before = Connection::open(&path).expect("opens");
        let (rows, to_do) = (tables(&before), work(&before));
        drop(before);
        assert_eq!(to_do.len(), 6, "version {version}: the fixture has work");

        drop(reopen(&path));

        let after = Connection::open(&path).expect("opens");
        assert_eq!(
            work(&after),
            to_do,
            "version {version}: unsent work, each in its state"
        );
        let rows_now = tables(&after);
        for (table, count) in &rows {
            let now = rows_now.get(table);
            assert!(
                now.is_none_or(|now| now == count),
                "version {version}: {table} had {count} rows and has {now:?}"
            );
            if now.is_some() {
                *filled_once.entry(table.clone()).or_default() += count;
            }
        }
        let hanging: i64 = after
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                row.get(0)
            })
            .expect("checked");
        assert_eq!(hanging, 0, "version {version}: no reference hangs in the air");
    }
    let empty: Vec<_> = filled_once.iter().filter(|(_, count)| **count == 0).collect();
    assert!(
        empty.is_empty(),
        "a table that no fixture fills proves nothing: {empty:?}"
    );
}

#[tokio::test]
async fn whoever_was_taken_for_saved_where_nobody_can_tell_is_so_no_longer_and_keeps_the_name() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    let file = tables_of(28, &path);
    file.execute_batch(
        "INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES
           (1, 'evolution', 'Caja', 'key-a', 1), (2, 'practice_qr_buho', 'Caja', 'key-b', 1), (3, 'whapi', 'Caja', 'key-c', 1);
         INSERT INTO contact (device_id, address, saved_name, push_name) VALUES
           (1, '51900000001@s.whatsapp.net', 'Ana', 'Ana'), (1, '51900000002@s.whatsapp.net', 'Beto', NULL),
           (2, '51900000001@s.whatsapp.net', 'Doña Ana', 'Ana'), (3, '51900000001@s.whatsapp.net', 'Doña Ana', 'Ana');
         INSERT INTO chat (id, device_id, address, kind, name, name_rank) VALUES
           (1, 1, '51900000001@s.whatsapp.net', 'person', 'Ana', 4), (2, 1, '51900000003@s.whatsapp.net', 'person', 'Caja', 3),
           (3, 2, '51900000001@s.whatsapp.net', 'person', 'Doña Ana', 4), (4, 3, '51900000001@s.whatsapp.net', 'person', 'Doña Ana', 4);",
    )
    .expect("filled");
    drop(file);
    drop(reopen(&path));

    let after = Connection::open(&path).expect("opens");
    let all = |sql: &str| -> Vec<String> {
        let mut statement = after.prepare(sql).expect("SQL");
        let rows = statement.query_map([], |row| row.get(0)).expect("read");
        rows.map(|row| row.expect("a text")).collect()
    };
    let people = all(
        "SELECT concat_ws(' ', device_id, coalesce(saved_name, '-'), coalesce(push_name, '-')) FROM contact
         ORDER BY device_id, address",
    );
    assert_eq!(
        people,
        ["1 - Ana", "1 - Beto", "2 - Ana", "3 Doña Ana Ana"],
        "a name that may be their own is one"
    );
    let chats = all("SELECT concat_ws(' ', id, name, name_rank) FROM chat ORDER BY id");
    assert_eq!(
        chats,
        ["1 Ana 2", "2 Caja 3", "3 Doña Ana 2", "4 Doña Ana 4"],
        "a better one takes its place"
    );
}

#[tokio::test]
async fn who_was_told_to_be_one_person_before_that_was_kept_counts_as_known_all_along() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    let file = tables_of(39, &path);
    file.execute_batch(
        "INSERT INTO person (id) VALUES (1);
         INSERT INTO person_address (address, person_id) VALUES ('51900000001@s.whatsapp.net', 1), ('900000001@lid', 1);",
    )
    .expect("filled");
    drop(file);
    let store = reopen(&path);

    let known = "SELECT count(*) FROM person_address WHERE person_id = 1 AND told_at = 0 AND told_after = 0";
    assert_eq!(count(&store, known).await, 2, "both, as before");
}

#[tokio::test]
async fn whoever_waits_in_an_older_file_is_listed_since_they_do() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    let file = tables_of(39, &path);
    let day = 86_400_000;
    file.execute_batch(&format!(
        "INSERT INTO device (id, gateway, name, secret_key, created_at, live_from) VALUES (1, 'practice', 'Caja', 'key-a', 1, {n});
         INSERT INTO chat (id, device_id, address, kind) VALUES
           (1, 1, '51900000001@s.whatsapp.net', 'person'), (2, 1, '51900000002@s.whatsapp.net', 'person'),
           (3, 1, '51900000003@s.whatsapp.net', 'person'), (4, 1, '120363000000000001@g.us', 'group'),
           (5, 1, '51900000005@s.whatsapp.net', 'person'), (6, 1, '51900000006@s.whatsapp.net', 'person'),
           (7, 1, '51900000007@s.whatsapp.net', 'person'), (8, 1, '51900000008@s.whatsapp.net', 'person');
         INSERT INTO message (id, chat_id, from_me, at, kind) VALUES
           (1, 1, 1, {n}, 'text'), (2, 1, 0, {n} + 5, 'text'), (3, 1, 0, {n} + 9, 'text'),
           (4, 2, 0, {n}, 'text'), (5, 2, 1, {n} + 5, 'text'),
           (6, 3, 0, {n}, 'text'), (7, 3, 1, {n} + 5, 'text'), (8, 4, 0, {n}, 'text'),
           (9, 5, 0, {n} - 8 * {day}, 'text'), (10, 6, 0, {n} + 1, 'text'), (11, 6, 1, {n} + 5, 'text'),
           (12, 7, 0, {n} + 2, 'text'), (13, 7, 0, {n} + 3, 'system');
         UPDATE message SET failure = 'other', status = 1 WHERE id = 11;
         INSERT INTO outbox (kind, message_id, chat_id, device_id, client_id, state, next_at, place, created_at) VALUES
           ('send', 7, 3, 1, 'c1', 'dead', 0, 1, 0);
         UPDATE chat SET last_message_id = (SELECT max(id) FROM message WHERE chat_id = chat.id);",
        n = NOON.0
    ))
    .expect("filled");
    drop(file);
    let store = reopen(&path);
    let told = store
        .read(|c| {
            let mut statement =
                c.prepare("SELECT id, waiting_since FROM chat WHERE waiting_since IS NOT NULL ORDER BY id")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<Vec<(i64, i64)>, _>>()?)
        })
        .await
        .expect("read");
    let n = NOON.0;
    assert_eq!(
        told,
        [(1, n + 5), (3, n), (6, n + 1), (7, n + 2)],
        "not those whom we answered, nor a group, nor a last word of long ago; what failed is no answer"
    );
    assert_eq!(
        count(&store, WAITS_OTHERWISE).await,
        0,
        "as it is kept from now on"
    );
}
