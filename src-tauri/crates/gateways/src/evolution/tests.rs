//! What the practice shop never says: odd states and each refusal; in `sending` how a message's fields are spelt, in `recorded` what a real
//! server answered.

mod recorded;
mod sending;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mostrador_domain::{AuthLost, Failure, PairingContent, UnknownCause};
use serde_json::{Value, json};

use super::*;
use crate::peer::{Peer, Reply};
use crate::{CodeAnswer, LinkHealth};

const KEY: &str = "canary-key-31";

/// A link, and the hands of its clock in seconds.
fn link(peer: &Peer) -> (Arc<dyn DeviceLink>, Arc<AtomicU64>) {
    let hands = Arc::new(AtomicU64::new(0));
    let read = Arc::clone(&hands);
    let surroundings = Surroundings {
        elapsed: Arc::new(move || Duration::from_secs(read.load(Ordering::Relaxed))),
    };
    let long = Duration::from_secs(5);
    let times = CallTimes {
        connect: long,
        call: long,
        transfer: long,
    };
    let config = LinkConfig::default()
        .at(&peer.url())
        .with(FieldKey::Instance, "centro")
        .with(FieldKey::Token, KEY);
    let opened = EvolutionDriver::new(&surroundings).with_times(times).open(config);
    (opened.expect("loopback, a name and a key open a link"), hands)
}

fn ok(body: Value) -> Reply {
    Reply::json(200, &body.to_string())
}

fn no(status: u16, message: Value) -> Reply {
    let body = json!({ "status": status, "error": "x", "response": { "message": message } });
    Reply::json(status, &body.to_string())
}

fn state(word: &str) -> Reply {
    ok(json!({ "instance": { "instanceName": "centro", "state": word } }))
}

fn no_instance() -> Reply {
    no(404, json!(["The \"centro\" instance does not exist"]))
}

async fn health(link: &Arc<dyn DeviceLink>) -> Result<LinkHealth, Failure> {
    link.health().check(true).await
}

async fn code(replies: Vec<Reply>) -> (Result<CodeAnswer, Failure>, Vec<String>) {
    let peer = Peer::start(replies).await;
    let (link, _) = link(&peer);
    let answer = link.pairing().expect("it pairs").code().await;
    (answer, peer.requests())
}

fn text(code: &str) -> PairingContent {
    PairingContent::Text(code.to_owned())
}

fn shows(answer: &Result<CodeAnswer, Failure>, expected: &PairingContent) -> bool {
    matches!(answer, Ok(CodeAnswer::Code { content, .. }) if content == expected)
}

#[tokio::test]
async fn each_state_is_told_apart_and_another_word_is_not_guessed() {
    let unlinked = Ok(LinkHealth::NotLinked);
    let malformed = Err(Failure::Unknown {
        cause: UnknownCause::Malformed,
    });
    let waiting = || ok(json!({ "count": 0 }));
    let with_code = || ok(json!({ "pairingCode": null, "code": "2@a", "count": 1 }));
    let cases = [
        (vec![state("open")], Ok(LinkHealth::Linked { own: None })),
        (vec![state("close")], unlinked.clone()),
        (vec![state("refused")], unlinked.clone()),
        (vec![state("connecting"), waiting()], Ok(LinkHealth::Starting)),
        (vec![state("connecting"), with_code()], unlinked.clone()),
        (vec![no_instance()], unlinked),
        (vec![state("else")], malformed),
        (
            vec![no(404, json!(["Cannot GET /v1/instance"]))],
            Err(Failure::Unknown {
                cause: UnknownCause::UnexpectedStatus(404),
            }),
        ),
        (
            vec![no(401, json!("Unauthorized"))],
            Err(Failure::AuthLost {
                lost: AuthLost::Token,
            }),
        ),
    ];
    for (place, (replies, expected)) in cases.into_iter().enumerate() {
        let peer = Peer::start(replies).await;
        let (link, _) = link(&peer);
        assert_eq!(health(&link).await, expected, "case {place}");
    }
}

#[tokio::test]
async fn a_line_that_is_lost_for_a_while_is_no_number_that_was_unlinked() {
    let peer = Peer::start(vec![
        state("open"),
        state("close"),
        state("connecting"),
        state("close"),
    ])
    .await;
    let (link, hands) = link(&peer);
    assert_eq!(
        health(&link).await,
        Ok(LinkHealth::Linked { own: None }),
        "it was open"
    );
    for seconds in [1, 30] {
        hands.store(seconds, Ordering::Relaxed);
        assert_eq!(
            health(&link).await,
            Ok(LinkHealth::Starting),
            "after {seconds} seconds"
        );
    }
    hands.store(60, Ordering::Relaxed);
    assert_eq!(
        health(&link).await,
        Ok(LinkHealth::NotLinked),
        "it does not come back"
    );
}

#[tokio::test]
async fn an_instance_that_is_not_there_is_made_when_a_code_is_wanted() {
    let made =
        json!({ "instance": { "status": "close" }, "hash": "x", "qrcode": { "code": "2@b", "count": 1 } });
    let (answer, asked) = code(vec![no_instance(), Reply::json(201, &made.to_string())]).await;
    assert!(shows(&answer, &text("2@b")), "its code comes along");
    assert!(
        asked[1].starts_with("POST /instance/create "),
        "it is made by name"
    );
    assert!(asked[1].contains(&format!("apikey: {KEY}")), "with the key");
    for word in [
        "\"instanceName\":\"centro\"",
        "\"qrcode\":true",
        "\"integration\":\"WHATSAPP-BAILEYS\"",
    ] {
        assert!(asked[1].contains(word), "{word}");
    }

    let taken = no(403, json!(["This name \"centro\" is already in use."]));
    let (answer, _) = code(vec![no_instance(), taken]).await;
    assert!(
        answer == Ok(CodeAnswer::Waiting),
        "somebody has made it meanwhile"
    );

    let (answer, _) = code(vec![no_instance(), no(403, json!("Missing global api key"))]).await;
    let lost = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    assert!(
        answer == Err(lost),
        "an instance's own key makes none: another is needed"
    );
}

#[tokio::test]
async fn a_code_comes_as_a_text_or_a_picture_or_not_yet() {
    let shown =
        ok(json!({ "pairingCode": null, "code": "2@c", "base64": "data:image/png;base64,AA==", "count": 1 }));
    let (answer, asked) = code(vec![state("close"), shown]).await;
    assert!(shows(&answer, &text("2@c")), "the text is the better of the two");
    assert!(
        asked[1].starts_with("GET /instance/connect/centro "),
        "the instance begins to show one"
    );
    let (answer, _) = code(vec![state("connecting"), ok(json!({ "count": 0 }))]).await;
    assert!(answer == Ok(CodeAnswer::Waiting), "no code yet");
    let (answer, asked) = code(vec![state("open")]).await;
    assert!(answer == Ok(CodeAnswer::AlreadyLinked), "nothing to scan");
    assert_eq!(asked.len(), 1, "and no code is asked for");
}

#[tokio::test]
async fn only_what_is_open_is_logged_out() {
    let done =
        ok(json!({ "status": "SUCCESS", "error": false, "response": { "message": "Instance logged out" } }));
    let peer = Peer::start(vec![state("open"), done, state("close")]).await;
    let (link, _) = link(&peer);
    let pairing = link.pairing().expect("it pairs");
    assert_eq!(pairing.logout().await, Ok(()), "it is unlinked");
    assert_eq!(pairing.logout().await, Ok(()), "again does no harm");
    let asked = peer.requests();
    assert!(
        asked[1].starts_with("DELETE /instance/logout/centro "),
        "the instance stays"
    );
    assert_eq!(asked.len(), 3, "what is closed is left alone");
}

#[test]
fn a_link_needs_a_name_that_can_stand_in_a_path_and_a_key() {
    let surroundings = Surroundings {
        elapsed: Arc::new(|| Duration::ZERO),
    };
    let driver = EvolutionDriver::new(&surroundings);
    let bare = LinkConfig::default().with(FieldKey::Url, "https://evolution.shop.example");
    let missing = |config: &LinkConfig| driver.open(config.clone()).err();
    assert_eq!(
        missing(&bare),
        Some(OpenError::Missing(FieldKey::Instance)),
        "which instance?"
    );
    let named = bare.with(FieldKey::Instance, "centro");
    assert_eq!(
        missing(&named),
        Some(OpenError::Missing(FieldKey::Token)),
        "no key"
    );
    let odd = named.with(FieldKey::Instance, "..").with(FieldKey::Token, KEY);
    assert_eq!(
        missing(&odd),
        Some(OpenError::Invalid(FieldKey::Instance)),
        "that is no name"
    );
}
