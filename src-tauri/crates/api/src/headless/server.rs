//! The HTTP face of a shop.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures_util::Stream;
use mostrador_domain::{MediaId, PictureId};
use mostrador_engine::chance::{Chance, secret_word};
use mostrador_engine::supervisor::Crew;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use super::guard::{self, Guard};
use crate::commands::dispatch;
use crate::error::{ApiError, ErrorCode};
use crate::events::Events;
use crate::shop::Shop;

/// The largest call: an operation of the Explorer with a file in base64. What is sent to customers comes in pieces of 1 MiB.
const MAX_BODY: usize = 48 * 1024 * 1024;

/// What a page of ours may do: load its own files, talk to this address, show what it was given as a picture.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
     img-src 'self' blob: data:; media-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where a running face is.
pub struct Headless {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// The token of this run.
    pub token: String,
}

/// Why it cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("port {port} of this computer cannot be used: {source}")]
pub struct StartError {
    port: u16,
    source: std::io::Error,
}

#[derive(Clone)]
pub(super) struct Face {
    pub(super) guard: Guard,
    shop: Arc<Shop>,
    /// Ends the streams of events, which would go on for ever.
    stop: CancellationToken,
}

/// Serves a shop on a port of loopback (0 = any) as a task of `crew`, with the window's files if `ui` says where they are.
///
/// # Errors
/// The port is taken.
pub async fn start(
    shop: Arc<Shop>,
    crew: &Crew,
    port: u16,
    ui: Option<PathBuf>,
    chance: &dyn Chance,
) -> Result<Headless, StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| StartError { port, source })?;
    let port = listener
        .local_addr()
        .map_err(|source| StartError { port, source })?
        .port();
    let token = secret_word(chance) + &secret_word(chance);
    let face = Face {
        guard: Guard {
            port,
            token: SecretString::from(token.clone()),
        },
        shop,
        stop: crew.token(),
    };
    let router = router(face, ui);
    crew.spawn_graceful("headless server", |stop| async move {
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(stop.cancelled_owned())
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the server has ended");
        }
    });
    Ok(Headless {
        url: format!("http://127.0.0.1:{port}"),
        token,
    })
}

fn router(face: Face, ui: Option<PathBuf>) -> Router {
    let closed = Router::new()
        .route("/api/{command}", post(command))
        .route("/events", get(events))
        .route("/media/{id}", get(media))
        .route("/media/{id}/small", get(media_small))
        .route("/picture/{id}", get(picture))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(face.clone(), guard::with_token));
    let mut all = Router::new().merge(closed);
    if let Some(folder) = ui {
        let index = ServeFile::new(folder.join("index.html"));
        all = all.fallback_service(ServeDir::new(folder).fallback(index));
    }
    all.layer(middleware::from_fn_with_state(face.clone(), guard::at_home))
        .layer(always(header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .layer(always(header::CACHE_CONTROL, "no-store"))
        .with_state(face)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

async fn command(State(face): State<Face>, Path(name): Path<String>, body: Bytes) -> Response {
    let args = if body.is_empty() {
        Ok(serde_json::Value::Null)
    } else {
        serde_json::from_slice(&body)
    };
    let Ok(args) = args else {
        return error_response(&ErrorCode::BadRequest.into());
    };
    // A caller that hangs up drops this call, and may not drop a command half done with it.
    let shop = Arc::clone(&face.shop);
    let done = face
        .shop
        .engine()
        .supervisor()
        .to_the_end(async move { dispatch(&shop, &name, args).await });
    match done.await.unwrap_or_else(|| Err(ErrorCode::Internal.into())) {
        Ok(result) => Json(result).into_response(),
        Err(error) => error_response(&error),
    }
}

pub(super) fn error_response(error: &ApiError) -> Response {
    (status(error.code), Json(error)).into_response()
}

/// The HTTP status of a code: for tools; our own callers read the code.
fn status(code: ErrorCode) -> StatusCode {
    use ErrorCode as C;
    match code {
        C::Unauthorized => StatusCode::UNAUTHORIZED,
        C::UnknownCommand | C::NotFound => StatusCode::NOT_FOUND,
        C::BadRequest
        | C::NumberInvalid
        | C::UrlInvalid
        | C::FieldMissing
        | C::FieldInvalid
        | C::MessageEmpty
        | C::MessageTooLong => StatusCode::BAD_REQUEST,
        C::MediaTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        C::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        C::MediaUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        C::GatewayUnreachable | C::GatewayError | C::AnotherServer | C::Uncertain => StatusCode::BAD_GATEWAY,
        C::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        C::StorageFull | C::StorageBusy | C::StorageFailed => StatusCode::SERVICE_UNAVAILABLE,
        C::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        C::TokenMissing
        | C::TokenRejected
        | C::SessionKeyRejected
        | C::KeyringUnavailable
        | C::KeyringLocked
        | C::Restricted
        | C::NotLinked
        | C::DeviceUnknown
        | C::AlreadyLinked
        | C::NotOffered
        | C::MediaMissing
        | C::StateChanged
        | C::WrittenTo => StatusCode::CONFLICT,
    }
}

async fn events(State(face): State<Face>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = face.shop.events();
    let stream = futures_util::stream::unfold((events, face.stop), |(mut events, stop)| async move {
        let event = stop.run_until_cancelled(Events::next(&mut events)).await??;
        let data = serde_json::to_string(&event).unwrap_or_default();
        Some((Ok(Event::default().data(data)), (events, stop)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// A picture's bytes, as nothing but a picture.
async fn media(State(face): State<Face>, Path(id): Path<i64>) -> Response {
    match face.shop.engine().media_bytes(MediaId(id)).await {
        Ok((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        Err(error) => error_response(&error.into()),
    }
}

/// The same of a picture that is shown small.
async fn media_small(State(face): State<Face>, Path(id): Path<i64>) -> Response {
    match face.shop.engine().media_small(MediaId(id)).await {
        Ok((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        Err(error) => error_response(&error.into()),
    }
}

/// A small copy of somebody's picture.
async fn picture(State(face): State<Face>, Path(id): Path<i64>) -> Response {
    match face.shop.engine().picture(PictureId(id)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        Err(error) => error_response(&error.into()),
    }
}
