//! Every entry of a catalogue, called with the least that its schema allows: the practice shop, which holds requests against its own
//! copy of the documentation, takes each of them.

#![allow(
    clippy::expect_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "code of tests"
)]

use std::sync::Arc;

use mostrador_gateways::catalogue::{
    self, Arguments, Body, Endpoint, Field, FileArgument, Kind, Place, Schema,
};
use mostrador_gateways::evolution::EvolutionDriver;
use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{
    CallProblem, Called, Content, DeviceLink, Driver, Endpoints, FieldKey, LinkConfig, Surroundings,
};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use url::Url;

const ROSA: &str = "51900000011";

/// The smallest value that a schema takes, with ids that the practice shop knows where a name asks for one.
fn least(name: &str, schema: &Schema) -> Value {
    let known = match name {
        "number" | "numbers" | "phoneNumber" | "to" | "ContactID" | "PhoneNumber" | "EntryID" | "phone"
        | "callFrom" | "author" => Some(ROSA.to_owned()),
        "remoteJid" | "ChatID" | "AssociationID" | "application" => Some(format!("{ROSA}@s.whatsapp.net")),
        "media" | "images" => Some(format!("data:image/png;base64,{TINY}")),
        "vcard" => Some("BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL:+51900000011\nEND:VCARD".to_owned()),
        "id" | "LabelID" => Some("19".to_owned()),
        "url" => Some("http://127.0.0.1:9/hook".to_owned()),
        "ContactIDList" | "participants" | "contacts" => Some(ROSA.to_owned()),
        _ => None,
    };
    match schema.kind {
        Kind::String => Value::String(known.unwrap_or_else(|| "1764000000".to_owned())),
        Kind::Enum => json!(schema.choices.first()),
        Kind::Integer | Kind::Number => json!(schema.min.unwrap_or(1.0).max(1.0) as u64),
        Kind::Boolean => json!(true),
        Kind::Array => {
            let count = schema.min.unwrap_or(1.0).max(1.0) as usize;
            let item = |at: usize| match (schema.items.as_deref(), name) {
                (Some(items), "options" | "values") if items.kind == Kind::String => {
                    json!(format!("option {at}"))
                }
                (Some(items), _) => least(name, items),
                (None, _) => json!(ROSA),
            };
            (0..count).map(item).collect()
        }
        Kind::Object => object(&schema.fields),
    }
}

fn object(fields: &[Field]) -> Value {
    let needed = fields.iter().filter(|field| field.required);
    Value::Object(
        needed
            .map(|field| (field.name.clone(), least(&field.name, &field.schema)))
            .collect::<Map<_, _>>(),
    )
}

const TINY: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn least_of(endpoint: &Endpoint, told_only_in_words: &Value) -> Arguments {
    use base64::Engine as _;
    let mut arguments = Arguments::default();
    for parameter in &endpoint.parameters {
        if parameter.field.required || parameter.place == Place::Path {
            let field = &parameter.field;
            arguments
                .parameters
                .insert(field.name.clone(), least(&field.name, &field.schema));
        }
    }
    match &endpoint.body {
        Some(Body::Json { fields, .. }) => {
            let mut body = object(fields);
            for (name, value) in told_only_in_words.as_object().into_iter().flatten() {
                body[name] = value.clone();
            }
            arguments.body = Some(body);
        }
        Some(Body::File { .. }) => {
            arguments.file = Some(FileArgument {
                media_type: "image/png".to_owned(),
                bytes: base64::engine::general_purpose::STANDARD
                    .decode(TINY)
                    .expect("a picture"),
            });
        }
        None => {}
    }
    arguments
}

/// What the documentation asks for in words and its schema does not: one of several fields, or a file of the right kind.
fn told_only_in_words(id: &str) -> Value {
    let media = |of: &str, bytes: &str| json!({ "media": format!("data:{of};base64,{bytes}") });
    match id {
        "sendMessageVideo" | "sendMessageShort" | "sendMessageGif" => {
            media("video/mp4", "AAAAGGZ0eXBpc29tAAAAAGlzb21tcDQy")
        }
        "sendMessageAudio" | "sendMessageVoice" => {
            media("audio/ogg", "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE9wdXNIZWFk")
        }
        "sendMessageContactList" => {
            json!({ "list": [{ "name": "A", "vcard": "BEGIN:VCARD\nFN:A\nEND:VCARD" }] })
        }
        "sendMessageInteractive" => json!({
            "body": { "text": "a" },
            "action": { "buttons": [{ "type": "quick_reply", "title": "a", "id": "1" }] },
        }),
        "sendMessageStory" | "createStory" => json!({ "caption": "a" }),
        "patchChat" => json!({ "pin": true }),
        "updateGroupInfo" => json!({ "subject": "a" }),
        "createCollection" => json!({ "products": [] }),
        "editLabel" => json!({ "name": "a" }),
        _ => json!({}),
    }
}

/// Refused with 400 for what is not there, as documented: a collection, and a webhook that does not answer.
const NOT_THERE: [&str; 5] = [
    "webhookTest",
    "getCollection",
    "editCollection",
    "deleteCollection",
    "getCollectionProductList",
];

/// Taken: done, or refused for what is (not) in the shop and not for how it was asked.
fn is_taken(called: &Called) -> bool {
    let no_such_path = match &called.content {
        Content::Json(body) => {
            body["error"]["message"] == "Not found"
                || body["response"]["message"][0]
                    .as_str()
                    .is_some_and(|said| said.starts_with("Cannot") || said.contains("does not exist"))
        }
        Content::Bytes(_) | Content::Empty => false,
    };
    matches!(called.status, 200..300 | 403 | 409) || (called.status == 404 && !no_such_path)
}

/// Calls an operation; what is wrong with it, if the shop does not take it.
async fn refused(endpoints: &dyn Endpoints, endpoint: &'static Endpoint, words: &Value) -> Option<String> {
    match endpoints.call(endpoint, &least_of(endpoint, words)).await {
        Ok(called) if is_taken(&called) => None,
        Ok(called) => Some(format!("{}: {}", endpoint.id, called.status)),
        Err(CallProblem::Invalid(problems)) => Some(format!("{}: {problems:?}", endpoint.id)),
        Err(CallProblem::Failed(failure)) => Some(format!("{}: {failure:?}", endpoint.id)),
    }
}

async fn shop() -> (Sandbox, Arc<dyn DeviceLink>) {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&sandbox.url()).expect("its address");
    let token = SecretString::from(sandbox.token().to_owned());
    let given = LinkConfig::default().at(&url).with_secret(FieldKey::Token, token);
    let link = WhapiDriver::default().open(given).expect("a link");
    (sandbox, link)
}

#[tokio::test]
async fn the_practice_shop_takes_every_entry_with_the_least_that_its_schema_allows() {
    let (sandbox, link) = shop().await;
    let endpoints = link.endpoints().expect("all of the reference");
    let mut all = Vec::new();
    for endpoint in &catalogue::whapi().endpoints {
        sandbox.link();
        let told = refused(endpoints, endpoint, &told_only_in_words(&endpoint.id)).await;
        let expected = NOT_THERE.contains(&endpoint.id.as_str());
        all.extend(told.filter(|told| !(expected && told.ends_with(": 400"))));
    }
    assert_eq!(all, Vec::<String>::new(), "each as the documentation has it");
    sandbox.stop().await;
}

#[tokio::test]
async fn the_practice_shop_refuses_what_its_own_copy_of_the_documentation_forbids() {
    let (sandbox, _) = shop().await;
    let client = reqwest::Client::new();
    let post = |path: &str, body: Value| {
        let url = format!("{}{path}", sandbox.url());
        client.post(url).bearer_auth(sandbox.token()).json(&body).send()
    };
    let without_title = post("/messages/quiz", json!({ "to": ROSA, "options": ["a", "b"] })).await;
    let wrong_kind = post("/communities", json!({ "subject": 1, "description": "a" })).await;
    let no_such_verb = post("/bots", json!({})).await;
    let status = |answer: reqwest::Result<reqwest::Response>| answer.expect("an answer").status().as_u16();
    assert_eq!(status(without_title), 400, "a quiz has a title");
    assert_eq!(status(wrong_kind), 400, "a subject is a text");
    assert_eq!(status(no_such_verb), 405, "the list of bots is only read");
    sandbox.stop().await;
}

/// What Evolution's documentation asks for in words: one of several fields, or a message that is there.
fn told_only_in_evolutions_words(id: &str, own: &str, picture: &str) -> Value {
    let key = json!({ "id": own, "remoteJid": format!("{ROSA}@s.whatsapp.net"), "fromMe": true });
    let ogg = "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE9wdXNIZWFk";
    match id {
        "message_send_media" => json!({ "media": TINY }),
        "message_send_ptv" => json!({ "video": "AAAAGGZ0eXBpc29tAAAAAGlzb21tcDQy" }),
        "message_send_audio" => json!({ "audio": ogg }),
        "message_send_sticker" => json!({ "sticker": WEBP }),
        "message_send_status" => json!({ "content": "hoy hay lúcuma" }),
        "message_send_buttons" => {
            json!({ "title": "a", "buttons": [{ "type": "reply", "displayText": "a", "id": "1" }] })
        }
        "message_send_reaction" => json!({ "key": key, "reaction": "👍" }),
        "chat_update_message" => json!({ "number": ROSA, "text": "a", "key": key }),
        "chat_delete_message" => key,
        "chat_media_base64" => json!({ "message": { "key": { "id": picture } } }),
        _ => json!({}),
    }
}

const WEBP: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

#[tokio::test]
async fn the_practice_shop_takes_every_entry_of_evolution_too() {
    use base64::Engine as _;
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    sandbox.link();
    let url = Url::parse(&format!("{}/dialects/evolution", sandbox.url())).expect("its address");
    let given = LinkConfig::default()
        .at(&url)
        .with(FieldKey::Instance, "practice")
        .with_secret(FieldKey::Token, SecretString::from(sandbox.token().to_owned()));
    let surroundings = Surroundings {
        elapsed: Arc::new(|| std::time::Duration::ZERO),
    };
    let link = EvolutionDriver::new(&surroundings).open(given).expect("a link");
    let endpoints = link.endpoints().expect("all of the reference");
    let own = sandbox.write_on_phone(ROSA, "a").expect("the shop writes");
    let picture = base64::engine::general_purpose::STANDARD.decode(TINY);
    let picture = sandbox
        .write_image_as(ROSA, picture.expect("a picture"), None)
        .expect("a customer sends it");
    let mut all = Vec::new();
    for endpoint in &catalogue::evolution().endpoints {
        match endpoint.id.as_str() {
            // A template is for an instance at Meta's own interface; the library's kind refuses it.
            "message_send_template" => continue,
            "instance_delete" => {
                sandbox.unlink();
            }
            _ => {
                sandbox.link();
            }
        }
        let words = told_only_in_evolutions_words(&endpoint.id, &own, &picture);
        all.extend(refused(endpoints, endpoint, &words).await);
        if endpoint.id == "instance_delete" {
            let create = catalogue::evolution()
                .get("instance_create")
                .expect("it makes one");
            all.extend(refused(endpoints, create, &json!({})).await);
        }
    }
    assert_eq!(all, Vec::<String>::new(), "each as the documentation has it");
    sandbox.stop().await;
}

#[tokio::test]
async fn evolutions_refusals_are_worded_as_they_were_recorded() {
    let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.expect("a port");
    let client = reqwest::Client::new();
    let poll = json!({ "number": ROSA, "name": "q", "selectableCount": 1, "values": ["a"] });
    let label = json!({ "number": ROSA, "labelId": "1", "action": "nope" });
    let key_missing = [
        "key requires property \"id\"",
        "key requires property \"remoteJid\"",
        "key requires property \"fromMe\"",
    ];
    let cases = [
        (
            "POST",
            "/message/sendText/demo",
            json!({ "number": ROSA }),
            400,
            json!([["instance requires property \"text\""]]),
        ),
        (
            "POST",
            "/message/sendText/demo",
            json!({ "number": ROSA, "text": "hola" }),
            500,
            json!("Connection Closed"),
        ),
        (
            "POST",
            "/message/sendPoll/demo",
            poll,
            400,
            json!([["values does not meet minimum length of 2"]]),
        ),
        (
            "POST",
            "/message/sendReaction/demo",
            json!({ "key": {}, "reaction": "a" }),
            400,
            json!([key_missing]),
        ),
        (
            "POST",
            "/label/handleLabel/demo",
            label,
            400,
            json!([["action is not one of enum values: add,remove"]]),
        ),
        (
            "GET",
            "/group/fetchAllGroups/demo",
            Value::Null,
            400,
            json!(["The getParticipants needs to be informed in the query"]),
        ),
        (
            "DELETE",
            "/instance/logout/demo",
            Value::Null,
            400,
            json!(["The \"demo\" instance is not connected"]),
        ),
        (
            "POST",
            "/instance/create",
            json!({ "instanceName": "demo" }),
            403,
            json!(["This name \"demo\" is already in use."]),
        ),
        ("GET", "/nope", Value::Null, 404, json!(["Cannot GET /nope"])),
    ];
    for (method, path, body, status, message) in cases {
        let url = format!("{}/dialects/evolution{path}", sandbox.url());
        let method = method.parse().expect("a method");
        let request = client.request(method, url).header("apikey", sandbox.token());
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let said: Value = answer.json().await.expect("JSON");
        assert_eq!(said["response"]["message"], message, "{path}");
    }
    sandbox.stop().await;
}
