//! Which time a message of ours bears, when this computer's clock is wrong.

use mostrador_domain::{MessageId, UnixMillis};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, Now, OperatorWord};

use crate::world::{NOON, World, at, text};

const HOURS: i64 = 5 * 3_600;

/// It is `seconds` after noon at the gateway, and five hours later here.
fn ahead(seconds: i64) -> Now {
    Now {
        ours: at(HOURS + seconds),
        gateway: at(seconds),
    }
}

async fn written(world: &World, client_id: &str, now: impl Into<Now>) -> MessageId {
    let new = NewMessage::new(
        world.chat_with(1).await,
        client_id,
        NewContent::Text("hola".into()),
    );
    let now = now.into();
    world.write(move |w| outbox::enqueue(w, &new, now)).await
}

/// What stands in the chat, from above, and what the list shows.
async fn shown(world: &World) -> (Vec<MessageId>, Option<MessageId>, UnixMillis) {
    let chat = world.chat_with(1).await;
    let thread = world.messages(chat).await.iter().map(|row| row.id).collect();
    let row = world.chat(chat).await;
    (thread, row.last.map(|last| last.id), row.last_at)
}

#[tokio::test]
async fn a_message_bears_the_gateways_time_and_waits_by_ours() {
    let world = World::new().await;
    let message = written(&world, "c1", ahead(0)).await;
    assert_eq!(world.message(message).await.at, NOON, "as the customer's do");
    assert!(
        world.claim(at(HOURS - 1)).await.is_none(),
        "its turn is by our clock"
    );
    let id = world.claim_one(at(HOURS)).await.id;
    world.refused(id).await;
    let now = ahead(60);
    world
        .write(move |w| outbox::operator_says(w, message, OperatorWord::Retry, now))
        .await;
    assert_eq!(
        world.message(message).await.at,
        at(60),
        "when it is sent again too"
    );

    world.live(text(1, "m1").at(90).into()).await;
    let (thread, list, last_at) = shown(&world).await;
    assert_eq!(thread.last().copied(), list, "her answer is the newest in both");
    assert_ne!(list, Some(message), "though our clock is ahead of it");
    assert_eq!(last_at, at(90), "and the chat rises with it");
}

#[tokio::test]
async fn an_answer_stands_below_what_it_answers_however_little_clocks_are_apart() {
    let world = World::new().await;
    world.live(text(1, "m1").at(30).into()).await;
    let message = written(&world, "c1", at(10)).await;
    assert_eq!(world.message(message).await.at, at(30), "not before it");
    let (thread, list, _) = shown(&world).await;
    assert_eq!((thread.last(), list), (Some(&message), Some(message)), "below it");
    world.live(text(1, "m2").at(9_000).into()).await;
    let late = written(&world, "c2", at(60)).await;
    assert_eq!(
        world.message(late).await.at,
        at(60),
        "a time that cannot be drags nothing along"
    );
}

#[tokio::test]
async fn what_was_written_by_a_clock_that_is_ahead_moves_to_when_it_was_taken() {
    let world = World::new().await;
    world.live(text(1, "m1").at(40).into()).await;
    let first = world.messages(world.chat_with(1).await).await[0].id;
    let message = written(&world, "c1", at(HOURS)).await;
    let id = world.claim_one(at(HOURS)).await.id;
    world.live(text(1, "m2").at(60).into()).await;
    world.accepted(id, "g1", at(HOURS + 1)).await;

    world.write(move |w| outbox::taken_at(w, id, at(30))).await;

    assert_eq!(
        world.message(message).await.at,
        at(40),
        "not above what was here when it was written"
    );
    let (thread, list, last_at) = shown(&world).await;
    assert_eq!(&thread[..2], [first, message], "between the two");
    assert_eq!(
        (list, last_at),
        (thread.last().copied(), at(60)),
        "the list shows hers"
    );
    world.write(move |w| outbox::taken_at(w, id, at(50))).await;
    assert_eq!(world.message(message).await.at, at(40), "and it moves no later");
}

#[tokio::test]
async fn whole_seconds_move_nothing() {
    let world = World::new().await;
    let written_at = UnixMillis(NOON.0 + 999);
    let message = written(&world, "c1", written_at).await;
    let id = world.claim_one(written_at).await.id;
    world.accepted(id, "g1", at(1)).await;
    world.write(move |w| outbox::taken_at(w, id, NOON)).await;
    assert_eq!(
        world.message(message).await.at,
        written_at,
        "the gateway's second is the same"
    );
}

#[tokio::test]
async fn an_echo_that_settles_it_tells_the_time_too() {
    let world = World::new().await;
    let message = written(&world, "c1", at(20)).await;
    let id = world.claim_one(at(20)).await.id;
    world.no_answer(id, at(25)).await;
    world.live(text(1, "g1").ours().words("hola").at(3).into()).await;
    assert_eq!(
        world.message(message).await.at,
        at(3),
        "our clock is some seconds ahead"
    );
}
