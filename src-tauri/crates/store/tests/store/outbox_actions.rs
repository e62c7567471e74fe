//! What we do to messages: asked once, done until it is done, the newest of a kind only, and shown while it waits.

use mostrador_domain::{
    FailureCode, Inbound, MessageAction as Action, MessageChange, MessageChangeKind, MessageId, OutboxEvent,
    OutboxState,
};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::message::Content;
use mostrador_store::tables::outbox::{self, OperatorWord, Work};

use crate::world::{NOON, World, at, done, text};

/// A message of theirs and one of ours, both at the gateway.
async fn talk() -> (World, MessageId, MessageId) {
    let world = World::new().await;
    world
        .history(vec![
            text(1, "m1").event(),
            text(1, "m2").ours().words("hola").at(1).event(),
        ])
        .await;
    let chat = world.chat_with(1).await;
    let rows = world.messages(chat).await;
    (world, rows[0].id, rows[1].id)
}

#[tokio::test]
async fn each_action_is_claimed_and_shown_as_done_when_the_gateway_did_it() {
    let (world, theirs, ours) = talk().await;
    let actions = [
        (theirs, Action::React(Some("👍".into()))),
        (theirs, Action::Star(true)),
        (theirs, Action::Pin(Some(7))),
        (ours, Action::Edit("adiós".into())),
    ];
    for (n, (message, action)) in actions.into_iter().enumerate() {
        world
            .act(message, &format!("a{n}"), action.clone())
            .await
            .expect("stored");
        let pending = world.message(message).await.pending;
        assert_eq!(pending.len(), 1, "{action:?} is shown while it waits");
        assert_eq!(
            (pending[0].state, pending[0].action.clone()),
            (OutboxState::Ready, action.clone()),
            "as what it is"
        );
        let claimed = world.claim_one(at(2)).await;
        assert!(
            matches!(claimed.work, Work::Act { action: asked, .. } if asked == action),
            "the worker is told"
        );
        let id = claimed.id;
        world.write(move |w| outbox::acted(w, id, at(3))).await;
        assert!(
            world.message(message).await.pending.is_empty(),
            "{action:?} waits no longer"
        );
    }
    let row = world.message(theirs).await;
    assert!(row.starred && row.pinned, "starred, at the top");
    assert_eq!(
        row.reactions.first().map(|r| (r.by.clone(), r.emoji.clone())),
        Some((None, "👍".into())),
        "our reaction"
    );
    let row = world.message(ours).await;
    assert_eq!(
        (row.content, row.edited_at),
        (Content::Text("adiós".into()), Some(at(3))),
        "other words"
    );

    world.act(ours, "a9", Action::Delete).await.expect("stored");
    let id = world.claim_one(at(4)).await.id;
    world.write(move |w| outbox::acted(w, id, at(5))).await;
    assert_eq!(world.message(ours).await.content, Content::Deleted, "deleted");
}

#[tokio::test]
async fn asking_twice_is_doing_it_once() {
    let (world, theirs, ours) = talk().await;
    let first = world.act(theirs, "a1", Action::Star(true)).await;
    let again = world.act(theirs, "a1", Action::Star(true)).await;
    assert_eq!(first, again, "one row");
    assert_eq!(
        world.act(ours, "a1", Action::Star(true)).await,
        Err(StoreErrorKind::StateChanged),
        "the id is taken"
    );
}

#[tokio::test]
async fn the_newest_of_a_kind_takes_the_place_of_the_others() {
    let (world, theirs, _) = talk().await;
    for (id, emoji) in [("a1", "👍"), ("a2", "❤️"), ("a3", "🙏")] {
        world
            .act(theirs, id, Action::React(Some(emoji.into())))
            .await
            .expect("stored");
    }
    world
        .act(theirs, "a4", Action::Star(true))
        .await
        .expect("another kind");
    let claimed = world.claim_one(at(1)).await;
    assert_eq!(
        claimed.work,
        Work::Act {
            gateway_id: "m1".into(),
            action: Action::React(Some("🙏".into()))
        },
        "only the last reaction is sent"
    );
    let id = claimed.id;
    world.write(move |w| outbox::acted(w, id, at(2))).await;
    assert_eq!(world.claim_one(at(2)).await.client_id, "a4", "and the star");
}

/// What becomes of an action that was under way when a newer one of its kind was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ended {
    NoAnswer,
    NotSent,
    Restarted,
    Refused,
}

#[tokio::test]
async fn what_was_under_way_when_a_newer_one_was_asked_for_is_not_done_again() {
    for ended in [Ended::NoAnswer, Ended::NotSent, Ended::Restarted, Ended::Refused] {
        let (world, theirs, _) = talk().await;
        let heart = Action::React(Some("❤️".into()));
        world
            .act(theirs, "a1", Action::React(Some("👍".into())))
            .await
            .expect("stored");
        let id = world.claim_one(at(1)).await.id;
        world
            .act(theirs, "a2", heart.clone())
            .await
            .expect("what is under way cannot be called back");

        let device = world.device;
        match ended {
            Ended::NoAnswer => world.no_answer(id, at(2)).await,
            Ended::NotSent => world.write(move |w| outbox::not_sent(w, id, at(2))).await,
            Ended::Restarted => {
                world
                    .write(move |w| outbox::after_restart(w, device, at(2)).map(drop))
                    .await;
            }
            Ended::Refused => world.refused(id).await,
        }

        let pending = world.message(theirs).await.pending;
        let shown: Vec<_> = pending.iter().map(|pending| &pending.action).collect();
        assert_eq!(shown, [&heart], "{ended:?}: the newest is the one that holds");
        let claimed = world.claim_one(at(2)).await;
        assert_eq!(
            claimed.client_id, "a2",
            "{ended:?}: at once, and the older one never again"
        );
        let id = claimed.id;
        world.write(move |w| outbox::acted(w, id, at(3))).await;
        assert!(
            world.claim(at(500)).await.is_none(),
            "{ended:?}: the older one comes after none"
        );
    }
}

#[tokio::test]
async fn without_an_answer_it_is_done_again_and_never_uncertain() {
    let (world, theirs, _) = talk().await;
    world.act(theirs, "a1", Action::Star(true)).await.expect("stored");
    let id = world.claim_one(at(1)).await.id;
    world.write(move |w| outbox::no_answer(w, id, at(2), at(7))).await;
    let device = world.device;
    let due = world.read(move |c| outbox::next_due(c, device)).await;
    assert_eq!(due, Some(at(7)), "again, later");
    assert_eq!(world.claim_one(at(7)).await.attempt, 2, "counted");
    world
        .write(move |w| outbox::after_restart(w, device, at(8)))
        .await;
    assert_eq!(world.claim_one(at(8)).await.id, id, "after a restart at once");
}

#[tokio::test]
async fn what_could_not_be_done_says_why_and_can_be_tried_again_or_dropped() {
    let (world, theirs, _) = talk().await;
    world.act(theirs, "a1", Action::Star(true)).await.expect("stored");
    for (word, left) in [(OperatorWord::Retry, 1), (OperatorWord::Discard, 0)] {
        let id = world.claim_one(at(2)).await.id;
        world
            .write(move |w| outbox::dead(w, id, OutboxEvent::Refused, FailureCode::RefusedContent))
            .await;
        let pending = world.message(theirs).await.pending;
        assert_eq!(
            (pending[0].state, pending[0].failure),
            (OutboxState::Dead, Some(FailureCode::RefusedContent)),
            "shown with its reason"
        );
        world
            .write(move |w| outbox::operator_says_of_action(w, id, word, at(2)))
            .await;
        assert_eq!(world.message(theirs).await.pending.len(), left, "{word:?}");
    }
    assert!(world.claim(at(9)).await.is_none(), "what was dropped is not done");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_at_once() {
    let (world, theirs, ours) = talk().await;
    for (message, action) in [
        (theirs, Action::Edit("x".into())),
        (theirs, Action::Delete),
        (MessageId(99), Action::Star(true)),
    ] {
        let refused = world.act(message, "a1", action.clone()).await;
        let expected = if message.0 == 99 {
            StoreErrorKind::NotFound
        } else {
            StoreErrorKind::StateChanged
        };
        assert_eq!(refused, Err(expected), "{action:?} of {message:?}");
    }
    // On our own phone: nobody else can.
    let Inbound::Change(deleted) = done(1, "m2", 5, MessageChangeKind::Deleted) else {
        panic!("it is a change")
    };
    let by_us = MessageChange { by: None, ..deleted };
    world.live(vec![Inbound::Change(by_us)]).await;
    assert_eq!(
        world.act(ours, "a1", Action::Star(true)).await,
        Err(StoreErrorKind::StateChanged),
        "of what was deleted nothing is left"
    );
    let chat = world.chat_with(2).await;
    let failed = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.refused(id).await;
    assert_eq!(
        world.act(failed, "a2", Action::Edit("x".into())).await,
        Err(StoreErrorKind::StateChanged),
        "what failed never reached anybody"
    );
}

#[tokio::test]
async fn an_action_on_a_message_without_a_known_name_waits_and_holds_nobody_up() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    world
        .operator_says(message, OperatorWord::ItWent, at(2))
        .await
        .expect("uncertain");
    let edit = world
        .act(message, "a1", Action::Edit("adiós".into()))
        .await
        .expect("stored");
    let later = world.enqueue(chat, "c2", "luego", at(3)).await;
    let next = world.claim_one(at(3)).await;
    assert_eq!(next.message, later, "the next message goes");
    world.accepted(next.id, "g2", at(3)).await;

    world.live(text(1, "g1").ours().words("hola").at(1).into()).await;
    assert_eq!(
        world.claim_one(at(4)).await.id,
        edit,
        "the echo tells its name, and it is edited"
    );
}

#[tokio::test]
async fn what_was_never_claimed_is_deleted_at_once_and_what_may_have_gone_only_after_it() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let waits = world.enqueue(chat, "c1", "mejor no", NOON).await;
    world.act(waits, "a1", Action::Delete).await.expect("stored");
    assert_eq!(
        world.message(waits).await.content,
        Content::Deleted,
        "it is gone at once"
    );
    assert!(
        world.claim(at(60)).await.is_none(),
        "and nothing of it ever leaves"
    );

    let goes = world.enqueue(chat, "c2", "ya va", at(61)).await;
    let send = world.claim_one(at(61)).await.id;
    world.act(goes, "a2", Action::Delete).await.expect("stored");
    assert_ne!(
        world.message(goes).await.content,
        Content::Deleted,
        "it may be on its way"
    );
    world.no_answer(send, at(62)).await;
    world.write(move |w| outbox::proven_absent(w, send)).await;
    let again = world.enqueue(chat, "c3", "otra", at(63)).await;
    assert_eq!(
        world.claim_one(at(64)).await.message,
        goes,
        "what was looked for and not found goes before {again:?}: it may have gone, and is deleted after it"
    );
}
