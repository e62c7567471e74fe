//! Upload → send → edit: rows that depend on each other, in order, and share their fate.

use mostrador_domain::{
    FailureCode, MediaKind, MessageAction, MessageId, OutboxEvent, OutboxId, OutboxState,
};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::chat;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord, Work};

use crate::world::{NOON, World, at, customer, image, to_send};

/// A picture that is to be uploaded first, and a text after it in the same chat.
async fn picture_then_text() -> (World, MessageId, MessageId) {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let file = world.file("ab").await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: file,
        caption: None,
    };
    let new = NewMessage {
        inline_up_to: Some(0),
        ..NewMessage::new(chat, "c1", content)
    };
    let picture = world.send(new, NOON).await;
    let text = world.enqueue(chat, "c2", "y esto", NOON).await;
    (world, picture, text)
}

/// Claims the upload that must be next.
async fn claim_upload(world: &World) -> OutboxId {
    let claimed = world.claim_one(at(3)).await;
    assert!(
        matches!(claimed.work, Work::Upload(_)),
        "the upload goes first: {claimed:?}"
    );
    claimed.id
}

async fn action_state(world: &World, action: OutboxId) -> String {
    let id = action.0;
    world
        .read(move |c| Ok(c.query_row("SELECT state FROM outbox WHERE id = ?1", [id], |row| row.get(0))?))
        .await
}

#[tokio::test]
async fn the_send_waits_for_its_upload_and_tells_what_the_gateway_calls_the_file() {
    let (world, picture, text) = picture_then_text().await;
    let upload = claim_upload(&world).await;
    assert!(
        world.claim(at(2)).await.is_none(),
        "neither the send nor what comes after it"
    );
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;

    let send = world.claim_one(at(2)).await;
    assert_eq!(send.message, picture, "now the picture");
    assert_eq!(
        to_send(&send).uploaded.as_deref(),
        Some("file-7"),
        "by the gateway's name for it"
    );
    world.accepted(send.id, "g1", at(3)).await;
    assert_eq!(world.claim_one(at(3)).await.message, text, "then the text");
}

#[tokio::test]
async fn an_upload_without_an_answer_is_made_again() {
    let (world, picture, _) = picture_then_text().await;
    let upload = claim_upload(&world).await;
    world
        .write(move |w| outbox::no_answer(w, upload, at(1), at(9)))
        .await;
    assert!(world.claim(at(8)).await.is_none(), "not before its time");
    assert_eq!(
        world.claim_one(at(9)).await.attempt,
        2,
        "once more: it reaches nobody"
    );
    let device = world.device;
    world
        .write(move |w| outbox::after_restart(w, device, at(10)))
        .await;
    assert_eq!(world.claim_one(at(10)).await.attempt, 3, "after a restart too");
    assert_eq!(
        world.state(picture).await,
        OutboxState::Ready,
        "the send was never uncertain"
    );
}

#[tokio::test]
async fn a_dead_upload_kills_its_send_for_the_same_reason_and_both_live_again() {
    let (world, picture, text) = picture_then_text().await;
    let upload = claim_upload(&world).await;
    world
        .write(move |w| outbox::dead(w, upload, OutboxEvent::Refused, FailureCode::TooLarge))
        .await;

    let out = world.message(picture).await.outgoing.expect("outgoing");
    assert_eq!(
        (out.state, out.failure),
        (OutboxState::Dead, Some(FailureCode::TooLarge)),
        "the operator sees why"
    );
    let next = world.claim_one(at(2)).await;
    assert_eq!(next.message, text, "the others go on");
    world.accepted(next.id, "g2", at(2)).await;

    world
        .operator_says(picture, OperatorWord::Retry, at(3))
        .await
        .expect("it is dead");
    assert_eq!(claim_upload(&world).await, upload, "the upload first, again");
    world.write(move |w| outbox::uploaded(w, upload, "file-8")).await;
    assert_eq!(world.claim_one(at(4)).await.message, picture, "then the send");
}

#[tokio::test]
async fn discarding_the_message_takes_its_upload_along_even_in_flight() {
    let (world, picture, text) = picture_then_text().await;
    let upload = claim_upload(&world).await;

    world
        .operator_says(picture, OperatorWord::Discard, at(2))
        .await
        .expect("nothing was sent");

    let late = world
        .store
        .write(move |w| outbox::uploaded(w, upload, "file-7"))
        .await;
    assert_eq!(
        late.expect_err("refused").kind,
        StoreErrorKind::StateChanged,
        "the answer comes too late"
    );
    assert_eq!(
        world.claim_one(at(3)).await.message,
        text,
        "nothing holds the chat up"
    );
}

#[tokio::test]
async fn an_action_on_a_message_that_waits_is_done_after_it_went() {
    let (world, picture, text) = picture_then_text().await;
    world
        .act(picture, "a1", MessageAction::Edit("pan".into()))
        .await
        .expect("it is on its way");
    let upload = claim_upload(&world).await;
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;
    let send = world.claim_one(at(2)).await;
    world.accepted(send.id, "g1", at(3)).await;
    let next = world.claim_one(at(3)).await;
    assert_eq!(next.message, text, "in the order in which it was asked for");
    world.accepted(next.id, "g2", at(3)).await;
    let edit = world.claim_one(at(3)).await;
    assert_eq!(
        edit.work,
        Work::Act {
            gateway_id: "g1".into(),
            action: MessageAction::Edit("pan".into())
        },
        "under the name that it has now"
    );
}

#[tokio::test]
async fn what_builds_on_a_dead_message_is_dead_and_lives_again_behind_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let edit = world
        .act(message, "a1", MessageAction::Edit("adiós".into()))
        .await
        .expect("stored");
    let id = world.claim_one(NOON).await.id;
    world.refused(id).await;
    assert_eq!(
        action_state(&world, edit).await,
        "dead",
        "there is nothing to edit"
    );

    world
        .operator_says(message, OperatorWord::Retry, at(1))
        .await
        .expect("dead");
    assert_eq!(
        action_state(&world, edit).await,
        "ready",
        "it lives again with it"
    );
    let again = world.claim_one(at(1)).await;
    assert_eq!(again.id, id, "the message first");
    world.accepted(again.id, "g1", at(2)).await;
    assert_eq!(world.claim_one(at(2)).await.id, edit, "then the edit");
}

#[tokio::test]
async fn what_the_operator_sends_again_is_not_held_up_by_what_builds_on_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let edit = world
        .act(message, "a1", MessageAction::Edit("adiós".into()))
        .await
        .expect("stored");
    let later = world.enqueue(chat, "c2", "luego", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    world.hand_to_operator(id).await;
    let next = world.claim_one(at(2)).await;
    assert_eq!(next.message, later, "nobody waits for what is with the operator");
    world.accepted(next.id, "g2", at(2)).await;

    world
        .operator_says(message, OperatorWord::ItDidNot, at(3))
        .await
        .expect("uncertain");
    assert_eq!(world.claim_one(at(3)).await.id, id, "it is sent again");
    world.accepted(id, "g1", at(4)).await;
    assert_eq!(world.claim_one(at(4)).await.id, edit, "and then edited");
}

/// A picture whose upload is done and whose send was claimed at the time `now`.
async fn uploaded_and_claimed() -> (World, MessageId, OutboxId, OutboxId) {
    let (world, picture, _) = picture_then_text().await;
    let upload = claim_upload(&world).await;
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;
    let send = world.claim_one(at(4)).await.id;
    (world, picture, upload, send)
}

#[tokio::test]
async fn what_the_gateway_has_no_more_is_put_there_anew_when_the_operator_tries_again() {
    let (world, picture, upload, send) = uploaded_and_claimed().await;
    world
        .write(move |w| outbox::dead(w, send, OutboxEvent::Refused, FailureCode::MediaMissing))
        .await;

    world
        .operator_says(picture, OperatorWord::Retry, at(5))
        .await
        .expect("it is dead");

    assert_eq!(
        claim_upload_at(&world, at(6)).await,
        None,
        "the text, which is older now, goes first"
    );
    assert_eq!(
        claim_upload_at(&world, at(7)).await,
        Some(upload),
        "then the file"
    );
    world.write(move |w| outbox::uploaded(w, upload, "file-8")).await;
    let again = world.claim_one(at(8)).await;
    assert_eq!(
        (again.id, to_send(&again).uploaded.as_deref()),
        (send, Some("file-8")),
        "then the message, by the new name"
    );
}

/// Claims the next row, says whether it is an upload, and settles it if it is not.
async fn claim_upload_at(world: &World, now: mostrador_domain::UnixMillis) -> Option<OutboxId> {
    let claimed = world.claim_one(now).await;
    if matches!(claimed.work, Work::Upload(_)) {
        return Some(claimed.id);
    }
    world.accepted(claimed.id, "g2", now).await;
    None
}

#[tokio::test]
async fn what_was_refused_for_another_reason_keeps_its_upload() {
    let (world, picture, _, send) = uploaded_and_claimed().await;
    world.refused(send).await;
    assert_eq!(claim_upload_at(&world, at(5)).await, None, "the text");
    world
        .operator_says(picture, OperatorWord::Retry, at(6))
        .await
        .expect("it is dead");
    let again = world.claim_one(at(6)).await;
    assert_eq!(
        (again.id, to_send(&again).uploaded.as_deref()),
        (send, Some("file-7")),
        "the file lies there"
    );
}

#[tokio::test]
async fn an_upload_of_the_day_before_is_made_anew_before_its_send() {
    const DAY: i64 = 24 * 3_600;
    let (world, picture, upload, send) = uploaded_and_claimed().await;
    world.write(move |w| outbox::held_back(w, send, at(DAY))).await;
    let in_time = world.claim_one(at(DAY)).await;
    assert_eq!(in_time.id, send, "a day is not too long");
    world
        .write(move |w| outbox::held_back(w, send, at(2 * DAY)))
        .await;

    assert_eq!(
        claim_upload_at(&world, at(2 * DAY)).await,
        Some(upload),
        "the upload first"
    );
    assert!(world.claim(at(2 * DAY)).await.is_none(), "its send waits for it");
    world.write(move |w| outbox::uploaded(w, upload, "file-8")).await;
    let then = world.claim_one(at(2 * DAY + 1)).await;
    assert_eq!(
        (then.message, to_send(&then).uploaded.as_deref()),
        (picture, Some("file-8")),
        "by the name that it has there now"
    );
}

/// A picture of ours to send on, and what sends it to another customer at a gateway where files above `most` bytes are put there first.
async fn sent_on(world: &World, from: mostrador_domain::ChatId, most: u64) -> MessageId {
    let content = NewContent::Media {
        kind: MediaKind::Document,
        media: world.file("ab").await,
        caption: None,
    };
    let original = world.send(NewMessage::new(from, "original", content), NOON).await;
    let new = NewMessage {
        inline_up_to: Some(most),
        ..NewMessage::new(world.chat_with(2).await, "copy", NewContent::Forward(original))
    };
    world.send(new, NOON).await
}

#[tokio::test]
async fn a_large_file_that_is_sent_on_as_a_copy_is_put_there_first_and_a_small_one_is_not() {
    let world = World::new().await;
    let elsewhere = world.another_device().await;
    let from = world
        .write(move |w| chat::ensure(w, elsewhere, &customer(1)))
        .await;
    let copy = sent_on(&world, from, 8).await;
    claim_upload(&world).await;
    let small = World::new().await;
    let from = small.chat_with(1).await;
    let waits = sent_on(&small, from, 9).await;
    assert_eq!(small.claim_one(at(3)).await.client_id, "original", "the first");
    let next = small.claim_one(at(3)).await;
    assert_eq!(next.message, waits, "nine bytes travel inside the send");
    assert_ne!(
        world.state(copy).await,
        OutboxState::Done,
        "it waits for its upload"
    );
}

#[tokio::test]
async fn what_the_gateway_knows_by_its_id_is_sent_on_by_that() {
    let world = World::new().await;
    world.live(image(1, "m1").into()).await;
    let original = world.messages(world.chat_with(1).await).await[0].id;
    let new = NewMessage {
        inline_up_to: Some(0),
        ..NewMessage::new(world.chat_with(2).await, "copy", NewContent::Forward(original))
    };
    world.send(new, NOON).await;
    let send = to_send(&world.claim_one(at(1)).await);
    assert_eq!(send.forward.as_deref(), Some("m1"), "nothing is put there for it");
}

#[tokio::test]
async fn a_person_who_tries_a_large_file_again_has_it_put_there_first() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let content = NewContent::Media {
        kind: MediaKind::Document,
        media: world.file("ab").await,
        caption: None,
    };
    let message = world.send(NewMessage::new(chat, "c1", content), NOON).await;
    let later = world.enqueue(chat, "c2", "y esto", NOON).await;
    let send = world.claim_one(at(1)).await.id;
    world
        .write(move |w| outbox::dead(w, send, OutboxEvent::Refused, FailureCode::TooLarge))
        .await;
    let sent = world.claim_one(at(2)).await;
    assert_eq!(sent.message, later, "the others go on");
    world.accepted(sent.id, "g0", at(2)).await;
    let star = MessageAction::Star(true);
    let again = move |w: &mut mostrador_store::Writing<'_>| {
        outbox::operator_says(w, message, OperatorWord::Retry, at(3))?;
        outbox::upload_if_larger(w, message, Some(8), at(3))?;
        // Asked twice it is one.
        outbox::upload_if_larger(w, message, Some(8), at(3))
    };
    world.write(again).await;
    world.act(message, "a1", star).await.expect("it waits");

    let upload = claim_upload(&world).await;
    world.write(move |w| outbox::uploaded(w, upload, "file-7")).await;
    let send = world.claim_one(at(5)).await;
    assert_eq!(
        (send.message, to_send(&send).uploaded.as_deref()),
        (message, Some("file-7")),
        "then it goes by the gateway's name"
    );
    world.accepted(send.id, "g1", at(5)).await;
    assert!(
        matches!(world.claim_one(at(6)).await.work, Work::Act { .. }),
        "and what builds on it"
    );
    world
        .write(move |w| outbox::upload_if_larger(w, message, Some(8), at(7)))
        .await;
    assert!(world.claim(at(8)).await.is_none(), "what went needs none");
}
