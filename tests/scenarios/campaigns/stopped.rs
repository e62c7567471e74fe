//! A campaign that is paused, braked or cancelled.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use super::PEOPLE;
use crate::world::{ROSA, World};

#[tokio::test]
async fn a_pause_bites_within_one_send_and_nobody_gets_it_twice_after_it() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(2).await;
    world.run("campaign_pause", json!({ "campaignId": id })).await;
    let arrived = world.arrived();
    world.pass(Duration::from_secs(600)).await;
    assert!(world.arrived() <= arrived + 1, "what was leaving may have left");
    let shown = world.shown(id).await;
    assert_eq!(shown["pause"]["cause"], "operator", "a person wanted it");
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn quick_pauses_and_resumes_make_one_run() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    for round in 0..6_u64 {
        world.pass(Duration::from_secs(4 + round)).await;
        let which = json!({ "campaignId": id });
        if world.shown(id).await["state"] == "running" {
            world.run("campaign_pause", which.clone()).await;
            world.run("campaign_resume", which.clone()).await;
            world.run("campaign_pause", which.clone()).await;
            world.run("campaign_resume", which).await;
        }
    }
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_restriction_pauses_at_once_says_why_and_answers_go_on() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let restricted = FaultKind::Status {
        code: 463,
        body: None,
        headers: Default::default(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", restricted));
    world.until_state(id, "paused").await;
    let shown = world.shown(id).await;
    assert_eq!(shown["pause"]["cause"], "restricted", "with its cause");
    assert_eq!(shown["counts"]["queued"], 0, "nothing waits in the outbox");
    let arrived = world.arrived();
    world.send(ROSA, "buenas tardes", "r-1").await;
    world.until_status(ROSA, "buenas tardes", "delivered").await;
    world.pass(Duration::from_secs(3 * 3_600)).await;
    assert_eq!(world.arrived(), arrived, "the campaign waits for a person");
    world.until_online().await;
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_number_that_is_unlinked_pauses_and_is_linked_before_it_goes_on() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.unlink().await;
    world.until_state(id, "paused").await;
    assert_eq!(
        world.shown(id).await["pause"]["cause"],
        "logged_out",
        "with its cause"
    );
    let code = world
        .refused("campaign_resume", json!({ "campaignId": id }))
        .await;
    assert_eq!(code, ErrorCode::NotLinked, "a person links it first");
    world.link_again().await;
    world.until_online().await;
    world.run("campaign_resume", json!({ "campaignId": id })).await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn too_many_refusals_pause() {
    let mut world = World::linked().await;
    let refused = FaultKind::Status {
        code: 400,
        body: None,
        headers: Default::default(),
    };
    let fault = Fault {
        times: 100,
        ..Fault::once("POST", "/messages/text", refused)
    };
    world.sandbox.set_fault(fault);
    let id = world.started(&PEOPLE).await;
    world
        .until("all have failed", async |world| {
            world.states(id).await == ["failed"; 5]
        })
        .await;
    let shown = world.shown(id).await;
    assert_eq!(
        (&shown["state"], &shown["pause"]["cause"]),
        (&json!("paused"), &json!("too_many_failures")),
        "five of five"
    );
    let rows = world.recipients(id).await;
    assert_eq!(rows[0]["reason"], "refused_content", "each says why");
    world.finish().await;
}

#[tokio::test]
async fn who_was_not_written_to_when_it_is_cancelled_gets_nothing() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(2).await;
    let shown = world.run("campaign_cancel", json!({ "campaignId": id })).await;
    assert_eq!(shown["state"], "cancelled", "ended");
    world.pass(Duration::from_secs(600)).await;
    let shown = world.shown(id).await;
    let arrived = u64::try_from(world.arrived()).expect("few");
    assert!(arrived <= 3, "what was leaving may have left");
    assert_eq!(shown["counts"]["skipped"], 5 - arrived, "the others are skipped");
    assert_eq!(shown["counts"]["delivered"], arrived, "and all is counted");
    world.finish().await;
}

#[tokio::test]
async fn somebody_is_taken_out_before_their_turn() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    let last = world.recipients(id).await[4]["id"].clone();
    world
        .run("campaign_recipient_take_out", json!({ "recipientId": last }))
        .await;
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1, 1, 1, 1, 0], "but for them");
    assert_eq!(
        world.recipients(id).await[4]["reason"],
        "taken_out",
        "and it says so"
    );
    world.finish().await;
}
