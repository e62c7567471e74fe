//! Linking and unlinking: the table in the facet's head, line by line.

use std::time::Duration;

use mostrador_domain::{Address, Failure, FailureCode, PairingContent, UnknownCause};

use super::{MALFORMED, NOT_READY, NUMBER, health, linked_to, only_asked, rejected};
use crate::peer::Reply;
use crate::{CodeAnswer, TypedCodeAnswer};

#[tokio::test]
async fn a_gateway_without_the_codes_text_is_asked_for_its_picture() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    let in_json = || Reply::json(200, r#"{"status":"OK","base64":"iVBORw0KGgo=","expire":20}"#);
    let plans = [
        vec![Reply::json(404, "{}"), health("QR"), in_json()],
        vec![Reply::json(200, r#"{"status":"OK"}"#), in_json()],
        vec![
            Reply::json(404, "{}"),
            health("QR"),
            Reply::json(422, "{}"),
            Reply::bytes(200, "image/png", PNG),
        ],
        vec![
            Reply::json(404, "{}"),
            health("QR"),
            Reply::json(422, "{}"),
            in_json(),
        ],
    ];
    for (plan, replies) in plans.into_iter().enumerate() {
        let (_peer, link) = linked_to(replies).await;
        let answer = link.pairing().expect("it pairs").code().await;
        let content = PairingContent::Picture(PNG.to_vec());
        assert!(
            answer
                == Ok(CodeAnswer::Code {
                    content,
                    valid_for: Duration::from_secs(20)
                }),
            "plan {plan} ends in a picture"
        );
    }
}

/// The gateway's own word for it is true when nothing is said, so that leaving it out would wake the channel.
#[tokio::test]
async fn asking_how_the_link_is_wakes_the_channel_only_where_that_is_wanted() {
    for (wake, asked) in [(false, "/health?wakeup=false"), (true, "/health?wakeup=true")] {
        let (peer, link) = linked_to(vec![health("AUTH")]).await;
        link.health().check(wake).await.expect("it is linked");
        assert_eq!(only_asked(&peer).0, format!("GET {asked}"), "wake: {wake}");
    }
    // What is asked by itself, to tell a lost token from a refusal, wakes nobody.
    let (peer, link) = linked_to(vec![Reply::json(403, "{}"), health("STOP")]).await;
    let limits = link.limits().expect("it has a plan").limits().await;
    assert_eq!(limits, Err(rejected(FailureCode::Forbidden)), "it is a refusal");
    let requests = peer.requests();
    assert_eq!(
        requests.last().and_then(|request| request.lines().next()),
        Some("GET /health?wakeup=false HTTP/1.1"),
        "a sleeping channel sleeps on"
    );
}

#[tokio::test]
async fn each_answer_to_asking_for_a_code_has_its_meaning() {
    let cases = [
        (vec![Reply::json(409, "{}")], Ok(CodeAnswer::AlreadyLinked)),
        (
            vec![Reply::json(200, r#"{"status":"WAITING"}"#)],
            Ok(CodeAnswer::Waiting),
        ),
        (
            vec![Reply::json(200, r#"{"status":"TIMEOUT"}"#)],
            Ok(CodeAnswer::Waiting),
        ),
        (
            vec![Reply::json(406, "{}")],
            Err(rejected(FailureCode::NotLinked)),
        ),
        (
            vec![
                Reply::json(422, "{}"),
                Reply::json(422, "{}"),
                Reply::json(422, "{}"),
            ],
            Err(NOT_READY),
        ),
        (vec![Reply::json(200, "not JSON")], Err(MALFORMED)),
        (
            vec![Reply::json(
                200,
                r#"{"status":"OK","type":"webauthn","request_id":"r-1"}"#,
            )],
            Ok(CodeAnswer::Passkey),
        ),
        (
            vec![
                Reply::json(404, "{}"),
                health("QR"),
                Reply::json(200, r#"{"status":"WAITING","type":"webauthn"}"#),
            ],
            Ok(CodeAnswer::Passkey),
        ),
    ];
    for (case, (replies, expected)) in cases.into_iter().enumerate() {
        let (_peer, link) = linked_to(replies).await;
        assert!(
            link.pairing().expect("it pairs").code().await == expected,
            "case {case} of the module's table"
        );
    }
}

#[tokio::test]
async fn logging_out_twice_is_success_and_an_empty_answer_is_one_too() {
    for reply in [
        Reply::json(409, "{}"),
        Reply::json(204, ""),
        Reply::json(200, r#"{"success":true}"#),
    ] {
        let (_peer, link) = linked_to(vec![reply]).await;
        assert_eq!(
            link.pairing().expect("it pairs").logout().await,
            Ok(()),
            "no number is linked now"
        );
    }
    let (_peer, link) = linked_to(vec![Reply::json(200, r#"{"success":false}"#)]).await;
    assert_eq!(
        link.pairing().expect("it pairs").logout().await,
        Err(NOT_READY),
        "it says that it did not"
    );
}

#[tokio::test]
async fn a_code_to_type_is_asked_for_by_the_numbers_digits() {
    let (peer, link) = linked_to(vec![Reply::json(200, r#"{"code":"A2CD-9FGH"}"#)]).await;
    let pairing = link.pairing().expect("it pairs");
    let answer = pairing.code_for_phone(&Address::parse(NUMBER)).await;
    let Ok(TypedCodeAnswer::Code { code, valid_for }) = answer else {
        panic!("a code to type came")
    };
    assert_eq!(code, "A2CD9FGH", "as it is typed");
    assert!(!valid_for.is_zero(), "for some time");
    assert_eq!(
        only_asked(&peer).0,
        "GET /users/login/51900000021",
        "for this number"
    );
}

#[tokio::test]
async fn each_answer_to_asking_for_a_code_to_type_has_its_meaning() {
    let refused_number = Err(rejected(FailureCode::RefusedRecipient));
    let server_error = Failure::Unknown {
        cause: UnknownCause::ServerError(500),
    };
    let cases = [
        (Reply::json(409, "{}"), Ok(TypedCodeAnswer::AlreadyLinked)),
        (Reply::json(422, "{}"), Err(NOT_READY)),
        (Reply::json(406, "{}"), Err(rejected(FailureCode::NotLinked))),
        (Reply::json(400, "{}"), refused_number.clone()),
        (Reply::json(500, "{}"), Err(server_error)),
        (
            Reply::json(200, r#"{"type":"webauthn"}"#),
            Ok(TypedCodeAnswer::Passkey),
        ),
        (Reply::json(200, "{}"), Err(MALFORMED)),
        (Reply::json(200, "[]"), Err(MALFORMED)),
    ];
    for (case, (reply, expected)) in cases.into_iter().enumerate() {
        let (_peer, link) = linked_to(vec![reply]).await;
        let pairing = link.pairing().expect("it pairs");
        let answer = pairing.code_for_phone(&Address::parse(NUMBER)).await;
        assert!(answer == expected, "case {case}");
    }
    let (peer, link) = linked_to(Vec::new()).await;
    let pairing = link.pairing().expect("it pairs");
    let lid = pairing
        .code_for_phone(&Address::parse("99000000000021@lid"))
        .await;
    assert!(lid == refused_number, "a hidden number is none that a phone has");
    assert!(peer.requests().is_empty(), "nothing was asked");
}
