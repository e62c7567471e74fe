//! Who may enter, how often, and with what: a hundred calls in a quarter of an hour, whatever they are, told above every answer; and a
//! request that is as documented.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, OriginalUri, Request, State},
    http::{HeaderValue, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{PATH, invalid, refuse};
use crate::{
    branch::Branch,
    clock::Millis,
    contract::{Wrong, operation},
    dialects::Refusal,
    premises::Premises,
};

/// This side's own copy of the documentation, as `crate::contract` has it.
const TABLE: &str = include_str!("contract.tsv");

/// The server reads no more.
const LARGEST: usize = 10 * 1024 * 1024;

pub(super) const CALLS: u32 = 100;
const WINDOW: Millis = 900_000;

/// The calls of the present window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    began: Millis,
    calls: u32,
}

/// What is told of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    pub(super) refused: bool,
    remaining: u32,
    resets_at: Millis,
    wait: Millis,
}

impl Counted {
    /// Counts one more.
    pub(super) fn count(&mut self, now: Millis) -> Left {
        if now >= self.began.saturating_add(WINDOW) {
            *self = Self { began: now, calls: 0 };
        }
        self.calls = self.calls.saturating_add(1);
        let resets_at = self.began.saturating_add(WINDOW);
        Left {
            refused: self.calls > CALLS,
            remaining: CALLS.saturating_sub(self.calls),
            resets_at,
            wait: resets_at.saturating_sub(now),
        }
    }
}

/// The middleware.
pub(super) async fn with_key(
    State(premises): State<Arc<Premises>>,
    mut request: Request,
    next: Next,
) -> Response {
    let key = request.headers().get("x-api-key").cloned();
    let opened = key
        .as_ref()
        .and_then(|key| premises.opened_by(key.to_str().ok()?))
        .cloned();
    // Calls are counted by where they come from, and not by their key: a stranger's count too.
    let counting = opened.as_ref().or_else(|| premises.branch(0));
    let Some(counting) = counting.cloned() else {
        return refuse(StatusCode::NOT_FOUND).into_response();
    };
    let left = counting.look(|_, now| counting.desks().api_engine.count(now));
    let mut response = match (left.refused, key, opened) {
        (true, ..) => refuse(StatusCode::TOO_MANY_REQUESTS).into_response(),
        (_, None, _) => refuse(StatusCode::UNAUTHORIZED).into_response(),
        (_, Some(_), None) => refuse(StatusCode::FORBIDDEN).into_response(),
        (_, Some(_), Some(branch)) => {
            request.extensions_mut().insert(branch);
            next.run(request).await
        }
    };
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(CALLS));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left.remaining));
    headers.insert(
        "x-ratelimit-reset",
        HeaderValue::from(left.resets_at.div_ceil(1000)),
    );
    if left.refused {
        headers.insert("retry-after", HeaderValue::from(left.wait.div_ceil(1000)));
    }
    response
}

/// The middleware that holds the request against the documentation. What is missing, and what is no JSON, each call words itself.
pub(super) async fn as_documented(OriginalUri(uri): OriginalUri, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let path = uri.path().strip_prefix(PATH).unwrap_or(uri.path());
    let Some(operation) = operation(TABLE, &parts.method, path) else {
        return refuse(StatusCode::NOT_FOUND).into_response();
    };
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
    match operation.wrong(&[], &body) {
        Some(Wrong::Other | Wrong::NoChoice(..)) if is_json => {
            invalid(&[("body", "Tipo de dato inválido")]).into_response()
        }
        _ => next.run(Request::from_parts(parts, Body::from(body))).await,
    }
}

/// The branch that the request's key opened.
pub(super) struct At(pub(super) Arc<Branch>);

impl<S: Sync> FromRequestParts<S> for At {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let branch = parts.extensions.get::<Arc<Branch>>().cloned();
        branch.map(Self).ok_or_else(|| refuse(StatusCode::UNAUTHORIZED))
    }
}
