//! A damaged file is set aside, and what can be read of it is taken over.

mod everything;
mod history;
pub(crate) mod shop;

use std::collections::BTreeSet;
use std::fs::OpenOptions;

use mostrador_store::tables::device::{Heard, Secrets, Told};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};
use mostrador_store::tables::{chat, device, setting};
use mostrador_store::{Opened, Store, StoreErrorKind, Writing};
use tempfile::TempDir;

use crate::world::{NOON, World, at, customer, file_in};
use shop::{
    PAGE, assert_all_kept, assert_precious_kept, assert_usable, full_shop, open_damaged, overwrite,
    page_of_history, page_with, pages, states,
};

#[tokio::test]
async fn an_overwritten_page_in_the_middle_costs_only_itself() {
    let folder = full_shop().await;
    let path = file_in(&folder);
    let page = page_of_history(&path);
    overwrite(&path, page * PAGE, &[0xA5; 3 * 4_096]);

    let (store, aside) = open_damaged(&folder);

    assert_eq!(
        (aside.devices_kept, aside.messages_kept),
        (1, 5),
        "what was kept is told"
    );
    assert_all_kept(&store).await;
    assert_usable(&store).await;
}

#[tokio::test]
async fn a_cut_off_file_keeps_what_lies_before_the_cut() {
    let folder = full_shop().await;
    let path = file_in(&folder);
    let all = pages(&path);
    let keep = all - all / 4;
    OpenOptions::new()
        .write(true)
        .open(&path)
        .and_then(|file| file.set_len(keep * PAGE))
        .expect("cut");

    let (store, aside) = open_damaged(&folder);

    assert_eq!(aside.devices_kept, 1, "the device was written first and is read");
    assert_eq!(
        store.read(device::list).await.expect("read").len(),
        1,
        "it is there"
    );
    let theme = store.read(|c| setting::get(c, "theme")).await.expect("read");
    assert_eq!(theme.as_deref(), Some("dark"), "so are the settings");
    store
        .write(|w| setting::set(w, "theme", "light"))
        .await
        .expect("the store is usable");
}

#[tokio::test]
async fn a_header_of_garbage_is_mended_for_reading() {
    let folder = full_shop().await;
    overwrite(&file_in(&folder), 0, &[0x5A; 100]);

    let (store, aside) = open_damaged(&folder);

    assert_eq!(
        (aside.devices_kept, aside.messages_kept),
        (1, 5),
        "behind the header all is sound"
    );
    assert_all_kept(&store).await;
    assert_usable(&store).await;
}

#[tokio::test]
async fn a_header_that_forgot_its_version_is_damage() {
    let folder = full_shop().await;
    overwrite(&file_in(&folder), 60, &[0; 4]);

    let (store, _) = open_damaged(&folder);

    assert_all_kept(&store).await;
}

#[tokio::test]
async fn a_file_of_garbage_alone_makes_room_for_a_new_one() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(file_in(&folder), [0x5A; 20_000]).expect("written");

    let (store, aside) = open_damaged(&folder);

    assert_eq!(
        (aside.devices_kept, aside.messages_kept),
        (0, 0),
        "there was nothing to keep"
    );
    store
        .write(|w| setting::set(w, "theme", "dark"))
        .await
        .expect("the store is usable");
}

#[tokio::test]
async fn any_one_page_may_be_lost_and_the_store_opens_and_sends_nothing_twice() {
    let folder = full_shop().await;
    let sound = std::fs::read(file_in(&folder)).expect("read");
    let plan = folder.path().join("shop.db.plan");
    let count = pages(&file_in(&folder));
    for page in (0..count).filter(|page| *page < 90 || page % 29 == 0) {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(file_in(&folder), &sound).expect("written");
        std::fs::copy(&plan, folder.path().join("shop.db.plan")).expect("copied");
        overwrite(&file_in(&folder), page * PAGE, &[0xFF; 4_096]);

        let Opened { store, .. } = Store::open(&file_in(&folder), at(60)).expect("opens all the same");

        for (client_id, state, _) in states(&store).await {
            let may_be = match client_id.as_str() {
                "ready" => vec!["ready"],
                "dead" => vec!["dead"],
                "done" => vec!["done"],
                "in flight" => vec!["uncertain", "in_flight"],
                _ => vec!["uncertain"],
            };
            assert!(
                may_be.contains(&state.as_str()),
                "page {page}: {client_id} must not come back as {state}"
            );
        }
        assert_precious_kept(&store, page).await;
    }
}

#[tokio::test]
async fn a_lost_page_of_the_outbox_leaves_its_messages_to_a_person() {
    const ROWS: u32 = 900;
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world
        .write(move |w| {
            for number in 0..ROWS {
                let client_id = format!("row-{number:03}-");
                let words = NewContent::Text(client_id.clone());
                outbox::enqueue(w, &NewMessage::new(chat, client_id, words), NOON)?;
            }
            Ok(())
        })
        .await;
    let folder = world.close();
    let path = file_in(&folder);
    // In a row of the outbox, and nowhere else, the state follows the client id.
    overwrite(&path, page_with(&path, b"row-450-ready") * PAGE, &[0xFF; 4_096]);

    let (store, aside) = open_damaged(&folder);

    let kept: BTreeSet<String> = states(&store)
        .await
        .into_iter()
        .map(|(client_id, ..)| client_id)
        .collect();
    assert!(
        kept.len() > 800,
        "one page holds some dozens of {ROWS} rows; {} were kept",
        kept.len()
    );
    assert_eq!(aside.messages_kept, ROWS, "every message is there");
    let for_a_person = store.read(|c| {
        let sql = "SELECT count(*) FROM outbox WHERE client_id LIKE 'lost-%' AND state = 'uncertain' AND needs_operator = 1";
        Ok(c.query_row(sql, [], |row| row.get::<_, u32>(0))?)
    });
    assert_eq!(
        for_a_person.await.expect("read"),
        ROWS - u32::try_from(kept.len()).expect("few"),
        "of those whose rows are lost nobody knows how far they came: a person decides"
    );
    assert!(
        !kept.contains("row-450-"),
        "what lay on the lost page is not sent by itself"
    );
    assert!(
        kept.contains("row-000-") && kept.contains("row-899-"),
        "what lies on both sides of it is kept"
    );
}

/// Opens the shop and has it send one message more, which stands in the log only as long as nothing is closed.
async fn with_a_late_message(folder: &TempDir) -> Store {
    let running = Store::open(&file_in(folder), at(60)).expect("opens").store;
    let device = running.read(device::list).await.expect("read")[0].id;
    let late = move |w: &mut Writing<'_>| {
        let chat = chat::ensure(w, device, &customer(9))?;
        let new = NewMessage::new(chat, "late", NewContent::Text("late".into()));
        outbox::enqueue(w, &new, at(70))
    };
    running.write_durably(late).await.expect("stored");
    running
}

async fn assert_the_late_message_waits(store: &Store) {
    let last = states(store).await.pop().expect("the messages");
    assert_eq!(
        (last.0.as_str(), last.1.as_str()),
        ("late", "ready"),
        "it still goes out"
    );
}

/// What a program that dies leaves behind: nothing was closed, the log was not taken into the file.
pub(crate) fn left_by_a_death(folder: &TempDir) -> TempDir {
    let left = TempDir::new().expect("a folder");
    for name in ["shop.db", "shop.db-wal", "shop.db.plan"] {
        std::fs::copy(folder.path().join(name), left.path().join(name)).expect("copied");
    }
    left
}

#[tokio::test]
async fn what_stands_in_the_log_only_is_kept_too() {
    let folder = full_shop().await;
    let _running = with_a_late_message(&folder).await;
    let left = left_by_a_death(&folder);
    let path = file_in(&left);
    overwrite(&path, page_of_history(&path) * PAGE, &[0xA5; 4_096]);

    let Opened { store, set_aside } = Store::open(&path, at(80)).expect("opens all the same");

    assert_eq!(
        set_aside.expect("it was damaged").messages_kept,
        6,
        "the five of the file and the one of the log"
    );
    assert_the_late_message_waits(&store).await;
}

#[tokio::test]
async fn a_log_is_read_though_the_pages_that_say_where_the_tables_are_are_lost() {
    let folder = full_shop().await;
    let _running = with_a_late_message(&folder).await;
    let left = left_by_a_death(&folder);
    let path = file_in(&left);
    overwrite(&path, 0, &[0xA5; 4_096]);

    let (store, aside) = open_damaged(&left);

    assert_eq!(
        aside.messages_kept, 6,
        "the five of the file and the one of the log"
    );
    assert_the_late_message_waits(&store).await;
}

#[tokio::test]
async fn a_log_that_is_torn_says_what_came_before_the_tear() {
    let folder = full_shop().await;
    let running = Store::open(&file_in(&folder), at(60)).expect("opens").store;
    for theme in ["light", "dark"] {
        let set = move |w: &mut Writing<'_>| setting::set(w, "theme", theme);
        running.write_durably(set).await.expect("stored");
    }
    let left = left_by_a_death(&folder);
    let path = file_in(&left);
    overwrite(&path, 0, &[0xA5; 4_096]);
    let log = left.path().join("shop.db-wal");
    let end = std::fs::metadata(&log).expect("there").len();
    overwrite(&log, end - 8, &[0xA5; 8]);

    let (store, _) = open_damaged(&left);

    let theme = store.read(|c| setting::get(c, "theme")).await.expect("read");
    assert_eq!(
        theme.as_deref(),
        Some("light"),
        "the last transaction is not whole, so it was none"
    );
}

#[tokio::test]
async fn what_waits_in_a_file_whose_log_is_torn_in_the_middle_may_have_gone() {
    let folder = full_shop().await;
    let running = with_a_late_message(&folder).await;
    let so_far = std::fs::metadata(folder.path().join("shop.db-wal"))
        .expect("there")
        .len();
    let device = running.read(device::list).await.expect("read")[0].id;
    let claim = move |w: &mut Writing<'_>| outbox::claim(w, device, at(75));
    let claimed = running.write_durably(claim).await.expect("stored");
    assert!(claimed.is_some(), "one begins to leave");
    for theme in ["light", "dark"] {
        let set = move |w: &mut Writing<'_>| setting::set(w, "theme", theme);
        running.write_durably(set).await.expect("stored");
    }
    let history = page_of_history(&file_in(&folder));
    for (page, why) in [
        (0, "nothing can be opened"),
        (history, "it opens, up to the tear"),
    ] {
        let left = left_by_a_death(&folder);
        overwrite(&file_in(&left), page * PAGE, &[0xA5; 4_096]);
        overwrite(&left.path().join("shop.db-wal"), so_far + 100, &[0xA5; 8]);

        let (store, _) = open_damaged(&left);

        for (client_id, state, _) in states(&store).await {
            assert_ne!(
                state, "ready",
                "{why}: whether {client_id} began to leave is not known"
            );
            if client_id == "ready" || client_id == "late" {
                assert_eq!(state, "uncertain", "{why}: {client_id} is looked for");
            }
        }
        assert!(
            !left.path().join("shop.db.torn").exists(),
            "{why}: that was of this log"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_read_just_now_is_not_taken_for_nothing() {
    let folder = full_shop().await;
    let (path, plan) = (file_in(&folder), folder.path().join("shop.db.plan"));
    overwrite(&path, 0, &[0xA5; 4_096]);
    let damaged = std::fs::read(&path).expect("read");
    let noted = std::fs::read(&plan).expect("a note");
    // Reading it fails, as on a disk that does not answer.
    std::fs::remove_file(&plan).expect("removed");
    std::fs::create_dir(&plan).expect("in its place");

    let refused = Store::open(&path, at(60)).err().expect("must refuse");

    assert_ne!(
        refused.kind,
        StoreErrorKind::Damaged,
        "another start may do better"
    );
    assert!(
        std::fs::read(&path).expect("read") == damaged,
        "the damaged file stays in its place"
    );
    std::fs::remove_dir(&plan).expect("removed");
    std::fs::write(&plan, noted).expect("it answers again");
    let (store, _) = open_damaged(&folder);
    assert_all_kept(&store).await;
}

#[tokio::test]
async fn two_damaged_files_of_one_moment_are_both_kept() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(file_in(&folder), [1; 5_000]).expect("written");
    let first = Store::open(&file_in(&folder), at(60))
        .expect("opens")
        .set_aside
        .expect("damaged");
    std::fs::write(file_in(&folder), [2; 6_000]).expect("written");
    let second = Store::open(&file_in(&folder), at(60))
        .expect("opens")
        .set_aside
        .expect("damaged");

    assert_ne!(first.path, second.path, "each has a name of its own");
    assert_eq!(
        std::fs::metadata(&first.path).expect("kept").len(),
        5_000,
        "the first is still there"
    );
    assert_eq!(
        std::fs::metadata(&second.path).expect("kept").len(),
        6_000,
        "so is the second"
    );
}

#[tokio::test]
async fn what_a_rescue_that_died_left_behind_is_no_obstacle() {
    let folder = full_shop().await;
    let path = file_in(&folder);
    overwrite(&path, page_of_history(&path) * PAGE, &[0xA5; 4_096]);
    std::fs::write(folder.path().join("shop.db.rebuilding"), b"half of it").expect("written");

    let (store, _) = open_damaged(&folder);

    assert_all_kept(&store).await;
}

#[test]
fn if_the_new_file_cannot_be_made_the_damaged_one_stays() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    std::fs::write(&path, [3; 5_000]).expect("written");
    std::fs::create_dir(folder.path().join("shop.db.rebuilding")).expect("in the way");

    let refused = Store::open(&path, at(60)).err().expect("must refuse");

    assert_ne!(
        refused.kind,
        StoreErrorKind::Damaged,
        "what stands in the way is said"
    );
    assert_eq!(
        std::fs::read(&path).expect("read"),
        [3; 5_000],
        "nothing was moved"
    );
}

#[tokio::test]
async fn that_another_number_may_be_linked_outlives_a_rescue() {
    let world = World::new().await;
    let device = world.device;
    world
        .write(move |w| {
            device::linked(w, device, Told::Listed(&customer(9)), at(1))?;
            device::secrets_given(w, device, Secrets::Other)
        })
        .await;
    let folder = world.close();
    overwrite(&file_in(&folder), 60, &[0; 4]);

    let (store, _) = open_damaged(&folder);

    let row = store.read(move |c| device::get(c, device)).await.expect("read");
    assert_eq!(
        (row.own.as_ref(), row.number()),
        (None, Some(&customer(9))),
        "it is listed as before"
    );
    let heard = store
        .write(move |w| device::linked(w, device, Told::Listed(&customer(9)), at(70)))
        .await
        .expect("written");
    assert_eq!(
        heard,
        Heard::Another,
        "the secrets are still others, and nobody says whose"
    );
}

#[tokio::test]
async fn a_missing_and_an_empty_file_are_simply_new() {
    for empty in [false, true] {
        let folder = TempDir::new().expect("a folder");
        if empty {
            std::fs::write(file_in(&folder), b"").expect("written");
        }
        let opened = Store::open(&file_in(&folder), NOON).expect("opens");
        assert_eq!(opened.set_aside, None, "nothing was damaged (empty: {empty})");
        assert_eq!(
            opened.store.read(device::list).await.expect("read"),
            [],
            "it is new (empty: {empty})"
        );
    }
}

#[tokio::test]
async fn damage_that_anybody_meets_is_noted_and_the_next_start_sets_the_file_aside() {
    let folder = full_shop().await;
    let path = file_in(&folder);
    let noted = folder.path().join("shop.db.suspect");
    let running = Store::open(&path, at(60)).expect("opens").store;
    overwrite(&path, page_of_history(&path) * PAGE, &[0xA5; 4_096]);
    assert!(!noted.exists(), "nobody has met it yet");

    let met = running
        .read(|c| {
            Ok(c.query_row("SELECT sum(length(text)) FROM message", [], |row| {
                row.get::<_, i64>(0)
            })?)
        })
        .await
        .expect_err("that page cannot be read");
    assert_eq!(met.kind, StoreErrorKind::Damaged, "said as what it is");
    assert!(noted.exists(), "the next start looks at all of the file");
    drop(running);

    let (store, _) = open_damaged(&folder);
    assert!(!noted.exists(), "it was heard");
    assert_all_kept(&store).await;
}
