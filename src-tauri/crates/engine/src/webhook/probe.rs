//! Does a public address lead here? We call it ourselves, with a word that is used once, and see whether that call arrives.
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
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Probed::NameNotFound;
    };
    // The brackets of an address of IPv6 belong to the URL.
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = match timeout(patience, lookup_host((name, port))).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(_)) | Err(_) => return Probed::NameNotFound,
    };
    if found.is_empty() {
        return Probed::NameNotFound;
    }
    if !matches!(
        timeout(patience, TcpStream::connect(found.as_slice())).await,
        Ok(Ok(_))
    ) {
        return Probed::NoAnswer;
    }
    let Some(client) = client(url, &found, patience) else {
        return Probed::Unsafe;
    };
    match client.post(url.clone()).send().await {
        Ok(answer) => Probed::SomebodyElse {
            status: answer.status().as_u16(),
        },
        // A line could be opened a moment ago: what fails before the call is the certificate.
        Err(error) if error.is_connect() && !error.is_timeout() && url.scheme() == "https" => Probed::Unsafe,
        Err(_) => Probed::NoAnswer,
    }
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
