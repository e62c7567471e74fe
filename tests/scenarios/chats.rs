//! What is wished of chats: it holds here at once, and the phone hears of it.

use std::time::Duration;

use mostrador_api::ErrorCode;
use mostrador_domain::UnixMillis;
use mostrador_engine::clock::Clock;
use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::world::{ROSA, World};

async fn change(world: &World, change: Value) -> Value {
    let chat = world.chat_of(ROSA).await["id"].clone();
    world
        .run("chat_change", json!({ "chatId": chat, "change": change }))
        .await
}

async fn listed(world: &World, filter: &str) -> Vec<Value> {
    let args = json!({ "filter": filter, "deviceId": null, "after": null, "limit": 100 });
    let page = world.run("chat_list", args).await;
    page["rows"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn archiving_holds_at_once_and_what_the_gateway_says_meanwhile_does_not_undo_it() {
    let mut world = World::linked().await;
    let refused = FaultKind::Status {
        code: 503,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    world.sandbox.set_fault(Fault {
        times: 3,
        ..Fault::once("POST", "/chats/", refused)
    });
    let row = change(&world, json!({ "kind": "archived", "on": true })).await;
    assert_eq!(row["archived"], true, "here at once");
    let id = row["id"].clone();
    world
        .until("the gateway has been told in the end", async |world| {
            world.sandbox.waiting_faults() == 0
        })
        .await;
    world.pass(Duration::from_secs(300)).await;
    assert!(
        listed(&world, "archived")
            .await
            .iter()
            .any(|chat| chat["id"] == id),
        "it is among those that were put away"
    );
    assert!(
        listed(&world, "all").await.iter().all(|chat| chat["id"] != id),
        "and not among the others"
    );
    world.finish().await;
}

#[tokio::test]
async fn pinned_it_comes_first_and_marked_unread_it_is_listed_as_that() {
    let world = World::linked().await;
    let row = change(&world, json!({ "kind": "pinned", "on": true })).await;
    assert_eq!(
        listed(&world, "all").await[0]["id"],
        row["id"],
        "at the top of the list"
    );
    let row = change(&world, json!({ "kind": "marked_unread", "on": true })).await;
    assert_eq!(row["markedUnread"], true, "as a person wished");
    assert!(
        listed(&world, "unread")
            .await
            .iter()
            .any(|chat| chat["id"] == row["id"]),
        "whoever looks for unread chats finds it"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_snoozed_chat_opens_at_its_time_and_a_done_one_when_the_customer_writes() {
    let mut world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let until: UnixMillis = world.clock.now().after(Duration::from_secs(7_200));
    let snooze = json!({ "chatId": chat, "state": "snoozed", "until": until.0 });
    let row = world.run("chat_triage_set", snooze).await;
    assert_eq!(row["triage"], "snoozed", "put off");
    world
        .until("it is open again", async |world| {
            world.chat_of(ROSA).await["triage"] == "open"
        })
        .await;
    assert!(world.clock.now() >= until, "not before its time");

    let done = json!({ "chatId": chat, "state": "done", "until": null });
    world.run("chat_triage_set", done).await;
    world.sandbox.write_as(ROSA, "otra cosa").expect("she writes");
    world
        .until("there is something to do again", async |world| {
            world.chat_of(ROSA).await["triage"] == "open"
        })
        .await;
    world.finish().await;
}

#[tokio::test]
async fn a_label_of_the_phone_is_put_on_a_chat_and_found_by() {
    let mut world = World::linked().await;
    world
        .until("the phone's labels are here", async |world| {
            let labels = world.run("label_list", json!({})).await;
            labels.as_array().is_some_and(|labels| !labels.is_empty())
        })
        .await;
    let labels = world.run("label_list", json!({})).await;
    let label = labels[0]["id"].clone();
    let row = change(&world, json!({ "kind": "label", "labelId": label, "on": true })).await;
    let args = json!({ "filter": "all", "labelId": label, "deviceId": null, "after": null, "limit": 100 });
    let page = world.run("chat_list", args).await;
    let found = page["rows"].as_array().cloned().unwrap_or_default();
    assert!(
        found.iter().any(|chat| chat["id"] == row["id"]),
        "found by its label"
    );
    let borne = row["labels"].as_array().cloned().unwrap_or_default();
    assert!(borne.contains(&label), "and its row says so");
    world.finish().await;
}

#[tokio::test]
async fn a_chat_is_found_by_the_number_as_people_write_it_and_by_the_whole_of_it_only() {
    let world = World::linked().await;
    let rosas = world.chat_of(ROSA).await["id"].clone();
    for written in [ROSA, "+51 900 000 011"] {
        let found = world.run("chat_find", json!({ "number": written })).await;
        assert_eq!(found["id"], rosas, "{written} is hers");
    }
    for (number, code) in [
        ("51900000099", ErrorCode::NotFound),
        ("5190000001", ErrorCode::NotFound),
        ("900", ErrorCode::NumberInvalid),
        ("51900000011@g.us", ErrorCode::NumberInvalid),
    ] {
        let refused = world.refused("chat_find", json!({ "number": number })).await;
        assert_eq!(refused, code, "{number}");
    }
    world.finish().await;
}

/// The chats that wait for an answer, a page of one after the other.
async fn unanswered(world: &World) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let args = json!({ "filter": "unanswered", "deviceId": null, "after": after, "limit": 1 });
        let page = world.run("chat_list", args).await;
        rows.extend(page["rows"].as_array().cloned().unwrap_or_default());
        after = page["next"].clone();
        if after.is_null() {
            return rows;
        }
    }
}

#[tokio::test]
async fn a_customer_waits_from_their_first_question_to_our_answer() {
    let mut world = World::linked().await;
    world.sandbox.write_as(ROSA, "¿Hay torta?").expect("she writes");
    world
        .until("she waits", async |world| {
            !world.chat_of(ROSA).await["waitingSince"].is_null()
        })
        .await;
    let since = world.chat_of(ROSA).await["waitingSince"].clone();
    world.sandbox.write_as(ROSA, "¿Hola?").expect("she writes again");
    world
        .until("it is here", async |world| {
            world.chat_of(ROSA).await["last"]["body"]["text"] == "¿Hola?"
        })
        .await;
    let rows = unanswered(&world).await;
    let waits: Vec<i64> = rows
        .iter()
        .map(|row| row["waitingSince"].as_i64().expect("all of them wait"))
        .collect();
    assert!(waits.is_sorted(), "whoever waits longest comes first: {waits:?}");
    let row = world.chat_of(ROSA).await;
    assert_eq!(row["waitingSince"], since, "since her first question");
    assert_eq!(
        rows.iter().filter(|other| other["id"] == row["id"]).count(),
        1,
        "she is among them, once"
    );

    world.send(ROSA, "Sí, queda una", "c1").await;
    assert!(
        world.chat_of(ROSA).await["waitingSince"].is_null(),
        "the answer counts from when it is in the conversation"
    );
    assert!(
        unanswered(&world)
            .await
            .iter()
            .all(|other| other["id"] != row["id"]),
        "she is waited for no more"
    );
    world.finish().await;
}
