//! The headless program's face: who is let in, and what they get.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_api::headless;
use mostrador_api::{Shop, ShopOptions};
use mostrador_engine::chance::SystemChance;
use mostrador_engine::clock::{Clock, SystemClock};
use mostrador_engine::secrets::{MemorySecrets, Secrets, SecretsProblem};
use mostrador_engine::supervisor::Supervisor;
use mostrador_sandbox::{Sandbox, SandboxConfig};
use reqwest::header::{HOST, ORIGIN};
use reqwest::{Client, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::canaries::{Canaries, Listening};

/// The tokens of a device: before, and after it was given another one.
const FIRST: &str = "first-token-of-the-shop";
const SECOND: &str = "second-token-of-the-shop";

struct Face {
    shop: Arc<Shop>,
    crew: mostrador_engine::supervisor::Crew,
    url: String,
    token: String,
    client: Client,
    /// What may not be logged.
    canaries: Canaries,
    folder: tempfile::TempDir,
    listening: Listening,
}

impl Face {
    async fn start() -> Self {
        Self::with(Arc::new(MemorySecrets::default())).await
    }

    async fn with(secrets: Arc<dyn Secrets>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listening = Listening::begin();
        let shop = Shop::open(ShopOptions {
            data: folder.path().to_owned(),
            secrets,
            notifier: Box::new(|hub| Arc::new(hub)),
            practice: true,
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            logs: listening.logs.clone(),
        });
        let shop = Arc::new(shop.await.expect("it opens"));
        let crew = Supervisor::default().crew("headless");
        let served = headless::start(Arc::clone(&shop), &crew, 0, None, &SystemChance)
            .await
            .expect("it serves");
        let mut canaries = Canaries::default();
        for canary in [served.token.as_str(), FIRST, SECOND] {
            canaries.add(canary);
        }
        Self {
            shop,
            crew,
            url: served.url,
            token: served.token,
            client: Client::new(),
            canaries,
            folder,
            listening,
        }
    }

    fn post(&self, command: &str, args: &Value) -> reqwest::RequestBuilder {
        self.client
            .post(format!("{}/api/{command}", self.url))
            .bearer_auth(&self.token)
            .json(args)
    }

    /// Ends it; nothing may have been logged that is nobody's business.
    async fn stop(self) {
        self.crew.stop().await;
        self.shop.close().await;
        self.listening.heard_none_of(&self.canaries, self.folder.path());
    }
}

#[tokio::test]
async fn a_command_is_answered_with_its_result_or_its_code() {
    let face = Face::start().await;

    let list: Value = face
        .post("device_list", &json!({}))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(list, json!([]), "no device yet");
    let unknown = face.post("device_fly", &json!({})).send().await.expect("answers");
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND, "no such command");
    let body: Value = unknown.json().await.expect("JSON");
    assert_eq!(
        body,
        json!({ "code": "unknown_command", "params": {} }),
        "with its code"
    );
    let wrong = face
        .post("chat_get", &json!({ "chatId": "seven" }))
        .send()
        .await
        .expect("answers");
    assert_eq!(
        wrong.json::<Value>().await.expect("JSON")["code"],
        "bad_request",
        "wrong shape"
    );
    face.stop().await;
}

#[tokio::test]
async fn only_callers_with_the_token_from_this_computer_are_let_in() {
    let face = Face::start().await;
    let args = json!({});

    let without = face
        .client
        .post(format!("{}/api/device_list", face.url))
        .json(&args)
        .send()
        .await
        .expect("answers");
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED, "no token");
    let wrong = face
        .client
        .post(format!("{}/api/device_list", face.url))
        .bearer_auth("wrong")
        .json(&args);
    assert_eq!(
        wrong.send().await.expect("answers").status(),
        StatusCode::UNAUTHORIZED,
        "another token"
    );
    let bent = face
        .post("device_list", &args)
        .header(HOST, "shop.example")
        .send()
        .await
        .expect("answers");
    assert_eq!(
        bent.status(),
        StatusCode::FORBIDDEN,
        "a name that was bent to this computer"
    );
    let foreign = face
        .post("device_list", &args)
        .header(ORIGIN, "http://evil.example")
        .send()
        .await
        .expect("answers");
    assert_eq!(
        foreign.status(),
        StatusCode::FORBIDDEN,
        "a page of somebody else's"
    );
    for path in ["events", "media/1", "media/1/small"] {
        let closed = face
            .client
            .get(format!("{}/{path}", face.url))
            .send()
            .await
            .expect("answers");
        assert_eq!(
            closed.status(),
            StatusCode::UNAUTHORIZED,
            "{path} needs the token too"
        );
    }
    face.stop().await;
}

#[tokio::test]
async fn a_photo_that_is_shown_small_is_a_smaller_copy_or_itself() {
    let face = Face::start().await;
    let mut drawn = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(2_000, 1_500)
        .write_to(&mut drawn, image::ImageFormat::Png)
        .expect("a picture");
    let small = include_bytes!("../fixtures/cake.png").to_vec();
    for (bytes, mime) in [(drawn.into_inner(), "image/jpeg"), (small, "image/png")] {
        let args = json!({ "fileName": "foto.png", "dataBase64": STANDARD.encode(&bytes) });
        let (_, added) = answer(&face, "media_add", args).await;
        let got = face
            .client
            .get(format!("{}/media/{}/small", face.url, added["id"]))
            .bearer_auth(&face.token)
            .send()
            .await
            .expect("answers");
        assert_eq!(got.headers()["content-type"], mime, "by what it is");
        let whole = face
            .client
            .get(format!("{}/media/{}", face.url, added["id"]))
            .bearer_auth(&face.token)
            .send()
            .await
            .expect("answers");
        assert_eq!(
            whole.bytes().await.expect("bytes"),
            bytes,
            "whole where it is asked for whole"
        );
    }
    face.stop().await;
}

#[tokio::test]
async fn events_tell_what_has_changed() {
    let face = Face::start().await;
    let request = face
        .client
        .get(format!("{}/events", face.url))
        .bearer_auth(&face.token);
    let mut stream = request.send().await.expect("answers");

    let settings = json!({ "settings": { "language": "pt-BR", "theme": "dark", "notifications": "off" } });
    let set = face.post("setting_set", &settings).send().await.expect("answers");
    assert_eq!(set.status(), StatusCode::OK, "the settings are kept");
    let chunk = stream
        .chunk()
        .await
        .expect("the stream goes on")
        .expect("an event");
    let text = String::from_utf8_lossy(&chunk);
    let event: Value = serde_json::from_str(text.trim().trim_start_matches("data:")).expect("JSON");
    assert_eq!(event["kind"], "changed", "something changed: {event}");
    assert_eq!(
        event["changes"],
        json!([{ "topic": "settings" }]),
        "the settings did"
    );
    let read: Value = face
        .post("setting_get", &json!({}))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(read["language"], "pt-BR", "and they are as they were set");
    face.stop().await;
}

/// A keyring that takes its time to be read.
#[derive(Default)]
struct SlowKeyring(MemorySecrets);

#[async_trait]
impl Secrets for SlowKeyring {
    fn lasts(&self) -> bool {
        true
    }

    async fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsProblem> {
        SystemClock.sleep(Duration::from_millis(500)).await;
        self.0.get(key).await
    }

    async fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretsProblem> {
        self.0.set(key, secret).await
    }

    async fn delete(&self, key: &str) -> Result<(), SecretsProblem> {
        self.0.delete(key).await
    }
}

#[tokio::test]
async fn a_caller_that_hangs_up_leaves_no_device_half_started() {
    let face = Face::with(Arc::new(SlowKeyring::default())).await;
    let args = json!({
        "gateway": "whapi", "name": "Tienda", "url": "http://127.0.0.1:9", "token": FIRST, "remember": true
    });
    let device: Value = face
        .post("device_add", &args)
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");

    let args = json!({ "deviceId": device["id"], "token": SECOND, "remember": true });
    let hung_up = face
        .post("device_token_set", &args)
        .timeout(Duration::from_millis(100))
        .send()
        .await;
    assert!(hung_up.is_err(), "the caller did not wait");
    let list = face
        .post("device_list", &json!({}))
        .timeout(Duration::from_millis(300))
        .send()
        .await;
    let list: Value = list
        .expect("nobody waits for a keyring that is not his")
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        list.as_array().map(Vec::len),
        Some(1),
        "the device is there all the while"
    );
    SystemClock.sleep(Duration::from_millis(700)).await;
    let list: Value = face
        .post("device_list", &json!({}))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(1), "and afterwards");
    face.stop().await;
}

async fn answer(face: &Face, command: &str, args: Value) -> (StatusCode, Value) {
    let response = face.post(command, &args).send().await.expect("answers");
    (response.status(), response.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_gateways_calls_are_listed_checked_confirmed_and_made_over_http() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests())
        .await
        .expect("a gateway");
    sandbox.link();
    let mut face = Face::start().await;
    face.canaries = Canaries::of(&sandbox);
    face.canaries.add(&face.token.clone());
    face.canaries.add("Hola, Rosa");
    let add = json!({
        "gateway": "whapi", "name": "Tienda", "url": sandbox.url(), "token": sandbox.token(), "remember": true,
    });
    let (status, device) = answer(&face, "device_add", add).await;
    assert_eq!(status, StatusCode::OK, "{device}");

    let (status, listed) = answer(&face, "explorer_list", json!({ "deviceId": device["id"] })).await;
    assert_eq!(status, StatusCode::OK);
    let count = mostrador_gateways::catalogue::whapi().endpoints.len();
    assert_eq!(
        listed["endpoints"].as_array().map(Vec::len),
        Some(count),
        "all that it documents"
    );
    let call = |endpoint: &str, parameters: Value, body: Value, confirmed: bool| {
        json!({
            "deviceId": device["id"], "endpoint": endpoint, "parameters": parameters, "body": body, "file": null,
            "confirmed": confirmed,
        })
    };
    let none = || json!({});
    let (_, looked) = answer(
        &face,
        "explorer_call",
        call("getChats", json!({ "count": 1 }), Value::Null, false),
    )
    .await;
    assert_eq!(
        (&looked["kind"], &looked["status"]),
        (&json!("answered"), &json!(200)),
        "{looked}"
    );
    let (_, wrong) = answer(
        &face,
        "explorer_call",
        call("getChats", json!({ "count": 0.5 }), Value::Null, false),
    )
    .await;
    assert_eq!(wrong["kind"], "invalid", "nothing left: {wrong}");
    let words = json!({ "to": "51900000011", "body": "Hola, Rosa" });
    let (_, unasked) = answer(
        &face,
        "explorer_call",
        call("sendMessageText", none(), words.clone(), false),
    )
    .await;
    assert_eq!(unasked, json!({ "kind": "unconfirmed" }), "customers see it");
    assert_eq!(
        sandbox.ledger_of("51900000011").len(),
        0,
        "not before somebody agrees"
    );
    let (_, sent) = answer(
        &face,
        "explorer_call",
        call("sendMessageText", none(), words, true),
    )
    .await;
    assert_eq!(sent["kind"], "answered", "{sent}");
    assert_eq!(sandbox.ledger_of("51900000011").len(), 1, "once");
    let (status, unknown) = answer(&face, "explorer_call", call("fly", none(), Value::Null, true)).await;
    assert_eq!(
        (status, &unknown["code"]),
        (StatusCode::NOT_FOUND, &json!("not_found"))
    );
    for told in [&listed, &looked, &sent] {
        assert!(!told.to_string().contains(sandbox.token()), "without the key");
    }
    face.stop().await;
    sandbox.stop().await;
}
