//! Finding messages and chats through the commands, and reading a conversation around what was found.

use mostrador_api::ErrorCode;
use serde_json::{Value, json};

use crate::world::{ROSA, World};

async fn found(world: &World, typed: &str, chat: Option<&Value>) -> Vec<Value> {
    let args = json!({ "text": typed, "chatId": chat, "before": null, "limit": 50 });
    let page = world.run("message_search", args).await;
    page["hits"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_a_customer_just_wrote_is_found_without_its_accents_and_shown_where() {
    let mut world = World::linked().await;
    world
        .sandbox
        .write_as(ROSA, "🎂 ¿Tienen turrón de Doña Pepa?")
        .expect("Rosa writes");
    world
        .until("it can be found", async |world| {
            !found(world, "turron dona", None).await.is_empty()
        })
        .await;
    let hits = found(&world, "TURRÓN pep", None).await;
    assert_eq!(hits.len(), 1, "once: {hits:?}");
    let text: Vec<u16> = "🎂 ¿Tienen turrón de Doña Pepa?".encode_utf16().collect();
    let words: Vec<String> = hits[0]["found"]
        .as_array()
        .expect("places")
        .iter()
        .map(|place| {
            let at = |end: usize| usize::try_from(place[end].as_u64().expect("a place")).expect("small");
            String::from_utf16_lossy(&text[at(0)..at(1)])
        })
        .collect();
    assert_eq!(
        words,
        ["turrón", "Pepa"],
        "where the words stand, as the window counts"
    );
    let chat = world.chat_of(ROSA).await;
    assert_eq!(hits[0]["chatTitle"], chat["title"], "and whose chat it is");
    assert_eq!(
        found(&world, "turron", Some(&chat["id"])).await.len(),
        1,
        "in that chat too"
    );
    world.finish().await;
}

#[tokio::test]
async fn a_conversation_is_read_around_a_hit_and_on_from_there_to_both_ends() {
    let mut world = World::linked().await;
    for n in 0..12 {
        world
            .sandbox
            .write_as(ROSA, &format!("pedido número {n}"))
            .expect("Rosa writes");
    }
    world
        .until("the last one is here", async |world| {
            !found(world, "\"pedido numero 11\"", None).await.is_empty()
        })
        .await;
    let hits = found(&world, "\"pedido numero 5\" ", None).await;
    let chat = hits[0]["message"]["chatId"].clone();
    let list = async |world: &World, extra: Value| {
        let mut args = json!({ "chatId": chat, "before": null, "limit": 4 });
        for (name, value) in extra.as_object().expect("arguments") {
            args[name] = value.clone();
        }
        world.run("message_list", args).await
    };
    let ids = |page: &Value| -> Vec<i64> {
        let rows = page["rows"].as_array().expect("rows");
        rows.iter()
            .map(|row| row["id"].as_i64().expect("an id"))
            .collect()
    };
    let around = list(&world, json!({ "around": hits[0]["message"]["id"] })).await;
    assert!(
        ids(&around).contains(&hits[0]["message"]["id"].as_i64().expect("an id")),
        "the hit is on the page"
    );
    let mut seen = ids(&around);
    let mut later = around["later"].clone();
    while !later.is_null() {
        let page = list(&world, json!({ "after": later })).await;
        seen.extend(ids(&page));
        later = page["later"].clone();
    }
    let newest = list(&world, json!({})).await;
    assert!(newest["later"].is_null(), "nothing is after the end");
    assert_eq!(
        seen.last(),
        ids(&newest).last(),
        "paging forwards ends at the newest"
    );
    let before = list(&world, json!({ "before": around["earlier"] })).await;
    assert!(
        ids(&before).last() < seen.first(),
        "paging backwards goes on before the page"
    );
    let mut once = seen.clone();
    once.dedup();
    assert_eq!(once, seen, "no message twice");
    world.finish().await;
}

#[tokio::test]
async fn chats_are_found_by_name_and_what_is_nonsense_finds_nothing() {
    let world = World::linked().await;
    let title = world.chat_of(ROSA).await["title"]
        .as_str()
        .expect("a name")
        .to_owned();
    let beginning: String = title.chars().take(3).collect();
    let rows = world
        .run(
            "chat_search",
            json!({ "text": beginning.to_uppercase(), "limit": 20 }),
        )
        .await;
    assert!(
        rows.as_array()
            .expect("rows")
            .iter()
            .any(|row| row["title"] == title.as_str()),
        "by the beginning of the name"
    );
    for nonsense in ["", "   ", "\"", "*", "NEAR(", "text:", "\u{202e}", "%_'--"] {
        assert!(
            found(&world, nonsense, None).await.is_empty(),
            "{nonsense:?} finds nothing and fails nothing"
        );
    }
    let too_long = json!({ "text": "a ".repeat(2_000), "chatId": null, "before": null, "limit": 5 });
    assert_eq!(
        world.refused("message_search", too_long).await,
        ErrorCode::BadRequest
    );
    let two = json!({ "chatId": 1, "before": "1:1", "after": "1:1", "limit": 5 });
    assert_eq!(
        world.refused("message_list", two).await,
        ErrorCode::BadRequest,
        "one direction at a time"
    );
    world.finish().await;
}
