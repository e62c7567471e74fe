//! Who may enter: whoever bears a number's token, which is also the password of a sign-in.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::refuse;
use crate::{baileys::given, premises::Premises};

/// The middleware.
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

pub(super) async fn login(State(premises): State<Arc<Premises>>, body: Bytes) -> Response {
    let said = given(&body).unwrap_or_default();
    let password = said["password"].as_str().unwrap_or_default();
    match premises.opened_by(password) {
        Some(branch) => Json(json!({
            "access_token": branch.token(), "token_type": "bearer", "expires_in": 3600,
            "user": { "id": 1, "name": "Practice", "email": said["email"] },
        }))
        .into_response(),
        None => refuse(StatusCode::UNAUTHORIZED).into_response(),
    }
}

pub(super) async fn verify(State(premises): State<Arc<Premises>>, body: Bytes) -> Response {
    let said = given(&body).unwrap_or_default();
    let valid = premises
        .opened_by(said["api_token"].as_str().unwrap_or_default())
        .is_some();
    Json(json!({ "valid": valid })).into_response()
}
