//! The phone panel: a page on which one person plays the shop's phone and its customers.
//!
//! The page is whole in itself (its style and script are part of it), speaks three languages, and shows what comes
//! from outside as text only. Everything it does is a JSON call under `/phone/api`, which tests and tools may use
//! as well:
//!
//! | call | effect |
//! |---|---|
//! | `GET state` | the shop, whether it is linked, whether a code is on show |
//! | `POST scan` | links the number; body `{"code"}` optional, 409 `{"code": …}` when it cannot be |
//! | `POST unlink` | ends the link |
//! | `GET customers` | who can be played, with the last words of each |
//! | `GET customers/{number}` | the conversation as that customer sees it |
//! | `POST customers/{number}/messages` | the customer writes: `{"text"}` or `{"picture": true, "text"?}` |
//! | `POST customers/{number}/read` | the customer opens the chat |
//! | `GET changes?since=N` | waits for something to change, `{"changes": N}` |
//!
//! Each but the last takes `?device=N`, the shop's device that it is about; without it, the first.

mod api;
mod page;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};

use crate::premises::Premises;

/// The page and its calls.
pub(crate) fn router() -> Router<Arc<Premises>> {
    Router::new()
        .route("/phone", get(page::page))
        // Browsers ask for one by themselves; there is none, which is no error.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/phone/api/state", get(api::state))
        .route("/phone/api/scan", post(api::scan))
        .route("/phone/api/letters", post(api::letters))
        .route("/phone/api/passkey", post(api::passkey))
        .route("/phone/api/unlink", post(api::unlink))
        .route("/phone/api/customers", get(api::customers))
        .route("/phone/api/customers/{number}", get(api::conversation))
        .route("/phone/api/customers/{number}/messages", post(api::write))
        .route("/phone/api/customers/{number}/read", post(api::read))
        .route("/phone/api/media/{media}", get(api::picture))
        .route("/phone/api/changes", get(api::changes))
}
