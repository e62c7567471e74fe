//! Answers that the practice shop never gives: odd shapes, refusals, and what the driver makes of them.

mod actions;
mod bodies;
mod called;
mod gateway;
mod labels;
mod lists;
mod media;
mod pairing;
mod people;
mod profile;
mod refused;
mod send;
mod statuses;
mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{
    Address, Failure, FailureCode, MediaKind, NotSentCause, Outgoing, OutgoingBody, OutgoingFile,
    OutgoingMedia, UnknownCause,
};
use serde_json::{Value, json};

use super::*;
use crate::Accepted;
use crate::http_kit::CallTimes;
use crate::peer::{Peer, Reply};

const CANARY: &str = "canary-token-9f3c";
const NUMBER: &str = "51900000021";

fn link(peer: &Peer) -> Arc<dyn DeviceLink> {
    let times = CallTimes {
        connect: Duration::from_secs(5),
        call: Duration::from_secs(5),
        transfer: Duration::from_secs(5),
    };
    let config = LinkConfig::default()
        .at(&peer.url())
        .with(FieldKey::Token, CANARY);
    WhapiDriver::default()
        .with_times(times)
        .open(config)
        .expect("loopback and a token open a link")
}

async fn linked_to(replies: Vec<Reply>) -> (Peer, Arc<dyn DeviceLink>) {
    let peer = Peer::start(replies).await;
    let link = link(&peer);
    (peer, link)
}

fn health(text: &str) -> Reply {
    Reply::json(200, &json!({ "status": { "code": 0, "text": text } }).to_string())
}

fn text_to(to: &str) -> Outgoing {
    let body = OutgoingBody::Text("palabras-canario".into());
    Outgoing {
        to: Address::parse(to),
        body,
        quoted: None,
        mentions: Vec::new(),
        client_id: "c1".into(),
    }
}

fn image(mime: &str, size: usize) -> Outgoing {
    let image = OutgoingMedia {
        kind: MediaKind::Image,
        caption: None,
        mime: mime.into(),
        file_name: None,
        seconds: None,
        waveform: None,
        file: OutgoingFile::from(vec![0xff; size]),
    };
    Outgoing {
        body: OutgoingBody::Media(image),
        ..text_to(NUMBER)
    }
}

/// Verb and path of a request, and its JSON.
fn asked(request: &str) -> (String, Value) {
    let (head, body) = request.split_once("\r\n\r\n").expect("a head and a body");
    let line = head.lines().next().expect("a first line");
    let line = line.strip_suffix(" HTTP/1.1").expect("HTTP").to_owned();
    (line, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// The one request that was made.
fn only_asked(peer: &Peer) -> (String, Value) {
    let requests = peer.requests();
    assert_eq!(requests.len(), 1, "one call was made");
    asked(&requests[0])
}

/// A success with this JSON.
fn ok(body: &Value) -> Reply {
    Reply::json(200, &body.to_string())
}

/// What is asked for is not there, and the token is good.
fn not_found() -> Vec<Reply> {
    vec![Reply::json(404, "{}"), health("AUTH")]
}

/// What every action answers when it is done.
fn done() -> Reply {
    Reply::json(200, r#"{"success":true}"#)
}

async fn sent(message: &Outgoing, replies: Vec<Reply>) -> Result<Accepted, Failure> {
    let (_peer, link) = linked_to(replies).await;
    link.messaging().expect("it sends").send(message).await
}

fn rejected(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}

const MALFORMED: Failure = Failure::Unknown {
    cause: UnknownCause::Malformed,
};
const NOT_READY: Failure = Failure::NotSent {
    cause: NotSentCause::NotReady,
    retry_after: None,
};

#[tokio::test]
async fn no_secret_number_or_text_is_in_what_is_printed() {
    let failure = sent(
        &text_to(NUMBER),
        vec![Reply::json(400, r#"{"error":"palabras-canario"}"#)],
    )
    .await;
    let failure = failure.expect_err("400 is a refusal");
    let printed = format!("{failure:?} {failure} {:?}", text_to(NUMBER));
    for secret in [CANARY, NUMBER, "palabras-canario"] {
        assert!(!printed.contains(secret), "a log would show a secret");
    }
}

#[test]
fn a_link_needs_a_token_and_has_a_usual_address() {
    let driver = WhapiDriver::default();
    assert_eq!(
        driver.open(LinkConfig::default()).err(),
        Some(OpenError::Missing(FieldKey::Token)),
        "one token is one channel"
    );
    let url = driver
        .needs()
        .fields
        .iter()
        .find(|field| field.key == FieldKey::Url);
    assert_eq!(
        url.and_then(|url| url.default),
        Some("https://gate.whapi.cloud"),
        "documented"
    );
}
