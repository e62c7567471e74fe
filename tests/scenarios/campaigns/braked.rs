//! Two campaigns of one number, and the gateway's word against one message of them: what concerns the number pauses both, what concerns
//! one message pauses its own. Answers to customers go on either way.

use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind};
use serde_json::json;

use super::PEOPLE;
use crate::world::{ROSA, World};

impl World {
    /// Two campaigns to different people that have begun, and the next message of either is answered so.
    async fn two_and_then(&mut self, code: u16) -> [i64; 2] {
        let both = [self.started(&PEOPLE[..3]).await, self.started(&PEOPLE[3..]).await];
        self.until_arrived(1).await;
        let fault = FaultKind::Status {
            code,
            body: None,
            headers: Default::default(),
        };
        self.sandbox
            .set_fault(Fault::once("POST", "/messages/text", fault));
        both
    }

    /// Each one's state, and why it is paused.
    async fn why_paused(&self, campaigns: [i64; 2]) -> [String; 2] {
        let mut told = [String::new(), String::new()];
        for (told, id) in told.iter_mut().zip(campaigns) {
            let shown = self.shown(id).await;
            let cause = shown["pause"]["cause"].as_str().unwrap_or_default();
            *told = format!("{} {cause}", shown["state"].as_str().unwrap_or_default());
        }
        told
    }

    /// An answer to a customer goes out.
    async fn answers_rosa(&mut self) {
        self.send(ROSA, "buenas tardes", "r-1").await;
        self.until_status(ROSA, "buenas tardes", "delivered").await;
    }
}

#[tokio::test]
async fn a_restriction_of_the_number_pauses_every_campaign_of_it() {
    let mut world = World::linked().await;
    let both = world.two_and_then(463).await;
    world
        .until("both are paused, with its cause", async |world| {
            world.why_paused(both).await == ["paused restricted", "paused restricted"]
        })
        .await;
    for id in both {
        assert_eq!(world.shown(id).await["counts"]["queued"], 0, "nothing waits");
    }
    let arrived = world.arrived();
    world.answers_rosa().await;
    world.pass(Duration::from_secs(3 * 3_600)).await;
    assert_eq!(world.arrived(), arrived, "both wait for a person");
    world.until_online().await;
    for id in both {
        world.run("campaign_resume", json!({ "campaignId": id })).await;
    }
    for id in both {
        world.until_state(id, "finished").await;
    }
    assert_eq!(world.each_got(&PEOPLE), [1; 5], "each exactly once");
    world.finish().await;
}

#[tokio::test]
async fn what_a_gateway_forbids_pauses_the_campaign_that_it_said_so_of_and_the_other_goes_on() {
    let mut world = World::linked().await;
    let both = world.two_and_then(403).await;
    world
        .until("one of them is paused", async |world| {
            let told = world.why_paused(both).await;
            told.iter().any(|told| told.starts_with("paused"))
        })
        .await;
    let told = world.why_paused(both).await;
    let (paused, other) = match told[0].as_str() {
        "paused forbidden" => (both[0], both[1]),
        _ => (both[1], both[0]),
    };
    assert_eq!(
        world.why_paused([paused, other]).await,
        ["paused forbidden", "running "],
        "it was said of one message"
    );
    world.answers_rosa().await;
    world.until_state(other, "finished").await;
    world.pass(Duration::from_secs(3_600)).await;
    let shown = world.shown(paused).await;
    assert_eq!(
        (&shown["state"], &shown["counts"]["failed"]),
        (&json!("paused"), &json!(1)),
        "it waits for a person: {shown}"
    );
    assert!(
        shown["counts"]["pending"].as_u64() > Some(0),
        "and its people with it: {shown}"
    );
    world
        .run("campaign_resume", json!({ "campaignId": paused }))
        .await;
    world.until_state(paused, "finished").await;
    assert_eq!(world.arrived(), 4, "all but the one who was refused");
    world.finish().await;
}
