//! A listener for tests that answers each connection as it was told to, byte for byte.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What one connection gets.
pub(crate) enum Reply {
    /// These bytes, then the connection ends.
    Raw(Vec<u8>),
    /// These bytes, then nothing more, with the connection open.
    Stall(Vec<u8>),
    /// These bytes, then one more byte every so often, for as long as the other side listens.
    Drip(Vec<u8>, Duration),
    /// This reply, but only after so long.
    Late(Duration, Box<Self>),
    /// Nothing, with the connection open.
    Silence,
    /// Nothing; the connection ends once the request is in.
    Cut,
}

impl Reply {
    /// An answer written out by hand.
    pub(crate) fn raw(text: &str) -> Self {
        Self::Raw(text.as_bytes().to_vec())
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::bytes(status, "application/json", body.as_bytes())
    }

    /// An answer of some media type.
    pub(crate) fn bytes(status: u16, media_type: &str, body: &[u8]) -> Self {
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        Self::Raw([head.as_bytes(), body].concat())
    }
}

/// The listener. It takes one connection after another, and stops with the test's runtime.
pub(crate) struct Peer {
    url: Url,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Starts to listen; connection `n` gets reply `n`, further ones are closed at once.
    #[allow(
        clippy::disallowed_methods,
        reason = "a test's listener lives as long as the test's runtime"
    )]
    pub(crate) async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = url_of(&listener);
        let requests = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(serve(listener, replies, Arc::clone(&requests)));
        Self { url, requests }
    }

    /// The address of a port on which nobody listens.
    pub(crate) async fn closed_port() -> Url {
        url_of(&TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> Url {
        self.url.clone()
    }

    /// What was asked so far: head and body of each request.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn url_of(listener: &TcpListener) -> Url {
    let address = listener.local_addr().expect("a bound listener has an address");
    Url::parse(&format!("http://{address}")).expect("an address is a URL's host")
}

async fn serve(listener: TcpListener, replies: Vec<Reply>, requests: Arc<Mutex<Vec<String>>>) {
    let mut held = Vec::new();
    let mut replies = replies.into_iter();
    while let Ok((mut stream, _)) = listener.accept().await {
        let request = request(&mut stream).await;
        requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        let mut reply = replies.next();
        if let Some(Reply::Late(wait, late)) = reply {
            let mut clock = tokio::time::interval(wait);
            clock.tick().await;
            clock.tick().await;
            reply = Some(*late);
        }
        let (bytes, keep) = match reply {
            Some(Reply::Raw(bytes)) => (bytes, false),
            Some(Reply::Stall(bytes)) => (bytes, true),
            Some(Reply::Drip(bytes, pace)) => {
                drip(stream, &bytes, pace).await;
                continue;
            }
            Some(Reply::Silence) => (Vec::new(), true),
            Some(Reply::Cut | Reply::Late(..)) | None => (Vec::new(), false),
        };
        if stream.write_all(&bytes).await.is_ok() && keep {
            held.push(stream);
        }
    }
}

async fn drip(mut stream: TcpStream, bytes: &[u8], pace: Duration) {
    let mut clock = tokio::time::interval(pace);
    let mut going = stream.write_all(bytes).await.is_ok();
    while going {
        clock.tick().await;
        going = stream.write_all(b" ").await.is_ok();
    }
}

/// Head and body of the request, or as much as came before the other side stopped.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&bytes) {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
            _ => break,
        }
        // A TLS greeting never becomes an HTTP request.
        if bytes.first() == Some(&0x16) {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    body.len() >= length.unwrap_or(0)
}
