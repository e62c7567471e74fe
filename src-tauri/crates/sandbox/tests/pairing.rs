//! Linking by the letters that are typed on the phone, and accounts that demand a passkey.

mod common;

use common::Shop;
use mostrador_sandbox::{SandboxConfig, ScanRefused};
use serde_json::json;

const SHOP: &str = "51900000010";

#[tokio::test]
async fn the_letters_link_the_number_they_were_made_for() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;
    let (stranger, _) = shop.get("/users/login/51900000011").await;
    let (shown, answer) = shop.get(&format!("/users/login/{SHOP}")).await;
    let (_, again) = shop.get(&format!("/users/login/{SHOP}")).await;
    let letters = answer["code"].as_str().expect("letters").to_owned();

    let wrong = shop.sandbox.type_letters("AAAA-AAAA");
    let typed = shop
        .sandbox
        .type_letters(&letters.to_lowercase().replace('-', ""));

    assert_eq!(
        (stranger, shown),
        (400, 200),
        "they are for the phone that is to be linked"
    );
    assert_eq!(
        (letters.len(), letters.find('-')),
        (9, Some(4)),
        "eight letters, shown as XXXX-XXXX"
    );
    assert_eq!(again["code"], letters, "they stay while they live");
    assert_eq!(wrong, Err(ScanRefused::CodeExpired), "others are worth nothing");
    assert_eq!(typed, Ok(()), "however they are typed");
    assert_eq!(
        shop.get(&format!("/users/login/{SHOP}")).await.0,
        409,
        "it is authenticated now"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_account_with_a_passkey_is_linked_only_when_its_owner_confirms() {
    let shop = Shop::start(SandboxConfig::for_tests()).await;
    shop.sandbox.demand_passkey(true);
    shop.get("/users/login").await;

    shop.sandbox.scan().expect("a code is on show");
    let (_, waiting) = shop.get("/users/login").await;
    let (_, health) = shop.get("/health").await;
    let linked_by_the_scan = shop.sandbox.is_linked();
    let confirmed = shop.sandbox.confirm_passkey();

    assert!(!linked_by_the_scan, "the scan alone does not link it");
    assert_eq!(waiting["type"], "webauthn", "the gateway says what it waits for");
    assert!(waiting["request_id"].is_string(), "and for which request");
    assert_eq!(health["status"]["text"], json!("QR"), "it is not linked yet");
    assert!(confirmed && shop.sandbox.is_linked(), "now it is");
    assert!(
        !shop.sandbox.confirm_passkey(),
        "there is nothing more to confirm"
    );
    shop.sandbox.stop().await;
}
