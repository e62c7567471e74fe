//! Who may enter, and with what: whoever has a number's key, with a request that is as documented, about an instance that is there.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{OriginalUri, Query, Request, State},
    http::{HeaderMap, StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{PATH, refuse};
use crate::{
    baileys::{At, bad, no},
    contract::{Wrong, operation},
    dialects::Refusal,
    premises::Premises,
};

/// This side's own copy of the documentation, as `crate::contract` has it.
const TABLE: &str = include_str!("contract.tsv");

/// A file travels inside the body.
const LARGEST: usize = 64 * 1024 * 1024;

/// The middleware that asks for the key.
pub(super) async fn with_key(
    State(premises): State<Arc<Premises>>,
    headers: HeaderMap,
    mut request: Request,
    next: Next,
) -> Response {
    let key = headers.get("apikey").and_then(|value| value.to_str().ok());
    match key.and_then(|key| premises.opened_by(key)).cloned() {
        Some(branch) => {
            request.extensions_mut().insert(branch);
            next.run(request).await
        }
        None => refuse(StatusCode::UNAUTHORIZED).into_response(),
    }
}

/// The middleware that holds the request against the documentation.
pub(super) async fn as_documented(
    At(branch): At,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let path = uri.path().strip_prefix(PATH).unwrap_or(uri.path());
    let path = if path.is_empty() { "/" } else { path };
    let Some(operation) = operation(TABLE, &parts.method, path) else {
        let said = format!("Cannot {} {path}", parts.method);
        return no(StatusCode::NOT_FOUND, json!([said])).into_response();
    };
    if operation.path.ends_with("{name}") && !branch.desks().evolution.has_instance() {
        return not_there(path).into_response();
    }
    if let Some(wrong) = operation.wrong(&values(&uri), &body) {
        return worded(&wrong, path).into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn values(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map_or_else(|_| Vec::new(), |Query(values)| values)
}

/// There is no instance of the name that the path ends in.
fn not_there(path: &str) -> Refusal {
    let name = path.rsplit('/').next().unwrap_or_default();
    let said = format!("The \"{name}\" instance does not exist");
    no(StatusCode::NOT_FOUND, json!([said]))
}

fn worded(wrong: &Wrong, path: &str) -> Refusal {
    let said: Value = match wrong {
        Wrong::Missing("getParticipants") => {
            return bad("The getParticipants needs to be informed in the query");
        }
        Wrong::Missing(name) => format!("instance requires property \"{name}\"").into(),
        Wrong::NoChoice(name, choices) => {
            format!("{name} is not one of enum values: {}", choices.replace('|', ",")).into()
        }
        Wrong::TooShort(name, least) => format!("{name} does not meet minimum length of {least}").into(),
        Wrong::Other => format!("{path} is not of a type(s) object").into(),
    };
    no(StatusCode::BAD_REQUEST, json!([[said]]))
}
