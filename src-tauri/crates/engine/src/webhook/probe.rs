//! Does a public address lead here? We call it ourselves, with a word that is used once, and see whether that call arrives. And: how far
//! does one come who calls a gateway that could not be reached?
//!
//! The steps are taken one by one, so that the one that fails can be told: the name is looked up, a line is opened, the address
//! shows its certificate, somebody answers. Whatever is answered, only the word's arrival counts: anybody can answer 200.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, redirect};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::address::PublicAddress;
use super::port::Port;
use super::route::is_loopback_name;
use super::{WebhookListener, same};
use crate::chance::{Chance, secret_word};

/// How long a line may take to open, and then a call to be answered.
const PATIENCE: Duration = Duration::from_secs(10);

/// The same where nobody waits for the outcome, and others wait for us.
const SHORT: Duration = Duration::from_secs(3);

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probed {
    /// Our call arrived here.
    Arrived,
    /// Another program has our port: nothing can arrive.
    PortTaken,
    /// The name is not known on the internet, or this computer is not connected to it.
    NameNotFound,
    /// It cannot be called safely: its certificate is not valid, or it does not speak TLS.
    Unsafe,
    /// Nobody answered in time, or nobody is there.
    NoAnswer,
    /// Somebody answered, and nothing arrived here.
    SomebodyElse {
        /// With this status of HTTP.
        status: u16,
    },
}

/// How far one comes who calls a gateway that cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The name is not known on the internet, or this computer is not connected to it.
    NameNotFound,
    /// The name is known, and at that port nobody is there.
    NobodyThere,
    /// Somebody is there whose certificate is not trusted, or who does not speak TLS.
    Unsafe,
    /// It took too long.
    TooSlow,
}

/// A call that we wait for.
pub(super) struct Awaited {
    word: String,
    host: String,
    arrived: AtomicBool,
}

impl Awaited {
    /// Is it the one with this word, made to this host? Then it has arrived. A tunnel may put our own name for the host's.
    pub(super) fn takes(&self, word: &str, host: &str) -> bool {
        let here = self.host == host || is_loopback_name(host);
        let ours = here && same(self.word.as_bytes(), word.as_bytes());
        if ours {
            self.arrived.store(true, Ordering::Release);
        }
        ours
    }
}

impl WebhookListener {
    /// Calls the address, and says what came of it.
    pub(crate) async fn probe(&self, address: &PublicAddress, chance: &dyn Chance) -> Probed {
        self.probe_within(address, chance, PATIENCE).await
    }

    /// The same in a hurry: does the address lead here?
    pub(crate) async fn is_led_here(&self, address: &PublicAddress, chance: &dyn Chance) -> bool {
        self.probe_within(address, chance, SHORT).await == Probed::Arrived
    }

    async fn probe_within(&self, address: &PublicAddress, chance: &dyn Chance, patience: Duration) -> Probed {
        if matches!(self.port(), Port::Taken(_)) {
            return Probed::PortTaken;
        }
        let awaited = Arc::new(Awaited {
            word: secret_word(chance),
            host: address.host().to_owned(),
            arrived: AtomicBool::new(false),
        });
        self.awaited().push(Arc::clone(&awaited));
        let called = call(&address.of(&awaited.word), patience).await;
        self.awaited().retain(|other| !Arc::ptr_eq(other, &awaited));
        if awaited.arrived.load(Ordering::Acquire) {
            Probed::Arrived
        } else {
            called
        }
    }
}

/// Makes one call, and says how far it came.
async fn call(url: &Url, patience: Duration) -> Probed {
    let answer = match line(url, patience).await {
        Ok(client) => client.post(url.clone()).send().await,
        Err(Unreached::NameNotFound) => return Probed::NameNotFound,
        Err(Unreached::Unsafe) => return Probed::Unsafe,
        Err(Unreached::NobodyThere | Unreached::TooSlow) => return Probed::NoAnswer,
    };
    match answer {
        Ok(answer) => Probed::SomebodyElse {
            status: answer.status().as_u16(),
        },
        Err(error) if is_unsafe(&error, url) => Probed::Unsafe,
        Err(_) => Probed::NoAnswer,
    }
}

/// How far one comes who calls this gateway. Only its address is called, with no key. `None` = it can be reached by now.
pub(crate) async fn unreached(url: &Url, patience: Duration) -> Option<Unreached> {
    let mut bare = url.clone();
    bare.set_path("/");
    bare.set_query(None);
    let answer = match line(url, patience).await {
        Ok(client) => client.head(bare).send().await,
        Err(unreached) => return Some(unreached),
    };
    match answer {
        Ok(_) => None,
        Err(error) if is_unsafe(&error, url) => Some(Unreached::Unsafe),
        Err(error) if error.is_timeout() => Some(Unreached::TooSlow),
        // Whoever hangs up has been reached.
        Err(_) => None,
    }
}

/// A line could be opened a moment ago: what fails before the call is the certificate.
fn is_unsafe(error: &reqwest::Error, url: &Url) -> bool {
    error.is_connect() && !error.is_timeout() && url.scheme() == "https"
}

/// Looks the name up and opens a line; gives who calls there.
async fn line(url: &Url, patience: Duration) -> Result<Client, Unreached> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(Unreached::NameNotFound);
    };
    // The brackets of an address of IPv6 belong to the URL.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = match timeout(patience, lookup_host((name, port))).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(_)) | Err(_) => return Err(Unreached::NameNotFound),
    };
    if found.is_empty() {
        return Err(Unreached::NameNotFound);
    }
    match timeout(patience, TcpStream::connect(found.as_slice())).await {
        Ok(Ok(_)) => {}
        Ok(Err(_)) => return Err(Unreached::NobodyThere),
        Err(_) => return Err(Unreached::TooSlow),
    }
    client(url, &found, patience).ok_or(Unreached::Unsafe)
}

/// A client that goes where it is told and nowhere else.
fn client(url: &Url, found: &[SocketAddr], patience: Duration) -> Option<Client> {
    let builder = Client::builder()
        .user_agent(concat!("mostrador/", env!("CARGO_PKG_VERSION")))
        .timeout(patience)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .resolve_to_addrs(url.host_str()?, found);
    let builder = if url.scheme() == "https" {
        builder.https_only(true)
    } else {
        builder.tls_certs_only([])
    };
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;
    use tokio_rustls::{TlsAcceptor, rustls};

    use super::*;

    /// For whoever says nothing; all others answer when they can.
    const SHORT: Duration = Duration::from_millis(600);

    /// Somebody on this computer who hears whoever calls, answers that, and stays on the line.
    async fn somebody(answer: &'static [u8]) -> (u16, JoinSet<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((mut line, _)) = listener.accept().await {
                lines.spawn(async move {
                    let mut heard = [0; 4_096];
                    while line.read(&mut heard).await.is_ok_and(|bytes| bytes > 0) {
                        let _gone = line.write_all(answer).await;
                    }
                });
            }
        });
        (port, tasks)
    }

    async fn called(url: &str) -> Probed {
        called_within(PATIENCE, url).await
    }

    async fn called_within(patience: Duration, url: &str) -> Probed {
        call(&Url::parse(url).expect("well-formed"), patience).await
    }

    #[tokio::test]
    async fn a_name_that_nobody_has_is_not_found() {
        assert_eq!(called("https://tunnel.invalid/x").await, Probed::NameNotFound);
    }

    #[tokio::test]
    async fn where_nobody_listens_nobody_answers() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        assert_eq!(
            called(&format!("http://127.0.0.1:{port}/")).await,
            Probed::NoAnswer,
            "refused"
        );
        let (port, _tasks) = somebody(b"").await;
        assert_eq!(
            called_within(SHORT, &format!("http://127.0.0.1:{port}/")).await,
            Probed::NoAnswer,
            "silent"
        );
        assert_eq!(
            called_within(SHORT, &format!("https://127.0.0.1:{port}/")).await,
            Probed::NoAnswer,
            "silent from the first word on"
        );
    }

    #[tokio::test]
    async fn who_speaks_no_tls_cannot_be_called_safely() {
        let (port, _tasks) = somebody(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(
            called(&format!("https://127.0.0.1:{port}/")).await,
            Probed::Unsafe
        );
    }

    #[tokio::test]
    async fn a_gateway_that_cannot_be_reached_tells_how_far_one_comes() {
        let far = async |url: &str| unreached(&Url::parse(url).expect("well-formed"), SHORT).await;
        assert_eq!(
            far("https://gateway.invalid/v1").await,
            Some(Unreached::NameNotFound)
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let nobody = listener.local_addr().expect("its address").port();
        drop(listener);
        assert_eq!(
            far(&format!("https://127.0.0.1:{nobody}/")).await,
            Some(Unreached::NobodyThere)
        );
        let (silent, _tasks) = somebody(b"").await;
        assert_eq!(
            far(&format!("https://127.0.0.1:{silent}/")).await,
            Some(Unreached::TooSlow),
            "silent from the first word on"
        );
        let (plain, _tasks) = somebody(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(
            far(&format!("https://127.0.0.1:{plain}/")).await,
            Some(Unreached::Unsafe),
            "no TLS"
        );
        assert_eq!(
            far(&format!("http://127.0.0.1:{plain}/")).await,
            None,
            "whatever it answers, it is there"
        );
    }

    #[tokio::test]
    async fn a_gateway_whose_certificate_nobody_signed_is_told_as_that() {
        for name in ["localhost", "example.org"] {
            let (impostor, _tasks) = impostor(name).await;
            let url = Url::parse(&format!("https://localhost:{impostor}/")).expect("well-formed");
            assert_eq!(
                unreached(&url, PATIENCE).await,
                Some(Unreached::Unsafe),
                "made for {name}, by itself"
            );
        }
    }

    /// Somebody who speaks TLS with a certificate of their own making.
    async fn impostor(name: &str) -> (u16, JoinSet<()>) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .expect("a certificate and its key");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let _refused = acceptor.accept(line).await;
            }
        });
        (port, tasks)
    }

    #[tokio::test]
    async fn whoever_answers_without_passing_it_on_is_somebody_else() {
        let (port, _tasks) =
            somebody(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        assert_eq!(
            called(&format!("http://localhost:{port}/")).await,
            Probed::SomebodyElse { status: 200 },
            "a good answer is no proof"
        );
    }
}
