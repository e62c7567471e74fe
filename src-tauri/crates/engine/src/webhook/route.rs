//! Where one device's calls arrive, and whose a call is.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, header};
use mostrador_domain::{DeviceId, UnixMillis};
use mostrador_gateways::{CallProof, DeviceLink, WebhookTarget, Webhooks};
use secrecy::ExposeSecret;
use tokio::sync::{Notify, mpsc};
use url::Url;

use super::diary::{Came, Diary};
use super::{Mark, Outcome, PREFIX, Port, PublicAddress, RouteKeys, same};
use crate::session::{Command, Desk, SyncWishes};

/// The header in which a gateway repeats its second secret.
const SECRET_HEADER: &str = "x-mostrador-secret";

/// Where one device's calls arrive.
pub(super) struct Route {
    pub(super) keys: RouteKeys,
    /// Where the shop's tunnel begins, if the calls come through one.
    public: Option<PublicAddress>,
    pub(super) device: DeviceId,
    /// Its gateway's word.
    pub(super) gateway: String,
    pub(super) link: Arc<dyn DeviceLink>,
    pub(super) session: mpsc::Sender<Command>,
    pub(super) media_wanted: Arc<Notify>,
    pub(super) sync: Arc<SyncWishes>,
    pub(super) deaf: Arc<AtomicBool>,
    deaf_kept: Arc<AtomicBool>,
    pub(super) calls: Arc<AtomicU64>,
    /// The gateway has called here, and not only at another route of the device.
    pub(super) was_called: AtomicBool,
    pub(super) called_at: Arc<AtomicI64>,
    pub(super) diary: Arc<Mutex<Diary>>,
    /// Held by whoever stores what could not be stored when it came: nothing of it is stored twice.
    pub(super) taking_in: Arc<tokio::sync::Mutex<()>>,
    /// Rings at each call that was written down.
    pub(super) called: Arc<Notify>,
    /// Nobody is let in any more; what came is still known.
    shut: AtomicBool,
    /// Our port when it was opened.
    pub(super) opened_at: Port,
    /// The gateway is to be told again where to call the device.
    pub(super) untold: AtomicBool,
}

impl Route {
    pub(super) fn new(desk: &Desk, keys: RouteKeys, public: Option<PublicAddress>, opened_at: Port) -> Self {
        Self {
            keys,
            public,
            device: desk.device,
            gateway: desk.gateway.clone(),
            link: Arc::clone(&desk.link),
            session: desk.commands.clone(),
            media_wanted: Arc::clone(&desk.media_wanted),
            sync: Arc::clone(&desk.sync),
            deaf: Arc::clone(&desk.deaf),
            deaf_kept: Arc::clone(&desk.deaf_kept),
            calls: Arc::clone(&desk.calls),
            was_called: AtomicBool::new(false),
            called_at: Arc::clone(&desk.called_at),
            diary: Arc::default(),
            taking_in: Arc::default(),
            called: Arc::default(),
            shut: AtomicBool::new(false),
            opened_at,
            untold: AtomicBool::new(false),
        }
    }

    /// The gateway has called here at this time of its own, whether or not that could be taken. Where nothing is asked for in a call's
    /// place, the first one shows that it gets through: that is looked at at once.
    pub(super) fn note_call(&self, at: UnixMillis) {
        self.called_at.fetch_max(at.0, Ordering::Relaxed);
        // Counted once it is taken: what it tells may be listed meanwhile.
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.note_way();
    }

    /// The gateway gets through to here, be it with another number's call: that says nothing of whether it tells of this one.
    pub(super) fn note_way(&self) {
        let before = self.was_called.swap(true, Ordering::Relaxed);
        if !before && self.link.history().is_none() {
            self.sync.asked.notify_one();
        }
    }

    /// It has told something. Was it deaf until now, as far as anybody knows or has kept?
    pub(super) fn hears(&self) -> bool {
        let was_deaf = self.deaf.swap(false, Ordering::Relaxed);
        self.deaf_kept.swap(false, Ordering::Relaxed) || was_deaf
    }

    pub(super) fn is_open(&self) -> bool {
        !self.shut.load(Ordering::Acquire)
    }

    pub(super) fn shut(&self) {
        self.shut.store(true, Ordering::Release);
    }

    /// Where it is; at our port, if no tunnel leads to it.
    pub(super) fn target(&self, port: Port) -> Option<WebhookTarget> {
        let header = (SECRET_HEADER.to_owned(), self.keys.header.clone());
        if let Some(public) = &self.public {
            return Some(public.target(&self.keys.path, header));
        }
        let secret = self.keys.path.expose_secret();
        let url = Url::parse(&format!("http://127.0.0.1:{}{PREFIX}{secret}", port.number())).ok()?;
        Some(WebhookTarget {
            url,
            header: Some(header),
        })
    }

    /// Is that where it is?
    pub(super) fn is_at(&self, port: Port, target: &WebhookTarget) -> bool {
        self.target(port).is_some_and(|own| own.url == target.url)
    }

    /// Does it lie behind a tunnel?
    pub(super) fn is_public(&self) -> bool {
        self.public.is_some()
    }

    /// The beginning of our paths behind its tunnel, if it has one.
    pub(super) fn public_prefix(&self, mark: &Mark) -> Option<String> {
        self.public.as_ref().map(|public| public.prefix(mark))
    }

    /// Does its tunnel begin at this host?
    pub(super) fn is_public_at(&self, host: &str) -> bool {
        let public = self.public.as_ref();
        self.is_open() && public.is_some_and(|public| public.host().eq_ignore_ascii_case(host))
    }

    /// How its gateway shows that a call is its own.
    fn proof(&self) -> Option<CallProof> {
        self.link.webhooks().map(Webhooks::proof)
    }

    pub(super) fn diary(&self) -> MutexGuard<'_, Diary> {
        self.diary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a call down.
    pub(super) fn note(&self, at: UnixMillis, took: Duration, outcome: Outcome) {
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

/// The path of a call: what a tunnel left before ours, the secret, and what follows it.
pub(super) struct Called<'a> {
    before: &'a str,
    pub(super) secret: &'a str,
    pub(super) tail: &'a str,
}

impl<'a> Called<'a> {
    /// `None` = it is none of our paths.
    pub(super) fn at(path: &'a str) -> Option<Self> {
        let (before, rest) = path.split_once(PREFIX)?;
        let (secret, tail) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self { before, secret, tail })
    }
}

/// Whose path was called.
pub(super) enum Caller {
    /// The gateway's own, as far as the head tells.
    Known(Arc<Route>),
    /// The path is right, the header is not.
    Unproved(Arc<Route>),
}

impl Caller {
    /// `None` = it is not this route's path. A tunnel may leave its own beginning in the path, or take it away. A gateway that
    /// cannot repeat the header signs instead: that is checked once there is something signed.
    pub(super) fn of(route: &Arc<Route>, called: &Called<'_>, headers: &HeaderMap) -> Option<Self> {
        let told = headers
            .get(SECRET_HEADER)
            .map(|value| value.as_bytes())
            .unwrap_or_default();
        let path = same(
            route.keys.path.expose_secret().as_bytes(),
            called.secret.as_bytes(),
        );
        let header = same(route.keys.header.expose_secret().as_bytes(), told);
        let signs = route.proof() != Some(CallProof::Header);
        let beginning = route.public.as_ref().map_or("", PublicAddress::beginning);
        let begins = called.before.is_empty() || called.before == beginning;
        (path & begins & route.is_open()).then(|| {
            let route = Arc::clone(route);
            if header | signs {
                Self::Known(route)
            } else {
                Self::Unproved(route)
            }
        })
    }
}

/// The host that a call was made to, without its port.
pub(super) fn host_of(headers: &HeaderMap) -> &str {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Is it a name of this computer itself? A page that rebinds its own name to it has another.
pub(super) fn is_loopback_name(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_ours_wherever_a_tunnel_has_put_it() {
        for (path, expected) in [
            ("/mostrador-hook/abc", Some(("", "abc", ""))),
            ("/mostrador-hook/abc/messages", Some(("", "abc", "messages"))),
            ("/caja/1/mostrador-hook/abc/a/b", Some(("/caja/1", "abc", "a/b"))),
            ("/mostrador-hook", None),
            ("/", None),
        ] {
            let called = Called::at(path).map(|called| (called.before, called.secret, called.tail));
            assert_eq!(called, expected, "{path}");
        }
    }

    #[test]
    fn a_host_is_told_from_its_port() {
        for (told, host) in [
            ("shop.example", "shop.example"),
            ("shop.example:8443", "shop.example"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("127.0.0.1:5", "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, told.parse().expect("a value"));
            assert_eq!(host_of(&headers), host, "{told}");
        }
        assert_eq!(
            host_of(&HeaderMap::new()),
            "",
            "a call that names none is for nobody"
        );
    }
}
