//! Changes are told after their commit, and only what was committed.

use mostrador_domain::DeviceId;
use mostrador_store::tables::{device, setting};
use mostrador_store::{Change, NextChanges, Store, StoreError};

use crate::world::{NOON, World, file_in, text};

#[tokio::test]
async fn a_change_is_told_when_it_can_be_read() {
    let world = World::new().await;
    let mut changes = world.store.changes();
    world.write(|w| setting::set(w, "theme", "dark")).await;

    let NextChanges::Changed(set) = changes.next().await else {
        panic!("a change is told")
    };

    assert_eq!(
        set.changes,
        [Change::Settings].into(),
        "what changed, and nothing else"
    );
    let read = world.read(|c| setting::get(c, "theme")).await;
    assert_eq!(
        read.as_deref(),
        Some("dark"),
        "who hears of it reads the new value"
    );
}

#[tokio::test]
async fn what_was_committed_before_a_write_is_told_within_it() {
    let world = World::new().await;
    for _ in 0..20 {
        let mut changes = world.store.changes();
        // Both wait for the writer; nobody has been answered when the second begins.
        let first = world.store.write(|w| setting::set(w, "theme", "dark"));
        let second = world.store.write(move |_| Ok(changes.so_far()));
        let (_, told) = tokio::join!(first, second);
        assert_eq!(
            told.expect("written"),
            Some([Change::Settings].into()),
            "however soon it comes after it"
        );
    }
}

#[tokio::test]
async fn a_write_that_fails_is_not_told() {
    let world = World::new().await;
    let mut changes = world.store.changes();
    let failed = world.store.write(|w| {
        setting::set(w, "theme", "dark")?;
        Err::<(), _>(StoreError::not_found())
    });
    failed.await.expect_err("the job says no");
    world.write(|w| device::heard(w, DeviceId(1), NOON)).await;

    let NextChanges::Changed(set) = changes.next().await else {
        panic!("a change is told")
    };

    assert_eq!(
        set.changes,
        [Change::Devices].into(),
        "the first that is told is the second write's"
    );
}

#[tokio::test]
async fn a_commit_that_fails_is_not_told() {
    let world = World::new().await;
    let mut changes = world.store.changes();
    let failed = world.store.write(|w| {
        setting::set(w, "theme", "dark")?;
        // A row whose parent is missing, looked at only when the transaction is to be committed.
        w.pragma_update(None, "defer_foreign_keys", true)?;
        w.execute(
            "INSERT INTO raw_event (device_id, at, raw_kind, raw) VALUES (99, 0, '', '')",
            [],
        )?;
        Ok(())
    });
    failed.await.expect_err("the commit says no");
    world.write(|w| device::heard(w, DeviceId(1), NOON)).await;

    let NextChanges::Changed(set) = changes.next().await else {
        panic!("a change is told")
    };

    assert_eq!(
        set.changes,
        [Change::Devices].into(),
        "the first that is told is the second write's"
    );
    assert_eq!(
        world.read(|c| setting::get(c, "theme")).await,
        None,
        "nothing of the first was kept"
    );
}

#[tokio::test]
async fn a_batch_is_told_as_one() {
    let world = World::new().await;
    let mut changes = world.store.changes();
    world
        .live(vec![
            text(1, "m1").event(),
            text(1, "m2").event(),
            text(2, "m3").event(),
        ])
        .await;

    let NextChanges::Changed(set) = changes.next().await else {
        panic!("a change is told")
    };

    let (one, two) = (world.chat_with(1).await, world.chat_with(2).await);
    let expected = [
        Change::Chats,
        Change::Chat(one),
        Change::Chat(two),
        Change::Messages(one),
        Change::Messages(two),
    ];
    assert_eq!(set.changes, expected.into(), "each thing once");
}

#[tokio::test]
async fn a_listener_hears_that_the_store_is_closed() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let store = Store::open(&file_in(&folder), NOON).expect("opens").store;
    let mut changes = store.changes();
    drop(store);
    assert_eq!(
        changes.next().await,
        NextChanges::Closed,
        "nothing will come any more"
    );
}
