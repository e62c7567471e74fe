//! What the practice shop never says: odd states, each refusal, and how a message's fields are spelt.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mostrador_domain::{
    Address, AuthLost, Choice, ContactCard, Failure, FailureCode, Interactive, NotSentCause, Outgoing,
    OutgoingBody, PairingContent, Poll, UnknownCause,
};
use serde_json::{Value, json};

use super::*;
use crate::peer::{Peer, Reply};
use crate::{CodeAnswer, Effect, LinkHealth};

const KEY: &str = "canary-key-31";
const CUSTOMER: &str = "51900000031";

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

fn outgoing(body: OutgoingBody) -> Outgoing {
    Outgoing {
        to: Address::parse(CUSTOMER),
        body,
        quoted: None,
        mentions: Vec::new(),
        client_id: "c".to_owned(),
    }
}

/// The call and the fields of a send.
async fn sent(message: &Outgoing) -> (String, Value) {
    let taken = json!({ "key": { "remoteJid": "x", "fromMe": true, "id": "A1" }, "status": "PENDING" });
    let peer = Peer::start(vec![Reply::json(201, &taken.to_string())]).await;
    let (link, _) = link(&peer);
    let accepted = link.messaging().expect("it sends").send(message).await;
    assert_eq!(accepted.expect("it is taken").gateway_id, "A1", "under its id");
    let request = peer.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").expect("it has a body");
    let call = head.lines().next().unwrap_or_default().to_owned();
    (call, serde_json::from_str(body).expect("the body is JSON"))
}

#[tokio::test]
async fn a_text_that_answers_and_names_somebody_says_so_in_the_servers_words() {
    let message = Outgoing {
        quoted: Some("B2".to_owned()),
        mentions: vec![Address::parse("51900000032")],
        ..outgoing(OutgoingBody::Text("hola".to_owned()))
    };
    let (call, fields) = sent(&message).await;
    assert!(call.starts_with("POST /message/sendText/centro "), "{call}");
    let expected = json!({
        "number": CUSTOMER, "text": "hola", "quoted": { "key": { "id": "B2" } }, "mentioned": ["51900000032"],
    });
    assert_eq!(fields, expected, "no more and no less");
}

#[tokio::test]
async fn cards_polls_and_lists_have_all_that_their_schemas_ask_for() {
    let card = |name: &str| ContactCard {
        name: name.to_owned(),
        vcard: format!("BEGIN:VCARD\nFN:{name}\nTEL:+51900000033\nEND:VCARD"),
    };
    let (call, fields) = sent(&outgoing(OutgoingBody::Contacts(vec![
        card("Julia"),
        card("Raúl"),
    ])))
    .await;
    assert!(call.starts_with("POST /message/sendContact/centro "), "{call}");
    assert_eq!(
        fields["contact"].as_array().map(Vec::len),
        Some(2),
        "cards are a list"
    );

    let asked = Poll {
        question: "¿Sabor?".to_owned(),
        options: vec!["lúcuma".to_owned(), "coco".to_owned()],
        several: true,
    };
    let (_, fields) = sent(&outgoing(OutgoingBody::Poll(asked))).await;
    assert_eq!(fields["selectableCount"], 2, "as many as there are");

    let choice = Choice {
        id: "1".to_owned(),
        title: "Torta".to_owned(),
        description: None,
    };
    let shown = Interactive {
        body: "Elija".to_owned(),
        list_label: Some("Carta".to_owned()),
        choices: vec![choice],
        ..Interactive::default()
    };
    let (_, fields) = sent(&outgoing(OutgoingBody::Interactive(shown))).await;
    assert_eq!(fields["footerText"], "", "it has to be there, and there is none");
    assert_eq!(
        fields["sections"][0]["rows"][0],
        json!({ "title": "Torta", "rowId": "1" }),
        "a description must not be empty"
    );
}

#[tokio::test]
async fn refusals_of_a_send_say_what_to_do() {
    let rejected = |code| Failure::Rejected { code };
    let not_there = json!([{ "jid": "x", "exists": false, "number": CUSTOMER }]);
    let cases = [
        (no(400, not_there), rejected(FailureCode::RefusedRecipient)),
        (
            no(400, json!(["Text is required"])),
            rejected(FailureCode::RefusedContent),
        ),
        (no(404, json!(["x"])), rejected(FailureCode::RefusedContent)),
        (no_instance(), Failure::AuthLost { lost: AuthLost::Link }),
        (
            no(403, json!("x")),
            Failure::AuthLost {
                lost: AuthLost::Token,
            },
        ),
        (
            no(500, json!("Connection Closed")),
            Failure::NotSent {
                cause: NotSentCause::NotReady,
                retry_after: None,
            },
        ),
    ];
    for (place, (reply, expected)) in cases.into_iter().enumerate() {
        let peer = Peer::start(vec![reply]).await;
        let (link, _) = link(&peer);
        let told = link
            .messaging()
            .expect("it sends")
            .send(&outgoing(OutgoingBody::Text("hola".to_owned())))
            .await;
        assert_eq!(told.err(), Some(expected), "case {place}");
    }
}

#[tokio::test]
async fn what_is_done_to_a_message_names_it_by_its_whole_key() {
    let stored = json!({
        "id": "C3", "remoteJid": "120363000000000031@g.us", "fromMe": false, "participant": "99000000000031@lid",
        "participantAlt": "51900000031@s.whatsapp.net",
    });
    let found = |key: &Value| ok(json!({ "messages": { "total": 1, "records": [{ "key": key }] } }));
    let done = || Reply::json(201, r#"{"key":{"id":"D4"}}"#);
    let peer = Peer::start(vec![found(&stored), done()]).await;
    let (link, _) = link(&peer);
    let chat = Address::parse("120363000000000031@g.us");
    let actions = link.message_actions().expect("it acts");
    assert_eq!(
        actions.react(&chat, "C3", Some("👍")).await,
        Ok(Effect::Done),
        "it is our reaction"
    );
    let (_, body) = peer.requests()[1]
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .expect("it has a body");
    let body: Value = serde_json::from_str(&body).expect("the body is JSON");
    let key = json!({
        "id": "C3", "remoteJid": "120363000000000031@g.us", "fromMe": false, "participant": "99000000000031@lid",
    });
    assert_eq!(
        body,
        json!({ "key": key, "reaction": "👍" }),
        "whose it is, and who wrote it"
    );

    let other = json!({ "id": "E5", "remoteJid": "x", "fromMe": true });
    let peer = Peer::start(vec![
        found(&other),
        ok(json!({ "messages": { "total": 0, "records": [] } })),
    ])
    .await;
    let (link, _) = self::link(&peer);
    let actions = link.message_actions().expect("it acts");
    for place in ["another message", "none"] {
        assert_eq!(
            actions.delete(&chat, "C3").await,
            Ok(Effect::NothingThere),
            "{place} is found: nothing is deleted"
        );
    }
}

#[tokio::test]
async fn a_group_is_not_missing_because_the_line_is() {
    let closed = no(404, json!(["Error fetching group", "Error: Connection Closed"]));
    let missing = no(404, json!(["Error fetching group", "Error: item-not-found"]));
    let peer = Peer::start(vec![closed, missing]).await;
    let (link, _) = link(&peer);
    let groups = link.groups().expect("it lists groups");
    let group = Address::parse("120363000000000031@g.us");
    let not_ready = Failure::NotSent {
        cause: NotSentCause::NotReady,
        retry_after: None,
    };
    assert_eq!(groups.one(&group).await, Err(not_ready), "nobody knows");
    assert_eq!(groups.one(&group).await, Ok(None), "the number is not in it");
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
