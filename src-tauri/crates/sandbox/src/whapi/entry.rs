//! Who may enter: the bearer of a channel's token.
//!
//! One token belongs to one channel. No token at all is 401; a token that belongs to no channel is 404, since to
//! this gateway the channel does not exist. The token is accepted in the header or as the query's `token`. Whoever
//! enters is led to the branch that the token opens; handlers find it as [`At`].

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use url::Url;

use super::Refusal;
use crate::{branch::Branch, premises::Premises};

/// The middleware.
pub(crate) async fn with_token(
    State(premises): State<Arc<Premises>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(token) = shown_token(request.headers(), request.uri().query()) else {
        return Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized").into_response();
    };
    match premises.opened_by(&token) {
        Some(branch) => {
            request.extensions_mut().insert(Arc::clone(branch));
            next.run(request).await
        }
        None => Refusal::not_found("Channel not found").into_response(),
    }
}

/// The branch that the request's token opened.
pub(super) struct At(pub(super) Arc<Branch>);

impl<S: Sync> FromRequestParts<S> for At {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let branch = parts.extensions.get::<Arc<Branch>>().cloned();
        branch
            .map(Self)
            .ok_or(Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized"))
    }
}

fn shown_token(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if let Some(token) = header.and_then(|value| value.strip_prefix("Bearer ")) {
        return Some(token.trim().to_owned()).filter(|token| !token.is_empty());
    }
    let address = Url::parse(&format!("http://localhost/?{}", query?)).ok()?;
    address
        .query_pairs()
        .find(|(name, _)| name == "token")
        .map(|(_, token)| token.into_owned())
}
