//! Who may enter: the bearer of the channel's token.
//!
//! One token belongs to one channel. No token at all is 401; a token that belongs to no channel is 404, since to
//! this gateway the channel does not exist. The token is accepted in the header or as the query's `token`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::Refusal;
use crate::premises::Premises;

/// The middleware.
pub(crate) async fn with_token(
    State(premises): State<Arc<Premises>>,
    request: Request,
    next: Next,
) -> Response {
    match shown_token(request.headers(), request.uri().query()) {
        None => Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized").into_response(),
        Some(token) if bool::from(token.as_bytes().ct_eq(premises.token().as_bytes())) => {
            next.run(request).await
        }
        Some(_) => Refusal::not_found("Channel not found").into_response(),
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
