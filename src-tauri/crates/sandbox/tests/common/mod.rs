//! What the sandbox's own tests share: a client that speaks the dialect, and a receiver of webhooks.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]
#![allow(
    clippy::expect_used,
    reason = "code of tests, though outside the test functions"
)]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, http::StatusCode, http::Uri, routing::any};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

/// Every wait in these tests ends by then.
pub const SOON: Duration = Duration::from_secs(10);

/// A sandbox and a client that holds its token.
pub struct Shop {
    pub sandbox: Sandbox,
    pub client: reqwest::Client,
}

impl Shop {
    pub async fn start(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.expect("a free port on loopback");
        Self {
            sandbox,
            client: reqwest::Client::new(),
        }
    }

    /// A sandbox whose number is linked already.
    pub async fn linked() -> Self {
        let shop = Self::start(SandboxConfig::for_tests()).await;
        shop.sandbox.link();
        shop
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.url());
        self.client.request(method, url).bearer_auth(self.sandbox.token())
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::GET, path).send().await.expect("an answer")).await
    }

    pub async fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        read(
            self.request(method, path)
                .json(body)
                .send()
                .await
                .expect("an answer"),
        )
        .await
    }

    pub async fn send_text(&self, to: &str, body: &str) -> reqwest::Result<Response> {
        self.request(Method::POST, "/messages/text")
            .json(&json!({ "to": to, "body": body }))
            .send()
            .await
    }

    /// Subscribes a receiver to kinds of events.
    pub async fn subscribe(&self, receiver: &Receiver, mode: &str, events: &[(&str, &str)]) {
        let events: Vec<Value> = events
            .iter()
            .map(|(kind, method)| json!({ "type": kind, "method": method }))
            .collect();
        let hook = json!({
            "url": receiver.url, "mode": mode, "events": events, "headers": { "x-secret": "s3cret" },
        });
        let (status, _) = self
            .call(Method::PATCH, "/settings", &json!({ "webhooks": [hook] }))
            .await;
        assert_eq!(status, 200, "a webhook on this machine is allowed");
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a whole body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// One webhook as it arrived.
#[derive(Debug)]
pub struct Arrived {
    pub method: String,
    pub path: String,
    pub secret: Option<String>,
    pub body: Value,
}

/// A receiver of webhooks that answers what it is told to, and 200 afterwards.
pub struct Receiver {
    pub url: String,
    arrived: mpsc::Receiver<Arrived>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    _server: tokio_util::sync::DropGuard,
}

impl Receiver {
    #[allow(clippy::disallowed_methods, reason = "a test's own server; its guard ends it")]
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (sender, arrived) = mpsc::channel(1000);
        let answers: Arc<Mutex<VecDeque<u16>>> = Arc::default();
        let told = Arc::clone(&answers);
        let take = move |method: axum::http::Method,
                         uri: Uri,
                         headers: axum::http::HeaderMap,
                         body: Bytes| async move {
            let secret = headers
                .get("x-secret")
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned);
            let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
            let came = Arrived {
                method: method.to_string(),
                path: uri.path().to_owned(),
                secret,
                body,
            };
            sender.send(came).await.expect("the test still listens");
            let answer = told.lock().expect("no poison").pop_front().unwrap_or(200);
            StatusCode::from_u16(answer).expect("a status")
        };
        let stop = tokio_util::sync::CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        let served = axum::serve(listener, Router::new().fallback(any(take)));
        tokio::spawn(async move { served.with_graceful_shutdown(stopped).await });
        Self {
            url,
            arrived,
            answers,
            _server: stop.drop_guard(),
        }
    }

    /// Answers these statuses to the next webhooks, then 200 again.
    pub fn answer_next(&self, statuses: &[u16]) {
        self.answers.lock().expect("no poison").extend(statuses);
    }

    /// The next webhook that comes.
    pub async fn next(&mut self) -> Arrived {
        let next = tokio::time::timeout(SOON, self.arrived.recv()).await;
        next.expect("a webhook was due by now")
            .expect("the receiver runs")
    }

    /// Whether one has come that nobody has looked at.
    pub fn has_more(&mut self) -> bool {
        !self.arrived.is_empty()
    }
}

/// A small picture.
pub fn tiny_png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(6, 4, image::Rgb([200, 40, 40]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a PNG");
    bytes.into_inner()
}

/// The id of the message in the answer to a send.
pub fn id_of(sent: &Value) -> String {
    sent["message"]["id"]
        .as_str()
        .expect("a message with an id")
        .to_owned()
}
