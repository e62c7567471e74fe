//! Durability and faults: what was committed stays, what failed leaves nothing, and the store goes on.

use std::time::Duration;

use mostrador_store::tables::{outbox, setting};
use mostrador_store::{Store, StoreError, StoreErrorKind};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::world::{NOON, World, at, file_in, reopen, text};

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    world.live(text(1, "m1").into()).await;
    let folder = world.close();

    let store = reopen(&file_in(&folder));

    let rows = store
        .read(move |c| mostrador_store::tables::message::page(c, chat, None, 10))
        .await
        .expect("read");
    assert_eq!(rows.len(), 2, "both messages");
    assert!(
        rows.iter().any(|row| row.id == message && row.outgoing.is_some()),
        "and what is still to be sent"
    );
}

/// A copy of a file that is in use is what a program that dies leaves behind: nothing was closed.
#[tokio::test]
async fn what_was_committed_survives_the_end_of_the_process() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;
    world.claim_one(NOON).await;

    let left = TempDir::new().expect("a folder");
    for suffix in ["", "-wal"] {
        let name = format!("shop.db{suffix}");
        std::fs::copy(world.path().with_file_name(&name), left.path().join(&name)).expect("copied");
    }
    let store = reopen(&file_in(&left));

    let device = world.device;
    let turned = store
        .write(move |w| outbox::after_restart(w, device, at(60)))
        .await
        .expect("write");
    assert_eq!(turned, 1, "the claim was stored before the call was made");
}

#[tokio::test]
async fn a_job_that_fails_leaves_nothing_and_the_writer_goes_on() {
    let world = World::new().await;
    let failed = world.store.write(|w| {
        setting::set(w, "theme", "dark")?;
        Err::<(), _>(StoreError::state_changed())
    });
    assert_eq!(
        failed.await.expect_err("it failed").kind,
        StoreErrorKind::StateChanged,
        "the job's own error"
    );
    assert_eq!(
        world.read(|c| setting::get(c, "theme")).await,
        None,
        "nothing of it was kept"
    );
    world.write(|w| setting::set(w, "theme", "light")).await;
    assert_eq!(
        world.read(|c| setting::get(c, "theme")).await.as_deref(),
        Some("light"),
        "the next one works"
    );
}

#[tokio::test]
async fn a_job_that_panics_leaves_nothing_and_the_writer_goes_on() {
    let world = World::new().await;
    let panicked = world.store.write(|w| -> Result<(), StoreError> {
        setting::set(w, "theme", "dark")?;
        panic!("on purpose")
    });
    assert_eq!(
        panicked.await.expect_err("it panicked").kind,
        StoreErrorKind::Other,
        "said to who asked"
    );
    assert_eq!(
        world.read(|c| setting::get(c, "theme")).await,
        None,
        "nothing of it was kept"
    );
    world.write(|w| setting::set(w, "theme", "light")).await;
}

#[tokio::test]
async fn reads_that_panic_do_not_use_the_readers_up() {
    let world = World::new().await;
    for _ in 0..10 {
        let panicked = world
            .store
            .read(|_| -> Result<(), StoreError> { panic!("on purpose") })
            .await;
        assert_eq!(
            panicked.expect_err("it panicked").kind,
            StoreErrorKind::Other,
            "the store is not closed"
        );
    }
    assert_eq!(
        world.read(|c| setting::get(c, "theme")).await,
        None,
        "there is still a reader"
    );
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let world = World::new().await;
    let refused = world
        .store
        .read(|c| Ok(c.execute("DELETE FROM device", [])?))
        .await
        .expect_err("must refuse");
    assert_eq!(refused.kind, StoreErrorKind::ReadOnly, "readers only read");
    assert_eq!(
        world.count("SELECT count(*) FROM device").await,
        1,
        "nothing was deleted"
    );
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_kept() {
    let world = World::new().await;
    world
        .write(|w| Ok(w.pragma_update(None, "max_page_count", 1)?))
        .await;

    let big = "x".repeat(100_000);
    let full = world.store.write_durably(move |w| {
        setting::set(w, "small", "1")?;
        setting::set(w, "big", &big)
    });
    let error = full.await.expect_err("there is no room");

    assert_eq!(error.kind, StoreErrorKind::Full, "said as what it is");
    assert_eq!(
        world.read(|c| setting::get(c, "small")).await,
        None,
        "nothing of it was kept"
    );
    world
        .write(|w| Ok(w.pragma_update(None, "max_page_count", 1_000_000)?))
        .await;
    world.write(|w| setting::set(w, "small", "1")).await;
    assert_eq!(
        world.read(|c| setting::get(c, "small")).await.as_deref(),
        Some("1"),
        "with room it goes on"
    );
}

#[tokio::test]
async fn the_store_may_be_dropped_by_its_own_writer() {
    let world = World::new().await;
    let store = world.store.clone();
    let mut changes = world.store.changes();
    let inside = store.clone();
    let (begun, at_work) = tokio::sync::oneshot::channel();
    let (go, gone) = std::sync::mpsc::sync_channel::<()>(1);
    let asking = async move {
        store
            .write(move |w| {
                let _told = begun.send(());
                let _waited = gone.recv();
                drop(inside);
                setting::set(w, "theme", "dark")
            })
            .await
    };
    let mut asking = Box::pin(asking);
    tokio::select! {
        _ = &mut asking => panic!("the job waits to be let go"),
        at_work = at_work => at_work.expect("the job is at work"),
    }
    drop(asking);
    let path = world.path();
    let _folder = world.close();
    go.send(()).expect("the job goes on");

    let mut heard = changes.next().await;
    if heard != mostrador_store::NextChanges::Closed {
        heard = changes.next().await;
    }
    assert_eq!(
        heard,
        mostrador_store::NextChanges::Closed,
        "the writer ended by itself"
    );
    let read = reopen(&path)
        .read(|c| setting::get(c, "theme"))
        .await
        .expect("read");
    assert_eq!(read.as_deref(), Some("dark"), "its last job was done");
}

#[test]
fn a_folder_that_is_none_is_said_to_be_unwritable() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, b"x").expect("written");
    let refused = Store::open(&file.join("shop.db"), NOON)
        .err()
        .expect("must refuse");
    assert_eq!(
        refused.kind,
        StoreErrorKind::ReadOnly,
        "nothing can be written there"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_refused_at_once() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    drop(Store::open(&path, NOON).expect("opens").store);
    let mode = |of: &std::path::Path, mode| {
        std::fs::set_permissions(of, std::fs::Permissions::from_mode(mode)).expect("permissions");
    };
    mode(&path, 0o444);
    mode(folder.path(), 0o555);

    // Root may write whatever the permissions say.
    let may_write = std::fs::OpenOptions::new().append(true).open(&path).is_ok();
    let kind = Store::open(&path, NOON).err().map(|error| error.kind);
    mode(folder.path(), 0o755);

    let expected = if may_write {
        None
    } else {
        Some(StoreErrorKind::ReadOnly)
    };
    assert_eq!(
        kind, expected,
        "who may not write must hear it before anybody types a message"
    );
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_left_as_it_is() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    let newer = Connection::open(&path).expect("opens");
    newer
        .execute_batch("CREATE TABLE things (id INTEGER); PRAGMA user_version = 9999;")
        .expect("made");
    drop(newer);
    let before = std::fs::read(&path).expect("read");

    let refused = Store::open(&path, NOON).err().expect("must refuse");

    assert_eq!(refused.kind, StoreErrorKind::NewerVersion, "said as what it is");
    assert_eq!(
        std::fs::read(&path).expect("read"),
        before,
        "not a byte has changed"
    );
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("listed")
        .map(|e| e.expect("entry").file_name())
        .collect();
    assert_eq!(names, ["shop.db"], "nothing lies beside it");
}

#[test]
fn a_file_that_another_program_holds_is_busy() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    let other = Connection::open(&path).expect("opens");
    other
        .execute_batch("CREATE TABLE t (id INTEGER); DROP TABLE t; BEGIN EXCLUSIVE;")
        .expect("held");

    let refused = Store::open_patiently(&path, NOON, Duration::from_millis(20))
        .err()
        .expect("must refuse");

    assert_eq!(refused.kind, StoreErrorKind::Busy, "said as what it is");
    assert!(path.exists(), "and left where it is");
}

#[tokio::test]
async fn a_write_while_another_program_holds_the_file_is_busy_and_can_be_tried_again() {
    let folder = TempDir::new().expect("a folder");
    let path = file_in(&folder);
    let store = Store::open_patiently(&path, NOON, Duration::from_millis(20))
        .expect("opens")
        .store;
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");

    let refused = store
        .write(|w| setting::set(w, "theme", "dark"))
        .await
        .expect_err("must refuse");
    assert_eq!(refused.kind, StoreErrorKind::Busy, "said as what it is");

    other.execute_batch("ROLLBACK").expect("let go");
    store
        .write(|w| setting::set(w, "theme", "dark"))
        .await
        .expect("now it can be written");
}
