//! Any documented call of a gateway, made through the commands, as the window and the headless program make it.

use serde_json::{Value, json};

use crate::dialects;
use crate::world::{ROSA, World};

async fn list(world: &World) -> Value {
    let device = json!({ "deviceId": world.device().await["id"] });
    world.run("explorer_list", device).await
}

async fn call(world: &World, endpoint: &str, parameters: Value, body: Value, confirmed: bool) -> Value {
    let args = json!({
        "deviceId": world.device().await["id"], "endpoint": endpoint, "parameters": parameters, "body": body,
        "file": null, "confirmed": confirmed,
    });
    world.run("explorer_call", args).await
}

#[tokio::test]
async fn a_call_is_checked_asked_about_made_and_its_answer_has_status_and_headers() {
    let world = World::linked().await;
    let all = list(&world).await;
    let count = mostrador_gateways::catalogue::whapi().endpoints.len();
    assert_eq!(
        all["endpoints"].as_array().map(Vec::len),
        Some(count),
        "the whole catalogue"
    );
    assert_eq!(all["generation"], Value::Null, "it has one generation of calls");

    let none = json!({});
    let wrong = call(&world, "getChats", json!({ "count": 501 }), Value::Null, false).await;
    let problem = json!([{ "at": "count", "why": "too_large", "limit": 500.0 }]);
    assert_eq!(
        wrong,
        json!({ "kind": "invalid", "problems": problem }),
        "nothing left"
    );

    let chats = call(&world, "getChats", json!({ "count": 3 }), Value::Null, false).await;
    assert_eq!(
        (&chats["kind"], &chats["status"]),
        (&json!("answered"), &json!(200))
    );
    assert_eq!(chats["content"]["value"]["count"], 3, "as the gateway answers it");
    let headers = chats["headers"].as_array().cloned().unwrap_or_default();
    let media = headers.iter().find(|header| header["name"] == "content-type");
    assert_eq!(
        media.map(|header| &header["value"]),
        Some(&json!("application/json; charset=utf-8"))
    );
    assert!(
        !chats.to_string().contains(world.sandbox.token()),
        "without the key"
    );

    let words = json!({ "to": ROSA, "body": "Hola, Rosa" });
    let asked = call(&world, "sendMessageText", none.clone(), words.clone(), false).await;
    assert_eq!(asked, json!({ "kind": "unconfirmed" }), "customers see it");
    assert_eq!(world.got(ROSA, "Hola, Rosa"), 0, "not before somebody agrees");
    let sent = call(&world, "sendMessageText", none, words, true).await;
    assert_eq!(sent["kind"], "answered");
    assert_eq!(world.got(ROSA, "Hola, Rosa"), 1, "once");
    world.finish().await;
}

#[tokio::test]
async fn of_a_gateway_with_several_generations_of_calls_each_call_says_which_have_it() {
    let mut world = World::new().await;
    let fields = json!({
        "url": dialects::at(&world, "qr_buho"), "token": world.sandbox.token(), "instance": "practice",
        "generation": "intermediate",
    });
    dialects::add(&world, "qr_buho", fields).await;
    dialects::link(&mut world).await;
    let all = list(&world).await;
    assert_eq!(
        all["generation"], "intermediate",
        "the one that the number's own calls are of"
    );
    let endpoints = all["endpoints"].as_array().expect("calls");
    let of = |id: &str| {
        let found = endpoints.iter().find(|one| one["id"] == id);
        found.map(|one| one["generations"].clone())
    };
    assert_eq!(of("message_send"), Some(json!(["qrapi2"])));
    assert_eq!(of("send_by_instance"), Some(json!(["current"])));
    assert!(
        endpoints
            .iter()
            .all(|one| one["generations"].as_array().is_some_and(|all| !all.is_empty())),
        "none is in no generation"
    );
    world.finish().await;
}
