//! Each shape of the gateway's webhooks, and then everything that it might say besides.
//!
//! The fixtures hold invented values in the shapes that the gateway documents, that its help pages show and that were
//! seen in traffic: `webhooks.json` a payload each, `contents.json` what stands in a message of each kind.

mod anything;
mod changes;
mod chats;
mod contents;
mod link;
mod messages;
mod people;
mod whole;

use std::collections::BTreeMap;

use mostrador_domain::{Address, InboundMessage, MessageBody, MessageContext, UnixMillis};
use serde_json::{Value, json};

use super::*;
use crate::WebhookCall;

const CHAT: &str = "51900000021@s.whatsapp.net";
const LID: &str = "99000000000021@lid";
const GROUP: &str = "120363000000000021@g.us";
const AT: UnixMillis = UnixMillis(1_790_000_000_000);
const SECOND_LATER: UnixMillis = UnixMillis(1_790_000_001_000);

fn fixtures() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("../../fixtures/webhooks.json")).expect("the fixtures are JSON")
}

fn contents() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("../../fixtures/contents.json")).expect("the fixtures are JSON")
}

/// A customer's message with this content; its kind is the fixture's name up to the dot.
fn with_content(name: &str) -> Value {
    let content = contents()
        .remove(name)
        .unwrap_or_else(|| panic!("there is a content {name}"));
    let mut item = json!({
        "id": "Cont.0001-aaaa0001", "from_me": false, "type": name.split('.').next(), "chat_id": CHAT,
        "timestamp": 1_790_000_000, "source": "mobile", "from": "51900000021", "from_name": "Rosa",
    });
    for (field, value) in content.as_object().expect("an object") {
        item[field] = value.clone();
    }
    item
}

fn fixture(name: &str) -> Value {
    fixtures()
        .remove(name)
        .unwrap_or_else(|| panic!("there is a fixture {name}"))
}

fn decoded(name: &str) -> Vec<Inbound> {
    said(&fixture(name))
}

fn said(body: &Value) -> Vec<Inbound> {
    called("POST", "", body)
}

fn called(method: &str, tail: &str, body: &Value) -> Vec<Inbound> {
    let body = body.to_string();
    webhook(&WebhookCall {
        method,
        tail,
        body: body.as_bytes(),
        at: AT,
    })
    .expect("the body is JSON")
}

fn only<T: std::fmt::Debug>(mut all: Vec<T>) -> T {
    assert_eq!(all.len(), 1, "one thing was said: {all:?}");
    all.remove(0)
}

fn message(name: &str) -> InboundMessage {
    match only(decoded(name)) {
        Inbound::Message(message) => *message,
        other => panic!("{name} is a message, not {other:?}"),
    }
}

fn from_customer(gateway_id: &str, body: MessageBody) -> InboundMessage {
    InboundMessage {
        gateway_id: gateway_id.into(),
        chat: Address::parse(CHAT),
        chat_name: None,
        sender: Some(Address::parse(CHAT)),
        sender_name: Some("Rosa".into()),
        from_me: false,
        at: AT,
        body,
        status: None,
        context: MessageContext::default(),
    }
}

/// Says which fixture differs, and not what is in it: `assert_eq` would print the text; here it is invented, but the
/// habit would not stay here.
fn assert_said(name: &str, expected: &[Inbound]) {
    let told = decoded(name);
    assert!(told == expected, "{name} became {told:?}");
}

#[test]
fn what_is_not_understood_is_kept_raw_under_the_gateways_own_name() {
    let raw = [
        ("messages.post.ephemeral", "action.ephemeral"),
        ("messages.patch.upload", "messages.patch"),
        ("groups.put.request", "group members"),
        ("presences.post.pending", "presence"),
        ("channel.post.launch", "channel.post"),
        ("channel.patch.passkey", "channel.patch"),
        ("service.post", "service.post"),
        ("errors", "errors"),
    ];
    for (name, expected) in raw {
        let Inbound::Unknown { raw_kind, raw } = only(decoded(name)) else {
            panic!("{name} is kept raw");
        };
        assert_eq!(raw_kind, expected, "{name} keeps its name");
        serde_json::from_str::<Value>(&raw).unwrap_or_else(|_| panic!("{name} is kept as JSON"));
    }
}

#[test]
fn every_other_fixture_is_understood_as_a_whole() {
    let raw = [
        "messages.post.ephemeral",
        "messages.patch.upload",
        "statuses.post.failed",
        "statuses.post.restricted",
        "groups.put.request",
        "presences.post.pending",
        "channel.post.launch",
        "channel.patch.passkey",
        "service.post",
        "errors",
    ];
    for name in fixtures()
        .into_keys()
        .filter(|name| !raw.contains(&name.as_str()))
    {
        let told = decoded(&name);
        let has_raw = told.iter().any(|said| matches!(said, Inbound::Unknown { .. }));
        assert!(!has_raw, "{name} became {told:?}");
        assert_eq!(
            told.is_empty(),
            name == "messages.post.noise",
            "{name} says something"
        );
    }
}
