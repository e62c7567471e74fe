//! Signing in, the generations of a send, and what answers mean that the practice shop never gives; in `recorded` what a real server
//! answered.

mod recorded;

use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{
    Address, AuthLost, Failure, FailureCode, Inbound, NotSentCause, Outgoing, OutgoingBody, UnixMillis,
    UnknownCause,
};
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
async fn a_reseller_signs_in_at_a_door_of_their_own_and_has_no_device() {
    let refused = || Reply::json(401, r#"{"success":false,"message":"Unauthenticated."}"#);
    let signed_in = || ok(&json!({ "access_token": TOKEN }));
    let no_door = || page(404);
    let valid = |valid: bool| ok(&json!({ "valid": valid, "user": { "id": 1 } }));
    let unknown = Failure::AuthLost {
        lost: AuthLost::Device,
    };
    let replies = vec![no_door(), no_door(), signed_in(), refused(), valid(true)];
    let peer = Peer::start(replies).await;
    let link = with_password(&peer);
    assert_eq!(
        link.health().check(false).await,
        Err(unknown.clone()),
        "the key is good, and there is no device"
    );
    let asked: Vec<String> = peer.requests();
    assert!(
        asked[2].starts_with("POST /auth/login "),
        "documented for resellers"
    );
    let verified = asked.last().expect("the token was looked at");
    assert!(
        verified.starts_with("POST /api/auth/verify_token "),
        "documented for them too"
    );
    assert!(
        verified.ends_with(&json!({ "api_token": TOKEN }).to_string()),
        "which token"
    );

    let lost = Failure::AuthLost {
        lost: AuthLost::Token,
    };
    for (verified, expected) in [
        (valid(true), unknown),
        (valid(false), lost.clone()),
        (refused(), lost),
    ] {
        let peer = Peer::start(vec![refused(), verified]).await;
        let link = with_token(&peer, "current");
        assert_eq!(
            link.health().check(false).await,
            Err(expected),
            "a token that was pasted"
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

fn page(status: u16) -> Reply {
    Reply::bytes(status, "text/html", b"<html><body>nginx</body></html>")
}

#[tokio::test]
async fn a_device_that_was_removed_holds_what_is_to_be_sent_and_a_proxys_page_says_nothing() {
    let gone = Reply::json(404, &json!({ "success": false, "message": "x" }).to_string());
    let peer = Peer::start(vec![gone]).await;
    let lost = Failure::AuthLost {
        lost: AuthLost::Device,
    };
    assert_eq!(
        send(&*with_token(&peer, "current")).await,
        Err(lost),
        "it waits until the device is there again"
    );
    for status in [400, 403, 404, 422] {
        let peer = Peer::start(vec![page(status)]).await;
        let unknown = Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(status),
        };
        assert_eq!(
            send(&*with_token(&peer, "current")).await,
            Err(unknown),
            "{status}: nobody knows"
        );
    }
}

#[tokio::test]
async fn a_404_is_no_list_and_nothing_is_done_by_it() {
    let chat = Address::parse(NUMBER);
    let query = crate::HistoryQuery {
        since: None,
        offset: 0,
        count: 10,
    };
    let unknown = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    let answers = || {
        let own = Reply::json(404, &json!({ "success": false, "message": "x" }).to_string());
        [own, page(404)]
    };
    for answer in answers() {
        let peer = Peer::start(vec![answer]).await;
        let link = with_token(&peer, "current");
        let told = link.history().expect("it lists").of_chat(&chat, query).await;
        assert!(
            told == Err(unknown.clone()),
            "an empty list would prove that nothing went"
        );
    }
    for answer in answers() {
        let peer = Peer::start(vec![answer]).await;
        let link = with_token(&peer, "current");
        let done = link.message_actions().expect("it acts").delete(&chat, "A1").await;
        assert_eq!(done, Err(unknown.clone()), "nobody knows whether it is there");
    }
    for (answer, lists) in answers().into_iter().zip([false, true]) {
        let peer = Peer::start(vec![answer, devices()]).await;
        let link = with_token(&peer, "current");
        let told = link.history().expect("it is tried").recent(query).await;
        assert!(told == Err(unknown.clone()), "no list");
        assert_eq!(
            link.history().is_some(),
            lists,
            "only the gateway itself can say that it has no such call"
        );
    }
    for (answer, free) in answers().into_iter().zip([true, false]) {
        let peer = Peer::start(vec![answer, ok(&json!({ "message": "x", "data": {} }))]).await;
        let link = with_token(&peer, "current");
        let target = crate::WebhookTarget {
            url: "http://127.0.0.1:9/hook/a".parse().expect("well-formed"),
            header: None,
        };
        let set = link
            .webhooks()
            .expect("it calls")
            .register(&target, &["/hook/a"])
            .await;
        let expected = if free { Ok(()) } else { Err(unknown.clone()) };
        assert_eq!(set, expected, "a proxy does not know that nobody is called");
        assert_eq!(
            peer.requests().len(),
            if free { 2 } else { 1 },
            "and nothing is replaced"
        );
    }
    let peer = Peer::start(vec![page(404)]).await;
    let link = with_token(&peer, "current");
    let read = link.read_state().expect("it marks").mark_read(&chat, "A1").await;
    assert_eq!(read, Err(unknown), "a proxy has read nothing");
}

#[tokio::test]
async fn a_device_that_was_given_by_its_name_is_called_by_its_number() {
    let key = json!({ "key": { "remoteJid": "51900000021@s.whatsapp.net", "fromMe": true, "id": "A1" } });
    let peer = Peer::start(vec![devices(), ok(&key), ok(&key)]).await;
    let link = open(
        config(&peer)
            .with(FieldKey::Token, TOKEN)
            .with(FieldKey::Instance, "Caja"),
    );
    for _ in 0..2 {
        assert!(send(&*link).await.is_ok(), "it goes");
    }
    let asked = peer.requests();
    assert!(
        asked[0].starts_with("GET /api/devices/list "),
        "its number is looked up once"
    );
    for request in &asked[1..] {
        assert!(request.starts_with("POST /api/send/51900000020 "), "{request}");
    }

    let peer = Peer::start(vec![Reply::json(502, "{}")]).await;
    let link = open(
        config(&peer)
            .with(FieldKey::Token, TOKEN)
            .with(FieldKey::Instance, "Caja"),
    );
    assert_eq!(send(&*link).await, Err(not_ready()), "no send was made");
}

fn not_ready() -> Failure {
    Failure::NotSent {
        cause: NotSentCause::NotReady,
        retry_after: None,
    }
}

#[tokio::test]
async fn a_sign_in_that_fails_has_sent_nothing() {
    for answer in [Reply::json(502, "{}"), Reply::Cut, page(200)] {
        let peer = Peer::start(vec![answer]).await;
        assert_eq!(
            send(&*with_password(&peer)).await,
            Err(not_ready()),
            "the send was not made"
        );
        assert_eq!(peer.requests().len(), 1, "nobody was let in");
    }
    let refused = Reply::json(401, r#"{"success":false,"message":"Unauthenticated."}"#);
    let signed_in = ok(&json!({ "access_token": TOKEN }));
    let peer = Peer::start(vec![signed_in, devices(), refused, Reply::json(502, "{}")]).await;
    let link = with_password(&peer);
    assert_eq!(link.health().check(false).await, Ok(linked()), "it is let in");
    assert_eq!(
        send(&*link).await,
        Err(not_ready()),
        "the first one was refused, the second not made"
    );
    let peer = Peer::start(vec![page(404), page(404), page(404)]).await;
    let elsewhere = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    assert_eq!(
        with_password(&peer).health().check(false).await,
        Err(elsewhere),
        "another server is no wrong password"
    );
}

#[tokio::test]
async fn a_call_about_another_device_of_the_customers_says_nothing_of_ours() {
    let call = |instance: &str| {
        let key = json!({ "remoteJid": "51900000021@s.whatsapp.net", "fromMe": false, "id": "B1" });
        json!({
            "event": "messages.upsert", "instance": instance,
            "data": { "key": key, "message": { "conversation": "hola" }, "messageTimestamp": 1_764_000_000 },
        })
        .to_string()
    };
    let called_caja = |peer: &Peer| {
        open(
            config(peer)
                .with(FieldKey::Token, TOKEN)
                .with(FieldKey::Instance, "Caja"),
        )
    };
    let heard = |link: &dyn DeviceLink, instance: &str| {
        let body = call(instance);
        let call = crate::WebhookCall {
            method: "POST",
            tail: "",
            body: body.as_bytes(),
            at: UnixMillis(0),
        };
        let hooks = link.webhooks().expect("it calls");
        hooks.decode(&call).map(|events| events.len())
    };
    let none = || ok(&json!([]));
    let gone = Failure::AuthLost {
        lost: AuthLost::Device,
    };
    let peer = Peer::start(vec![devices(), none()]).await;
    let link = called_caja(&peer);
    assert_eq!(
        heard(&*link, "51900000029"),
        Ok(1),
        "whose it is, is not known yet"
    );
    assert_eq!(link.health().check(false).await, Ok(linked()), "now it is");
    assert_eq!(heard(&*link, "51900000020"), Ok(1), "ours");
    assert_eq!(heard(&*link, "51900000029"), Ok(0), "another's");
    assert_eq!(heard(&*link, "Caja"), Ok(1), "a name that says nothing");
    assert_eq!(
        link.health().check(false).await,
        Err(gone.clone()),
        "somebody has removed it"
    );
    assert_eq!(
        heard(&*link, "51900000029"),
        Ok(0),
        "it is another's all the same"
    );
    assert_eq!(
        heard(&*link, "51900000020"),
        Ok(1),
        "what was still on its way to ours"
    );

    let peer = Peer::start(vec![none()]).await;
    let link = called_caja(&peer);
    assert_eq!(link.health().check(false).await, Err(gone), "it was never there");
    assert_eq!(
        heard(&*link, "51900000029"),
        Ok(0),
        "who has no device is told of others only"
    );
}

#[tokio::test]
async fn that_a_device_is_gone_is_not_that_its_gateway_lists_nothing() {
    let query = crate::HistoryQuery {
        since: None,
        offset: 0,
        count: 10,
    };
    let no_such = || Reply::json(404, r#"{"success":false,"message":"Dispositivo no encontrado"}"#);
    let at_rest =
        || ok(&json!([{ "id": 7, "name": "Caja", "phone": "51900000020", "status": "disconnected" }]));
    let lost = Failure::AuthLost {
        lost: AuthLost::Device,
    };
    let unknown = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(404),
    };
    let empty = || ok(&json!({ "messages": { "total": 0, "records": [] } }));
    let script = vec![
        no_such(),
        ok(&json!([])),
        no_such(),
        at_rest(),
        no_such(),
        devices(),
        ok(&json!([])),
        devices(),
        empty(),
    ];
    let peer = Peer::start(script).await;
    let link = with_token(&peer, "current");
    let recent = async || {
        let history = link.history().expect("it is asked");
        history.recent(query).await.map(|page| page.items.len())
    };
    assert_eq!(recent().await, Err(lost), "the device is gone, and that is said");
    assert_eq!(recent().await, Err(unknown.clone()), "it is there, and rests");
    assert_eq!(
        recent().await,
        Err(unknown),
        "it is connected: there is no such call"
    );
    assert!(link.history().is_none(), "which is not made again");

    let health = link.health();
    assert_eq!(health.check(false).await, Ok(LinkHealth::NotLinked), "it goes");
    assert!(link.history().is_none(), "nothing new is known");
    assert_eq!(health.check(false).await, Ok(linked()), "it comes back");
    assert_eq!(recent().await, Ok(0), "and is asked again");
}

#[tokio::test]
async fn a_send_that_finds_no_device_leaves_the_others_calls_to_others() {
    let no_device = Reply::json(404, r#"{"success":false,"message":"Dispositivo no encontrado"}"#);
    let peer = Peer::start(vec![devices(), no_device]).await;
    let link = open(
        config(&peer)
            .with(FieldKey::Token, TOKEN)
            .with(FieldKey::Instance, "Caja"),
    );
    let unknown = Failure::AuthLost {
        lost: AuthLost::Device,
    };
    assert_eq!(send(&*link).await, Err(unknown), "it is gone");
    let body = json!({ "event": "call", "instance": "51900000029", "data": { "id": "C1" } }).to_string();
    let call = crate::WebhookCall {
        method: "POST",
        tail: "",
        body: body.as_bytes(),
        at: UnixMillis(0),
    };
    let heard = link.webhooks().expect("it calls").decode(&call);
    assert_eq!(heard.map(|events| events.len()), Ok(0), "another's");
}

/// The request's first line, and its body.
fn asked(request: &str) -> (&str, Value) {
    let (head, body) = request.split_once("\r\n\r\n").expect("head and body");
    let line = head.lines().next().unwrap_or_default();
    (
        line.trim_end_matches(" HTTP/1.1"),
        serde_json::from_str(body).unwrap_or_default(),
    )
}

#[tokio::test]
async fn persons_are_asked_for_as_each_generation_has_it_and_cut_into_pages_without_the_groups() {
    let row = |jid: &str, more: Value| {
        let mut row =
            json!({ "id": "c1", "remoteJid": jid, "pushName": "Ana", "isGroup": false, "isSaved": true });
        for (name, value) in more.as_object().into_iter().flatten() {
            row[name] = value.clone();
        }
        row
    };
    let listed = json!([
        row("51900000023@s.whatsapp.net", json!({ "isSaved": false })),
        row("120363000000000021@g.us", json!({ "isGroup": true })),
        row("51900000022@s.whatsapp.net", json!({ "name": "Doña Ana" })),
        row(&format!("{NUMBER}@s.whatsapp.net"), json!({})),
    ]);
    let older = json!({ "data": [
        { "id": "51900000023@s.whatsapp.net", "notify": "Ana" },
        { "id": "51900000022@s.whatsapp.net", "name": "Doña Ana", "notify": "Ana" },
        { "id": format!("{NUMBER}@s.whatsapp.net"), "name": "Ana" },
    ] });
    let [none, ana] = [None, Some("Ana")];
    let nobody = [none, none, none];
    let newest = "POST /api/chat/findContacts/51900000020";
    for (generation, listed, line, saved, own) in [
        ("current", &listed, newest, nobody, [ana, ana, ana]),
        ("intermediate", &listed, newest, nobody, [ana, ana, ana]),
        (
            "qrapi2",
            &older,
            "POST /chat/contact/find",
            [ana, Some("Doña Ana"), none],
            [none, ana, ana],
        ),
    ] {
        // The list is given once: it is fetched once for all of its pages.
        let peer = Peer::start(vec![ok(listed)]).await;
        let link = with_token(&peer, generation);
        let contacts = link.contacts().expect("it lists persons");
        let mut told = Vec::new();
        for offset in [0, 2] {
            let page = contacts.page(offset, 2).await.expect("200 is a page");
            assert_eq!(
                (page.covered, page.total),
                (2 - offset / 2, Some(3)),
                "{generation}: three"
            );
            told.extend(page.items.into_iter().map(|item| match item {
                Inbound::Contact(one) => (one.address, one.saved_name, one.push_name),
                other => panic!("{other:?} is no person"),
            }));
        }
        let expected: Vec<_> = [NUMBER, "51900000022", "51900000023"]
            .into_iter()
            .zip(saved.into_iter().zip(own))
            .map(|(number, (saved, own))| {
                let [saved, own] = [saved, own].map(|name| name.map(str::to_owned));
                (Address::parse(number), saved, own)
            })
            .collect();
        assert_eq!(told, expected, "{generation}: each once");
        let last = peer.requests().pop().expect("it was asked");
        assert!(last.starts_with(line), "{generation}: {line}");
    }

    let missing = Reply::json(
        404,
        r#"{"success":false,"message":"The route could not be found."}"#,
    );
    let peer = Peer::start(vec![missing, page(404)]).await;
    let link = with_token(&peer, "current");
    let contacts = link.contacts().expect("it lists persons");
    let none = contacts.page(0, 2).await.expect("it says so itself");
    assert_eq!(
        (none.covered, none.items.len()),
        (0, 0),
        "nobody, and what comes after is read"
    );
    assert!(contacts.page(0, 2).await.is_err(), "a proxy's page is no list");
}

#[tokio::test]
async fn a_group_is_asked_for_as_each_generation_has_it() {
    let id = "120363000000000021@g.us";
    let group = json!({ "id": id, "subject": "Tortas", "participants": ["51900000021@s.whatsapp.net"] });
    let body = json!({ "groupJid": id });
    for (generation, line, body) in [
        ("current", "POST /api/group/metadata", body.clone()),
        (
            "intermediate",
            "GET /api/group/find?groupJid=120363000000000021%40g.us",
            Value::Null,
        ),
        ("qrapi2", "GET /api/group/find", body),
    ] {
        let peer = Peer::start(vec![ok(&json!({ "data": group }))]).await;
        let link = with_token(&peer, generation);
        let groups = link.groups().expect("it lists them");
        let one = groups.one(&Address::parse(id)).await;
        let members = one.map(|one| one.and_then(|one| one.members).map(|all| all.len()));
        assert_eq!(members, Ok(Some(1)), "{generation}: with everybody in it");
        assert_eq!(asked(&peer.requests()[0]), (line, body), "{generation}");
    }
}

#[tokio::test]
async fn a_file_is_asked_for_as_each_generation_has_it() {
    let key = json!({ "remoteJid": "51900000021@s.whatsapp.net", "fromMe": false, "id": "A1" });
    let file = || ok(&json!({ "data": { "base64": "aG9sYQ==", "mimetype": "text/plain" } }));
    let found = || ok(&json!({ "data": [{ "key": key, "message": {} }] }));
    let recorded = json!({ "message": { "key": { "id": "A1" } }, "convertToMp4": false });
    for (generation, replies, body) in [
        ("current", vec![file()], recorded.clone()),
        ("intermediate", vec![found(), file()], json!({ "key": key })),
        ("qrapi2", vec![file()], recorded),
    ] {
        let peer = Peer::start(replies).await;
        let link = with_token(&peer, generation);
        let mut bytes = Vec::new();
        let media = link.media().expect("it has files");
        assert_eq!(
            media.download("A1", 100, &mut bytes).await,
            Ok(()),
            "{generation}"
        );
        assert_eq!(bytes, b"hola", "{generation}: byte for byte");
        let requests = peer.requests();
        let last = asked(requests.last().expect("it was asked"));
        assert_eq!(last, ("POST /chat/message/base64", body), "{generation}");
    }
    let peer = Peer::start(vec![ok(&json!({ "data": [] }))]).await;
    let link = with_token(&peer, "intermediate");
    let mut bytes = Vec::new();
    let gone = link
        .media()
        .expect("it has files")
        .download("A1", 100, &mut bytes)
        .await;
    let missing = Failure::Rejected {
        code: FailureCode::MediaMissing,
    };
    assert_eq!(gone, Err(missing), "whose message is gone is not asked for");
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
