//! A message to try a campaign with, to a number of the shop's own.

use std::time::Duration;

use mostrador_api::ErrorCode;
use serde_json::json;

use super::{campaign, of, opened};
use crate::world::{ROSA, World};

#[tokio::test]
async fn a_test_goes_to_the_number_that_was_given_and_is_nobodys_message() {
    let mut world = World::linked().await;
    let campaign = campaign(&world, "Hola {{nombre}}").await;
    let list = "Nombre;Celular\nAna;+51900000020\n";
    let list = opened(&mut world, &campaign, "a.csv", list.as_bytes()).await;
    world
        .run("import_accept", json!({ "importId": list["importId"] }))
        .await;
    let args = json!({ "campaignId": campaign["id"], "recipientId": null, "variant": 0, "number": format!("+{ROSA}"), "clientId": "t-1" });
    for _ in 0..2 {
        world.run("campaign_test_send", args.clone()).await;
    }
    world.until_status(ROSA, "Hola Ana", "delivered").await;
    assert_eq!(world.got(ROSA, "Hola Ana"), 1, "asked twice, sent once");
    let now = world.run("campaign_get", of(&campaign)).await;
    assert_eq!(now["counts"]["pending"], 1, "nobody was written to");
    let mut wrong = args.clone();
    wrong["number"] = json!("hola");
    assert_eq!(
        world.refused("campaign_test_send", wrong).await,
        ErrorCode::NumberInvalid,
        "no number"
    );
    let mut wrong = args;
    wrong["variant"] = json!(3);
    assert_eq!(
        world.refused("campaign_test_send", wrong).await,
        ErrorCode::MessageEmpty,
        "no such text"
    );
    let safety = world.run("campaign_safety", of(&campaign)).await;
    assert_eq!(
        safety["signs"].as_array().map(Vec::len),
        Some(9),
        "each sign explains itself"
    );
    world.pass(Duration::from_secs(1)).await;
    world.finish().await;
}

#[tokio::test]
async fn a_test_without_an_audience_shows_fallbacks_or_names_and_says_what_has_no_value() {
    let mut world = World::linked().await;
    let campaign = campaign(
        &world,
        "Hola {{nombre | default('vecina')}}, su pedido {{pedido}}",
    )
    .await;
    let args = json!({ "campaignId": campaign["id"], "recipientId": null, "variant": 0, "number": format!("+{ROSA}"), "clientId": "t-1" });
    let sent = world.run("campaign_test_send", args).await;
    assert_eq!(sent["withoutValue"], json!(["pedido"]), "named");
    world
        .until_status(ROSA, "Hola vecina, su pedido pedido", "delivered")
        .await;
    world.finish().await;
}
