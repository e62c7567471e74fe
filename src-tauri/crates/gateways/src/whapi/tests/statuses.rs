//! Every status that the gateway documents, on a send: what it means for the message, and that it is believed only as
//! far as it goes.

use std::time::Duration;

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause, Outgoing, OutgoingBody, UnknownCause};

use super::{MALFORMED, NOT_READY, NUMBER, health, image, rejected, sent, text_to};
use crate::peer::Reply;

fn unknown(cause: UnknownCause) -> Failure {
    Failure::Unknown { cause }
}

fn limited(retry_after: Option<Duration>) -> Failure {
    Failure::NotSent {
        cause: NotSentCause::RateLimited,
        retry_after,
    }
}

/// What a text becomes when it is answered so; a linked number stands behind it.
async fn answered(reply: Reply) -> Failure {
    let failure = sent(&text_to(NUMBER), vec![reply, health("AUTH")]).await;
    failure.expect_err("no such answer accepts a message")
}

#[tokio::test]
async fn each_documented_status_has_one_meaning() {
    let meanings = [
        (400, rejected(FailureCode::RefusedContent)),
        (401, NOT_READY),
        (402, rejected(FailureCode::PlanLimit)),
        (403, rejected(FailureCode::Forbidden)),
        (404, unknown(UnknownCause::UnexpectedStatus(404))),
        (406, unknown(UnknownCause::UnexpectedStatus(406))),
        (409, unknown(UnknownCause::UnexpectedStatus(409))),
        (413, rejected(FailureCode::TooLarge)),
        (415, rejected(FailureCode::MediaUnsupported)),
        (422, unknown(UnknownCause::UnexpectedStatus(422))),
        (429, limited(None)),
        (463, Failure::Restricted { until: None }),
        (500, unknown(UnknownCause::ServerError(500))),
        (502, unknown(UnknownCause::ServerError(502))),
        (503, unknown(UnknownCause::ServerError(503))),
        (504, unknown(UnknownCause::ServerError(504))),
    ];
    for (status, meaning) in meanings {
        for body in ["", "{}", "<html>", r#"{"error":"words"}"#] {
            let failure = answered(Reply::json(status, body)).await;
            assert_eq!(failure, meaning, "{status} with {body:?}");
        }
    }
}

#[tokio::test]
async fn the_trial_limit_is_told_in_both_shapes_of_the_body() {
    for body in [
        r#"{"code":402,"error":"trial version limit exceeded"}"#,
        r#"{"error":{"code":402,"message":"Trial version limit exceeded"}}"#,
    ] {
        for status in [400, 402] {
            assert_eq!(
                answered(Reply::json(status, body)).await,
                rejected(FailureCode::PlanLimit),
                "{status} with {body}"
            );
        }
    }
}

#[tokio::test]
async fn too_many_requests_carries_its_delay() {
    let with = "HTTP/1.1 429 x\r\nretry-after: 12\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    assert_eq!(
        answered(Reply::raw(with)).await,
        limited(Some(Duration::from_secs(12))),
        "the header is documented nowhere, and honoured where it comes"
    );
}

#[tokio::test]
async fn a_restriction_is_told_by_its_code_and_not_by_words() {
    let restricted = Failure::Restricted { until: None };
    for status in [400, 403] {
        let body = r#"{"error":{"code":463,"message":"words"}}"#;
        assert_eq!(
            answered(Reply::json(status, body)).await,
            restricted,
            "463 behind {status}"
        );
    }
    assert_eq!(
        answered(Reply::json(500, r#"{"error":{"code":463}}"#)).await,
        unknown(UnknownCause::ServerError(500)),
        "a server error may come after the effect, whatever it says"
    );
}

#[tokio::test]
async fn an_answer_that_is_none_is_unknown() {
    let huge = "HTTP/1.1 200 x\r\ncontent-length: 104857600\r\n\r\n{";
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let cases = [
        (
            Reply::bytes(200, "text/html", b"<html><body>ok</body></html>"),
            MALFORMED,
        ),
        (
            Reply::bytes(
                200,
                "application/json",
                b"{\"sent\":true,\"message\":{\"id\":\"\xff\xfe",
            ),
            MALFORMED,
        ),
        (Reply::json(200, &deep), MALFORMED),
        (Reply::json(204, ""), MALFORMED),
        (
            Reply::raw("HTTP/1.1 200 x\r\ncontent-length: 90\r\n\r\n{\"sent\":true,"),
            unknown(UnknownCause::Cut),
        ),
        (Reply::raw(huge), unknown(UnknownCause::TooLarge)),
        (Reply::Cut, unknown(UnknownCause::Cut)),
    ];
    for (case, (reply, meaning)) in cases.into_iter().enumerate() {
        assert_eq!(answered(reply).await, meaning, "case {case}");
    }
}

#[tokio::test]
async fn what_404_means_depends_on_what_was_sent() {
    let not_found = || vec![Reply::json(404, "{}"), health("AUTH")];
    let forward = Outgoing {
        body: OutgoingBody::Forward {
            gateway_id: "Own.00001-bbbb0001".into(),
        },
        ..text_to(NUMBER)
    };
    assert_eq!(
        sent(&forward, not_found()).await.err(),
        Some(rejected(FailureCode::RefusedContent)),
        "the message to be sent on is not there"
    );
    assert_eq!(
        sent(&image("image/png", 9), not_found()).await.err(),
        Some(rejected(FailureCode::MediaMissing)),
        "the file is not there"
    );
}

#[tokio::test]
async fn a_token_that_was_revoked_is_told_by_401_403_and_404() {
    for status in [401, 403, 404] {
        let replies = vec![Reply::json(status, "{}"), Reply::json(status, "{}")];
        let lost = Failure::AuthLost {
            lost: AuthLost::Token,
        };
        assert_eq!(
            sent(&text_to(NUMBER), replies).await.err(),
            Some(lost),
            "{status} from the health too"
        );
    }
}
