//! Messages that may or may not have gone: never lost, never sent twice. Judged by the ledger.

use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::world::{ROSA, World};

fn fault(method: &str, path: &str, times: u32, kind: FaultKind) -> Fault {
    Fault {
        method: Some(method.into()),
        path_prefix: Some(path.into()),
        times,
        kind,
    }
}

async fn ends_delivered_once(kind: FaultKind, text: &'static str) {
    let mut world = World::linked().await;
    world.sandbox.set_fault(fault("POST", "/messages/text", 1, kind));

    world.send(ROSA, text, "u-1").await;
    world.until_status(ROSA, text, "delivered").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.got(ROSA, text), 1, "Rosa got it exactly once");
    assert_eq!(world.ours(ROSA, text).await.len(), 1, "and it shows once here");
    world.finish().await;
}

#[tokio::test]
async fn cut_after_the_effect_it_is_found_and_not_sent_again() {
    ends_delivered_once(FaultKind::CutAfterEffect, "llegó pero no lo dijo").await;
}

#[tokio::test]
async fn cut_before_the_effect_it_is_proven_absent_and_sent() {
    ends_delivered_once(FaultKind::CutBeforeEffect, "no llegó y no lo dijo").await;
}

#[tokio::test]
async fn a_500_is_looked_into_before_anything_is_sent_again() {
    let kind = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    ends_delivered_once(kind, "quinientos").await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_looked_into() {
    ends_delivered_once(FaultKind::MalformedBody, "respuesta ilegible").await;
    ends_delivered_once(FaultKind::TruncatedBody, "respuesta cortada").await;
}

#[tokio::test]
async fn the_same_words_twice_stay_two_messages() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

    world.send(ROSA, "ok", "two-1").await;
    world.send(ROSA, "ok", "two-2").await;
    world
        .until("both are delivered", async |world| {
            let ours = world.ours(ROSA, "ok").await;
            ours.iter().filter(|row| row["status"] == "delivered").count() == 2
        })
        .await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.got(ROSA, "ok"), 2, "two were written, two arrived");
    world.finish().await;
}

/// A world in which `text` did not go, nobody said so, and the history cannot be had: a person is asked.
async fn with_a_message_for_a_person(text: &'static str) -> (World, serde_json::Value) {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutBeforeEffect));
    let refused = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list/", 1_000, refused));

    let message = world.send(ROSA, text, "op-1").await;
    world
        .until("a person is asked", async |world| {
            world
                .ours(ROSA, text)
                .await
                .first()
                .is_some_and(|row| row["needsOperator"] == true)
        })
        .await;
    (world, message)
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_for_a_person_to_decide() {
    let (mut world, message) = with_a_message_for_a_person("¿salió?").await;

    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.got(ROSA, "¿salió?"), 0, "nothing is sent on a guess");
    world.sandbox.clear_faults();
    world
        .run(
            "message_resolve",
            json!({ "messageId": message["id"], "outcome": "it_did_not" }),
        )
        .await;
    world.until_status(ROSA, "¿salió?", "delivered").await;
    assert_eq!(
        world.got(ROSA, "¿salió?"),
        1,
        "it went once, when a person said so"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_person_can_say_that_it_went() {
    let (mut world, message) = with_a_message_for_a_person("ya la vi").await;

    let resolved = world
        .run(
            "message_resolve",
            json!({ "messageId": message["id"], "outcome": "it_went" }),
        )
        .await;
    assert_eq!(resolved["status"], "sent", "the person has seen it");
    world.sandbox.clear_faults();
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.got(ROSA, "ya la vi"), 0, "it is not sent again");
    world.finish().await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_sends_nothing_twice() {
    for (wrong_by, text) in [
        (Duration::from_secs(120), "reloj adelantado"),
        (Duration::from_secs(7_200), "otra hora"),
    ] {
        let mut world = World::linked().await;
        world.clock.advance(wrong_by);
        world
            .sandbox
            .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));

        world.send(ROSA, text, "w-1").await;
        world
            .until("a person is asked", async |world| {
                world
                    .ours(ROSA, text)
                    .await
                    .iter()
                    .any(|row| row["needsOperator"] == true)
            })
            .await;
        world.pass(Duration::from_secs(600)).await;
        assert_eq!(
            world.got(ROSA, text),
            1,
            "what looks like it is in the chat: it may be it"
        );
        world.finish().await;
    }
}

#[tokio::test]
async fn what_takes_effect_after_we_left_is_not_sent_again() {
    let mut world = World::linked().await;
    world.expect_warning("were in flight when the last session ended");
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::LateEffectMs(4_000)));
    world.send(ROSA, "llega tarde", "l-1").await;
    world
        .until("it is under way", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;

    let args =
        json!({ "deviceId": world.device().await["id"], "token": world.sandbox.token(), "remember": true });
    world.run("device_token_set", args).await;
    world.pass(Duration::from_secs(40)).await;
    assert_eq!(
        world.got(ROSA, "llega tarde"),
        0,
        "the call that we left may still be at work"
    );
    let arrived = world.sandbox.wait_until(Duration::from_secs(10), |sandbox| {
        !sandbox.ledger_of(ROSA).is_empty()
    });
    assert!(arrived.await, "it was at work");
    world.until_status(ROSA, "llega tarde", "delivered").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(
        world.got(ROSA, "llega tarde"),
        1,
        "it was found and not sent again"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_has_forgotten_the_chat_proves_nothing() {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(fault("POST", "/messages/text", 1, FaultKind::CutAfterEffect));
    let unknown = FaultKind::Status {
        code: 404,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(fault("GET", "/messages/list/", 1_000, unknown));
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });

    world.send(ROSA, "sí llegó", "gone-1").await;
    world.pass(Duration::from_secs(50)).await;
    world.sandbox.clear_faults();
    world.until_status(ROSA, "sí llegó", "delivered").await;
    world.pass(Duration::from_secs(200)).await;
    assert_eq!(
        world.got(ROSA, "sí llegó"),
        1,
        "an empty list of a chat full of messages is no proof"
    );
    world.finish().await;
}
