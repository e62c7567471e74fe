//! What the dialect documents and the simulated WhatsApp has nothing behind: held against the documentation, answered
//! plausibly, and without any effect.
//!
//! `contract.tsv` is this side's own copy of the facts, one operation a line: verb, path, values of the query, what the
//! body is (`-`, `json`, `file`), its fields, what comes back. A field is `name:kind`, with `!` where it must be given.

use axum::{
    Router,
    body::Bytes,
    extract::Query,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
    routing::any,
};
use serde_json::{Value, json};

use super::{
    Refusal, Routes,
    entry::At,
    given::wrong,
    said::{Said, done},
};

const TABLE: &str = include_str!("contract.tsv");

/// Paths on which the dialect's other files have no verb at all.
const PATHS: &[&str] = &[
    "/bots",
    "/business/cart",
    "/business/cart/enabled",
    "/business/categories",
    "/business/limits/new_chat",
    "/business/limits/reachout_timelock",
    "/business/orders",
    "/business/verified_names",
    "/business/verified_names/{user}",
    "/communities",
    "/communities/event",
    "/communities/{community}",
    "/communities/{community}/admins",
    "/communities/{community}/createGroup",
    "/communities/{community}/link",
    "/communities/{community}/participants",
    "/communities/{community}/settings",
    "/communities/{community}/subgroups",
    "/communities/{community}/{group}",
    "/communities/{community}/{group}/join",
    "/groups/{group}/applications",
    "/messages/event",
    "/messages/question",
    "/messages/quiz",
    "/messages/{message}/comment",
    "/newsletters",
    "/newsletters/find",
    "/newsletters/recommended",
    "/newsletters/invite/{code}/subscription",
    "/newsletters/link/{code}",
    "/newsletters/{newsletter}",
    "/newsletters/{newsletter}/admins/{contact}",
    "/newsletters/{newsletter}/invite/{contact}",
    "/newsletters/{newsletter}/messages",
    "/newsletters/{newsletter}/messages/{message}/paid_partnership",
    "/newsletters/{newsletter}/subscription",
    "/newsletters/{newsletter}/tracking",
    "/users/account/registration_date",
    "/users/gdpr",
    "/users/info",
];

pub(super) fn routes() -> Routes {
    PATHS
        .iter()
        .fold(Router::new(), |routes, path| routes.route(path, any(answer)))
}

/// Answers an operation by the table.
pub(super) async fn answer(
    At(branch): At,
    method: Method,
    uri: Uri,
    Query(query): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response {
    let Some(operation) = operation(&method, uri.path()) else {
        return Refusal::with_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    };
    if !branch.is_linked() {
        return Refusal::with_status(StatusCode::UNAUTHORIZED).into_response();
    }
    if !operation.takes(&query, &body) {
        return wrong().into_response();
    }
    operation.said().into_response()
}

struct Operation {
    method: &'static str,
    path: &'static str,
    query: Vec<Field>,
    body: &'static str,
    fields: Vec<Field>,
}

struct Field {
    name: &'static str,
    needed: bool,
    kind: &'static str,
}

fn fields(text: &'static str) -> Vec<Field> {
    let field = |one: &'static str| {
        let (name, kind) = one.rsplit_once(':')?;
        let bare = name.strip_suffix('!');
        Some(Field {
            name: bare.unwrap_or(name),
            needed: bare.is_some(),
            kind,
        })
    };
    text.split(';').filter_map(field).collect()
}

/// The operation; of two paths that fit the one with fewer values in it.
fn operation(method: &Method, path: &str) -> Option<Operation> {
    let fitting = TABLE.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        let (verb, template) = (columns.next()?, columns.next()?);
        let (query, body, shape) = (columns.next()?, columns.next()?, columns.next()?);
        (verb == method.as_str() && fits(template, path)).then(|| Operation {
            method: verb,
            path: template,
            query: fields(query),
            body,
            fields: fields(shape),
        })
    });
    fitting.min_by_key(|operation| operation.path.matches('{').count())
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

impl Operation {
    fn takes(&self, query: &[(String, String)], body: &[u8]) -> bool {
        let told = |field: &Field| {
            query
                .iter()
                .find(|(name, _)| name == field.name)
                .map(|(_, text)| text.as_str())
        };
        let query_fits = self.query.iter().all(|field| match told(field) {
            None => !field.needed,
            Some(text) => field.is_spelt(text),
        });
        query_fits && self.carries(body)
    }

    fn carries(&self, body: &[u8]) -> bool {
        match self.body {
            "file" => !body.is_empty(),
            "json" if body.is_empty() => !self.fields.iter().any(|field| field.needed),
            "json" => serde_json::from_slice::<Value>(body).is_ok_and(|body| {
                self.fields.iter().all(|field| match body.get(field.name) {
                    None | Some(Value::Null) => !field.needed,
                    Some(value) => field.is(value),
                })
            }),
            _ => true,
        }
    }

    /// A list is empty, and whatever else is asked for was done: there is nothing behind it.
    fn said(&self) -> Said {
        let last = self.path.rsplit('/').find(|segment| !segment.starts_with('{'));
        match (self.method, last) {
            ("GET", Some(list)) if self.query.iter().any(|field| field.name == "count") => {
                Said(json!({ list: [], "count": 0, "total": 0, "offset": 0 }))
            }
            ("GET", Some(_)) => Said(json!({})),
            _ => done(),
        }
    }
}

impl Field {
    fn is_spelt(&self, text: &str) -> bool {
        match self.kind {
            "number" | "integer" => text.parse::<f64>().is_ok(),
            "boolean" => matches!(text, "true" | "false"),
            "string" | "array" | "object" => true,
            choices => choices.split('|').any(|choice| choice == text),
        }
    }

    fn is(&self, value: &Value) -> bool {
        match (self.kind, value) {
            ("string", Value::String(_))
            | ("number", Value::Number(_))
            | ("boolean", Value::Bool(_))
            | ("array", Value::Array(_))
            | ("object", Value::Object(_)) => true,
            ("integer", Value::Number(number)) => number.as_f64().is_some_and(|whole| whole.fract() == 0.0),
            (choices, Value::String(text)) => choices.split('|').any(|choice| choice == text),
            _ => false,
        }
    }
}
