//! Every answer of a gateway bears its clock.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use chrono::DateTime;

use crate::premises::Premises;

/// The middleware: writes the present moment of the simulated world, unless the answer bears another one already.
pub(crate) async fn date(State(premises): State<Arc<Premises>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = i64::try_from(premises.now()).unwrap_or(i64::MAX);
    let written = DateTime::from_timestamp_millis(now)
        .map(|now| now.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .and_then(|written| HeaderValue::from_str(&written).ok());
    if let Some(written) = written {
        response.headers_mut().entry(header::DATE).or_insert(written);
    }
    response
}
