//! Whose turn it is: one at a time in each chat, in the order of asking; other chats go on.

use std::collections::BTreeSet;

use mostrador_domain::{FailureCode, UnixMillis};
use mostrador_store::tables::outbox;

use crate::world::{NOON, World, at};

#[tokio::test]
async fn two_claims_at_once_never_give_the_same_row() {
    let world = World::new().await;
    for number in 1..=6 {
        let chat = world.chat_with(number).await;
        world.enqueue(chat, &format!("c{number}"), "hola", NOON).await;
    }

    let mut claimed = BTreeSet::new();
    for _ in 0..4 {
        let (a, b) = tokio::join!(world.claim(NOON), world.claim(NOON));
        for row in [a, b].into_iter().flatten() {
            assert!(claimed.insert(row.id), "{:?} was given twice", row.id);
        }
    }
    assert_eq!(claimed.len(), 6, "every row was given once");
}

#[tokio::test]
async fn a_later_message_waits_for_an_earlier_one_of_its_chat() {
    let world = World::new().await;
    let (chat, other) = (world.chat_with(1).await, world.chat_with(2).await);
    let first = world.enqueue(chat, "c1", "uno", NOON).await;
    world.enqueue(chat, "c2", "dos", NOON).await;
    let elsewhere = world.enqueue(other, "c3", "tres", NOON).await;

    let claimed = world.claim_one(NOON).await;
    assert_eq!(claimed.message, first, "the oldest goes first");
    assert_eq!(
        world.claim_one(NOON).await.message,
        elsewhere,
        "in flight holds back its own chat only"
    );
    assert_eq!(
        world.claim(NOON).await,
        None,
        "the second of the first chat waits for the first"
    );

    let id = claimed.id;
    world.write(move |w| outbox::not_sent(w, id, at(30))).await;
    assert_eq!(
        world.claim(at(29)).await,
        None,
        "ready but not due holds it back too"
    );

    let again = world.claim_one(at(30)).await;
    assert_eq!(
        (again.message, again.attempt),
        (first, 2),
        "the first goes again when its time has come"
    );
    world.no_answer(again.id, at(31)).await;
    assert_eq!(world.claim(at(40)).await, None, "being looked for holds it back");

    world.hand_to_operator(again.id).await;
    assert_eq!(
        world.claim_one(at(40)).await.client_id,
        "c2",
        "with the operator it holds nobody back"
    );
}

#[tokio::test]
async fn what_is_dead_holds_nobody_back() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let first = world.enqueue(chat, "c1", "uno", NOON).await;
    world.enqueue(chat, "c2", "dos", NOON).await;

    let claimed = world.claim_one(NOON).await;
    world.refused(claimed.id).await;

    assert_eq!(world.claim_one(NOON).await.client_id, "c2", "the next may go");
    let shown = world.message(first).await.outgoing.expect("outgoing");
    assert_eq!(
        shown.failure,
        Some(FailureCode::RefusedContent),
        "the reason is kept for the operator"
    );
}

#[tokio::test]
async fn what_was_not_sent_waits_until_its_time() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;

    world.write(move |w| outbox::not_sent(w, id, at(20))).await;

    let device = world.device;
    assert_eq!(
        world.read(move |c| outbox::next_due(c, device)).await,
        Some(at(20)),
        "the worker may sleep till then"
    );
    assert_eq!(
        world.claim(UnixMillis(at(20).0 - 1)).await,
        None,
        "a millisecond too early"
    );
    assert!(world.claim(at(20)).await.is_some(), "its time has come");
}

#[tokio::test]
async fn next_due_leaves_out_what_has_to_wait_for_others() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "uno", NOON).await;
    world.enqueue(chat, "c2", "dos", NOON).await;
    world.claim_one(NOON).await;
    let device = world.device;
    assert_eq!(
        world.read(move |c| outbox::next_due(c, device)).await,
        None,
        "time alone does not free the second"
    );
}

#[tokio::test]
async fn only_the_rows_of_the_device_are_claimed() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "hola", NOON).await;
    let other = world.another_device().await;
    assert_eq!(
        world.write(move |w| outbox::claim(w, other, NOON)).await,
        None,
        "it is another device's"
    );
}

#[tokio::test]
async fn what_is_proven_absent_is_sent_again_in_its_old_turn() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let first = world.enqueue(chat, "c1", "uno", NOON).await;
    world.enqueue(chat, "c2", "dos", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;

    let device = world.device;
    assert_eq!(
        world.read(move |c| outbox::to_look_for(c, device)).await.len(),
        1,
        "it is being looked for"
    );
    assert_eq!(
        world.write(move |w| outbox::looked(w, id, NOON, at(10))).await,
        Some(1),
        "a look is noted"
    );
    world.write(move |w| outbox::proven_absent(w, id)).await;

    let again = world.claim_one(at(11)).await;
    assert_eq!(
        (again.message, again.attempt),
        (first, 2),
        "it goes before the second, as a second attempt"
    );
    world.no_answer(again.id, at(12)).await;
    let looked_for = world.read(move |c| outbox::to_look_for(c, device)).await;
    assert_eq!(
        (looked_for[0].looks, looked_for[0].looked_at),
        (0, None),
        "each attempt is looked for anew"
    );
    assert_eq!(looked_for[0].claimed_at, at(11), "from its own beginning");
}

#[tokio::test]
async fn what_was_with_the_operator_and_is_sent_again_is_looked_for_again() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "uno", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.no_answer(id, at(1)).await;
    world.hand_to_operator(id).await;

    world.write(move |w| outbox::proven_absent(w, id)).await;
    let again = world.claim_one(at(20)).await;
    world.no_answer(again.id, at(21)).await;

    let device = world.device;
    let looked_for = world.read(move |c| outbox::to_look_for(c, device)).await;
    assert_eq!(
        looked_for.len(),
        1,
        "the operator's turn ended with the proof; this is a new question"
    );
}

#[tokio::test]
async fn no_two_of_a_chat_are_in_flight_though_a_proof_comes_late() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world.enqueue(chat, "c1", "uno", NOON).await;
    world.enqueue(chat, "c2", "dos", NOON).await;
    let first = world.claim_one(NOON).await.id;
    world.no_answer(first, at(1)).await;
    world.hand_to_operator(first).await;
    let second = world.claim_one(at(2)).await;

    world.write(move |w| outbox::proven_absent(w, first)).await;

    assert_eq!(
        world.claim(at(3)).await,
        None,
        "the second is in flight: the first waits for it"
    );
    world.accepted(second.id, "g2", at(4)).await;
    assert_eq!(world.claim_one(at(5)).await.id, first, "then it goes");
}
