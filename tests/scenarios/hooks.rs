//! What gateways have called with: written down with its verdict, shown without a value, taken in again without harm.

use mostrador_api::ErrorCode;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::WebhookTemper;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::bad_input::hook;
use crate::world::{ROSA, World};

const WORDS: &str = "¿Tienen torta de lúcuma?";

async fn calls(world: &World) -> Vec<Value> {
    let args = json!({ "deviceId": world.device().await["id"] });
    let calls = world.run("hook_list", args).await;
    calls.as_array().cloned().expect("a list")
}

async fn route(world: &World) -> Value {
    let args = json!({ "deviceId": world.device().await["id"] });
    world.run("hook_route", args).await
}

async fn of_call(world: &World, command: &str, call: &Value) -> Value {
    let args = json!({ "deviceId": world.device().await["id"], "callId": call["id"] });
    world.run(command, args).await
}

async fn with_verdict(world: &World, verdict: &str) -> Option<Value> {
    let calls = calls(world).await;
    calls.into_iter().find(|call| call["verdict"] == verdict)
}

/// Calls as the gateway would, with this body; `header`: with the secret that belongs to it.
async fn call(world: &World, body: &str, header: bool) -> StatusCode {
    let (url, headers) = hook(world).await;
    let mut request = reqwest::Client::new().post(url).body(body.to_owned());
    if header {
        request = request.headers(headers);
    }
    request.send().await.expect("answers").status()
}

/// The chats in their order with what is unread in each.
async fn unread(world: &World) -> Vec<Value> {
    let rows = world.chats().await;
    let told = |row: &Value| {
        json!([
            row["id"],
            row["unread"],
            row["lastAt"],
            row["last"]["body"]["text"]
        ])
    };
    rows.iter().map(told).collect()
}

/// Rosa's messages as they are stored; how far her pictures have come changes by itself.
async fn ledger(world: &World) -> Vec<Value> {
    let rows = world.messages_of(ROSA).await;
    let told = |row: &Value| json!([row["id"], row["sentAt"], row["status"], row["body"]["text"]]);
    rows.iter().map(told).collect()
}

/// The call that told of Rosa's message.
async fn telling(world: &World) -> Option<Value> {
    let calls = calls(world).await;
    let tells = |call: &Value| {
        call["kinds"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&json!("message")))
    };
    calls.into_iter().find(tells)
}

#[tokio::test]
async fn a_message_taken_in_again_changes_nothing() {
    let world = World::linked().await;
    // One that polling does not bring, so that only the call can.
    let body = json!({
        "messages": [{
            "id": "told-by-call-alone", "from_me": false, "type": "text", "chat_id": format!("{ROSA}@s.whatsapp.net"),
            "from": ROSA, "timestamp": world.clock.now().0 / 1_000, "text": { "body": WORDS },
        }],
        "event": { "type": "messages", "event": "post" },
    });
    assert_eq!(call(&world, &body.to_string(), true).await, StatusCode::OK);
    let told = telling(&world).await.expect("it is written down");
    assert_eq!(told["verdict"], "accepted", "it was new: {told}");
    let before = (unread(&world).await, ledger(&world).await);
    let calls_before = calls(&world).await.len();

    let replayed = of_call(&world, "hook_replay", &told).await;
    assert_eq!(replayed["verdict"], "duplicate", "all of it is known");
    assert_eq!(replayed["newMessages"], 0);
    let after = (unread(&world).await, ledger(&world).await);
    assert_eq!(
        before, after,
        "neither the messages nor the unread count nor the order change"
    );
    assert_eq!(calls(&world).await.len(), calls_before, "nobody called");
    world.finish().await;
}

#[tokio::test]
async fn what_is_shown_of_a_call_has_no_words_and_no_number() {
    let mut world = World::linked().await;
    world.sandbox.write_as(ROSA, WORDS).expect("Rosa writes");
    world
        .until("its call is written down", async |world| {
            telling(world).await.is_some()
        })
        .await;
    let told = telling(&world).await.expect("it is there");
    let shown = of_call(&world, "hook_get", &told).await;
    let text = shown.to_string();
    assert!(
        shown["structure"]["messages"][0]["chat_id"].is_string(),
        "its structure is shown: {text}"
    );
    for hidden in [ROSA, "lúcuma", "Rosa"] {
        assert!(!text.contains(hidden), "{hidden} is not shown: {text}");
    }
    world.finish().await;
}

#[tokio::test]
async fn a_call_with_half_an_emoji_is_shown_and_taken_in_again_like_any_other() {
    let world = World::linked().await;
    let body = json!({
        "messages": [{
            "id": "half-an-emoji", "from_me": false, "type": "text", "chat_id": format!("{ROSA}@s.whatsapp.net"),
            "from": ROSA, "timestamp": world.clock.now().0 / 1_000, "text": { "body": "MEDIO" },
        }],
        "event": { "type": "messages", "event": "post" },
    });
    let body = body.to_string().replace("MEDIO", "torta \\ud83c");
    assert_eq!(call(&world, &body, true).await, StatusCode::OK, "it is read");
    let told = telling(&world).await.expect("it is written down");
    let shown = of_call(&world, "hook_get", &told).await;
    assert_eq!(
        shown["structure"]["messages"][0]["text"]["body"], "‹abc × 7›",
        "and shown: {shown}"
    );
    assert_eq!(shown["call"]["held"], true);
    let replayed = of_call(&world, "hook_replay", &told).await;
    assert_eq!(replayed["verdict"], "duplicate", "and taken in again");
    world.finish().await;
}

#[tokio::test]
async fn a_call_that_comes_twice_is_a_duplicate() {
    let mut world = World::linked().await;
    world.sandbox.set_webhook_temper(WebhookTemper {
        duplicate: true,
        ..WebhookTemper::default()
    });
    world.sandbox.write_as(ROSA, WORDS).expect("Rosa writes");
    world
        .until("its second call is written down", async |world| {
            with_verdict(world, "duplicate").await.is_some()
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn what_is_not_understood_stays_so_when_it_is_taken_in_again() {
    let world = World::linked().await;
    let body = json!({ "parade": [{ "who": "somebody" }], "event": { "type": "parade", "event": "post" } });
    assert_eq!(
        call(&world, &body.to_string(), true).await,
        StatusCode::OK,
        "kept raw"
    );
    let unknown = with_verdict(&world, "unknown").await.expect("it is written down");

    let replayed = of_call(&world, "hook_replay", &unknown).await;
    assert_eq!(replayed["verdict"], "unknown", "no wiser than before");
    let again = with_verdict(&world, "unknown").await.expect("still there");
    assert_eq!(again, unknown, "and written down as it was");
    assert_eq!(
        route(&world).await["health"]["kind"],
        "alive",
        "kept raw is taken in"
    );
    world.finish().await;
}

#[tokio::test]
async fn refused_calls_make_the_route_fail_until_a_good_one() {
    let mut world = World::linked().await;
    assert_eq!(
        call(&world, "{}", false).await,
        StatusCode::NOT_FOUND,
        "no header, no entry"
    );
    let refused = with_verdict(&world, "bad_signature")
        .await
        .expect("it is written down");
    assert_eq!(refused["held"], false, "of a stranger nothing is held");
    let failing = json!({ "kind": "failing", "verdict": "bad_signature" });
    assert_eq!(route(&world).await["health"], failing);
    let args = json!({ "deviceId": world.device().await["id"], "callId": refused["id"] });
    assert_eq!(
        world.refused("hook_replay", args).await,
        ErrorCode::NotFound,
        "what is not held cannot be taken in"
    );

    assert_eq!(call(&world, "<html>", true).await, StatusCode::BAD_REQUEST);
    let failing = json!({ "kind": "failing", "verdict": "malformed" });
    assert_eq!(route(&world).await["health"], failing);

    world.sandbox.write_as(ROSA, WORDS).expect("Rosa writes");
    world
        .until("a good call ends it", async |world| {
            route(world).await["health"]["kind"] == "alive"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_gateway_that_can_is_asked_to_call_and_the_call_arrives() {
    let world = World::linked().await;
    assert_eq!(route(&world).await["canTest"], true, "this gateway has a test");
    let before = calls(&world).await.len();
    let args = json!({ "deviceId": world.device().await["id"] });
    assert_eq!(world.run("hook_test", args).await["arrived"], true);
    assert!(calls(&world).await.len() > before, "it is written down");
    assert_eq!(route(&world).await["health"]["kind"], "alive");
    world.finish().await;
}

/// Where the API engine calls this number, as its own list has it.
async fn engine_hook(world: &World) -> String {
    let url = format!("{}/api/webhooks", crate::dialects::at(world, "api_engine"));
    let asked = reqwest::Client::new()
        .get(url)
        .header("x-api-key", world.sandbox.token());
    let told: Value = asked.send().await.expect("answers").json().await.expect("JSON");
    told["data"][0]["url"].as_str().expect("an address").to_owned()
}

#[tokio::test]
async fn a_call_whose_signature_is_wrong_is_a_bad_signature() {
    let mut world = World::new().await;
    let fields = json!({ "url": crate::dialects::at(&world, "api_engine"), "token": world.sandbox.token() });
    crate::dialects::add(&world, "api_engine", fields).await;
    crate::dialects::link(&mut world).await;
    world.sandbox.write_as(ROSA, WORDS).expect("Rosa writes");
    world
        .until("a signed call is taken", async |world| {
            with_verdict(world, "accepted").await.is_some()
        })
        .await;
    let before = ledger(&world).await;

    let url = engine_hook(&world).await;
    let data = json!({
        "id": "false_51900000011@c.us_3EB0FF", "from": "51900000011@c.us", "to": "shop@c.us", "body": "no soy yo",
        "timestamp": 1_795_210_278, "type": "chat", "isForwarded": false, "hasMedia": false,
    });
    let body =
        json!({ "event": "message", "timestamp": "2026-11-20T21:31:18.321Z", "data": data }).to_string();
    let forged = "0".repeat(64);
    for signature in [Some(forged.as_str()), Some("x"), None] {
        let mut call = reqwest::Client::new().post(&url).body(body.clone());
        if let Some(signature) = signature {
            call = call.header("x-webhook-signature", signature);
        }
        let status = call.send().await.expect("answers").status();
        assert!(
            status.is_client_error(),
            "{signature:?}: nobody is let in, {status}"
        );
    }
    let calls = calls(&world).await;
    let refused: Vec<&Value> = calls
        .iter()
        .filter(|call| call["verdict"] == "bad_signature")
        .collect();
    assert!(!refused.is_empty(), "it is written down: {calls:?}");
    assert!(
        refused.iter().all(|call| call["held"] == false),
        "of a stranger nothing is held"
    );
    let failing = json!({ "kind": "failing", "verdict": "bad_signature" });
    assert_eq!(route(&world).await["health"], failing, "and the route says so");
    assert_eq!(ledger(&world).await, before, "no word of it is taken in");
    world.finish().await;
}

/// A call that tells of a message of Rosa's, and one that polling does not bring.
fn told_by_call(world: &World, id: &str, words: &str) -> String {
    json!({
        "messages": [{
            "id": id, "from_me": false, "type": "text", "chat_id": format!("{ROSA}@s.whatsapp.net"),
            "from": ROSA, "timestamp": world.clock.now().0 / 1_000, "text": { "body": words },
        }],
        "event": { "type": "messages", "event": "post" },
    })
    .to_string()
}

#[tokio::test]
async fn what_went_with_its_chat_on_the_phone_is_brought_back_neither_by_hand_nor_by_a_second_call() {
    let chat = format!("{ROSA}@s.whatsapp.net");
    let deleted = json!({ "chats_removed": [chat], "event": { "type": "chats", "event": "delete" } });
    let emptied = json!({ "messages_removed_all": chat, "event": { "type": "messages", "event": "delete" } });
    for (event, gone) in [(deleted, true), (emptied, false)] {
        let mut world = World::linked().await;
        let body = told_by_call(&world, "told-by-call-alone", WORDS);
        assert_eq!(call(&world, &body, true).await, StatusCode::OK);
        let told = telling(&world).await.expect("it is written down");
        let is_there = async |world: &World| {
            let rows = world.chats().await;
            rows.iter().any(|row| row["last"]["body"]["text"] == WORDS)
        };
        assert!(is_there(&world).await, "it is here");
        assert_eq!(call(&world, &event.to_string(), true).await, StatusCode::OK);
        assert!(!is_there(&world).await, "it went, as on the phone");

        let replayed = of_call(&world, "hook_replay", &told).await;
        assert_eq!(replayed["newMessages"], 0, "nobody has it any more: {replayed}");
        assert_eq!(replayed["left"], 1, "and that is told");
        assert_eq!(call(&world, &body, true).await, StatusCode::OK);
        assert!(!is_there(&world).await, "nor does a second call bring it back");
        assert_eq!(calls(&world).await[0]["verdict"], "duplicate");

        world.pass(std::time::Duration::from_secs(60)).await;
        let new = told_by_call(&world, "told-later", "¿Y pan?");
        assert_eq!(call(&world, &new, true).await, StatusCode::OK);
        let texts: Vec<_> = ledger(&world).await.iter().map(|row| row[3].clone()).collect();
        // What the gateway still lists is here again too.
        assert!(
            texts.contains(&json!("¿Y pan?")) && !texts.contains(&json!(WORDS)),
            "she writes again, and what went stays away (deleted: {gone}): {texts:?}"
        );
        world.finish().await;
    }
}

/// From now on the gateway calls in this mode: `method`, with the verb of the event; `path`, with more behind our path.
async fn call_by(world: &World, mode: &str) {
    let settings = format!("{}/settings", world.sandbox.url());
    let client = reqwest::Client::new();
    let asked = client.get(&settings).bearer_auth(world.sandbox.token());
    let told: Value = asked.send().await.expect("answers").json().await.expect("JSON");
    let mut hooks = told["webhooks"].clone();
    hooks[0]["mode"] = json!(mode);
    let changed = client.patch(&settings).json(&json!({ "webhooks": hooks }));
    let changed = changed.bearer_auth(world.sandbox.token()).send().await;
    assert!(changed.expect("answers").status().is_success(), "{mode}");
}

#[tokio::test]
async fn calls_with_another_verb_or_with_more_in_their_path_are_taken_in_as_what_they_are() {
    for mode in ["method", "path"] {
        let mut world = World::linked().await;
        call_by(&world, mode).await;
        let phone = world.sandbox.on(0).expect("there is one");
        let written = phone.write_as(ROSA, WORDS).expect("Rosa writes");
        // Time stands still: nobody asks the gateway for what it has called about.
        let until = async |world: &mut World, what: &str, holds: fn(&Value) -> bool| {
            let shows = async |world: &World| world.messages_of(ROSA).await.last().is_some_and(holds);
            let what = format!("{mode}: {what}");
            world.until_by_turns(&what, shows, async |_| None).await;
        };
        until(&mut world, "it is here", |row| row["body"]["text"] == WORDS).await;
        let phone = world.sandbox.on(0).expect("there is one");
        let corrected = "¿Tienen pie de limón?";
        phone
            .edit_as(ROSA, &written, corrected)
            .expect("Rosa corrects it");
        until(&mut world, "it is corrected", |row| {
            row["body"]["text"] == "¿Tienen pie de limón?"
        })
        .await;
        let phone = world.sandbox.on(0).expect("there is one");
        phone.delete_as(ROSA, &written).expect("Rosa takes it back");
        until(&mut world, "it is gone", |row| row["body"]["kind"] == "deleted").await;
        // That is said once it is stored.
        let all = async |world: &World| {
            calls(world)
                .await
                .iter()
                .all(|call| call["verdict"] == "accepted")
        };
        world
            .until_by_turns(&format!("{mode}: each is taken in"), all, async |_| None)
            .await;
        world.finish().await;
    }
}
