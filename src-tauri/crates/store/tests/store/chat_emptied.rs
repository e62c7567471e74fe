//! Chats that are emptied or deleted on the phone: what we still mean to send is not lost with them.

use mostrador_domain::{Inbound, OutboxState};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::ingest::{self, Events, Origin};
use mostrador_store::tables::{chat, outbox};

use crate::world::{NOON, World, at, customer, text};

#[tokio::test]
async fn an_emptied_chat_keeps_what_is_unsent() {
    let world = World::new().await;
    world
        .live(vec![text(1, "m1").event(), text(1, "m2").at(1).ours().event()])
        .await;
    let chat = world.chat_with(1).await;
    let sent = world.enqueue(chat, "c0", "enviado", at(2)).await;
    let id = world.claim_one(at(2)).await.id;
    world.accepted(id, "g0", at(3)).await;
    let dead = world.enqueue(chat, "c1", "rechazado", at(4)).await;
    let id = world.claim_one(at(4)).await.id;
    world.refused(id).await;
    let ready = world.enqueue(chat, "c2", "listo", at(5)).await;

    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;

    let left: Vec<_> = world.messages(chat).await.iter().map(|row| row.id).collect();
    assert_eq!(left, [dead, ready], "what was sent is gone, what was not is here");
    assert!(!left.contains(&sent), "the sent one went with the chat");
    let row = world.chat(chat).await;
    assert_eq!(row.unread, 0, "nothing is unread in an empty chat");
    assert_eq!(
        row.last.map(|last| last.id),
        Some(ready),
        "the list shows what is left"
    );
    assert_eq!(world.state(dead).await, OutboxState::Dead, "still to be decided");
    assert_eq!(world.claim_one(at(6)).await.message, ready, "still to be sent");
}

#[tokio::test]
async fn a_deleted_chat_goes_unless_something_of_ours_is_in_it() {
    let world = World::new().await;
    world.live((1..=3).map(|n| text(n, "m1").event()).collect()).await;
    let (empty, drafted, waiting) = (
        world.chat_with(1).await,
        world.chat_with(2).await,
        world.chat_with(3).await,
    );
    world
        .write(move |w| chat::set_draft(w, drafted, &chat::Draft::of("ya le")))
        .await;
    let message = world.enqueue(waiting, "c1", "hola", NOON).await;

    let gone = |n| Inbound::ChatGone { chat: customer(n) };
    world.live((1..=4).map(gone).collect()).await;

    let missing = world
        .store
        .read(move |c| chat::get(c, empty))
        .await
        .expect_err("it is gone");
    assert_eq!(missing.kind, StoreErrorKind::NotFound, "no row is left");
    assert_eq!(
        world.chat(drafted).await.draft.text.as_deref(),
        Some("ya le"),
        "a draft is kept"
    );
    assert_eq!(
        world.state(message).await,
        OutboxState::Ready,
        "what is to be sent is sent"
    );
}

#[tokio::test]
async fn a_message_told_with_the_emptying_is_not_lost_by_it() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    world
        .live(vec![
            text(1, "m2").at(5).event(),
            Inbound::ChatCleared { chat: customer(1) },
        ])
        .await;
    let chat = world.chat_with(1).await;
    let ids: Vec<_> = world
        .messages(chat)
        .await
        .into_iter()
        .filter_map(|row| row.gateway_id)
        .collect();
    assert_eq!(ids, ["m2"], "it came after");
}

#[tokio::test]
async fn what_went_with_an_emptying_that_was_told_late_comes_back_as_unread_as_it_was() {
    let world = World::new().await;
    let (read, new) = (text(1, "m1").at(1), text(1, "m2").at(5));
    let told = world.live(read.clone().into()).await;
    let (chat, message) = (told.received[0].chat, told.received[0].message);
    world.write(move |w| chat::read_here(w, chat, message)).await;
    world.live(new.clone().into()).await;

    let told = world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    assert!(told.emptied, "whoever hears of it asks what is still there");
    assert!(world.messages(chat).await.is_empty(), "nobody can know better");
    let told = world.live(vec![read.event(), new.event()]).await;
    assert_eq!(
        world.messages(chat).await.len(),
        2,
        "the gateway still lists both"
    );
    assert_eq!(world.chat(chat).await.unread, 1, "one was read before");
    assert_eq!(told.received.len(), 1, "and is no news");
}

#[tokio::test]
async fn an_emptying_that_could_not_be_stored_when_it_was_told_takes_nothing_that_was_written_since() {
    for gone in [true, false] {
        let world = World::new().await;
        world
            .live(vec![text(1, "m1").at(1).event(), text(2, "n1").at(1).event()])
            .await;
        world.live(text(1, "m2").at(9).into()).await;
        let chat = world.chat_with(1).await;
        let device = world.device;
        let emptied = |n| match gone {
            true => Inbound::ChatGone { chat: customer(n) },
            false => Inbound::ChatCleared { chat: customer(n) },
        };
        let told = vec![emptied(1), emptied(2), emptied(3)];
        let other = world.chat_with(2).await;
        let left = world
            .write(move |w| {
                let mut events = Events::from(told);
                let left = ingest::leave_emptyings(w, device, &mut events, at(5))?;
                ingest::apply(w, device, events, Origin::Live, at(20))?;
                Ok(left)
            })
            .await;
        assert_eq!(left, 1, "the one in which somebody has written since");
        assert_eq!(world.messages(chat).await.len(), 2, "all of it stays");
        assert!(
            world.messages(other).await.is_empty(),
            "the other was emptied then"
        );
    }
}

/// How many messages of a call were left out, and how many were new.
async fn called(world: &World, events: Vec<Inbound>) -> (u32, u32) {
    let device = world.device;
    world
        .write(move |w| {
            let mut events = Events::from(events);
            let left = ingest::leave_emptied(w, device, &mut events, NOON)?;
            let done = ingest::apply(w, device, events, Origin::Live, NOON)?;
            Ok((left, done.new_messages))
        })
        .await
}

#[tokio::test]
async fn what_went_with_its_chat_stays_away_when_a_call_tells_it_again() {
    for (gone, why) in [(true, "deleted"), (false, "emptied")] {
        let world = World::new().await;
        let told = text(1, "m1").at(5);
        let other = text(2, "n1").at(1);
        world.live(vec![told.clone().event(), other.event()]).await;
        let chat = customer(1);
        let event = if gone {
            Inbound::ChatGone { chat }
        } else {
            Inbound::ChatCleared { chat }
        };
        world.live(vec![event]).await;

        assert_eq!(
            called(&world, vec![told.clone().event()]).await,
            (1, 0),
            "{why}: it went"
        );
        let earlier = text(1, "m0").at(4);
        assert_eq!(
            called(&world, vec![earlier.event()]).await,
            (1, 0),
            "{why}: and what is older"
        );
        let elsewhere = text(2, "n0").at(0);
        assert_eq!(
            called(&world, vec![elsewhere.event()]).await,
            (0, 1),
            "{why}: another chat"
        );

        let new = text(1, "m2").at(6);
        assert_eq!(
            called(&world, vec![new.clone().event()]).await,
            (0, 1),
            "{why}: she writes anew"
        );
        let id = world.chat_with(1).await;
        assert_eq!(world.messages(id).await.len(), 1, "{why}: and that is all");
        assert_eq!(
            called(&world, vec![told.clone().event()]).await,
            (1, 0),
            "{why}: still gone"
        );
        assert_eq!(
            called(&world, vec![new.event()]).await,
            (0, 0),
            "{why}: that one is known"
        );

        world.live(vec![told.clone().event()]).await;
        assert_eq!(
            world.messages(id).await.len(),
            2,
            "{why}: the gateway lists it, so it is there"
        );
        assert_eq!(
            called(&world, vec![told.event()]).await,
            (0, 0),
            "{why}: and known again"
        );
    }
}

#[tokio::test]
async fn what_is_written_in_the_second_of_the_newest_message_that_went_is_heard() {
    let world = World::new().await;
    let told = text(1, "m1").at(5);
    world.live(told.clone().into()).await;
    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    let same_second = text(1, "m2").at(5);
    assert_eq!(
        called(&world, vec![same_second.clone().event()]).await,
        (0, 1),
        "it was never here"
    );
    assert_eq!(
        called(&world, vec![told.clone().event()]).await,
        (1, 0),
        "that one was"
    );

    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    assert_eq!(
        called(&world, vec![told.event(), same_second.event()]).await,
        (2, 0),
        "and by now both were"
    );
    let later = text(1, "m3").at(9);
    world.live(later.clone().into()).await;
    world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;
    let kept = world.count("SELECT count(*) FROM emptied_newest").await;
    assert_eq!(kept, 1, "of an earlier second nothing has to be known any more");
    assert_eq!(
        called(&world, vec![later.event()]).await,
        (1, 0),
        "of this one it is"
    );
}

#[tokio::test]
async fn a_chat_that_was_emptied_is_no_new_one_where_an_uncertain_message_is_looked_for() {
    // One with words of theirs, and one that held nothing but what is under way.
    for theirs in [true, false] {
        let world = World::new().await;
        let chat = world.chat_with(1).await;
        if theirs {
            world.live(text(1, "m1").into()).await;
        }
        world.enqueue(chat, "c1", "¿la reservo?", at(2)).await;
        world.claim_one(at(2)).await;
        let of_it = async |world: &World| {
            let places = world.store.read(move |c| outbox::places_of(c, chat, at(1)));
            places.await.expect("read").remove(0)
        };
        assert_eq!(of_it(&world).await.is_known, theirs, "as the gateway told");

        world.live(vec![Inbound::ChatCleared { chat: customer(1) }]).await;

        let place = of_it(&world).await;
        assert!(
            place.is_known && place.has_earlier,
            "what is not listed may have gone with the rest: {place:?}"
        );
    }
}

#[tokio::test]
async fn a_time_far_ahead_keeps_nothing_away() {
    let world = World::new().await;
    let odd = text(1, "m1").at(400 * 24 * 3_600);
    world.live(vec![odd.event()]).await;
    world.live(vec![Inbound::ChatGone { chat: customer(1) }]).await;
    let new = text(1, "m2").at(6);
    assert_eq!(called(&world, vec![new.event()]).await, (0, 1), "she is heard");
}
