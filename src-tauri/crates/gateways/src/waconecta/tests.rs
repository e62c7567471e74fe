//! The documented answers, each as it is documented, and what the driver makes of them.

use std::sync::Arc;

use mostrador_domain::{
    Address, AuthLost, Failure, FailureCode, NotSentCause, Outgoing, OutgoingBody, UnixMillis, UnknownCause,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;
use crate::peer::{Peer, Reply};
use crate::{Accepted, CodeAnswer, LinkHealth};

const KEY: &str = "canary-key-77";
const CONTAINER: &str = "canary-container-31";
const NUMBER: &str = "51900000021";
/// As much of a PNG as anybody looks at here.
const PNG: &str = "iVBORw0KGgo=";

async fn linked_to(replies: Vec<Reply>) -> (Peer, Arc<dyn DeviceLink>) {
    let peer = Peer::start(replies).await;
    let config = LinkConfig::default()
        .at(&peer.url())
        .with_secret(FieldKey::Token, SecretString::from(KEY))
        .with_secret(FieldKey::ContainerToken, SecretString::from(CONTAINER));
    let link = WaconectaDriver::default().open(config);
    (peer, link.expect("loopback and two secrets open a link"))
}

fn text(to: &str) -> Outgoing {
    Outgoing {
        to: Address::parse(to),
        body: OutgoingBody::Text("hola".into()),
        quoted: None,
        mentions: Vec::new(),
        client_id: "c1".into(),
    }
}

fn refused(status: u16, message: &str) -> Reply {
    let body = json!({ "success": false, "status": status, "message": message, "data": "" });
    Reply::json(status, &body.to_string())
}

async fn sent(reply: Reply) -> Result<Accepted, Failure> {
    let (_peer, link) = linked_to(vec![reply]).await;
    link.messaging().expect("it sends").send(&text(NUMBER)).await
}

fn body_of(request: &str) -> Value {
    let (_, body) = request.split_once("\r\n\r\n").expect("head and body");
    serde_json::from_str(body).expect("the body is JSON")
}

#[tokio::test]
async fn a_text_is_sent_as_documented_and_the_answer_names_the_message() {
    let body = json!({
        "success": true, "status": 200, "message": "Mensaje enviado",
        "data": {
            "key": { "remoteJid": "51900000021@s.whatsapp.net", "fromMe": true, "id": "3EB0A1" },
            "message": { "extendedTextMessage": { "text": "hola" } },
            "messageTimestamp": "1712995245", "status": "PENDING",
        },
    });
    let (peer, link) = linked_to(vec![Reply::json(200, &body.to_string())]).await;
    let accepted = link.messaging().expect("it sends").send(&text(NUMBER)).await;
    let expected = Accepted {
        gateway_id: "3EB0A1".into(),
        status: mostrador_domain::DeliveryStatus::Sent,
        at: Some(UnixMillis(1_712_995_245_000)),
    };
    assert_eq!(accepted, Ok(expected), "the time is a text of seconds");
    let request = peer.requests().remove(0);
    assert!(
        request.starts_with("POST /api/v1/services/sendMessage "),
        "the documented path"
    );
    assert!(
        request.contains(&format!("x-api-key: {KEY}")),
        "the documented header"
    );
    assert_eq!(
        body_of(&request),
        json!({ "number": NUMBER, "message": "hola" }),
        "the documented body"
    );
}

#[tokio::test]
async fn an_unauthorised_key_is_a_lost_token() {
    let lost = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    assert_eq!(sent(refused(401, "No autorizado")).await, Err(lost), "documented");
}

#[tokio::test]
async fn the_two_keys_are_told_apart_without_writing_to_anybody() {
    let unauthorised = || refused(401, "No autorizado");
    let lost = |lost| Failure::AuthLost { lost };
    let unknown = |cause| Failure::Unknown { cause };
    for (second, expected) in [
        (unauthorised(), lost(AuthLost::Token)),
        (refused(403, "No autorizado"), lost(AuthLost::Token)),
        (refused(400, "Invalid phone number"), lost(AuthLost::Session)),
        (refused(400, "Session has ended"), lost(AuthLost::Session)),
        // Whatever disturbs it says nothing of either key.
        (
            refused(429, "You can only send 30 messages per minute"),
            Failure::NotSent {
                cause: NotSentCause::RateLimited,
                retry_after: None,
            },
        ),
        (refused(503, ""), unknown(UnknownCause::ServerError(503))),
        (Reply::Cut, unknown(UnknownCause::Cut)),
        (refused(404, ""), unknown(UnknownCause::UnexpectedStatus(404))),
    ] {
        let (peer, link) = linked_to(vec![unauthorised(), second]).await;
        let health = link.health().check(true).await;
        assert_eq!(health, Err(expected), "by what the other call says");
        let requests = peer.requests();
        assert_eq!(requests.len(), 2, "asked once more, with the first key alone");
        assert_eq!(
            body_of(&requests[1]),
            json!({ "number": "", "message": "" }),
            "to nobody, and nothing"
        );
    }
}

#[tokio::test]
async fn an_ended_session_is_a_lost_link() {
    let lost = Failure::AuthLost { lost: AuthLost::Link };
    assert_eq!(
        sent(refused(400, "Session has ended")).await,
        Err(lost),
        "documented"
    );
}

#[tokio::test]
async fn an_invalid_number_is_a_refused_recipient() {
    let refusal = Failure::Rejected {
        code: FailureCode::RefusedRecipient,
    };
    assert_eq!(
        sent(refused(400, "Invalid phone number")).await,
        Err(refusal),
        "documented"
    );
    let (peer, link) = linked_to(Vec::new()).await;
    let group = link
        .messaging()
        .expect("it sends")
        .send(&text("120363000000000021@g.us"))
        .await;
    let never = Failure::Rejected {
        code: FailureCode::RefusedRecipient,
    };
    assert_eq!(group, Err(never), "only numbers are documented");
    assert_eq!(peer.requests(), Vec::<String>::new(), "nothing has left");
}

#[tokio::test]
async fn more_than_thirty_in_a_minute_is_certainly_not_sent() {
    let limited = Failure::NotSent {
        cause: NotSentCause::RateLimited,
        retry_after: None,
    };
    let reply = refused(429, "You can only send 30 messages per minute");
    assert_eq!(sent(reply).await, Err(limited), "documented, without a delay");
    let (most, window) = CAPABILITIES.rate.expect("a rate is told");
    assert!(
        most < 30 && window == Duration::from_secs(60),
        "so that our own pace never meets it"
    );
}

#[tokio::test]
async fn an_unavailable_service_leaves_it_unknown() {
    let unknown = Failure::Unknown {
        cause: UnknownCause::ServerError(503),
    };
    assert_eq!(
        sent(refused(503, "Service unavailable")).await,
        Err(unknown),
        "documented"
    );
}

#[tokio::test]
async fn another_refusal_is_not_taken_for_one_of_those() {
    let content = Failure::Rejected {
        code: FailureCode::RefusedContent,
    };
    assert_eq!(
        sent(refused(400, "message is required")).await,
        Err(content),
        "it is about the call"
    );
    let unknown = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(418),
    };
    assert_eq!(
        sent(refused(418, "")).await,
        Err(unknown),
        "nobody knows what that means"
    );
    let success_without_id = Reply::json(200, r#"{"success":true,"status":200,"message":"","data":""}"#);
    assert_eq!(
        sent(success_without_id).await,
        Err(answers::MALFORMED),
        "nobody could follow it"
    );
}

#[tokio::test]
async fn a_code_is_found_wherever_it_stands_with_and_without_a_prefix() {
    for data in [
        json!({ "qr": format!("data:image/png;base64,{PNG}") }),
        json!({ "qrCode": PNG }),
        json!({ "base64": PNG }),
        json!({ "image": PNG }),
        json!(PNG),
    ] {
        let body = json!({ "success": true, "status": 200, "message": "", "data": data });
        let (peer, link) = linked_to(vec![Reply::json(200, &body.to_string())]).await;
        let code = link.pairing().expect("it pairs").code().await;
        assert!(
            matches!(code, Ok(CodeAnswer::Code { .. })),
            "{data} holds a picture"
        );
        assert_eq!(
            body_of(&peer.requests()[0]),
            json!({ "containerToken": CONTAINER }),
            "the session is named by its own secret"
        );
    }
}

#[tokio::test]
async fn how_the_link_is_shows_in_the_answer_to_asking_for_a_code() {
    let success = |data: Value| {
        Reply::json(
            200,
            &json!({ "success": true, "status": 200, "message": "", "data": data }).to_string(),
        )
    };
    let cases = [
        (
            success(json!({ "qr": PNG })),
            Ok(LinkHealth::NotLinked),
            "a code waits",
        ),
        (
            success(json!("")),
            Ok(LinkHealth::Linked { own: None }),
            "no code is needed",
        ),
        (
            refused(400, "Session has ended"),
            Ok(LinkHealth::NotLinked),
            "it has ended",
        ),
        (
            refused(401, "No autorizado"),
            Err(Failure::AuthLost {
                lost: AuthLost::Token,
            }),
            "the key is wrong",
        ),
        (
            success(json!({ "qr": "***" })),
            Err(answers::MALFORMED),
            "that is no picture",
        ),
    ];
    for (reply, expected, why) in cases {
        // What the other call says where a key is refused: that it is the first one.
        let (_peer, link) = linked_to(vec![reply, refused(401, "No autorizado")]).await;
        assert_eq!(link.health().check(true).await, expected, "{why}");
    }
}

#[test]
fn both_secrets_are_asked_for() {
    let driver = WaconectaDriver::default();
    let one = LinkConfig::default().with(FieldKey::Token, KEY);
    assert_eq!(
        driver.open(one).err(),
        Some(OpenError::Missing(FieldKey::ContainerToken)),
        "the session has a key of its own"
    );
}
