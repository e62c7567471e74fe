//! A campaign in whose middle the program ends.

use std::time::Duration;

use mostrador_engine::clock::Clock as _;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use super::PEOPLE;
use crate::world::World;

#[tokio::test]
async fn what_runs_goes_on_after_a_restart_from_its_rows() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(2).await;
    world.restart().await;
    assert_eq!(
        world.shown(id).await["state"],
        "running",
        "a restart changes no state"
    );
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn what_is_paused_stays_paused_over_a_restart() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.run("campaign_pause", json!({ "campaignId": id })).await;
    world.restart().await;
    let arrived = world.arrived();
    world.pass(Duration::from_secs(600)).await;
    assert!(world.arrived() <= arrived + 1, "nothing leaves by itself");
    assert_eq!(world.shown(id).await["state"], "paused", "a person resumes it");
    world.finish().await;
}

#[tokio::test]
async fn a_message_that_was_leaving_when_the_program_ended_is_looked_for_and_not_sent_again() {
    let mut world = World::linked().await;
    world.expect_warning("messages were in flight when the last session ended");
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", FaultKind::DelayMs(20_000)));
    world.until_arrived(2).await;
    world.restart().await;
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_pause_that_the_gateway_asked_for_holds_over_a_persons_pause_and_a_restart() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let slow_down = FaultKind::Status {
        code: 429,
        body: None,
        headers: [("retry-after".to_owned(), "3600".to_owned())].into(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", slow_down));
    world
        .until("the second is turned away", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    let asked_at = world.clock.now();
    let arrived = world.arrived();
    let which = json!({ "campaignId": id });
    world.run("campaign_pause", which.clone()).await;
    world.restart().await;
    world.until_online().await;
    world.run("campaign_resume", which).await;
    let passed = world.clock.now().since(asked_at);
    let left = Duration::from_secs(3_540).checked_sub(passed);
    world.pass(left.expect("it is not over")).await;
    assert_eq!(world.arrived(), arrived, "nothing leaves before it ends");
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}
