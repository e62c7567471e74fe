//! The undo window: until a message is claimed it can become a draft again, and afterwards it cannot.

use std::time::Duration;

use mostrador_domain::{MediaKind, MessageAction, MessageId};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::chat::{self, Draft};
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, TakenBack};

use crate::world::{NOON, World, at, text};

fn held(chat: mostrador_domain::ChatId, id: &str, content: NewContent) -> NewMessage {
    NewMessage {
        hold: Duration::from_secs(5),
        ..NewMessage::new(chat, id, content)
    }
}

async fn take_back(world: &World, message: MessageId) -> Result<TakenBack, StoreErrorKind> {
    let undone = world
        .store
        .write_durably(move |w| outbox::take_back(w, message))
        .await;
    undone.map_err(|error| error.kind)
}

#[tokio::test]
async fn a_held_message_is_sent_when_its_time_is_over() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world
        .send(held(chat, "c1", NewContent::Text("hola".into())), NOON)
        .await;
    let device = world.device;
    assert_eq!(
        world
            .message(message)
            .await
            .outgoing
            .and_then(|out| out.held_until),
        Some(at(5)),
        "shown with the time that is left"
    );
    let waiting = world.read(move |c| outbox::held(c, device, at(1))).await;
    assert_eq!(
        (waiting.len(), waiting[0].message, waiting[0].until),
        (1, message, at(5)),
        "listed"
    );
    assert!(world.claim(at(4)).await.is_none(), "nothing leaves before");
    assert_eq!(
        world.read(move |c| outbox::next_due(c, device)).await,
        Some(at(5)),
        "the worker knows when"
    );
    assert_eq!(world.claim_one(at(5)).await.message, message, "then it goes");
    let waiting = world.read(move |c| outbox::held(c, device, at(1))).await;
    assert!(waiting.is_empty(), "and is held no longer");
}

#[tokio::test]
async fn what_comes_after_a_held_message_waits_for_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let first = world
        .send(held(chat, "c1", NewContent::Text("uno".into())), NOON)
        .await;
    world.enqueue(chat, "c2", "dos", NOON).await;
    assert!(world.claim(at(4)).await.is_none(), "the order is kept");
    assert_eq!(
        world.claim_one(at(5)).await.message,
        first,
        "the first goes first"
    );
}

#[tokio::test]
async fn undone_it_is_a_draft_again_with_all_that_belongs_to_it() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    let chat = world.chat_with(1).await;
    let asked = world.messages(chat).await[0].id;
    let file = world.file("ab").await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: file,
        caption: Some("mire".into()),
    };
    let new = NewMessage {
        quoted: Some(asked),
        upload: true,
        ..held(chat, "c1", content)
    };
    let message = world.send(new, at(1)).await;
    world
        .act(message, "a1", MessageAction::Star(true))
        .await
        .expect("stored");
    world
        .write(move |w| chat::set_draft(w, chat, Some("y luego")))
        .await;

    let undone = take_back(&world, message).await.expect("not claimed yet");

    assert!(
        matches!(undone.content, Content::Media { .. }),
        "what it was is given back"
    );
    assert_eq!(
        world.chat(chat).await.draft,
        Draft {
            text: Some("mire\ny luego".into()),
            media: Some(file),
            quoted: Some(asked)
        },
        "before what was begun meanwhile"
    );
    let left: Vec<_> = world.messages(chat).await.iter().map(|row| row.id).collect();
    assert_eq!(left, [asked], "the message is gone");
    assert_eq!(
        world
            .count("SELECT count(*) FROM outbox WHERE state <> 'discarded'")
            .await,
        0,
        "with its upload and what was to be done to it"
    );
    assert!(world.claim(at(99)).await.is_none(), "nothing is sent");
}

#[tokio::test]
async fn what_sends_the_draft_leaves_none_and_undone_brings_it_back() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let stored = |words: &'static str| world.write(move |w| chat::set_draft(w, chat, Some(words)));
    stored("a las ci").await;
    let new = NewMessage {
        sends_draft: true,
        ..held(chat, "c1", NewContent::Text("a las cinco".into()))
    };
    let message = world.send(new.clone(), NOON).await;
    assert_eq!(
        world.chat(chat).await.draft,
        Draft::default(),
        "stored and gone in one step: nothing is left to be sent again"
    );

    stored("a las cinco").await;
    assert_eq!(world.send(new, NOON).await, message, "asked again");
    assert_eq!(
        world.chat(chat).await.draft,
        Draft::default(),
        "words that came back because the answer was lost are the message's too"
    );

    take_back(&world, message).await.expect("held");
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some("a las cinco"),
        "undone they are a draft again"
    );
}

#[tokio::test]
async fn what_does_not_send_the_draft_leaves_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world
        .write(move |w| chat::set_draft(w, chat, Some("Mañana le")))
        .await;
    world.enqueue(chat, "c1", "Recordatorio", NOON).await;
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some("Mañana le"),
        "a campaign's message says nothing about what a person is writing"
    );
}

#[tokio::test]
async fn once_claimed_it_is_not_undone() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    assert_eq!(
        take_back(&world, message).await,
        Err(StoreErrorKind::StateChanged),
        "it may be on its way"
    );
    world.write(move |w| outbox::not_sent(w, id, at(5))).await;
    assert_eq!(
        take_back(&world, message).await,
        Err(StoreErrorKind::StateChanged),
        "it was tried"
    );
    assert_eq!(
        world.chat(chat).await.draft,
        Draft::default(),
        "no draft is made of it"
    );
    assert_eq!(world.claim_one(at(5)).await.message, message, "it goes on");
}

#[tokio::test]
async fn undoing_twice_or_something_else_changes_nothing() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    let chat = world.chat_with(1).await;
    let theirs = world.messages(chat).await[0].id;
    let message = world
        .send(held(chat, "c1", NewContent::Text("hola".into())), NOON)
        .await;
    take_back(&world, message).await.expect("held");
    for id in [message, theirs] {
        assert_eq!(
            take_back(&world, id).await,
            Err(StoreErrorKind::NotFound),
            "{id:?} is not on its way"
        );
    }
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some("hola"),
        "the draft is there once"
    );
}
