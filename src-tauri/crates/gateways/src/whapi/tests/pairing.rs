//! Linking and unlinking: the table in the facet's head, line by line.

use std::time::Duration;

use mostrador_domain::{FailureCode, PairingContent};

use super::{MALFORMED, NOT_READY, health, linked_to, rejected};
use crate::CodeAnswer;
use crate::peer::Reply;

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
