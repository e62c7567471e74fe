//! Driving the practice shop from another process: the program, its flags, and `/sandbox`.

mod common;

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use common::{Receiver, SOON, Shop};
use mostrador_sandbox::SandboxConfig;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";

#[allow(
    clippy::expect_used,
    reason = "code of tests, though outside the test functions"
)]
async fn order(shop: &Shop, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/sandbox/{path}", shop.sandbox.url());
    let answer = shop.client.post(url).json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn many_customers_write_at_once_and_at_a_pace() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post")]).await;

    let (_, written) = order(&shop, "write", json!({ "of": 5, "count": 12, "text": "Hola" })).await;
    let (_, pace) = order(
        &shop,
        "write",
        json!({ "customers": [ROSA], "count": 100, "per_second": 500 }),
    )
    .await;

    let written = written["written"].as_array().expect("a list").clone();
    assert_eq!(written.len(), 12, "each with its id, who wrote it and what");
    assert_eq!(written[0]["customer"], written[5]["customer"], "they take turns");
    assert_eq!(pace["written"], json!([]), "at a pace they come later");
    let mut told = std::collections::BTreeSet::new();
    while told.len() < 112 {
        for message in receiver.next().await.body["messages"].as_array().expect("a list") {
            told.insert(message["id"].as_str().expect("an id").to_owned());
        }
    }
    let first = written[0]["id"].as_str().expect("an id");
    assert!(told.contains(first), "all of them were told, these too");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn waiting_webhooks_travel_together_when_that_is_allowed() {
    let shop = Shop::start(SandboxConfig {
        webhook_batch: 10,
        ..SandboxConfig::for_tests()
    })
    .await;
    shop.sandbox.link();
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post")]).await;
    order(&shop, "write", json!({ "of": 3, "count": 40 })).await;
    let (mut told, mut requests) = (Vec::new(), 0);
    while told.len() < 40 {
        let messages = receiver.next().await.body["messages"]
            .as_array()
            .expect("a list")
            .clone();
        assert!(messages.len() <= 10, "ten at most, got {}", messages.len());
        told.extend(
            messages
                .into_iter()
                .map(|message| message["text"]["body"].clone()),
        );
        requests += 1;
    }
    assert!(requests < 40, "they were gathered: {requests} requests");
    let expected: Vec<Value> = (1..=40)
        .map(|n| json!(format!("Hola, ¿tienen pan? {n}")))
        .collect();
    assert_eq!(told, expected, "in the order in which they were written");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_link_the_ears_and_the_receipts_are_switched_over_http() {
    let shop = Shop::start(SandboxConfig {
        devices: 2,
        ..SandboxConfig::for_tests()
    })
    .await;
    let (no_code, why) = order(&shop, "scan", json!({})).await;
    let (_, linked) = order(&shop, "link", json!({ "device": 1 })).await;
    let (_, unlinked) = order(&shop, "unlink", json!({ "device": 1 })).await;
    let (twice, _) = order(&shop, "unlink", json!({ "device": 1 })).await;
    let (_, deaf) = order(&shop, "deaf", json!({ "deaf": true })).await;
    let (_, manner) = order(&shop, "receipts", json!({ "late_ms": 50 })).await;
    let (nowhere, _) = order(&shop, "link", json!({ "device": 7 })).await;
    let (wrong, _) = order(&shop, "receipts", json!({ "later": 50 })).await;

    assert_eq!(
        (no_code, &why["code"]),
        (409, &json!("no_code")),
        "nothing is on show"
    );
    assert_eq!(
        (&linked["linked"], &unlinked["linked"]),
        (&json!(true), &json!(false)),
        "on and off"
    );
    assert_eq!(
        (twice, nowhere, wrong),
        (409, 404, 400),
        "what cannot be is refused with its own status"
    );
    assert_eq!(
        (&deaf["deaf"], &manner["late_ms"]),
        (&json!(true), &json!(50)),
        "the answer says what holds now"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_deaf_link_is_linked_and_tells_nothing() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "post")]).await;
    order(&shop, "deaf", json!({ "deaf": true })).await;
    let missed = shop.sandbox.write_as(ROSA, "¿Me oyen?").expect("Rosa exists");
    order(&shop, "deaf", json!({ "deaf": false })).await;
    let heard = shop.sandbox.write_as(ROSA, "¿Y ahora?").expect("Rosa exists");
    assert_eq!(
        receiver.next().await.body["messages"][0]["id"],
        heard,
        "what was missed never comes"
    );
    assert!(shop.sandbox.is_linked(), "it was linked all the time");
    assert_eq!(
        shop.get(&format!("/messages/{missed}")).await.0,
        200,
        "whoever asks finds it"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn people_act_over_http_and_the_ledger_is_read_from_where_one_was() {
    let shop = Shop::linked().await;
    let (_, written) = order(
        &shop,
        "act",
        json!({ "act": "phone_write", "customer": ROSA, "text": "Son 30" }),
    )
    .await;
    let id = written["id"].clone();
    let acts = [
        json!({ "act": "phone_edit", "message": id, "text": "Son 35" }),
        json!({ "act": "react", "customer": ROSA, "message": id, "emoji": "👍" }),
        json!({ "act": "read", "customer": ROSA }),
        json!({ "act": "reply", "customer": ROSA, "message": id, "text": "Ok" }),
        json!({ "act": "presence", "customer": ROSA, "presence": "typing" }),
        json!({ "act": "hide_number", "customer": ROSA, "hidden": true }),
        json!({ "act": "order", "customer": ROSA, "items": [[0, 1]] }),
        json!({ "act": "call", "customer": ROSA }),
        json!({ "act": "phone_delete", "message": id }),
    ];
    for act in acts {
        let (status, answer) = order(&shop, "act", act.clone()).await;
        assert_eq!(status, 200, "{act}: {answer}");
    }
    let (nobody, _) = order(&shop, "act", json!({ "act": "read", "customer": "51900000777" })).await;
    let (unknown, _) = order(&shop, "act", json!({ "act": "sing", "customer": ROSA })).await;
    assert_eq!(
        (nobody, unknown),
        (409, 400),
        "nobody of that number, no such act"
    );
    let url = format!("{}/sandbox/ledger?since=1&recipient={ROSA}", shop.sandbox.url());
    let later: Value = shop
        .client
        .get(url)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let effects: Vec<&Value> = later["entries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|e| &e["effect"])
        .collect();
    assert_eq!(
        effects,
        ["edit", "deletion"],
        "the message itself was the first line"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn weather_is_ordered_over_http() {
    let shop = Shop::linked().await;
    let gust = json!({ "path_prefix": "/messages", "percent": 100.0, "kind": { "status_after_effect": { "code": 500 } } });
    let (status, _) = order(&shop, "weather", json!({ "seed": 4, "gusts": [gust] })).await;
    let answer = shop.send_text(ROSA, "Hola").await.expect("an answer");
    let url = format!("{}/sandbox/weather", shop.sandbox.url());
    shop.client.delete(&url).send().await.expect("an answer");
    let fair = shop.send_text(ROSA, "Hola").await.expect("an answer");
    assert_eq!(
        (status, answer.status().as_u16(), fair.status().as_u16()),
        (200, 500, 200),
        "bad, then fair"
    );
    assert_eq!(shop.sandbox.ledger_of(ROSA).len(), 2, "both arrived");
    shop.sandbox.stop().await;
}

/// The program, ended when the test does.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_program_makes_the_world_that_its_flags_order() {
    let flags = "--tests --chats 50 --messages 3000 --seed 9 --speed 4 --devices 2";
    let mut child = Command::new(env!("CARGO_BIN_EXE_mostrador-practice"))
        .args(flags.split(' '))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stdout = child.stdout.take().expect("piped");
    let _program = Program(child);
    let mut line = String::new();
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("one line when it is ready");
    let ready: Value = serde_json::from_str(&line).expect("which is JSON");
    let (url, client) = (ready["url"].as_str().expect("an address"), reqwest::Client::new());

    client
        .post(format!("{url}/sandbox/link"))
        .timeout(SOON)
        .send()
        .await
        .expect("an answer");
    let state = client
        .get(format!("{url}/sandbox/state"))
        .send()
        .await
        .expect("an answer");
    let state: Value = state.json().await.expect("JSON");

    assert_eq!(
        ready["devices"].as_array().map(Vec::len),
        Some(2),
        "each device has its token: {ready}"
    );
    assert_eq!(state["devices"][0]["linked"], true, "the first is linked");
    assert_eq!(state["devices"][1]["linked"], false, "the other is not");
    for device in state["devices"].as_array().expect("a list") {
        assert_eq!(
            (&device["chats"], &device["messages"]),
            (&json!(50), &json!(3000)),
            "as big as ordered"
        );
    }
}
