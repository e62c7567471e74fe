//! A shop whose file is about to be damaged, and what must be there afterwards.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use mostrador_domain::{ChatId, OutboxState};
use mostrador_store::tables::{chat, device, message, outbox, setting};
use mostrador_store::{Opened, SetAside, Store};
use tempfile::TempDir;

use crate::world::{NOON, World, at, customer, file_in, text};

/// SQLite's page.
pub(super) const PAGE: u64 = 4_096;

/// A shop with a long history, a setting, a draft, and messages in every state of the outbox.
pub(super) async fn full_shop() -> TempDir {
    let world = World::new().await;
    world.write(|w| setting::set(w, "theme", "dark")).await;
    let long = "palabra ".repeat(60);
    for batch in 0..12_i64 {
        let said = |n: i64| {
            text(50, &format!("old{batch}-{n}"))
                .words(&long)
                .at(-10_000 + batch * 50 + n)
                .event()
        };
        world.history((0..50).map(said).collect()).await;
    }
    let drafted = world.chat_with(60).await;
    world
        .write(move |w| chat::set_draft(w, drafted, &chat::Draft::of("ya le")))
        .await;
    let ids = [
        "in flight",
        "done",
        "uncertain",
        "with the operator",
        "dead",
        "ready",
    ];
    for (number, words) in (1..).zip(ids) {
        let chat = world.chat_with(number).await;
        world.enqueue(chat, words, words, NOON).await;
    }
    let mut claimed = Vec::new();
    for _ in 0..5 {
        claimed.push(world.claim_one(at(1)).await.id);
    }
    world.accepted(claimed[1], "g2", at(2)).await;
    world.no_answer(claimed[2], at(2)).await;
    world.no_answer(claimed[3], at(2)).await;
    world.hand_to_operator(claimed[3]).await;
    world.refused(claimed[4]).await;
    world.close()
}

pub(crate) fn overwrite(path: &Path, from: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).expect("opens");
    file.seek(SeekFrom::Start(from)).expect("found");
    file.write_all(bytes).expect("written");
}

pub(super) fn pages(path: &Path) -> u64 {
    std::fs::metadata(path).expect("there").len() / PAGE
}

/// Opens the damaged file and says that the old one still lies beside it.
pub(crate) fn open_damaged(folder: &TempDir) -> (Store, SetAside) {
    let path = file_in(folder);
    let damaged = std::fs::metadata(&path).expect("there").len();
    let Opened { store, set_aside } = Store::open(&path, at(60)).expect("opens all the same");
    let aside = set_aside.expect("it was damaged");
    assert_eq!(
        std::fs::metadata(&aside.path).expect("kept").len(),
        damaged,
        "the old file still lies there, whole"
    );
    let names: Vec<String> = std::fs::read_dir(folder.path())
        .expect("listed")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| {
            [".rebuilding", ".rebuilt", ".reading"]
                .iter()
                .any(|work| name.contains(work))
        })
        .collect();
    assert_eq!(names, [""; 0], "nothing of the work is left lying about");
    (store, aside)
}

pub(super) async fn states(store: &Store) -> Vec<(String, String, bool)> {
    let sql =
        "SELECT o.client_id, o.state, o.needs_operator FROM outbox o JOIN message m ON m.id = o.message_id
                WHERE m.text = o.client_id ORDER BY o.place";
    let read = store.read(move |c| {
        let mut statement = c.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    });
    read.await.expect("read")
}

/// Everything that no gateway can give back is in the new file.
pub(super) async fn assert_all_kept(store: &Store) {
    let devices = store.read(device::list).await.expect("read");
    assert_eq!(devices.len(), 1, "the device is there");
    assert_eq!(
        (devices[0].secret_key.as_str(), devices[0].synced_at),
        ("key-a", None),
        "it has to sync anew"
    );
    let theme = store.read(|c| setting::get(c, "theme")).await.expect("read");
    assert_eq!(theme.as_deref(), Some("dark"), "the settings are there");
    let draft: String = store
        .read(|c| {
            Ok(
                c.query_row("SELECT draft FROM chat WHERE draft IS NOT NULL", [], |row| {
                    row.get(0)
                })?,
            )
        })
        .await
        .expect("the draft is there");
    assert_eq!(draft, "ya le", "as it was");
    let expected = [
        ("in flight", "uncertain", false),
        ("done", "done", false),
        ("uncertain", "uncertain", false),
        ("with the operator", "uncertain", true),
        ("dead", "dead", false),
        ("ready", "ready", false),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(id, state, op)| (id.into(), state.into(), op))
        .collect();
    assert_eq!(
        states(store).await,
        expected,
        "every message that was written here is there; what was in flight is uncertain"
    );
}

/// The new store does its work.
pub(super) async fn assert_usable(store: &Store) {
    let device = store.read(device::list).await.expect("read")[0].id;
    let claimed = store
        .write(move |w| outbox::claim(w, device, at(120)))
        .await
        .expect("write");
    assert_eq!(
        claimed.expect("one is ready").client_id,
        "ready",
        "what was ready goes out"
    );
    let chat: ChatId = store
        .write(move |w| chat::ensure(w, device, &customer(6)))
        .await
        .expect("write");
    let rows = store
        .read(move |c| message::page(c, chat, None, 5))
        .await
        .expect("read");
    assert_eq!(rows.len(), 1, "it is shown in its chat");
    assert_eq!(
        rows[0].outgoing.map(|out| out.state),
        Some(OutboxState::InFlight),
        "with its state"
    );
    let shown = store.read(move |c| chat::get(c, chat)).await.expect("read");
    assert_eq!(
        shown.last.map(|last| last.id),
        Some(rows[0].id),
        "and in the list"
    );
}

/// A page in the midst of the old messages of the history, told by their words: nothing ever changes it again.
pub(super) fn page_of_history(path: &Path) -> u64 {
    let bytes = std::fs::read(path).expect("read");
    let page = usize::try_from(PAGE).expect("small");
    let is_history = |page: &[u8]| {
        page.windows(24)
            .filter(|words| *words == b"palabra palabra palabra ")
            .count()
            > 100
    };
    let found = bytes
        .chunks(page)
        .enumerate()
        .filter(|(_, page)| is_history(page))
        .map(|(number, _)| number)
        .nth(20)
        .expect("the history fills many pages");
    u64::try_from(found).expect("small")
}

/// The page on which `bytes` stand.
pub(super) fn page_with(path: &Path, bytes: &[u8]) -> u64 {
    let file = std::fs::read(path).expect("read");
    let place = file
        .windows(bytes.len())
        .position(|window| window == bytes)
        .expect("they stand in the file");
    u64::try_from(place).expect("small") / PAGE
}

/// What a shop can least do without is there, whichever `page` was lost.
pub(super) async fn assert_precious_kept(store: &Store, page: u64) {
    let devices = store.read(device::list).await.expect("read");
    assert_eq!(devices.len(), 1, "page {page}: the device is there");
    let theme = store.read(|c| setting::get(c, "theme")).await.expect("read");
    assert_eq!(
        theme.as_deref(),
        Some("dark"),
        "page {page}: the settings are there"
    );
    let sql = "SELECT m.text FROM message m JOIN outbox o ON o.message_id = m.id AND o.kind = 'send'
                WHERE o.state NOT IN ('done', 'discarded') ORDER BY m.id";
    let open = store.read(move |c| {
        let mut statement = c.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    });
    let mut open = open.await.expect("read");
    open.sort();
    let expected = ["dead", "in flight", "ready", "uncertain", "with the operator"];
    // One that was sent comes back with the outbox's page lost, for a person to look at, if its name is lost too.
    open.retain(|words| words != "done");
    assert_eq!(open, expected, "page {page}: what was not sent yet is there");
}
