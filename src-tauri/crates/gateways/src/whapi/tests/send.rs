//! Sending: every answer of the gateway, by what it means for the message.

use mostrador_domain::{
    AuthLost, DeliveryStatus, Failure, FailureCode, OutgoingBody, UnixMillis, UnknownCause,
};
use serde_json::{Value, json};

use super::super::capabilities::LARGEST_INLINE;
use super::{MALFORMED, NOT_READY, NUMBER, health, image, linked_to, rejected, sent, text_to};
use crate::Accepted;
use crate::peer::Reply;

#[tokio::test]
async fn an_accepted_message_has_the_gateways_id_and_time() {
    let answer =
        json!({"sent": true, "message": {"id": "Own.1-b", "status": "pending", "timestamp": 1_790_000_000}});
    let accepted = sent(&text_to(NUMBER), vec![Reply::json(200, &answer.to_string())]).await;
    let expected = Accepted {
        gateway_id: "Own.1-b".into(),
        status: DeliveryStatus::Sent,
        at: Some(UnixMillis(1_790_000_000_000)),
    };
    assert_eq!(
        accepted,
        Ok(expected),
        "pending is the gateway's queue: it has the message"
    );
}

#[tokio::test]
async fn a_success_that_names_no_message_is_unknown() {
    for body in [
        r#"{"sent":false,"message":{"id":"Own.1-b"}}"#,
        r#"{"sent":true}"#,
        r#"{"sent":true,"message":{"id":""}}"#,
        r#"{"sent":true,"message":{"id":5}}"#,
        "[]",
        "",
        "<html>",
    ] {
        let failure = sent(&text_to(NUMBER), vec![Reply::json(200, body)]).await.err();
        assert_eq!(
            failure,
            Some(MALFORMED),
            "200 with {body:?} proves neither that it went nor that it did not"
        );
    }
}

#[tokio::test]
async fn refusals_of_a_send_are_for_good_and_say_why() {
    let reasons = [
        (400, FailureCode::RefusedContent),
        (402, FailureCode::PlanLimit),
        (403, FailureCode::Forbidden),
        (413, FailureCode::TooLarge),
        (415, FailureCode::MediaUnsupported),
    ];
    for (status, reason) in reasons {
        // Only a 403 makes the driver ask for the health.
        let replies = vec![Reply::json(status, r#"{"error":"words"}"#), health("AUTH")];
        let failure = sent(&text_to(NUMBER), replies).await.err();
        assert_eq!(failure, Some(rejected(reason)), "{status} is documented");
    }
}

#[tokio::test]
async fn a_picture_that_the_gateway_cannot_find_is_missing_and_a_text_is_unknown() {
    let not_found = || vec![Reply::json(404, "{}"), health("AUTH")];
    let picture = sent(&image("image/png", 9), not_found()).await.err();
    assert_eq!(
        picture,
        Some(rejected(FailureCode::MediaMissing)),
        "404 is documented for pictures"
    );
    let text = sent(&text_to(NUMBER), not_found()).await.err();
    let unexpected = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    assert_eq!(text, Some(unexpected), "404 is not documented for texts");
}

#[tokio::test]
async fn health_tells_a_lost_token_from_a_lost_link() {
    let token = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    let unlinked = Failure::AuthLost { lost: AuthLost::Link };
    let refused = rejected(FailureCode::Forbidden);
    let cases = [
        (401, Reply::json(404, "{}"), &token),
        (403, Reply::json(403, "{}"), &token),
        (404, Reply::json(401, "{}"), &token),
        (401, health("QR"), &unlinked),
        (401, health("LAUNCH"), &unlinked),
        (401, health("AUTH"), &NOT_READY),
        (401, health("INIT"), &NOT_READY),
        (401, Reply::json(500, "{}"), &NOT_READY),
        (401, Reply::Cut, &NOT_READY),
        (403, Reply::Cut, &refused),
        (403, health("QR"), &refused),
    ];
    for (case, (status, health, expected)) in cases.into_iter().enumerate() {
        let failure = sent(&text_to(NUMBER), vec![Reply::json(status, "{}"), health])
            .await
            .err();
        assert_eq!(
            failure.as_ref(),
            Some(expected),
            "case {case}: {status} on a send"
        );
    }
}

#[tokio::test]
async fn what_would_surely_be_refused_never_leaves() {
    let (peer, link) = linked_to(Vec::new()).await;
    let too_large = usize::try_from(LARGEST_INLINE + 1).expect("fits");
    let refused = [
        (text_to("stories"), FailureCode::RefusedRecipient),
        (text_to("status@broadcast"), FailureCode::RefusedRecipient),
        (text_to("12345678"), FailureCode::RefusedRecipient),
        (text_to("no number"), FailureCode::RefusedRecipient),
        (text_to(""), FailureCode::RefusedRecipient),
        (image("image/gif", 9), FailureCode::MediaUnsupported),
        (image("image/png", too_large), FailureCode::TooLarge),
    ];
    for (message, reason) in refused {
        let failure = link.messaging().expect("it sends").send(&message).await.err();
        assert_eq!(
            failure,
            Some(rejected(reason)),
            "{message:?} would be refused anyway"
        );
    }
    assert!(peer.requests().is_empty(), "nothing left");
}

#[tokio::test]
async fn a_picture_travels_inside_its_one_call() {
    let answer = r#"{"sent":true,"message":{"id":"Own.2-b"}}"#;
    let (peer, link) = linked_to(vec![Reply::json(200, answer)]).await;
    let mut message = image("image/png", 3);
    if let OutgoingBody::Media(image) = &mut message.body {
        image.caption = Some("la torta".into());
    }
    link.messaging()
        .expect("it sends")
        .send(&message)
        .await
        .expect("it is accepted");
    let requests = peer.requests();
    assert_eq!(requests.len(), 1, "one call, one message");
    let body: Value =
        serde_json::from_str(requests[0].split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    let expected = json!({
        "to": "51900000021@s.whatsapp.net", "media": "data:image/png;base64,////",
        "mime_type": "image/png", "caption": "la torta",
    });
    assert_eq!(body, expected, "the bytes go as a data address");
}
