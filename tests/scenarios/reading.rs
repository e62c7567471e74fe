//! A conversation from its beginning, how long it is, and how the sending of a message went.

use mostrador_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::world::{ROSA, World};

#[tokio::test]
async fn a_conversation_is_read_from_its_beginning_to_its_end() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let size = world.run("chat_size", json!({ "chatId": chat })).await;
    let all = world.messages_of(ROSA).await;
    assert_eq!(size["messages"], all.len(), "as many as there are");
    let mut args = json!({ "chatId": chat, "before": null, "oldest": true, "limit": 2 });
    let mut read: Vec<Value> = Vec::new();
    loop {
        let page = world.run("message_list", args).await;
        if read.is_empty() {
            assert_eq!(page["earlier"], Value::Null, "nothing is before the beginning");
        }
        read.extend(page["rows"].as_array().cloned().unwrap_or_default());
        if page["later"].is_null() {
            break;
        }
        args = json!({ "chatId": chat, "before": null, "after": page["later"], "limit": 2 });
    }
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&read), ids(&all), "each once, in order");
    let both = json!({ "chatId": chat, "before": "0:0", "oldest": true, "limit": 2 });
    world.refused("message_list", both).await;
    world.finish().await;
}

#[tokio::test]
async fn it_is_told_how_often_a_message_was_tried() {
    let mut world = World::linked().await;
    let trouble = FaultKind::Status {
        code: 503,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    world
        .sandbox
        .set_fault(Fault::once("POST", "/messages/text", trouble));
    let sent = world.send(ROSA, "dos veces", "reading-1").await;
    let past = json!({ "messageId": sent["id"] });
    world
        .until("it has gone", async |world| {
            let ours = world.ours(ROSA, "dos veces").await;
            ours.iter().all(|row| row["status"] == "delivered")
        })
        .await;
    let sending = world.run("message_past", past).await["sending"].clone();
    assert_eq!(sending["attempts"], 2, "of the first nobody knew whether it went");
    assert!(sending["triedAt"].is_i64(), "when last");
    assert_eq!(sending["nextAt"], Value::Null, "it is not tried any more");
    let theirs = world.messages_of(ROSA).await[0].clone();
    assert_eq!(theirs["fromMe"], false, "Rosa's");
    let past = world
        .run("message_past", json!({ "messageId": theirs["id"] }))
        .await;
    assert_eq!(past["sending"], Value::Null, "theirs was not sent from here");
    world.finish().await;
}
