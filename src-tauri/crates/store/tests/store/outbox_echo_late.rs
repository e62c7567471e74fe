//! Echoes of messages that count as absent, before they are sent again.

use mostrador_domain::{OutboxId, OutboxState};
use mostrador_store::tables::outbox::{self, OperatorWord};

use crate::world::{NOON, World, at, text};

/// A message that was claimed at noon.
async fn claimed(world: &World) -> (mostrador_domain::MessageId, OutboxId) {
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    (message, world.claim_one(NOON).await.id)
}

fn echo() -> Vec<mostrador_domain::Inbound> {
    text(1, "g1").words("hola").ours().at(2).into()
}

async fn is_settled_by_its_echo(world: &World, message: mostrador_domain::MessageId) {
    world.live(echo()).await;
    assert_eq!(world.state(message).await, OutboxState::Done, "it went after all");
    let row = world.message(message).await;
    assert_eq!(row.gateway_id.as_deref(), Some("g1"), "under the gateway's name");
    assert!(world.claim(at(5_000)).await.is_none(), "it is not sent again");
    assert_eq!(world.messages(row.chat).await.len(), 1, "nor shown twice");
}

#[tokio::test]
async fn what_was_proven_absent_is_not_sent_again_if_its_echo_comes_first() {
    let world = World::new().await;
    let (message, id) = claimed(&world).await;
    world.no_answer(id, at(1)).await;
    world.write(move |w| outbox::proven_absent(w, id)).await;
    is_settled_by_its_echo(&world, message).await;
}

#[tokio::test]
async fn what_a_person_said_did_not_go_is_not_sent_again_if_its_echo_comes_first() {
    let world = World::new().await;
    let (message, id) = claimed(&world).await;
    world.no_answer(id, at(1)).await;
    world
        .operator_says(message, OperatorWord::ItDidNot, at(60))
        .await
        .expect("a person may say so");
    is_settled_by_its_echo(&world, message).await;
}

#[tokio::test]
async fn the_same_words_from_the_phone_are_no_echo_of_what_surely_did_not_go() {
    let world = World::new().await;
    let (message, id) = claimed(&world).await;
    world.write(move |w| outbox::not_sent(w, id, at(3))).await;
    world.live(echo()).await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Ready,
        "it is still to be sent"
    );
    assert_eq!(world.claim_one(at(5)).await.message, message, "and is");
}
