//! WhatsApp API Engine's dialect: a server with one number, a key in a header, and no memory of what was.
//!
//! `entry` lets in whoever has the key, counts the calls and holds them against `contract.tsv`, `session` is the link, `messages`,
//! `bulk` and `contacts` what is sent and looked up, `hooks` the addresses that are called. The messages are the server's own
//! Spanish.

mod bulk;
mod contacts;
mod entry;
mod hooks;
mod messages;
mod session;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

pub(crate) use self::hooks::Desk;
use crate::{
    clock::Millis,
    dialects::{Dialect, Refusal},
    premises::Premises,
};

const PATH: &str = "/dialects/api_engine";

pub(crate) const DIALECT: Dialect = Dialect {
    path: PATH,
    router,
    refuse,
};

fn router(premises: &Arc<Premises>) -> Router<Arc<Premises>> {
    Router::new()
        .route("/api/session/status", get(session::status))
        .route("/api/session/qr", get(session::code))
        .route("/api/session/qr/image", get(session::picture))
        .route("/api/session/profile", get(session::profile))
        .route("/api/session/restart", post(session::restart))
        .route("/api/session/logout", post(session::logout))
        .route("/api/messages/send", post(messages::text))
        .route("/api/messages/send-image", post(messages::image))
        .route("/api/messages/send-document", post(messages::document))
        .route("/api/messages/send-bulk", post(bulk::bulk))
        .route("/api/contacts/check/{phone}", get(contacts::check))
        .route("/api/contacts/check-bulk", post(contacts::check_bulk))
        .route("/api/contacts/info/{phone}", get(contacts::info))
        .route("/api/webhooks/register", post(hooks::register))
        .route("/api/webhooks", get(hooks::list))
        .route("/api/webhooks/{id}", delete(hooks::remove))
        .route("/api/webhooks/{id}/toggle", post(hooks::toggle))
        .layer(middleware::from_fn(entry::as_documented))
        .layer(middleware::from_fn_with_state(
            Arc::clone(premises),
            entry::with_key,
        ))
        .route("/health", get(session::health))
}

type Answered = Result<Response, Refusal>;

/// A success.
fn done(message: Option<&str>, data: Value) -> Response {
    let mut body = json!({ "success": true });
    if let Some(message) = message {
        body["message"] = json!(message);
    }
    if !data.is_null() {
        body["data"] = data;
    }
    Json(body).into_response()
}

fn no(status: StatusCode, error: &str) -> Refusal {
    Refusal(status, json!({ "success": false, "error": error }))
}

const NOT_CONNECTED: &str = "WhatsApp no está conectado";

fn not_connected() -> Refusal {
    let body = json!({ "success": false, "error": NOT_CONNECTED, "code": "WHATSAPP_ERROR" });
    Refusal(StatusCode::SERVICE_UNAVAILABLE, body)
}

/// What the checks of a call's fields found.
fn invalid(found: &[(&str, &str)]) -> Refusal {
    let details: Vec<Value> = found
        .iter()
        .map(|(field, message)| json!({ "field": field, "message": message }))
        .collect();
    let body = json!({ "success": false, "error": "Error de validación", "details": details });
    Refusal(StatusCode::BAD_REQUEST, body)
}

fn refuse(status: StatusCode) -> Refusal {
    let error = match status.as_u16() {
        400 => "Error de validación",
        401 => return key_refused(status, "API Key requerida", "MISSING_API_KEY"),
        403 => return key_refused(status, "API Key inválida", "INVALID_API_KEY"),
        404 => "Ruta no encontrada",
        429 => "Demasiadas solicitudes, por favor intenta más tarde",
        _ => "Error interno del servidor",
    };
    no(status, error)
}

fn key_refused(status: StatusCode, error: &str, code: &str) -> Refusal {
    Refusal(status, json!({ "success": false, "error": error, "code": code }))
}

/// A body that is no JSON is the server's own mistake, it says.
fn given(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| no(StatusCode::BAD_REQUEST, "Error interno del servidor"))
}

fn is_phone(text: &str) -> bool {
    (10..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A moment as JavaScript writes it.
fn moment(at: Millis) -> String {
    let at = i64::try_from(at)
        .ok()
        .and_then(chrono::DateTime::from_timestamp_millis);
    at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
        .unwrap_or_default()
}

fn answer(outcome: Answered) -> Response {
    outcome.unwrap_or_else(IntoResponse::into_response)
}
