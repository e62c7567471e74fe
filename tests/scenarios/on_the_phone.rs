//! What happens to a chat on the phone while nobody tells of it: read, archived, pinned.

use std::time::Duration;

use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::world::{ROSA, World};

/// Another customer whom the sandbox knows.
const MATEO: &str = "51900000012";

fn deaf(deaf: bool) -> WebhookTemper {
    WebhookTemper {
        deaf,
        ..WebhookTemper::default()
    }
}

async fn unread(world: &World) -> u64 {
    world.chat_of(ROSA).await["unread"].as_u64().expect("a count")
}

/// Rosa has written, and nobody has read it; gives the message.
async fn with_a_message(world: &mut World, text: &str) -> String {
    let message = world.sandbox.write_as(ROSA, text).expect("she writes");
    world
        .until("it is here", async |world| {
            let said = world.messages_of(ROSA).await;
            said.iter().any(|message| message["body"]["text"] == text) && unread(world).await > 0
        })
        .await;
    message
}

/// What an owner does to a chat on the phone.
async fn put(world: &World, method: reqwest::Method, customer: &str, how: serde_json::Value) {
    let url = format!("{}/chats/{customer}@s.whatsapp.net", world.sandbox.url());
    let call = reqwest::Client::new().request(method, url).json(&how);
    let done = call
        .bearer_auth(world.sandbox.token())
        .send()
        .await
        .expect("answers");
    assert!(done.status().is_success(), "done: {}", done.status());
}

#[tokio::test]
async fn what_was_read_and_put_away_on_the_phone_while_the_program_was_closed_is_so_here() {
    let mut world = World::linked().await;
    let message = with_a_message(&mut world, "¿abren hoy?").await;
    // Nobody tells of it, also later.
    world.sandbox.set_webhook_temper(deaf(true));
    world.shop.close().await;
    put(&world, reqwest::Method::POST, MATEO, json!({ "archive": true })).await;
    put(&world, reqwest::Method::PATCH, ROSA, json!({ "pin": true })).await;
    world
        .restart_after(async |sandbox| {
            let phone = sandbox.on(0).expect("the shop has a phone");
            assert!(phone.read_on_phone(&message), "the owner reads");
            sandbox.set_webhook_temper(deaf(false));
        })
        .await;
    world
        .until("it is as on the phone", async |world| {
            let (rosa, mateo) = (world.chat_of(ROSA).await, world.chat_of(MATEO).await);
            rosa["unread"] == 0 && rosa["pinned"] == true && mateo["archived"] == true
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_read_on_the_phone_is_read_here_though_the_gateway_does_not_call() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(deaf(true));
    let message = with_a_message(&mut world, "¿me oyen?").await;
    let phone = world.sandbox.on(0).expect("the shop has a phone");
    assert!(phone.read_on_phone(&message), "the owner reads");
    world
        .until("it is read, as on the phone", async |world| {
            unread(world).await == 0
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_comes_while_the_list_of_chats_is_on_its_way_is_not_read_with_it() {
    let mut world = World::linked().await;
    let message = with_a_message(&mut world, "¿abren hoy?").await;
    world.leap(Duration::from_secs(60));
    world
        .restart_after(async |sandbox| {
            let phone = sandbox.on(0).expect("the shop has a phone");
            assert!(phone.read_on_phone(&message), "the owner reads");
            sandbox.set_fault(Fault::once("GET", "/chats", FaultKind::DelayMs(700)));
        })
        .await;
    world.until_faults_left(0).await;
    world.sandbox.write_as(ROSA, "¿y mañana?").expect("she writes");
    world
        .until("the first was read, the second was not", async |world| {
            unread(world).await == 1
        })
        .await;
    world.pass(Duration::from_secs(120)).await;
    assert_eq!(unread(&world).await, 1, "nobody has read it");
    world.finish().await;
}
