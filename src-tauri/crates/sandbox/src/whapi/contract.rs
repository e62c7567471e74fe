//! What the dialect documents and the simulated WhatsApp has nothing behind: held against the documentation, answered
//! plausibly, and without any effect.
//!
//! What carries fields is held against it whoever answers it.
//!
//! `contract.tsv` is this side's own copy of the facts, as `crate::contract` has it; its last column is what comes back.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Query, Request},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing::any,
};
use serde_json::json;

use super::{
    Refusal, Routes,
    entry::At,
    given::wrong,
    said::{Said, done},
};
use crate::contract::{Operation, operation};

/// A file may travel inside the body.
const LARGEST: usize = 256 * 1024 * 1024;

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

/// The middleware that holds what carries documented fields against the table; what comes in another form, or in parts, each call reads
/// itself.
pub(super) async fn as_documented(request: Request, next: Next) -> Response {
    let operation = operation(TABLE, request.method(), request.uri().path());
    let kind = request.headers().get(header::CONTENT_TYPE);
    let in_json = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"application/json"));
    let Some(operation) = operation.filter(|operation| in_json && operation.takes_fields()) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return Refusal::with_status(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let Query(mut query) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).unwrap_or_default();
    // Whoever may enter may say so there.
    query.retain(|(name, _)| name != "token");
    if operation.wrong(&query, &body).is_some() {
        return wrong().into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// Answers an operation by the table.
pub(super) async fn answer(
    At(branch): At,
    method: Method,
    uri: Uri,
    Query(mut query): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response {
    query.retain(|(name, _)| name != "token");
    let Some(operation) = operation(TABLE, &method, uri.path()) else {
        return Refusal::with_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    };
    if !branch.is_linked() {
        return Refusal::with_status(StatusCode::UNAUTHORIZED).into_response();
    }
    if operation.wrong(&query, &body).is_some() {
        return wrong().into_response();
    }
    plausible(&operation).into_response()
}

/// A list is empty, and whatever else is asked for was done: there is nothing behind it.
fn plausible(operation: &Operation) -> Said {
    let last = operation
        .path
        .rsplit('/')
        .find(|segment| !segment.starts_with('{'));
    match (operation.method, last) {
        ("GET", Some(list)) if operation.query.iter().any(|field| field.name == "count") => {
            Said(json!({ list: [], "count": 0, "total": 0, "offset": 0 }))
        }
        ("GET", Some(_)) => Said(json!({})),
        _ => done(),
    }
}
