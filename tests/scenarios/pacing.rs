//! How often a gateway is asked while nothing happens: counted at the gateway, against what its plan allows and what we promise.
//!
//! At the most is what is promised. Virtual time does not wait for a slow machine's answers, so there may be fewer; how many there are to be
//! is held exactly by the tests of `engine/src/session/rhythm.rs`.

use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::dialects;
use crate::world::{ROSA, World};

const QUARTER: Duration = Duration::from_secs(900);

/// From now on requests of this kind are counted ([`asked`]): each is told to be late by nothing, and goes on.
fn count(world: &World, method: Option<&str>, path: &str) {
    world.sandbox.set_fault(Fault {
        method: method.map(str::to_owned),
        path_prefix: Some(path.to_owned()),
        times: u32::MAX,
        kind: FaultKind::DelayMs(0),
    });
}

/// How many were asked while this much time passed.
async fn asked_in(world: &mut World, span: Duration) -> u64 {
    let before = world.sandbox.spoilt();
    world.pass(span).await;
    world.sandbox.spoilt() - before
}

#[tokio::test]
async fn a_gateway_that_calls_is_asked_for_news_at_most_once_a_minute() {
    let mut world = World::linked().await;
    count(&world, Some("GET"), "/messages/list");
    let asked = asked_in(&mut world, 2 * QUARTER).await;
    assert!((1..=31).contains(&asked), "half an hour: {asked} questions");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_does_not_call_is_asked_no_more_often_than_promised_and_less_when_it_is_quiet() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.sandbox.write_as(ROSA, "sin aviso").expect("Rosa writes");
    world
        .until("it is known that it does not call", async |world| {
            world.device().await["state"]["why"] == "deaf"
        })
        .await;
    count(&world, Some("GET"), "/messages/list");
    let busy = asked_in(&mut world, Duration::from_secs(60)).await;
    assert!(
        (1..=13).contains(&busy),
        "at most every five seconds in the first minute: {busy}"
    );
    world.pass(QUARTER).await;
    let quiet = asked_in(&mut world, QUARTER).await;
    assert!(
        (1..=31).contains(&quiet),
        "at most every half minute in a quiet quarter: {quiet}"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_quiet_number_leaves_most_of_a_hundred_calls_a_quarter_to_its_messages() {
    let mut world = World::new().await;
    let fields = json!({ "url": dialects::at(&world, "api_engine"), "token": world.sandbox.token() });
    dialects::add(&world, "api_engine", fields).await;
    dialects::link(&mut world).await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| world.chats().await.len() == 1)
        .await;
    // The window in which it was linked.
    world.pass(QUARTER).await;
    count(&world, None, "/dialects/api_engine");
    for words in ["uno", "dos", "tres", "cuatro"] {
        let asked = asked_in(&mut world, QUARTER).await;
        assert!(asked > 0, "it is looked after");
        assert!(
            asked <= 50,
            "{asked} of a quarter's 100 calls by routine, before message {words}"
        );
        world.send(ROSA, words, &format!("c-{words}")).await;
        world.until_status(ROSA, words, "sent").await;
    }
    world.finish().await;
}
