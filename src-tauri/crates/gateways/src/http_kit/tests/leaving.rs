//! Files on their way out: read while they leave, told when they are gone, and never held whole.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::{FailureCode, FileSource, OutgoingSource};
use tokio::io::AsyncWriteExt as _;

use super::*;

/// A file that is made while it is read; counts what was read of it.
#[derive(Clone)]
struct Counted {
    told: u64,
    there: u64,
    read: Arc<AtomicU64>,
}

impl Counted {
    fn of(told: u64, there: u64) -> Self {
        Self {
            told,
            there,
            read: Arc::default(),
        }
    }
}

impl FileSource for Counted {
    fn length(&self) -> u64 {
        self.told
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let counting = Counting {
            from: io::repeat(b'Z').take(self.there),
            read: Arc::clone(&self.read),
        };
        Ok(Box::new(counting))
    }
}

struct Counting {
    from: io::Take<io::Repeat>,
    read: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let had = self.from.read(buffer)?;
        self.read.fetch_add(had as u64, Ordering::AcqRel);
        Ok(had)
    }
}

/// A file that was removed.
struct Gone;

impl FileSource for Gone {
    fn length(&self) -> u64 {
        3
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

fn picture(file: &OutgoingSource) -> Call {
    let body = json!({ "caption": "hola", "media": format!("data:image/png;base64,{FILE}") });
    Call::new(Method::POST, Path::fixed("/messages/image"))
        .json_with(&body, file)
        .expect("the file stands in it once")
}

#[tokio::test]
async fn a_file_stands_in_the_body_in_base64_and_a_second_call_reads_it_anew() {
    let peer = Peer::start(vec![Reply::json(200, "{}"), Reply::json(200, "{}")]).await;
    let bytes: Vec<u8> = (0..100_001_u32).map(|n| n.to_le_bytes()[0]).collect();
    let call = picture(&bytes.clone().into());
    for _ in 0..2 {
        kit(&peer).call(call.clone()).await.expect("it is taken");
    }
    let requests = peer.requests();
    assert_eq!(requests.len(), 2, "each call once");
    for request in requests {
        let (head, body) = request.split_once("\r\n\r\n").expect("a request");
        let length = format!("content-length: {}", body.len());
        assert!(
            head.contains(&length),
            "the length is told, and nothing is chunked: {head}"
        );
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let expected = format!("data:image/png;base64,{}", STANDARD.encode(&bytes));
        assert_eq!(body["media"], expected, "the whole file");
        assert_eq!(body["caption"], "hola", "and the rest");
    }
}

#[tokio::test]
async fn a_file_leaves_as_it_is_where_it_is_the_body() {
    let peer = Peer::start(vec![Reply::json(200, "{}")]).await;
    let file = OutgoingSource::from(b"%PDF-1.7 x".to_vec());
    let call = Call::new(Method::POST, Path::fixed("/media")).stored("application/pdf", &file);
    kit(&peer).call(call).await.expect("it is taken");
    let request = peer.requests().remove(0);
    assert!(request.contains("content-type: application/pdf"), "{request}");
    assert!(request.ends_with("\r\n\r\n%PDF-1.7 x"), "{request}");
}

#[tokio::test]
async fn a_file_that_has_vanished_is_told_before_anything_leaves() {
    let peer = Peer::start(vec![Reply::json(200, "{}")]).await;
    let failure = kit(&peer).call(picture(&OutgoingSource::new(Gone))).await.err();
    let missing = Failure::Rejected {
        code: FailureCode::MediaMissing,
    };
    assert_eq!(failure, Some(missing), "a person has to choose it again");
    assert_eq!(peer.requests(), Vec::<String>::new(), "nobody was called");
}

#[tokio::test]
async fn a_file_that_is_not_as_long_as_told_makes_no_whole_request_and_is_told_as_missing() {
    const TOLD: u64 = 300_000;
    for there in [TOLD - 100_000, TOLD + 1] {
        let peer = Peer::start(vec![Reply::json(200, "{}")]).await;
        let call = picture(&OutgoingSource::new(Counted::of(TOLD, there)));
        let failure = kit(&peer).call(call).await.err();
        let missing = Failure::Rejected {
            code: FailureCode::MediaMissing,
        };
        assert_eq!(failure, Some(missing), "{there} instead of {TOLD} bytes");
        let whole = |request: &String| request.ends_with("\"}");
        assert!(
            !peer.requests().iter().any(whole),
            "the gateway never had a whole request"
        );
    }
}

/// Takes one request without looking at it, and notes how much of the file had been read when its first bytes came and at the end.
async fn slow_reader(read: Arc<AtomicU64>) -> (Url, tokio::task::JoinHandle<(u64, u64)>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let url = Url::parse(&format!("http://{address}")).expect("an address is a URL");
    #[allow(
        clippy::disallowed_methods,
        reason = "a peer of a test, no task of the program"
    )]
    let taken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("somebody calls");
        let (mut buffer, mut first, mut came) = (vec![0; 64 * 1024], 0, 0_u64);
        let mut ahead = 0;
        loop {
            let had = stream.read(&mut buffer).await.expect("it goes on") as u64;
            came += had;
            first = if first == 0 {
                read.load(Ordering::Acquire)
            } else {
                first
            };
            // What has come is base64 and a head: no more of the file than three quarters of it.
            ahead = ahead.max(read.load(Ordering::Acquire).saturating_sub(came * 3 / 4));
            if had == 0
                || buffer
                    .get(..usize::try_from(had).expect("small"))
                    .is_some_and(|it| it.ends_with(b"\"}"))
            {
                break;
            }
        }
        let answer = b"HTTP/1.1 200 x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
        stream.write_all(answer).await.expect("answered");
        (first, ahead)
    });
    (url, taken)
}

#[tokio::test]
async fn a_large_file_is_never_held_whole() {
    const FILE_SIZE: u64 = 96 * 1024 * 1024;
    // What the system's own buffers of a line on this computer take, and ours.
    const HELD: u64 = 24 * 1024 * 1024;
    let file = Counted::of(FILE_SIZE, FILE_SIZE);
    let (url, taken) = slow_reader(Arc::clone(&file.read)).await;
    let patient = CallTimes::default();
    let kit = GatewayHttp::open(&url, key(), patient).expect("a link");
    kit.call(picture(&OutgoingSource::new(file.clone())))
        .await
        .expect("it is taken");
    let (first, ahead) = taken.await.expect("it ended");
    assert_eq!(file.read.load(Ordering::Acquire), FILE_SIZE, "all of it left");
    assert!(first < HELD, "{first} bytes were read before the first had come");
    assert!(ahead < HELD, "{ahead} bytes were held at once");
}
