//! Two that want different things of one row, and one of them comes late.

use mostrador_domain::{ChatId, OutboxState};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};
use mostrador_store::tables::{chat, device};

use crate::world::{NOON, World, at, customer, text};

async fn ask(
    world: &World,
    chat: ChatId,
    client_id: &str,
) -> Result<mostrador_domain::MessageId, StoreErrorKind> {
    let new = NewMessage::new(chat, client_id, NewContent::Text("hola".into()));
    let asked = world
        .store
        .write_durably(move |w| outbox::enqueue(w, &new, NOON))
        .await;
    asked.map_err(|error| error.kind)
}

/// A chat with more messages than go at once.
async fn long_chat(world: &World) -> ChatId {
    let many = (0..1_200)
        .map(|n| text(1, &format!("m{n}")).at(n).event())
        .collect();
    world.live(many).await;
    world.chat_with(1).await
}

#[tokio::test]
async fn a_message_for_a_chat_that_was_deleted_meanwhile_is_refused_and_not_taken_and_lost() {
    let world = World::new().await;
    let chat = long_chat(&world).await;
    let device = world.device;
    world
        .write(move |w| chat::emptied(w, device, &customer(1), true))
        .await;
    assert_eq!(
        ask(&world, chat, "c1").await,
        Err(StoreErrorKind::NotFound),
        "its rows are being removed: what is put there would go with them"
    );
}

#[tokio::test]
async fn a_message_for_a_device_that_was_removed_meanwhile_is_refused_and_not_taken_and_lost() {
    let world = World::new().await;
    let chat = long_chat(&world).await;
    let id = world.device;
    world.write(move |w| device::remove(w, id)).await;
    assert_eq!(
        ask(&world, chat, "c1").await,
        Err(StoreErrorKind::NotFound),
        "it is not there any more"
    );
}

#[tokio::test]
async fn a_message_for_a_chat_that_is_only_being_emptied_stays() {
    let world = World::new().await;
    let chat = long_chat(&world).await;
    let device = world.device;
    world
        .write(move |w| chat::emptied(w, device, &customer(1), false))
        .await;
    let message = ask(&world, chat, "c1").await.expect("the chat is there");
    world
        .write(|w| {
            while mostrador_store::tables::leftover::remove_some(w, 100)? {}
            Ok(())
        })
        .await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Ready,
        "it was not there when the chat was emptied"
    );
    assert_eq!(world.messages(chat).await.len(), 1, "and nothing else is");
}

#[tokio::test]
async fn a_look_for_an_attempt_says_nothing_of_the_next_one() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let first = world.claim_one(NOON).await.id;
    world.no_answer(first, at(1)).await;
    let device = world.device;
    world.write(move |w| outbox::looked(w, first, NOON, at(10))).await;
    let before = world.read(move |c| outbox::to_look_for(c, device)).await[0].clone();

    // The second look is under way when a person says that it did not go, and it is sent again, without an answer.
    world
        .operator_says(message, OperatorWord::ItDidNot, at(70))
        .await
        .expect("a person may always say so");
    world.claim_one(at(71)).await;
    world.no_answer(first, at(72)).await;

    let looks = world
        .write(move |w| outbox::looked(w, first, before.claimed_at, at(73)))
        .await;
    assert_eq!(looks, None, "what was looked at was the attempt before");
    let row = world.read(move |c| outbox::to_look_for(c, device)).await[0].clone();
    assert_eq!(
        (row.claimed_at, row.looks),
        (at(71), 0),
        "this one was never looked for"
    );
}

#[tokio::test]
async fn asking_twice_with_one_id_at_the_same_moment_is_sending_once() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let (one, two) = tokio::join!(ask(&world, chat, "c1"), ask(&world, chat, "c1"));
    assert_eq!(one, two, "both are told of the one message");
    assert_eq!(
        world.count("SELECT count(*) FROM outbox").await,
        1,
        "which is there once"
    );
}

#[tokio::test]
async fn undo_and_claim_at_the_same_moment_have_one_winner() {
    for _ in 0..20 {
        let world = World::new().await;
        let chat = world.chat_with(1).await;
        let message = world.enqueue(chat, "c1", "hola", NOON).await;
        let device = world.device;
        let undo = world.store.write_durably(move |w| outbox::take_back(w, message));
        let claim = world.store.write_durably(move |w| outbox::claim(w, device, NOON));
        let (undone, claimed) = tokio::join!(undo, claim);
        let claimed = claimed.expect("the claim is made").is_some();
        assert_ne!(undone.is_ok(), claimed, "a draft again, or on its way");
    }
}

#[tokio::test]
async fn old_messages_that_go_while_their_chat_is_being_emptied_bring_none_of_it_back() {
    let world = World::new().await;
    let chat = long_chat(&world).await;
    let device = world.device;
    world
        .write(move |w| chat::emptied(w, device, &customer(1), false))
        .await;
    assert!(
        world.chat(chat).await.last.is_none(),
        "the list shows no message of it"
    );
    world
        .write(move |w| mostrador_store::tables::retention::prune_chat(w, chat, at(700), 10))
        .await;
    assert!(
        world.chat(chat).await.last.is_none(),
        "nor after some more of it went"
    );
}
