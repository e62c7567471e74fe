//! The safety meter reads what the shop's own rows say: before a run, and while it goes on.

use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use super::PEOPLE;
use crate::world::World;

/// People whom nobody knows.
const STRANGERS: [&str; 21] = [
    "51900000070",
    "51900000071",
    "51900000072",
    "51900000073",
    "51900000074",
    "51900000075",
    "51900000076",
    "51900000077",
    "51900000078",
    "51900000079",
    "51900000080",
    "51900000081",
    "51900000082",
    "51900000083",
    "51900000084",
    "51900000085",
    "51900000086",
    "51900000087",
    "51900000088",
    "51900000089",
    "51900000090",
];

/// What the meter found of a sign.
fn found(safety: &Value, kind: &str) -> Value {
    let signs = safety["signs"].as_array().expect("signs");
    let sign = signs.iter().find(|sign| sign["kind"] == kind);
    sign.expect("each sign is shown")["found"].clone()
}

/// The shares, in percent.
fn shares(safety: &Value) -> [Value; 5] {
    ["replies", "failures", "known", "unanswered", "repeated"].map(|kind| found(safety, kind))
}

impl World {
    async fn safety(&self, id: i64) -> Value {
        self.run("campaign_safety", json!({ "campaignId": id })).await
    }

    /// A campaign to these people that has ended.
    async fn ran_to(&mut self, people: &[&str]) -> i64 {
        let id = self.started(people).await;
        self.until_state(id, "finished").await;
        id
    }
}

#[tokio::test]
async fn what_the_number_did_lately_and_what_is_known_of_the_people_is_read_before_and_during_a_run() {
    let mut world = World::linked().await;
    let often = STRANGERS[0];
    let knows_us = PEOPLE[0];
    // Two of twenty-one are refused.
    let refused = FaultKind::Status {
        code: 400,
        body: None,
        headers: Default::default(),
    };
    world.sandbox.set_fault(Fault {
        times: 2,
        ..Fault::once("POST", "/messages/text", refused)
    });
    let mut first: Vec<&str> = STRANGERS[1..].to_vec();
    first.push(knows_us);
    let earlier = world.ran_to(&first).await;
    for _ in 0..3 {
        world.ran_to(&[often]).await;
    }
    let id = world
        .campaign(&[knows_us, often, "51900000095", "51900000096", "51900000097"])
        .await;
    let unanswered = world.safety(id).await;
    assert_eq!(found(&unanswered, "replies"), 0.0, "nobody has answered");

    world
        .sandbox
        .write_as(knows_us, "gracias, quiero dos")
        .expect("written");
    world
        .until("they have answered", async |world| {
            world.shown(earlier).await["counts"]["replied"] == 1
        })
        .await;
    let of_lately = |part: f64, whole: f64| json!(part * 100.0 / whole);
    let before = [
        of_lately(1.0, 24.0),
        of_lately(2.0, 24.0),
        json!(20.0),
        json!(20.0),
        json!(40.0),
    ];
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(
        shares(&rehearsal["safety"]),
        before,
        "as it is rehearsed: {rehearsal}"
    );
    assert_eq!(
        shares(&world.safety(id).await),
        before,
        "and whenever it is asked"
    );

    world.run("campaign_start", json!({ "campaignId": id })).await;
    world.until_known(id, 2).await;
    world.run("campaign_pause", json!({ "campaignId": id })).await;
    let during = [of_lately(1.0, 26.0), of_lately(2.0, 26.0)];
    let now = shares(&world.safety(id).await);
    assert_eq!(now[..2], during, "its own messages count");
    assert_eq!(
        now[2..],
        before[2..],
        "of its people the same is known: by itself nobody is written to again"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_number_grows_older_by_the_day() {
    let mut world = World::linked().await;
    let id = world.campaign(&PEOPLE).await;
    let days = |safety: &Value| found(safety, "number_age").as_f64().expect("known");
    let age = days(&world.safety(id).await);
    world.leap(Duration::from_secs(2 * 86_400));
    world.until_online().await;
    assert_eq!(days(&world.safety(id).await), age + 2.0, "two days later");
    let rehearsal = world.run("campaign_rehearse", json!({ "campaignId": id })).await;
    assert_eq!(days(&rehearsal["safety"]), age + 2.0, "and in its rehearsal");
    world.finish().await;
}
