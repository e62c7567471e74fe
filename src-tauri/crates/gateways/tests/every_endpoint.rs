//! Every entry of Whapi's catalogue, called with the least that its schema allows: the practice shop, which holds requests
//! against its own copy of the documentation, takes each of them.

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
use mostrador_gateways::whapi::WhapiDriver;
use mostrador_gateways::{CallProblem, Called, Content, DeviceLink, Driver, FieldKey, LinkConfig};
use mostrador_sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use url::Url;

const ROSA: &str = "51900000011";

/// The smallest value that a schema takes, with ids that the practice shop knows where a name asks for one.
fn least(name: &str, schema: &Schema) -> Value {
    let known = match name {
        "to" | "ContactID" | "PhoneNumber" | "EntryID" | "phone" | "callFrom" | "author" => {
            Some(ROSA.to_owned())
        }
        "ChatID" | "AssociationID" | "application" => Some(format!("{ROSA}@s.whatsapp.net")),
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
                (Some(items), "options") if items.kind == Kind::String => json!(format!("option {at}")),
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

fn least_of(endpoint: &Endpoint) -> Arguments {
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
            for (name, value) in told_only_in_words(&endpoint.id).as_object().into_iter().flatten() {
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
        Content::Json(body) => body["error"]["message"] == "Not found",
        Content::Bytes(_) | Content::Empty => false,
    };
    matches!(called.status, 200..300 | 403 | 409) || (called.status == 404 && !no_such_path)
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
    let mut refused = Vec::new();
    for endpoint in &catalogue::whapi().endpoints {
        sandbox.link();
        match endpoints.call(endpoint, &least_of(endpoint)).await {
            Ok(called) if is_taken(&called) => {}
            Ok(called) if called.status == 400 && NOT_THERE.contains(&endpoint.id.as_str()) => {}
            Ok(called) => refused.push(format!("{}: {}", endpoint.id, called.status)),
            Err(CallProblem::Invalid(problems)) => refused.push(format!("{}: {problems:?}", endpoint.id)),
            Err(CallProblem::Failed(failure)) => refused.push(format!("{}: {failure:?}", endpoint.id)),
        }
    }
    assert_eq!(refused, Vec::<String>::new(), "each as the documentation has it");
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
