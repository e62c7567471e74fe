//! The Explorer as a program uses it: all that a gateway documents is listed, checked before it leaves, confirmed where it cannot be taken
//! back, and called.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use crate::dialects::{add, at};
use crate::world::{ROSA, World};

/// The gateway, what it asks for besides its address and its key, its operations, one that only looks with its answer's place, and one
/// that customers see with its body.
struct Case {
    gateway: &'static str,
    more: fn(&str) -> Value,
    operations: usize,
    looks: (&'static str, fn(&str) -> Value, &'static str),
    tells: (&'static str, Value, Value),
}

fn cases() -> Vec<Case> {
    let none = |_: &str| Value::Null;
    vec![
        Case {
            gateway: "waconecta",
            more: |token| json!({ "container_token": token }),
            operations: 2,
            looks: (
                "getQrStaticSession",
                |token| json!({ "containerToken": token }),
                "/data/qr",
            ),
            tells: (
                "sendMessage",
                json!({}),
                json!({ "number": ROSA, "message": "hola" }),
            ),
        },
        Case {
            gateway: "api_engine",
            more: none,
            operations: 18,
            looks: ("getStatus", none, "/data/status"),
            tells: ("send", json!({}), json!({ "phone": ROSA, "message": "hola" })),
        },
        Case {
            gateway: "qr_buho",
            more: |_| json!({ "instance": "practice" }),
            operations: 71,
            looks: ("devices_list", none, "/0/status"),
            tells: (
                "send_by_instance",
                json!({ "instance": "practice" }),
                json!({ "type": "sendText", "payload": { "number": ROSA, "text": "hola" } }),
            ),
        },
        Case {
            gateway: "evolution",
            more: |_| json!({ "instance": "practice" }),
            operations: 80,
            looks: ("instance_fetch", none, "/0/name"),
            tells: (
                "message_send_text",
                json!({ "instanceName": "practice" }),
                json!({ "number": ROSA, "text": "hola" }),
            ),
        },
    ]
}

async fn call(
    world: &World,
    device: &Value,
    endpoint: &str,
    parameters: &Value,
    body: &Value,
    confirmed: bool,
) -> Value {
    let args = json!({
        "deviceId": device["id"], "endpoint": endpoint, "parameters": parameters, "body": body, "file": null,
        "confirmed": confirmed,
    });
    world.run("explorer_call", args).await
}

#[tokio::test]
async fn each_gateways_calls_are_listed_checked_confirmed_and_made() {
    for case in cases() {
        let gateway = case.gateway;
        let mut world = World::new().await;
        let token = world.sandbox.token().to_owned();
        let mut fields = json!({ "url": at(&world, gateway), "token": token });
        for (name, value) in (case.more)(&token).as_object().into_iter().flatten() {
            fields[name] = value.clone();
        }
        let device = add(&world, gateway, fields).await;
        let listed = world
            .run("explorer_list", json!({ "deviceId": device["id"] }))
            .await;
        let all = listed["endpoints"].as_array().cloned().unwrap_or_default();
        assert_eq!(all.len(), case.operations, "{gateway}: all that it documents");
        assert!(!listed.to_string().contains(&token), "{gateway}: without its key");

        let (looks, body, place) = case.looks;
        let answered = call(&world, &device, looks, &json!({}), &body(&token), false).await;
        assert_eq!(answered["status"], 200, "{gateway}: {answered}");
        let told = answered["content"]["value"].pointer(place);
        assert!(told.is_some_and(Value::is_string), "{gateway}: {answered}");

        world.sandbox.link();
        world.until_online().await;
        let (tells, parameters, body) = case.tells;
        let unasked = call(&world, &device, tells, &parameters, &body, false).await;
        assert_eq!(unasked["kind"], "unconfirmed", "{gateway}: customers see it");
        let mut wrong = body.clone();
        wrong["nope"] = json!(1);
        let invalid = call(&world, &device, tells, &parameters, &wrong, true).await;
        assert_eq!(invalid["kind"], "invalid", "{gateway}: {invalid}");
        assert_eq!(
            invalid["problems"][0]["at"], "body.nope",
            "{gateway}: told with its place"
        );
        assert_eq!(
            world.sandbox.ledger_of(ROSA).len(),
            0,
            "{gateway}: nothing has left so far"
        );
        let answered = call(&world, &device, tells, &parameters, &body, true).await;
        assert_eq!(answered["kind"], "answered", "{gateway}: {answered}");
        assert_eq!(world.got(ROSA, "hola"), 1, "{gateway}: Rosa got it once");

        let args = json!({
            "deviceId": device["id"], "endpoint": "nope", "parameters": {}, "body": null, "file": null, "confirmed": true,
        });
        assert_eq!(
            world.refused("explorer_call", args).await,
            ErrorCode::NotFound,
            "{gateway}"
        );
        world.finish().await;
    }
}
