//! The Explorer, through the commands, as the window and the headless program use it: all that a gateway documents is listed, checked before it
//! leaves, confirmed where it cannot be taken back, and called.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
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
async fn what_only_a_channels_owner_may_do_is_refused_in_the_gateways_words_and_the_number_stays_well() {
    let mut world = World::linked().await;
    let words = "Need admin permissions for edit newsletter";
    let refusal = json!({ "error": { "code": 401, "message": words } });
    world.sandbox.set_fault(Fault::once(
        "PATCH",
        "/newsletters/",
        FaultKind::Status {
            code: 401,
            body: Some(refusal.clone()),
            headers: BTreeMap::new(),
        },
    ));
    let parameters = json!({ "NewsletterID": "120363000000000021@newsletter" });
    let called = call(
        &world,
        "editNewsletter",
        parameters,
        json!({ "name": "Tortas" }),
        true,
    )
    .await;
    assert_eq!(
        (&called["kind"], &called["status"]),
        (&json!("answered"), &json!(401)),
        "documented: {called}"
    );
    assert_eq!(called["content"]["value"], refusal, "as the gateway words it");
    world.pass(Duration::from_secs(2)).await;
    assert_eq!(
        world.device().await["state"]["kind"],
        "online",
        "its key and its link are good"
    );
    world.finish().await;
}

/// A number at QR Búho whose own calls are of this generation.
async fn of_generation(generation: &str) -> World {
    let mut world = World::new().await;
    let fields = json!({
        "url": dialects::at(&world, "qr_buho"), "token": world.sandbox.token(), "instance": "practice",
        "generation": generation,
    });
    dialects::add(&world, "qr_buho", fields).await;
    dialects::link(&mut world).await;
    world
}

/// The calls that carry their query in a body.
fn queried_in_body(list: &Value) -> Vec<&str> {
    let endpoints = list["endpoints"].as_array().expect("calls");
    let carries = endpoints.iter().filter(|one| one["queryInBody"] == true);
    carries.filter_map(|one| one["id"].as_str()).collect()
}

#[tokio::test]
async fn a_call_whose_query_leaves_in_a_body_is_told_as_such() {
    let world = of_generation("qrapi2").await;
    let list = list(&world).await;
    let mut told = queried_in_body(&list);
    told.sort_unstable();
    let recorded = [
        "chat_message_delete",
        "group_find",
        "group_invite_code",
        "group_invite_revoke",
        "group_participants",
    ];
    assert_eq!(told, recorded, "as they are recorded of this generation");
    world.finish().await;
}

#[tokio::test]
async fn of_a_gateway_with_several_generations_of_calls_each_call_says_which_have_it() {
    let world = of_generation("intermediate").await;
    let all = list(&world).await;
    assert_eq!(
        queried_in_body(&all),
        Vec::<&str>::new(),
        "this one has them in the address"
    );
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
    assert_eq!(of("send_by_instance_text"), Some(json!(["current"])));
    assert!(
        endpoints
            .iter()
            .all(|one| one["generations"].as_array().is_some_and(|all| !all.is_empty())),
        "none is in no generation"
    );
    world.finish().await;
}

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
            operations: 81,
            looks: ("devices_list", none, "/0/status"),
            tells: (
                "send_by_instance_text",
                json!({ "instance": "51900000010" }),
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

#[tokio::test]
async fn each_gateways_calls_are_listed_checked_confirmed_and_made() {
    for case in cases() {
        let gateway = case.gateway;
        let mut world = World::new().await;
        let token = world.sandbox.token().to_owned();
        let mut fields = json!({ "url": dialects::at(&world, gateway), "token": token });
        for (name, value) in (case.more)(&token).as_object().into_iter().flatten() {
            fields[name] = value.clone();
        }
        let device = dialects::add(&world, gateway, fields).await;
        let listed = list(&world).await;
        let all = listed["endpoints"].as_array().cloned().unwrap_or_default();
        assert_eq!(all.len(), case.operations, "{gateway}: all that it documents");
        assert!(!listed.to_string().contains(&token), "{gateway}: without its key");

        let (looks, body, place) = case.looks;
        let answered = call(&world, looks, json!({}), body(&token), false).await;
        assert_eq!(answered["status"], 200, "{gateway}: {answered}");
        let told = answered["content"]["value"].pointer(place);
        assert!(told.is_some_and(Value::is_string), "{gateway}: {answered}");

        world.sandbox.link();
        world.until_online().await;
        let (tells, parameters, body) = case.tells;
        let unasked = call(&world, tells, parameters.clone(), body.clone(), false).await;
        assert_eq!(unasked["kind"], "unconfirmed", "{gateway}: customers see it");
        let mut wrong = body.clone();
        wrong["nope"] = json!(1);
        let invalid = call(&world, tells, parameters.clone(), wrong, true).await;
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
        let answered = call(&world, tells, parameters, body, true).await;
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

#[tokio::test]
async fn what_reaches_the_other_side_is_asked_about_and_what_a_kind_of_message_needs_is_checked_first() {
    let world = World::linked().await;
    world.sandbox.write_as(ROSA, "hola").expect("she writes");
    let chat = json!({ "ChatID": format!("{ROSA}@s.whatsapp.net") });
    let vanish = json!({ "ephemeral": "day" });
    let asked = call(&world, "patchChat", chat.clone(), vanish.clone(), false).await;
    assert_eq!(asked["kind"], "unconfirmed", "she sees it in her chat");
    let done = call(&world, "patchChat", chat, vanish, true).await;
    assert_eq!(done["status"], 200, "{done}");
    world.finish().await;

    let world = dialects::linked_at("qr_buho").await;
    let instance = json!({ "instance": "51900000010" });
    let empty = json!({ "type": "sendPoll", "payload": {} });
    let told = call(&world, "send_by_instance_poll", instance, empty, true).await;
    let missing: Vec<&Value> = told["problems"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["at"])
        .collect();
    let needed =
        ["number", "name", "selectableCount", "values"].map(|name| json!(format!("body.payload.{name}")));
    assert_eq!(
        missing,
        needed.iter().collect::<Vec<_>>(),
        "nothing leaves that would come back: {told}"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_file_is_sent_by_its_address_and_how_far_a_message_has_come_is_looked_up_from_the_explorer() {
    let file = "https://shop.example/a.png";
    let payload = json!({ "number": ROSA, "mediatype": "image", "media": file });
    let media = json!({ "number": ROSA, "mediatype": "image", "media": file });
    for (gateway, id, parameters, body) in [
        (
            "qr_buho",
            "send_by_instance_media",
            json!({ "instance": "51900000010" }),
            json!({ "type": "sendMedia", "payload": payload }),
        ),
        (
            "evolution",
            "message_send_media",
            json!({ "instanceName": "tienda" }),
            media,
        ),
        (
            "api_engine",
            "sendImage",
            json!({}),
            json!({ "phone": ROSA, "imageUrl": file }),
        ),
    ] {
        let world = dialects::linked_at(gateway).await;
        let sent = call(&world, id, parameters, body, true).await;
        assert_eq!(sent["kind"], "answered", "{gateway}: {sent}");
        let got: Vec<String> = world
            .sandbox
            .ledger_of(ROSA)
            .into_iter()
            .map(|entry| entry.kind)
            .collect();
        assert_eq!(got, ["image"], "{gateway}: Rosa got the picture: {sent}");
        world.finish().await;
    }
    let world = World::linked().await;
    let words = json!({ "to": ROSA, "body": "listo" });
    let sent = call(&world, "sendMessageText", json!({}), words, true).await;
    world.sandbox.read_as(ROSA).expect("she opens the chat");
    let message = json!({ "MessageID": sent["content"]["value"]["message"]["id"] });
    let told = call(&world, "getMessageViewStatuses", message, Value::Null, false).await;
    assert_eq!(
        told["content"]["value"]["statuses"][0]["status"], "read",
        "{told}"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_call_for_many_numbers_says_how_many_of_them_failed_whatever_its_status_is() {
    let mut world = World::new().await;
    let token = world.sandbox.token().to_owned();
    let fields = json!({ "url": dialects::at(&world, "api_engine"), "token": token });
    dialects::add(&world, "api_engine", fields).await;
    dialects::link(&mut world).await;
    let body = json!({ "recipients": [ROSA, "51900000012"], "message": "hola", "delay": 1_000 });
    let sent = call(&world, "sendBulk", json!({}), body.clone(), true).await;
    assert_eq!(
        (&sent["status"], &sent["failed"]),
        (&json!(200), &json!(0)),
        "{sent}"
    );
    // Nobody tells of it.
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.sandbox.unlink();
    let failed = call(&world, "sendBulk", json!({}), body, true).await;
    assert_eq!(
        (&failed["status"], &failed["failed"]),
        (&json!(200), &json!(2)),
        "a bare 200 is no success: {failed}"
    );
    world.finish().await;
}

/// What the Explorer says of blocking a customer of the reseller: the paths at which it is offered, and what is told to be not offered.
async fn about_customers(world: &World) -> (Vec<Value>, Vec<Value>) {
    let listed = list(world).await;
    let named = |part: &str, value: &str| {
        let all = listed[part].as_array().cloned().unwrap_or_default();
        let about = all
            .into_iter()
            .filter(|one| one["id"] == "tenant_block" || one["id"] == "tenant_unblock");
        about.map(|one| one[value].clone()).collect::<Vec<Value>>()
    };
    (named("endpoints", "path"), named("absent", "id"))
}

#[tokio::test]
async fn a_resellers_customer_is_blocked_once_somebody_has_typed_how_and_not_before() {
    let mut world = World::new().await;
    let fields = json!({
        "url": dialects::at(&world, "qr_buho"), "token": world.sandbox.token(), "instance": "practice",
    });
    let device = dialects::add(&world, "qr_buho", fields).await;
    assert_eq!(device["hasOptions"], true, "something can be changed later");
    dialects::link(&mut world).await;
    let none = json!({});
    let plan = json!({ "name": "Básico", "is_free": true, "price": 0 });
    let plan = call(&world, "plan_register", none.clone(), plan, true).await;
    let tenant = json!({
        "name": "Luna", "domain": "luna", "email": "luna@shop.example", "password": "x",
        "plan_id": plan["content"]["value"]["id"],
    });
    let tenant = call(&world, "tenant_register", none.clone(), tenant, true).await;
    let luna = json!({ "id": tenant["content"]["value"]["id"] });

    let (offered, absent) = about_customers(&world).await;
    assert_eq!(offered, Vec::<Value>::new(), "nobody has typed a path");
    assert_eq!(
        absent,
        [json!("tenant_block"), json!("tenant_unblock")],
        "so it is told"
    );
    let args = json!({
        "deviceId": device["id"], "endpoint": "tenant_block", "parameters": {}, "body": luna, "file": null,
        "confirmed": true,
    });
    assert_eq!(world.refused("explorer_call", args).await, ErrorCode::NotOffered);

    let set =
        |fields: Value, seen: Value| json!({ "deviceId": device["id"], "fields": fields, "seen": seen });
    for elsewhere in [
        "https://evil.example/block",
        "//evil.example/block",
        "tenant/block",
        "/a/../b",
    ] {
        let refused = world.refused(
            "device_option_set",
            set(json!({ "block_path": elsewhere }), none.clone()),
        );
        assert_eq!(refused.await, ErrorCode::FieldInvalid, "{elsewhere}");
    }
    let secret = set(json!({ "token": "other" }), none.clone());
    assert_eq!(
        world.refused("device_option_set", secret).await,
        ErrorCode::NotOffered,
        "a secret is replaced elsewhere"
    );
    let paths = json!({
        "block_path": " /practice/tenant/block ", "unblock_path": "/practice/tenant/{id}/unblock",
    });
    world
        .run("device_option_set", set(paths.clone(), none.clone()))
        .await;
    world.until_online().await;
    assert_eq!(
        world.refused("device_option_set", set(paths, none.clone())).await,
        ErrorCode::StateChanged,
        "somebody has typed it meanwhile"
    );
    let options = world
        .run("device_option_list", json!({ "deviceId": device["id"] }))
        .await;
    let options = options.as_array().cloned().unwrap_or_default();
    let kept: Vec<(&Value, &Value)> = options
        .iter()
        .map(|one| (&one["field"]["key"], &one["value"]))
        .collect();
    assert_eq!(
        kept,
        [
            (&json!("generation"), &Value::Null),
            (&json!("block_path"), &json!("/practice/tenant/block")),
            (&json!("unblock_path"), &json!("/practice/tenant/{id}/unblock")),
        ],
        "as it was typed, without blanks"
    );
    let (offered, absent) = about_customers(&world).await;
    assert_eq!(
        offered,
        [
            json!("/practice/tenant/block"),
            json!("/practice/tenant/{id}/unblock")
        ],
        "both are offered"
    );
    assert_eq!(absent, Vec::<Value>::new());

    let unasked = call(&world, "tenant_block", none.clone(), luna.clone(), false).await;
    assert_eq!(unasked["kind"], "unconfirmed", "a customer's numbers are cut off");
    for (endpoint, active) in [("tenant_block", false), ("tenant_unblock", true)] {
        let answered = call(&world, endpoint, none.clone(), luna.clone(), true).await;
        assert_eq!(answered["status"], 200, "{endpoint}: {answered}");
        let listed = call(
            &world,
            "tenant_list",
            json!({ "domain": "luna" }),
            Value::Null,
            false,
        )
        .await;
        assert_eq!(
            listed["content"]["value"]["data"][0]["active"], active,
            "{endpoint}: {listed}"
        );
    }

    let away = set(
        json!({ "unblock_path": "" }),
        json!({ "unblock_path": "/practice/tenant/{id}/unblock" }),
    );
    world.run("device_option_set", away).await;
    world.until_online().await;
    let (offered, absent) = about_customers(&world).await;
    assert_eq!(offered, [json!("/practice/tenant/block")], "the other one stays");
    assert_eq!(absent, [json!("tenant_unblock")], "taken away");
    world.finish().await;
}
