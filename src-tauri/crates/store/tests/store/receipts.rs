//! Receipts raise a status and never lower it, whenever they come.

use mostrador_domain::{DeliveryStatus, FailureCode, Inbound, StatusKind, StatusUpdate};
use mostrador_store::tables::ingest::Origin;

use crate::world::{NOON, World, at, customer, delivered, reached, text};

#[tokio::test]
async fn a_receipt_before_its_message_is_parked_and_applied() {
    let world = World::new().await;
    world.live(vec![delivered("g1", at(5))]).await;
    assert_eq!(
        world.count("SELECT count(*) FROM receipt_parked").await,
        1,
        "it waits for its message"
    );

    world.live(text(1, "g1").ours().into()).await;

    let chat = world.chat_with(1).await;
    let row = world.messages(chat).await.remove(0);
    assert_eq!(
        (row.status, row.delivered_at),
        (Some(DeliveryStatus::Delivered), Some(at(5))),
        "it counts"
    );
    assert_eq!(
        world.count("SELECT count(*) FROM receipt_parked").await,
        0,
        "it waits no longer"
    );
}

#[tokio::test]
async fn a_lower_status_never_lowers_but_tells_its_time() {
    let world = World::new().await;
    let read = StatusKind::Reached(DeliveryStatus::Read);
    world
        .live(vec![text(1, "g1").ours().event(), reached("g1", read, at(9))])
        .await;

    world.live(vec![delivered("g1", at(5))]).await;

    let chat = world.chat_with(1).await;
    let row = world.messages(chat).await.remove(0);
    assert_eq!(row.status, Some(DeliveryStatus::Read), "read stays read");
    assert_eq!(
        (row.delivered_at, row.read_at),
        (Some(at(5)), Some(at(9))),
        "each with its own time"
    );
}

#[tokio::test]
async fn of_several_times_the_earliest_counts() {
    let world = World::new().await;
    world.live(text(1, "g1").ours().into()).await;
    for when in [7, 5, 9] {
        world.live(vec![delivered("g1", at(when))]).await;
    }
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.messages(chat).await[0].delivered_at,
        Some(at(5)),
        "it reached the phone once, then"
    );
}

#[tokio::test]
async fn a_message_that_the_gateway_gave_up_says_so_until_it_arrives_after_all() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    world
        .live(vec![
            text(1, "g1").ours().event(),
            reached("g1", StatusKind::Failed, at(1)),
        ])
        .await;
    assert_eq!(
        world.messages(chat).await[0].failure,
        Some(FailureCode::RefusedRecipient),
        "given up"
    );

    world.live(vec![delivered("g1", at(2))]).await;
    assert_eq!(
        world.messages(chat).await[0].failure,
        None,
        "it arrived after all"
    );
    world.live(vec![reached("g1", StatusKind::Failed, at(3))]).await;
    assert_eq!(
        world.messages(chat).await[0].failure,
        None,
        "what arrived has not failed"
    );
}

#[tokio::test]
async fn a_failure_that_comes_before_the_answer_to_its_send_is_not_lost() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.live(vec![reached("g1", StatusKind::Failed, at(1))]).await;

    world.accepted(id, "g1", at(2)).await;

    assert_eq!(
        world.message(message).await.failure,
        Some(FailureCode::RefusedRecipient),
        "the operator must see it"
    );
}

#[tokio::test]
async fn what_was_given_up_for_a_restriction_says_so_whenever_it_is_told() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    let given_up = vec![
        text(1, "g0").ours().event(),
        reached("g0", StatusKind::Restricted, at(1)),
        reached("g1", StatusKind::Restricted, at(1)),
    ];
    world.live(given_up).await;

    world.accepted(id, "g1", at(2)).await;

    let failures: Vec<_> = world.messages(chat).await.iter().map(|row| row.failure).collect();
    assert_eq!(
        failures,
        [Some(FailureCode::Restricted); 2],
        "it is the number that was refused, not whom it was for"
    );
    assert_eq!(
        world.message(message).await.failure,
        Some(FailureCode::Restricted),
        "told before its answer or after it"
    );
}

#[tokio::test]
async fn a_receipt_is_for_the_device_that_it_came_to() {
    let world = World::new().await;
    let other = world.another_device().await;
    world.live(text(1, "g1").ours().into()).await;

    world
        .ingest(other, vec![delivered("g1", at(1))], Origin::Live)
        .await;

    let chat = world.chat_with(1).await;
    assert_eq!(
        world.messages(chat).await[0].status,
        Some(DeliveryStatus::Sent),
        "another device's id is another id"
    );
    world
        .ingest(other, text(1, "g1").ours().into(), Origin::Live)
        .await;
    let raised = world.count("SELECT count(*) FROM message WHERE status = 2").await;
    assert_eq!(raised, 1, "it waited for that device's own message");
}

#[tokio::test]
async fn a_receipt_that_names_its_chat_is_for_the_message_there() {
    let world = World::new().await;
    world
        .live(vec![text(1, "g1").ours().event(), text(2, "g1").ours().event()])
        .await;

    let status = StatusKind::Reached(DeliveryStatus::Read);
    let update = StatusUpdate {
        gateway_id: "g1".into(),
        chat: Some(customer(2)),
        status,
        at: at(1),
    };
    world.live(vec![Inbound::Status(update)]).await;

    let (first, second) = (world.chat_with(1).await, world.chat_with(2).await);
    assert_eq!(
        world.messages(first).await[0].status,
        Some(DeliveryStatus::Sent),
        "not this one"
    );
    assert_eq!(
        world.messages(second).await[0].status,
        Some(DeliveryStatus::Read),
        "but that one"
    );
}

#[tokio::test]
async fn a_message_of_theirs_has_no_status() {
    let world = World::new().await;
    world
        .live(vec![text(1, "g1").event(), delivered("g1", at(1))])
        .await;
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.messages(chat).await[0].status,
        None,
        "receipts speak of our messages only"
    );
}
