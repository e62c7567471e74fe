//! What a server with a number answered and called, as it was recorded.

use mostrador_domain::{
    Address, ContactSnapshot, DeliveryStatus, Inbound, LinkChange, MediaKind, MessageBody, OutgoingFile,
    OutgoingMedia, PairingContent, UnixMillis,
};
use serde_json::json;
use url::Url;

use super::*;
use crate::api_engine::webhooks::is_signed;
use crate::recorded::{read, through_operations};
use crate::{Accepted, CodeAnswer, LinkHealth, NumberVerdict, WebhookCall, WebhookTarget};

/// As much of a PNG as anybody looks at here.
const PNG: &str = "iVBORw0KGgo=";

fn told(body: Value) -> Reply {
    Reply::json(200, &body.to_string())
}

fn status(status: &str, ready: bool, qr: bool) -> Reply {
    told(json!({ "success": true, "data": { "status": status, "isReady": ready, "hasQR": qr } }))
}

fn sent(kind: Option<&str>) -> Value {
    let mut data = json!({
        "messageId": "242dd9f9-d1d0-4f2d-8db3-a863bbe19937", "whatsappId": "true_51900000021@c.us_3EB0ABC",
        "phone": NUMBER, "status": "sent", "timestamp": "2026-11-20T21:31:18.133Z",
    });
    if let Some(kind) = kind {
        data["type"] = json!(kind);
    }
    json!({ "success": true, "message": "Mensaje enviado exitosamente", "data": data })
}

fn accepted() -> Accepted {
    Accepted {
        gateway_id: "3EB0ABC".into(),
        status: DeliveryStatus::Sent,
        at: Some(UnixMillis(1_795_210_278_133)),
    }
}

#[tokio::test]
async fn how_the_link_is_with_the_number_asked_for_once() {
    let profile =
        json!({ "success": true, "data": { "name": "Demo", "phone": NUMBER, "platform": "android" } });
    let shop = linked_to(vec![
        status("qr_pending", false, true),
        status("connected", true, false),
        told(profile),
        status("connected", true, false),
        status("authenticated", false, false),
    ])
    .await;
    let health = shop.link.health();
    assert_eq!(
        health.check(false).await,
        Ok(LinkHealth::NotLinked),
        "a code waits"
    );
    let linked = LinkHealth::Linked {
        own: Some(Address::parse(NUMBER)),
    };
    assert_eq!(health.check(false).await, Ok(linked.clone()), "with its number");
    assert_eq!(
        health.check(false).await,
        Ok(linked),
        "which is not asked for again"
    );
    assert_eq!(health.check(false).await, Ok(LinkHealth::Starting), "on its way");
    let paths: Vec<String> = shop
        .peer
        .requests()
        .iter()
        .map(|request| asked(request).0)
        .collect();
    let profiles = paths
        .iter()
        .filter(|path| *path == "GET /api/session/profile")
        .count();
    assert_eq!(profiles, 1, "every call counts");
}

#[tokio::test]
async fn disconnected_is_a_start_until_it_has_taken_too_long_and_then_it_is_started_again() {
    let restarted = json!({
        "success": true, "message": "Conexión reiniciada",
        "data": { "status": "disconnected", "isReady": false, "hasQR": false },
    });
    let shop = linked_to(vec![
        status("disconnected", false, false),
        status("disconnected", false, false),
        told(restarted),
        status("disconnected", false, false),
    ])
    .await;
    let health = shop.link.health();
    assert_eq!(
        health.check(true).await,
        Ok(LinkHealth::Starting),
        "it may be starting"
    );
    shop.seconds.fetch_add(60, Ordering::Relaxed);
    assert_eq!(
        health.check(true).await,
        Ok(LinkHealth::NotLinked),
        "no start takes a minute"
    );
    assert_eq!(
        asked(&shop.peer.requests()[2]).0,
        "POST /api/session/restart",
        "so it is started again"
    );
    assert_eq!(
        health.check(true).await,
        Ok(LinkHealth::Starting),
        "once, and then it is waited for"
    );
}

#[tokio::test]
async fn the_number_is_asked_for_anew_once_it_may_be_another_one() {
    let profile = |number| told(json!({ "success": true, "data": { "name": "Demo", "phone": number } }));
    let shop = linked_to(vec![
        status("connected", true, false),
        profile("51900000011"),
        status("disconnected", false, false),
        status("connected", true, false),
        profile("51900000012"),
        status("connected", true, false),
        profile("51900000013"),
        status("connected", true, false),
        profile("51900000014"),
    ])
    .await;
    let health = shop.link.health();
    let linked = |number| {
        Ok(LinkHealth::Linked {
            own: Some(Address::parse(number)),
        })
    };
    assert_eq!(health.check(false).await, linked("51900000011"), "the first");
    assert_eq!(health.check(false).await, Ok(LinkHealth::Starting), "it is gone");
    assert_eq!(
        health.check(false).await,
        linked("51900000012"),
        "another one came"
    );
    assert_eq!(
        health.check(true).await,
        linked("51900000013"),
        "asked because it matters"
    );
    let call = WebhookCall {
        method: "POST",
        tail: "",
        body: br#"{"event":"ready","timestamp":"2026-11-20T21:31:18.211Z","data":null}"#,
        at: UnixMillis(0),
    };
    let webhooks = shop.link.webhooks().expect("it calls");
    assert!(webhooks.decode(&call).is_ok(), "it is a call of its own");
    assert_eq!(
        health.check(false).await,
        linked("51900000014"),
        "it said that one is linked"
    );
}

#[tokio::test]
async fn a_code_is_a_picture_and_without_one_it_is_waited_for() {
    let picture = json!({ "success": true, "data": { "qrCode": format!("data:image/png;base64,{PNG}") } });
    let none = json!({
        "success": false, "error": "No hay código QR disponible",
        "message": "La sesión ya está autenticada o aún no se ha generado el QR",
    });
    let none = || Reply::json(404, &none.to_string());
    let bare = Reply::bytes(200, "image/png", b"\x89PNG\r\n\x1a\n");
    let unreadable = json!({ "success": true, "data": { "qrCode": "***" } });
    let shop = linked_to(vec![
        told(picture),
        told(unreadable),
        bare,
        none(),
        status("connected", true, false),
        none(),
        status("authenticated", false, false),
    ])
    .await;
    let pairing = shop.link.pairing().expect("it pairs");
    for why in ["in the answer", "by itself, where that cannot be read"] {
        let code = pairing.code().await;
        let is_picture = matches!(
            &code,
            Ok(CodeAnswer::Code { content: PairingContent::Picture(bytes), .. }) if bytes.starts_with(b"\x89PNG")
        );
        assert!(is_picture, "{why}");
    }
    assert!(
        pairing.code().await == Ok(CodeAnswer::AlreadyLinked),
        "there is nothing to scan"
    );
    assert!(pairing.code().await == Ok(CodeAnswer::Waiting), "not yet");
}

#[tokio::test]
async fn texts_and_pictures_are_handed_over_and_files_by_their_address() {
    let shop = linked_to(vec![
        told(sent(None)),
        told(sent(Some("image"))),
        told(sent(Some("image"))),
        told(sent(Some("document"))),
    ])
    .await;
    let messaging = shop.link.messaging().expect("it sends");
    assert_eq!(
        messaging.send(&text(NUMBER)).await,
        Ok(accepted()),
        "WhatsApp's own id and the time"
    );
    let media = OutgoingMedia {
        kind: MediaKind::Image,
        caption: Some("c".into()),
        mime: "image/png".into(),
        file_name: None,
        seconds: None,
        waveform: None,
        file: OutgoingFile::from(b"\x89PNG\r\n\x1a\n".to_vec()),
    };
    let picture = Outgoing {
        body: OutgoingBody::Media(media),
        ..text(NUMBER)
    };
    assert_eq!(messaging.send(&picture).await, Ok(accepted()), "a picture");
    let requests: Vec<_> = shop
        .peer
        .requests()
        .iter()
        .map(|request| asked(request))
        .collect();
    let expected = [
        (
            "POST /api/messages/send",
            json!({ "phone": NUMBER, "message": "hola" }),
        ),
        (
            "POST /api/messages/send-image",
            json!({ "phone": NUMBER, "base64": PNG, "mimetype": "image/png", "caption": "c" }),
        ),
    ];
    let expected = expected.map(|(line, body)| (line.to_owned(), body));
    assert_eq!(requests, expected, "as documented");
}

#[tokio::test]
async fn numbers_are_looked_up_one_by_one_and_together() {
    let one = json!({ "success": true, "data": { "phone": NUMBER, "isRegistered": true } });
    let several = json!({ "success": true, "data": {
        "total": 2, "registered": 1, "notRegistered": 1,
        "results": [
            { "phone": "51900000021", "isRegistered": true }, { "phone": "51900000022", "isRegistered": false },
        ],
    } });
    let info = json!({ "success": true, "data": {
        "id": "51900000021@c.us", "name": "Ana", "number": NUMBER, "isUser": true, "isGroup": false, "isBlocked": false,
    } });
    let shop = linked_to(vec![told(one), told(several), told(info)]).await;
    let contacts = shop.link.contacts().expect("it looks up");
    let there = NumberVerdict::OnWhatsApp(Address::parse(NUMBER));
    let verdicts = contacts.check(&["+51 900 000 021".to_owned()]).await;
    assert_eq!(verdicts, Ok(vec![there.clone()]), "one");
    let numbers = ["51900000021", "12", "51900000022"].map(str::to_owned);
    let expected = vec![there, NumberVerdict::NotTold, NumberVerdict::NotOnWhatsApp];
    assert_eq!(
        contacts.check(&numbers).await,
        Ok(expected),
        "several, in their order"
    );
    let person = contacts.one(&Address::parse(NUMBER)).await.expect("it answers");
    let expected = ContactSnapshot {
        address: Address::parse(NUMBER),
        saved_name: None,
        push_name: Some("Ana".into()),
        business: None,
        picture: None,
    };
    assert!(person == Some(expected), "what is known of one");
}

#[tokio::test]
async fn an_address_to_call_is_given_looked_after_and_taken_out() {
    let registered = json!({ "success": true, "message": "Webhook registrado exitosamente", "data": {
        "webhookId": "wh_1", "url": "http://127.0.0.1:9998/hook/x", "events": ["message"],
    } });
    let hook = |active: bool| {
        json!({ "success": true, "data": [
            { "id": "wh_0", "url": "https://shop.example/hook", "events": ["message"], "active": true },
            { "id": "wh_1", "url": "http://127.0.0.1:9998/hook/x", "events": ["message"], "active": active },
        ] })
    };
    let none = json!({ "success": true, "data": [] });
    let created = || Reply::json(201, &registered.to_string());
    let done = json!({ "success": true, "message": "hecho" });
    let shop = linked_to(vec![
        told(none.clone()),
        created(),
        told(hook(true)),
        told(hook(false)),
        told(done.clone()),
        told(none),
        created(),
        told(hook(true)),
        told(done),
    ])
    .await;
    let hooks = shop.link.webhooks().expect("it calls");
    let target = WebhookTarget {
        url: Url::parse("http://127.0.0.1:9998/hook/x").expect("well-formed"),
        header: Some(("x-any".to_owned(), SecretString::from("s3cr3t"))),
    };
    assert_eq!(hooks.register(&target, &["/hook/"]).await, Ok(()), "it takes it");
    assert_eq!(hooks.remind(&target, &["/hook/"]).await, Ok(false), "it knows it");
    assert_eq!(
        hooks.remind(&target, &["/hook/"]).await,
        Ok(true),
        "it was switched off"
    );
    assert_eq!(
        hooks.remind(&target, &["/hook/"]).await,
        Ok(true),
        "it was started anew"
    );
    assert_eq!(hooks.unregister("/hook/", &[]).await, Ok(()), "ours is taken out");
    let requests = shop.peer.requests();
    let (line, body) = asked(&requests[1]);
    assert_eq!(line, "POST /api/webhooks/register", "as documented");
    assert_eq!(body["secret"], "s3cr3t", "with the key of its signatures");
    assert_eq!(
        asked(&requests[4]).0,
        "POST /api/webhooks/wh_1/toggle",
        "switched on again"
    );
    assert_eq!(asked(&requests[6]).0, "POST /api/webhooks/register", "told again");
    assert_eq!(
        asked(&requests[8]).0,
        "DELETE /api/webhooks/wh_1",
        "and nobody else's is touched"
    );
}

/// A signature as the server made it, over a body as it was sent.
#[test]
fn the_recorded_signature_holds_for_the_recorded_body_only() {
    let body = br#"{"event":"authenticated","timestamp":"2026-11-20T21:31:18.210Z","data":null}"#;
    let signature = b"5311fa6b191292afc27880f2959f559d5ade3a623c7c461cbcfcab2c4a62c8b4";
    assert!(is_signed(body, signature, b"s3cr3t"), "recorded");
    assert!(!is_signed(body, signature, b"s3cr3T"), "another key");
    assert!(!is_signed(&body[1..], signature, b"s3cr3t"), "another body");
    assert!(
        !is_signed(body, &signature.to_ascii_uppercase(), b"s3cr3t"),
        "it is written in lower case"
    );
    assert!(!is_signed(body, b"", b"s3cr3t"), "none");
}

async fn decoded(body: &str) -> Vec<Inbound> {
    let shop = linked_to(Vec::new()).await;
    let call = WebhookCall {
        method: "POST",
        tail: "",
        body: body.as_bytes(),
        at: UnixMillis(0),
    };
    shop.link
        .webhooks()
        .expect("it calls")
        .decode(&call)
        .expect("it is JSON")
}

#[tokio::test]
async fn each_recorded_call_says_what_happened() {
    let code =
        decoded(r#"{"event":"qr","timestamp":"2026-11-20T21:31:18.206Z","data":"2@AbCdEf,GhIj,KlMn,1"}"#)
            .await;
    let is_code = matches!(
        &code[..],
        [Inbound::Link(LinkChange::Code { content: PairingContent::Text(text), .. })] if text == "2@AbCdEf,GhIj,KlMn,1"
    );
    assert!(is_code, "the code itself");
    let nothing =
        decoded(r#"{"event":"authenticated","timestamp":"2026-11-20T21:31:18.210Z","data":null}"#).await;
    assert!(nothing.is_empty(), "it is only on its way");
    let ready = decoded(r#"{"event":"ready","timestamp":"2026-11-20T21:31:18.211Z","data":null}"#).await;
    assert!(
        ready == [Inbound::Link(LinkChange::Linked { own: None })],
        "linked"
    );
    let gone =
        decoded(r#"{"event":"disconnected","timestamp":"2026-11-20T21:31:18.322Z","data":"LOGOUT"}"#).await;
    assert!(
        gone == [Inbound::Link(LinkChange::Unlinked)],
        "unlinked on the phone"
    );
    let passing = decoded(r#"{"event":"disconnected","timestamp":"","data":"NAVIGATION"}"#).await;
    assert!(
        matches!(passing[..], [Inbound::Unknown { .. }]),
        "that passes by itself"
    );

    let message = decoded(
        r#"{"event":"message","timestamp":"2026-11-20T21:31:18.321Z","data":{"id":"false_51900000021@c.us_3EB0C767D82B44D6A5","from":"51900000021@c.us","to":"51900000022@c.us","body":"hola","timestamp":1712995245,"type":"chat","isForwarded":false,"hasMedia":false}}"#,
    )
    .await;
    let [Inbound::Message(message)] = &message[..] else {
        panic!("a message")
    };
    assert_eq!(message.gateway_id, "3EB0C767D82B44D6A5", "WhatsApp's own id");
    assert_eq!(message.chat, Address::parse(NUMBER), "their chat");
    assert_eq!((message.from_me, message.status), (false, None), "theirs");
    assert_eq!(message.at, UnixMillis(1_712_995_245_000), "in seconds");
    assert!(message.body == MessageBody::Text("hola".into()), "word for word");
}

#[tokio::test]
async fn the_words_under_a_file_are_shown_though_nobody_hands_the_file_out() {
    let told = |kind: &str, words: &str| {
        let data = json!({
            "id": "false_51900000021@c.us_3EB0", "from": "51900000021@c.us", "body": words, "timestamp": 1712995245,
            "type": kind, "hasMedia": true,
        });
        json!({ "event": "message", "timestamp": "", "data": data }).to_string()
    };
    for (kind, expected) in [
        ("image", MediaKind::Image),
        ("video", MediaKind::Video),
        ("ptt", MediaKind::Voice),
        ("audio", MediaKind::Audio),
        ("document", MediaKind::Document),
        ("sticker", MediaKind::Sticker),
    ] {
        let heard = decoded(&told(kind, "¿tienen esta?")).await;
        let [Inbound::Message(message)] = &heard[..] else {
            panic!("a message")
        };
        let MessageBody::Media(file) = &message.body else {
            panic!("{kind}: a file")
        };
        assert_eq!(file.kind, expected, "{kind}");
        assert_eq!(file.caption.as_deref(), Some("¿tienen esta?"), "{kind}");
    }
    let odd = decoded(&told("scheduled", "x")).await;
    let [Inbound::Message(odd)] = &odd[..] else {
        panic!("a message")
    };
    assert!(matches!(&odd.body, MessageBody::Unknown { raw_kind, .. } if raw_kind == "scheduled"));
}

fn target() -> WebhookTarget {
    WebhookTarget {
        url: Url::parse("http://127.0.0.1:9998/hook/new").expect("well-formed"),
        header: Some(("x-any".to_owned(), SecretString::from("s3cr3t"))),
    }
}

fn created() -> Reply {
    let body = json!({ "success": true, "data": { "webhookId": "wh_2", "url": "x", "events": ["message"] } });
    Reply::json(201, &body.to_string())
}

fn hooks_are(hooks: &[(&str, &str)]) -> Reply {
    let hooks: Vec<Value> = hooks
        .iter()
        .map(|(id, path)| {
            json!({ "id": id, "url": format!("http://127.0.0.1:9998/{path}"), "events": ["message"], "active": true })
        })
        .collect();
    told(json!({ "success": true, "data": hooks }))
}

fn with_left(reply: Reply, left: u32) -> Reply {
    let Reply::Raw(bytes) = reply else {
        panic!("written out")
    };
    let text = String::from_utf8(bytes).expect("text");
    let (line, rest) = text.split_once("\r\n").expect("a head");
    Reply::raw(&format!("{line}\r\nx-ratelimit-remaining: {left}\r\n{rest}"))
}

#[tokio::test]
async fn what_works_is_taken_out_only_once_the_next_one_is_there() {
    let done = json!({ "success": true, "message": "hecho" });
    let shop = linked_to(vec![
        hooks_are(&[("wh_0", "other"), ("wh_1", "hook/old")]),
        created(),
        told(done),
        hooks_are(&[("wh_0", "other"), ("wh_2", "hook/new")]),
    ])
    .await;
    let hooks = shop.link.webhooks().expect("it calls");
    assert_eq!(
        hooks.register(&target(), &["/hook/"]).await,
        Ok(()),
        "it takes it"
    );
    assert_eq!(hooks.register(&target(), &["/hook/"]).await, Ok(()), "it has it");
    let asked: Vec<String> = shop.peer.requests().iter().map(|one| asked(one).0).collect();
    assert_eq!(
        asked,
        [
            "GET /api/webhooks",
            "POST /api/webhooks/register",
            "DELETE /api/webhooks/wh_1",
            "GET /api/webhooks",
        ],
        "the same address with the same key is left as it is"
    );
}

#[tokio::test]
async fn with_few_calls_left_what_is_not_to_be_called_is_taken_out_and_what_is_kept_stays() {
    let done = json!({ "success": true, "message": "hecho" });
    let hooks = [("wh_0", "other"), ("wh_1", "hook/old"), ("wh_2", "hook/new")];
    let shop = linked_to(vec![
        with_left(hooks_are(&hooks), 3),
        with_left(told(done.clone()), 2),
        with_left(hooks_are(&hooks[..1]), 1),
    ])
    .await;
    let hooks = shop.link.webhooks().expect("it calls");
    let taken_out = hooks.unregister("/hook/", &[target()]).await;
    assert_eq!(taken_out, Ok(()), "customers' messages go where they shall not");
    assert_eq!(hooks.unregister("/hook/", &[]).await, Ok(()), "nothing is left");
    let asked: Vec<String> = shop.peer.requests().iter().map(|one| asked(one).0).collect();
    assert_eq!(
        asked,
        [
            "GET /api/webhooks",
            "DELETE /api/webhooks/wh_1",
            "GET /api/webhooks"
        ],
        "the last calls of a window are for that too"
    );
}

#[tokio::test]
async fn whatever_of_ours_it_calls_is_replaced_wherever_it_is() {
    let done = json!({ "success": true, "message": "hecho" });
    let shop = linked_to(vec![
        hooks_are(&[("wh_0", "other"), ("wh_1", "caja/hook/a"), ("wh_3", "hook/b")]),
        created(),
        told(done.clone()),
        told(done),
    ])
    .await;
    let hooks = shop.link.webhooks().expect("it calls");
    let registered = hooks.register(&target(), &["/caja/hook/", "/hook/"]).await;
    assert_eq!(registered, Ok(()), "it takes it");
    let asked: Vec<String> = shop.peer.requests().iter().map(|one| asked(one).0).collect();
    assert_eq!(
        asked[1..],
        [
            "POST /api/webhooks/register",
            "DELETE /api/webhooks/wh_1",
            "DELETE /api/webhooks/wh_3",
        ],
        "behind a tunnel and at our port; somebody else's stays"
    );
}

#[tokio::test]
async fn with_few_calls_left_it_is_registered_and_tidied_up_later() {
    let done = json!({ "success": true, "message": "hecho" });
    let shop = linked_to(vec![
        with_left(hooks_are(&[("wh_1", "hook/old")]), 7),
        with_left(created(), 6),
        with_left(hooks_are(&[("wh_1", "hook/old"), ("wh_2", "hook/new")]), 99),
        told(done),
        // Started anew, with six calls left.
        with_left(hooks_are(&[]), 6),
        with_left(created(), 5),
    ])
    .await;
    let hooks = shop.link.webhooks().expect("it calls");
    assert_eq!(
        hooks.register(&target(), &["/hook/"]).await,
        Ok(()),
        "it takes it"
    );
    assert_eq!(shop.peer.requests().len(), 2, "nothing is left for tidying up");
    assert_eq!(
        hooks.remind(&target(), &["/hook/"]).await,
        Ok(false),
        "it knows it"
    );
    assert_eq!(
        asked(&shop.peer.requests()[3]).0,
        "DELETE /api/webhooks/wh_1",
        "now it goes"
    );
    assert_eq!(
        hooks.remind(&target(), &["/hook/"]).await,
        Ok(true),
        "it was started anew"
    );
    assert_eq!(
        asked(&shop.peer.requests()[5]).0,
        "POST /api/webhooks/register",
        "told again"
    );
}

#[tokio::test]
async fn what_is_not_understood_is_kept_raw() {
    let file = decoded(
        r#"{"event":"message","data":{"id":"false_120363000000000021@g.us_3EB0_51900000021@c.us","from":"120363000000000021@g.us","body":"","timestamp":1712995245,"type":"image","hasMedia":true}}"#,
    )
    .await;
    let [Inbound::Message(file)] = &file[..] else {
        panic!("a message")
    };
    assert_eq!(
        (file.gateway_id.as_str(), &file.sender),
        ("3EB0", &None),
        "in a group nobody is named"
    );
    assert!(
        matches!(&file.body, MessageBody::Media(file) if file.kind == MediaKind::Image && file.caption.is_none()),
        "announced only"
    );
    for odd in [
        r#"{"event":"message","data":{"id":"false_status@broadcast_3EB0","from":"status@broadcast","timestamp":1}}"#,
        r#"{"event":"message","data":null}"#,
        r#"{"event":"call","data":{}}"#,
        r#"{"event":7}"#,
        "[]",
    ] {
        let kept = decoded(odd).await;
        let whole = matches!(&kept[..], [Inbound::Unknown { raw, .. }] if raw.len() >= 2);
        assert!(whole, "{odd} is kept");
    }
}

/// Both recordings, of a server without a number and of one with it, with invented numbers.
const EXCHANGES: &str = include_str!("../recorded/exchanges.json");
const CALLS: &str = include_str!("../recorded/calls.json");

#[tokio::test]
async fn each_recorded_exchange_comes_through_the_operations_as_it_is() {
    let surroundings = Surroundings {
        elapsed: Arc::new(|| Duration::ZERO),
    };
    let open = |peer: &Peer| {
        let config = LinkConfig::default()
            .at(&peer.url())
            .with_secret(FieldKey::Token, SecretString::from(KEY));
        ApiEngineDriver::new(&surroundings)
            .open(config)
            .expect("loopback and a key open a link")
    };
    let exchanges = read(EXCHANGES);
    let (same, failed, unknown) = through_operations(&exchanges, open).await;
    assert_eq!(unknown, ["/api/nope"], "the one that there is not");
    assert_eq!(same + failed.len() + unknown.len(), 39, "all of them");
    let statuses: Vec<u16> = failed.iter().map(|(status, _)| *status).collect();
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status, 401 | 403 | 429 | 500 | 503)),
        "whatever is about the key, the pace or the server itself is no answer: {failed:?}"
    );
}

#[test]
fn each_recorded_signature_holds_for_its_recorded_call() {
    let calls: Vec<Value> = serde_json::from_str(CALLS).expect("the recording is JSON");
    let text = |call: &Value, name: &str| call[name].as_str().map(str::to_owned);
    let mut held = 0;
    for call in &calls {
        let body = text(call, "body").expect("a body");
        // Where a number had to be replaced, the signature is of another body.
        let Some(signature) = text(call, "signature") else {
            continue;
        };
        assert!(
            is_signed(body.as_bytes(), signature.as_bytes(), b"s3cr3t"),
            "{body}"
        );
        assert!(
            !is_signed(body.as_bytes(), signature.as_bytes(), b"other"),
            "{body}"
        );
        held += 1;
    }
    assert_eq!((calls.len(), held), (5, 4), "all but the message's");
}
