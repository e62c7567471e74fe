//! What gateways on the library answer and call with, behind functions of bytes, for fuzzing.

use futures_util::FutureExt;
use mostrador_domain::{Failure, Inbound, UnixMillis, UnknownCause};
use serde_json::Value;

use super::encoded::Encoded;
use super::{accepted, answers, labels, lists, message, numbers::Numbers, people};
use crate::http_kit::Answer;
use crate::{HistoryQuery, MediaSink};

/// A refusal with this body, whose status the body says itself, and every text in it.
pub(crate) fn refusal(body: &[u8], said: &Value) -> Option<Failure> {
    drop(answers::texts(said));
    let status = said.get("status").and_then(Value::as_u64);
    let answer = Answer {
        status: status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(400),
        headers: Default::default(),
        body: body.to_vec(),
        media_type: None,
    };
    let forbidden = Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(403),
    };
    answers::failure(&answer, forbidden)
}

/// One of the lists; what is in it.
pub(crate) fn list(which: u8, said: &Value) -> Option<Vec<Inbound>> {
    let query = HistoryQuery {
        since: Some(UnixMillis(0)),
        offset: 0,
        count: 50,
    };
    let part = |read| Some(lists::part(said.as_array()?, 0, 50, read).items);
    match which % 6 {
        0 => Some(lists::messages(lists::records(said)?, query).items),
        1 => part(people::chat),
        2 => part(people::contact),
        3 => part(people::group),
        4 => labels::listed(said)
            .ok()
            .map(|all| all.into_iter().map(Inbound::Label).collect()),
        _ => {
            let asked = ["51900000021".to_owned(), "51900000022".to_owned()];
            drop(Numbers::of(&asked).verdicts(said.as_array()?));
            Some(Vec::new())
        }
    }
}

/// A message that was taken, and the same as a message.
pub(crate) fn taken(said: &Value) -> Vec<Inbound> {
    drop(accepted(said));
    drop(lists::key_of(std::slice::from_ref(said), "A"));
    message(said)
}

/// The file in an answer that comes so many bytes at once; `None` = there is none, or more than `max_bytes` of it.
pub fn encoded_file(answer: &[u8], at_once: usize, max_bytes: u64) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut encoded = Encoded::into(&mut whole, max_bytes);
    for piece in answer.chunks(at_once.max(1)) {
        // Nothing of it waits.
        if encoded.take(piece).now_or_never() != Some(true) {
            break;
        }
    }
    encoded.spoilt(true).is_none().then_some(whole)
}
