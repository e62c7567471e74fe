//! Signing in, the generations of a send, and what answers mean that the practice shop never gives; in `recorded` what a real server
//! answered.

mod recorded;

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{Address, AuthLost, Failure, FailureCode, Outgoing, OutgoingBody};
use serde_json::{Value, json};

use super::*;
use crate::peer::{Peer, Reply};
use crate::{Accepted, LinkHealth};

const TOKEN: &str = "canary-token-11";
const PASSWORD: &str = "canary-password-12";
const NUMBER: &str = "51900000021";

fn config(peer: &Peer) -> LinkConfig {
    LinkConfig::default()
        .at(&peer.url())
        .with(FieldKey::Instance, "+51900000020")
}

fn open(config: LinkConfig) -> Arc<dyn DeviceLink> {
    let times = CallTimes {
        connect: Duration::from_secs(5),
        call: Duration::from_secs(5),
        transfer: Duration::from_secs(5),
    };
    let opened = QrBuhoDriver::default().with_times(times).open(config);
    opened.expect("loopback and a way in open a link")
}

fn with_token(peer: &Peer, generation: &str) -> Arc<dyn DeviceLink> {
    open(
        config(peer)
            .with(FieldKey::Token, TOKEN)
            .with(FieldKey::Generation, generation),
    )
}

fn with_password(peer: &Peer) -> Arc<dyn DeviceLink> {
    open(
        config(peer)
            .with(FieldKey::Email, "ana@shop.example")
            .with(FieldKey::Password, PASSWORD),
    )
}

fn ok(body: &Value) -> Reply {
    Reply::json(200, &body.to_string())
}

fn devices() -> Reply {
    ok(&json!([{ "id": 7, "name": "Caja", "phone": "51900000020", "status": "connected" }]))
}

async fn send(link: &dyn DeviceLink) -> Result<Accepted, Failure> {
    let message = Outgoing {
        to: Address::parse(NUMBER),
        body: OutgoingBody::Text("hola".to_owned()),
        quoted: None,
        mentions: Vec::new(),
        client_id: "c".to_owned(),
    };
    link.messaging().expect("it sends").send(&message).await
}

fn linked() -> LinkHealth {
    LinkHealth::Linked {
        own: Some(Address::parse("51900000020")),
    }
}

#[tokio::test]
async fn the_token_of_a_sign_in_is_taken_under_each_of_its_names() {
    for name in ["access_token", "api_token", "token"] {
        let peer = Peer::start(vec![ok(&json!({ name: TOKEN })), devices()]).await;
        let link = with_password(&peer);
        assert_eq!(link.health().check(false).await, Ok(linked()), "{name}");
        let asked = peer.requests();
        assert!(asked[0].starts_with("POST /api/login "), "it signs in first");
        assert!(
            !asked[0].to_lowercase().contains("authorization:"),
            "nobody has let it in yet"
        );
        assert!(
            asked[1].contains(&format!("Bearer {TOKEN}")),
            "then it bears the token"
        );
    }
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_once_and_the_call_made_again() {
    let refused = || Reply::json(401, r#"{"success":false,"message":"Unauthenticated."}"#);
    let signed_in = || ok(&json!({ "access_token": TOKEN }));
    let peer = Peer::start(vec![signed_in(), devices(), refused(), signed_in(), devices()]).await;
    let link = with_password(&peer);
    for _ in 0..2 {
        assert_eq!(link.health().check(false).await, Ok(linked()), "it is let in");
    }
    assert_eq!(peer.requests().len(), 5, "one more sign-in, one more call");

    let peer = Peer::start(vec![signed_in(), refused()]).await;
    let lost = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    assert_eq!(
        with_password(&peer).health().check(false).await,
        Err(lost),
        "it does not go on for ever"
    );
}

#[tokio::test]
async fn an_older_server_signs_people_in_elsewhere() {
    let peer = Peer::start(vec![
        Reply::json(404, "{}"),
        ok(&json!({ "api_token": TOKEN })),
        devices(),
    ])
    .await;
    assert_eq!(
        with_password(&peer).health().check(false).await,
        Ok(linked()),
        "it is let in"
    );
    assert!(
        peer.requests()[1].starts_with("POST /api/auth/login "),
        "by the older call"
    );
}

#[tokio::test]
async fn a_wrong_password_is_the_token_that_is_not_accepted() {
    let peer = Peer::start(vec![Reply::json(401, "{}")]).await;
    let failure = with_password(&peer)
        .health()
        .check(false)
        .await
        .expect_err("nobody is let in");
    let lost = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    assert_eq!(failure, lost, "a person has to give another");
    assert!(
        !format!("{failure} {failure:?}").contains(PASSWORD),
        "the password is not in it"
    );
}

#[test]
fn a_link_needs_a_way_in_and_a_known_generation() {
    let bare = LinkConfig::default()
        .with(FieldKey::Url, "https://tienda.qr.example")
        .with(FieldKey::Instance, "51900000020");
    let driver = QrBuhoDriver::default();
    let missing = driver.open(bare.clone()).err();
    assert_eq!(
        missing,
        Some(OpenError::Missing(FieldKey::Token)),
        "neither token nor password"
    );
    let odd = bare
        .with(FieldKey::Token, TOKEN)
        .with(FieldKey::Generation, "qrapi9");
    assert_eq!(
        driver.open(odd).err(),
        Some(OpenError::Invalid(FieldKey::Generation)),
        "no such generation"
    );
}

#[tokio::test]
async fn each_generation_makes_its_own_call_and_reads_its_own_answer() {
    let key = json!({ "key": { "remoteJid": "51900000021@s.whatsapp.net", "fromMe": true, "id": "A1" } });
    let generations = [
        (
            "current",
            "POST /api/send/51900000020 ",
            key.clone(),
            json!({ "type": "sendText", "payload": { "number": NUMBER, "text": "hola" } }),
        ),
        (
            "current",
            "POST /api/send/51900000020 ",
            json!({ "status": true, "sendResult": key }),
            json!({ "type": "sendText", "payload": { "number": NUMBER, "text": "hola" } }),
        ),
        (
            "intermediate",
            "POST /api/message/send-text ",
            json!({ "data": key }),
            json!({ "number": NUMBER, "message": "hola" }),
        ),
        (
            "qrapi2",
            "POST /message/send ",
            json!({ "data": { "message_type": "text", "data": key } }),
            json!({ "number": NUMBER, "message": "hola" }),
        ),
    ];
    for (generation, call, told, expected) in generations {
        let peer = Peer::start(vec![ok(&told)]).await;
        let taken = send(&*with_token(&peer, generation)).await.expect("it is taken");
        assert_eq!(taken.gateway_id, "A1", "{generation}");
        let request = peer.requests().remove(0);
        assert!(request.starts_with(call), "{generation}");
        let (_, body) = request.split_once("\r\n\r\n").expect("it has a body");
        let body: Value = serde_json::from_str(body).expect("the body is JSON");
        assert_eq!(body, expected, "{generation}");
    }
}

#[tokio::test]
async fn refusals_of_a_send_say_what_to_do() {
    let refused = |code| Err(Failure::Rejected { code });
    let refusals = [
        (
            403,
            json!({ "error": "Message limit reached", "timestamp": "x" }),
            FailureCode::PlanLimit,
        ),
        (
            404,
            json!({ "success": false, "message": "x" }),
            FailureCode::NotLinked,
        ),
        (
            422,
            json!({ "success": false, "message": "x", "errors": { "payload.number": ["x"] } }),
            FailureCode::RefusedRecipient,
        ),
        (
            422,
            json!({ "success": false, "message": "x", "errors": { "payload.text": ["x"] } }),
            FailureCode::RefusedContent,
        ),
        (413, json!({}), FailureCode::TooLarge),
    ];
    for (status, body, code) in refusals {
        let peer = Peer::start(vec![Reply::json(status, &body.to_string())]).await;
        assert_eq!(
            send(&*with_token(&peer, "current")).await,
            refused(code),
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn a_device_that_is_not_there_is_made_by_its_number_and_never_by_a_name() {
    let named = |peer: &Peer, name: &str| {
        open(
            config(peer)
                .with(FieldKey::Token, TOKEN)
                .with(FieldKey::Instance, name),
        )
    };
    let unknown = Failure::AuthLost {
        lost: AuthLost::Device,
    };
    let peer = Peer::start(vec![devices(), devices()]).await;
    let link = named(&peer, "Mostrador");
    assert_eq!(
        link.health().check(false).await,
        Err(unknown.clone()),
        "trying the connection tells it"
    );
    let code = link.pairing().expect("it pairs").code().await;
    assert!(code == Err(unknown), "and so does asking for a code");
    assert_eq!(peer.requests().len(), 2, "nothing is made");

    let made =
        ok(&json!({ "id": 8, "name": "x", "phone": "51900000029", "status": "pending", "qr_code": "2@a,b" }));
    let peer = Peer::start(vec![devices(), devices(), made]).await;
    let link = named(&peer, "51900000029");
    assert_eq!(
        link.health().check(false).await,
        Ok(LinkHealth::NotLinked),
        "a number has only to be linked"
    );
    let code = link.pairing().expect("it pairs").code().await;
    assert!(
        matches!(code, Ok(crate::CodeAnswer::Code { .. })),
        "its code comes with it"
    );
    assert!(
        peer.requests()[2].starts_with("POST /api/devices/create "),
        "it is made"
    );

    let peer = Peer::start(vec![devices()]).await;
    assert_eq!(
        named(&peer, "Caja").health().check(false).await,
        Ok(linked()),
        "a name that is there is found"
    );
}

#[tokio::test]
async fn a_warning_does_not_spoil_a_send() {
    let told = json!({
        "key": { "remoteJid": "x", "fromMe": true, "id": "A1" }, "status": "PENDING",
        "usage_warning": { "level": "high", "message": "x", "remaining_messages": 3, "percentage_used": 97.5 },
    });
    let peer = Peer::start(vec![ok(&told)]).await;
    assert!(send(&*with_token(&peer, "current")).await.is_ok(), "it was taken");
}
