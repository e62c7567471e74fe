//! A message of a campaign of which nobody knows whether it went.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use super::PEOPLE;
use crate::world::World;

/// A campaign whose first message did not go; nobody said so, and the history cannot be had.
async fn asks_a_person() -> (World, i64, serde_json::Value) {
    let mut world = World::linked().await;
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", FaultKind::CutBeforeEffect));
    let no_history = FaultKind::Status {
        code: 500,
        body: None,
        headers: Default::default(),
    };
    let no_history = Fault {
        times: 100_000,
        ..Fault::once("GET", "/messages/list/", no_history)
    };
    world.sandbox.set_fault(no_history);
    let id = world.started(&PEOPLE[..2]).await;
    world
        .until("a person is asked", async |world| {
            world.recipients(id).await[0]["needsOperator"] == true
        })
        .await;
    world
        .until("the other one has it", async |world| {
            world.states(id).await[1] == "delivered"
        })
        .await;
    let recipient = world.recipients(id).await[0]["id"].clone();
    (world, id, recipient)
}

#[tokio::test]
async fn it_is_never_sent_again_by_itself_and_the_others_go_on() {
    let (mut world, id, _) = asks_a_person().await;
    world.pass(Duration::from_secs(3_600)).await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [0, 1], "nothing on a guess");
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["counts"]["uncertain"]),
        (&json!("running"), &json!(1)),
        "it waits for a person"
    );
    assert_eq!(shown["waits"]["why"], "uncertain", "and says so");
    world.finish().await;
}

#[tokio::test]
async fn a_person_says_that_it_went() {
    let (mut world, id, recipient) = asks_a_person().await;
    let settle = json!({ "recipientId": recipient, "word": "sent" });
    world.run("campaign_recipient_settle", settle.clone()).await;
    assert_eq!(world.shown(id).await["state"], "finished", "it was the last");
    world.sandbox.clear_faults();
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(
        world.each_got(&PEOPLE[..2]),
        [0, 1],
        "what a person says is believed: it is not sent again"
    );
    let code = world.refused("campaign_recipient_settle", settle).await;
    assert_eq!(code, ErrorCode::StateChanged, "said is said");
    world.finish().await;
}

#[tokio::test]
async fn a_person_says_that_it_did_not_go_and_leaves_it_at_that() {
    let (mut world, id, recipient) = asks_a_person().await;
    let settle = json!({ "recipientId": recipient, "word": "not_sent" });
    world.run("campaign_recipient_settle", settle).await;
    world.sandbox.clear_faults();
    world.pass(Duration::from_secs(600)).await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [0, 1], "they get nothing");
    let rows = world.recipients(id).await;
    assert_eq!(
        (&rows[0]["state"], &rows[0]["reason"]),
        (&json!("failed"), &json!("said_not_sent")),
        "and it says why"
    );
    assert_eq!(world.shown(id).await["state"], "finished", "all are settled");
    world.finish().await;
}

#[tokio::test]
async fn a_person_wants_it_sent_after_all() {
    let (mut world, id, recipient) = asks_a_person().await;
    world.sandbox.clear_faults();
    let settle = json!({ "recipientId": recipient, "word": "again" });
    world.run("campaign_recipient_settle", settle).await;
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "each once");
    world.finish().await;
}

#[tokio::test]
async fn one_that_is_found_in_the_history_is_settled_by_itself() {
    for (fault, text) in [
        (FaultKind::CutAfterEffect, "it went"),
        (FaultKind::CutBeforeEffect, "it did not"),
    ] {
        let mut world = World::linked().await;
        world
            .sandbox
            .set_fault(Fault::once("POST", "/messages/text", fault));
        let id = world.started(&PEOPLE[..2]).await;
        world.until_state(id, "finished").await;
        world.pass(Duration::from_secs(120)).await;
        assert_eq!(world.each_got(&PEOPLE[..2]), [1, 1], "{text}: each exactly once");
        world.finish().await;
    }
}
