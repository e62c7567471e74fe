//! What is changed here about a chat holds at once, and until the gateway has been told nothing older undoes it.

use mostrador_domain::{ChatSnapshot, Inbound, UnixMillis};
use mostrador_store::tables::chat::{self, ChatRow, Filter, ToTell, Told, Wish};
use mostrador_store::{Change, StoreErrorKind};

use crate::world::{NOON, World, at, customer, text};

async fn wish(world: &World, chat: mostrador_domain::ChatId, wish: Wish, can_be_told: bool) {
    world
        .write(move |w| chat::wish(w, chat, wish, can_be_told, NOON))
        .await;
}

async fn next(world: &World) -> Option<ToTell> {
    let device = world.device;
    world.read(move |c| chat::next_wish(c, device, at(10))).await
}

async fn came(world: &World, told: ToTell, what: Told) -> bool {
    world.write(move |w| chat::wish_told(w, &told, what)).await
}

fn says(archived: bool, pinned: bool) -> Inbound {
    Inbound::Chat(ChatSnapshot {
        archived: Some(archived),
        pinned: Some(pinned),
        muted_until: Some(UnixMillis(0)),
        ..ChatSnapshot::of(customer(1))
    })
}

fn shown(row: &ChatRow) -> (bool, bool, UnixMillis, bool) {
    (row.archived, row.pinned, row.muted_until, row.marked_unread)
}

#[tokio::test]
async fn every_wish_holds_until_the_gateway_knows_and_then_its_word_counts() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let wishes = [
        Wish::Archived(true),
        Wish::Pinned(true),
        Wish::MutedUntil(at(99)),
        Wish::MarkedUnread(true),
    ];
    for one in wishes {
        wish(&world, chat, one, true).await;
    }
    let wished = (true, true, at(99), true);
    assert_eq!(shown(&world.chat(chat).await), wished, "at once");
    world.live(vec![says(false, false)]).await;
    assert_eq!(
        shown(&world.chat(chat).await),
        wished,
        "what the gateway says is older"
    );

    let mut told = Vec::new();
    while let Some(one) = next(&world).await {
        assert_eq!(one.address, customer(1), "of which chat");
        told.push(one.wish);
        assert!(came(&world, one, Told::Known).await, "noted");
    }
    assert_eq!(told.len(), wishes.len(), "each was told once");
    assert!(wishes.iter().all(|wish| told.contains(wish)), "as it was wished");
    world.live(vec![says(false, false)]).await;
    assert_eq!(
        shown(&world.chat(chat).await),
        (false, false, UnixMillis(0), true),
        "now it was changed on the phone"
    );
}

#[tokio::test]
async fn a_wish_that_changed_while_it_was_told_is_told_again() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    wish(&world, chat, Wish::Archived(true), true).await;
    let first = next(&world).await.expect("one");
    wish(&world, chat, Wish::Archived(false), true).await;
    assert!(
        !came(&world, first, Told::Known).await,
        "that is not what is wished now"
    );
    let second = next(&world).await.expect("the newer one");
    assert_eq!(second.wish, Wish::Archived(false), "the last word");
    assert!(came(&world, second, Told::Known).await, "noted");
    assert_eq!(next(&world).await, None, "nothing is left to tell");
}

#[tokio::test]
async fn what_cannot_be_told_holds_here_alone() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    wish(&world, chat, Wish::Archived(true), false).await;
    wish(&world, chat, Wish::Pinned(true), true).await;
    let refused = next(&world).await.expect("the pin");
    assert_eq!(
        refused.wish,
        Wish::Pinned(true),
        "what the gateway does not offer is not asked of it"
    );
    assert!(came(&world, refused, Told::Refused).await, "noted");
    world.live(vec![says(false, false)]).await;
    assert_eq!(
        shown(&world.chat(chat).await),
        (true, true, UnixMillis(0), false),
        "both stay ours"
    );
    assert_eq!(next(&world).await, None, "nobody is told");
}

#[tokio::test]
async fn a_wish_that_could_not_be_told_now_waits_for_its_time() {
    let world = World::new().await;
    let (chat, device) = (world.chat_with(1).await, world.device);
    wish(&world, chat, Wish::Archived(true), true).await;
    let one = next(&world).await.expect("one");
    came(&world, one, Told::Later(at(60))).await;
    assert_eq!(next(&world).await, None, "not now");
    assert_eq!(
        world.read(move |c| chat::wishes_due(c, device)).await,
        Some([at(60); 2]),
        "the teller knows when"
    );
    let again = world
        .read(move |c| chat::next_wish(c, device, at(60)))
        .await
        .expect("its time has come");
    assert_eq!(again.attempts, 1, "counted");
}

#[tokio::test]
async fn wishes_that_wait_are_all_told_when_nobody_knows_for_how_long_they_should() {
    let world = World::new().await;
    let (chat, device) = (world.chat_with(1).await, world.device);
    for (one, until) in [(Wish::Archived(true), 60), (Wish::Pinned(true), 86_400)] {
        wish(&world, chat, one, true).await;
        let waits = next(&world).await.expect("it is new");
        came(&world, waits, Told::Later(at(until))).await;
    }
    let due = world.read(move |c| chat::wishes_due(c, device)).await;
    assert_eq!(due, Some([at(60), at(86_400)]), "the first and the last");
    world.write(move |w| chat::wishes_are_due(w, device, at(5))).await;
    let due = world.read(move |c| chat::wishes_due(c, device)).await;
    assert_eq!(due, Some([at(5); 2]), "now, both of them");
}

#[tokio::test]
async fn a_wish_wakes_who_tells_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let mut changes = world.store.changes();
    wish(&world, chat, Wish::Archived(true), true).await;
    let mine = Change::ChatWish(world.device);
    assert!(
        changes.wait_for(|change| *change == mine).await,
        "after the commit"
    );
    let unknown = world
        .store
        .write(move |w| chat::wish(w, mostrador_domain::ChatId(99), Wish::Pinned(true), true, NOON))
        .await;
    assert_eq!(
        unknown.expect_err("refused").kind,
        StoreErrorKind::NotFound,
        "there is no such chat"
    );
}

#[tokio::test]
async fn marked_unread_is_listed_until_it_is_read_and_the_gateway_hears_of_the_reading() {
    let world = World::new().await;
    let told = world.history(text(1, "m1").into()).await;
    assert_eq!(told.new_messages, 1, "read history");
    let chat = world.chat_with(1).await;
    let message = world.messages(chat).await[0].id;
    wish(&world, chat, Wish::MarkedUnread(true), true).await;
    let unread = Filter {
        unread: true,
        ..Filter::default()
    };
    let listed = world.read(move |c| chat::page(c, unread, None, 5)).await;
    assert_eq!(listed.len(), 1, "listed as unread");
    assert_eq!(world.read(chat::unread_count).await, 1, "and counted");

    world.write(move |w| chat::read_here(w, chat, message)).await;

    assert!(
        !world.chat(chat).await.marked_unread,
        "whoever looked at it has seen it"
    );
    assert_eq!(next(&world).await, None, "the mark is not told any more");
    let device = world.device;
    let to_tell = world.read(move |c| chat::next_read_to_tell(c, device)).await;
    assert_eq!(
        to_tell.map(|told| told.gateway_id).as_deref(),
        Some("m1"),
        "the reading is: the mark may have been told before"
    );
}
