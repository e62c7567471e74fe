//! Whapi's.

use std::sync::Arc;

use mostrador_gateways::catalogue::{Body, Endpoint};
use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{DeviceLink, Driver, FieldKey, LinkConfig, catalogue};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{Given, ROSA, TINY, none_is_of_an_unknown_path, refused_with};

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
            "body": { "text": "a" }, "type": "button",
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

/// Asks the practice shop itself for something that has to be there first.
async fn made(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Value {
    let url = format!("{}{path}", sandbox.url());
    let request = reqwest::Client::new().request(method.parse().expect("a method"), url);
    let request = request.bearer_auth(sandbox.token());
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    let answer = request.send().await.expect("an answer");
    assert!(
        answer.status().is_success(),
        "{method} {path}: {}",
        answer.status()
    );
    answer.json().await.expect("JSON")
}

/// A group with Rosa in it, and the code that leads into it.
async fn group(sandbox: &Sandbox) -> (String, Value) {
    let body = json!({ "subject": "Vecinos", "participants": [ROSA] });
    let group = made(sandbox, "POST", "/groups", &body).await;
    let id = group["id"].as_str().expect("a group has an id").to_owned();
    let invite = made(sandbox, "GET", &format!("/groups/{id}/invite"), &Value::Null).await;
    (id, invite["invite_code"].clone())
}

/// What an operation in a group is about.
async fn in_group(sandbox: &Sandbox, endpoint: &Endpoint) -> Value {
    let (id, code) = group(sandbox).await;
    match endpoint.id.as_str() {
        "acceptGroupInvite" => {
            made(sandbox, "DELETE", &format!("/groups/{id}"), &Value::Null).await;
            json!({ "invite_code": code })
        }
        "sendGroupInvite" | "getGroupMetadataByInviteCode" => json!({ "InviteCode": code }),
        "addGroupParticipant" => json!({ "GroupID": id, "participants": [JULIA] }),
        "demoteGroupAdmin" => {
            let rosa = json!({ "participants": [ROSA] });
            made(sandbox, "PATCH", &format!("/groups/{id}/admins"), &rosa).await;
            json!({ "GroupID": id })
        }
        _ => json!({ "GroupID": id }),
    }
}

/// What an operation of the business is about.
async fn in_business(sandbox: &Sandbox, endpoint: &Endpoint) -> Value {
    let has = |name: &str| endpoint.parameters.iter().any(|one| one.field.name == name);
    if has("ProductID") {
        let picture = format!("data:image/png;base64,{TINY}");
        let product = json!({ "name": "Torta", "description": "De lúcuma", "currency": "PEN", "price": 20, "images": [picture] });
        let product = made(sandbox, "POST", "/business/products", &product).await;
        json!({ "ProductID": product["id"] })
    } else if has("CollectionID") {
        let empty = json!({ "name": "Tortas", "products": [] });
        let collection = made(sandbox, "POST", "/business/collections", &empty).await;
        json!({ "CollectionID": collection["id"] })
    } else if has("OrderID") {
        let device = sandbox.on(0).expect("a number");
        let (message, order) = device.order_as(ROSA, &[(0, 1)]).expect("a customer orders");
        let told = made(sandbox, "GET", &format!("/messages/{message}"), &Value::Null).await;
        json!({ "OrderID": order, "order_token": told["order"]["token"] })
    } else {
        json!({})
    }
}

/// What an operation is about: something that is there, made for it where need be.
async fn about(sandbox: &Sandbox, endpoint: &Endpoint, hook: &str) -> Value {
    let has = |name: &str| endpoint.parameters.iter().any(|one| one.field.name == name);
    match endpoint.id.as_str() {
        "resetChannelSettings" => {
            let change = json!({ "callback_backoff_delay_ms": 4_000 });
            made(sandbox, "PATCH", "/settings", &change).await;
            json!({})
        }
        "webhookTest" => json!({ "url": hook }),
        "updateUserProfile" => json!({ "icon": format!("data:image/png;base64,{TINY}") }),
        "loginUserViaAuthCode" => json!({ "PhoneNumber": SHOP }),
        "addContact" => json!({ "phone": "51900000078" }),
        "getContactIdByLid" => {
            let rosa = sandbox.customers().into_iter().find(|one| one.number == ROSA);
            json!({ "ContactLID": format!("{}@lid", rosa.expect("she is there").lid) })
        }
        "getPresence" => {
            made(sandbox, "POST", &format!("/presences/{JULIA}"), &Value::Null).await;
            json!({ "EntryID": JULIA })
        }
        "rejectCall" | "rejectCallDeprecated" => {
            let call = sandbox.on(0).expect("a number").call_as(ROSA, false);
            json!({ "CallID": call.expect("a customer calls") })
        }
        "getStory" | "copyStory" => {
            let story = made(sandbox, "POST", "/stories/send/text", &json!({ "caption": "a" })).await;
            json!({ "MessageID": story["message"]["id"] })
        }
        "markMessageAsRead" => json!({ "MessageID": sandbox.write_as(ROSA, "hola").expect("she writes") }),
        _ if has("MessageID") => {
            json!({ "MessageID": sandbox.write_on_phone(ROSA, "hola").expect("the shop writes") })
        }
        _ if has("MediaID") => {
            let picture = json!({ "media": format!("data:image/png;base64,{TINY}") });
            let uploaded = made(sandbox, "POST", "/media", &picture).await;
            json!({ "MediaID": uploaded["media"][0]["id"] })
        }
        _ if endpoint.path.starts_with("/groups/") || endpoint.id == "acceptGroupInvite" => {
            in_group(sandbox, endpoint).await
        }
        _ if endpoint.path.starts_with("/business/") => in_business(sandbox, endpoint).await,
        _ => json!({}),
    }
}

/// Of all that may be said of a send: a message that is there is answered. What is given another wording is sent anew by no call, so that is
/// asked for with words alone.
fn answering(sandbox: &Sandbox, endpoint: &Endpoint) -> Value {
    let in_body = match &endpoint.body {
        Some(Body::Json { fields, .. }) => fields.iter().any(|field| field.name == "quoted"),
        _ => false,
    };
    if !in_body && !endpoint.parameters.iter().any(|one| one.field.name == "quoted") {
        return json!({});
    }
    let theirs = sandbox.write_as(ROSA, "¿hay?").expect("a customer writes");
    let edited = match endpoint.id.as_str() {
        "sendMessageText" => json!(sandbox.write_on_phone(ROSA, "hoy").expect("the shop writes")),
        _ => Value::Null,
    };
    json!({ "quoted": theirs, "edit": edited })
}

const JULIA: &str = "51900000012";
const SHOP: &str = "51900000010";

/// What is documented to be refused: of several changes to a chat one is taken at a time.
const NOT_AT_ONCE: [&str; 1] = ["patchChat: 400 Wrong request parameters"];

async fn shop() -> (Sandbox, Arc<dyn DeviceLink>) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&sandbox.url()).expect("its address");
    let token = SecretString::from(sandbox.token().to_owned());
    let given = LinkConfig::default().at(&url).with_secret(FieldKey::Token, token);
    let link = WhapiDriver::default().open(given).expect("a link");
    (sandbox, link)
}

/// Somebody who takes whatever is told.
#[allow(
    clippy::disallowed_methods,
    reason = "a test's listener lives as long as the test's runtime"
)]
async fn hook() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("a bound listener has an address");
    let routes = axum::Router::new().fallback(async || axum::http::StatusCode::OK);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}/hook")
}

/// What becomes of every entry, asked so about what is there, and is not done.
async fn not_done(given: Given) -> Vec<String> {
    let (sandbox, link) = shop().await;
    let endpoints = link.endpoints().expect("all of the reference");
    let hook = hook().await;
    let mut all = Vec::new();
    for endpoint in &catalogue::whapi().endpoints {
        if endpoint.id.starts_with("loginUser") {
            // A code is on show only as long as no number is linked.
            sandbox.unlink();
            made(&sandbox, "GET", "/users/login", &Value::Null).await;
        } else {
            sandbox.link();
            // There is a chat with her, whatever was done before.
            sandbox.write_as(ROSA, "hola").expect("a customer writes");
        }
        let mut words = told_only_in_words(&endpoint.id);
        let mut more = vec![about(&sandbox, endpoint, &hook).await];
        if given == Given::Whole {
            more.push(answering(&sandbox, endpoint));
        }
        for (name, value) in more.iter().filter_map(Value::as_object).flatten() {
            words[name] = value.clone();
        }
        all.extend(refused_with(endpoints, endpoint, &words, given).await);
    }
    none_is_of_an_unknown_path(
        &sandbox,
        "",
        ("authorization", &format!("Bearer {}", sandbox.token())),
        &NOT_AT_ONCE,
    )
    .await;
    sandbox.stop().await;
    all
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_with_the_least_that_its_schema_allows() {
    let all = not_done(Given::Least).await;
    assert_eq!(all, Vec::<String>::new(), "about what is there each is done");
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_with_all_that_its_schema_allows() {
    let all = not_done(Given::Whole).await;
    assert_eq!(all, NOT_AT_ONCE, "each as the documentation has it");
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
