//! Receipts raise a status and never lower it, whenever they come.

use mostrador_domain::{
    DeliveryStatus, FailureCode, Inbound, MediaKind, MessageAction, MessageId, OutboxState, StatusKind,
    StatusUpdate,
};
use mostrador_store::StoreErrorKind;
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::outbox::{self, NewContent, NewMessage, OperatorWord, Work};
use mostrador_store::tables::receipt;

use crate::world::{NOON, World, at, customer, delivered, reached, text, to_send};

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
async fn the_oldest_of_ours_that_nobody_has_read_is_found_among_the_newest() {
    let world = World::new().await;
    let device = world.device;
    let reached = |id: &str, status| reached(id, StatusKind::Reached(status), at(100));
    world
        .live(vec![
            text(1, "g1").ours().at(10).event(),
            reached("g1", DeliveryStatus::Read),
            text(1, "g2").ours().at(20).event(),
            reached("g2", DeliveryStatus::Delivered),
            text(2, "g3").at(30).event(),
            text(2, "g4").ours().at(40).event(),
            reached("g4", DeliveryStatus::Sent),
        ])
        .await;
    for (since, among, expected, why) in [
        (0, None, Some(at(20)), "what was read is not looked for"),
        (21, None, Some(at(40)), "nor what was written before that time"),
        (0, Some(2), Some(at(40)), "nor what lies behind so many"),
        (41, None, None, "nothing is left"),
    ] {
        let found = world
            .read(move |c| receipt::oldest_unread(c, device, at(since), among))
            .await;
        assert_eq!(found, expected, "{why}");
    }
    world
        .write(move |w| Ok(w.execute("UPDATE device SET own_after = (SELECT max(id) FROM message)", [])?))
        .await;
    let found = world
        .read(move |c| receipt::oldest_unread(c, device, at(0), None))
        .await;
    assert_eq!(found, None, "of another number's nobody hears any more");
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
        member: None,
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

/// A message that the gateway took as `g1` and then gave up.
async fn given_up() -> (World, MessageId) {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let message = world.enqueue(chat, "c1", "hola", NOON).await;
    let id = world.claim_one(NOON).await.id;
    world.accepted(id, "g1", at(1)).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(2))]).await;
    (world, message)
}

/// The gateway tells of it again, in every way.
async fn told_again(world: &World) {
    let listed = text(1, "g1").ours().words("hola").at(1).event();
    let failed = reached("g1", StatusKind::Failed, at(2));
    world
        .live(vec![listed.clone(), failed.clone(), delivered("g1", at(3))])
        .await;
    world.history(vec![listed, failed]).await;
}

#[tokio::test]
async fn what_was_taken_and_then_given_up_is_sent_again_and_stands_once() {
    let (world, message) = given_up().await;

    world
        .operator_says(message, OperatorWord::Retry, at(10))
        .await
        .expect("it did not arrive");

    let row = world.message(message).await;
    assert_eq!(
        (row.gateway_id, row.failure, row.status, row.sent_at, row.at),
        (None, None, Some(DeliveryStatus::Queued), None, at(10)),
        "it begins anew, at the end of its chat"
    );
    let again = world.claim_one(at(10)).await;
    assert_eq!(again.message, message, "the same message");
    assert_ne!(
        again.client_id, "c1",
        "a gateway that has taken the one takes the other"
    );
    told_again(&world).await;
    world.accepted(again.id, "g2", at(11)).await;
    told_again(&world).await;

    let rows = world.messages(world.chat_with(1).await).await;
    assert_eq!(
        rows.iter()
            .map(|row| (row.id, row.gateway_id.as_deref(), row.status))
            .collect::<Vec<_>>(),
        [(message, Some("g2"), Some(DeliveryStatus::Sent))],
        "one message, under the name of the second one"
    );
    assert_eq!(
        world.count("SELECT count(*) FROM receipt_parked").await,
        0,
        "nothing waits for the first one"
    );
    assert!(
        world.claim(at(500)).await.is_none(),
        "it is sent once more, not twice"
    );
}

#[tokio::test]
async fn what_is_given_up_once_more_can_be_sent_once_more() {
    let (world, message) = given_up().await;
    for gateway_id in ["g2", "g3"] {
        world
            .operator_says(message, OperatorWord::Retry, at(10))
            .await
            .expect("it did not arrive");
        let id = world.claim_one(at(10)).await.id;
        world.accepted(id, gateway_id, at(11)).await;
        assert_eq!(
            world.operator_says(message, OperatorWord::Retry, at(12)).await,
            Err(StoreErrorKind::StateChanged),
            "nobody has given it up yet"
        );
        world
            .live(vec![reached(gateway_id, StatusKind::Failed, at(12))])
            .await;
    }
    assert!(
        world.message(message).await.failure.is_some(),
        "given up three times"
    );
}

#[tokio::test]
async fn what_was_given_up_and_taken_back_is_not_shown_again() {
    let (world, message) = given_up().await;
    let star = world
        .act(message, "a1", MessageAction::Star(true))
        .await
        .expect("it is at the gateway");

    world
        .operator_says(message, OperatorWord::Discard, at(10))
        .await
        .expect("it did not arrive");
    told_again(&world).await;

    let chat = world.chat_with(1).await;
    assert!(world.messages(chat).await.is_empty(), "it is gone");
    assert_eq!(world.chat(chat).await.last, None, "from the list too");
    let state: String = world
        .read(move |c| {
            Ok(
                c.query_row("SELECT state FROM outbox WHERE id = ?1", [star.0], |row| {
                    row.get(0)
                })?,
            )
        })
        .await;
    assert_eq!(state, "discarded", "with what was to be done to it");
    world.live(text(1, "g5").ours().at(20).into()).await;
    assert_eq!(world.messages(chat).await.len(), 1, "any other one is shown");
}

#[tokio::test]
async fn what_was_given_up_is_corrected_as_a_draft_and_not_shown_again() {
    let (world, message) = given_up().await;
    world
        .act(message, "a1", MessageAction::Star(true))
        .await
        .expect("it is at the gateway");

    world.write(move |w| outbox::take_back(w, message)).await;
    told_again(&world).await;

    let chat = world.chat_with(1).await;
    assert_eq!(
        world.chat(chat).await.draft.text.as_deref(),
        Some("hola"),
        "its words are being written"
    );
    assert!(world.messages(chat).await.is_empty(), "and stand nowhere else");
    assert_eq!(
        world
            .count("SELECT count(*) FROM outbox WHERE kind = 'star' AND state <> 'discarded'")
            .await,
        0,
        "with what was to be done to it"
    );
    assert!(world.claim(at(5_000)).await.is_none(), "nothing is sent");
}

#[tokio::test]
async fn what_has_arrived_after_all_is_neither_sent_again_nor_taken_back() {
    let (world, message) = given_up().await;
    world.live(vec![delivered("g1", at(3))]).await;
    let corrected = world
        .store
        .write_durably(move |w| outbox::take_back(w, message))
        .await;
    assert_eq!(
        corrected.map_err(|error| error.kind),
        Err(StoreErrorKind::StateChanged),
        "the customer has its words"
    );
    let chat = world.chat_with(1).await;
    assert_eq!(
        world.chat(chat).await.draft.text,
        None,
        "no draft is made of them"
    );
    for word in [OperatorWord::Retry, OperatorWord::Discard] {
        assert_eq!(
            world.operator_says(message, word, at(10)).await,
            Err(StoreErrorKind::StateChanged),
            "{word:?}: the customer has it"
        );
    }
    assert_eq!(
        world.state(message).await,
        OutboxState::Done,
        "it is left as it is"
    );
}

#[tokio::test]
async fn what_was_written_on_the_phone_is_not_sent_from_here() {
    let world = World::new().await;
    world
        .live(vec![
            text(1, "g1").ours().event(),
            reached("g1", StatusKind::Failed, at(1)),
        ])
        .await;
    let row = world.messages(world.chat_with(1).await).await.remove(0);
    assert_eq!(row.outgoing, None, "it has no way out here");
    assert_eq!(
        world.operator_says(row.id, OperatorWord::Retry, at(2)).await,
        Err(StoreErrorKind::NotFound),
        "nobody here knows how it was sent"
    );
}

#[tokio::test]
async fn a_file_that_was_uploaded_is_uploaded_anew_when_its_message_is_sent_again() {
    let world = World::new().await;
    let chat = world.chat_with(1).await;
    let content = NewContent::Media {
        kind: MediaKind::Image,
        media: world.file("ab").await,
        caption: None,
    };
    let new = NewMessage {
        inline_up_to: Some(0),
        ..NewMessage::new(chat, "c1", content)
    };
    let message = world.send(new, NOON).await;
    let upload = world.claim_one(NOON).await.id;
    world.write(move |w| outbox::uploaded(w, upload, "file-1")).await;
    let id = world.claim_one(NOON).await.id;
    world.accepted(id, "g1", at(1)).await;
    world.live(vec![reached("g1", StatusKind::Failed, at(2))]).await;

    world
        .operator_says(message, OperatorWord::Retry, at(10))
        .await
        .expect("it did not arrive");

    let first = world.claim_one(at(10)).await;
    assert!(matches!(first.work, Work::Upload(_)), "the file first: {first:?}");
    let id = first.id;
    world.write(move |w| outbox::uploaded(w, id, "file-2")).await;
    let then = world.claim_one(at(11)).await;
    assert_eq!(
        (then.message, to_send(&then).uploaded.as_deref()),
        (message, Some("file-2")),
        "then the message with it"
    );
}
