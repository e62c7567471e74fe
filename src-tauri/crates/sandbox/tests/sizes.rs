//! Big worlds: any size and seed, at once, and lists that do not walk through everything.

mod common;

use std::time::{Duration, Instant};

use common::{Receiver, Shop};
use mostrador_sandbox::SandboxConfig;
use reqwest::Method;
use serde_json::{Value, json};

fn sized(chats: u32, messages: u32) -> SandboxConfig {
    SandboxConfig {
        chats: Some(chats),
        messages: Some(messages),
        ..SandboxConfig::for_tests()
    }
}

#[allow(clippy::disallowed_methods, reason = "a measurement of real time")]
fn now() -> Instant {
    Instant::now()
}

async fn linked(config: SandboxConfig) -> Shop {
    let shop = Shop::start(config).await;
    shop.sandbox.link();
    shop
}

#[tokio::test]
async fn a_world_has_the_size_that_was_ordered() {
    for (chats, messages) in [(1, 3), (5, 900), (13, 700), (60, 2_000)] {
        let shop = linked(sized(chats, messages)).await;
        let (_, page) = shop.get("/chats?count=500").await;
        let (_, list) = shop.get("/messages/list?count=1").await;
        assert_eq!(page["total"], chats, "as many chats as were ordered");
        assert_eq!(list["total"], messages, "{messages} messages in {chats} chats");
        shop.sandbox.stop().await;
    }
}

#[tokio::test]
async fn ten_thousand_chats_and_a_million_messages_are_there_at_once() {
    let began = now();
    let shop = linked(sized(10_000, 1_000_000)).await;
    let started = began.elapsed();

    let began = now();
    let (_, chats) = shop.get("/chats?count=100&offset=9000").await;
    let (_, messages) = shop.get("/messages/list?count=100&offset=500000").await;
    let busiest = shop.get("/chats?count=1").await.1["chats"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (_, one) = shop.get(&format!("/messages/list/{busiest}?count=100")).await;
    let listed = began.elapsed();

    // A debug build on a busy computer; a release build needs a tenth of it.
    assert!(started < Duration::from_secs(12), "it took {started:?} to start");
    assert!(listed < Duration::from_secs(3), "four lists took {listed:?}");
    assert_eq!(
        (&chats["total"], &messages["total"]),
        (&json!(10_000), &json!(1_000_000)),
        "nothing is missing"
    );
    let times: Vec<u64> = messages["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|message| message["timestamp"].as_u64().expect("seconds"))
        .collect();
    assert_eq!(times.len(), 100, "a whole page from the middle");
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first");
    assert!(one["total"].as_u64() > Some(0), "a chat has its own list");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_past_is_the_same_for_the_same_seed_and_another_for_another() {
    let words = |page: &Value| -> Vec<(Value, Value)> {
        let messages = page["messages"].as_array().expect("a list");
        messages
            .iter()
            .map(|m| (m["id"].clone(), m["text"]["body"].clone()))
            .collect()
    };
    let mut worlds = Vec::new();
    for seed in [5, 5, 6] {
        let shop = linked(SandboxConfig {
            seed,
            ..sized(80, 4_000)
        })
        .await;
        let (_, page) = shop.get("/messages/list?count=300&offset=2000").await;
        worlds.push(words(&page));
        shop.sandbox.stop().await;
    }
    assert_eq!(worlds[0], worlds[1], "the seed settles ids and words");
    assert_ne!(worlds[0], worlds[2], "another seed tells another past");
}

#[tokio::test]
async fn the_past_has_groups_files_polls_two_languages_hidden_numbers_and_second_spellings() {
    let shop = linked(sized(200, 6_000)).await;
    let mut kinds = std::collections::BTreeSet::new();
    let mut chats = std::collections::BTreeSet::new();
    let mut words = String::new();
    let mut files = Vec::new();
    for offset in (0..5_000).step_by(500) {
        let (_, page) = shop
            .get(&format!("/messages/list?count=500&offset={offset}"))
            .await;
        for message in page["messages"].as_array().expect("a list") {
            let kind = message["type"].as_str().expect("a type").to_owned();
            if let Some(id) = message[&kind]["id"].as_str() {
                files.push((message[&kind]["mime_type"].clone(), id.to_owned()));
            }
            kinds.insert(kind);
            chats.insert(message["chat_id"].as_str().expect("a chat").to_owned());
            words.push_str(message["text"]["body"].as_str().unwrap_or_default());
        }
    }
    for kind in ["text", "image", "voice", "document", "poll", "location"] {
        assert!(kinds.contains(kind), "no {kind} among {kinds:?}");
    }
    for mark in ["@g.us", "@lid", "@s.whatsapp.net"] {
        assert!(
            chats.iter().any(|chat| chat.ends_with(mark)),
            "no chat ends with {mark}"
        );
    }
    for spelling in ["521", "549", "5511"] {
        assert!(
            chats.iter().any(|chat| chat.starts_with(spelling)),
            "no number begins with {spelling}"
        );
    }
    assert!(
        words.contains('ñ') && words.contains('ã'),
        "both languages are spoken"
    );
    for wanted in ["image/jpeg", "application/pdf", "audio/ogg; codecs=opus"] {
        let (_, id) = files
            .iter()
            .find(|(mime, _)| mime == wanted)
            .expect("such a file");
        let file = shop
            .request(Method::GET, &format!("/media/{id}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            file.headers()["content-type"],
            wanted,
            "a file of the past is there when asked for"
        );
        assert!(!file.bytes().await.expect("bytes").is_empty(), "with its bytes");
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn what_happens_to_a_message_of_the_past_stays_with_it() {
    let shop = linked(sized(40, 3_000)).await;
    let (_, page) = shop.get("/messages/list?count=1&offset=1000&from_me=false").await;
    let old = page["messages"][0].clone();
    let (id, chat) = (
        old["id"].as_str().expect("an id"),
        old["chat_id"].as_str().expect("a chat"),
    );
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("messages", "patch")]).await;

    let path = format!("/messages/{id}/reaction");
    let (reacted, _) = shop.call(Method::PUT, &path, &json!({ "emoji": "👍" })).await;
    let (_, after) = shop.get(&format!("/messages/{id}")).await;
    let (deleted, _) = shop
        .call(Method::DELETE, &format!("/messages/{id}"), &json!({}))
        .await;

    assert_eq!((reacted, deleted), (200, 200), "an old message can be acted upon");
    assert_eq!(
        after["reactions"][0]["emoji"], "👍",
        "and shows what was done to it"
    );
    assert_eq!(
        receiver.next().await.body["messages_updates"][0]["id"],
        id,
        "which is told"
    );
    assert_eq!(
        shop.get(&format!("/messages/{id}")).await.0,
        404,
        "then it is gone"
    );
    let (_, list) = shop.get(&format!("/messages/list/{chat}?count=500")).await;
    let ids: Vec<&Value> = list["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert!(!ids.contains(&&json!(id)), "from the lists too");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn times_cut_a_big_past_exactly() {
    let shop = linked(sized(40, 3_000)).await;
    let (_, page) = shop.get("/messages/list?count=200&offset=1000&sort=asc").await;
    let time = |place: usize| page["messages"][place]["timestamp"].as_u64().expect("seconds");
    let (from, to) = (time(20), time(120));
    let (_, cut) = shop
        .get(&format!(
            "/messages/list?time_from={from}&time_to={to}&count=500&sort=asc"
        ))
        .await;
    let within = cut["messages"].as_array().expect("a list");
    let expected = (0..200)
        .filter(|place| (from..=to).contains(&time(*place)))
        .count();
    assert_eq!(cut["total"], expected, "both ends belong to it");
    assert_eq!(within[0]["timestamp"], from, "it begins where it was asked to");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_restart_of_a_big_world_remembers_it_without_writing_it_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.json");
    let config = SandboxConfig {
        state_file: Some(path.clone()),
        ..sized(300, 60_000)
    };
    let shop = linked(config.clone()).await;
    let (_, before) = shop.get("/messages/list?count=50&offset=30000").await;
    shop.sandbox.stop().await;
    let shop = Shop::start(config).await;
    let (_, after) = shop.get("/messages/list?count=50&offset=30000").await;
    assert_eq!(after, before, "the past is the same after a restart");
    let size = std::fs::metadata(&path).expect("it was saved").len();
    assert!(
        size < 4_000_000,
        "60000 messages were not written down: {size} bytes"
    );
    shop.sandbox.stop().await;
}
