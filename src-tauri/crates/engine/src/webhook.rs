//! The listener that gateways call when something happens.
//!
//! It binds loopback only: gateways on this computer reach it, and a tunnel that the shop brings. Each device has a route of
//! its own with a secret of 128 bits in its path and another in a header, or in the key of a signature; all are compared in constant time and are made anew
//! at each start. A call is answered 200 only after what it says is committed: what we could not store, the gateway keeps and
//! sends again. Browsers have no business here: a call with an Origin, or for another host, is refused.
//!
//! Whoever does not know the secrets can do little: his body is not read, a line that falls silent is closed, and there are
//! never more than a fixed number of lines ([`door`]).
//!
//! Each call of somebody who knows a path is written down with what became of it ([`diary`]); [`health`] is drawn from that.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::any;
use mostrador_domain::{DeviceId, Inbound, UnixMillis};
use mostrador_gateways::{CallProof, DeviceLink, WebhookTarget, Webhooks};
use mostrador_store::Change;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use url::Url;

use crate::chance::{Chance, secret_word};
use crate::crash;
use crate::ingest::Ingest;
use crate::session::{Command, Desk};
use crate::supervisor::Crew;
use diary::{Came, Diary, Held};
use door::Door;
use inspector::Saying;

/// The first part of our paths, by which an earlier registration of ours is known.
pub(crate) const PREFIX: &str = "/mostrador-hook/";
/// The header in which a gateway repeats its second secret.
const SECRET_HEADER: &str = "x-mostrador-secret";
/// The largest call that is read.
const MAX_BODY: usize = 1024 * 1024;
/// How long the body of a call may take.
const BODY_TIME: Duration = Duration::from_secs(5);

mod diary;
mod door;
mod health;
mod inspector;
mod redacted;

pub use diary::{Delivery, EventKind, Verdict};
pub use health::{RouteHealth, WhyClosed};
pub use inspector::Replayed;

/// Where one device's calls arrive.
struct Route {
    path_secret: SecretString,
    header_secret: SecretString,
    device: DeviceId,
    link: Arc<dyn DeviceLink>,
    session: mpsc::Sender<Command>,
    media_wanted: Arc<Notify>,
    deaf: Arc<AtomicBool>,
    calls: Arc<AtomicU64>,
    diary: Arc<Mutex<Diary>>,
    /// Rings at each call that was written down.
    called: Arc<Notify>,
}

/// What became of a call, and what is kept of it.
struct Outcome {
    status: StatusCode,
    verdict: Verdict,
    kinds: Vec<EventKind>,
    held: Option<Held>,
    size: Option<u32>,
}

impl Outcome {
    fn refused(status: StatusCode, verdict: Verdict) -> Self {
        Self {
            status,
            verdict,
            kinds: Vec::new(),
            held: None,
            size: None,
        }
    }

    fn of_size(self, bytes: usize) -> Self {
        Self {
            size: u32::try_from(bytes).ok(),
            ..self
        }
    }
}

/// Whose path was called.
enum Caller {
    /// The gateway's own, as far as the head tells.
    Known(Arc<Route>),
    /// The path is right, the header is not.
    Unproved(Arc<Route>),
}

/// The listener; clones share it.
#[derive(Clone)]
pub(crate) struct WebhookListener {
    address: SocketAddr,
    routes: Arc<Mutex<Vec<Arc<Route>>>>,
    ingest: Ingest,
}

impl WebhookListener {
    /// Binds a free port of loopback and serves it as a task of `crew`.
    pub(crate) async fn start(crew: &Crew, ingest: Ingest) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let this = Self {
            address,
            routes: Arc::default(),
            ingest,
        };
        let router = Router::new()
            .route(&format!("{PREFIX}{{secret}}"), any(without_tail))
            .route(&format!("{PREFIX}{{secret}}/{{*tail}}"), any(with_tail))
            .with_state(this.clone());
        crew.spawn_graceful("webhook listener", |stop| async move {
            let served = axum::serve(Door::new(listener), router)
                .with_graceful_shutdown(stop.cancelled_owned())
                .await;
            if let Err(error) = served {
                tracing::error!(%error, "the webhook listener has ended");
            }
        });
        Ok(this)
    }

    /// Opens a route for a session's device (in place of an earlier one) and says where it is.
    pub(crate) fn open(&self, desk: &Desk, chance: &dyn Chance) -> Option<WebhookTarget> {
        let mut route = Route {
            path_secret: SecretString::from(secret_word(chance)),
            header_secret: SecretString::from(secret_word(chance)),
            device: desk.device,
            link: Arc::clone(&desk.link),
            session: desk.commands.clone(),
            media_wanted: Arc::clone(&desk.media_wanted),
            deaf: Arc::clone(&desk.deaf),
            calls: Arc::clone(&desk.calls),
            diary: Arc::default(),
            called: Arc::default(),
        };
        let target = self.target(&route)?;
        let mut routes = self.lock();
        if let Some(earlier) = routes.iter().find(|route| route.device == desk.device) {
            route.diary = Arc::clone(&earlier.diary);
        }
        routes.retain(|route| route.device != desk.device);
        routes.push(Arc::new(route));
        Some(target)
    }

    /// Where a route is.
    fn target(&self, route: &Route) -> Option<WebhookTarget> {
        let secret = route.path_secret.expose_secret();
        let url = Url::parse(&format!("http://{}{PREFIX}{secret}", self.address)).ok()?;
        Some(WebhookTarget {
            url,
            header: Some((SECRET_HEADER.to_owned(), route.header_secret.clone())),
        })
    }

    /// Closes a device's route.
    pub(crate) fn close(&self, device: DeviceId) {
        self.lock().retain(|route| route.device != device);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Route>>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The route whose secrets these are. Every route is compared, so that time tells nothing. A gateway that cannot repeat the
    /// header signs instead: that is checked once there is something signed.
    fn route(&self, path_secret: &str, headers: &HeaderMap) -> Option<Caller> {
        let told = headers
            .get(SECRET_HEADER)
            .map(|value| value.as_bytes())
            .unwrap_or_default();
        let mut found = None;
        for route in self.lock().iter() {
            let path = same(
                route.path_secret.expose_secret().as_bytes(),
                path_secret.as_bytes(),
            );
            let header = same(route.header_secret.expose_secret().as_bytes(), told);
            let signs = route.proof() != Some(CallProof::Header);
            if path {
                let route = Arc::clone(route);
                found = Some(if header | signs {
                    Caller::Known(route)
                } else {
                    Caller::Unproved(route)
                });
            }
        }
        found
    }

    /// Takes a call in. Who sent it is checked before any of its body is read: a stranger costs us a head and no more.
    async fn take(&self, request: Request, secret: &str, tail: &str) -> StatusCode {
        let (head, body) = request.into_parts();
        if head.headers.contains_key(header::ORIGIN) || !is_for_loopback(&head.headers) {
            return StatusCode::FORBIDDEN;
        }
        let began = self.ingest.clock.elapsed();
        let (route, outcome) = match self.route(secret, &head.headers) {
            None => return StatusCode::NOT_FOUND,
            Some(Caller::Unproved(route)) => {
                let refused = Outcome::refused(StatusCode::NOT_FOUND, Verdict::BadSignature);
                (route, refused)
            }
            Some(Caller::Known(route)) => {
                // Whether or not it can be taken: it calls.
                route.calls.fetch_add(1, Ordering::Relaxed);
                let outcome = self.read(&route, &head, body, tail).await;
                (route, outcome)
            }
        };
        let took = self.ingest.clock.elapsed().saturating_sub(began);
        let status = outcome.status;
        route.note(self.ingest.clock.now(), took, outcome);
        self.ingest.store.announce(Change::Hooks(route.device));
        status
    }

    /// Reads a call whose head is right, and stores what it says.
    async fn read(&self, route: &Route, head: &Parts, body: Body, tail: &str) -> Outcome {
        let malformed = |status| Outcome::refused(status, Verdict::Malformed);
        let Some(webhooks) = route.link.webhooks() else {
            return malformed(StatusCode::NOT_FOUND);
        };
        let body = match tokio::time::timeout(BODY_TIME, to_bytes(body, MAX_BODY)).await {
            Ok(Ok(body)) => body,
            Ok(Err(error)) if is_too_long(&error) => return malformed(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => return malformed(StatusCode::BAD_REQUEST),
            Err(_) => return malformed(StatusCode::REQUEST_TIMEOUT),
        };
        if !is_genuine(webhooks, &head.headers, &body, &route.header_secret) {
            return Outcome::refused(StatusCode::NOT_FOUND, Verdict::BadSignature).of_size(body.len());
        }
        let held = Held {
            method: head.method.as_str().to_owned(),
            tail: tail.to_owned(),
            body,
        };
        let size = held.body.len();
        let Ok(events) = webhooks.decode(&held.call()) else {
            return malformed(StatusCode::BAD_REQUEST).of_size(size);
        };
        let kinds = EventKind::among(&events);
        let (status, verdict) = self.store(route, events).await;
        let outcome = Outcome {
            status,
            verdict,
            kinds,
            held: Some(held),
            size: None,
        };
        outcome.of_size(size)
    }

    /// Stores what a call says; only then it is answered well.
    async fn store(&self, route: &Route, events: Vec<Inbound>) -> (StatusCode, Verdict) {
        let count = events.len();
        let saying = Saying::of(&events);
        match self.ingest.take_call(route.device, events).await {
            Ok(ingested) => {
                tracing::debug!(device = %route.device, events = count, new = ingested.new_messages, "webhook taken in");
                if route.deaf.swap(false, Ordering::Relaxed) {
                    let _gone = route.session.send(Command::Heard).await;
                }
                if ingested.new_media {
                    route.media_wanted.notify_one();
                }
                let verdict = saying.verdict(&ingested);
                for change in ingested.link {
                    // A session that is gone has no use for it.
                    let _gone = route.session.send(Command::Link(change)).await;
                }
                crash::point("webhook.stored");
                (StatusCode::OK, verdict)
            }
            Err(error) => {
                tracing::warn!(device = %route.device, %error, "webhook not stored: the gateway will send it again");
                (StatusCode::SERVICE_UNAVAILABLE, Verdict::NotStored)
            }
        }
    }
}

async fn without_tail(
    State(listener): State<WebhookListener>,
    Path(secret): Path<String>,
    request: Request,
) -> StatusCode {
    listener.take(request, &secret, "").await
}

async fn with_tail(
    State(listener): State<WebhookListener>,
    Path((secret, tail)): Path<(String, String)>,
    request: Request,
) -> StatusCode {
    listener.take(request, &secret, &tail).await
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}

impl Route {
    /// How its gateway shows that a call is its own.
    fn proof(&self) -> Option<CallProof> {
        self.link.webhooks().map(Webhooks::proof)
    }

    fn diary(&self) -> MutexGuard<'_, Diary> {
        self.diary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a call down.
    fn note(&self, at: UnixMillis, took: Duration, outcome: Outcome) {
        self.diary().note(Came {
            at,
            verdict: outcome.verdict,
            kinds: outcome.kinds,
            size: outcome.size,
            millis: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
            held: outcome.held,
        });
        self.called.notify_waiters();
    }
}

/// Does the call bear the signature that its gateway gives? Who repeats the header has shown it already.
fn is_genuine(webhooks: &dyn Webhooks, headers: &HeaderMap, body: &[u8], key: &SecretString) -> bool {
    match webhooks.proof() {
        CallProof::Header => true,
        CallProof::Signature(name) => headers
            .get(name)
            .is_some_and(|signature| webhooks.is_signed(body, signature.as_bytes(), key)),
    }
}

fn same(ours: &[u8], told: &[u8]) -> bool {
    bool::from(ours.ct_eq(told))
}

/// Was the call made to a loopback name? A page that rebinds its own name to this computer was not.
fn is_for_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
