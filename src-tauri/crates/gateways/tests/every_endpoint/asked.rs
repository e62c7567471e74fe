//! The least that a schema allows, asked of a link; and who is let in.

use mostrador_gateways::catalogue::{
    Arguments, Body, Catalogue, Endpoint, Field, FileArgument, Kind, Place, Schema,
};
use mostrador_gateways::{CallProblem, Called, Content, Endpoints};
use mostrador_sandbox::Sandbox;
use serde_json::{Map, Value, json};

pub(crate) const ROSA: &str = "51900000011";

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
        "background_color" | "caption_color" => Some("#1a2b3c".to_owned()),
        "instance" => Some("51900000010".to_owned()),
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
        Kind::Object => object(&schema.fields, Given::Least),
    }
}

fn object(fields: &[Field], given: Given) -> Value {
    let told = fields
        .iter()
        .filter(|field| field.required || given == Given::Whole);
    Value::Object(
        told.map(|field| (field.name.clone(), least(&field.name, &field.schema)))
            .collect::<Map<_, _>>(),
    )
}

pub(crate) const TINY: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// What is told in words takes the place of what was found by the schema; `null` = it is not given.
fn put(fields: &mut Map<String, Value>, name: &str, told: &Value) {
    if let (Some(Value::Object(within)), Value::Object(more)) = (fields.get_mut(name), told) {
        for (name, told) in more {
            put(within, name, told);
        }
    } else if told.is_null() {
        fields.remove(name);
    } else {
        fields.insert(name.to_owned(), told.clone());
    }
}

fn arguments_of(endpoint: &Endpoint, told_only_in_words: &Value, given: Given) -> Arguments {
    use base64::Engine as _;
    let mut arguments = Arguments::default();
    for parameter in &endpoint.parameters {
        if parameter.field.required || parameter.place == Place::Path || given == Given::Whole {
            let field = &parameter.field;
            arguments
                .parameters
                .insert(field.name.clone(), least(&field.name, &field.schema));
        }
    }
    let (mut body, carries_json) = match &endpoint.body {
        Some(Body::Json { fields, .. }) => (object(fields, given), true),
        Some(Body::File { .. }) => {
            arguments.file = Some(FileArgument {
                media_type: "image/png".to_owned(),
                bytes: base64::engine::general_purpose::STANDARD
                    .decode(TINY)
                    .expect("a picture"),
            });
            (json!({}), false)
        }
        None => (json!({}), false),
    };
    for (name, value) in told_only_in_words.as_object().into_iter().flatten() {
        let in_address = endpoint.parameters.iter().any(|one| one.field.name == *name);
        match body.as_object_mut().filter(|_| carries_json && !in_address) {
            Some(fields) => put(fields, name, value),
            None => put(&mut arguments.parameters, name, value),
        }
    }
    arguments.body = carries_json.then_some(body);
    arguments
}

/// Which of the values that need not be given are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// None.
    Least,
    /// All.
    Whole,
}

/// The words of a refusal, in whichever shape they come.
fn why(called: &Called) -> &str {
    const PLACES: [&str; 8] = [
        "/error/message",
        "/error/response/message/0",
        "/response/message/0/0",
        "/response/message/0",
        "/response/message",
        "/errors/payload/0",
        "/message",
        "/error",
    ];
    let Content::Json(said) = &called.content else {
        return "";
    };
    let told = |place: &&str| said.pointer(place)?.as_str();
    PLACES.iter().find_map(told).unwrap_or_default()
}

/// Is none of these refusals what a path that is nowhere gets?
pub(crate) async fn none_is_of_an_unknown_path(
    sandbox: &Sandbox,
    path: &str,
    key: (&str, &str),
    told: &[&str],
) {
    let url = format!("{}{path}/nowhere/at/all", sandbox.url());
    let answer = reqwest::Client::new().get(url).header(key.0, key.1).send().await;
    let called = Called {
        status: 404,
        headers: Vec::new(),
        media_type: None,
        content: Content::Json(answer.expect("an answer").json().await.expect("JSON")),
    };
    let nowhere = why(&called).replace("/nowhere/at/all", "");
    assert!(!nowhere.is_empty(), "it says something");
    for refused in told {
        let (_, words) = refused.split_once(": ").expect("an id, a status and words");
        let (_, words) = words.split_once(' ').expect("a status and words");
        assert!(
            !words.is_empty() && !words.starts_with(&nowhere),
            "{refused}: a path that is nowhere"
        );
    }
}

/// Calls an operation with as much as is told; what became of it, if it was not done.
pub(crate) async fn refused_with(
    endpoints: &dyn Endpoints,
    endpoint: &'static Endpoint,
    words: &Value,
    given: Given,
) -> Option<String> {
    match endpoints
        .call(endpoint, &arguments_of(endpoint, words, given))
        .await
    {
        Ok(called) if matches!(called.status, 200..300) => None,
        Ok(called) => Some(format!("{}: {} {}", endpoint.id, called.status, why(&called))),
        Err(CallProblem::Invalid(problems)) => Some(format!("{}: {problems:?}", endpoint.id)),
        Err(CallProblem::Failed(failure)) => Some(format!("{}: {failure:?}", endpoint.id)),
    }
}

/// Each operation without its key, with a wrong one and with the right one under another header: nobody is let in but by `open`.
pub(crate) async fn nobody_is_let_in(
    sandbox: &Sandbox,
    path: &str,
    catalogue: &Catalogue,
    key: &str,
    open: &[&str],
) {
    let client = reqwest::Client::new();
    for endpoint in &catalogue.endpoints {
        let place = endpoint.path.replace(['{', '}'], "");
        let url = format!("{}{path}{place}", sandbox.url());
        let method: reqwest::Method = endpoint.method.parse().expect("a method");
        let with = |header: &str, value: &str| {
            let request = client.request(method.clone(), &url).json(&object_of(endpoint));
            request.header(header, value.to_owned()).send()
        };
        let scheme = if key == "authorization" { "Bearer " } else { "" };
        for (header, value) in [
            ("x-nothing", "x".to_owned()),
            (key, format!("{scheme}another")),
            ("x-other-key", sandbox.token().to_owned()),
        ] {
            let status = with(header, &value).await.expect("an answer").status().as_u16();
            let is_open = open.contains(&endpoint.id.as_str());
            assert_eq!(
                matches!(status, 401 | 403),
                !is_open,
                "{} with {header}: {status}",
                endpoint.id
            );
        }
    }
}

fn object_of(endpoint: &Endpoint) -> Value {
    match &endpoint.body {
        Some(Body::Json { fields, .. }) => object(fields, Given::Least),
        _ => json!({}),
    }
}
