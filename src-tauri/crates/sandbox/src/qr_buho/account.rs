//! Signing in: the number's token is also its password. Whoever registers somebody gets their own token again.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    entry::{Told, invalid},
    refuse,
};
use crate::{
    baileys::{At, moment},
    branch::Branch,
    clock,
    premises::Premises,
};

type House = State<Arc<Premises>>;

/// `word`: what this page of the documentation calls the token.
fn let_in(premises: &Premises, told: &Told, word: &str) -> Response {
    match premises.opened_by(told.text("password")) {
        Some(branch) => Json(pass(branch, told, word)).into_response(),
        None => refuse(StatusCode::UNAUTHORIZED).into_response(),
    }
}

fn pass(branch: &Branch, told: &Told, word: &str) -> Value {
    let name = told.0.get("name").cloned().unwrap_or_else(|| json!("Practice"));
    let mut pass = json!({
        word: branch.token(), "user": { "id": 1, "name": name, "email": told.0["email"] },
    });
    if word == "access_token" {
        pass["token_type"] = json!("bearer");
        pass["expires_in"] = json!(3600);
    }
    pass
}

pub(super) async fn login(State(premises): House, told: Told) -> Response {
    let_in(&premises, &told, "access_token")
}

pub(super) async fn older_login(State(premises): House, told: Told) -> Response {
    let_in(&premises, &told, "api_token")
}

pub(super) async fn register(At(branch): At, told: Told) -> Response {
    if told.text("password") != told.text("password_confirmation") {
        return invalid("password", "The password confirmation does not match.").into_response();
    }
    (StatusCode::CREATED, Json(pass(&branch, &told, "access_token"))).into_response()
}

pub(super) async fn verify(State(premises): House, told: Told) -> Response {
    let valid = premises.opened_by(told.text("api_token")).is_some();
    let at = moment(clock::now());
    let user = json!({ "id": 1, "name": "Practice", "email": "practice@shop.example", "updated_at": at });
    Json(json!({ "valid": valid, "user": if valid { user } else { Value::Null } })).into_response()
}

/// The token stays good: it is the number's own.
pub(super) async fn logout() -> Response {
    Json(json!({ "message": "Successfully logged out" })).into_response()
}
