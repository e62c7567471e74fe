//! What tells an echo: the file's hash where it is known, families of kinds, and that it may come late.

use mostrador_domain::{
    Interactive, LinkPreview, MediaBody, MediaKind, MediaRef, MessageBody, MessageId, OutboxId, OutboxState,
    Poll,
};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};

use crate::world::{NOON, Said, World, at, delivered, text};

fn picture(gateway_id: &str, told_sha256: Option<&str>) -> Said {
    text(1, gateway_id)
        .ours()
        .at(1)
        .body(MessageBody::Media(MediaBody {
            kind: MediaKind::Image,
            caption: None,
            file: MediaRef {
                sha256: told_sha256.map(Into::into),
                ..MediaRef::default()
            },
        }))
}

/// A world with one message to customer 1 of which nobody knows whether it went.
async fn uncertain(content: impl AsyncFnOnce(&World) -> NewContent) -> (World, MessageId, OutboxId) {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let content = content(&world).await;
    let message = world.send(NewMessage::new(chat, "c1", content), NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    (world, message, id)
}

async fn uncertain_picture() -> (World, MessageId, OutboxId) {
    uncertain(async |world| NewContent::Media {
        kind: MediaKind::Image,
        media: world.file("ab").await,
        caption: None,
    })
    .await
}

async fn has_look_alike(world: &World, id: OutboxId) -> bool {
    world.write(move |w| outbox::has_look_alike(w, id)).await
}

#[tokio::test]
async fn a_picture_is_known_by_its_hash_where_that_is_told() {
    for (told, state) in [
        (Some("ab"), OutboxState::Done),
        (None, OutboxState::Done),
        (Some("cd"), OutboxState::Uncertain),
    ] {
        let (world, message, _) = uncertain_picture().await;
        world.live(picture("g1", told).into()).await;
        assert_eq!(
            world.state(message).await,
            state,
            "the hash that is told: {told:?}"
        );
    }
}

#[tokio::test]
async fn another_hash_proves_nothing_either_way() {
    let (world, _, id) = uncertain_picture().await;
    assert!(!has_look_alike(&world, id).await, "nothing is there");
    world.live(picture("g1", Some("cd")).into()).await;
    assert!(
        has_look_alike(&world, id).await,
        "a gateway may have made another file of it: a person decides"
    );
}

#[tokio::test]
async fn of_two_pictures_each_takes_its_own_echo() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let mut messages = Vec::new();
    for (client_id, sha256) in [("c1", "ab"), ("c2", "cd")] {
        let content = NewContent::Media {
            kind: MediaKind::Image,
            media: world.file(sha256).await,
            caption: None,
        };
        messages.push(world.send(NewMessage::new(chat, client_id, content), NOON).await);
        let id = world.claim_one(NOON).await.id;
        world.no_answer(id, at(1)).await;
        world.hand_to_operator(id).await;
    }
    world
        .live(vec![
            picture("g2", Some("cd")).event(),
            picture("g1", Some("ab")).at(2).event(),
        ])
        .await;
    for (message, gateway_id) in messages.into_iter().zip(["g1", "g2"]) {
        assert_eq!(
            world.message(message).await.gateway_id.as_deref(),
            Some(gateway_id),
            "by the file, not by the order"
        );
    }
}

#[tokio::test]
async fn a_text_that_comes_back_with_a_link_preview_is_our_text() {
    let (world, message, _) = uncertain(async |_| NewContent::Text("mire https://pan.example".into())).await;
    let echo = MessageBody::LinkPreview {
        text: "mire https://pan.example".into(),
        preview: LinkPreview::default(),
    };
    world.live(text(1, "g1").ours().body(echo).at(1).into()).await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Done,
        "a gateway makes the card by itself"
    );
}

#[tokio::test]
async fn white_space_is_nothing_that_tells_two_texts_apart() {
    let (written, alike) = (
        "  ¡Hola,\r\nRosa!\t Llegó su pedido \n",
        "¡Hola,\nRosa! Llegó su pedido",
    );
    for (told, state) in [
        (written, OutboxState::Done),
        (alike, OutboxState::Done),
        ("¡Hola,Rosa!Llegó su pedido", OutboxState::Done),
        ("¡Hola,\nRosa! Llegó su pedido.", OutboxState::Uncertain),
        ("¡hola,\nRosa! Llegó su pedido", OutboxState::Uncertain),
    ] {
        let (world, message, _) = uncertain(async |_| NewContent::Text(written.into())).await;
        let echo = text(1, "g1").ours().at(1).body(MessageBody::Text(told.into()));
        world.live(echo.into()).await;
        assert_eq!(world.state(message).await, state, "told as {told:?}");
    }
}

#[tokio::test]
async fn a_poll_is_known_by_its_question_and_one_with_another_is_left_to_a_person() {
    let poll = |question: &str| Poll {
        question: question.into(),
        options: vec!["sí".into(), "no".into()],
        several: false,
    };
    let (world, message, id) = uncertain(async |_| NewContent::Poll(poll("¿Hoy?"))).await;
    let told = |id: &str, question| text(1, id).ours().at(1).body(MessageBody::Poll(poll(question)));
    world.live(told("g1", "¿Hoy? (1)").into()).await;
    assert_eq!(world.state(message).await, OutboxState::Uncertain, "other words");
    assert!(
        has_look_alike(&world, id).await,
        "but nobody can say that it is not ours"
    );
    world.live(told("g2", "¿Hoy?").into()).await;
    assert_eq!(world.state(message).await, OutboxState::Done, "the same words");
}

#[tokio::test]
async fn buttons_that_come_back_as_anything_are_left_to_a_person() {
    let buttons = Interactive {
        body: "Elija".into(),
        ..Interactive::default()
    };
    let (world, message, id) = uncertain(async |_| NewContent::Interactive(buttons)).await;
    world
        .live(text(1, "g1").ours().words("Elija: 1, 2").at(1).into())
        .await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Uncertain,
        "it is not the same"
    );
    assert!(
        has_look_alike(&world, id).await,
        "but it may be what became of it"
    );
}

#[tokio::test]
async fn an_echo_after_a_person_said_it_went_joins_the_message() {
    let (world, message, _) = uncertain(async |_| NewContent::Text("hola".into())).await;
    world
        .operator_says(message, OperatorWord::ItWent, at(60))
        .await
        .expect("uncertain");

    let late = world
        .live(vec![
            text(1, "g1").ours().words("hola").at(2).event(),
            delivered("g1", at(3)),
        ])
        .await;

    assert!(late.received.is_empty(), "nobody is told of a new message");
    let chat = world.chat_with(1).await;
    let rows = world.messages(chat).await;
    assert_eq!(rows.len(), 1, "one message, not two");
    assert_eq!(
        (rows[0].id, rows[0].gateway_id.as_deref(), rows[0].delivered_at),
        (message, Some("g1"), Some(at(3))),
        "with its name and its receipts"
    );
    let second = world.live(text(1, "g2").ours().words("hola").at(4).into()).await;
    assert_eq!(second.new_messages, 1, "the next one is another message");
    assert_eq!(world.messages(chat).await.len(), 2, "and stays one");
}

#[tokio::test]
async fn what_was_done_on_the_phone_is_no_send_of_ours() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.live(text(1, "g1").ours().words("hola").at(1).into()).await;
    let echo = world
        .messages(chat)
        .await
        .into_iter()
        .find(|row| row.gateway_id.is_some())
        .expect("the echo is here for a moment");
    let star = world
        .act(echo.id, "a1", mostrador_domain::MessageAction::Star(true))
        .await
        .expect("it has a name");

    world.no_answer(id, at(5)).await;

    assert_eq!(
        world.state(message).await,
        OutboxState::Done,
        "an action on the echo does not take it away"
    );
    let pending = world.message(message).await.pending;
    assert_eq!(
        pending.first().map(|action| action.id),
        Some(star),
        "it goes over to the message that stays"
    );
}
