//! Chats: archive, pin, mute, unread, delete; and pages that shift while messages arrive.

mod common;

use common::{Receiver, Shop};
use reqwest::Method;
use serde_json::json;

const ROSA: &str = "51900000011";
const ROSA_CHAT: &str = "51900000011@s.whatsapp.net";

#[tokio::test]
async fn each_mark_of_a_chat_is_kept_shown_and_told() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("chats", "patch")]).await;
    let path = format!("/chats/{ROSA_CHAT}");
    let changes = [
        (Method::POST, json!({ "archive": true }), "archive", json!(true)),
        (Method::POST, json!({ "archive": false }), "archive", json!(false)),
        (Method::PATCH, json!({ "pin": true }), "pin", json!(true)),
        (
            Method::PATCH,
            json!({ "mute_until": 1_990_000_000_000_u64 }),
            "mute_until",
            json!(1_990_000_000_000_u64),
        ),
        (
            Method::PATCH,
            json!({ "ephemeral": "week" }),
            "ephemeral",
            json!(604_800),
        ),
    ];
    for (method, body, field, expected) in changes {
        let (status, _) = shop.call(method, &path, &body).await;
        let (_, chat) = shop.get(&path).await;
        let told = receiver.next().await.body;
        assert_eq!(status, 200, "{body} is documented");
        assert_eq!(chat[field], expected, "the chat shows it");
        assert_eq!(
            told["chats_updates"][0]["changes"],
            json!([field]),
            "and it is told by name"
        );
    }
    let (two_at_once, _) = shop
        .call(Method::PATCH, &path, &json!({ "pin": true, "mark_unread": true }))
        .await;
    let (nobody, _) = shop
        .call(
            Method::PATCH,
            "/chats/51900000888@s.whatsapp.net",
            &json!({ "pin": true }),
        )
        .await;
    assert_eq!(
        (two_at_once, nobody),
        (400, 404),
        "one change a call, and only of a chat that is there"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn silence_for_ever_is_a_number_beyond_64_bits() {
    let shop = Shop::linked().await;
    let body = r#"{"mute_until":18446744073709552000}"#;
    let request = shop
        .request(Method::PATCH, &format!("/chats/{ROSA_CHAT}"))
        .body(body);
    let set = request
        .header("content-type", "application/json")
        .send()
        .await
        .expect("an answer");
    assert_eq!(set.status(), 200, "the number comes back as it was given out");
    let chat = shop
        .request(Method::GET, &format!("/chats/{ROSA_CHAT}"))
        .send()
        .await
        .expect("an answer");
    let text = chat.text().await.expect("a body");
    assert!(
        text.contains(r#""mute_until":18446744073709552000"#),
        "in digits, as on the wire: {text}"
    );
    let list = shop
        .request(Method::GET, "/chats")
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a body");
    assert_eq!(
        list.matches("18446744073709552000").count(),
        2,
        "the group is silent for ever as well"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_chat_marked_unread_is_read_again_by_opening_it() {
    let shop = Shop::linked().await;
    let id = shop.sandbox.write_as(ROSA, "¿Hola?").expect("Rosa exists");
    let path = format!("/chats/{ROSA_CHAT}");
    shop.call(Method::PUT, &format!("/messages/{id}"), &json!({}))
        .await;
    shop.call(Method::PATCH, &path, &json!({ "mark_unread": true }))
        .await;
    let (_, marked) = shop.get(&path).await;
    shop.call(Method::PUT, &format!("/messages/{id}"), &json!({}))
        .await;
    let (_, opened) = shop.get(&path).await;
    assert_eq!(
        (&marked["unread"], &opened["unread"]),
        (&json!(1), &json!(0)),
        "marked, then opened"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_deleted_chat_is_gone_until_somebody_writes_again() {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(
        &receiver,
        "body",
        &[("chats", "delete"), ("messages", "delete"), ("chats", "post")],
    )
    .await;
    let (_, before) = shop.get("/messages/list").await;

    let (status, _) = shop
        .call(Method::DELETE, &format!("/chats/{ROSA_CHAT}"), &json!({}))
        .await;

    assert_eq!(status, 200, "it was there");
    assert_eq!(
        receiver.next().await.body["messages_removed_all"],
        ROSA_CHAT,
        "all its messages went"
    );
    assert_eq!(
        receiver.next().await.body["chats_removed"],
        json!([ROSA_CHAT]),
        "and so did the chat"
    );
    assert_eq!(
        shop.get(&format!("/messages/list/{ROSA_CHAT}")).await.0,
        404,
        "it has no list any more"
    );
    let (_, after) = shop.get("/messages/list").await;
    assert!(
        after["total"].as_u64() < before["total"].as_u64(),
        "nor do its messages stand in the long list"
    );
    let id = shop.sandbox.write_as(ROSA, "¿Sigues ahí?").expect("Rosa exists");
    assert_eq!(
        receiver.next().await.body["chats"][0]["id"],
        ROSA_CHAT,
        "it opens anew"
    );
    let (_, list) = shop.get(&format!("/messages/list/{ROSA_CHAT}")).await;
    assert_eq!(
        (&list["total"], &list["messages"][0]["id"]),
        (&json!(1), &json!(id)),
        "with this one only"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_page_shifts_while_messages_arrive() {
    let shop = Shop::linked().await;
    let (_, first) = shop.get(&format!("/messages/list/{ROSA_CHAT}?count=5")).await;

    shop.sandbox.write_as(ROSA, "Otra cosa").expect("Rosa exists");

    let (_, second) = shop
        .get(&format!("/messages/list/{ROSA_CHAT}?count=5&offset=5"))
        .await;
    assert_eq!(
        second["messages"][0]["id"], first["messages"][4]["id"],
        "the last of the first page is the first of the second: whoever pages by offset sees it twice"
    );
    shop.sandbox.stop().await;
}
