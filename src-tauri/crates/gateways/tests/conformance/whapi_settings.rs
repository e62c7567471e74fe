//! Whapi only: the three modes in which its webhooks can be set, and the settings as they stand afterwards.

use mostrador_domain::Inbound;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::harness::{CANARY_TOKEN, Shop, WHAPI};
use crate::listener::Listener;

async fn settings(shop: &Shop, change: Option<Value>) -> Value {
    let method = if change.is_some() {
        Method::PATCH
    } else {
        Method::GET
    };
    let client = Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .build()
        .expect("a client without TLS");
    let mut request = client
        .request(method, format!("{}/settings", shop.sandbox.url()))
        .bearer_auth(CANARY_TOKEN);
    if let Some(change) = change {
        request = request.body(change.to_string());
    }
    let body = request
        .send()
        .await
        .expect("the sandbox answers")
        .bytes()
        .await
        .expect("it answers whole");
    serde_json::from_slice(&body).expect("it answers JSON")
}

#[tokio::test]
async fn all_three_modes_are_understood() {
    for mode in ["body", "path", "method"] {
        let shop = Shop::linked(&WHAPI).await;
        let mut listener = Listener::start().await;
        listener.listen_to(&*shop.link).await;
        let mut hooks = settings(&shop, None).await["webhooks"].clone();
        hooks[0]["mode"] = json!(mode);
        settings(&shop, Some(json!({ "webhooks": hooks }))).await;

        let id = shop
            .sandbox
            .write_as(&shop.customer(), "hola")
            .expect("the customer writes");
        let is_it =
            |inbound: &Inbound| matches!(inbound, Inbound::Message(message) if message.gateway_id == id);
        listener.until(&*shop.link, is_it).await;
    }
}

#[tokio::test]
async fn registering_again_leaves_one_webhook_of_ours_and_all_of_theirs() {
    let shop = Shop::linked(&WHAPI).await;
    let theirs = json!({
        "url": "http://127.0.0.1:9/bot", "mode": "path", "headers": {"x-key": "abc"},
        "events": [{"type": "calls", "method": "post"}],
    });
    settings(&shop, Some(json!({ "webhooks": [theirs] }))).await;
    for _ in 0..2 {
        Listener::start().await.listen_to(&*shop.link).await;
    }
    let after = settings(&shop, None).await["webhooks"].clone();
    assert_eq!(after.as_array().map(Vec::len), Some(2), "theirs, and one of ours");
    assert_eq!(after[0], theirs, "theirs is as it was");

    let webhooks = shop.link.webhooks().expect("it calls");
    webhooks
        .unregister("/hook/ours", &[])
        .await
        .expect("ours is taken out");
    assert_eq!(
        settings(&shop, None).await["webhooks"],
        json!([theirs]),
        "only theirs is left"
    );
}
