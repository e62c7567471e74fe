//! What dialects share whose gateways pass WhatsApp's own messages on as the Baileys library has them, and whose refusals are
//! `{status, error, response: {message}}`.
//!
//! `shapes` is how things look, `sending` what may be sent, `acting` what is done to messages, `lists` what is looked up, `hooks` the one address that is called.

pub(crate) mod acting;
pub(crate) mod hooks;
pub(crate) mod lists;
pub(crate) mod sending;
pub(crate) mod shapes;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    branch::Branch,
    clock::{Millis, millis},
    dialects::Refusal,
};

/// What a route gives.
pub(crate) type Answered = Result<Response, Refusal>;

/// The answer, or the refusal.
pub(crate) fn answer(outcome: Answered) -> Response {
    outcome.unwrap_or_else(IntoResponse::into_response)
}

/// The backend's own way to say no.
pub(crate) fn no(status: StatusCode, message: Value) -> Refusal {
    let error = status.canonical_reason().unwrap_or("Error");
    let body = json!({ "status": status.as_u16(), "error": error, "response": { "message": message } });
    Refusal(status, body)
}

/// No number is linked: what the library says then.
pub(crate) fn closed() -> Refusal {
    no(StatusCode::INTERNAL_SERVER_ERROR, json!("Connection Closed"))
}

/// How it was asked is wrong.
pub(crate) fn bad(message: &str) -> Refusal {
    no(StatusCode::BAD_REQUEST, json!([message]))
}

/// The body as JSON.
pub(crate) fn given(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| bad("Unexpected token in JSON"))
}

/// A moment as JavaScript writes it.
pub(crate) fn moment(at: Millis) -> String {
    let at = i64::try_from(at)
        .ok()
        .and_then(chrono::DateTime::from_timestamp_millis);
    at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// How far the servers' clocks are from Greenwich: they stand in São Paulo.
const ZONE: Duration = Duration::from_secs(3 * 60 * 60);

/// A moment as these servers write it in their calls: the hands of their own clock, and a `Z` behind them.
pub(crate) fn by_the_servers_clock(at: Millis) -> String {
    moment(at.saturating_sub(millis(ZONE)))
}

/// The branch that the request's token opened.
pub(crate) struct At(pub(crate) Arc<Branch>);

impl<S: Sync> FromRequestParts<S> for At {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let branch = parts.extensions.get::<Arc<Branch>>().cloned();
        branch
            .map(Self)
            .ok_or_else(|| no(StatusCode::UNAUTHORIZED, json!("Unauthorized")))
    }
}
