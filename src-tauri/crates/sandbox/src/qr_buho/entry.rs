//! Who may enter, and with what: whoever bears a number's token, with a request that is as documented, about a device that is there.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, OriginalUri, Query, Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};

use super::{Generation, PATH, refuse};
use crate::{
    baileys::{bad, given},
    branch::Branch,
    contract::{Operation, Wrong, operation},
    dialects::Refusal,
    premises::Premises,
};

/// This side's own copy of the documentation, as `crate::contract` has it: all three generations in one table.
const TABLE: &str = include_str!("contract.tsv");
/// The same for what is sent: by its type in the newest generation, by what is guessed in the one before the last.
const LETTERS: &str = include_str!("letters.tsv");

/// A file travels inside the body.
const LARGEST: usize = 64 * 1024 * 1024;

/// The middleware that asks for the token.
pub(super) async fn with_token(
    State(premises): State<Arc<Premises>>,
    mut request: Request,
    next: Next,
) -> Response {
    let token = request.headers().get(header::AUTHORIZATION);
    let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match token.and_then(|token| premises.opened_by(token)).cloned() {
        Some(branch) => {
            request.extensions_mut().insert(branch);
            next.run(request).await
        }
        None => refuse(StatusCode::UNAUTHORIZED).into_response(),
    }
}

/// The middleware that holds the request against the documentation.
pub(super) async fn as_documented(OriginalUri(uri): OriginalUri, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let generation = parts
        .extensions
        .get::<Arc<Branch>>()
        .and_then(|branch| branch.desks().qr_buho.generation());
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let path = uri.path().strip_prefix(PATH).unwrap_or(uri.path());
    let Some(operation) = operation(TABLE, &parts.method, path) else {
        return refuse(StatusCode::NOT_FOUND).into_response();
    };
    let another = generation.is_some_and(|generation| is_another(generation, &operation, &uri, &body));
    let another = another.then_some(Wrong::Other);
    if let Some(wrong) = another.or_else(|| wrong(&operation, &uri, &body)) {
        return worded(path, &wrong, "").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// What is asked for by `GET` and `DELETE` stands in the query; the recorded calls have it in a body instead.
fn wrong(operation: &Operation, uri: &Uri, body: &[u8]) -> Option<Wrong> {
    let mut values = values(uri);
    if operation.method != "POST" && !body.is_empty() {
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return Some(Wrong::Other);
        };
        values.extend(fields.into_iter().map(|(name, value)| (name, spelt(value))));
    }
    operation.wrong(&values, body)
}

/// Recorded with a body, where the generation before has a query.
const WITH_A_BODY: [&str; 5] = [
    "/api/group/find",
    "/api/group/participants",
    "/api/group/invite/code",
    "/api/group/invite/revoke",
    "/chat/message/delete",
];

/// Is it asked as in another generation than this one?
fn is_another(generation: Generation, operation: &Operation, uri: &Uri, body: &[u8]) -> bool {
    let named_by = |field: &str| {
        let said: Value = serde_json::from_slice(body).unwrap_or_default();
        operation.path != "/chat/message/base64" || said[field].is_object()
    };
    match generation {
        Generation::Intermediate => (operation.method != "POST" && !body.is_empty()) || !named_by("key"),
        Generation::QrApi2 => {
            (WITH_A_BODY.contains(&operation.path) && uri.query().is_some()) || !named_by("message")
        }
    }
}

fn values(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map_or_else(|_| Vec::new(), |Query(values)| values)
}

fn spelt(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Is a message of this type, or of this guess, as documented?
pub(super) fn check_letter(path: &str, kind: &str, fields: &Value) -> Result<(), Refusal> {
    let body = fields.to_string();
    let letter = operation(LETTERS, &Method::POST, kind);
    let letter = letter.ok_or_else(|| worded(path, &Wrong::Missing("type"), ""))?;
    let above = if path.starts_with("/api/send/") {
        "payload."
    } else {
        ""
    };
    letter
        .wrong(&[], body.as_bytes())
        .map_or(Ok(()), |wrong| Err(worded(path, &wrong, above)))
}

/// Laravel's own words, or the backend's where the call is passed on to it.
fn worded(path: &str, wrong: &Wrong, above: &str) -> Refusal {
    let (field, said) = match wrong {
        Wrong::Missing(name) => (*name, format!("The {name} field is required.")),
        Wrong::NoChoice(name, _) => (*name, format!("The selected {name} is invalid.")),
        Wrong::TooShort(name, least) => (*name, format!("The {name} must have at least {least} items.")),
        Wrong::Other => ("body", "The body is not as documented.".to_owned()),
    };
    match path {
        "/message/send" => guess_refused(bad(&said)),
        _ if is_passed_on(path) => bad(&said),
        _ => invalid(&format!("{above}{field}"), &said),
    }
}

fn is_passed_on(path: &str) -> bool {
    const PASSED_ON: [&str; 7] = [
        "/chat/",
        "/group/",
        "/call/",
        "/webhook/",
        "/message/",
        "/api/group/",
        "/api/label/",
    ];
    PASSED_ON.iter().any(|beginning| path.starts_with(beginning))
}

/// What a field has to be.
pub(super) fn invalid(field: &str, said: &str) -> Refusal {
    let body =
        json!({ "success": false, "message": "The given data was invalid.", "errors": { field: [said] } });
    Refusal(StatusCode::UNPROCESSABLE_ENTITY, body)
}

/// The generation that guesses wraps the backend's refusals once more.
pub(super) fn guess_refused(Refusal(status, body): Refusal) -> Refusal {
    Refusal(status, json!({ "error": body, "code": status.as_u16() }))
}

/// What the request says, in its query and its body alike.
pub(super) struct Told(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Told {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let asked = values(request.uri()).into_iter();
        let mut told: Map<String, Value> = asked.map(|(name, text)| (name, json!(text))).collect();
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| refuse(StatusCode::BAD_REQUEST))?;
        if !body.is_empty() {
            match given(&body)? {
                Value::Object(fields) => told.extend(fields),
                _ => return Err(bad("Unexpected token in JSON")),
            }
        }
        Ok(Self(Value::Object(told)))
    }
}

impl Told {
    /// A text; what is not there is empty.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }
}
