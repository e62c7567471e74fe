//! Enqueue, claim and the gateway's answers: nothing lost, nothing twice. Whose turn it is: `outbox_turns`.

use std::time::Duration;

use mostrador_domain::{
    ChatId, DeliveryStatus, FailureCode, MediaId, MediaKind, OutboxEvent, OutboxId, OutboxState,
};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::media::{self, Stored};
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage};
use mostrador_store::tables::{chat, device};

use crate::world::{NOON, World, at, to_send};

#[tokio::test]
async fn asking_twice_with_one_client_id_is_one_row() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;

    let first = world.enqueue(chat, "c1", "hola", NOON).await;
    let second = world.enqueue(chat, "c1", "hola", at(1)).await;

    assert_eq!(second, first, "the second asking gives the message that is there");
    assert_eq!(
        world.count("SELECT count(*) FROM outbox").await,
        1,
        "one row to send"
    );
    assert_eq!(
        world.count("SELECT count(*) FROM message").await,
        1,
        "one message to show"
    );
}

#[tokio::test]
async fn a_client_id_of_another_chat_is_refused() {
    let world = World::new().await;
    let (here, there) = (world.chat_with(1).await, world.chat_with(2).await);
    world.enqueue(here, "c1", "hola", NOON).await;

    let new = NewMessage::new(there, "c1", NewContent::Text("hola".into()));
    let refused = world
        .store
        .write(move |w| outbox::enqueue(w, &new, NOON))
        .await
        .expect_err("must refuse");

    assert_eq!(
        refused.kind,
        StoreErrorKind::StateChanged,
        "one id cannot be two messages"
    );
    assert_eq!(world.messages(there).await, [], "nothing of it is kept");
}

#[tokio::test]
async fn a_message_to_an_unknown_chat_is_not_found() {
    let world = World::new().await;
    let new = NewMessage::new(ChatId(99), "c1", NewContent::Text("hola".into()));
    let refused = world
        .store
        .write(move |w| outbox::enqueue(w, &new, NOON))
        .await
        .expect_err("must refuse");
    assert_eq!(refused.kind, StoreErrorKind::NotFound, "there is no such chat");
}

#[tokio::test]
async fn what_is_enqueued_is_the_newest_of_its_chat_and_queued() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;

    let message = world.enqueue(chat, "c1", "hola", at(3)).await;

    let row = world.chat(chat).await;
    let last = row.last.expect("the chat has a newest message");
    assert_eq!(
        (last.id, row.last_at),
        (message, at(3)),
        "the list shows it at once"
    );
    assert_eq!(last.status, Some(DeliveryStatus::Queued), "it has not left yet");
}

#[tokio::test]
async fn the_attempt_is_counted_when_it_is_claimed() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;

    let claimed = world.claim_one(at(1)).await;

    assert_eq!(claimed.attempt, 1, "the first attempt");
    assert_eq!(
        world.count("SELECT attempts FROM outbox").await,
        1,
        "stored before the call is made"
    );
    assert_eq!(
        world.count("SELECT claimed_at FROM outbox").await,
        at(1).0,
        "with its time"
    );
}

#[tokio::test]
async fn a_claim_tells_all_that_the_call_needs() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let stored = Stored {
        mime: "image/png".into(),
        bytes: 9,
        width: Some(3),
        height: Some(3),
        sha256: "ab".into(),
        ..Stored::default()
    };
    let picture: MediaId = world
        .write(move |w| media::add(w, "foto.png", &stored, NOON))
        .await;
    let new = NewMessage::new(
        chat,
        "c1",
        NewContent::Media {
            kind: MediaKind::Image,
            media: picture,
            caption: Some("mira".into()),
        },
    );
    let message = world.write(move |w| outbox::enqueue(w, &new, NOON)).await;

    let claimed = world.claim_one(NOON).await;

    assert_eq!((claimed.message, claimed.chat), (message, chat), "what and where");
    assert_eq!(claimed.client_id, "c1", "under which id");
    let Content::Media { caption, media, .. } = to_send(&claimed).content else {
        panic!("a picture");
    };
    assert_eq!(
        (caption.as_deref(), media.map(|file| file.id)),
        (Some("mira"), Some(picture)),
        "what it says and shows"
    );
    assert_eq!(claimed.address, crate::world::customer(1), "to whom");
    let row = world.read(move |c| media::get(c, picture)).await;
    assert_eq!(
        row.device,
        Some(world.device),
        "the picture belongs to the device that sends it"
    );
}

#[tokio::test]
async fn a_picture_sent_by_two_devices_keeps_neither_from_being_removed() {
    let world = World::new().await;
    let (first, second) = (world.device, world.another_device().await);
    let stored = Stored {
        mime: "image/png".into(),
        bytes: 9,
        width: Some(3),
        height: Some(3),
        sha256: "ab".into(),
        ..Stored::default()
    };
    let picture: MediaId = world
        .write(move |w| media::add(w, "foto.png", &stored, NOON))
        .await;
    for (device, client_id) in [(first, "c1"), (second, "c2")] {
        let chat = world
            .write(move |w| chat::ensure(w, device, &crate::world::customer(1)))
            .await;
        let new = NewMessage::new(
            chat,
            client_id,
            NewContent::Media {
                kind: MediaKind::Image,
                media: picture,
                caption: None,
            },
        );
        world.write(move |w| outbox::enqueue(w, &new, NOON)).await;
    }

    world.write(move |w| device::remove(w, second)).await;

    let claimed = world.claim_one(NOON).await;
    assert!(
        matches!(to_send(&claimed).content, Content::Media { media: Some(file), .. } if file.id == picture),
        "the other device still sends it"
    );
}

#[tokio::test]
async fn held_back_gives_the_attempt_back() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;

    world.write(move |w| outbox::held_back(w, id, at(5))).await;

    assert_eq!(
        world.claim_one(at(5)).await.attempt,
        1,
        "a lost link is not the message's fault"
    );
}

#[tokio::test]
async fn after_a_restart_only_what_was_in_flight_is_uncertain() {
    let world = World::new().await;
    let mut messages = Vec::new();
    for number in 1..=5 {
        let chat = world.chat_with(number).await;
        messages.push(world.enqueue(chat, &format!("c{number}"), "hola", NOON).await);
    }
    let claimed: [OutboxId; 4] = std::array::from_fn(|n| OutboxId(i64::try_from(n).expect("small") + 1));
    for id in claimed {
        assert_eq!(
            world.claim_one(NOON).await.id,
            id,
            "claimed in the order of asking"
        );
    }
    world.accepted(claimed[1], "g2", at(1)).await;
    world.no_answer(claimed[2], at(1)).await;
    world.refused(claimed[3]).await;

    let device = world.device;
    let turned = world
        .write(move |w| outbox::after_restart(w, device, at(60)))
        .await;

    assert_eq!(turned, 1, "one was in flight");
    let mut states = Vec::new();
    for message in messages {
        states.push(world.state(message).await);
    }
    use OutboxState as S;
    assert_eq!(
        states,
        [S::Uncertain, S::Done, S::Uncertain, S::Dead, S::Ready],
        "only the first one changed"
    );
    let reason = world
        .count("SELECT failure = 'no_answer' FROM outbox WHERE id = 1")
        .await;
    assert_eq!(reason, 1, "it says why");
}

#[tokio::test]
async fn who_lost_the_race_is_told_and_changes_nothing() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.accepted(id, "g1", at(1)).await;
    let before = world.message(message).await;

    let late: [Result<(), mostrador_store::StoreError>; 4] = [
        world.store.write(move |w| outbox::not_sent(w, id, at(9))).await,
        world
            .store
            .write(move |w| outbox::no_answer(w, id, at(9), at(9)))
            .await,
        world
            .store
            .write(move |w| outbox::dead(w, id, OutboxEvent::Refused, FailureCode::PlanLimit))
            .await,
        world
            .store
            .write(move |w| outbox::accepted(w, id, "g9", DeliveryStatus::Read, at(9)))
            .await,
    ];

    for outcome in late {
        assert_eq!(
            outcome.expect_err("must refuse").kind,
            StoreErrorKind::StateChanged,
            "it is done"
        );
    }
    assert_eq!(world.message(message).await, before, "nothing of it was kept");
    assert_eq!(
        world.write(move |w| outbox::looked(w, id, NOON, at(9))).await,
        None,
        "nor is it looked for"
    );
}

#[tokio::test]
async fn two_messages_to_which_the_gateway_gave_one_id_both_stay() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let first = world.enqueue(chat, "c1", "uno", NOON).await;
    let second = world.enqueue(chat, "c2", "dos", NOON).await;
    let claimed = world.claim_one(NOON).await.id;
    world.accepted(claimed, "g1", at(1)).await;

    let claimed = world.claim_one(at(2)).await.id;
    world.accepted(claimed, "g1", at(3)).await;

    assert_eq!(
        world.message(first).await.gateway_id.as_deref(),
        Some("g1"),
        "the first keeps the id"
    );
    assert_eq!(
        world.state(second).await,
        OutboxState::Done,
        "the second was accepted all the same"
    );
    assert_eq!(
        world.message(second).await.status,
        Some(DeliveryStatus::Sent),
        "and is shown as sent"
    );
    assert_eq!(world.messages(chat).await.len(), 2, "no message of ours is lost");
}

#[tokio::test]
async fn a_message_survives_what_a_long_wait_brings() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;
    for attempt in 1..=50_u32 {
        let now = NOON.after(Duration::from_secs(u64::from(attempt) * 60));
        let claimed = world.claim_one(now).await;
        assert_eq!(claimed.attempt, attempt, "each attempt is counted once");
        world.write(move |w| outbox::not_sent(w, claimed.id, now)).await;
    }
}
