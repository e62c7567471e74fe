//! A real process dies at each point of an opening, once and again; whoever opens what it left finds what an opening without a death
//! finds: nothing lost, nothing twice.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use mostrador_campaigns::plan::{Body, Plan, Text};
use mostrador_campaigns::state::RecipientState;
use mostrador_campaigns::wording::Table;
use mostrador_domain::{Address, DeliveryStatus, Longest, UnixMillis};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use tempfile::TempDir;

use crate::Store;
use crate::integrity::sibling;
use crate::migrations::MIGRATIONS;
use crate::tables::campaign::recipient::{self, NewRecipient};
use crate::tables::campaign::{self, NewCampaign, Terms};
use crate::tables::outbox::{self, NewContent, NewMessage};
use crate::tables::{chat, device};

/// At which passing of which point the other process dies.
pub(super) const DIES_AT: &str = "MOSTRADOR_STORE_DIES_AT";
/// Which file it opens.
const OPENS: &str = "MOSTRADOR_STORE_OPENS";

const NOON: UnixMillis = UnixMillis(1_800_000_000_000);
/// When a file is opened that was left.
const LATER: UnixMillis = UnixMillis(NOON.0 + 60_000);
const PAGE: usize = 4_096;

#[test]
#[ignore = "the process that dies: the others start it"]
fn another_process_opens_the_file() {
    let path = PathBuf::from(std::env::var_os(OPENS).expect("which file"));
    Store::open(&path, LATER).expect("it opens, if it does not die");
}

/// Has another process open the file at `path` and die at the `passing` of `point`. `false` = it opened it: it did not come by so often.
fn dies(path: &Path, point: &str, passing: usize) -> bool {
    let this = std::env::current_exe().expect("these tests");
    let other = Command::new(this)
        .args([
            "--ignored",
            "--exact",
            "crash::tests::another_process_opens_the_file",
        ])
        .env(DIES_AT, format!("{point}:{passing}"))
        .env(OPENS, path)
        .output()
        .expect("another process");
    let said = String::from_utf8_lossy(&other.stdout);
    assert!(
        !said.contains("panicked") && said.contains("1 test"),
        "{point}: it opens the file or dies, and nothing else: {said}"
    );
    !other.status.success()
}

/// Everything that is in a sound file, by its tables. What FTS5 keeps its words in is its own affair: they are counted.
fn contents(path: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let file = Connection::open(path).expect("the file");
    let sound: String = file
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("looked at");
    assert_eq!(sound, "ok", "the file is sound");
    file.execute_batch(
        "INSERT INTO message_search (message_search) VALUES ('integrity-check');
         INSERT INTO chat_search (chat_search) VALUES ('integrity-check');
         CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, message_search, instance);",
    )
    .expect("the index of words is sound");
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema'
        UNION SELECT 'temp.word'";
    let mut tables = file.prepare(sql).expect("SQL");
    let tables = tables
        .query_map([], |row| row.get::<_, String>(0))
        .expect("listed");
    tables
        .map(|table| table.expect("a name"))
        .map(|table| {
            let rows = rows(&file, &table);
            (table, rows)
        })
        .collect()
}

fn rows(file: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut statement = file.prepare(&format!("SELECT * FROM {table}")).expect("a table");
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
    rows.expect("read").collect::<Result<_, _>>().expect("rows")
}

/// The same after an opening.
fn opened(path: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    drop(Store::open(path, LATER).expect("what a death left opens"));
    contents(path)
}

/// A file as the first version left it: messages in each state of the outbox.
fn first_version(path: &Path) {
    let file = Connection::open(path).expect("a new file");
    file.execute_batch(MIGRATIONS.first().expect("the first version's tables"))
        .expect("made");
    file.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA user_version = 1;
         INSERT INTO device (id, gateway, name, secret_key, created_at) VALUES (1, 'practice', 'Caja', 'key-a', 0);
         INSERT INTO chat (id, device_id, address, kind, name) VALUES (1, 1, '51900000001@s.whatsapp.net', 'person', 'Ana');
         INSERT INTO message (id, chat_id, from_me, at, kind, text) VALUES
           (1, 1, 1, 5, 'text', 'listo'), (2, 1, 1, 6, 'text', 'en vuelo'), (3, 1, 1, 7, 'text', 'incierto'), (4, 1, 1, 8, 'text', 'rechazado');
         INSERT INTO message (id, chat_id, gateway_id, from_me, at, kind, text, status) VALUES (5, 1, 'g5', 1, 9, 'text', 'enviado', 1);
         INSERT INTO outbox (message_id, chat_id, device_id, client_id, state, attempts, next_at, place, claimed_at, failure, created_at) VALUES
           (1, 1, 1, 'c1', 'ready', 0, 5, 1, NULL, NULL, 5), (2, 1, 1, 'c2', 'in_flight', 1, 5, 2, 6, NULL, 5),
           (3, 1, 1, 'c3', 'uncertain', 1, 5, 3, 7, 'no_answer', 5), (4, 1, 1, 'c4', 'dead', 1, 5, 4, 8, 'too_large', 5),
           (5, 1, 1, 'c5', 'done', 1, 5, 5, 9, NULL, 5);
         INSERT INTO setting VALUES ('theme', 'dark');",
    )
    .expect("filled");
}

fn version(path: &Path) -> usize {
    let file = Connection::open(path).expect("the file");
    let version = file.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    version.expect("a number") as usize
}

#[test]
fn after_a_death_at_any_step_of_a_migration_the_next_start_goes_on_from_there() {
    let folder = TempDir::new().expect("a folder");
    let undisturbed = folder.path().join("undisturbed.db");
    first_version(&undisturbed);
    let expected = opened(&undisturbed);
    assert_eq!(expected["outbox"].len(), 5, "what was written is there");
    let steps = MIGRATIONS.len() - 1;
    for (point, committed) in [("migration.made", 0), ("migration.committed", 1)] {
        for step in 1..=steps {
            let path = folder.path().join(format!("{point}-{step}.db"));
            first_version(&path);
            assert!(dies(&path, point, step), "{point}: {step} is a step");
            assert_eq!(
                version(&path),
                step + committed,
                "{point}:{step}: what was committed is there, and nothing by halves"
            );
            assert_eq!(opened(&path), expected, "{point}:{step}: the rest is done");
        }
        let path = folder.path().join(format!("{point}-all.db"));
        first_version(&path);
        assert!(!dies(&path, point, steps + 1), "{point}: there are no more steps");
    }
}

#[test]
fn after_a_death_while_a_new_file_is_made_it_is_new() {
    let folder = TempDir::new().expect("a folder");
    let expected = opened(&folder.path().join("undisturbed.db"));
    for point in ["migration.made", "migration.committed"] {
        for step in [1, 2, MIGRATIONS.len()] {
            let path = folder.path().join(format!("{point}-{step}.db"));
            assert!(dies(&path, point, step), "{point}: {step} is a step");
            assert_eq!(opened(&path), expected, "{point}:{step}: as any new one");
        }
    }
}

/// A shop with a history that fills pages, messages in each state of the outbox, a campaign under way, and, in the log alone, one
/// message more.
async fn shop(path: &Path) {
    let store = Store::open(path, NOON).expect("a new file").store;
    let new = device::NewDevice {
        gateway: "practice".into(),
        name: "Caja".into(),
        url: None,
        secret_key: "key-a".into(),
    };
    let told = "palabra ".repeat(60);
    let filled = store.write_durably(move |w| {
        let device = device::add(w, &new, NOON)?;
        let customer = |number: u32| Address::parse(&format!("519000000{number:02}"));
        for number in 1..=5 {
            let chat = chat::ensure(w, device, &customer(number))?;
            let words = NewContent::Text(format!("mensaje {number}"));
            outbox::enqueue(w, &NewMessage::new(chat, format!("c{number}"), words), NOON)?;
        }
        let claimed = (1..=4).map(|_| Ok(outbox::claim(w, device, NOON)?.expect("one is ready").id));
        let claimed: Vec<_> = claimed.collect::<Result<_, crate::StoreError>>()?;
        outbox::accepted(w, claimed[0], "g1", DeliveryStatus::Sent, NOON)?;
        outbox::no_answer(w, claimed[1], NOON, NOON)?;
        outbox::no_answer(w, claimed[2], NOON, NOON)?;
        outbox::hand_to_operator(w, claimed[2])?;
        let history = chat::ensure(w, device, &customer(50))?;
        for number in 0..400 {
            w.execute(
                "INSERT INTO message (chat_id, gateway_id, from_me, at, kind, text) VALUES (?1, ?2, 0, ?3, 'text', ?4)",
                (history.0, format!("h{number}"), number, &told),
            )?;
        }
        let mut plan = Plan::careful("America/Lima");
        plan.texts = vec![Text {
            share: 100,
            body: Body::Text { text: "Hola".into() },
        }];
        let new = NewCampaign {
            device,
            name: "Aviso".into(),
            plan,
        };
        let campaign = campaign::create(w, &new, NOON)?;
        campaign::set_sources(w, campaign, "[]", &Table::default())?;
        for number in 60..65 {
            let person = NewRecipient {
                row: Some(number),
                written: format!("{number}"),
                address: Some(customer(number)),
                cells: vec![],
                variant: 0,
                state: RecipientState::Pending,
            };
            recipient::add(w, campaign, &person, NOON)?;
        }
        let plan_no = campaign::get(w, campaign)?.plan_no;
        campaign::rehearsed(w, campaign, plan_no)?;
        campaign::start(w, campaign, Duration::ZERO, NOON)?;
        let terms = Terms {
            room: 9,
            longest: Longest {
                text: 4_096,
                caption: 4_096,
            },
            inline_up_to: None,
        };
        campaign::queue_next(w, campaign, terms, NOON)?;
        campaign::queue_next(w, campaign, terms, NOON)?;
        Ok(history)
    });
    let history = filled.await.expect("filled");
    let beside = Connection::open(path).expect("another connection");
    beside
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("the log into the file");
    let late = NewMessage::new(history, "late", NewContent::Text("tarde".into()));
    store
        .write_durably(move |w| outbox::enqueue(w, &late, NOON))
        .await
        .expect("one more");
    keep_log(&beside);
    drop(store);
}

/// As long as this connection is open nobody who closes the file is its last user, who puts the log into it; nor does it do that.
fn keep_log(beside: &Connection) {
    beside
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .expect("set");
}

/// Another program that has the file open.
fn beside(path: &Path) -> Connection {
    let beside = Connection::open(path).expect("another program");
    keep_log(&beside);
    let read = beside.query_row("PRAGMA data_version", [], |_| Ok(()));
    read.expect("it has read");
    beside
}

/// How a file is damaged.
#[derive(Debug, Clone, Copy)]
enum Damage {
    /// A page of old messages is overwritten.
    Page,
    /// So is the header: SQLite does not know the file.
    Header,
    /// A page, and another program holds the file: its log stays beside it.
    PageBesideLog,
}

/// A copy of the shop, damaged, and who else holds it.
fn damaged(shop: &Path, folder: &Path, damage: Damage) -> (PathBuf, Option<Connection>) {
    std::fs::create_dir(folder).expect("a folder");
    let path = folder.join("shop.db");
    let mut bytes = std::fs::read(shop).expect("the shop");
    let history = |page: &[u8]| {
        page.windows(24)
            .filter(|words| *words == b"palabra palabra palabra ")
            .count()
            > 100
    };
    let page = bytes
        .chunks_mut(PAGE)
        .filter(|page| history(page))
        .nth(20)
        .expect("the history fills many pages");
    match damage {
        Damage::Page | Damage::PageBesideLog => page.fill(0xA5),
        Damage::Header => bytes[..100].fill(0x5A),
    }
    std::fs::write(&path, bytes).expect("damaged");
    std::fs::copy(sibling(shop, "-wal"), sibling(&path, "-wal")).expect("its log");
    let holds = matches!(damage, Damage::PageBesideLog).then(|| beside(&path));
    (path, holds)
}

/// The points between a damaged file and its successor, each with the passing at which it is tried.
const POINTS: [(&str, usize); 9] = [
    ("migration.committed", 3),
    ("salvage.row", 1),
    ("salvage.row", 200),
    ("salvage.row", 417),
    ("salvage.committed", 1),
    ("exchange.whole", 1),
    ("exchange.named", 1),
    ("exchange.log", 1),
    ("exchange.done", 1),
];

#[tokio::test]
async fn after_a_death_at_any_step_of_a_rescue_nothing_is_lost_and_nothing_is_there_twice() {
    let folder = TempDir::new().expect("a folder");
    let sound = folder.path().join("sound.db");
    shop(&sound).await;
    for damage in [Damage::Page, Damage::Header, Damage::PageBesideLog] {
        let name = |which: &str| folder.path().join(format!("{damage:?}-{which}"));
        let (path, holds) = damaged(&sound, &name("undisturbed"), damage);
        let expected = opened(&path);
        drop(holds);
        // Five messages, the campaign's two, and the one that was in the log alone.
        assert_eq!(
            expected["outbox"].len(),
            8,
            "{damage:?}: what was written is there"
        );
        assert_eq!(expected["recipient"].len(), 5, "{damage:?}: and its people");
        let again = ["salvage.committed", "exchange.named", "exchange.log"];
        for ((first, passing), again) in POINTS.into_iter().zip(again.into_iter().cycle()) {
            let (path, holds) = damaged(&sound, &name(&format!("{first}-{passing}")), damage);
            let what = format!("{damage:?}: {first}:{passing}, then {again}");
            assert!(dies(&path, first, passing), "{what}: the point is passed");
            // Once more, if it still comes by there.
            dies(&path, again, 1);
            drop(holds);
            assert_eq!(opened(&path), expected, "{what}: all that could be saved");
            assert!(
                !sibling(&path, ".rebuilt").exists(),
                "{what}: nothing of the work lies about"
            );
        }
    }
}
