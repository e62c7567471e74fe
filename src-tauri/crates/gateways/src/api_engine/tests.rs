//! Every exchange that was recorded, with invented numbers, and what the driver makes of it.

mod patience;
mod recorded;
mod refused;
mod shared;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mostrador_domain::{Address, Outgoing, OutgoingBody};
use secrecy::SecretString;
use serde_json::Value;

use super::*;
use crate::peer::{Peer, Reply};

const KEY: &str = "canary-key-52";
const NUMBER: &str = "51900000021";

/// A link whose clock stands still but for what the test adds to it, in seconds.
struct Clocked {
    peer: Peer,
    link: Arc<dyn DeviceLink>,
    seconds: Arc<AtomicU64>,
}

async fn linked_to(replies: Vec<Reply>) -> Clocked {
    linked_within(CallTimes::default(), replies).await
}

/// The same, with other time limits.
async fn linked_within(times: CallTimes, replies: Vec<Reply>) -> Clocked {
    let peer = Peer::start(replies).await;
    let seconds = Arc::new(AtomicU64::new(1_000));
    let clock = Arc::clone(&seconds);
    let surroundings = Surroundings {
        elapsed: Arc::new(move || Duration::from_secs(clock.load(Ordering::Relaxed))),
    };
    let config = LinkConfig::default()
        .at(&peer.url())
        .with_secret(FieldKey::Token, SecretString::from(KEY));
    let link = ApiEngineDriver::new(&surroundings).with_times(times).open(config);
    Clocked {
        peer,
        link: link.expect("loopback and a key open a link"),
        seconds,
    }
}

fn text(to: &str) -> Outgoing {
    Outgoing {
        to: Address::parse(to),
        body: OutgoingBody::Text("hola".into()),
        quoted: None,
        mentions: Vec::new(),
        client_id: "c1".into(),
    }
}

/// Verb, path and body of a request.
fn asked(request: &str) -> (String, Value) {
    let (head, body) = request.split_once("\r\n\r\n").expect("head and body");
    let line = head
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches(" HTTP/1.1");
    (line.to_owned(), serde_json::from_str(body).unwrap_or_default())
}
