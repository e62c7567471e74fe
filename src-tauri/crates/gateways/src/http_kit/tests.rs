//! The table in the module's head, line by line, against a listener that does exactly one wrong thing.

use std::time::Duration;

use http::Method;
use mostrador_domain::{Failure, NotSentCause, UnknownCause};
use secrecy::SecretString;
use serde_json::json;
use tokio::io::AsyncReadExt;
use url::Url;

use super::*;
use crate::peer::{Peer, Reply};
use crate::{FieldKey, OpenError};

mod leaving;

const TOKEN: &str = "token-of-the-kit-tests";

fn times() -> CallTimes {
    let short = Duration::from_millis(300);
    CallTimes {
        connect: Duration::from_secs(1),
        call: short,
        transfer: short,
    }
}

fn key() -> Key {
    Key::bearer(&SecretString::from(TOKEN)).expect("a token is a key")
}

fn kit(peer: &Peer) -> GatewayHttp {
    GatewayHttp::open(&peer.url(), key(), times()).expect("loopback and a token open a link")
}

/// A computer without certificates cannot open an https link at all, and says so.
fn https_kit(url: &Url) -> Option<GatewayHttp> {
    let opened = GatewayHttp::open(url, key(), times());
    opened
        .inspect_err(|error| assert_eq!(*error, OpenError::NotOffered, "only certificates may be missing"))
        .ok()
}

fn send() -> Call {
    Call::new(Method::POST, Path::fixed("/messages/text")).json(&json!({"body": "hola"}))
}

async fn failure_of(reply: Reply) -> Failure {
    let peer = Peer::start(vec![reply]).await;
    match kit(&peer).call(send()).await {
        Ok(answer) => panic!("a failure was expected, not status {}", answer.status),
        Err(failure) => failure,
    }
}

fn unknown(cause: UnknownCause) -> Failure {
    Failure::Unknown { cause }
}

#[tokio::test]
async fn a_closed_port_proves_that_nothing_was_sent() {
    let url = Peer::closed_port().await;
    let kit = GatewayHttp::open(&url, key(), times()).expect("opening makes no call");
    let failure = kit.call(send()).await.err();
    assert_eq!(failure, Some(Failure::unreachable()), "nobody listens there");
}

#[tokio::test]
async fn a_name_that_does_not_exist_proves_that_nothing_was_sent() {
    let url = Url::parse("https://gateway.invalid").expect("a well-formed address");
    let Some(kit) = https_kit(&url) else { return };
    assert_eq!(
        kit.call(send()).await.err(),
        Some(Failure::unreachable()),
        "the name leads nowhere"
    );
}

#[tokio::test]
async fn a_gateway_that_speaks_no_tls_proves_that_nothing_was_sent() {
    let peer = Peer::start(vec![Reply::Cut]).await;
    let mut url = peer.url();
    url.set_scheme("https").expect("http becomes https");
    let Some(kit) = https_kit(&url) else { return };
    assert_eq!(
        kit.call(send()).await.err(),
        Some(Failure::unreachable()),
        "TLS was not agreed"
    );
}

/// Somebody between the shop and its gateway, or a computer whose clock is wrong: TLS is spoken, and the certificate is worth
/// nothing. What listens there counts what it could read.
#[tokio::test]
async fn a_certificate_that_proves_nothing_is_refused_and_the_token_stays_here() {
    for (what, name) in [
        ("for this host", "localhost"),
        ("for another host", "example.org"),
    ] {
        let peer = Impostor::start(name).await;
        let Some(kit) = https_kit(&peer.url) else { return };
        assert_eq!(
            kit.call(send()).await.err(),
            Some(Failure::unreachable()),
            "signed by nobody, {what}"
        );
        assert_eq!(peer.heard().await, 0, "not a byte of the call, {what}");
    }
}

/// A TLS server with a certificate of its own making.
struct Impostor {
    url: Url,
    heard: tokio::task::JoinHandle<usize>,
}

impl Impostor {
    #[allow(
        clippy::disallowed_methods,
        reason = "a peer of a test, no task of the program"
    )]
    async fn start(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = rustls_key(&made.signing_key);
        let config = tokio_rustls::rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a certificate and its key");
        let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let heard = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("somebody calls");
            let Ok(mut agreed) = acceptor.accept(stream).await else {
                return 0;
            };
            let mut call = Vec::new();
            let _cut = agreed.read_to_end(&mut call).await;
            call.len()
        });
        Self {
            url: Url::parse(&format!("https://localhost:{port}")).expect("an address"),
            heard,
        }
    }

    async fn heard(self) -> usize {
        self.heard.await.expect("it listened to the end")
    }
}

fn rustls_key(key: &rcgen::KeyPair) -> tokio_rustls::rustls::pki_types::PrivateKeyDer<'static> {
    tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

#[tokio::test]
async fn a_time_out_before_anything_left_proves_that_nothing_was_sent() {
    // TLS that never comes to an agreement: the connection stands, the request has not left.
    let peer = Peer::start(vec![Reply::Silence]).await;
    let mut url = peer.url();
    url.set_scheme("https").expect("http becomes https");
    if let Some(kit) = https_kit(&url) {
        assert_eq!(
            kit.call(send()).await.err(),
            Some(Failure::unreachable()),
            "TLS hangs"
        );
    }
    // A gateway that takes no more connections: whoever comes now waits outside.
    let full = FullHouse::open();
    let kit = GatewayHttp::open(&full.url, key(), times()).expect("loopback opens");
    assert_eq!(
        kit.call(send()).await.err(),
        Some(Failure::unreachable()),
        "nobody lets us in"
    );
}

/// A port whose queue of connections is full.
struct FullHouse {
    url: Url,
    _listener: tokio::net::TcpListener,
    _queue: Vec<std::net::TcpStream>,
}

impl FullHouse {
    fn open() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let listener = socket.listen(1).expect("it listens");
        let address = listener.local_addr().expect("a bound listener has an address");
        let url = Url::parse(&format!("http://{address}")).expect("an address is a URL's host");
        let connect = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100));
        let queue = std::iter::from_fn(|| connect().ok()).take(64).collect();
        Self {
            url,
            _listener: listener,
            _queue: queue,
        }
    }
}

#[tokio::test]
async fn an_answer_that_drips_ends_by_the_time_for_the_whole() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{",
        "HTTP/1.1 200 OK\r\n",
    ] {
        let failure = failure_of(Reply::Drip(head.into(), Duration::from_millis(20))).await;
        assert_eq!(
            failure,
            unknown(UnknownCause::TimedOut),
            "each byte comes in time, the whole does not"
        );
    }
}

#[tokio::test]
async fn silence_after_the_request_is_a_time_out_of_which_nobody_knows() {
    assert_eq!(
        failure_of(Reply::Silence).await,
        unknown(UnknownCause::TimedOut),
        "the request had left"
    );
}

#[tokio::test]
async fn silence_in_the_middle_of_an_answer_is_a_time_out_of_which_nobody_knows() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"sent\"";
    let failure = failure_of(Reply::Stall(half.into())).await;
    assert_eq!(
        failure,
        unknown(UnknownCause::TimedOut),
        "half an answer is no answer"
    );
}

#[tokio::test]
async fn a_connection_cut_before_the_answer_is_unknown() {
    assert_eq!(
        failure_of(Reply::Cut).await,
        unknown(UnknownCause::Cut),
        "the request had left"
    );
}

#[tokio::test]
async fn a_truncated_answer_is_unknown() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"sent\"";
    assert_eq!(
        failure_of(Reply::raw(half)).await,
        unknown(UnknownCause::Cut),
        "13 of its bytes are missing"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_unknown() {
    assert_eq!(
        failure_of(Reply::raw("220 mail ready\r\n")).await,
        unknown(UnknownCause::Cut),
        "not HTTP at all"
    );
}

#[tokio::test]
async fn server_errors_are_unknown_because_the_work_may_be_done() {
    for status in [500, 502, 503, 504] {
        let failure = failure_of(Reply::json(status, "{}")).await;
        assert_eq!(
            failure,
            unknown(UnknownCause::ServerError(status)),
            "{status} does not say how far it came"
        );
    }
}

#[tokio::test]
async fn no_redirect_is_followed_and_the_token_stays_at_home() {
    for status in [301, 302, 303, 307, 308] {
        for method in [Method::GET, Method::POST] {
            let elsewhere = Peer::start(vec![Reply::json(200, "{}")]).await;
            let reply = format!(
                "HTTP/1.1 {status} x\r\nlocation: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                elsewhere.url()
            );
            let peer = Peer::start(vec![Reply::raw(&reply)]).await;
            let call = Call::new(method.clone(), Path::fixed("/messages/text"));
            assert_eq!(
                kit(&peer).call(call).await.err(),
                Some(unknown(UnknownCause::UnexpectedStatus(status))),
                "{method} answered {status}"
            );
            assert!(
                elsewhere.requests().is_empty(),
                "the token must go to one place only"
            );
        }
    }
}

#[tokio::test]
async fn too_many_requests_carries_the_gateways_own_delay() {
    let with = failure_of(Reply::raw(
        "HTTP/1.1 429 x\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n",
    ))
    .await;
    let without = failure_of(Reply::json(429, "{}")).await;
    let limited = |retry_after| Failure::NotSent {
        cause: NotSentCause::RateLimited,
        retry_after,
    };
    assert_eq!(
        with,
        limited(Some(Duration::from_secs(7))),
        "the gateway named a delay"
    );
    assert_eq!(without, limited(None), "the gateway named none");
}

#[tokio::test]
async fn an_answer_above_the_limit_is_not_read_whether_its_size_is_told_or_not() {
    let told = "HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n";
    let body = "x".repeat(64);
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40\r\n{body}\r\n0\r\n\r\n");
    for reply in [told, chunked.as_str()] {
        let peer = Peer::start(vec![Reply::Stall(reply.into())]).await;
        let failure = kit(&peer).call(send().at_most(63)).await.err();
        assert_eq!(
            failure,
            Some(unknown(UnknownCause::TooLarge)),
            "64 bytes are above a limit of 63"
        );
    }
}

#[tokio::test]
async fn an_answer_just_at_the_limit_is_read() {
    let peer = Peer::start(vec![Reply::json(200, "12345678")]).await;
    let answer = kit(&peer)
        .call(send().at_most(8))
        .await
        .expect("8 bytes are within a limit of 8");
    assert_eq!(answer.body, b"12345678", "it came whole");
}

#[tokio::test]
async fn a_refusal_is_an_answer_even_if_its_body_is_cut() {
    let peer = Peer::start(vec![Reply::raw(
        "HTTP/1.1 402 x\r\ncontent-length: 99\r\n\r\n{\"co",
    )])
    .await;
    let answer = kit(&peer)
        .call(send())
        .await
        .expect("the status has said what matters");
    assert_eq!(answer.status, 402, "the status came");
    assert!(!answer.is_success(), "402 is a refusal");
}

#[tokio::test]
async fn a_call_carries_the_token_and_its_body_once() {
    let peer = Peer::start(vec![Reply::json(200, "{}")]).await;
    kit(&peer).call(send()).await.expect("200 is an answer");
    let requests = peer.requests();
    assert_eq!(requests.len(), 1, "one call, one request");
    assert!(
        requests[0].contains(&format!("authorization: Bearer {TOKEN}")),
        "the token goes in its header"
    );
    assert!(
        requests[0].starts_with("POST /messages/text HTTP/1.1"),
        "the token does not go into the address"
    );
    assert!(
        requests[0].ends_with("{\"body\":\"hola\"}"),
        "the body is what was asked for"
    );
}

#[tokio::test]
async fn a_cut_call_is_not_made_again() {
    let peer = Peer::start(vec![Reply::Cut, Reply::json(200, "{}")]).await;
    kit(&peer).call(send()).await.err().expect("it was cut");
    assert_eq!(
        peer.requests().len(),
        1,
        "the kit must never repeat a call that may have had an effect"
    );
}

#[test]
fn a_token_that_cannot_travel_is_refused_when_the_link_is_opened() {
    let url = Url::parse("http://127.0.0.1:1").expect("a well-formed address");
    let open = |token: &str| {
        let key = Key::bearer(&SecretString::from(token));
        key.and_then(|key| GatewayHttp::open(&url, key, times())).err()
    };
    assert_eq!(
        open(" \n "),
        Some(OpenError::Missing(FieldKey::Token)),
        "white space is no token"
    );
    assert_eq!(
        open("a b"),
        Some(OpenError::Invalid(FieldKey::Token)),
        "no token has a space inside"
    );
    assert_eq!(
        open("clave-ñ"),
        Some(OpenError::Invalid(FieldKey::Token)),
        "a header holds ASCII"
    );
    assert_eq!(
        open(" pasted-with-spaces\n"),
        None,
        "a careless paste is forgiven"
    );
}
