//! Every kind of message that the dialect can send: what is answered, what is listed, and what its recipient got.

mod common;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use common::{Shop, id_of, tiny_png};
use mostrador_sandbox::Effect;
use reqwest::Method;
use serde_json::{Value, json};

const ROSA: &str = "51900000011";

/// A data address of some bytes that are of no known kind but what it claims.
fn data(mime: &str) -> String {
    format!("data:{mime};base64,{}", BASE64.encode(b"some bytes"))
}

fn png() -> String {
    format!("data:image/png;base64,{}", BASE64.encode(tiny_png()))
}

#[tokio::test]
async fn each_kind_is_answered_listed_and_received_as_what_it_is() {
    let shop = Shop::linked().await;
    let buttons = json!({ "buttons": [{ "type": "quick_reply", "title": "Sí", "id": "si" }] });
    let card = json!({ "name": "Ana", "vcard": "BEGIN:VCARD\nEND:VCARD" });
    let kinds = [
        ("text", json!({ "body": "Hola" }), "body"),
        ("image", json!({ "media": png(), "caption": "Así" }), "caption"),
        (
            "video",
            json!({ "media": data("video/mp4"), "caption": "Así" }),
            "caption",
        ),
        ("short", json!({ "media": data("video/mp4") }), "id"),
        ("gif", json!({ "media": data("video/mp4") }), "id"),
        (
            "audio",
            json!({ "media": data("audio/mpeg"), "seconds": 3 }),
            "seconds",
        ),
        (
            "voice",
            json!({ "media": data("audio/ogg; codecs=opus"), "seconds": 3 }),
            "seconds",
        ),
        (
            "document",
            json!({ "media": data("application/pdf"), "filename": "a.pdf" }),
            "file_name",
        ),
        ("sticker", json!({ "media": png() }), "width"),
        (
            "link_preview",
            json!({ "body": "Mira https://shop.example", "title": "Tienda" }),
            "title",
        ),
        (
            "location",
            json!({ "latitude": -12.05, "longitude": -77.04, "name": "Tienda" }),
            "latitude",
        ),
        (
            "live_location",
            json!({ "latitude": -12.05, "longitude": -77.04 }),
            "longitude",
        ),
        ("contact", card.clone(), "vcard"),
        ("contact_list", json!({ "list": [card] }), "list"),
        (
            "poll",
            json!({ "title": "¿Cuál?", "options": ["a", "b"], "count": 1 }),
            "results",
        ),
        (
            "interactive",
            json!({ "body": { "text": "¿Va?" }, "action": buttons, "type": "button" }),
            "action",
        ),
        (
            "carousel",
            json!({ "body": { "text": "Mira" }, "cards": [{ "id": "1" }] }),
            "cards",
        ),
    ];
    for (kind, mut body, field) in kinds {
        body["to"] = json!(ROSA);
        let before = shop.sandbox.ledger_of(ROSA).len();

        let (status, sent) = shop.call(Method::POST, &format!("/messages/{kind}"), &body).await;

        assert_eq!(
            (status, &sent["sent"]),
            (200, &json!(true)),
            "{kind} can be sent: {sent}"
        );
        assert_eq!(sent["message"]["type"], kind, "the answer names the kind");
        assert_eq!(
            sent["message"]["status"], "pending",
            "more is not known of a {kind} yet"
        );
        let (_, one) = shop.get(&format!("/messages/{}", id_of(&sent))).await;
        assert!(
            !one[kind][field].is_null(),
            "a {kind} shows its {field} under its own name: {one}"
        );
        let got = shop.sandbox.ledger_of(ROSA);
        assert_eq!(got.len(), before + 1, "one {kind} reached her");
        let got = got.last().expect("just counted");
        assert_eq!(
            (got.kind.as_str(), got.effect),
            (kind, Effect::Message),
            "as a message of that kind"
        );
        assert_eq!(
            got.media_sha256.is_some(),
            body.get("media").is_some(),
            "a {kind} has its file's hash"
        );
    }
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn what_a_kind_does_not_allow_is_refused_and_reaches_nobody() {
    let shop = Shop::linked().await;
    let four: Vec<Value> = (0..4)
        .map(|n| json!({ "type": "quick_reply", "title": "x", "id": n.to_string() }))
        .collect();
    let wrong = [
        ("poll", json!({ "title": "¿?", "options": ["uno"] }), 400),
        (
            "poll",
            json!({ "title": "¿?", "options": ["a", "b"], "count": 2 }),
            400,
        ),
        ("location", json!({ "latitude": 91.0, "longitude": 0 }), 400),
        ("contact_list", json!({ "list": [] }), 400),
        ("interactive", json!({ "action": { "buttons": four } }), 400),
        ("image", json!({ "media": data("image/png") }), 415),
        ("voice", json!({ "media": png() }), 415),
        ("video", json!({}), 400),
        ("document", json!({ "media": "pdf-00-00" }), 404),
        ("image", json!({ "media": "https://shop.example/a.png" }), 400),
        ("text", json!({ "body": "x", "quoted": "nobody.wrote-this" }), 404),
    ];
    for (kind, mut body, expected) in wrong {
        body["to"] = json!(ROSA);
        let (status, _) = shop.call(Method::POST, &format!("/messages/{kind}"), &body).await;
        assert_eq!(status, expected, "{kind} {body}");
    }
    assert!(shop.sandbox.ledger().is_empty(), "what is refused reaches nobody");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_form_carries_the_same_fields_and_the_file_itself() {
    let shop = Shop::linked().await;
    let boundary = "frontera";
    let mut body = Vec::new();
    for (name, text) in [("to", ROSA), ("caption", "Así"), ("view_once", "true")] {
        let part =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend(part.into_bytes());
    }
    let head =
        "Content-Disposition: form-data; name=\"media\"; filename=\"a.png\"\r\nContent-Type: image/png";
    body.extend(format!("--{boundary}\r\n{head}\r\n\r\n").into_bytes());
    body.extend(tiny_png());
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());

    let request = shop.request(Method::POST, "/messages/image").header(
        "content-type",
        format!("multipart/form-data; boundary={boundary}"),
    );
    let sent: Value = request
        .body(body)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");

    assert_eq!(
        sent["message"]["image"]["caption"], "Así",
        "fields travel as parts: {sent}"
    );
    assert_eq!(sent["message"]["image"]["width"], 6, "and the file as bytes");
    assert_eq!(
        sent["message"]["image"]["view_once"], true,
        "a truth is read from its text"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn bare_bytes_can_be_sent_with_everything_else_in_the_address() {
    let shop = Shop::linked().await;
    let request = shop
        .request(
            Method::POST,
            &format!("/messages/media/image?to={ROSA}&caption=hola"),
        )
        .header("content-type", "image/png");
    let sent: Value = request
        .body(tiny_png())
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        sent["message"]["image"]["caption"], "hola",
        "the query carries the fields: {sent}"
    );
    assert_eq!(shop.sandbox.ledger_of(ROSA).len(), 1, "it reached her");
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn an_answer_names_what_it_answers_and_whom_it_mentions() {
    let shop = Shop::linked().await;
    let asked = shop.sandbox.write_as(ROSA, "¿Tienen pan?").expect("Rosa exists");
    let body = json!({ "to": ROSA, "body": "Sí @51900000012", "quoted": asked, "mentions": ["51900000012"] });

    let (_, sent) = shop.call(Method::POST, "/messages/text", &body).await;

    let context = &sent["message"]["context"];
    assert_eq!(context["quoted_id"], asked, "the message it answers");
    assert_eq!(
        context["quoted_content"]["body"], "¿Tienen pan?",
        "with its words"
    );
    assert_eq!(context["quoted_author"], ROSA, "and who wrote them");
    assert_eq!(context["mentions"], json!(["51900000012"]), "whom it names");
    let got = shop.sandbox.ledger_of(ROSA);
    assert_eq!(
        got[0].quoted.as_deref(),
        Some(asked.as_str()),
        "she sees what it answers"
    );
    shop.sandbox.stop().await;
}

#[tokio::test]
async fn a_number_without_whatsapp_fails_and_nobody_gets_it() {
    let shop = Shop::linked().await;
    let (_, sent) = shop
        .call(
            Method::POST,
            "/messages/text",
            &json!({ "to": "51900000999", "body": "¿Hola?" }),
        )
        .await;
    let (_, now) = shop.get(&format!("/messages/{}", id_of(&sent))).await;
    assert_eq!(sent["message"]["status"], "pending", "the gateway takes it");
    assert_eq!(now["status"], "failed", "WhatsApp gives it up");
    assert!(shop.sandbox.ledger().is_empty(), "there is nobody to get it");
    shop.sandbox.stop().await;
}
