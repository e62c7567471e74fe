//! How often a gateway is asked while nothing happens: counted at the gateway, against what its plan allows and what we promise.
//!
//! At the most is what is promised. Virtual time does not wait for a slow machine's answers, so there may be fewer; how many there are to be
//! is held exactly by the tests of `engine/src/session/rhythm.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind, WebhookTemper};
use serde_json::json;

use crate::dialects;
use crate::world::{ROSA, World};

const QUARTER: Duration = Duration::from_secs(900);

/// From now on requests of this kind are counted ([`asked`]): each is told to be late by nothing, and goes on.
fn count(world: &World, method: Option<&str>, path: &str) {
    world.sandbox.set_fault(Fault {
        method: method.map(str::to_owned),
        path_prefix: Some(path.to_owned()),
        times: u32::MAX,
        kind: FaultKind::DelayMs(0),
    });
}

/// How many were asked while this much time passed.
async fn asked_in(world: &mut World, span: Duration) -> u64 {
    let before = world.sandbox.spoilt();
    world.pass(span).await;
    world.sandbox.spoilt() - before
}

#[tokio::test]
async fn a_gateway_that_calls_is_asked_for_news_at_most_once_a_minute() {
    let mut world = World::linked().await;
    count(&world, Some("GET"), "/messages/list");
    let asked = asked_in(&mut world, 2 * QUARTER).await;
    assert!((1..=31).contains(&asked), "half an hour: {asked} questions");
    world.finish().await;
}

#[tokio::test]
async fn gateways_built_on_baileys_are_looked_at_for_news_and_for_the_link_at_most_once_a_minute() {
    for (gateway, news, link) in [
        (
            "evolution",
            "/dialects/evolution/chat/findMessages",
            "/dialects/evolution/instance/connectionState",
        ),
        (
            "qr_buho",
            "/dialects/qr_buho/chat/message/find",
            "/dialects/qr_buho/api/devices/list",
        ),
    ] {
        let mut world = dialects::linked_at(gateway).await;
        // The quarter in which it was linked and read.
        world.pass(QUARTER).await;
        // What is older than was asked for is left out here and not there: a look ends after three pages that bring nothing.
        for (method, path, pages) in [("POST", news, 3), ("GET", link, 1)] {
            count(&world, Some(method), path);
            let asked = asked_in(&mut world, 2 * QUARTER).await;
            assert!(
                (1..=31 * pages).contains(&asked),
                "{path}: half an hour, {asked} questions"
            );
            world.sandbox.clear_faults();
        }
        world.finish().await;
    }
}

#[tokio::test]
async fn a_gateway_that_does_not_call_is_asked_no_more_often_than_promised_and_less_when_it_is_quiet() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    world.sandbox.write_as(ROSA, "sin aviso").expect("Rosa writes");
    world
        .until("it is known that it does not call", async |world| {
            world.device().await["state"]["why"] == "deaf"
        })
        .await;
    count(&world, Some("GET"), "/messages/list");
    let busy = asked_in(&mut world, Duration::from_secs(60)).await;
    assert!(
        (1..=13).contains(&busy),
        "at most every five seconds in the first minute: {busy}"
    );
    world.pass(QUARTER).await;
    let quiet = asked_in(&mut world, QUARTER).await;
    assert!(
        (1..=31).contains(&quiet),
        "at most every half minute in a quiet quarter: {quiet}"
    );
    world.finish().await;
}

/// The gateway answers so when it is asked for news.
fn news_fails(world: &World, times: u32, code: u16, headers: BTreeMap<String, String>) {
    world.sandbox.set_fault(Fault {
        method: Some("GET".to_owned()),
        path_prefix: Some("/messages/list".to_owned()),
        times,
        kind: FaultKind::Status {
            code,
            body: None,
            headers,
        },
    });
}

#[tokio::test]
async fn a_gateway_that_asks_to_be_asked_later_is_left_alone_and_messages_leave_meanwhile() {
    let mut world = World::linked().await;
    let later = BTreeMap::from([("retry-after".to_owned(), "300".to_owned())]);
    news_fails(&world, 1, 429, later);
    count(&world, Some("GET"), "/messages/list");
    let before = world.sandbox.spoilt();
    world
        .until("it has said so", async |world| world.sandbox.spoilt() > before)
        .await;
    let began = world.clock.elapsed();
    world.send(ROSA, "mientras tanto", "c-later").await;
    world.until_status(ROSA, "mientras tanto", "delivered").await;
    let took = world.clock.elapsed().saturating_sub(began);
    assert!(took < Duration::from_secs(60), "it waited {took:?}");
    assert_eq!(
        world.device().await["state"]["kind"],
        "online",
        "nothing is wrong"
    );
    world.pass(Duration::from_secs(200)).await;
    assert_eq!(
        world.sandbox.spoilt() - before,
        1,
        "not asked again within the time"
    );
    world.pass(Duration::from_secs(300)).await;
    assert!(world.sandbox.spoilt() - before > 1, "and asked again after it");
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_asks_to_be_asked_later_for_its_chats_is_asked_for_nothing_else_either() {
    let mut world = World::linked().await;
    let kind = FaultKind::Status {
        code: 429,
        body: None,
        headers: BTreeMap::from([("retry-after".to_owned(), "300".to_owned())]),
    };
    // A start asks for them. Time stands still until it has said so.
    world
        .restart_after(async |sandbox| sandbox.set_fault(Fault::once("GET", "/chats", kind)))
        .await;
    world.until_faults_left(0).await;
    let before = world.sandbox.spoilt();
    count(&world, Some("GET"), "/messages/list");
    world.pass(Duration::from_secs(250)).await;
    assert_eq!(world.sandbox.spoilt(), before, "left alone for so long");

    world
        .until("then it is asked for news", async |world| {
            world.sandbox.spoilt() > before
        })
        .await;
    world.sandbox.clear_faults();
    world
        .sandbox
        .set_fault(Fault::once("GET", "/chats", FaultKind::DelayMs(0)));
    world.pass(Duration::from_secs(300)).await;
    assert_eq!(
        world.sandbox.waiting_faults(),
        1,
        "for its chats in their own time: they do not keep the news from coming"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_fails_each_time_that_it_is_asked_for_news_is_asked_less_and_less() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        deaf: true,
        ..WebhookTemper::default()
    });
    news_fails(&world, 1_000, 500, BTreeMap::new());
    let mut asked = Vec::new();
    for minutes in [2, 8, 30] {
        asked.push(asked_in(&mut world, Duration::from_secs(minutes * 60)).await);
    }
    assert!(
        asked.iter().all(|asked| (1..=9).contains(asked)),
        "in two minutes, in eight and in thirty: {asked:?}"
    );
    world.sandbox.clear_faults();
    world.sandbox.write_as(ROSA, "¿ya están?").expect("Rosa writes");
    world
        .until("it is here", async |world| {
            let said = world.messages_of(ROSA).await;
            said.iter().any(|row| row["body"]["text"] == "¿ya están?")
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_quiet_number_leaves_most_of_a_hundred_calls_a_quarter_to_its_messages() {
    let mut world = World::new().await;
    let fields = json!({ "url": dialects::at(&world, "api_engine"), "token": world.sandbox.token() });
    dialects::add(&world, "api_engine", fields).await;
    dialects::link(&mut world).await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("Rosa writes");
    world
        .until("it is here", async |world| world.chats().await.len() == 1)
        .await;
    // The window in which it was linked.
    world.pass(QUARTER).await;
    count(&world, None, "/dialects/api_engine");
    for words in ["uno", "dos", "tres", "cuatro"] {
        let asked = asked_in(&mut world, QUARTER).await;
        assert!(asked > 0, "it is looked after");
        assert!(
            asked <= 50,
            "{asked} of a quarter's 100 calls by routine, before message {words}"
        );
        world.send(ROSA, words, &format!("c-{words}")).await;
        world.until_status(ROSA, words, "sent").await;
    }
    world.finish().await;
}

/// How many of these messages Rosa got, and the most of them in any minute.
fn arrived(world: &World, beginning: &str) -> (usize, usize) {
    let ledger = world.sandbox.ledger_of(ROSA);
    let at: Vec<u64> = ledger
        .iter()
        .filter(|entry| {
            entry
                .body
                .as_deref()
                .is_some_and(|body| body.starts_with(beginning))
        })
        .map(|entry| entry.at)
        .collect();
    let in_a_minute = |from: &u64| {
        at.iter()
            .filter(|at| (*from..*from + 60_000).contains(at))
            .count()
    };
    (at.len(), at.iter().map(in_a_minute).max().unwrap_or(0))
}

async fn queue(world: &World, beginning: &str, count: usize) {
    let rosa =
        json!({ "deviceId": world.device().await["id"], "number": format!("+{ROSA}"), "unchecked": true });
    let chat = world.run("chat_start", rosa).await["chatId"].clone();
    for place in 0..count {
        let words = format!("{beginning} {place}");
        let args = json!({ "chatId": chat, "clientId": words, "text": words, "mediaId": null });
        world.run("message_send", args).await;
    }
}

#[tokio::test]
async fn a_restart_forgets_nothing_of_what_the_gateway_counts() {
    let mut world = dialects::linked_at("waconecta").await;
    // The minute in which it was linked.
    world.pass(Duration::from_secs(61)).await;
    queue(&world, "aviso", 40).await;
    world
        .until("a minute's messages have left", async |world| {
            let rows = world.messages_of(ROSA).await;
            // Each question about the link has a turn of its own.
            rows.iter().filter(|row| row["status"] == "sent").count() >= 27
        })
        .await;
    world.restart().await;
    world
        .until("all have left", async |world| arrived(world, "aviso").0 == 40)
        .await;
    let (_, most) = arrived(&world, "aviso");
    assert!(most <= 28, "{most} in one minute");
    assert_eq!(
        world.sandbox.turned_away(),
        0,
        "with every question about the link, never more than thirty a minute"
    );
    world.finish().await;
}

#[tokio::test]
async fn what_a_person_calls_in_the_explorer_counts_with_the_messages() {
    let mut world = dialects::linked_at("waconecta").await;
    // The minute in which it was linked.
    world.pass(Duration::from_secs(61)).await;
    let args = json!({
        "deviceId": world.device().await["id"], "endpoint": "getQrStaticSession", "parameters": {},
        "body": { "containerToken": world.sandbox.token() }, "file": null, "confirmed": true,
    });
    let mut answered = 0;
    for _ in 0..40 {
        match world.try_run("explorer_call", args.clone()).await {
            Ok(called) => {
                assert_eq!(called["status"], 200, "the gateway took it: {called}");
                answered += 1;
            }
            Err(error) => assert_eq!(error.code, ErrorCode::RateLimited, "it is said to wait"),
        }
    }
    assert_eq!(
        world.sandbox.turned_away(),
        0,
        "thirty requests a minute, whatever they ask"
    );
    assert!(
        (20..=28).contains(&answered),
        "as many as there is room for: {answered}"
    );
    queue(&world, "aviso", 1).await;
    world
        .until("a customer is answered all the same", async |world| {
            arrived(world, "aviso").0 == 1
        })
        .await;
    assert_eq!(world.sandbox.turned_away(), 0, "in its turn");
    world.finish().await;
}

#[tokio::test]
async fn tests_of_the_connection_count_with_the_messages() {
    let mut world = dialects::linked_at("waconecta").await;
    // The minute in which it was linked.
    world.pass(Duration::from_secs(61)).await;
    let token = world.sandbox.token().to_owned();
    let url = dialects::at(&world, "waconecta");
    let test = |container_token: &str| {
        let fields = json!({ "url": url, "token": token, "container_token": container_token });
        json!({ "gateway": "waconecta", "fields": fields })
    };
    let mut answered = 0;
    for tries in 0..40 {
        // Which of the keys is wrong takes a second call.
        let wrong = tries % 4 == 0;
        let container = if wrong { "not-this-one" } else { token.as_str() };
        match world.try_run("gateway_test", test(container)).await {
            Ok(_) => answered += 1,
            Err(error) if error.code == ErrorCode::SessionKeyRejected => answered += 1,
            Err(error) => assert_eq!(error.code, ErrorCode::RateLimited, "it is said to wait"),
        }
    }
    assert_eq!(
        world.sandbox.turned_away(),
        0,
        "thirty requests a minute, whatever they ask"
    );
    assert!(answered >= 10, "as many as there is room for: {answered}");
    queue(&world, "aviso", 1).await;
    world
        .until("a customer is answered all the same", async |world| {
            arrived(world, "aviso").0 == 1
        })
        .await;
    assert_eq!(world.sandbox.turned_away(), 0, "in its turn");
    world.finish().await;
}

#[tokio::test]
async fn while_one_code_stays_on_show_it_is_asked_for_no_oftener_than_the_link_wants() {
    let mut world = World::new().await;
    let shown = FaultKind::Status {
        code: 200,
        body: Some(json!({ "success": true, "data": { "qrCode": "data:image/png;base64,iVBORw0KGgo=" } })),
        headers: Default::default(),
    };
    world.sandbox.set_fault(Fault {
        times: u32::MAX,
        ..Fault::once("GET", "/dialects/api_engine/api/session/qr", shown)
    });
    let fields = json!({ "url": dialects::at(&world, "api_engine"), "token": world.sandbox.token() });
    dialects::add(&world, "api_engine", fields).await;
    world
        .until("a code is shown", async |world| {
            world.device().await["state"]["step"]["kind"] == "picture"
        })
        .await;
    // The time that we take a code to live.
    world.pass(Duration::from_secs(20)).await;
    let asked = asked_in(&mut world, Duration::from_secs(60)).await;
    assert!(
        (1..=7).contains(&asked),
        "a minute with the same code, every ten seconds: {asked}"
    );
    assert_eq!(
        world.device().await["state"]["step"]["kind"],
        "picture",
        "and it stays on show"
    );
    world.finish().await;
}

#[tokio::test]
async fn the_questions_of_several_sessions_of_one_key_count_with_the_messages() {
    let mut world = dialects::linked_at("waconecta").await;
    let token = world.sandbox.token().to_owned();
    let fields =
        json!({ "url": dialects::at(&world, "waconecta"), "token": token, "container_token": token });
    for _ in 0..4 {
        dialects::add(&world, "waconecta", fields.clone()).await;
    }
    world
        .until("each of them is online", async |world| {
            let all = world.run("device_list", json!({})).await;
            let mut all = all.as_array().into_iter().flatten();
            all.all(|device| device["state"]["kind"] == "online")
        })
        .await;
    queue(&world, "aviso", 70).await;
    world
        .until("all have left", async |world| arrived(world, "aviso").0 == 70)
        .await;
    assert_eq!(
        world.sandbox.turned_away(),
        0,
        "five sessions are asked after while one of them sends as fast as it may"
    );
    world.finish().await;
}

/// Another program of the shop's asks the same server, until so many calls are left: they are counted together.
async fn use_up_all_but(world: &World, left: u32) {
    let url = format!("{}/api/session/status", dialects::at(world, "api_engine"));
    let client = reqwest::Client::new();
    loop {
        let asked = client.get(&url).header("x-api-key", world.sandbox.token()).send();
        let answer = asked.await.expect("it answers");
        let remaining = &answer.headers()["x-ratelimit-remaining"];
        let remaining: u32 = remaining.to_str().expect("text").parse().expect("a number");
        if remaining <= left {
            return;
        }
    }
}

#[tokio::test]
async fn the_last_calls_of_a_window_are_for_messages_and_the_number_stays_well() {
    let mut world = dialects::linked_at("api_engine").await;
    // A window of its own.
    world.pass(QUARTER).await;
    use_up_all_but(&world, 11).await;
    for minute in 0..4 {
        world.pass(Duration::from_secs(60)).await;
        let state = world.device().await["state"].clone();
        assert_eq!(
            state["kind"], "online",
            "what we keep back ourselves is no trouble of the gateway's: minute {minute}, {state}"
        );
    }
    queue(&world, "aviso", 1).await;
    let before = world.clock.now();
    // By short steps: time does not leap over what is at work, however slow the machine is.
    world
        .until_by_turns(
            "it has left",
            async |world| {
                // Rosa has it before that is noted here.
                let ours = world.ours(ROSA, "aviso 0").await;
                arrived(world, "aviso").0 == 1 && ours.iter().any(|row| row["status"] == "sent")
            },
            async |world| Some(world.clock.now().after(Duration::from_secs(1))),
        )
        .await;
    let waited = world.clock.now().since(before);
    assert!(
        waited < Duration::from_secs(120),
        "it did not wait for the next window: {waited:?}"
    );
    assert_eq!(world.sandbox.turned_away(), 0, "and none was one too many");
    world.finish().await;
}

#[tokio::test]
async fn more_than_a_windows_messages_are_never_too_many() {
    let mut world = dialects::linked_at("api_engine").await;
    queue(&world, "promo", 80).await;
    world
        .until("all have left", async |world| arrived(world, "promo").0 == 80)
        .await;
    assert_eq!(world.sandbox.turned_away(), 0, "by the gateway's own headers");
    world.finish().await;
}
