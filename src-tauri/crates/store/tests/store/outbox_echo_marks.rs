//! What tells an echo: the file's hash where it is known, families of kinds, and that it may come late.

use mostrador_domain::{
    ContactCard, Interactive, LinkPreview, Location, MediaBody, MediaKind, MediaRef, MessageBody, MessageId,
    OutboxId, OutboxState, Poll,
};
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};

use crate::world::{NOON, Said, World, at, delivered, text};

fn picture(gateway_id: &str, told_sha256: Option<&str>) -> Said {
    let file = MediaRef {
        sha256: told_sha256.map(Into::into),
        ..MediaRef::default()
    };
    picture_of(gateway_id, None, file)
}

fn picture_of(gateway_id: &str, caption: Option<&str>, file: MediaRef) -> Said {
    text(1, gateway_id)
        .ours()
        .at(1)
        .body(MessageBody::Media(MediaBody {
            kind: MediaKind::Image,
            caption: caption.map(Into::into),
            file,
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
        (None, OutboxState::Uncertain),
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
async fn where_no_hash_is_told_a_picture_is_known_by_its_words_or_else_by_its_size() {
    let of_size = |bytes| MediaRef {
        bytes: Some(bytes),
        ..MediaRef::default()
    };
    for (caption, bytes, state) in [
        (None, 9, OutboxState::Done),
        (None, 8, OutboxState::Uncertain),
        (Some("pan"), 8, OutboxState::Done),
    ] {
        let (world, message, id) = uncertain(async |world| NewContent::Media {
            kind: MediaKind::Image,
            media: world.file("ab").await,
            caption: caption.map(Into::into),
        })
        .await;
        world.live(picture_of("g1", caption, of_size(bytes)).into()).await;
        assert_eq!(
            world.state(message).await,
            state,
            "the words {caption:?}, {bytes} of 9 bytes"
        );
        assert_eq!(
            has_look_alike(&world, id).await,
            state == OutboxState::Uncertain,
            "what is not taken for it is left to a person"
        );
    }
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
async fn what_a_gateway_in_any_language_trims_is_white_space() {
    for code in [
        0x0009, 0x000B, 0x000C, 0x0020, 0x0085, 0x00A0, 0x1680, 0x2000, 0x2007, 0x200A, 0x2028, 0x2029,
        0x202F, 0x205F, 0x3000, 0xFEFF,
    ] {
        let space = char::from_u32(code).expect("a character");
        let written = format!("{space}¡Hola,{space}Rosa!{space}");
        let told = format!("¡Hola,{space}Rosa!");
        let (world, message, _) = uncertain(async |_| NewContent::Text(written)).await;
        let echo = text(1, "g1").ours().at(1).body(MessageBody::Text(told));
        world.live(echo.into()).await;
        assert_eq!(
            world.state(message).await,
            OutboxState::Done,
            "trimmed of U+{code:04X}"
        );
    }
    // Nobody trims what joins two signs, nor what parts a word.
    for joiner in ['\u{200B}', '\u{200D}', '\u{00AD}'] {
        let (world, message, _) = uncertain(async |_| NewContent::Text(format!("👩{joiner}🍳"))).await;
        let echo = text(1, "g1").ours().at(1).body(MessageBody::Text("👩🍳".into()));
        world.live(echo.into()).await;
        assert_eq!(
            world.state(message).await,
            OutboxState::Uncertain,
            "{joiner:?} tells two texts apart"
        );
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

fn at_place(latitude: f64) -> Location {
    Location {
        latitude,
        longitude: -77.05,
        ..Location::default()
    }
}

#[tokio::test]
async fn another_place_without_a_name_is_not_the_one_that_was_sent() {
    let (world, message, id) = uncertain(async |_| NewContent::Location(at_place(-12.05))).await;
    let told = |id: &str, place| text(1, id).ours().at(1).body(MessageBody::Location(place));
    world.live(told("g1", at_place(-12.06)).into()).await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Uncertain,
        "somebody sent another one from the phone"
    );
    assert!(
        has_look_alike(&world, id).await,
        "nor can anybody say that it is not there"
    );
    let named = Location {
        name: Some("-12.05, -77.05".into()),
        ..at_place(-12.05)
    };
    world.live(told("g2", named).into()).await;
    assert_eq!(
        world.state(message).await,
        OutboxState::Done,
        "the same place, with the name that a gateway made of its degrees"
    );
    assert_eq!(
        world.message(message).await.gateway_id.as_deref(),
        Some("g2"),
        "that one and not the other"
    );
}

#[tokio::test]
async fn another_card_or_poll_of_the_same_name_is_not_the_one_that_was_sent() {
    let card = |number: &str| {
        vec![ContactCard {
            name: "Julia".into(),
            vcard: format!("BEGIN:VCARD\nFN:Julia\nTEL:+{number}\nEND:VCARD"),
        }]
    };
    let poll = |option: &str| Poll {
        question: "¿Cuándo?".into(),
        options: vec![option.into(), "nunca".into()],
        several: false,
    };
    for (sent, other, same) in [
        (
            NewContent::Contacts(card("51900000041")),
            MessageBody::Contacts(card("51900000042")),
            MessageBody::Contacts(card("51900000041")),
        ),
        (
            NewContent::Poll(poll("hoy")),
            MessageBody::Poll(poll("mañana")),
            MessageBody::Poll(poll("hoy")),
        ),
    ] {
        let (world, message, id) = uncertain(async |_| sent).await;
        let told = |id: &str, body| text(1, id).ours().at(1).body(body);
        world.live(told("g1", other).into()).await;
        assert_eq!(world.state(message).await, OutboxState::Uncertain, "another one");
        assert!(has_look_alike(&world, id).await, "a person decides");
        world.live(told("g2", same).into()).await;
        let settled = world.message(message).await;
        assert_eq!(
            settled.gateway_id.as_deref(),
            Some("g2"),
            "the same, and not the other"
        );
    }
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
