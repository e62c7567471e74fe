//! The gateway's settings and the limits of the plan.

use std::time::Duration;

use mostrador_domain::{Failure, FailureCode};
use secrecy::SecretString;
use serde_json::json;
use url::Url;

use super::{MALFORMED, done, linked_to, only_asked, rejected};
use crate::peer::Reply;
use crate::{DeliverySettings, PlanLimits, WebhookTarget};

#[tokio::test]
async fn a_plan_has_limits_or_none() {
    let trial =
        json!({"messages": 150, "chats": ["51900000021@s.whatsapp.net"], "checks": 30, "requests": 1000});
    let limits = PlanLimits {
        messages: Some(150),
        chats_used: Some(1),
        checks: Some(30),
        requests: Some(1000),
    };
    let odd = PlanLimits {
        messages: Some(150),
        ..PlanLimits::default()
    };
    let cases: [(Reply, Result<Option<PlanLimits>, Failure>); 6] = [
        (Reply::json(200, &trial.to_string()), Ok(Some(limits))),
        (Reply::json(204, ""), Ok(None)),
        (Reply::json(200, ""), Ok(None)),
        (
            Reply::json(200, r#"{"messages":"150","chats":5,"checks":-1}"#),
            Ok(Some(odd)),
        ),
        (Reply::json(200, "[]"), Err(MALFORMED)),
        (Reply::json(200, "<html>"), Err(MALFORMED)),
    ];
    for (case, (reply, expected)) in cases.into_iter().enumerate() {
        let (_peer, link) = linked_to(vec![reply]).await;
        let limits = link.limits().expect("it has a plan").limits().await;
        assert_eq!(limits, expected, "case {case}");
    }
}

#[tokio::test]
async fn settings_are_read_in_our_units_and_written_in_the_gateways() {
    let told = json!({"callback_persist": true, "callback_backoff_delay_ms": 3000,
        "max_callback_backoff_delay_ms": 900_000, "full_history": false, "webhooks": []});
    let settings = DeliverySettings {
        keep_failed: Some(true),
        first_wait: Some(Duration::from_secs(3)),
        longest_wait: Some(Duration::from_secs(900)),
        full_history: Some(false),
    };
    let (_peer, link) = linked_to(vec![Reply::json(200, &told.to_string())]).await;
    let read = link.settings().expect("it has settings").get().await;
    assert_eq!(read, Ok(settings), "milliseconds become durations");

    let (peer, link) = linked_to(vec![done()]).await;
    let written = link.settings().expect("it has settings").change(&settings).await;
    assert_eq!(written, Ok(()), "it takes them");
    let expected = json!({"callback_persist": true, "callback_backoff_delay_ms": 3000,
        "max_callback_backoff_delay_ms": 900_000, "full_history": false});
    assert_eq!(
        only_asked(&peer),
        ("PATCH /settings".to_owned(), expected),
        "and nothing else, least of all the webhooks"
    );
}

#[tokio::test]
async fn settings_that_the_gateway_refuses_never_leave() {
    let (peer, link) = linked_to(Vec::new()).await;
    let settings = link.settings().expect("it has settings");
    let wait = |seconds| Some(Duration::from_secs(seconds));
    let none = DeliverySettings::default();
    let refused = [
        DeliverySettings {
            first_wait: wait(2),
            ..none
        },
        DeliverySettings {
            first_wait: wait(16),
            ..none
        },
        DeliverySettings {
            longest_wait: wait(599),
            ..none
        },
        DeliverySettings {
            longest_wait: wait(3601),
            ..none
        },
    ];
    for change in refused {
        assert_eq!(
            settings.change(&change).await,
            Err(rejected(FailureCode::RefusedContent)),
            "{change:?} is outside of the documented range"
        );
    }
    assert_eq!(settings.change(&none).await, Ok(()), "nothing to change");
    assert!(peer.requests().is_empty(), "nothing left");
}

#[tokio::test]
async fn a_webhook_is_tested_where_and_how_it_would_be_called() {
    let (peer, link) = linked_to(vec![done()]).await;
    let target = WebhookTarget {
        url: Url::parse("http://127.0.0.1:8/hook/3/new").expect("well-formed"),
        header: Some(("x-secret".to_owned(), SecretString::from("value"))),
    };
    assert_eq!(
        link.webhooks().expect("it calls").test(&target).await,
        Ok(()),
        "it will call"
    );
    let expected = json!({"type": "presences", "url": "http://127.0.0.1:8/hook/3/new", "mode": "body",
        "headers": {"x-secret": "value"}});
    assert_eq!(
        only_asked(&peer),
        ("POST /settings/webhook_test".to_owned(), expected),
        "the same address and secret"
    );
}
