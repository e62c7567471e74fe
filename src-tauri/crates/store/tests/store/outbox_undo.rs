//! The undo window: while a message waits it can become a draft again; once it is claimed it cannot, until it waits again.

use std::time::Duration;

use mostrador_domain::{ChatId, MediaId, MediaKind, MessageAction, MessageId, OutboxState};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::chat::{self, Draft};
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, TakenBack};

use crate::world::{NOON, World, at, text};

fn held(chat: ChatId, id: &str, content: NewContent) -> NewMessage {
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

/// A picture in answer to a customer, which is put at the gateway before it is sent, and the draft that it can be.
async fn picture_in_answer(world: &World, words: &str, hold: Duration) -> (MessageId, Draft) {
    world.live(text(1, "m1").into()).await;
    let chat = world.chat_with(1).await;
    let draft = Draft {
        text: Some(words.into()),
        media: Some(world.file("ab").await),
        quoted: Some(world.messages(chat).await[0].id),
    };
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: draft.media.expect("set"),
        caption: draft.text.clone(),
    };
    let new = NewMessage {
        quoted: draft.quoted,
        inline_up_to: Some(0),
        hold,
        ..NewMessage::new(chat, "c1", content)
    };
    (world.send(new, NOON).await, draft)
}

/// Of a message that was taken back nothing is left but what it answered.
async fn nothing_is_left(world: &World, draft: &Draft) {
    let chat = world.chat_with(1).await;
    let left: Vec<_> = world.messages(chat).await.iter().map(|row| row.id).collect();
    assert_eq!(left, Vec::from_iter(draft.quoted), "the message is gone");
    assert_eq!(
        world
            .count("SELECT count(*) FROM outbox WHERE state <> 'discarded'")
            .await,
        0,
        "with its upload and what was to be done to it"
    );
    assert!(world.claim(at(5_000)).await.is_none(), "nothing is sent");
}

#[tokio::test]
async fn undone_it_is_a_draft_again_with_all_that_belongs_to_it() {
    let world = World::new().await;
    let (message, draft) = picture_in_answer(&world, "mire", Duration::from_secs(5)).await;
    let chat = world.chat_with(1).await;
    world
        .act(message, "a1", MessageAction::Star(true))
        .await
        .expect("stored");
    world
        .write(move |w| chat::set_draft(w, chat, &Draft::of("y luego")))
        .await;

    let undone = take_back(&world, message).await.expect("not claimed yet");

    assert!(
        matches!(undone.content, Content::Media { .. }),
        "what it was is given back"
    );
    let whole = Draft {
        text: Some("mire\ny luego".into()),
        ..draft.clone()
    };
    assert_eq!(
        world.chat(chat).await.draft,
        whole,
        "before what was begun meanwhile"
    );
    nothing_is_left(&world, &draft).await;
}

#[tokio::test]
async fn a_draft_keeps_what_is_here_and_its_words_whatever_is_gone() {
    let world = World::new().await;
    world.live(text(1, "m1").into()).await;
    world.live(text(2, "m2").into()).await;
    let (chat, other) = (world.chat_with(1).await, world.chat_with(2).await);
    let (asked, elsewhere) = (
        world.messages(chat).await[0].id,
        world.messages(other).await[0].id,
    );
    let file = world.file("ab").await;
    let kept = async |media, quoted| {
        let draft = Draft {
            text: Some("mire".into()),
            media: Some(media),
            quoted: Some(quoted),
        };
        world.write(move |w| chat::set_draft(w, chat, &draft)).await;
        let draft = world.chat(chat).await.draft;
        assert_eq!(draft.text.as_deref(), Some("mire"), "words are always kept");
        (draft.media, draft.quoted)
    };
    assert_eq!(kept(file, asked).await, (Some(file), Some(asked)), "all of it");
    assert_eq!(
        kept(MediaId(file.0 + 9), elsewhere).await,
        (None, None),
        "a file that was swept, a message of another chat"
    );
    assert_eq!(
        kept(file, MessageId(elsewhere.0 + 9)).await,
        (Some(file), None),
        "a message that is gone"
    );
}

#[tokio::test]
async fn what_sends_the_draft_leaves_none_and_undone_brings_it_back() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let stored = |words: &'static str| world.write(move |w| chat::set_draft(w, chat, &Draft::of(words)));
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
        .write(move |w| chat::set_draft(w, chat, &Draft::of("Mañana le")))
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
    world.no_answer(id, at(1)).await;
    assert_eq!(
        take_back(&world, message).await,
        Err(StoreErrorKind::StateChanged),
        "it may have gone"
    );
    assert_eq!(
        world.chat(chat).await.draft,
        Draft::default(),
        "no draft is made of it"
    );
    assert_eq!(
        world.state(message).await,
        OutboxState::Uncertain,
        "it is looked for as before"
    );
}

/// It is its chat's draft, and is not sent.
async fn is_a_draft_again(world: &World, chat: ChatId, words: &str) {
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some(words),
        "to be corrected"
    );
    assert!(world.claim(at(5_000)).await.is_none(), "nothing is sent");
}

#[tokio::test]
async fn what_was_tried_without_effect_can_be_undone_while_it_waits_for_the_next_try() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "S/ 50", NOON).await;
    for tried in 1..=3 {
        let id = world.claim_one(at(tried * 60)).await.id;
        world
            .write(move |w| outbox::not_sent(w, id, at(tried * 60 + 5)))
            .await;
    }
    take_back(&world, message).await.expect("it surely did not go");
    is_a_draft_again(&world, chat, "S/ 50").await;
}

#[tokio::test]
async fn what_was_proven_absent_can_be_undone_and_an_echo_after_all_is_shown_as_what_went() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "S/ 50", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    world.write(move |w| outbox::proven_absent(w, id)).await;

    take_back(&world, message).await.expect("it is not there");

    is_a_draft_again(&world, chat, "S/ 50").await;
    world.live(text(1, "g1").words("S/ 50").ours().at(2).into()).await;
    let shown = world.messages(chat).await;
    assert_eq!(shown.len(), 1, "the customer has it, and the chat says so");
    assert_eq!(
        shown[0].gateway_id.as_deref(),
        Some("g1"),
        "under the gateway's name"
    );
    is_a_draft_again(&world, chat, "S/ 50").await;
}

#[tokio::test]
async fn what_failed_is_corrected_as_a_draft() {
    let world = World::new().await;
    let (message, draft) = picture_in_answer(&world, "S/ 50", Duration::ZERO).await;
    // Its upload is refused, and the send with it.
    let upload = world.claim_one(NOON).await.id;
    world.refused(upload).await;
    assert_eq!(world.state(message).await, OutboxState::Dead, "it cannot be sent");

    take_back(&world, message).await.expect("it surely did not go");

    let chat = world.chat_with(1).await;
    assert_eq!(world.chat(chat).await.draft, draft, "all of it, to be corrected");
    nothing_is_left(&world, &draft).await;
    assert_eq!(
        take_back(&world, message).await,
        Err(StoreErrorKind::NotFound),
        "pressed twice its words are there once"
    );
}

#[tokio::test]
async fn what_has_its_echo_is_not_undone() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "S/ 50", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    world.write(move |w| outbox::proven_absent(w, id)).await;
    world.live(text(1, "g1").words("S/ 50").ours().at(2).into()).await;
    assert_eq!(
        take_back(&world, message).await,
        Err(StoreErrorKind::StateChanged),
        "it went after all"
    );
    assert_eq!(world.chat(chat).await.draft, Draft::default(), "and is no draft");
}

#[tokio::test]
async fn what_waits_for_a_gateway_that_is_down_can_be_undone() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "S/ 50", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.write(move |w| outbox::held_back(w, id, at(5))).await;
    take_back(&world, message).await.expect("it never left");
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some("S/ 50"),
        "to be corrected"
    );
    assert!(world.claim(at(99)).await.is_none(), "nothing is sent");
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
    assert_eq!(
        take_back(&world, message).await,
        Err(StoreErrorKind::NotFound),
        "it is gone"
    );
    assert_eq!(
        take_back(&world, theirs).await,
        Err(StoreErrorKind::StateChanged),
        "it does not wait here, and its words are nobody's draft"
    );
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some("hola"),
        "the draft is there once"
    );
}
