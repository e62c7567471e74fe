//! The practice shop as a person meets it: the phone panel's calls, customers who answer, a restart.

mod common;

use std::time::Duration;

use common::{SOON, Shop};
use mostrador_sandbox::{ReceiptDelays, Sandbox, SandboxConfig, StateOrigin};
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";

/// A shop whose customers react, without any waiting.
fn lively() -> SandboxConfig {
    let receipts = ReceiptDelays {
        sent: Duration::ZERO,
        delivered: Duration::ZERO,
        read: Some(Duration::ZERO),
    };
    SandboxConfig {
        customers_answer: true,
        receipts,
        ..SandboxConfig::for_tests()
    }
}

#[tokio::test]
async fn the_panel_refuses_an_expired_code_with_a_reason_it_can_word() {
    let shop = Shop::start(SandboxConfig {
        qr_seconds: 1,
        ..SandboxConfig::for_tests()
    })
    .await;
    let (none, why_none) = shop.call(Method::POST, "/phone/api/scan", &json!({})).await;
    let (_, shown) = shop.get("/users/login/rowdata").await;
    let old = shown["rowdata"].as_str().expect("a code").to_owned();
    let replaced = |s: &Sandbox| s.live_code().is_some_and(|code| code != old);
    assert!(
        shop.sandbox.wait_until(SOON, replaced).await,
        "codes are replaced"
    );

    let (expired, why_expired) = shop
        .call(Method::POST, "/phone/api/scan", &json!({ "code": old }))
        .await;
    let (scanned, _) = shop.call(Method::POST, "/phone/api/scan", &json!({})).await;
    let (again, why_again) = shop.call(Method::POST, "/phone/api/scan", &json!({})).await;

    assert_eq!(
        (none, &why_none["code"]),
        (409, &json!("no_code")),
        "nothing was on show"
    );
    assert_eq!(
        (expired, &why_expired["code"]),
        (409, &json!("code_expired")),
        "its time was over"
    );
    assert_eq!(scanned, 200, "without a code the phone scans what is on show");
    assert_eq!(
        (again, &why_again["code"]),
        (409, &json!("already_linked")),
        "it is linked now"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_customer_sees_the_shops_words_and_the_ticks_of_their_own() {
    let shop = Shop::linked().await;
    shop.send_text(ROSA, "Su torta está lista")
        .await
        .expect("an answer");
    let path = format!("/phone/api/customers/{ROSA}");
    let (_, written) = shop
        .call(
            Method::POST,
            &format!("{path}/messages"),
            &json!({ "text": "¡Voy!" }),
        )
        .await;
    let (_, before) = shop.get(&path).await;

    let id = written["id"].as_str().expect("an id");
    shop.call(Method::PUT, &format!("/messages/{id}"), &json!({}))
        .await;

    let (_, after) = shop.get(&path).await;
    let last = |conversation: &Value| {
        conversation["messages"]
            .as_array()
            .expect("a list")
            .last()
            .cloned()
    };
    let (before, after) = (last(&before).expect("hers"), last(&after).expect("hers"));
    assert_eq!(
        (&before["mine"], &before["tick"]),
        (&json!(true), &json!("delivered")),
        "the shop has not looked"
    );
    assert_eq!(after["tick"], "read", "the shop opened it");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_customer_can_send_a_picture() {
    let shop = Shop::linked().await;
    let path = format!("/phone/api/customers/{ROSA}/messages");
    let (_, written) = shop
        .call(Method::POST, &path, &json!({ "picture": true, "text": "Así" }))
        .await;
    let id = written["id"].as_str().expect("an id");
    let (_, message) = shop.get(&format!("/messages/{id}")).await;
    assert_eq!(message["type"], "image", "it is a picture");
    assert_eq!(message["image"]["caption"], "Así", "with the words under it");
    assert!(
        message["image"].get("link").is_none(),
        "a link comes only with auto_download"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_panel_is_closed_to_pages_of_others() {
    let shop = Shop::linked().await;
    let url = format!("{}/phone/api/unlink", shop.sandbox.url());
    let from_elsewhere = shop
        .client
        .post(&url)
        .header("origin", "https://shop.example")
        .send()
        .await;
    let by_another_name = shop.client.post(&url).header("host", "shop.example").send().await;
    assert_eq!(from_elsewhere.expect("an answer").status(), 403, "a foreign page");
    assert_eq!(
        by_another_name.expect("an answer").status(),
        403,
        "a name bent to this machine"
    );
    assert!(shop.sandbox.is_linked(), "nothing was unlinked");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn the_page_comes_in_three_languages_under_a_strict_policy() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;
    for (asked, tag) in [
        ("?lang=es", "es"),
        ("?lang=pt-BR", "pt-BR"),
        ("?lang=en", "en"),
        ("", "es"),
    ] {
        let page = shop
            .client
            .get(format!("{}{asked}", shop.sandbox.phone_url()))
            .send()
            .await;
        let page = page.expect("a page");
        let policy = page.headers()["content-security-policy"]
            .to_str()
            .expect("text")
            .to_owned();
        let html = page.text().await.expect("text");
        assert!(
            policy.starts_with("default-src 'none'"),
            "nothing is allowed that is not named"
        );
        assert!(!policy.contains("unsafe"), "no loophole: {policy}");
        assert!(
            html.contains(&format!("<html lang=\"{tag}\"")),
            "{asked:?} is {tag}"
        );
        assert!(!html.contains("{{"), "every gap of the page is filled");
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn customers_read_and_answer_what_the_shop_writes() {
    let shop = Shop::start(lively()).await;
    shop.sandbox.link();

    let sent = shop.send_text(ROSA, "Sí, sale hoy").await.expect("an answer");
    let sent: Value = sent.json().await.expect("JSON");

    let (_, list) = shop
        .get(&format!("/messages/list/{ROSA}@s.whatsapp.net?count=1"))
        .await;
    let newest = &list["messages"][0];
    assert_eq!(newest["from_me"], false, "she has answered");
    let id = sent["message"]["id"].as_str().expect("an id");
    assert_eq!(
        shop.get(&format!("/messages/{id}")).await.1["status"],
        "read",
        "and read it first"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn somebody_writes_first_when_that_is_wanted() {
    let config = SandboxConfig {
        customers_write_every: Some(Duration::from_millis(30)),
        ..SandboxConfig::for_tests()
    };
    let shop = Shop::start(config).await;
    let (_, before) = shop.get("/phone/api/state").await;

    shop.sandbox.link();
    let known = before["unread"].as_u64().expect("a number");
    let three_came = async {
        let mut changes = 0;
        loop {
            let (_, change) = shop.get(&format!("/phone/api/changes?since={changes}")).await;
            changes = change["changes"].as_u64().expect("a number");
            let (_, state) = shop.get("/phone/api/state").await;
            if state["unread"].as_u64().expect("a number") >= known + 3 {
                return;
            }
        }
    };

    let came = tokio::time::timeout(SOON, three_came).await;
    assert!(came.is_ok(), "customers write again and again, not only once");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_restart_keeps_link_token_port_settings_and_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let state_file = Some(folder.path().join("shop.json"));
    let config = SandboxConfig {
        token: None,
        state_file,
        ..SandboxConfig::for_tests()
    };
    let shop = Shop::start(config.clone()).await;
    shop.sandbox.link();
    shop.send_text(ROSA, "Hasta mañana").await.expect("an answer");
    shop.call(Method::PATCH, "/settings", &json!({ "offline_mode": true }))
        .await;
    let (token, port) = (shop.sandbox.token().to_owned(), shop.sandbox.port());
    let path = format!("/messages/list/{ROSA}@s.whatsapp.net?count=500");
    let history = shop.get(&path).await;
    let ledger = shop.sandbox.ledger();
    shop.sandbox.stop().await;

    let shop = Shop::start(config).await;

    assert_eq!(shop.sandbox.origin(), StateOrigin::Restored, "the file was read");
    assert_eq!(
        (shop.sandbox.token(), shop.sandbox.port()),
        (token.as_str(), port),
        "the client finds it again"
    );
    assert!(shop.sandbox.is_linked(), "the number is still linked");
    assert_eq!(
        shop.get(&path).await,
        history,
        "the history is the same, ticks included"
    );
    assert_eq!(shop.sandbox.ledger(), ledger, "so is the ledger");
    assert_eq!(
        shop.get("/settings").await.1["offline_mode"],
        true,
        "so are the settings"
    );
    shop.sandbox.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_state_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.json");
    let config = SandboxConfig {
        state_file: Some(path.clone()),
        ..SandboxConfig::for_tests()
    };
    Shop::start(config).await.sandbox.stop().await;
    let mode = std::fs::metadata(&path)
        .expect("it was saved")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "it holds a token");
}

#[tokio::test]
async fn stopping_frees_the_port_even_while_a_client_waits() {
    let shop = Shop::linked().await;
    let port = shop.sandbox.port();
    let waiting = shop
        .request(Method::GET, "/phone/api/changes?since=999999")
        .send();
    let (_, answered) = tokio::join!(shop.get("/health"), async {
        tokio::time::timeout(SOON, waiting)
            .await
            .expect("not left hanging")
    });
    drop(answered);
    shop.sandbox.stop().await;
    let again = Sandbox::start(SandboxConfig {
        port,
        ..SandboxConfig::for_tests()
    })
    .await;
    again.expect("the port is free again").stop().await;
}
