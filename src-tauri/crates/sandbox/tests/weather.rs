//! Faults by chance, and those that hide an effect behind a failure.

mod common;

use common::{SOON, Shop};
use mostrador_sandbox::{Fault, FaultKind, Gust, Weather};

const ROSA: &str = "51900000011";

fn gust(percent: f64, kind: FaultKind) -> Gust {
    Gust {
        method: Some("POST".to_owned()),
        path_prefix: Some("/messages".to_owned()),
        percent,
        kind,
    }
}

#[tokio::test]
async fn a_failure_may_come_after_the_effect() {
    let shop = Shop::linked().await;
    let kind = FaultKind::StatusAfterEffect {
        code: 502,
        body: None,
        headers: Default::default(),
    };
    shop.sandbox
        .set_fault(Fault::once("POST", "/messages/text", kind));
    let answer = shop.send_text(ROSA, "Hola").await.expect("an answer");
    assert_eq!(answer.status(), 502, "the client is told that it failed");
    assert_eq!(
        shop.sandbox.ledger_of(ROSA).len(),
        1,
        "and she has it all the same"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_proxy_answers_with_a_page_and_nothing_happens() {
    let shop = Shop::linked().await;
    shop.sandbox.set_fault(Fault::once(
        "POST",
        "/messages/text",
        FaultKind::HtmlPage { code: 503 },
    ));
    let answer = shop.send_text(ROSA, "Hola").await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (503, &"text/html".parse().expect("a kind"))
    );
    assert!(
        answer.text().await.expect("a page").starts_with("<html"),
        "it is no JSON"
    );
    assert!(shop.sandbox.ledger().is_empty(), "the gateway never saw it");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_slow_body_comes_in_the_end() {
    let shop = Shop::linked().await;
    let kind = FaultKind::SlowBody {
        bytes_per_second: 2_000,
    };
    shop.sandbox
        .set_fault(Fault::once("POST", "/messages/text", kind));
    let mut answer = shop.send_text(ROSA, "Hola").await.expect("the head of an answer");
    let mut pieces = 0;
    while let Some(piece) = tokio::time::timeout(SOON, answer.chunk())
        .await
        .expect("in time")
        .expect("whole")
    {
        assert!(
            piece.len() <= 2_000,
            "a tenth of a second's worth at a time, however they are gathered"
        );
        pieces += 1;
    }
    assert!(pieces > 1, "it came in pieces");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn weather_strikes_a_share_of_what_it_matches_until_it_changes() {
    let shop = Shop::linked().await;
    let cut = gust(30.0, FaultKind::CutAfterEffect);
    let refuse = gust(30.0, FaultKind::CutBeforeEffect);
    shop.sandbox.set_weather(Weather {
        seed: Some(3),
        gusts: vec![cut, refuse],
    });

    let mut failed = 0;
    for _ in 0..100 {
        failed += usize::from(shop.send_text(ROSA, "Hola").await.is_err());
    }
    let after_weather = shop.sandbox.ledger_of(ROSA).len();
    let reads = shop.get("/chats").await.0;
    shop.sandbox.set_weather(Weather::default());
    shop.send_text(ROSA, "Hola").await.expect("fair weather");

    assert!(
        (35..70).contains(&failed),
        "about half were to break, got {failed}"
    );
    assert_eq!(
        shop.sandbox.spoilt(),
        failed as u64,
        "each of them by the weather"
    );
    assert!(
        after_weather > 100 - failed,
        "some of those that broke had arrived"
    );
    assert!(after_weather < 100, "and some had not: {after_weather}");
    assert_eq!(reads, 200, "what it does not match is left alone");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_order_goes_before_the_weather() {
    let shop = Shop::linked().await;
    shop.sandbox.set_weather(Weather {
        seed: Some(1),
        gusts: vec![gust(100.0, FaultKind::CutBeforeEffect)],
    });
    shop.sandbox.set_fault(Fault::once(
        "POST",
        "/messages",
        FaultKind::HtmlPage { code: 504 },
    ));
    let first = shop
        .send_text(ROSA, "Hola")
        .await
        .expect("the order strikes first");
    assert_eq!(first.status(), 504, "as ordered");
    shop.send_text(ROSA, "Hola")
        .await
        .expect_err("then the weather does");
    shop.sandbox.stop().await;
}
