//! QR Búho's, in each of its generations.

use std::sync::Arc;

use base64::Engine as _;
use mostrador_domain::Failure;
use mostrador_gateways::catalogue::Arguments;
use mostrador_gateways::qr_buho::QrBuhoDriver;
use mostrador_gateways::{CallProblem, DeviceLink, Driver, FieldKey, LinkConfig, catalogue};
use mostrador_sandbox::{QrBuhoGeneration, Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::asked::{Given, ROSA, TINY, nobody_is_let_in, none_is_of_an_unknown_path, refused_with};

const PATH: &str = "/dialects/qr_buho";
const ROSAS_CHAT: &str = "51900000011@s.whatsapp.net";
const OGG: &str = "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE9wdXNIZWFk";
const FILM: &str = "AAAAGGZ0eXBpc29tAAAAAGlzb21tcDQy";

/// What is there to be asked about.
struct There {
    own: String,
    picture: String,
    group: String,
    member: String,
    label: String,
    call: String,
    campaign: Value,
    tenant: String,
    token: String,
}

/// What the documentation asks for in words or in an example: one of several fields, or something that is there.
fn told_only_in_words(id: &str, there: &There) -> Value {
    let key = json!({ "id": there.own, "remoteJid": ROSAS_CHAT, "fromMe": true });
    let group = |more: Value| {
        let mut all = more;
        all["groupJid"] = json!(there.group);
        all
    };
    match id {
        "login" | "auth_login" | "auth_login_bare" => json!({ "password": there.token }),
        "verify_token" | "auth_verify_token" => json!({ "api_token": there.token }),
        "devices_create" => json!({ "phone": ROSA }),
        "send_by_instance_media" => json!({ "payload": { "media": TINY } }),
        "send_by_instance_document" => {
            json!({ "payload": { "media": base64_of(b"%PDF-1.4 x"), "filename": "a.pdf" } })
        }
        "send_by_instance_audio" => json!({ "payload": { "audio": OGG } }),
        "send_by_instance_ptv" => json!({ "payload": { "video": FILM } }),
        "send_by_instance_contact" => {
            json!({ "payload": { "contact": { "fullName": "Ana", "phoneNumber": "51900000012" } } })
        }
        "send_by_instance_buttons" => {
            json!({ "payload": { "buttons": [{ "type": "reply", "displayText": "a", "id": "1" }] } })
        }
        "send_by_instance_list" => {
            let rows = json!([{ "title": "a", "description": "b", "rowId": "1" }]);
            json!({ "payload": { "sections": [{ "title": "c", "rows": rows }] } })
        }
        "message_send" => json!({ "number": ROSA, "message": "hola" }),
        "message_send_media" => {
            json!({ "number": ROSA, "media_type": "image", "link": "https://shop.example/a.png" })
        }
        "message_send_pdf" => {
            json!({ "number": ROSA, "filename": "a.pdf", "file": base64_of(b"%PDF-1.4 x") })
        }
        "chat_archive_bare" => json!({ "chat": ROSAS_CHAT, "archive": true }),
        "chat_message_base64" => json!({ "message": { "key": { "id": there.picture } } }),
        "chat_message_mark_read" => json!({ "readMessages": [key] }),
        "chat_message_mark_unread" => json!({ "lastMessage": { "key": key }, "chat": ROSAS_CHAT }),
        "chat_message_delete" => json!({ "id": there.own, "remoteJid": ROSAS_CHAT }),
        "chat_message_update" => json!({ "number": ROSA, "key": key, "text": "otra" }),
        "chat_contact_profile_picture" => json!({ "number": ROSA }),
        "chat_numbers_check" => json!({ "numbers": [ROSA] }),
        "chat_presence_send" => json!({ "number": ROSA, "delay": 1200, "presence": "composing" }),
        "message_contact_block" => json!({ "number": ROSA, "block": false }),
        "label_handle" => json!({ "number": ROSAS_CHAT, "labelId": there.label }),
        "call_fake" => json!({ "number": ROSA, "isVideo": false, "callDuration": 5 }),
        "webhook_set" => {
            json!({ "webhook": { "enabled": false, "url": "http://127.0.0.1:9/h", "events": [] } })
        }
        "group_update_picture" => group(json!({ "url": "https://shop.example/a.png" })),
        "group_update_setting" => group(json!({ "action": "announcement" })),
        "group_toggle_ephemeral" => group(json!({ "expiration": "86400", "ephemeral": 86_400 })),
        "group_participant_update" => group(json!({ "action": "promote", "participants": [there.member] })),
        "call_reject" => json!({ "remoteJid": ROSAS_CHAT, "callId": there.call }),
        "tenant_delete_by_id" => json!({ "id": there.tenant }),
        "campaigns_show_by_id" => json!({ "id": there.campaign }),
        "group_invite_send"
        | "group_find"
        | "group_invite_code"
        | "group_invite_revoke"
        | "group_leave"
        | "group_participants"
        | "group_invite_code_post"
        | "group_update_name"
        | "group_update_description"
        | "group_metadata"
        | "group_fetch_participants"
        | "group_invite_revoke_post" => group(json!({})),
        _ => json!({}),
    }
}

fn base64_of(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

async fn asked(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}{PATH}{path}", sandbox.url());
    let request = reqwest::Client::new().request(method.parse().expect("a method"), url);
    let request = request.bearer_auth(sandbox.token());
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

async fn there(sandbox: &Sandbox) -> There {
    let picture = base64::engine::general_purpose::STANDARD.decode(TINY);
    let picture = sandbox.write_image_as(ROSA, picture.expect("a picture"), None);
    let group = json!({ "subject": "Vecinos", "participants": [ROSA] });
    let (_, group) = asked(sandbox, "POST", "/api/group/create", &group).await;
    let (_, labels) = asked(sandbox, "GET", "/api/label/find", &Value::Null).await;
    let plan = json!({ "name": "Básico", "is_free": true });
    let (_, plan) = asked(sandbox, "POST", "/api/plan/register", &plan).await;
    let own = sandbox.write_on_phone(ROSA, "a").expect("the shop writes");
    // One domain is one customer's.
    let tenant = json!({
        "name": "Luna", "domain": own, "email": "a@shop.example", "password": "x", "plan_id": plan["id"],
    });
    let (_, tenant) = asked(sandbox, "POST", "/api/tenant/register", &tenant).await;
    let hook = json!({ "webhook": { "enabled": true, "url": "http://127.0.0.1:9/h", "events": [] } });
    asked(sandbox, "POST", "/webhook/set", &hook).await;
    let campaign = json!({ "title": "a", "groups": [1], "message": "b" });
    let (_, campaign) = asked(sandbox, "POST", "/api/campaigns/manual", &campaign).await;
    let call = sandbox.on(0).expect("a number").call_as(ROSA, false);
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    There {
        member: ROSA.to_owned(),
        own,
        picture: picture.expect("a customer sends it"),
        group: text(&group["groupId"]),
        label: text(&labels[0]["id"]),
        call: call.expect("a customer calls"),
        campaign: campaign["id"].clone(),
        tenant: text(&tenant["id"]),
        token: sandbox.token().to_owned(),
    }
}

/// What is documented to be refused: the kind of a message is guessed from its fields, and those of all kinds are of none.
const NOT_AT_ONCE: [&str; 1] = ["message_send: 400 The body is not as documented."];

/// What becomes of every entry, asked so, and is not done.
async fn not_done(given_fields: Given) -> Vec<String> {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&format!("{}{PATH}", sandbox.url())).expect("its address");
    let token = SecretString::from(sandbox.token().to_owned());
    let given = LinkConfig::default()
        .at(&url)
        .with(FieldKey::Instance, "practice")
        .with_secret(FieldKey::Token, token);
    let link = QrBuhoDriver::default().open(given).expect("a link");
    let endpoints = link.endpoints().expect("all of the reference");
    let mut all = Vec::new();
    for endpoint in &catalogue::qr_buho().endpoints {
        sandbox.link();
        let there = there(&sandbox).await;
        let words = told_only_in_words(&endpoint.id, &there);
        all.extend(refused_with(endpoints, endpoint, &words, given_fields).await);
    }
    let key = format!("Bearer {}", sandbox.token());
    none_is_of_an_unknown_path(&sandbox, PATH, ("authorization", &key), &NOT_AT_ONCE).await;
    sandbox.stop().await;
    all
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_qr_buho() {
    let all = not_done(Given::Least).await;
    assert_eq!(all, Vec::<String>::new(), "about what is there each is done");
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_qr_buho_with_all_that_may_be_given() {
    let all = not_done(Given::Whole).await;
    assert_eq!(all, NOT_AT_ONCE, "each as the documentation has it");
}

#[tokio::test]
async fn whatever_a_generation_has_leaves_as_that_generation_documents_it() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&format!("{}{PATH}", sandbox.url())).expect("its address");
    let mut all = Vec::new();
    for (generation, word) in [
        (QrBuhoGeneration::Intermediate, "intermediate"),
        (QrBuhoGeneration::QrApi2, "qrapi2"),
    ] {
        let token = SecretString::from(sandbox.token().to_owned());
        let given = LinkConfig::default()
            .at(&url)
            .with(FieldKey::Instance, "practice")
            .with(FieldKey::Generation, word)
            .with_secret(FieldKey::Token, token);
        let link = QrBuhoDriver::default().open(given).expect("a link");
        let endpoints = link.endpoints().expect("all of the reference");
        sandbox.hold_to(generation);
        let its = catalogue::qr_buho().endpoints.iter();
        for endpoint in its.filter(|one| one.generations.contains(&word)) {
            sandbox.link();
            let there = there(&sandbox).await;
            let mut words = told_only_in_words(&endpoint.id, &there);
            if endpoint.id == "chat_message_base64" && word == "intermediate" {
                words = json!({ "key": { "id": there.picture } });
            }
            let refused = refused_with(endpoints, endpoint, &words, Given::Least).await;
            all.extend(refused.map(|refused| format!("{word} {refused}")));
        }
    }
    assert_eq!(all, Vec::<String>::new(), "each as its generation has it");
    sandbox.stop().await;
}

#[tokio::test]
async fn nobody_enters_without_the_token_but_by_the_door() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let door = ["verify_token", "auth_verify_token"];
    nobody_is_let_in(&sandbox, PATH, catalogue::qr_buho(), "authorization", &door).await;
    sandbox.stop().await;
}

/// One of each kind that the newest generation documents.
fn letters() -> Vec<(&'static str, Value)> {
    let rows = json!([{ "title": "a", "description": "b", "rowId": "1" }]);
    vec![
        (
            "sendText",
            json!({ "text": "hola", "delay": 1, "mention": [ROSA] }),
        ),
        ("sendMedia", json!({ "mediatype": "image", "media": TINY })),
        ("sendMedia", json!({ "mediatype": "video", "media": FILM })),
        (
            "sendMedia",
            json!({ "mediatype": "document", "media": base64_of(b"%PDF-1.4 x"), "filename": "a.pdf" }),
        ),
        ("sendWhatsAppAudio", json!({ "audio": OGG })),
        ("sendPtv", json!({ "video": FILM })),
        (
            "sendLocation",
            json!({ "name": "a", "address": "b", "latitude": -12.5, "longitude": -77.1 }),
        ),
        (
            "sendContact",
            json!({ "contact": { "fullName": "Ana", "phoneNumber": "51900000012" } }),
        ),
        (
            "sendPoll",
            json!({ "name": "¿Sabor?", "selectableCount": 1, "values": ["a", "b"] }),
        ),
        (
            "sendButtons",
            json!({ "title": "a", "buttons": [{ "type": "reply", "displayText": "a", "id": "1" }] }),
        ),
        (
            "sendList",
            json!({ "title": "a", "buttonText": "b", "sections": [{ "title": "c", "rows": rows }] }),
        ),
    ]
}

#[tokio::test]
async fn each_generation_takes_each_kind_that_it_documents_and_the_customer_gets_it() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let mut sent = 0;
    for (kind, mut payload) in letters() {
        payload["number"] = json!(ROSA);
        let body = json!({ "type": kind, "payload": payload });
        let (status, said) = asked(&sandbox, "POST", "/api/send/51900000010", &body).await;
        assert_eq!(status, 200, "{kind}: {said}");
        sent += 1;
    }
    let older = [
        ("/api/message/send-text", json!({ "message": "hola" }), 200),
        ("/api/message/sendText", json!({ "text": "hola" }), 201),
        (
            "/api/message/send-media",
            json!({ "media_type": "audio", "link": "https://shop.example/a.ogg" }),
            200,
        ),
        (
            "/api/message/send/pdf",
            json!({ "message": "a", "file": base64_of(b"%PDF-1.4 x"), "filename": "a.pdf" }),
            200,
        ),
        ("/message/send", json!({ "message": "hola" }), 200),
        (
            "/message/send",
            json!({ "file": base64_of(b"%PDF-1.4 x"), "filename": "a.pdf", "message": "a" }),
            200,
        ),
        ("/message/send", json!({ "audio": OGG }), 200),
        ("/message/send", json!({ "video": FILM }), 200),
        (
            "/message/send",
            json!({ "name": "a", "address": "b", "latitude": -16.5, "longitude": -151.7 }),
            200,
        ),
        (
            "/message/send",
            json!({ "contact": [{ "fullName": "Ana", "phoneNumber": "51900000012" }] }),
            200,
        ),
        (
            "/message/send",
            json!({ "name": "¿Sabor?", "selectableCount": 1, "values": ["a", "b"] }),
            200,
        ),
        (
            "/message/send",
            json!({ "title": "a", "buttons": [{ "type": "reply", "displayText": "a", "id": "1" }] }),
            200,
        ),
    ];
    for (path, mut body, expected) in older {
        body["number"] = json!(ROSA);
        let (status, said) = asked(&sandbox, "POST", path, &body).await;
        assert_eq!(status, expected, "{path} {said}");
        sent += 1;
    }
    assert_eq!(sandbox.ledger_of(ROSA).len(), sent, "each arrived once");
    sandbox.stop().await;
}

#[tokio::test]
async fn each_generation_refuses_what_it_does_not_document_in_its_own_words() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let typed = |kind: &str, payload: Value| json!({ "type": kind, "payload": payload });
    let list = json!({
        "number": ROSA, "title": "a", "buttonText": "b", "footerText": "c", "sections": [{ "title": "d", "rows": [] }],
    });
    let cases = [
        (
            "POST",
            "/api/send/51900000010",
            typed("sendText", json!({ "number": ROSA })),
            422,
            "/errors/payload.text/0",
        ),
        (
            "POST",
            "/api/send/51900000010",
            typed(
                "sendMedia",
                json!({ "number": ROSA, "mediatype": "document", "media": "QQ==" }),
            ),
            422,
            "/errors/payload.filename/0",
        ),
        (
            "POST",
            "/api/send/51900000010",
            typed("sendSticker", json!({ "number": ROSA })),
            422,
            "/errors/type/0",
        ),
        (
            "POST",
            "/api/send/51900000010",
            typed(
                "sendPoll",
                json!({ "number": ROSA, "name": "a", "selectableCount": 1, "values": ["a"] }),
            ),
            422,
            "/errors/payload.values/0",
        ),
        (
            "POST",
            "/api/send/51900000999",
            typed("sendText", json!({ "number": ROSA, "text": "a" })),
            404,
            "/message",
        ),
        (
            "POST",
            "/api/message/send-text",
            json!({ "number": ROSA, "text": "a" }),
            422,
            "/errors/message/0",
        ),
        (
            "POST",
            "/message/send",
            json!({ "number": ROSA }),
            400,
            "/error/response/message/0",
        ),
        ("POST", "/message/send", list, 400, "/error/response/message/0"),
        (
            "POST",
            "/api/devices/create",
            json!({ "name": "a", "phone": "12" }),
            422,
            "/errors/phone/0",
        ),
        (
            "POST",
            "/api/group/participant/update",
            json!({ "groupJid": "x@g.us", "action": "nope", "participants": [ROSA] }),
            400,
            "/response/message/0",
        ),
        (
            "POST",
            "/api/label/handle",
            json!({ "number": ROSA, "labelId": 1, "action": "add" }),
            400,
            "/response/message/0",
        ),
        (
            "POST",
            "/chat/message/update",
            json!({ "number": ROSA, "text": "a" }),
            400,
            "/response/message/0",
        ),
        (
            "DELETE",
            "/chat/message/delete?id=A",
            Value::Null,
            400,
            "/response/message/0",
        ),
        ("GET", "/api/group/find", Value::Null, 400, "/response/message/0"),
        (
            "POST",
            "/call/fake",
            json!({ "number": ROSA, "callDuration": 16 }),
            400,
            "/response/message/0",
        ),
        (
            "POST",
            "/api/tenant/register",
            json!({ "name": "a" }),
            422,
            "/errors/domain/0",
        ),
        (
            "POST",
            "/api/campaigns/manual",
            json!({ "title": "a", "groups": [], "message": "b" }),
            422,
            "/errors/groups/0",
        ),
        ("POST", "/api/tenant/block", json!({}), 404, "/message"),
        ("POST", "/practice/tenant/block", json!({}), 422, "/errors/id/0"),
        ("PUT", "/api/devices/list", json!({}), 404, "/message"),
    ];
    for (method, path, body, expected, place) in cases {
        let (status, said) = asked(&sandbox, method, path, &body).await;
        assert_eq!(status, expected, "{method} {path} {said}");
        let told = said.pointer(place).and_then(Value::as_str);
        assert!(
            told.is_some_and(|told| !told.is_empty()),
            "{method} {path}: {said}"
        );
    }
    assert_eq!(sandbox.ledger_of(ROSA).len(), 0, "nobody got anything");
    sandbox.stop().await;
}

#[tokio::test]
async fn what_the_reseller_registers_is_listed_and_removed() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let plan = json!({ "name": "Básico", "is_free": false, "price": 9.5 });
    let (status, plan) = asked(&sandbox, "POST", "/api/plan/register", &plan).await;
    assert_eq!(status, 201, "a plan");
    let tenant = json!({
        "name": "Luna", "domain": "luna", "email": "a@shop.example", "password": "x", "plan_id": plan["id"],
    });
    let (_, tenant) = asked(&sandbox, "POST", "/api/tenant/register", &tenant).await;
    assert_eq!(tenant["plan"]["name"], "Básico", "with its plan");
    assert!(tenant.get("password").is_none(), "and without its password");
    let (_, listed) = asked(&sandbox, "GET", "/api/tenant/list?domain=luna", &Value::Null).await;
    assert_eq!(listed["meta"]["total"], 1, "listed");
    let (_, others) = asked(&sandbox, "GET", "/api/tenant/list?domain=sol", &Value::Null).await;
    assert_eq!(others["data"], json!([]), "and only where it is asked for");
    let path = format!("/api/tenant/delete/{}", tenant["id"].as_str().expect("an id"));
    for expected in [200, 404] {
        assert_eq!(
            asked(&sandbox, "DELETE", &path, &Value::Null).await.0,
            expected,
            "gone once"
        );
    }
    let campaign = json!({ "title": "a", "groups": [1], "message": "b" });
    let (_, made) = asked(&sandbox, "POST", "/api/campaigns/manual", &campaign).await;
    let path = format!("/api/campaigns/show/{}", made["id"]);
    let (_, shown) = asked(&sandbox, "GET", &path, &Value::Null).await;
    assert_eq!(
        shown["data"]["status"], "pending",
        "a campaign of the gateway's own"
    );
    assert_eq!(
        asked(&sandbox, "GET", "/api/campaigns/show/999", &Value::Null)
            .await
            .0,
        404,
        "not that one"
    );
    sandbox.stop().await;
}

/// A link with these paths, and the operation of this id.
fn link_with(sandbox: &Sandbox, paths: [Option<&str>; 2]) -> Arc<dyn DeviceLink> {
    let url = Url::parse(&format!("{}{PATH}", sandbox.url())).expect("its address");
    let given = LinkConfig::default()
        .at(&url)
        .with(FieldKey::Instance, "practice")
        .with_secret(FieldKey::Token, SecretString::from(sandbox.token().to_owned()))
        .with(FieldKey::BlockPath, paths[0].unwrap_or_default())
        .with(FieldKey::UnblockPath, paths[1].unwrap_or_default());
    QrBuhoDriver::default().open(given).expect("a link")
}

async fn about_customer(link: &Arc<dyn DeviceLink>, id: &str, customer: &str) -> Result<u16, CallProblem> {
    let endpoints = link.endpoints().expect("all of the reference");
    let found = endpoints
        .catalogue()
        .get_unpublished(id)
        .expect("it is mentioned");
    let arguments = Arguments {
        body: Some(json!({ "id": customer })),
        ..Arguments::default()
    };
    endpoints
        .call(&found.endpoint, &arguments)
        .await
        .map(|called| called.status)
}

#[tokio::test]
async fn a_customer_of_the_reseller_is_blocked_where_a_path_was_typed_and_not_else() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let plan = json!({ "name": "Básico", "is_free": true });
    let (_, plan) = asked(&sandbox, "POST", "/api/plan/register", &plan).await;
    let tenant = json!({
        "name": "Luna", "domain": "luna", "email": "a@shop.example", "password": "x", "plan_id": plan["id"],
    });
    let (_, tenant) = asked(&sandbox, "POST", "/api/tenant/register", &tenant).await;
    let luna = tenant["id"].as_str().expect("an id").to_owned();
    let active = async || {
        let (_, listed) = asked(&sandbox, "GET", "/api/tenant/list?domain=luna", &Value::Null).await;
        listed["data"][0]["active"].clone()
    };

    let without = link_with(&sandbox, [None, None]);
    let untyped = &catalogue::qr_buho().unpublished[0];
    let endpoints = without.endpoints().expect("all of the reference");
    assert_eq!(endpoints.typed_path(untyped), None, "nobody has typed it");
    assert!(
        matches!(
            about_customer(&without, "tenant_block", &luna).await,
            Err(CallProblem::Failed(Failure::Rejected { .. }))
        ),
        "so it is not offered, and nothing leaves"
    );
    assert_eq!(active().await, true, "she is let in");

    let paths = [
        Some("/practice/tenant/block"),
        Some("/practice/tenant/{id}/unblock"),
    ];
    let with = link_with(&sandbox, paths);
    let endpoints = with.endpoints().expect("all of the reference");
    let shown = catalogue::qr_buho().unpublished.iter();
    let shown: Vec<_> = shown.map(|one| endpoints.typed_path(one)).collect();
    assert_eq!(shown, paths, "as it was typed");
    assert_eq!(about_customer(&with, "tenant_block", &luna).await.ok(), Some(200));
    assert_eq!(active().await, false, "the customer in the body");
    assert_eq!(
        about_customer(&with, "tenant_unblock", &luna).await.ok(),
        Some(200)
    );
    assert_eq!(active().await, true, "the customer in the path");
    assert_eq!(
        about_customer(&with, "tenant_block", "tenant-999").await.ok(),
        Some(404),
        "there is no such customer"
    );
    assert!(
        matches!(
            about_customer(&with, "tenant_unblock", "..").await,
            Err(CallProblem::Invalid(_))
        ),
        "an id that would name another path"
    );
    sandbox.stop().await;
}
