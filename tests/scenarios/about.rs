//! What is known of whom a chat is with: notes, files.

use serde_json::{Value, json};

use crate::world::{ROSA, World};

#[tokio::test]
async fn what_is_noted_about_a_customer_is_there_with_her_number() {
    let world = World::linked().await;
    let chat = world.chat_of(ROSA).await["id"].clone();
    let before = world.run("chat_about", json!({ "chatId": chat })).await;
    assert_eq!(before["note"], Value::Null, "nothing yet");
    assert!(
        before["number"]
            .as_str()
            .is_some_and(|number| number.starts_with('+')),
        "her number"
    );
    world
        .run(
            "chat_note_set",
            json!({ "chatId": chat, "note": "paga los viernes" }),
        )
        .await;
    let after = world.run("chat_about", json!({ "chatId": chat })).await;
    assert_eq!(after["note"], "paga los viernes", "kept");
    world
        .run("chat_note_set", json!({ "chatId": chat, "note": "" }))
        .await;
    let gone = world.run("chat_about", json!({ "chatId": chat })).await;
    assert_eq!(gone["note"], Value::Null, "blank is none");
    world.finish().await;
}

#[tokio::test]
async fn a_picture_that_came_is_among_the_chats_files() {
    let mut world = World::linked().await;
    let cake = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/fixtures/cake.png"
    ));
    let cake = cake.expect("the fixture is there");
    world
        .sandbox
        .write_image_as(ROSA, cake, Some("así, por favor"))
        .expect("Rosa sends a picture");
    let chat = world.chat_of(ROSA).await["id"].clone();
    let args =
        |files: &str, after: Value| json!({ "chatId": chat, "files": files, "after": after, "limit": 1 });
    world
        .until("the picture is here", async |world| {
            let page = world.run("chat_file_list", args("pictures", Value::Null)).await;
            page["rows"][0]["media"]["state"] == "ready"
        })
        .await;
    let first = world.run("chat_file_list", args("pictures", Value::Null)).await;
    assert_eq!(first["rows"][0]["fromMe"], false, "hers");
    let rest = world
        .run("chat_file_list", args("pictures", first["next"].clone()))
        .await;
    let again = rest["rows"].as_array().is_some_and(|rows| {
        rows.iter()
            .any(|row| row["messageId"] == first["rows"][0]["messageId"])
    });
    assert!(!again, "the next page does not begin with what was shown");
    world.finish().await;
}
