//! Carries out the faults that were ordered, around the gateway's own routes.
//!
//! The effect of a request is whatever its handler does. A fault *before* the effect never calls the handler; a
//! fault *after* it lets the handler finish and then spoils the answer, so that the world and the client disagree
//! about what happened exactly as they do in the wild.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::sync::oneshot;

use super::cutting::Scissors;
use crate::{clock, dialects, faults::FaultKind, premises::Premises};

const PIECE: usize = 64 * 1024;
static FILLING: [u8; PIECE] = [b' '; PIECE];

/// The middleware: looks for a fault that waits for this request and carries it out.
pub(crate) async fn spoil(
    State(premises): State<Arc<Premises>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let asked = request
        .uri()
        .path_and_query()
        .map_or(path.as_str(), |whole| whole.as_str());
    let fault = premises.take_fault(request.method().as_str(), asked);
    match fault {
        None => {
            let _under_way = premises.under_way();
            next.run(request).await
        }
        Some(FaultKind::Status { code, body, headers }) => refuse(&path, code, body, &headers),
        Some(FaultKind::DelayMs(wait)) => {
            let answer = next.run(request).await;
            clock::sleep(Duration::from_millis(wait)).await;
            answer
        }
        Some(FaultKind::LateEffectMs(wait)) => late(&premises, wait, request, next).await,
        Some(FaultKind::CutBeforeEffect) => cut(&scissors),
        Some(FaultKind::CutAfterEffect) => {
            let _lost = next.run(request).await;
            cut(&scissors)
        }
        Some(FaultKind::TruncatedBody) => truncate(next.run(request).await).await,
        Some(FaultKind::MalformedBody) => {
            let (parts, _lost) = next.run(request).await.into_parts();
            with_body(parts.status, Body::from("{\"sent\": tru<html>"))
        }
        Some(FaultKind::StatusAfterEffect { code, body, headers }) => {
            let _lost = next.run(request).await;
            refuse(&path, code, body, &headers)
        }
        Some(FaultKind::HtmlPage { code }) => page(code),
        Some(FaultKind::SlowBody { bytes_per_second }) => {
            slow(next.run(request).await, bytes_per_second).await
        }
        Some(FaultKind::HugeBody { bytes }) => {
            let (parts, _lost) = next.run(request).await.into_parts();
            with_body(parts.status, endless(bytes))
        }
    }
}

fn refuse(
    path: &str,
    code: u16,
    body: Option<serde_json::Value>,
    headers: &std::collections::BTreeMap<String, String>,
) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => dialects::refuse(path, status),
    };
    for (name, value) in headers {
        let header = (name.parse::<HeaderName>(), HeaderValue::from_str(value));
        if let (Ok(name), Ok(value)) = header {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Runs the handler in a task of its own: a client that gives up does not stop a real gateway either.
async fn late(premises: &Arc<Premises>, wait: u64, request: Request, next: Next) -> Response {
    let (answered, answer) = oneshot::channel();
    premises.tasks().once(async move {
        clock::sleep(Duration::from_millis(wait)).await;
        // The client may have gone; the effect counts all the same.
        let _ = answered.send(next.run(request).await);
    });
    answer
        .await
        .unwrap_or_else(|_stopping| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// What is returned here is never written: the connection is broken first.
fn cut(scissors: &Scissors) -> Response {
    scissors.cut();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Announces the whole length, gives the first half, then breaks off.
async fn truncate(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(1)));
    let pieces = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // Lets the first half leave before the connection ends.
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// What a proxy answers before it reaches the gateway.
fn page(code: u16) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let html = "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>";
    (status, [(header::CONTENT_TYPE, "text/html")], html).into_response()
}

/// The whole answer, in pieces of a tenth of a second's worth.
async fn slow(answer: Response, bytes_per_second: u64) -> Response {
    let (mut parts, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let (piece, pause) = match bytes_per_second {
        0..=9 => (
            1,
            Duration::from_secs(1) / u32::try_from(bytes_per_second.max(1)).unwrap_or(1),
        ),
        more => (
            usize::try_from(more / 10).unwrap_or(usize::MAX),
            Duration::from_millis(100),
        ),
    };
    let pieces = stream::unfold(whole, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        clock::sleep(pause).await;
        let piece = left.split_to(piece.min(left.len()));
        Some((Ok::<_, io::Error>(piece), left))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// Blank space, which a JSON parser would go on reading, in pieces that are made as they are asked for.
fn endless(bytes: u64) -> Body {
    Body::from_stream(stream::unfold(bytes, |left| async move {
        let size = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        (size > 0).then(|| {
            let piece = Bytes::from_static(&FILLING).slice(..size);
            (Ok::<_, io::Error>(piece), left - size as u64)
        })
    }))
}

fn with_body(status: StatusCode, body: Body) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
