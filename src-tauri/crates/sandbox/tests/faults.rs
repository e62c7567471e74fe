//! Faults on order: what the client sees, and what really happened by the ledger.

mod common;

use std::time::Duration;

use common::{SOON, Shop};
use mostrador_sandbox::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";

fn on_send(kind: FaultKind) -> Fault {
    Fault::once("POST", "/messages/text", kind)
}

#[tokio::test]
async fn a_connection_cut_before_the_effect_leaves_no_effect() {
    let shop = Shop::linked().await;
    shop.sandbox.set_fault(on_send(FaultKind::CutBeforeEffect));

    let error = shop
        .send_text(ROSA, "Hola")
        .await
        .expect_err("the connection was to break");

    assert!(
        !error.is_status() && !error.is_timeout(),
        "it broke, rather than answered: {error:?}"
    );
    assert!(shop.sandbox.ledger().is_empty(), "nothing was to happen");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_send_repeated_after_a_cut_arrives_twice() {
    let shop = Shop::linked().await;
    shop.sandbox.set_fault(on_send(FaultKind::CutAfterEffect));

    shop.send_text(ROSA, "Hola")
        .await
        .expect_err("the connection was to break");
    assert_eq!(
        shop.sandbox.ledger_of(ROSA).len(),
        1,
        "it had taken effect before"
    );
    shop.send_text(ROSA, "Hola").await.expect("the fault is used up");

    let got = shop.sandbox.ledger_of(ROSA);
    assert_eq!(got.len(), 2, "the ledger shows what a careless client does");
    assert_ne!(got[0].message_id, got[1].message_id, "they are two messages");
    assert_eq!(
        (got[0].ordinal, got[1].ordinal),
        (1, 2),
        "lines are numbered without gaps"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_refusal_wears_the_dialects_own_shapes() {
    let shop = Shop::linked().await;
    for (code, shape) in [
        (
            402,
            json!({ "code": 402, "error": "trial version limit exceeded" }),
        ),
        (
            429,
            json!({ "error": { "code": 429, "message": "Too many requests" } }),
        ),
    ] {
        let headers = [("retry-after".to_owned(), "7".to_owned())].into();
        shop.sandbox.set_fault(on_send(FaultKind::Status {
            code,
            body: None,
            headers,
        }));
        let answer = shop.send_text(ROSA, "Hola").await.expect("an answer");
        assert_eq!(answer.status(), code, "as ordered");
        assert_eq!(
            answer.headers()["retry-after"],
            "7",
            "with the header that was ordered"
        );
        assert_eq!(
            answer.json::<Value>().await.expect("JSON"),
            shape,
            "both shapes were seen in the wild"
        );
    }
    assert!(shop.sandbox.ledger().is_empty(), "a refusal has no effect");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn spoilt_answers_hide_an_effect_that_took_place() {
    let shop = Shop::linked().await;
    for kind in [
        FaultKind::TruncatedBody,
        FaultKind::MalformedBody,
        FaultKind::HugeBody { bytes: 300_000 },
    ] {
        let before = shop.sandbox.ledger().len();
        shop.sandbox.set_fault(on_send(kind.clone()));
        let answer = shop.send_text(ROSA, "Hola").await.expect("the head of an answer");
        assert_eq!(answer.status(), 200, "{kind:?} begins as a success");
        assert!(
            answer.json::<Value>().await.is_err(),
            "{kind:?} cannot be read as one"
        );
        assert_eq!(shop.sandbox.ledger().len(), before + 1, "{kind:?} took effect");
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_truncated_answer_breaks_off() {
    let shop = Shop::linked().await;
    shop.sandbox.set_fault(on_send(FaultKind::TruncatedBody));
    let answer = shop.send_text(ROSA, "Hola").await.expect("the head of an answer");
    assert!(
        answer.bytes().await.is_err(),
        "the body ends before its announced length"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_late_effect_takes_place_after_the_client_has_gone() {
    let shop = Shop::linked().await;
    shop.sandbox.set_fault(on_send(FaultKind::LateEffectMs(300)));
    let request = shop
        .request(Method::POST, "/messages/text")
        .json(&json!({ "to": ROSA, "body": "Hola" }));

    let error = request
        .timeout(Duration::from_millis(50))
        .send()
        .await
        .expect_err("it gives up first");

    assert!(error.is_timeout(), "the client waited no longer: {error:?}");
    assert!(shop.sandbox.ledger().is_empty(), "nothing has happened yet");
    let late = shop.sandbox.wait_until(SOON, |s| s.ledger().len() == 1).await;
    assert!(late, "the gateway went on without the client");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_delayed_answer_hides_an_effect_that_is_there_at_once() {
    let shop = Shop::linked().await;
    shop.sandbox.set_fault(on_send(FaultKind::DelayMs(5_000)));
    let request = shop
        .request(Method::POST, "/messages/text")
        .json(&json!({ "to": ROSA, "body": "Hola" }));
    let error = request
        .timeout(Duration::from_millis(200))
        .send()
        .await
        .expect_err("it gives up first");
    assert!(error.is_timeout(), "the client waited no longer: {error:?}");
    assert_eq!(
        shop.sandbox.ledger().len(),
        1,
        "the message had left long before the answer"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn faults_and_ledger_are_at_hand_over_http_for_this_machine_only() {
    let shop = Shop::linked().await;
    let url = shop.sandbox.url();
    let order = json!([{ "method": "post", "path_prefix": "/messages", "kind": "cut_after_effect" }]);

    let ordered = shop
        .client
        .post(format!("{url}/sandbox/faults"))
        .json(&order)
        .send()
        .await;
    shop.send_text(ROSA, "Hola")
        .await
        .expect_err("the connection was to break");
    let ledger = shop
        .client
        .get(format!("{url}/sandbox/ledger"))
        .send()
        .await
        .expect("an answer");
    let page = shop
        .client
        .get(format!("{url}/sandbox/ledger"))
        .header("origin", "https://shop.example");

    assert_eq!(
        ordered.expect("an answer").status(),
        200,
        "the order was understood"
    );
    let ledger: Value = ledger.json().await.expect("JSON");
    assert_eq!(ledger["entries"][0]["recipient"], ROSA, "it took effect, once");
    assert_eq!(
        page.send().await.expect("an answer").status(),
        403,
        "a page of others may not look"
    );
    shop.sandbox.stop().await;
}
