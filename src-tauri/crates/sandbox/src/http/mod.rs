//! The HTTP around the simulated WhatsApp.
//!
//! Three groups of routes share one port: the gateways' dialects (with their tokens, and with the faults that were
//! ordered), the phone panel, and the sandbox's own switches (both without a token, for this machine only).

mod acts;
pub(crate) mod control;
pub(crate) mod cutting;
mod dating;
pub(crate) mod guard;
mod spoiling;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware};

use crate::{dialects, phone, premises::Premises, whapi, world::HEAVIEST};

/// Base64 makes a file a third heavier; the rest of a request is small.
const HEAVIEST_REQUEST: usize = HEAVIEST / 3 * 4 + 64 * 1024;

/// Everything that the sandbox serves.
pub(crate) fn router(premises: Arc<Premises>) -> Router {
    let spoken = whapi::router(&premises)
        .merge(dialects::router(&premises))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&premises),
            spoiling::spoil,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&premises),
            dating::date,
        ));
    let own = phone::router()
        .merge(control::router())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&premises),
            guard::only_from_here,
        ));
    spoken
        .merge(own)
        .fallback(async || whapi::Refusal::with_status(StatusCode::NOT_FOUND))
        .layer(DefaultBodyLimit::max(HEAVIEST_REQUEST))
        .with_state(premises)
}
