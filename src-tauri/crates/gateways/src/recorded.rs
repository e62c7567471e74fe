//! What real servers answered, as it was recorded: each exchange comes through the operations as it is.

use serde_json::{Value, json};

use crate::catalogue::{Arguments, Body, Endpoint, Field, Kind, Place, Schema};
use crate::peer::{Peer, Reply};
use crate::{CallProblem, Called, Content, DeviceLink};
use mostrador_domain::Failure;

/// A request and what came back.
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// All of a recording. Where no status was stored it was a success.
pub(crate) fn read(text: &str) -> Vec<Exchange> {
    let all: Vec<Value> = serde_json::from_str(text).expect("the recording is JSON");
    let one = |item: &Value| Exchange {
        method: item["method"].as_str().expect("a method").to_owned(),
        path: item["path"].as_str().expect("a path").to_owned(),
        status: item["status"]
            .as_u64()
            .map_or(200, |status| u16::try_from(status).expect("a status")),
        body: item["body"].clone(),
    };
    all.iter().map(one).collect()
}

impl Exchange {
    /// The same answer again. What was no JSON is the text that it was.
    pub(crate) fn reply(&self) -> Reply {
        let body = self
            .body
            .as_str()
            .map_or_else(|| self.body.to_string(), str::to_owned);
        Reply::json(self.status, &body)
    }

    fn is_of(&self, endpoint: &Endpoint) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        let (wanted, told): (Vec<_>, Vec<_>) =
            (endpoint.path.split('/').collect(), path.split('/').collect());
        let mut parts = wanted.iter().zip(&told);
        endpoint.method == self.method
            && wanted.len() == told.len()
            && parts.all(|(wanted, told)| wanted.starts_with('{') || wanted == told)
    }
}

/// The least that a schema takes.
fn least(schema: &Schema) -> Value {
    match schema.kind {
        Kind::Array => {
            let item = schema
                .items
                .as_deref()
                .map_or_else(|| json!("51900000021"), least);
            json!(vec![item; schema.min.unwrap_or(1.0).max(1.0) as usize])
        }
        Kind::Boolean => json!(true),
        Kind::Integer | Kind::Number => json!(schema.min.unwrap_or(1.0).max(1.0) as u64),
        Kind::Enum => json!(schema.choices[0]),
        Kind::Object => needed(&schema.fields),
        Kind::String => json!("51900000021"),
    }
}

fn needed(fields: &[Field]) -> Value {
    let needed = fields.iter().filter(|field| field.required);
    needed
        .map(|field| (field.name.clone(), least(&field.schema)))
        .collect()
}

fn arguments(endpoint: &Endpoint) -> Arguments {
    let mut arguments = Arguments::default();
    for parameter in &endpoint.parameters {
        if parameter.field.required || parameter.place == Place::Path {
            let field = &parameter.field;
            arguments
                .parameters
                .insert(field.name.clone(), least(&field.schema));
        }
    }
    if let Some(Body::Json { fields, .. }) = &endpoint.body {
        arguments.body = Some(needed(fields));
    }
    arguments
}

/// Lets each exchange happen once more, through the operations of a link that `open` gives. What is an answer is the recorded one to the
/// letter; what is none comes back with its status, and what is no documented call by its path.
pub(crate) async fn through_operations(
    exchanges: &[Exchange],
    open: impl Fn(&Peer) -> std::sync::Arc<dyn DeviceLink>,
) -> (usize, Vec<(u16, Failure)>, Vec<String>) {
    let (mut same, mut failed, mut unknown) = (0, Vec::new(), Vec::new());
    for exchange in exchanges {
        let peer = Peer::start(vec![exchange.reply()]).await;
        let link = open(&peer);
        let endpoints = link.endpoints().expect("all of the reference");
        let all = &endpoints.catalogue().endpoints;
        // Of two that fit, the one with fewer values in it.
        let fitting = all.iter().filter(|endpoint| exchange.is_of(endpoint));
        let Some(endpoint) = fitting.min_by_key(|endpoint| endpoint.path.matches('{').count()) else {
            unknown.push(exchange.path.clone());
            continue;
        };
        match endpoints.call(endpoint, &arguments(endpoint)).await {
            Ok(Called { status, content, .. }) => {
                assert_eq!(status, exchange.status, "{}", exchange.path);
                match (content, &exchange.body) {
                    (Content::Json(body), recorded) => assert_eq!(&body, recorded, "{}", exchange.path),
                    (Content::Bytes(bytes), Value::String(text)) => {
                        assert_eq!(bytes, text.as_bytes(), "{}", exchange.path);
                    }
                    _ => panic!("{}: something came back", exchange.path),
                }
                same += 1;
            }
            Err(CallProblem::Failed(failure)) => failed.push((exchange.status, failure)),
            Err(CallProblem::Invalid(problems)) => panic!("{}: {problems:?}", exchange.path),
        }
    }
    (same, failed, unknown)
}
