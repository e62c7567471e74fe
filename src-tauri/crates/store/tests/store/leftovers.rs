//! What is taken away is hidden at once and removed in portions; a death in the middle loses nothing and shows nothing again.

use mostrador_domain::{GroupSnapshot, Inbound, MediaRef, MemberRank};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::chat::{self, Filter};
use mostrador_store::tables::media::{self, MediaState, Stored};
use mostrador_store::tables::{device, leftover, message, number_check};

use crate::world::{NOON, World, address, at, customer, file_in, reopen, text};

/// More than goes at once.
const MANY: i64 = 1_700;
const PORTION: u32 = 500;

/// A chat with many messages.
async fn long_chat() -> (World, mostrador_domain::ChatId) {
    let world = World::new().await;
    world
        .live(
            (0..MANY)
                .map(|n| text(1, &format!("m{n}")).at(n).event())
                .collect(),
        )
        .await;
    let chat = world.chat_with(1).await;
    (world, chat)
}

async fn rows(world: &World) -> i64 {
    world.count("SELECT count(*) FROM message").await
}

async fn further(world: &World) -> bool {
    world.write(|w| leftover::remove_some(w, PORTION)).await
}

#[tokio::test]
async fn a_long_chat_is_empty_at_once_and_its_rows_go_in_portions() {
    let (world, chat) = long_chat().await;
    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    assert!(world.messages(chat).await.is_empty(), "nothing is shown any more");
    let row = world.chat(chat).await;
    assert_eq!((row.unread, row.last.is_none()), (0, true), "nor in the list");
    assert_eq!(rows(&world).await, MANY - 500, "one portion went with it");

    world.live(text(1, "new").at(MANY + 5).into()).await;
    let mut portions = 0;
    while further(&world).await {
        portions += 1;
        assert!(portions < 10, "it comes to an end");
    }
    assert_eq!(portions, 3, "each has its limit");
    assert_eq!(
        (rows(&world).await, world.messages(chat).await.len()),
        (1, 1),
        "what came after stays"
    );
}

#[tokio::test]
async fn what_was_unsent_when_its_chat_was_emptied_stays_though_it_is_sent_meanwhile() {
    let (world, chat) = long_chat().await;
    let unsent = world.enqueue(chat, "c1", "va", at(MANY)).await;
    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    let id = world.claim_one(at(MANY)).await.id;
    world.accepted(id, "g1", at(MANY + 1)).await;
    while further(&world).await {}
    let left: Vec<_> = world.messages(chat).await.iter().map(|row| row.id).collect();
    assert_eq!(left, [unsent], "it left the shop after the chat was emptied");
}

#[tokio::test]
async fn emptying_goes_on_where_a_death_has_stopped_it() {
    let (world, chat) = long_chat().await;
    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    assert!(further(&world).await, "it is under way");
    let folder = world.close();

    let store = reopen(&file_in(&folder));
    let shown = store
        .read(move |c| message::page(c, chat, None, 10))
        .await
        .expect("read");
    assert!(shown.is_empty(), "nothing comes back into view");
    let mut portions = 0;
    while store
        .write(|w| leftover::remove_some(w, PORTION))
        .await
        .expect("removed")
    {
        portions += 1;
    }
    assert_eq!(portions, 2, "only the rest was left to do");
    let left: i64 = store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM message", [], |row| row.get(0))?))
        .await
        .expect("read");
    assert_eq!(left, 0, "nothing is left");
}

#[tokio::test]
async fn a_long_chat_that_was_deleted_is_listed_no_more_and_a_new_one_begins() {
    let (world, old) = long_chat().await;
    world.live(vec![Inbound::ChatGone { chat: customer(1) }]).await;
    let listed = world.read(|c| chat::page(c, Filter::default(), None, 10)).await;
    assert!(listed.is_empty(), "it is not in the list");
    for archived in [false, true] {
        let filter = Filter {
            archived,
            ..Filter::default()
        };
        assert!(
            world
                .read(move |c| chat::page(c, filter, None, 10))
                .await
                .is_empty(),
            "nor in any other"
        );
    }
    world.live(text(1, "new").at(MANY + 5).into()).await;
    let new = world.chat_with(1).await;
    assert_ne!(new, old, "whoever writes again begins a new chat");
    while further(&world).await {}
    assert_eq!(world.messages(new).await.len(), 1, "with the new message only");
    assert_eq!(
        world.count("SELECT count(*) FROM chat").await,
        1,
        "the old one is gone"
    );
}

#[tokio::test]
async fn a_device_with_much_is_gone_at_once_and_its_rows_go_in_portions_even_after_a_death() {
    let (world, gone_chat) = long_chat().await;
    let (device, path) = (world.device, world.path());
    let other = world.another_device().await;
    world
        .ingest(
            other,
            text(2, "stays").into(),
            mostrador_store::tables::ingest::Origin::Live,
        )
        .await;
    world.write(move |w| device::remove(w, device)).await;
    let again = world
        .store
        .write(move |w| device::remove(w, device))
        .await
        .expect_err("gone");
    assert_eq!(again.kind, StoreErrorKind::NotFound, "taken away once");
    assert!(further(&world).await, "under way");
    let _folder = world.close();

    let store = reopen(&path);
    let devices = store.read(device::list).await.expect("read");
    assert_eq!(
        devices.iter().map(|row| row.id).collect::<Vec<_>>(),
        [other],
        "it does not come back"
    );
    let listed = store
        .read(|c| chat::page(c, Filter::default(), None, 10))
        .await
        .expect("read");
    assert_eq!(listed.len(), 1, "only the other device's chat is listed");
    let missing = store.read(move |c| chat::get(c, gone_chat)).await;
    assert_eq!(
        missing.expect_err("hidden").kind,
        StoreErrorKind::NotFound,
        "nor can it be opened"
    );
    while store
        .write(|w| leftover::remove_some(w, PORTION))
        .await
        .expect("removed")
    {}
    let left: (i64, i64) = store
        .read(|c| {
            let sql = "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM device)";
            Ok(c.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
        .await
        .expect("read");
    assert_eq!(left, (1, 1), "the other device keeps its own");
}

#[tokio::test]
async fn a_portion_is_no_larger_because_rows_hang_on_others() {
    let world = World::new().await;
    let groups = (0..12_u32).map(|group| {
        let members = (0..60_u32).map(|n| (address(&format!("5190001{n:04}")), MemberRank::Member));
        Inbound::Group(GroupSnapshot {
            group: address(&format!("1203630000000000{group:02}@g.us")),
            name: None,
            description: None,
            members: Some(members.collect()),
            announcements: None,
        })
    });
    world.live(groups.collect()).await;
    let device = world.device;
    world
        .write(move |w| {
            for n in 0..300 {
                number_check::keep(w, device, &format!("519000{n:05}"), None, NOON)?;
            }
            device::remove(w, device)
        })
        .await;
    let rows = "SELECT (SELECT count(*) FROM chat) + (SELECT count(*) FROM group_member) + (SELECT count(*) FROM number_check)";
    let mut left = world.count(rows).await;
    assert!(left > 400, "most is still there");
    while left > 0 {
        assert!(
            world.write(|w| leftover::remove_some(w, 50)).await,
            "there is more to do"
        );
        let now = world.count(rows).await;
        assert!(
            left - now <= 50,
            "{} rows went at once: the writer is held for as long",
            left - now
        );
        left = now;
    }
}

#[tokio::test]
async fn a_file_that_was_let_go_is_fetched_again_only_when_somebody_looks_at_it() {
    let world = World::new().await;
    let device = world.device;
    let told = MediaRef {
        gateway_ref: "ref-1".into(),
        mime: "image/png".into(),
        ..MediaRef::default()
    };
    let id = world
        .write(move |w| media::announce(w, device, &told, NOON))
        .await;
    let stored = Stored {
        mime: "image/png".into(),
        bytes: 40,
        sha256: "ab".into(),
        ..Stored::default()
    };
    world
        .write(move |w| {
            media::claim(w, id)?;
            media::arrived(w, id, &stored)
        })
        .await;
    let ours = world.file("cd").await;
    assert_eq!(
        world.read(media::fetched_bytes).await,
        40,
        "what is ours does not count"
    );
    let oldest = world.read(|c| media::oldest_fetched(c, 10)).await;
    assert_eq!(
        oldest.iter().map(|file| file.id).collect::<Vec<_>>(),
        [id],
        "nor goes"
    );

    let gone = world.write(move |w| media::let_go(w, &[id, ours])).await;
    assert_eq!(gone, 1, "only the customer's");
    assert_eq!(world.read(media::fetched_bytes).await, 0, "there is room");
    let next = world
        .read(move |c| media::next_remote(c, device, u64::MAX, &[]))
        .await;
    assert!(next.is_none(), "it is not fetched by itself");
    world.write(move |w| media::ask_again(w, id)).await;
    let next = world
        .read(move |c| media::next_remote(c, device, u64::MAX, &[]))
        .await;
    assert_eq!(
        next.map(|row| (row.id, row.state)),
        Some((id, MediaState::Remote)),
        "a person looks at it"
    );
}
