//! QR Búho's dialect: a bearer token, paths with and without `/api` before them, and WhatsApp's messages as the library behind
//! it has them.
//!
//! `entry` lets in whoever has the token, `devices` is the link, `sending` all three generations of sends, `lists` what is looked
//! up, `hooks` the one address that is called; how things look is in `crate::baileys`. Here there is one device; it is called `practice` too.

mod devices;
mod entry;
mod hooks;
mod lists;
mod sending;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    middleware,
    routing::{delete, get, post},
};
use serde_json::json;

use crate::{
    baileys::no,
    dialects::{Dialect, Refusal},
    premises::Premises,
};

pub(crate) const DIALECT: Dialect = Dialect {
    path: "/dialects/qr_buho",
    router,
    refuse,
};

fn router(premises: &Arc<Premises>) -> Router<Arc<Premises>> {
    Router::new()
        .route("/api/devices/list", get(devices::list))
        .route("/api/devices/fetch", get(devices::fetch))
        .route("/api/devices/create", post(devices::create))
        .route("/api/devices/delete/{id}", delete(devices::remove))
        .route("/api/send/{instance}", post(sending::typed))
        .route("/api/message/send-text", post(sending::older_text))
        .route("/api/message/send/pdf", post(sending::older_pdf))
        .route("/message/send", post(sending::guessed))
        .route("/api/chat/find", get(lists::chats))
        .route("/chat/find", post(lists::all_chats))
        .route("/api/chat/read", post(lists::read_chat))
        .route("/chat/message/mark-read", post(lists::mark_read))
        .route("/chat/message/find", post(lists::messages))
        .route("/chat/message/base64", post(lists::file))
        .route("/chat/numbers/check", post(lists::check))
        .route("/api/chat/findContacts/{instance}", post(lists::contacts))
        .route("/api/group/find/all", get(lists::groups))
        .route("/api/group/all", get(lists::groups))
        .route("/api/group/metadata", post(lists::group))
        .route("/api/group/find", get(lists::group))
        .route("/webhook/set", post(hooks::set))
        .route("/webhook/find", get(hooks::find))
        .layer(middleware::from_fn_with_state(
            Arc::clone(premises),
            entry::with_token,
        ))
        .route("/api/login", post(entry::login))
        .route("/api/verify_token", post(entry::verify))
}

fn refuse(status: StatusCode) -> Refusal {
    let body = match status.as_u16() {
        401 => json!({ "success": false, "message": "Unauthenticated." }),
        403 => json!({ "error": "Message limit reached", "timestamp": "2026-01-13T02:49:56.031Z" }),
        404 => json!({ "success": false, "message": "Not found" }),
        _ => return no(status, json!([status.canonical_reason().unwrap_or("Error")])),
    };
    Refusal(status, body)
}
