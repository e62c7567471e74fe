//! How receipts are told: in order, late, reordered, doubled; and what stays true meanwhile.

mod common;

use std::time::Duration;

use common::{Receiver, Shop};
use mostrador_sandbox::ReceiptManner;
use serde_json::Value;

const ROSA: &str = "51900000011";

#[allow(
    clippy::expect_used,
    reason = "code of tests, though outside the test functions"
)]
async fn told(manner: ReceiptManner, count: usize) -> (Shop, Vec<Value>) {
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("statuses", "post")]).await;
    shop.sandbox.set_receipt_manner(manner);
    shop.send_text(ROSA, "Hola").await.expect("an answer");
    shop.sandbox.read_as(ROSA).expect("Rosa exists");
    assert!(
        !receiver.has_more() || manner.late_ms == 0,
        "what is late is not told yet"
    );
    shop.sandbox.skip(Duration::from_secs(3600));
    let mut words = Vec::new();
    for _ in 0..count {
        words.push(receiver.next().await.body["statuses"][0]["status"].clone());
    }
    (shop, words)
}

#[tokio::test]
async fn reordered_receipts_are_told_from_the_top() {
    let manner = ReceiptManner {
        reordered_ms: 500,
        ..ReceiptManner::default()
    };
    let (shop, words) = told(manner, 3).await;
    assert_eq!(words, ["read", "delivered", "sent"], "the highest first");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn late_and_doubled_receipts_are_told_twice_when_their_time_has_come() {
    let manner = ReceiptManner {
        late_ms: 60_000,
        duplicated: true,
        ..ReceiptManner::default()
    };
    let (shop, words) = told(manner, 6).await;
    assert_eq!(
        words,
        ["sent", "sent", "delivered", "delivered", "read", "read"],
        "each twice, in order"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn whoever_asks_is_told_the_truth_of_the_moment() {
    let shop = Shop::linked().await;
    shop.sandbox.set_receipt_manner(ReceiptManner {
        late_ms: 60_000,
        ..ReceiptManner::default()
    });
    let sent: Value = shop
        .send_text(ROSA, "Hola")
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    shop.sandbox.read_as(ROSA).expect("Rosa exists");
    let id = sent["message"]["id"].as_str().expect("an id");
    let (_, now) = shop.get(&format!("/messages/{id}")).await;
    assert_eq!(now["status"], "read", "only the telling is late");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn in_a_group_each_member_receives_and_reads_for_themselves() {
    const NEIGHBOURS: &str = "120363000000000021@g.us";
    let shop = Shop::linked().await;
    let mut receiver = Receiver::start().await;
    shop.subscribe(&receiver, "body", &[("statuses", "post")]).await;
    let (_, group) = shop.get(&format!("/groups/{NEIGHBOURS}")).await;
    let people = group["participants"].as_array().expect("people are in it").len() - 1;
    shop.send_text(NEIGHBOURS, "Abrimos a las ocho")
        .await
        .expect("an answer");
    shop.sandbox.skip(Duration::from_secs(3600));
    let phone = shop.sandbox.on(0).expect("the shop has a phone");
    phone.read_in_group_as(ROSA, NEIGHBOURS).expect("Rosa is in it");

    let sent = receiver.next().await.body["statuses"][0].clone();
    assert_eq!(
        (&sent["status"], &sent["viewer_id"]),
        (&Value::from("sent"), &Value::Null),
        "that it went is nobody's"
    );
    let mut got = Vec::new();
    for _ in 0..people {
        let status = receiver.next().await.body["statuses"][0].clone();
        assert_eq!(status["status"], "delivered", "to each of them: {status}");
        got.push(status["viewer_id"].as_str().expect("a member").to_owned());
    }
    got.sort();
    got.dedup();
    assert!(
        got.len() == people && got.contains(&ROSA.to_owned()),
        "once to each: {got:?}"
    );
    let read = receiver.next().await.body["statuses"][0].clone();
    assert_eq!(
        (&read["status"], &read["viewer_id"], &read["recipient_id"]),
        (&Value::from("read"), &Value::from(ROSA), &Value::from(NEIGHBOURS)),
        "Rosa alone has read it"
    );
    shop.sandbox.stop().await;
}
