//! Our own messages as the gateway shows them back: before the answer, instead of it, and those of others.

use mostrador_domain::{DeliveryStatus, MediaKind, OutboxState, StatusKind};
use mostrador_store::tables::media;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};

use crate::world::{NOON, Said, World, at, delivered, image, reached, text};

/// What the gateway shows of a text of ours to customer 1.
fn echo(gateway_id: &str, words: &str) -> Said {
    text(1, gateway_id).ours().words(words)
}

#[tokio::test]
async fn accepted_stores_the_id_and_applies_receipts_that_came_first() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.live(vec![delivered("g1", at(2))]).await;

    world.accepted(id, "g1", at(3)).await;

    let row = world.message(message).await;
    assert_eq!(
        row.gateway_id.as_deref(),
        Some("g1"),
        "the gateway's id is stored"
    );
    assert_eq!(
        (row.status, row.delivered_at),
        (Some(DeliveryStatus::Delivered), Some(at(2))),
        "the receipt counts"
    );
    assert_eq!(row.sent_at, Some(at(3)), "accepted is sent");
    assert_eq!(
        world.count("SELECT count(*) FROM receipt_parked").await,
        0,
        "it is parked no longer"
    );
}

#[tokio::test]
async fn an_echo_before_the_answer_merges_into_one_message() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.live(echo("g1", "hola").at(1).into()).await;
    world.live(vec![delivered("g1", at(2))]).await;

    world.accepted(id, "g1", at(3)).await;

    let rows = world.messages(chat).await;
    assert_eq!(rows.len(), 1, "one message, not two");
    assert_eq!(
        (rows[0].id, rows[0].status),
        (message, Some(DeliveryStatus::Delivered)),
        "ours, as far as its echo came"
    );
    assert_eq!(rows[0].delivered_at, Some(at(2)), "with its times");
    let shown = world.chat(chat).await;
    assert_eq!(
        shown.last.map(|last| last.id),
        Some(message),
        "the chat's newest is the one that stayed"
    );
    assert_eq!(shown.last_at, NOON, "at its own time");
}

#[tokio::test]
async fn the_failure_of_an_echo_is_ours() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.live(echo("g1", "hola").at(1).into()).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(2))]).await;

    world.accepted(id, "g1", at(3)).await;

    assert!(
        world.message(message).await.failure.is_some(),
        "the gateway gave it up: the operator must see it"
    );
}

#[tokio::test]
async fn the_picture_that_an_echo_announced_goes_with_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let stored = media::Stored {
        mime: "image/png".into(),
        bytes: 9,
        width: Some(3),
        height: Some(3),
        sha256: "ab".into(),
        ..media::Stored::default()
    };
    let ours = world
        .write(move |w| media::add(w, "foto.png", &stored, NOON))
        .await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: ours,
        caption: None,
    };
    let new = NewMessage::new(chat, "c1", content);
    world.write(move |w| outbox::enqueue(w, &new, NOON)).await;
    let id = world.claim_one(NOON).await.id;
    world.live(image(1, "g1").ours().at(1).into()).await;

    world.accepted(id, "g1", at(2)).await;

    let to_fetch = world
        .count("SELECT count(*) FROM media WHERE state = 'remote'")
        .await;
    assert_eq!(to_fetch, 0, "nobody needs to fetch a picture that is here");
    assert!(
        world.read(move |c| media::get(c, ours)).await.sha256.is_some(),
        "our own stays"
    );
}

#[tokio::test]
async fn an_echo_instead_of_the_answer_settles_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(30)).await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Uncertain,
        "nobody knows yet"
    );

    world.live(echo("g1", "hola").at(2).into()).await;

    let row = world.message(message).await;
    let outgoing = row.outgoing.expect("outgoing");
    assert_eq!(
        (outgoing.state, outgoing.failure),
        (OutboxState::Done, None),
        "the echo is the proof"
    );
    assert_eq!(row.gateway_id.as_deref(), Some("g1"), "it has the echo's id");
    assert_eq!(row.sent_at, Some(at(2)), "and was sent when the gateway says so");
    assert_eq!(world.messages(chat).await.len(), 1, "one message, not two");
}

#[tokio::test]
async fn an_echo_that_came_before_the_time_out_settles_it_too() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world
        .live(echo("g1", "hola").at(2).status(DeliveryStatus::Read).into())
        .await;

    world.no_answer(id, at(30)).await;

    let row = world.message(message).await;
    assert_eq!(
        row.outgoing.map(|out| out.state),
        Some(OutboxState::Done),
        "it was here already"
    );
    assert_eq!(row.status, Some(DeliveryStatus::Read), "as far as the echo says");
    assert_eq!(row.read_at, None, "since when it is read, nobody told");
}

#[tokio::test]
async fn an_echo_stored_before_a_restart_settles_what_was_in_flight() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    world.claim_one(NOON).await;
    world.live(echo("g1", "hola").at(2).into()).await;

    let device = world.device;
    world
        .write(move |w| outbox::after_restart(w, device, at(60)))
        .await;

    assert_eq!(
        world.state(message).await,
        OutboxState::Done,
        "the proof lay in the file"
    );
}

#[tokio::test]
async fn alike_messages_take_their_echoes_in_order() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let mut messages = Vec::new();
    for client_id in ["c1", "c2"] {
        messages.push(world.enqueue(chat, client_id, "sí", NOON).await);
        let id = world.claim_one(NOON).await.id;
        world.no_answer(id, at(1)).await;
        world.hand_to_operator(id).await;
    }

    world
        .live(vec![
            echo("g2", "sí").at(3).event(),
            echo("g1", "sí").at(2).event(),
        ])
        .await;

    assert_eq!(
        world.message(messages[0]).await.gateway_id.as_deref(),
        Some("g1"),
        "the first takes the earlier"
    );
    assert_eq!(
        world.message(messages[1]).await.gateway_id.as_deref(),
        Some("g2"),
        "the second takes the later"
    );
    assert_eq!(world.messages(chat).await.len(), 2, "two messages and no third");
}

#[tokio::test]
async fn one_echo_settles_one_of_two_alike() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let mut messages = Vec::new();
    for client_id in ["c1", "c2"] {
        messages.push(world.enqueue(chat, client_id, "sí", NOON).await);
        let id = world.claim_one(NOON).await.id;
        world.no_answer(id, at(1)).await;
        world.hand_to_operator(id).await;
    }

    world.live(echo("g1", "sí").at(2).into()).await;
    world.live(echo("g1", "sí").at(2).into()).await;

    assert_eq!(
        world.state(messages[0]).await,
        OutboxState::Done,
        "the first took it"
    );
    assert_eq!(
        world.state(messages[1]).await,
        OutboxState::Uncertain,
        "an echo that is taken proves nothing else"
    );
}

#[tokio::test]
async fn an_echo_that_may_belong_to_one_in_flight_is_left_until_its_answer() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let first = world.enqueue(chat, "c1", "sí", NOON).await;
    let second = world.enqueue(chat, "c2", "sí", NOON).await;
    let uncertain = world.claim_one(NOON).await.id;
    world.no_answer(uncertain, at(1)).await;
    world.hand_to_operator(uncertain).await;
    let in_flight = world.claim_one(at(5)).await.id;

    world.live(echo("g1", "sí").at(6).into()).await;
    assert_eq!(
        world.state(first).await,
        OutboxState::Uncertain,
        "whose echo it is will be told by the answer"
    );
    world.accepted(in_flight, "g1", at(7)).await;

    assert_eq!(
        world.message(second).await.gateway_id.as_deref(),
        Some("g1"),
        "it was the second's"
    );
    assert_eq!(
        world.state(first).await,
        OutboxState::Uncertain,
        "the first is as uncertain as before"
    );
    assert_eq!(world.messages(chat).await.len(), 2, "no message of ours is lost");
}

#[tokio::test]
async fn an_echo_is_free_again_when_the_one_in_flight_was_not_sent() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let first = world.enqueue(chat, "c1", "sí", NOON).await;
    world.enqueue(chat, "c2", "sí", NOON).await;
    let uncertain = world.claim_one(NOON).await.id;
    world.no_answer(uncertain, at(1)).await;
    world.hand_to_operator(uncertain).await;
    let in_flight = world.claim_one(at(5)).await.id;
    world.live(echo("g1", "sí").at(6).into()).await;

    world.write(move |w| outbox::not_sent(w, in_flight, at(30))).await;

    assert_eq!(
        world.state(first).await,
        OutboxState::Done,
        "only the first can have sent it"
    );
}

#[tokio::test]
async fn a_message_stored_before_ours_is_not_its_echo() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.live(echo("g0", "hola").at(-1).into()).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;

    world.no_answer(id, at(1)).await;

    assert_eq!(
        world.state(message).await,
        OutboxState::Uncertain,
        "what was there before proves nothing"
    );
}

#[tokio::test]
async fn other_words_another_chat_or_another_time_are_no_echo() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;

    world
        .live(vec![
            echo("g1", "hola!").at(2).event(),
            text(2, "g2").ours().words("hola").at(2).event(),
            text(1, "g3").words("hola").at(2).event(),
            echo("g4", "hola").at(-31).event(),
            echo("g5", "hola").at(301).event(),
        ])
        .await;

    assert_eq!(
        world.state(message).await,
        OutboxState::Uncertain,
        "none of these is what we sent"
    );
}

#[tokio::test]
async fn an_echo_settles_what_the_operator_has() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    world.hand_to_operator(id).await;

    world.history(echo("g1", "hola").at(2).into()).await;

    let outgoing = world.message(message).await.outgoing.expect("outgoing");
    assert_eq!(outgoing.state, OutboxState::Done, "the proof came after all");
    assert!(!outgoing.needs_operator, "nobody needs to look at it any more");
    let late = world.operator_says(message, OperatorWord::ItDidNot, at(60)).await;
    assert!(late.is_err(), "it must not be sent again");
}
