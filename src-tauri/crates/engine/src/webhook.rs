//! The listener that gateways call when something happens.
//!
//! It binds loopback only, always the same port ([`port`]): gateways on this computer reach it, and a tunnel that the shop brings
//! ([`address`]; [`probe`] tries it). Each device has a route of its own with a secret of 128 bits in its path and another in a
//! header, or in the key of a signature ([`keys`]); all are compared in constant time. A call is answered 200 only after what it
//! says is committed: what we could not store, the gateway keeps and sends again, or, if it calls once, is taken in again by ourselves. Browsers have no business here: a call with an
//! Origin is refused, and so is one for another host than this computer or, on routes alone, the beginning of the shop's tunnel.
//!
//! Whoever does not know the secrets can do little: his body is not read, a line that falls silent is closed, and there are
//! never more than a fixed number of lines ([`door`]).
//!
//! Each call of somebody who knows a path is written down with what became of it ([`diary`]); [`health`] is drawn from that. Where a
//! gateway calls one address for several devices, a call is handed to the one that it is about ([`shared`]).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use mostrador_domain::{DeviceId, Inbound, LinkChange, UnixMillis};
use mostrador_gateways::{CallProof, WebhookTarget, Webhooks};
use mostrador_store::tables::ingest::Ingested;
use mostrador_store::{Change, StoreError};
use secrecy::SecretString;
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::chance::Chance;
use crate::crash;
use crate::ingest::{Ingest, Late, Telling};
use crate::session::{Command, Desk};
use crate::supervisor::Crew;
use diary::Held;
use inspector::Saying;
use port::Berth;
use probe::Awaited;
use route::{Called, Caller, Route, host_of, is_loopback_name};
use shared::About;

/// The first part of our paths, and of those of any other Mostrador.
const PREFIX: &str = "/mostrador-hook/";
/// The largest call that is read: what a decoder takes. A number that was just linked is told with all its contacts, chats and messages.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The largest of those of which there may be any number at once.
const SMALL_BODY: usize = 1024 * 1024;
/// How many larger ones are held at once, from their first mebibyte until they are stored; the next ones wait on their lines.
const LARGE_AT_ONCE: usize = 2;
/// How long the body of a call may take: the largest, over half a mebibyte a second.
const BODY_TIME: Duration = Duration::from_secs(32);

mod address;
mod diary;
mod door;
mod health;
mod inspector;
mod keys;
mod mark;
mod port;
mod probe;
mod redacted;
mod route;
mod shared;
mod ways;

pub use address::AddressProblem;
pub(crate) use address::PublicAddress;
pub use diary::{Delivery, EventKind, Verdict};
pub use health::{RouteHealth, WhyClosed};
pub use inspector::Replayed;
pub(crate) use keys::RouteKeys;
pub(crate) use mark::Mark;
pub use port::Port;
pub(crate) use probe::unreached;
pub use probe::{Probed, Unreached};
pub use ways::Told;
pub(crate) use ways::Ways;

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

/// The listener; clones share it.
#[derive(Clone)]
pub(crate) struct WebhookListener {
    berth: Arc<Berth>,
    mark: Mark,
    routes: Arc<Mutex<Vec<Arc<Route>>>>,
    awaited: Arc<Mutex<Vec<Arc<Awaited>>>>,
    ways: Ways,
    ingest: Ingest,
    /// Devices of ours that have no session for now: it is not started yet, starts anew, or has no secrets to start with. And the gateway of
    /// each: those of another one are told of elsewhere.
    between: Arc<Mutex<BTreeMap<DeviceId, String>>>,
    /// The program ends.
    ending: Arc<AtomicBool>,
    /// The places of large calls.
    large: Arc<Semaphore>,
}

/// The body of a call, and its place if it is a large one.
type Gathered = (Bytes, Option<OwnedSemaphorePermit>);

impl WebhookListener {
    /// Binds our port of loopback, if no other program has it, and serves it as a task of `crew`.
    ///
    /// # Errors
    /// The store's, or that no port can be bound at all.
    pub(crate) async fn start(crew: &Crew, ingest: Ingest, chance: &dyn Chance) -> Result<Self, StoreError> {
        let clock = Arc::clone(&ingest.clock);
        let berth = Arc::new(Berth::find(ingest.store.clone(), clock, chance).await?);
        let this = Self {
            berth: Arc::clone(&berth),
            mark: Mark::find(&ingest.store, chance).await?,
            routes: Arc::default(),
            awaited: Arc::default(),
            ways: Ways::default(),
            ingest,
            between: Arc::default(),
            ending: Arc::default(),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
        };
        let router = Router::new().fallback(called).with_state(this.clone());
        crew.spawn_graceful("webhook listener", |stop| async move {
            berth.serve(router, stop).await;
        });
        Ok(this)
    }

    /// Where we listen, or would.
    pub(crate) fn port(&self) -> Port {
        self.berth.port()
    }

    /// By what our registrations are known.
    pub(crate) fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Whoever depends on the port hears of each change.
    pub(crate) fn watch_port(&self) -> watch::Receiver<Port> {
        self.berth.watch()
    }

    /// Listens at another port from now on.
    ///
    /// # Errors
    /// The store's, or that none can be bound.
    pub(crate) async fn choose_another_port(&self, chance: &dyn Chance) -> Result<(), StoreError> {
        self.berth.choose_another(chance).await
    }

    /// What is known of the devices' ways in from the internet.
    pub(crate) fn ways(&self) -> &Ways {
        &self.ways
    }

    /// Opens a route for a session's device (in place of an earlier one) and says where it is: behind the shop's tunnel, or at our
    /// own port.
    pub(crate) fn open(
        &self,
        desk: &Desk,
        keys: RouteKeys,
        public: Option<PublicAddress>,
    ) -> Option<WebhookTarget> {
        self.put(Route::new(desk, keys, public, self.port()), |_| false)
    }

    /// The same; earlier routes of the device that are open let calls in as before.
    pub(crate) fn open_beside(
        &self,
        desk: &Desk,
        keys: RouteKeys,
        public: Option<PublicAddress>,
    ) -> Option<WebhookTarget> {
        self.put(Route::new(desk, keys, public, self.port()), Route::is_open)
    }

    fn put(&self, mut route: Route, stays: impl Fn(&Route) -> bool) -> Option<WebhookTarget> {
        let port = self.port();
        let target = route.target(port)?;
        let mut routes = self.lock();
        if let Some(earlier) = routes.iter().find(|other| other.device == route.device) {
            route.diary = Arc::clone(&earlier.diary);
            route.taking_in = Arc::clone(&earlier.taking_in);
            route.called = Arc::clone(&earlier.called);
        }
        // Our own port with the same secrets, told once more: whoever has called there reaches it. A tunnel may have been pointed elsewhere.
        let proved = |other: &Arc<Route>| {
            other.device == route.device
                && other.is_at(port, &target)
                && other.was_called.load(Ordering::Relaxed)
        };
        if !route.is_public() && routes.iter().any(proved) {
            route.was_called.store(true, Ordering::Relaxed);
        }
        routes.retain(|other| other.device != route.device || (stays(other) && !other.is_at(port, &target)));
        routes.push(Arc::new(route));
        Some(target)
    }

    /// Lets nobody in any more at a device's routes. What came there is still known, and may be taken over by the next one.
    pub(crate) fn shut(&self, device: DeviceId) {
        let routes = self.lock();
        let its = routes.iter().filter(|route| route.device == device);
        its.for_each(|route| route.shut());
    }

    /// The same, but for its route at this target.
    pub(crate) fn shut_but(&self, device: DeviceId, target: &WebhookTarget) {
        let port = self.port();
        let routes = self.lock();
        let its = routes.iter().filter(|route| route.device == device);
        its.filter(|route| !route.is_at(port, target))
            .for_each(|route| route.shut());
    }

    /// Takes a device's routes away.
    pub(crate) fn close(&self, device: DeviceId) {
        self.lock().retain(|route| route.device != device);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Route>>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn awaited(&self) -> MutexGuard<'_, Vec<Arc<Awaited>>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The route whose secrets these are. Every route is compared, so that time tells nothing.
    fn route(&self, path: &Called<'_>, headers: &HeaderMap) -> Option<Caller> {
        let routes = self.lock();
        let callers = routes.iter().map(|route| Caller::of(route, path, headers));
        callers.fold(None, |found, caller| found.or(caller))
    }

    /// May a call be made to this host? To this computer's own names; to the beginning of a tunnel, those of its route.
    fn may_be_called(&self, host: &str) -> bool {
        is_loopback_name(host) || self.lock().iter().any(|route| route.is_public_at(host))
    }

    /// Takes a call in. Who sent it is checked before any of its body is read: a stranger costs us a head and no more.
    async fn take(&self, request: Request) -> StatusCode {
        let (head, body) = request.into_parts();
        let host = host_of(&head.headers);
        if head.headers.contains_key(header::ORIGIN) {
            return StatusCode::FORBIDDEN;
        }
        let path = Called::at(head.uri.path());
        let word = path.as_ref().map_or("", |path| path.secret);
        if self.awaited().iter().any(|awaited| awaited.takes(word, host)) {
            return StatusCode::NO_CONTENT;
        }
        if !self.may_be_called(host) {
            return StatusCode::FORBIDDEN;
        }
        let Some(path) = path else {
            return StatusCode::NOT_FOUND;
        };
        let began = self.ingest.clock.elapsed();
        let (route, outcome) = match self.route(&path, &head.headers) {
            None => return StatusCode::NOT_FOUND,
            Some(Caller::Unproved(route)) => {
                let refused = Outcome::refused(StatusCode::NOT_FOUND, Verdict::BadSignature);
                (route, refused)
            }
            Some(Caller::Known(route)) => {
                let Ingest {
                    clock,
                    gateway_clocks,
                    ..
                } = &self.ingest;
                let at = gateway_clocks.at(route.device, clock.now());
                // Where several share an address, it is not known yet whose call that is.
                if !shared::is_shared(&*route.link) {
                    route.called_at.fetch_max(at.0, Ordering::Relaxed);
                }
                let (about, outcome) = self.read(&route, &head, body, (path.tail, at)).await;
                match about {
                    Some(about) => {
                        route.note_way();
                        about.note_call(at);
                        (about, outcome)
                    }
                    None if outcome.verdict == Verdict::NotOurs => {
                        route.note_way();
                        (route, outcome)
                    }
                    None => {
                        route.note_call(at);
                        (route, outcome)
                    }
                }
            }
        };
        let took = self.ingest.clock.elapsed().saturating_sub(began);
        let status = outcome.status;
        route.note(self.ingest.clock.now(), took, outcome);
        self.ingest.store.announce(Change::Hooks(route.device));
        status
    }

    /// Reads a call whose head is right, and stores what it says: for the device whose route it is, or for the one that is given with
    /// what became of it. `came`: what follows the secret in its path, and when it came.
    async fn read(
        &self,
        route: &Route,
        head: &Parts,
        body: Body,
        came: (&str, UnixMillis),
    ) -> (Option<Arc<Route>>, Outcome) {
        let malformed = |status| (None, Outcome::refused(status, Verdict::Malformed));
        let Some(webhooks) = route.link.webhooks() else {
            return malformed(StatusCode::NOT_FOUND);
        };
        let (body, _place) = match tokio::time::timeout(BODY_TIME, self.gather(body)).await {
            Ok(Ok(gathered)) => gathered,
            Ok(Err(status)) => return malformed(status),
            Err(_) => return malformed(StatusCode::REQUEST_TIMEOUT),
        };
        if !is_genuine(webhooks, &head.headers, &body, &route.keys.header) {
            let refused = Outcome::refused(StatusCode::NOT_FOUND, Verdict::BadSignature);
            return (None, refused.of_size(body.len()));
        }
        let held = Held {
            method: head.method.as_str().to_owned(),
            tail: came.0.to_owned(),
            body,
            at: came.1,
        };
        match self.about(route, webhooks, &held.call()) {
            About::Own => (None, self.take_in(route, held, None).await),
            About::Another(other) => {
                let first = route.diary().first_in_vain(&held);
                let outcome = self.take_in(&other, held, first).await;
                (Some(other), outcome)
            }
            About::Nobody => {
                let outcome = Outcome::refused(StatusCode::OK, Verdict::NotOurs);
                (None, outcome.of_size(held.body.len()))
            }
            About::NotKnownYet => {
                // Whoever is asked to send it again may find it known.
                route.diary().came_in_vain(&held);
                let outcome = Outcome::refused(StatusCode::SERVICE_UNAVAILABLE, Verdict::NotOurs);
                (None, outcome.of_size(held.body.len()))
            }
        }
    }

    /// Stores what a call says to this device. What the gateway was asked to send again counts as what came first, whenever it comes; `first`
    /// = it first came then, at another one's route.
    async fn take_in(&self, route: &Route, held: Held, first: Option<UnixMillis>) -> Outcome {
        let size = held.body.len();
        let here = route.diary().first_in_vain(&held);
        let late = [first, here].into_iter().flatten().min();
        let said = route
            .link
            .webhooks()
            .and_then(|webhooks| webhooks.decode(&held.call()).ok());
        let Some(events) = said else {
            return Outcome::refused(StatusCode::BAD_REQUEST, Verdict::Malformed).of_size(size);
        };
        let kinds = EventKind::among(&events);
        let (status, verdict) = self.store(route, events, late).await;
        let outcome = Outcome {
            status,
            verdict,
            kinds,
            held: Some(held),
            size: None,
        };
        outcome.of_size(size)
    }

    /// Reads the body to its end. What is larger than a small one takes a place before it is read on.
    async fn gather(&self, mut body: Body) -> Result<Gathered, StatusCode> {
        if body.size_hint().lower() > u64::try_from(MAX_BODY).unwrap_or(u64::MAX) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let mut gathered = BytesMut::new();
        let mut place = None;
        while let Some(frame) = body.frame().await {
            let Ok(part) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else {
                continue;
            };
            let length = gathered.len() + part.len();
            if length > MAX_BODY {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            if length > SMALL_BODY && place.is_none() {
                // Never closed.
                place = Arc::clone(&self.large).acquire_owned().await.ok();
            }
            gathered.extend_from_slice(&part);
        }
        Ok((gathered.freeze(), place))
    }

    /// Stores what a call says; only then it is answered well. `late` as for [`Self::commit`].
    async fn store(
        &self,
        route: &Route,
        events: Vec<Inbound>,
        late: Option<UnixMillis>,
    ) -> (StatusCode, Verdict) {
        match self.commit(route, events, late).await {
            Ok((verdict, _)) => (StatusCode::OK, verdict),
            Err(error) => {
                tracing::warn!(device = %route.device, %error, "webhook not stored: it is taken in again as soon as it can be");
                (StatusCode::SERVICE_UNAVAILABLE, Verdict::NotStored)
            }
        }
    }

    /// Commits what a call says, and hands on what follows from it. `late` = it first came at that time, by the gateway's clock, and could
    /// not be stored then.
    async fn commit(
        &self,
        route: &Route,
        events: Vec<Inbound>,
        late: Option<UnixMillis>,
    ) -> Result<(Verdict, Ingested), StoreError> {
        let count = events.len();
        let saying = Saying::of(&events);
        let telling = Telling::of(&*route.link);
        let taken = match late {
            None => self.ingest.take_call(route.device, events, telling).await,
            Some(at) => {
                let tells_number = route.link.health().tells_number();
                let late = Late { at, tells_number };
                self.ingest
                    .take_late_call(route.device, events, telling, late)
                    .await
            }
        };
        let mut ingested = taken?;
        tracing::debug!(device = %route.device, events = count, new = ingested.new_messages, "webhook taken in");
        if route.hears() {
            let _gone = route.session.send(Command::Heard).await;
        }
        if ingested.new_media {
            route.media_wanted.notify_one();
        }
        if ingested.emptied {
            route.sync.look_back();
        }
        let verdict = saying.verdict(&ingested);
        for change in std::mem::take(&mut ingested.link) {
            let news = match change {
                LinkChange::Restricted { .. } => Command::Link(change),
                _ if late.is_some() => Command::LinkMayHaveChanged,
                change => Command::Link(change),
            };
            // A session that is gone has no use for it.
            let _gone = route.session.send(news).await;
        }
        crash::point("webhook.stored");
        Ok((verdict, ingested))
    }
}

async fn called(State(listener): State<WebhookListener>, request: Request) -> StatusCode {
    listener.take(request).await
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
