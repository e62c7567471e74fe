//! A listener on loopback that a gateway calls, as the engine has one.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use mostrador_domain::Inbound;
use mostrador_gateways::{CallProof, DeviceLink, WebhookCall, WebhookTarget};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use url::Url;

use crate::harness::DEADLINE;

/// The header that is asked for with each call, and its value.
const HEADER: (&str, &str) = ("x-mostrador-secret", "canary-header-77aa");

/// More calls than any check causes. When it is full the gateway is answered 503 and calls again.
const WAITING: usize = 1_000;

/// One call, as it came.
struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

/// The listener. It stops with the test's runtime.
pub(crate) struct Listener {
    url: Url,
    calls: mpsc::Receiver<Call>,
}

impl Listener {
    /// Starts to listen, on every path.
    #[allow(
        clippy::disallowed_methods,
        reason = "a test's listener lives as long as the test's runtime"
    )]
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let url = Url::parse(&format!("http://{address}")).expect("an address is a URL's host");
        let (heard, calls) = mpsc::channel(WAITING);
        let routes = Router::new().fallback(hear).with_state(heard);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, calls }
    }

    /// A target at this listener.
    pub(crate) fn target(&self, path: &str) -> WebhookTarget {
        let url = self.url.join(path).expect("the path is well-formed");
        WebhookTarget {
            url,
            header: Some((HEADER.0.to_owned(), SecretString::from(HEADER.1))),
        }
    }

    /// Makes the gateway call here, below `/hook/ours`.
    pub(crate) async fn listen_to(&self, link: &dyn DeviceLink) {
        let webhooks = link.webhooks().expect("it calls");
        webhooks
            .register(&self.target("/hook/ours-secret"), &["/hook/ours"])
            .await
            .expect("the gateway takes the address");
    }

    /// The next call, as it came: its body, and its signature if it has one.
    pub(crate) async fn next(&mut self, header: &str) -> (Bytes, Vec<u8>) {
        let call = timeout(DEADLINE, self.calls.recv()).await.ok().flatten();
        let call = call.expect("the gateway calls");
        let signature = call.headers.get(header).map(|value| value.as_bytes().to_vec());
        (call.body, signature.unwrap_or_default())
    }

    /// The value by which a call is known to be the gateway's.
    pub(crate) fn key() -> SecretString {
        SecretString::from(HEADER.1)
    }

    /// What is said from now on, up to and with the first thing that `is_it` accepts.
    pub(crate) async fn until(
        &mut self,
        link: &dyn DeviceLink,
        is_it: impl Fn(&Inbound) -> bool,
    ) -> Vec<Inbound> {
        let mut said = Vec::new();
        loop {
            let call = timeout(DEADLINE, self.calls.recv()).await;
            let call = call
                .ok()
                .flatten()
                .unwrap_or_else(|| panic!("it was never said; said was: {said:?}"));
            assert!(
                is_genuine(link, &call.headers, &call.body),
                "each call shows that the gateway made it"
            );
            let heard = decoded(link, &call);
            let found = heard.iter().any(&is_it);
            said.extend(heard);
            if found {
                return said;
            }
        }
    }
}

/// Does the call show, in its gateway's way, that the gateway made it?
fn is_genuine(link: &dyn DeviceLink, headers: &HeaderMap, body: &[u8]) -> bool {
    let hooks = link.webhooks().expect("it calls");
    match hooks.proof() {
        CallProof::Header => headers.get(HEADER.0).is_some_and(|value| value == HEADER.1),
        CallProof::Signature(name) => headers.get(name).is_some_and(|signature| {
            hooks.is_signed(body, signature.as_bytes(), &SecretString::from(HEADER.1))
        }),
    }
}

fn decoded(link: &dyn DeviceLink, call: &Call) -> Vec<Inbound> {
    let tail = call
        .path
        .trim_start_matches('/')
        .split_once('/')
        .map_or("", |(_, rest)| rest);
    let tail = tail.trim_start_matches("secret").trim_start_matches('/');
    let call = WebhookCall {
        method: call.method.as_str(),
        tail,
        body: &call.body,
        at: link.clock().expect("it has answered"),
    };
    link.webhooks()
        .expect("it calls")
        .decode(&call)
        .expect("the gateway speaks JSON")
}

async fn hear(
    State(heard): State<mpsc::Sender<Call>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let call = Call {
        method,
        path: uri.path().to_owned(),
        headers,
        body,
    };
    match heard.try_send(call) {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
