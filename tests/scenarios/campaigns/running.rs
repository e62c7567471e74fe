//! A campaign that runs to its end.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use super::{PEOPLE, words_for};
use crate::world::{ROSA, World};

#[tokio::test]
async fn each_gets_it_once_in_the_pace_of_the_plan_and_then_it_has_ended() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_state(id, "finished").await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    let shown = world.shown(id).await;
    assert_eq!(shown["counts"]["total"], 5, "all are counted");
    assert_eq!(shown["counts"]["delivered"], 5, "their phones have it");
    assert!(shown["endedAt"].is_number(), "it has ended");
    let rows = world.recipients(id).await;
    let times: Vec<i64> = rows.iter().filter_map(|row| row["sentAt"].as_i64()).collect();
    let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.min() >= Some(9_900), "ten seconds between two: {times:?}");
    world.finish().await;
}

#[tokio::test]
async fn two_starts_are_one_run() {
    let mut world = World::linked().await;
    let id = world.campaign(&PEOPLE).await;
    world.rehearsed(id).await;
    let start = json!({ "campaignId": id });
    let (one, other) = tokio::join!(
        world.try_run("campaign_start", start.clone()),
        world.try_run("campaign_start", start)
    );
    let refused: Vec<ErrorCode> = [one, other]
        .into_iter()
        .filter_map(|done| done.err())
        .map(|error| error.code)
        .collect();
    assert_eq!(refused, [ErrorCode::StateChanged], "the second window is told");
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn a_window_cannot_give_its_message_a_campaigns_id() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args = json!({ "chatId": chat, "clientId": "campaign-5-1", "text": "hola", "mediaId": null });
    let code = world.refused("message_send", args).await;
    assert_eq!(code, ErrorCode::BadRequest, "it would be taken for a recipient's");
    world.finish().await;
}

#[tokio::test]
async fn a_draft_is_not_started_and_what_runs_is_not_changed() {
    let world = World::linked().await;
    let id = world.campaign(&PEOPLE).await;
    let code = world.refused("campaign_start", json!({ "campaignId": id })).await;
    assert_eq!(code, ErrorCode::StateChanged, "it was not rehearsed");
    world.rehearsed(id).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    let plan = world.shown(id).await["plan"].clone();
    let code = world
        .refused("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    assert_eq!(
        code,
        ErrorCode::StateChanged,
        "the audience and the words are frozen"
    );
    let code = world
        .refused("campaign_delete", json!({ "campaignId": id }))
        .await;
    assert_eq!(code, ErrorCode::StateChanged, "it runs");
    world.finish().await;
}

#[tokio::test]
async fn a_start_that_was_undone_sends_nothing() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.pass(Duration::from_secs(5)).await;
    let shown = world
        .run("campaign_start_undo", json!({ "campaignId": id }))
        .await;
    assert_eq!(shown["state"], "rehearsed", "as before");
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(world.arrived(), 0, "nobody got anything");
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_arrived(1).await;
    let code = world
        .refused("campaign_start_undo", json!({ "campaignId": id }))
        .await;
    assert_eq!(code, ErrorCode::StateChanged, "the first is on its way");
    world.until_state(id, "finished").await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_asks_to_wait_is_left_alone_for_so_long() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    let slow_down = FaultKind::Status {
        code: 429,
        body: None,
        headers: [("retry-after".to_owned(), "300".to_owned())].into(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", slow_down));
    world
        .until("the gateway has asked to wait", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    let arrived = world.arrived();
    world.pass(Duration::from_secs(280)).await;
    assert_eq!(world.arrived(), arrived, "nothing leaves meanwhile");
    assert_eq!(
        world.shown(id).await["state"],
        "running",
        "that is no reason to pause"
    );
    world.until_state(id, "finished").await;
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn an_answer_to_a_customer_is_behind_one_message_at_the_most() {
    let mut world = World::linked().await;
    world.started(&PEOPLE).await;
    world.until_arrived(1).await;
    world.send(ROSA, "ya se lo envío", "r-1").await;
    world.until_status(ROSA, "ya se lo envío", "delivered").await;
    assert!(
        world.arrived() <= 2,
        "the campaign goes on behind it: {}",
        world.arrived()
    );
    world.finish().await;
}

#[tokio::test]
async fn what_somebody_gets_is_in_their_chat_and_their_answer_in_the_campaign() {
    let mut world = World::linked().await;
    let id = world.started(&PEOPLE[..1]).await;
    world.until_state(id, "finished").await;
    let got = world.messages_of(PEOPLE[0]).await;
    let last = got.last().expect("a message");
    assert_eq!(
        last["body"]["text"],
        words_for(PEOPLE[0]).as_str(),
        "as they got it"
    );
    world
        .sandbox
        .write_as(PEOPLE[0], "gracias, quiero dos")
        .expect("written");
    world
        .until("they have answered", async |world| {
            world.states(id).await == ["replied"]
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_people_of_the_shop_write_themselves_counts_against_the_daily_cap() {
    let mut world = World::linked().await;
    let id = world.campaign(&PEOPLE).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["pace"]["dailyCap"] = json!(3);
    world
        .run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    world.send(ROSA, "Ya está su pedido", "by-hand-1").await;
    world
        .until("the answer has arrived", async |world| {
            world.got(ROSA, "Ya está su pedido") == 1
        })
        .await;
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(rehearsal["days"], 2, "two today, three tomorrow: {rehearsal}");
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_arrived(1).await;
    world.send(ROSA, "Lo espero", "by-hand-2").await;
    world
        .until("the day is full", async |world| {
            world.shown(id).await["waits"]["why"] == "daily_cap"
        })
        .await;
    assert_eq!(
        world.arrived(),
        1,
        "an answer to a customer is one of the day's, and goes at once"
    );
    world.until_status(ROSA, "Lo espero", "delivered").await;
    world.finish().await;
}

#[tokio::test]
async fn what_a_campaign_sent_that_is_deleted_meanwhile_counts_for_the_day_once() {
    let mut world = World::linked().await;
    let earlier = world.started(&PEOPLE[..1]).await;
    world.until_state(earlier, "finished").await;
    let id = world.campaign(&PEOPLE).await;
    let mut plan = world.shown(id).await["plan"].clone();
    plan["pace"]["dailyCap"] = json!(5);
    world
        .run("campaign_plan_set", json!({ "campaignId": id, "plan": plan }))
        .await;
    world.rehearsed(id).await;
    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_arrived(2).await;
    world
        .run("campaign_delete", json!({ "campaignId": earlier }))
        .await;
    world.send(ROSA, "Ya está su pedido", "by-hand-1").await;
    world
        .until("the day is full", async |world| {
            world.shown(id).await["waits"]["why"] == "daily_cap"
        })
        .await;
    // What was queued last is on its way.
    world.until_arrived(4).await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(
        world.arrived(),
        4,
        "one of the deleted, one by hand, and three of this one make five"
    );
    world.finish().await;
}
