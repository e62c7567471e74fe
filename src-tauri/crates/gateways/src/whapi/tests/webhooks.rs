//! Webhooks: what is in the settings already is not ours to change.

use std::collections::BTreeSet;

use mostrador_domain::{Inbound, UnixMillis};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::{MALFORMED, linked_to};
use crate::peer::Reply;
use crate::{WebhookCall, WebhookTarget};

#[tokio::test]
async fn other_peoples_webhooks_come_back_exactly_as_they_were() {
    let others = json!([
        {"url": "https://shop.example/hook", "mode": "method", "headers": {"x": "y"}, "events": [{"type": "calls", "method": "post"}], "later": 1},
        {"url": "not an address"},
    ]);
    let mut before = others.as_array().expect("a list").clone();
    before.push(json!({"url": "http://127.0.0.1:9/hook/3/old", "mode": "body"}));
    let settings = json!({ "webhooks": before, "proxy": "" }).to_string();
    let (peer, link) = linked_to(vec![Reply::json(200, &settings), Reply::json(200, "{}")]).await;

    let url = Url::parse("http://127.0.0.1:8/hook/3/new").expect("well-formed");
    let header = Some(("x-secret".to_owned(), SecretString::from("value")));
    let target = WebhookTarget { url, header };
    link.webhooks()
        .expect("it calls")
        .register(&target, &["/hook/3/"])
        .await
        .expect("both calls succeed");

    let requests = peer.requests();
    assert!(
        requests[1].starts_with("PATCH /settings "),
        "the second call writes"
    );
    let written: Value =
        serde_json::from_str(requests[1].split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    let written = written["webhooks"].as_array().expect("the whole list");
    assert_eq!(
        written[..2],
        others.as_array().expect("a list")[..],
        "theirs stay, unknown fields and all"
    );
    assert_eq!(written.len(), 3, "our old one is gone");
    assert_eq!(
        written[2]["url"], "http://127.0.0.1:8/hook/3/new",
        "our new one is there"
    );
    assert_eq!(
        written[2]["headers"],
        json!({"x-secret": "value"}),
        "with its secret"
    );
}

/// `WebhookEventType` of the reference.
const DOCUMENTED: [&str; 11] = [
    "messages",
    "statuses",
    "chats",
    "contacts",
    "groups",
    "presences",
    "calls",
    "channel",
    "users",
    "labels",
    "service",
];

#[tokio::test]
async fn every_documented_type_of_event_is_asked_for_and_kept() {
    let (peer, link) = linked_to(vec![
        Reply::json(200, r#"{"webhooks":[]}"#),
        Reply::json(200, "{}"),
    ])
    .await;
    let target = WebhookTarget {
        url: Url::parse("http://127.0.0.1:8/hook/3/new").expect("well-formed"),
        header: None,
    };
    let hooks = link.webhooks().expect("it calls");
    hooks.register(&target, &["/hook/3/"]).await.expect("it is taken");
    let (_, written) = super::asked(&peer.requests()[1]);
    let events = written["webhooks"][0]["events"].as_array().cloned();
    let asked: BTreeSet<String> = events
        .iter()
        .flatten()
        .filter_map(|event| event["type"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(
        asked,
        BTreeSet::from(DOCUMENTED.map(str::to_owned)),
        "what is not asked for is never told"
    );
    let body = json!({ "service": [{ "type": "test" }], "event": { "type": "service", "event": "post" } });
    let body = body.to_string();
    let said = hooks.decode(&WebhookCall {
        method: "POST",
        tail: "",
        body: body.as_bytes(),
        at: UnixMillis(0),
    });
    assert!(
        matches!(said.as_deref(), Ok([Inbound::Unknown { raw, .. }]) if raw.contains("test")),
        "what nobody has described is kept as it came"
    );
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_not_written_over() {
    for settings in [r#"{"webhooks":"none"}"#, "[]", "hola"] {
        let (peer, link) = linked_to(vec![Reply::json(200, settings)]).await;
        let target = WebhookTarget {
            url: Url::parse("http://127.0.0.1:8/h/x").expect("well-formed"),
            header: None,
        };
        let failure = link
            .webhooks()
            .expect("it calls")
            .register(&target, &["/h/"])
            .await
            .err();
        assert_eq!(failure, Some(MALFORMED), "{settings} is not what is documented");
        assert_eq!(peer.requests().len(), 1, "somebody's webhooks may be in there");
    }
}

#[tokio::test]
async fn unregistering_nothing_writes_nothing() {
    let (peer, link) = linked_to(vec![Reply::json(
        200,
        r#"{"webhooks":[{"url":"https://shop.example/h"}]}"#,
    )])
    .await;
    assert_eq!(
        link.webhooks().expect("it calls").unregister("/hook/", &[]).await,
        Ok(()),
        "there is nothing of ours"
    );
    assert_eq!(peer.requests().len(), 1, "it only looked");
}
