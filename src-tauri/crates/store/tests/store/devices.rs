//! What must be known of a device after a restart: what is wrong with it, and how far its first sync is.

use mostrador_domain::UnixMillis;
use mostrador_store::tables::device::{self, DeviceRow, Restricted, SyncProgress};

use crate::world::{World, address, at, text};

async fn row(world: &World) -> DeviceRow {
    let device = world.device;
    world.read(move |c| device::get(c, device)).await
}

async fn deaf(world: &World, since: Option<UnixMillis>) {
    let device = world.device;
    world.write(move |w| device::deaf(w, device, since)).await;
}

async fn restricted(world: &World, restricted: Option<Restricted>) {
    let device = world.device;
    world
        .write(move |w| device::restricted(w, device, restricted))
        .await;
}

async fn link(world: &World, own: &'static str) {
    let device = world.device;
    world
        .write(move |w| device::linked(w, device, device::Told::Number(&address(own)), at(0)))
        .await;
}

async fn to_sync(world: &World) -> usize {
    let device = world.device;
    world.read(move |c| device::chats_to_sync(c, device)).await.len()
}

#[tokio::test]
async fn a_deaf_device_keeps_the_moment_since_when() {
    let world = World::new().await;
    deaf(&world, Some(at(5))).await;
    deaf(&world, Some(at(9))).await;
    assert_eq!(row(&world).await.deaf_since, Some(at(5)), "the first moment");
    deaf(&world, None).await;
    assert_eq!(row(&world).await.deaf_since, None, "it tells again");
    deaf(&world, Some(at(20))).await;
    assert_eq!(row(&world).await.deaf_since, Some(at(20)), "anew");
}

#[tokio::test]
async fn a_restriction_is_kept_as_it_was_told_last_and_nothing_of_an_earlier_one() {
    let world = World::new().await;
    let since = |seconds, until: Option<i64>| {
        Some(Restricted {
            since: at(seconds),
            until: until.map(at),
        })
    };
    for told in [since(5, None), since(9, Some(60)), since(3_600, None), None] {
        restricted(&world, told).await;
        assert_eq!(row(&world).await.restricted, told, "as it was told last");
    }
}

#[tokio::test]
async fn a_restriction_outlives_the_link_and_not_the_number() {
    let world = World::new().await;
    link(&world, "51900000099").await;
    let one = Some(Restricted {
        since: at(1),
        until: None,
    });
    restricted(&world, one).await;
    let device = world.device;
    world.write(move |w| device::unlinked(w, device)).await;
    link(&world, "51900000099").await;
    assert_eq!(row(&world).await.restricted, one, "the same number");
    link(&world, "51900000098").await;
    assert_eq!(row(&world).await.restricted, None, "another one");
}

#[tokio::test]
async fn a_first_sync_goes_on_where_it_stopped_and_a_new_link_begins_anew() {
    let world = World::new().await;
    let device = world.device;
    link(&world, "51900000099").await;
    world
        .history((1..=3).map(|n| text(n, "m1").at(n.into()).event()).collect())
        .await;
    let one = row(&world).await.link;
    world
        .write(move |w| device::set_sync_cursor(w, one, Some("100")))
        .await;
    let chats = world.read(move |c| device::chats_to_sync(c, device)).await;
    assert_eq!(chats.len(), 3, "all of them");
    assert_eq!(chats[0].1, address("51900000003"), "the newest first");
    let done = chats[0].0;
    world.write(move |w| device::chat_synced(w, done, one)).await;

    link(&world, "51900000099").await;
    assert_eq!(
        to_sync(&world).await,
        2,
        "the same link: what was fetched is fetched"
    );
    let progress = world.read(move |c| device::sync_progress(c, device)).await;
    assert_eq!(progress, SyncProgress { done: 1, total: 3 }, "shown");
    assert_eq!(
        row(&world).await.sync_cursor.as_deref(),
        Some("100"),
        "the list of chats too"
    );

    world.write(move |w| device::unlinked(w, device)).await;
    assert_eq!(to_sync(&world).await, 3, "much may have happened in between");
    assert_eq!(row(&world).await.sync_cursor, None, "the list is read anew");
    let newest = world.read(move |c| device::chats_to_sync(c, device)).await[0].0;
    let unlinked = row(&world).await.link;
    world
        .write(move |w| device::chat_synced(w, newest, unlinked))
        .await;
    link(&world, "51900000098").await;
    assert_eq!(to_sync(&world).await, 3, "another number's chats are not fetched");
}

#[tokio::test]
async fn a_chat_that_the_first_sync_could_not_have_is_wanted_by_its_link_until_it_is_here() {
    let world = World::new().await;
    let device = world.device;
    let missed = async || {
        let chats = world.read(move |c| device::chats_missed(c, device)).await;
        chats.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    link(&world, "51900000099").await;
    world
        .history((1..=3).map(|n| text(n, "m1").at(n.into()).event()).collect())
        .await;
    let (older, newer) = (world.chat_with(1).await, world.chat_with(2).await);
    let one = row(&world).await.link;
    for chat in [older, newer] {
        world.write(move |w| device::chat_missed(w, chat, one)).await;
    }
    assert_eq!(
        missed().await,
        [newer, older],
        "the newest first, and not the third"
    );
    assert_eq!(to_sync(&world).await, 3, "a person may still ask for all of them");
    world.write(move |w| device::chat_synced(w, newer, one)).await;
    assert_eq!(missed().await, [older], "the other is here");
    link(&world, "51900000098").await;
    assert_eq!(missed().await, [], "another number has a first sync of its own");
}

#[tokio::test]
async fn the_mark_of_polling_is_kept_for_its_link() {
    let world = World::new().await;
    link(&world, "51900000099").await;
    let one = row(&world).await.link;
    world
        .write(move |w| device::set_poll_cursor(w, one, Some("mark-7")))
        .await;
    assert_eq!(
        row(&world).await.poll_cursor.as_deref(),
        Some("mark-7"),
        "as given out"
    );
    link(&world, "51900000098").await;
    assert_eq!(row(&world).await.poll_cursor, None, "a mark is one link's");
}

#[tokio::test]
async fn a_first_sync_keeps_the_moment_of_its_first_attempt_and_another_number_has_its_own() {
    let world = World::new().await;
    let device = world.device;
    let begun = async |seconds: i64| {
        world
            .write(move |w| device::first_sync_begun(w, device, at(seconds)))
            .await
    };
    link(&world, "51900000099").await;
    assert_eq!(begun(5).await, at(5), "it begins");
    assert_eq!(begun(9).await, at(5), "a further attempt goes on with it");
    let one = row(&world).await.link;
    world.write(move |w| device::polled(w, one, at(20))).await;
    world.write(move |w| device::unlinked(w, device)).await;
    link(&world, "51900000099").await;
    let same = row(&world).await;
    assert_eq!(
        (same.live_from, same.polled_until),
        (Some(at(5)), Some(at(20))),
        "the same number: what came while it was unlinked is news"
    );
    link(&world, "51900000098").await;
    let other = row(&world).await;
    assert_eq!(
        (other.live_from, other.polled_until),
        (None, None),
        "another one: its past is history"
    );
}

#[tokio::test]
async fn what_was_read_of_the_number_before_is_not_noted_of_the_one_that_is_linked_since() {
    let world = World::new().await;
    link(&world, "51900000099").await;
    world.history(vec![text(1, "m1").event()]).await;
    let (before, chat) = (row(&world).await.link, world.chat_with(1).await);
    link(&world, "51900000098").await;

    let is_done = world
        .write(move |w| {
            device::polled(w, before, at(20))?;
            device::set_poll_cursor(w, before, Some("mark-7"))?;
            device::set_sync_cursor(w, before, Some("100"))?;
            device::chat_synced(w, chat, before)?;
            device::chat_missed(w, chat, before)?;
            device::synced(w, before, at(21))
        })
        .await;
    assert!(!is_done, "the other one has a first sync of its own");
    let now = row(&world).await;
    assert_eq!(
        (now.polled_until, now.poll_cursor, now.sync_cursor, now.synced_at),
        (None, None, None, None),
        "its past is history, from the beginning of its lists"
    );
    assert_eq!(to_sync(&world).await, 1, "and its chats are to be fetched");
    let device = world.device;
    assert_eq!(
        world.read(move |c| device::chats_missed(c, device)).await,
        [],
        "as none that it could not give"
    );

    let of_now = now.link;
    let is_done = world.write(move |w| device::synced(w, of_now, at(22))).await;
    assert!(is_done, "its own is");
}
