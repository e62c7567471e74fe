//! Which numbers of an audience are on WhatsApp.

use std::time::Duration;

use mostrador_engine::clock::Clock;
use serde_json::json;

use super::{campaign, of, opened};
use crate::world::{ROSA, World};

#[tokio::test]
async fn the_gateway_is_asked_about_numbers_within_its_limits_and_who_is_not_there_is_skipped() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola").await;
    let mut list = format!("Celular\n+{ROSA}\n");
    for row in 1..=400 {
        // The simulated WhatsApp does not know numbers that end so.
        let end = if row % 2 == 0 { "999" } else { "123" };
        list.push_str(&format!("+51988{row:03}{end}\n"));
    }
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let began = world.clock.now();
    let asking = world.run("campaign_numbers_check", of(&campaign)).await;
    assert_eq!(
        (&asking["total"], &asking["asking"], &asking["offered"]),
        (&json!(401), &json!(true), &json!(true)),
        "it goes on by itself"
    );
    let asked = of(&campaign);
    world
        .until("all is known", async move |world| {
            world.run("campaign_numbers_status", asked.clone()).await["asking"] == false
        })
        .await;
    assert!(
        world.clock.now().since(began) >= Duration::from_secs(120),
        "four calls in a minute, of fifty numbers each"
    );
    let status = world.run("campaign_numbers_status", of(&campaign)).await;
    assert_eq!(
        (&status["known"], &status["notOnWhatsapp"]),
        (&json!(401), &json!(200)),
        "half of them are not there: {status}"
    );
    let oldest = status["oldest"].as_i64().expect("the answers have an age");
    assert!(
        (began.0..=world.clock.now().0).contains(&oldest),
        "when it was asked: {oldest}"
    );
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&now["counts"]["pending"], &now["counts"]["skipped"]),
        (&json!(201), &json!(200)),
        "who is not on WhatsApp is not written to"
    );
    world.finish().await;
}

#[tokio::test]
async fn one_that_is_asked_about_while_it_has_its_time_starts_without_who_is_not_there() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hoy hay pan").await;
    let list = format!("Celular\n+{ROSA}\n+51988001999\n");
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    world.run("campaign_rehearse", of(&campaign)).await;
    let schedule = json!({
        "local": crate::campaigns::scheduled::in_minutes(&world, 60), "zone": "UTC", "late": { "policy": "ask" }, "repeats": "never",
    });
    let args = json!({ "campaignId": campaign["id"], "schedule": schedule });
    world.run("campaign_schedule", args).await;
    world.run("campaign_numbers_check", of(&campaign)).await;
    let asked = of(&campaign);
    world
        .until("all is known", async move |world| {
            world.run("campaign_numbers_status", asked.clone()).await["asking"] == false
        })
        .await;
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(
        (&now["state"], &now["counts"]["skipped"]),
        (&json!("scheduled"), &json!(1)),
        "nobody took its time away"
    );
    world
        .until_state(campaign["id"].as_i64().expect("a number"), "finished")
        .await;
    assert_eq!(world.got(ROSA, "Hoy hay pan"), 1, "it started");
    world.finish().await;
}
