//! Labels: made, changed and removed here, and so on the phone.

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::{Value, json};

use crate::asking::gateway;
use crate::world::{ROSA, World};

async fn on_the_phone(world: &World, name: &str) -> Option<Value> {
    let told = gateway(world, "/labels").await;
    let labels = told.as_array().cloned().unwrap_or_default();
    labels.into_iter().find(|label| label["name"] == name)
}

async fn here(world: &World, name: &str) -> Option<Value> {
    let labels = world.run("label_list", json!({})).await;
    let labels = labels.as_array().cloned().unwrap_or_default();
    labels.into_iter().find(|label| label["name"] == name)
}

#[tokio::test]
async fn a_label_is_made_put_on_changed_and_removed_here_and_on_the_phone() {
    let mut world = World::linked().await;
    let device = world.device().await;
    let colours = device["capabilities"]["labelColours"].clone();
    let (first, second) = (colours[0].clone(), colours[4].clone());
    let args = json!({ "deviceId": device["id"], "name": " Por recoger ", "colour": first });
    let made = world.run("label_add", args.clone()).await;
    let again = world.run("label_add", args).await;
    assert_eq!(again["id"], made["id"], "one of this name is enough");
    assert_eq!(
        on_the_phone(&world, "Por recoger")
            .await
            .map(|label| label["color"].clone()),
        Some(first),
        "on the phone too"
    );

    let chat = world.chat_of(ROSA).await["id"].clone();
    let wish = json!({ "kind": "label", "labelId": made["id"], "on": true });
    world
        .run("chat_change", json!({ "chatId": chat, "change": wish }))
        .await;
    let args = json!({ "labelId": made["id"], "name": "Recogido", "colour": second });
    let changed = world.run("label_change", args).await;
    assert_eq!(
        (&changed["name"], &changed["colour"], &changed["chats"]),
        (&json!("Recogido"), &second, &json!(1)),
        "the same label, borne by the same chat"
    );
    world
        .until("the phone has it", async |world| {
            on_the_phone(world, "Recogido")
                .await
                .is_some_and(|label| label["count"] == 1)
        })
        .await;
    assert!(
        on_the_phone(&world, "Por recoger").await.is_none(),
        "under one name"
    );

    world.run("label_remove", json!({ "labelId": made["id"] })).await;
    assert!(here(&world, "Recogido").await.is_none(), "gone here");
    assert!(on_the_phone(&world, "Recogido").await.is_none(), "and there");
    let row = world.chat_of(ROSA).await;
    let borne = row["labels"].as_array().cloned().unwrap_or_default();
    assert!(!borne.contains(&made["id"]), "no chat bears it");
    let gone = json!({ "labelId": made["id"] });
    assert_eq!(
        world.refused("label_remove", gone).await,
        ErrorCode::NotFound,
        "there is nothing left to remove"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_label_that_is_removed_on_the_phone_is_gone_here_whether_its_id_is_told_or_its_name() {
    let mut world = World::linked().await;
    let device = world.device().await["id"].clone();
    for (name, labels_by_name) in [("Por recoger", false), ("Recogido", true)] {
        world.sandbox.set_webhook_temper(WebhookTemper {
            labels_by_name,
            ..WebhookTemper::default()
        });
        let made = json!({ "deviceId": device, "name": name });
        world.run("label_add", made).await;
        let label = on_the_phone(&world, name).await.expect("there too");
        let id = label["id"].as_str().expect("an id");
        let gone = reqwest::Client::new()
            .delete(format!("{}/labels/{id}", world.sandbox.url()))
            .bearer_auth(world.sandbox.token())
            .send()
            .await
            .expect("answers");
        assert!(gone.status().is_success(), "removed: {}", gone.status());
        world
            .until("it is gone here", async |world| here(world, name).await.is_none())
            .await;
    }
    world.finish().await;
}

#[tokio::test]
async fn a_label_that_the_gateway_refuses_is_none() {
    let world = World::linked().await;
    let id = world.device().await["id"].clone();
    for (name, colour) in [("", Value::Null), ("a\nb", Value::Null), ("x", json!("#ff0000"))] {
        let args = json!({ "deviceId": id, "name": name, "colour": colour });
        assert_eq!(
            world.refused("label_add", args).await,
            ErrorCode::BadRequest,
            "{name:?} {colour}"
        );
    }
    let refusal = FaultKind::Status {
        code: 400,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault::once("POST", "/labels", refusal));
    let args = json!({ "deviceId": id, "name": "Nunca" });
    world.refused("label_add", args).await;
    assert!(here(&world, "Nunca").await.is_none(), "not here either");
    world.finish().await;
}
