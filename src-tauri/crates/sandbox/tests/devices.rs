//! Several devices: each its own channel on the same server, with the same customers.

mod common;

use common::{Receiver, Shop};
use mostrador_sandbox::SandboxConfig;
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";

async fn with_two() -> (Shop, Vec<mostrador_sandbox::Device>) {
    let shop = Shop::start(SandboxConfig {
        devices: 2,
        ..SandboxConfig::for_tests()
    })
    .await;
    shop.sandbox.link();
    let devices = shop.sandbox.devices();
    (shop, devices)
}

#[allow(
    clippy::expect_used,
    reason = "code of tests, though outside the test functions"
)]
async fn call(shop: &Shop, token: &str, method: Method, path: &str, body: &Value) -> Value {
    let request = shop
        .client
        .request(method, format!("{}{path}", shop.sandbox.url()))
        .bearer_auth(token);
    request
        .json(body)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON")
}

#[tokio::test]
async fn each_token_opens_its_own_number() {
    let (shop, devices) = with_two().await;
    let mut users = Vec::new();
    for device in &devices {
        let health = call(&shop, &device.token, Method::GET, "/health", &json!({})).await;
        assert_eq!(
            health["user"]["id"], device.number,
            "a token opens the number it belongs to"
        );
        users.push(health["channel_id"].clone());
    }
    assert_ne!(users[0], users[1], "two channels have two names");
    assert_ne!(devices[0].number, devices[1].number, "and two numbers");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_customer_may_write_to_two_devices_and_the_ledger_says_which_answered() {
    let (shop, devices) = with_two().await;
    let mut receiver = Receiver::start().await;
    let hook = json!({ "url": receiver.url, "events": [{ "type": "messages", "method": "post" }] });
    call(
        &shop,
        &devices[1].token,
        Method::PATCH,
        "/settings",
        &json!({ "webhooks": [hook] }),
    )
    .await;

    shop.sandbox
        .write_as(ROSA, "¿Hola, tienda?")
        .expect("Rosa exists");
    let second = shop.sandbox.on(1).expect("the second device");
    second.write_as(ROSA, "¿Hola, sucursal?").expect("Rosa exists");
    for device in &devices {
        let body = json!({ "to": ROSA, "body": device.number });
        call(&shop, &device.token, Method::POST, "/messages/text", &body).await;
    }

    let told = receiver.next().await.body;
    assert_eq!(
        told["messages"][0]["text"]["body"], "¿Hola, sucursal?",
        "each channel hears only its own"
    );
    let got = shop.sandbox.ledger_of(ROSA);
    for device in &devices {
        let from: Vec<_> = got
            .iter()
            .filter(|entry| entry.channel == device.number)
            .collect();
        assert_eq!(from.len(), 1, "she got one answer from each");
        assert_eq!(
            from[0].body.as_deref(),
            Some(device.number.as_str()),
            "the one that it wrote"
        );
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn one_device_is_unlinked_without_the_other() {
    let (shop, devices) = with_two().await;
    assert!(
        shop.sandbox.on(1).expect("the second device").unlink(),
        "it was linked"
    );
    let first = call(
        &shop,
        &devices[0].token,
        Method::GET,
        "/health?wakeup=false",
        &json!({}),
    )
    .await;
    let second = call(
        &shop,
        &devices[1].token,
        Method::GET,
        "/health?wakeup=false",
        &json!({}),
    )
    .await;
    assert_eq!(
        (&first["status"]["text"], &second["status"]["text"]),
        (&json!("AUTH"), &json!("LAUNCH"))
    );
    shop.sandbox.stop().await;
}
