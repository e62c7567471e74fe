//! Any kind of message can be meant, is shown while it waits, and is given to the worker whole.

use mostrador_domain::{
    ContactCard, Inbound, Interactive, LinkPreview, Location, MediaKind, MessageBody, MessageChangeKind,
    Notice, NoticeKind, Poll,
};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};

use crate::world::{NOON, World, at, customer, done, image, text, to_send};

fn contents() -> Vec<(NewContent, Content)> {
    let preview = LinkPreview {
        title: "Pan".into(),
        ..LinkPreview::default()
    };
    let place = Location {
        latitude: -12.5,
        longitude: -77.25,
        ..Location::default()
    };
    let cards = vec![ContactCard {
        name: "Ana".into(),
        vcard: "BEGIN:VCARD".into(),
    }];
    let poll = Poll {
        question: "¿?".into(),
        options: vec!["sí".into(), "no".into()],
        several: false,
    };
    let buttons = Interactive {
        body: "Elija".into(),
        ..Interactive::default()
    };
    vec![
        (NewContent::Text("hola".into()), Content::Text("hola".into())),
        (
            NewContent::LinkPreview {
                text: "mire".into(),
                preview: preview.clone(),
            },
            Content::LinkPreview {
                text: "mire".into(),
                preview,
            },
        ),
        (NewContent::Location(place.clone()), Content::Location(place)),
        (NewContent::Contacts(cards.clone()), Content::Contacts(cards)),
        (NewContent::Poll(poll.clone()), Content::Poll(poll)),
        (
            NewContent::Interactive(buttons.clone()),
            Content::Interactive(buttons),
        ),
    ]
}

#[tokio::test]
async fn every_kind_is_shown_and_claimed_whole() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    for (n, (new, content)) in contents().into_iter().enumerate() {
        let message = world
            .send(NewMessage::new(chat, format!("c{n}"), new), NOON)
            .await;
        assert!(
            world.message(message).await.content == content,
            "{content:?} is shown"
        );
        let claimed = world.claim_one(NOON).await;
        assert!(to_send(&claimed).content == content, "{content:?} is sent");
        world.accepted(claimed.id, &format!("g{n}"), at(1)).await;
    }
}

#[tokio::test]
async fn what_it_answers_and_whom_it_names_goes_with_it() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    let chat = world.chat_with(1).await;
    let asked = world.messages(chat).await[0].id;
    let new = NewMessage {
        quoted: Some(asked),
        mentions: vec![customer(7)],
        ..NewMessage::new(chat, "c1", NewContent::Text("sí".into()))
    };
    let message = world.send(new, NOON).await;

    let shown = world.message(message).await.quoted.expect("it answers one");
    assert_eq!(
        shown.message.map(|here| here.id),
        Some(asked),
        "shown with what it answers"
    );
    let send = to_send(&world.claim_one(NOON).await);
    assert_eq!(
        (send.quoted.as_deref(), send.mentions),
        (Some("m1"), vec![customer(7)]),
        "under the gateway's names"
    );
}

#[tokio::test]
async fn what_no_gateway_knows_cannot_be_answered() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let waiting = world.enqueue(chat, "c1", "hola", NOON).await;
    let new = NewMessage {
        quoted: Some(waiting),
        ..NewMessage::new(chat, "c2", NewContent::Text("sí".into()))
    };
    let refused = world.store.write(move |w| outbox::enqueue(w, &new, NOON)).await;
    assert_eq!(
        refused.expect_err("refused").kind,
        StoreErrorKind::StateChanged,
        "it has no name yet"
    );
}

#[tokio::test]
async fn a_message_is_sent_on_by_its_id_with_a_copy_of_it() {
    let world = World::new().await;
    let told = world.live(image(1, "m1").into()).await;
    let to = world.chat_with(2).await;
    let new = NewMessage::new(to, "c1", NewContent::Forward(told.received[0].message));
    let message = world.send(new, NOON).await;

    let row = world.message(message).await;
    assert!(row.forwarded, "shown as sent on");
    assert!(
        matches!(
            row.content,
            Content::Media {
                kind: MediaKind::Image,
                media: Some(_),
                ..
            }
        ),
        "with its file, wherever that is"
    );
    let send = to_send(&world.claim_one(NOON).await);
    assert_eq!(send.forward.as_deref(), Some("m1"), "the gateway has it already");
}

#[tokio::test]
async fn to_another_device_a_copy_is_sent_on_if_there_is_something_to_copy() {
    let world = World::new().await;
    let other = world.another_device().await;
    let order = MessageBody::Notice(Notice {
        kind: NoticeKind::Order,
        text: None,
        raw: "{}".into(),
    });
    let told = world
        .ingest(
            other,
            vec![
                text(1, "m1").words("hola").event(),
                text(1, "m2").at(1).body(order).event(),
                image(1, "m3").at(2).event(),
            ],
            Origin::Live,
        )
        .await;
    let to = world.chat_with(2).await;
    let new = NewMessage::new(to, "c1", NewContent::Forward(told.received[0].message));
    world.send(new, NOON).await;
    let send = to_send(&world.claim_one(NOON).await);
    assert_eq!(send.forward, None, "this gateway does not have it");
    assert_eq!(send.content, Content::Text("hola".into()), "a copy is sent");

    for original in [told.received[1].message, told.received[2].message] {
        let new = NewMessage::new(to, "c2", NewContent::Forward(original));
        let refused = world.store.write(move |w| outbox::enqueue(w, &new, NOON)).await;
        assert_eq!(
            refused.expect_err("refused").kind,
            StoreErrorKind::StateChanged,
            "nothing is here that could be sent"
        );
    }
}

#[tokio::test]
async fn what_was_deleted_is_not_sent_on() {
    let world = World::new().await;
    let told = world.live(text(1, "m1").into()).await;
    let gone: Inbound = done(1, "m1", 1, MessageChangeKind::Deleted);
    world.live(vec![gone]).await;
    let to = world.chat_with(2).await;
    let new = NewMessage::new(to, "c1", NewContent::Forward(told.received[0].message));
    let refused = world.store.write(move |w| outbox::enqueue(w, &new, NOON)).await;
    assert_eq!(
        refused.expect_err("refused").kind,
        StoreErrorKind::StateChanged,
        "its writer took it back"
    );
}
