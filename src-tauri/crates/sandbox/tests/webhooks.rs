//! Webhooks: what arrives, in which order, and what happens when nobody takes it.

mod common;

use common::{Receiver, Shop};
use mostrador_sandbox::{SandboxConfig, WebhookTemper};
use reqwest::Method;
use serde_json::json;

const ROSA: &str = "51900000011";
const ALL: &[(&str, &str)] = &[
    ("messages", "post"),
    ("statuses", "post"),
    ("chats", "patch"),
    ("channel", "post"),
    ("channel", "patch"),
    ("users", "post"),
    ("users", "delete"),
];

#[tokio::test]
async fn a_customers_message_arrives_as_it_is_listed() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post")]).await;

    let id = shop.sandbox.write_as(ROSA, "¿Tienen pan?").expect("Rosa exists");

    let arrived = receiver.next().await;
    assert_eq!(
        (arrived.method.as_str(), arrived.path.as_str()),
        ("POST", "/hook"),
        "mode body"
    );
    assert_eq!(
        arrived.secret.as_deref(),
        Some("s3cret"),
        "with the header that was asked for"
    );
    assert_eq!(
        arrived.body["event"],
        json!({ "type": "messages", "event": "post" }),
        "event.event, as delivered"
    );
    assert_eq!(
        arrived.body["messages"][0]["from"], ROSA,
        "the sender is digits only"
    );
    let (_, listed) = shop.get(&format!("/messages/{id}")).await;
    assert_eq!(arrived.body["messages"][0], listed, "both tell the same message");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_own_message_is_echoed_and_its_ticks_follow_in_order() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post"), ("statuses", "post")])
        .await;

    shop.send_text(ROSA, "Sí").await.expect("an answer");
    let echo = receiver.next().await;
    let ticks = [receiver.next().await, receiver.next().await];
    shop.sandbox.read_as(ROSA).expect("Rosa exists");
    let read = receiver.next().await;

    assert_eq!(
        echo.body["messages"][0]["status"], "pending",
        "the echo tells what was true then"
    );
    let words: Vec<_> = ticks
        .iter()
        .map(|tick| tick.body["statuses"][0]["status"].clone())
        .collect();
    assert_eq!(words, ["sent", "delivered"], "ticks only climb");
    assert_eq!(read.body["statuses"][0]["code"], 4, "read has the number 4");
    assert!(
        read.body["statuses"][0]["timestamp"].is_string(),
        "a status has its time as a text"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn what_is_not_taken_comes_again_before_what_came_later() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post")]).await;
    receiver.answer_next(&[500, 404, 302]);

    shop.sandbox.write_as(ROSA, "uno").expect("Rosa exists");
    shop.sandbox.write_as(ROSA, "dos").expect("Rosa exists");

    let mut words = Vec::new();
    for _ in 0..5 {
        words.push(receiver.next().await.body["messages"][0]["text"]["body"].clone());
    }
    assert_eq!(
        words,
        ["uno", "uno", "uno", "uno", "dos"],
        "again until 2xx, and never out of order"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn mode_method_uses_the_events_own_verb() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "method", ALL).await;

    shop.sandbox.link();
    shop.sandbox.unlink();

    let mut came = Vec::new();
    for _ in 0..7 {
        let arrived = receiver.next().await;
        came.push(format!("{} {}", arrived.method, arrived.path));
    }
    let expected = [
        "POST /hook/channel",  // starting
        "POST /hook/channel",  // showing codes
        "PATCH /hook/channel", // the code
        "POST /hook/channel",  // linked
        "POST /hook/users",
        "DELETE /hook/users",
        "POST /hook/channel", // waiting for a new start
    ];
    assert_eq!(came, expected, "a whole life of a link, each step once");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_nervous_gateway_delivers_twice_and_a_deaf_one_not_at_all() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post")]).await;

    shop.sandbox.set_webhook_temper(WebhookTemper {
        duplicate: true,
        ..WebhookTemper::default()
    });
    shop.sandbox.write_as(ROSA, "doble").expect("Rosa exists");
    let (first, second) = (receiver.next().await, receiver.next().await);
    shop.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    shop.sandbox.write_as(ROSA, "nadie oye").expect("Rosa exists");
    shop.sandbox.set_webhook_temper(WebhookTemper::default());
    shop.sandbox.write_as(ROSA, "otra vez").expect("Rosa exists");
    let third = receiver.next().await;

    assert_eq!(first.body, second.body, "the same event, twice");
    assert_eq!(
        third.body["messages"][0]["text"]["body"], "otra vez",
        "what a deaf link missed never comes"
    );
    assert!(!receiver.has_more(), "and it comes once again");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_address_can_be_tried_out() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    let trial = json!({ "type": "messages", "url": receiver.url, "mode": "path" });

    let (taken, _) = shop.call(Method::POST, "/settings/webhook_test", &trial).await;
    receiver.answer_next(&[500]);
    let (refused, _) = shop.call(Method::POST, "/settings/webhook_test", &trial).await;

    assert_eq!(receiver.next().await.path, "/hook/messages/post", "mode path");
    assert_eq!(
        (taken, refused),
        (200, 400),
        "the answer tells whether it was taken"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn all_four_verbs_are_used_in_mode_method_and_spelt_out_in_mode_path() {
    const KINDS: &[(&str, &str)] = &[
        ("contacts", "post"),
        ("groups", "put"),
        ("chats", "patch"),
        ("messages", "delete"),
    ];
    for (mode, expected) in [
        (
            "method",
            [
                "POST /hook/contacts",
                "PUT /hook/groups",
                "PATCH /hook/chats",
                "DELETE /hook/messages",
            ],
        ),
        (
            "path",
            [
                "POST /hook/contacts/post",
                "POST /hook/groups/put",
                "POST /hook/chats/patch",
                "POST /hook/messages/delete",
            ],
        ),
    ] {
        let shop = Shop::linked().await;
        let id = shop.sandbox.write_as(ROSA, "Hola").expect("Rosa exists");
        let mut receiver = Receiver::start().await;
        shop.subscribe(&receiver, mode, KINDS).await;
        let contact = json!({ "phone": "51900000055", "name": "Ana" });
        let admins = "/groups/120363000000000021@g.us/admins";
        let people = json!({ "participants": ["51900000012"] });

        shop.call(Method::PUT, "/contacts", &contact).await;
        shop.call(Method::PATCH, admins, &people).await;
        shop.call(
            Method::PATCH,
            &format!("/chats/{ROSA}@s.whatsapp.net"),
            &json!({ "pin": true }),
        )
        .await;
        shop.call(Method::DELETE, &format!("/messages/{id}"), &json!({}))
            .await;

        for expected in expected {
            let came = receiver.next().await;
            assert_eq!(format!("{} {}", came.method, came.path), expected, "mode {mode}");
            assert!(
                came.body["event"]["event"].is_string(),
                "each verb brings its body"
            );
        }
        shop.sandbox.stop().await;
    }
}

#[tokio::test]
async fn every_type_that_can_be_subscribed_can_be_tried_out() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    let (_, told) = shop.get("/settings/events").await;
    let kinds: std::collections::BTreeSet<String> = told
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| event["type"].as_str().expect("a type").to_owned())
        .collect();
    assert_eq!(kinds.len(), 11, "the documented types: {kinds:?}");
    for kind in kinds {
        let trial = json!({ "type": kind, "url": receiver.url, "mode": "body" });
        let (status, _) = shop.call(Method::POST, "/settings/webhook_test", &trial).await;
        assert_eq!(status, 200, "{kind} has a sample");
        assert_eq!(
            receiver.next().await.body["event"]["type"],
            kind,
            "of its own type"
        );
    }
    shop.sandbox.stop().await;
}
