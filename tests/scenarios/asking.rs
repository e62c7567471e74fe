//! What is asked of a gateway at once: its settings, its limits, stories, chats that are deleted or disappear.

use std::collections::BTreeMap;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Effect, Fault, FaultKind};
use serde_json::{Value, json};

use crate::world::{ROSA, World};

/// Arguments of a command about the one device.
pub(crate) async fn device_args(world: &World) -> Value {
    json!({ "deviceId": world.device().await["id"] })
}

/// What the simulated WhatsApp itself says.
pub(crate) async fn gateway(world: &World, path: &str) -> Value {
    let ask = reqwest::Client::new()
        .get(format!("{}{path}", world.sandbox.url()))
        .bearer_auth(world.sandbox.token());
    ask.send().await.expect("answers").json().await.expect("JSON")
}

/// The next such call is refused so.
pub(crate) fn refusal(method: &str, path: &str, code: u16) -> Fault {
    let status = FaultKind::Status {
        code,
        body: None,
        headers: BTreeMap::new(),
    };
    Fault::once(method, path, status)
}

/// How many rows a table has.
pub(crate) async fn count_of(world: &World, table: &'static str) -> i64 {
    let read = world.shop.engine().store().read(move |connection| {
        Ok(connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
    });
    read.await.expect("read")
}

fn stories(world: &World) -> Vec<Option<String>> {
    let mut stories: Vec<(String, Option<String>)> = world
        .sandbox
        .ledger()
        .into_iter()
        .filter(|entry| entry.effect == Effect::Story)
        .map(|entry| (entry.message_id, entry.body))
        .collect();
    stories.dedup_by(|a, b| a.0 == b.0);
    stories.into_iter().map(|(_, body)| body).collect()
}

async fn story(world: &World, client_id: &str, text: &str) -> Value {
    let mut args = device_args(world).await;
    args["clientId"] = client_id.into();
    args["content"] = json!({ "kind": "text", "text": text, "background": "#aa3300" });
    args
}

#[tokio::test]
async fn a_story_is_published_once_however_often_it_is_asked_for() {
    let world = World::linked().await;
    let args = story(&world, "s-1", "pan de hoy").await;
    let first = world.run("story_send", args.clone()).await;
    let again = world.run("story_send", args).await;
    assert_eq!(again, first, "the same story");
    assert_eq!(
        stories(&world),
        [Some("pan de hoy".to_owned())],
        "it is out, once"
    );

    let mut only = story(&world, "s-2", "para Rosa").await;
    only["audience"] = json!({ "kind": "only", "addresses": [format!("{ROSA}@s.whatsapp.net")] });
    world.run("story_send", only).await;
    let got: Vec<_> = world
        .sandbox
        .ledger()
        .into_iter()
        .filter(|entry| entry.body.as_deref() == Some("para Rosa"))
        .map(|entry| entry.recipient)
        .collect();
    assert_eq!(got, [ROSA], "nobody else sees it");
    world.finish().await;
}

#[tokio::test]
async fn a_story_whose_end_is_unknown_is_not_published_again_and_a_refused_one_may_be() {
    let mut world = World::linked().await;
    let lost = story(&world, "s-1", "¿salió?").await;
    world.sandbox.set_fault(Fault::once(
        "POST",
        "/stories/send/text",
        FaultKind::CutAfterEffect,
    ));
    for time in ["the first time", "asked again"] {
        assert_eq!(
            world.refused("story_send", lost.clone()).await,
            ErrorCode::Uncertain,
            "{time}: nobody knows"
        );
    }
    world.restart().await;
    world.until_online().await;
    assert_eq!(
        world.refused("story_send", lost).await,
        ErrorCode::Uncertain,
        "nor after a restart"
    );
    assert_eq!(stories(&world).len(), 1, "it went once");

    let refused = story(&world, "s-2", "otra").await;
    world
        .sandbox
        .set_fault(refusal("POST", "/stories/send/text", 429));
    assert_eq!(
        world.refused("story_send", refused.clone()).await,
        ErrorCode::RateLimited,
        "certainly not out"
    );
    world.until_online().await;
    world.run("story_send", refused).await;
    assert_eq!(stories(&world).len(), 2, "now it is");
    let empty = story(&world, "s-3", "  ").await;
    assert_eq!(
        world.refused("story_send", empty).await,
        ErrorCode::MessageEmpty,
        "nothing is no story"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_gateways_settings_are_read_and_those_that_are_named_are_changed() {
    let world = World::new().await;
    world.add_device().await;
    let before = gateway(&world, "/settings").await;
    let mut args = device_args(&world).await;
    args["settings"] = json!({ "keepFailed": before["callback_persist"] != true, "firstWait": 5 });
    let view = world.run("gateway_settings_set", args.clone()).await;
    let told = gateway(&world, "/settings").await;
    assert_ne!(
        told["callback_persist"], before["callback_persist"],
        "changed at the gateway, before a number is linked"
    );
    assert_eq!(
        (&told["callback_backoff_delay_ms"], &view["firstWait"]),
        (&json!(5_000), &json!(5)),
        "in milliseconds there, in seconds here"
    );
    assert_eq!(
        told["full_history"], before["full_history"],
        "what was not named stays"
    );
    args["settings"] = json!({ "firstWait": 3_600 });
    assert_eq!(
        world.refused("gateway_settings_set", args).await,
        ErrorCode::Refused,
        "longer than the gateway takes"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_devices_limits_show_the_plan_and_what_was_used_of_it() {
    let mut world = World::linked().await;
    let args = device_args(&world).await;
    let before = world.run("device_limits", args.clone()).await;
    assert!(before["plan"].is_null(), "the practice shop has no limits");
    world.send(ROSA, "una", "l-1").await;
    world.until_status(ROSA, "una", "delivered").await;
    let after = world.run("device_limits", args.clone()).await;
    let sent = |view: &Value| view["day"]["messages"].as_u64().expect("a count");
    assert_eq!(sent(&after), sent(&before) + 1, "one message more");

    let body = json!({ "messages": 150, "checks": 10, "chats": ["a", "b"] });
    let answer = FaultKind::Status {
        code: 200,
        body: Some(body),
        headers: BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault::once("GET", "/limits", answer));
    let limited = world.run("device_limits", args).await;
    assert_eq!(
        limited["plan"],
        json!({ "messages": 150, "chatsUsed": 2, "checks": 10, "requests": null }),
        "as a gateway with limits tells them"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_deleted_chat_is_gone_on_the_phone_and_here_and_one_that_was_not_deleted_is_here() {
    let mut world = World::linked().await;
    let chat = json!({ "chatId": world.chat_of(ROSA).await["id"] });
    let path = format!("/chats/{ROSA}@s.whatsapp.net");
    world.sandbox.set_fault(refusal("DELETE", "/chats/", 500));
    assert_eq!(
        world.refused("chat_delete", chat.clone()).await,
        ErrorCode::GatewayError,
        "the gateway stumbled"
    );
    world.run("chat_get", chat.clone()).await;
    world.until_online().await;

    world.run("chat_delete", chat.clone()).await;
    assert_eq!(
        world.refused("chat_get", chat).await,
        ErrorCode::NotFound,
        "gone here"
    );
    let told = gateway(&world, &path).await;
    assert!(told["error"].is_object(), "and gone there: {told}");
    world.finish().await;
}

#[tokio::test]
async fn before_a_chat_is_deleted_one_can_ask_what_waits_in_it() {
    let world = World::linked().await;
    let chat = json!({ "chatId": world.chat_of(ROSA).await["id"] });
    let before = world.run("chat_size", chat.clone()).await;
    assert_eq!(before["waiting"], 0, "nothing is on its way to her");
    let mut held = chat.clone();
    held["clientId"] = "w-1".into();
    held["text"] = "espera".into();
    held["undoSeconds"] = 60.into();
    world.run("message_send", held).await;
    let after = world.run("chat_size", chat).await;
    assert_eq!(after["waiting"], 1, "a message waits");
    world.finish().await;
}

#[tokio::test]
async fn what_is_written_in_a_chat_disappears_after_the_time_that_was_chosen() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let path = format!("/chats/{ROSA}@s.whatsapp.net");
    let week = json!({ "chatId": chat, "after": "week" });
    world.run("chat_disappearing_set", week).await;
    let told = gateway(&world, &path).await["ephemeral"].clone();
    assert_eq!(told, 604_800, "a week, in seconds");
    let never = json!({ "chatId": chat, "after": null });
    world.run("chat_disappearing_set", never).await;
    let told = gateway(&world, &path).await["ephemeral"].clone();
    assert!(told.is_null() || told == 0, "it stays: {told}");
    world.finish().await;
}

#[tokio::test]
async fn a_device_says_what_it_offers() {
    let world = World::linked().await;
    let offers = world.device().await["capabilities"].clone();
    for what in [
        "contacts",
        "groups",
        "profile",
        "presence",
        "stories",
        "deleteChat",
        "disappearing",
        "gatewaySettings",
        "planLimits",
    ] {
        assert_eq!(offers[what], true, "{what}: a window decides by it");
    }
    assert_eq!(offers["numberCheck"], 50, "so many numbers at once");
    world.finish().await;
}
