//! What the operator may say of a message, in which state.

use mostrador_domain::{DeliveryStatus, MessageId, OutboxId, OutboxState};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord};

use crate::world::{NOON, World, at, text};

/// A message in `state`, the only one of its chat but for an older one of the customer's.
async fn message_in(world: &World, state: OutboxState) -> (MessageId, OutboxId) {
    world.live(text(1, "m1").at(-10).into()).await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = OutboxId(world.count("SELECT id FROM outbox").await);
    if state != OutboxState::Ready && state != OutboxState::Discarded {
        world.claim_one(NOON).await;
    }
    match state {
        OutboxState::Ready | OutboxState::InFlight => {}
        OutboxState::Uncertain => world.no_answer(id, at(1)).await,
        OutboxState::Done => world.accepted(id, "g1", at(1)).await,
        OutboxState::Dead => world.refused(id).await,
        OutboxState::Discarded => {
            world
                .operator_says(message, OperatorWord::Discard, at(1))
                .await
                .expect("ready can be discarded");
        }
    }
    (message, id)
}

#[tokio::test]
async fn a_word_that_does_not_fit_the_state_changes_nothing() {
    use OperatorWord as W;
    use OutboxState as S;
    let fits = |state, word| {
        matches!(
            (state, word),
            (S::Ready | S::Dead, W::Discard) | (S::Dead, W::Retry) | (S::Uncertain, W::ItWent | W::ItDidNot)
        )
    };
    for state in [S::Ready, S::InFlight, S::Uncertain, S::Done, S::Dead] {
        for word in [W::Retry, W::Discard, W::ItWent, W::ItDidNot] {
            let world = World::new().await;
            let (message, _) = message_in(&world, state).await;
            let before = world.message(message).await;

            let outcome = world.operator_says(message, word, at(5)).await;

            if fits(state, word) {
                assert_eq!(outcome, Ok(()), "{word:?} fits {state:?}");
            } else {
                assert_eq!(
                    outcome,
                    Err(StoreErrorKind::StateChanged),
                    "{word:?} does not fit {state:?}"
                );
                assert_eq!(
                    world.message(message).await,
                    before,
                    "{word:?} in {state:?} must change nothing"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_word_about_a_message_of_theirs_or_a_discarded_one_finds_nothing() {
    let world = World::new().await;
    let (discarded, id) = message_in(&world, OutboxState::Discarded).await;
    let theirs = MessageId(world.count("SELECT id FROM message WHERE from_me = 0").await);
    for message in [discarded, theirs] {
        let outcome = world.operator_says(message, OperatorWord::Discard, at(5)).await;
        assert_eq!(
            outcome,
            Err(StoreErrorKind::NotFound),
            "there is nothing to say about it"
        );
    }
    let late = world
        .store
        .write(move |w| outbox::accepted(w, id, "g1", DeliveryStatus::Sent, at(5)))
        .await;
    assert_eq!(
        late.expect_err("must refuse").kind,
        StoreErrorKind::StateChanged,
        "a discarded row stays so"
    );
}

#[tokio::test]
async fn discard_removes_the_message_and_the_chat_shows_the_one_before() {
    for state in [OutboxState::Ready, OutboxState::Dead] {
        let world = World::new().await;
        let (message, _) = message_in(&world, state).await;
        let chat = world.chat_with(1).await;

        world
            .operator_says(message, OperatorWord::Discard, at(5))
            .await
            .expect("it can be discarded");

        let left = world.messages(chat).await;
        assert_eq!(left.len(), 1, "{state:?}: only the customer's message is left");
        let shown = world.chat(chat).await;
        assert_eq!(
            shown.last.map(|last| last.id),
            Some(left[0].id),
            "{state:?}: the list shows it"
        );
        assert_eq!(shown.last_at, at(-10), "{state:?}: at its time");
        assert_eq!(
            world.claim(at(60)).await,
            None,
            "{state:?}: nothing is left to send"
        );
    }
}

#[tokio::test]
async fn a_discarded_client_id_cannot_be_sent_again() {
    let world = World::new().await;
    message_in(&world, OutboxState::Discarded).await;
    let chat = world.chat_with(1).await;
    let new = NewMessage::new(chat, "c1", NewContent::Text("hola".into()));

    let refused = world
        .store
        .write(move |w| outbox::enqueue(w, &new, at(9)))
        .await
        .expect_err("must refuse");

    assert_eq!(
        refused.kind,
        StoreErrorKind::StateChanged,
        "the operator took it back"
    );
    assert_eq!(world.claim(at(60)).await, None, "nothing goes out");
}

#[tokio::test]
async fn retry_sends_it_after_what_waits_already() {
    let world = World::new().await;
    let (message, _) = message_in(&world, OutboxState::Dead).await;
    let chat = world.chat_with(1).await;
    let later = world.enqueue(chat, "c2", "otra", at(2)).await;

    world
        .operator_says(message, OperatorWord::Retry, at(5))
        .await
        .expect("dead can be retried");

    let order: Vec<_> = world
        .messages(chat)
        .await
        .into_iter()
        .map(|row| row.id)
        .skip(1)
        .collect();
    assert_eq!(order, [later, message], "it is shown at the end");
    assert_eq!(
        world.chat(chat).await.last.map(|last| last.id),
        Some(message),
        "the list shows it as the newest"
    );
    let first = world.claim_one(at(6)).await;
    assert_eq!(first.message, later, "and it goes in that order");
    assert_eq!(world.claim(at(6)).await, None, "one at a time");
    world.accepted(first.id, "g2", at(7)).await;
    let second = world.claim_one(at(8)).await;
    assert_eq!(
        (second.message, second.attempt),
        (message, 1),
        "with all its attempts again"
    );
}

#[tokio::test]
async fn retry_with_a_clock_that_was_set_back_keeps_the_list_right() {
    let world = World::new().await;
    let (message, _) = message_in(&world, OutboxState::Dead).await;
    let chat = world.chat_with(1).await;

    world
        .operator_says(message, OperatorWord::Retry, at(-60))
        .await
        .expect("dead can be retried");

    let newest = world.messages(chat).await.pop().expect("two messages");
    let shown = world.chat(chat).await;
    assert_eq!(
        shown.last.map(|last| last.id),
        Some(newest.id),
        "the list and the chat agree"
    );
    assert_eq!(shown.last_at, newest.at, "on the time as well");
}

#[tokio::test]
async fn it_went_is_done_and_sent() {
    let world = World::new().await;
    let (message, id) = message_in(&world, OutboxState::Uncertain).await;
    world.hand_to_operator(id).await;

    world
        .operator_says(message, OperatorWord::ItWent, at(5))
        .await
        .expect("uncertain can be settled");

    let row = world.message(message).await;
    let outgoing = row.outgoing.expect("outgoing");
    assert_eq!(
        (outgoing.state, outgoing.failure),
        (OutboxState::Done, None),
        "settled"
    );
    assert!(!outgoing.needs_operator, "the operator has said it");
    assert_eq!(row.status, Some(DeliveryStatus::Sent), "sent, as far as we know");
    assert_eq!(world.claim(at(60)).await, None, "and never again");
}

#[tokio::test]
async fn it_did_not_sends_it_again() {
    let world = World::new().await;
    let (message, id) = message_in(&world, OutboxState::Uncertain).await;
    world.hand_to_operator(id).await;

    world
        .operator_says(message, OperatorWord::ItDidNot, at(5))
        .await
        .expect("uncertain can be settled");

    assert_eq!(world.state(message).await, OutboxState::Ready, "ready again");
    assert!(
        !world
            .message(message)
            .await
            .outgoing
            .expect("outgoing")
            .needs_operator,
        "the operator has said it"
    );
    assert_eq!(world.claim_one(at(5)).await.message, message, "and it goes");
}

#[tokio::test]
async fn handing_over_concerns_uncertain_rows_only() {
    for state in [
        OutboxState::Ready,
        OutboxState::InFlight,
        OutboxState::Done,
        OutboxState::Dead,
    ] {
        let world = World::new().await;
        let (message, id) = message_in(&world, state).await;
        world.hand_to_operator(id).await;
        let outgoing = world.message(message).await.outgoing.expect("outgoing");
        assert_eq!(
            (outgoing.state, outgoing.needs_operator),
            (state, false),
            "{state:?} needs no operator"
        );
    }
}
