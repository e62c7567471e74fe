//! Whapi's.

use std::sync::Arc;

use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{DeviceLink, Driver, FieldKey, LinkConfig, catalogue};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{ROSA, refused};

/// What the documentation asks for in words and its schema does not: one of several fields, or a file of the right kind.
fn told_only_in_words(id: &str) -> Value {
    let media = |of: &str, bytes: &str| json!({ "media": format!("data:{of};base64,{bytes}") });
    match id {
        "sendMessageVideo" | "sendMessageShort" | "sendMessageGif" => {
            media("video/mp4", "AAAAGGZ0eXBpc29tAAAAAGlzb21tcDQy")
        }
        "sendMessageAudio" | "sendMessageVoice" => {
            media("audio/ogg", "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE9wdXNIZWFk")
        }
        "sendMessageContactList" => {
            json!({ "list": [{ "name": "A", "vcard": "BEGIN:VCARD\nFN:A\nEND:VCARD" }] })
        }
        "sendMessageInteractive" => json!({
            "body": { "text": "a" },
            "action": { "buttons": [{ "type": "quick_reply", "title": "a", "id": "1" }] },
        }),
        "sendMessageStory" | "createStory" => json!({ "caption": "a" }),
        "patchChat" => json!({ "pin": true }),
        "updateGroupInfo" => json!({ "subject": "a" }),
        "createCollection" => json!({ "products": [] }),
        "editLabel" => json!({ "name": "a" }),
        _ => json!({}),
    }
}

/// Refused with 400 for what is not there, as documented: a collection, and a webhook that does not answer.
const NOT_THERE: [&str; 5] = [
    "webhookTest",
    "getCollection",
    "editCollection",
    "deleteCollection",
    "getCollectionProductList",
];

async fn shop() -> (Sandbox, Arc<dyn DeviceLink>) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&sandbox.url()).expect("its address");
    let token = SecretString::from(sandbox.token().to_owned());
    let given = LinkConfig::default().at(&url).with_secret(FieldKey::Token, token);
    let link = WhapiDriver::default().open(given).expect("a link");
    (sandbox, link)
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_with_the_least_that_its_schema_allows() {
    let (sandbox, link) = shop().await;
    let endpoints = link.endpoints().expect("all of the reference");
    let mut all = Vec::new();
    for endpoint in &catalogue::whapi().endpoints {
        sandbox.link();
        let told = refused(endpoints, endpoint, &told_only_in_words(&endpoint.id)).await;
        let expected = NOT_THERE.contains(&endpoint.id.as_str());
        all.extend(told.filter(|told| !(expected && told.ends_with(": 400"))));
    }
    assert_eq!(all, Vec::<String>::new(), "each as the documentation has it");
    sandbox.stop().await;
}

#[tokio::test]
async fn the_practice_shop_refuses_what_its_own_copy_of_the_documentation_forbids() {
    let (sandbox, _) = shop().await;
    let client = reqwest::Client::new();
    let post = |path: &str, body: Value| {
        let url = format!("{}{path}", sandbox.url());
        client.post(url).bearer_auth(sandbox.token()).json(&body).send()
    };
    let without_title = post("/messages/quiz", json!({ "to": ROSA, "options": ["a", "b"] })).await;
    let wrong_kind = post("/communities", json!({ "subject": 1, "description": "a" })).await;
    let no_such_verb = post("/bots", json!({})).await;
    let status = |answer: reqwest::Result<reqwest::Response>| answer.expect("an answer").status().as_u16();
    assert_eq!(status(without_title), 400, "a quiz has a title");
    assert_eq!(status(wrong_kind), 400, "a subject is a text");
    assert_eq!(status(no_such_verb), 405, "the list of bots is only read");
    sandbox.stop().await;
}
