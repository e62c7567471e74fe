//! The decoders, each behind a function of bytes, for fuzzing. Not part of what the crate promises.
//!
//! None of them may panic, overflow the stack or take more than a moment, whatever the bytes are.

use mostrador_domain::{Inbound, LabelSnapshot, UnixMillis};
use serde_json::Value;

use super::decode;
use super::fields::Fields;
use super::history::page_of;
use super::{blocks, contacts, errors, health, media, pairing, profile, send, settings};
use crate::http_kit::{Answer, read_json};
use crate::{NotJson, WebhookCall};

/// A call of the gateway.
pub fn webhook(method: &str, tail: &str, body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    decode::webhook(&WebhookCall {
        method,
        tail,
        body,
        at: UnixMillis(0),
    })
}

/// A page of messages.
pub fn messages(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "messages", decode::message::read)
}

/// A page of chats.
pub fn chats(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "chats", decode::chat::read)
}

/// A page of persons.
pub fn contacts(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "contacts", decode::people::contact)
}

/// A page of groups.
pub fn groups(body: &[u8]) -> Option<Vec<Inbound>> {
    page(body, "groups", decode::group::read)
}

/// The list of labels.
pub fn labels(body: &[u8]) -> Option<Vec<LabelSnapshot>> {
    let body = read_json(body)?;
    Some(
        body.as_array()?
            .iter()
            .filter_map(decode::label::snapshot)
            .collect(),
    )
}

fn page<T>(body: &[u8], name: &str, read: impl Fn(&Value) -> Vec<T>) -> Option<Vec<T>> {
    page_of(&read_json(body)?, name, read).map(|page| page.items)
}

/// How many kinds of [`answer`] there are.
pub const ANSWERS: u8 = 13;

/// An answer that is no list: a message that was taken, an action, a refusal of any status, the channel's health, a code to scan or to
/// type, numbers that were checked, settings, the profile, limits, an upload, one person, whom the number has blocked. `false` = it was not understood.
pub fn answer(which: u8, body: &[u8]) -> bool {
    let of_status = |status| Answer {
        status,
        headers: http::HeaderMap::new(),
        body: body.to_vec(),
        media_type: None,
    };
    let understood = |read: &dyn Fn(&Value) -> bool| read_json(body).is_some_and(|said| read(&said));
    match which % ANSWERS {
        0 => send::answered(&of_status(200), None).is_ok(),
        1 => errors::effect(&of_status(200)).is_ok(),
        2 => {
            let refusals = [400, 401, 402, 403, 404, 409, 413, 415, 422].map(of_status);
            // Whatever it says, it is some failure: what counts is that it can be read at all.
            let read = refusals
                .iter()
                .map(|refusal| (errors::of_call(refusal), errors::of_health(refusal)));
            read.count() == refusals.len()
        }
        3 => understood(&|said| Fields::of(said).and_then(health::of).is_some()),
        4 => understood(&|said| pairing::in_json(said).is_ok()),
        5 => understood(&|said| Fields::of(said).and_then(decode::code::typed).is_some()),
        6 => {
            let asked = ["51900000011", "51900000012"].map(str::to_owned);
            understood(&|said| contacts::verdicts(said, &asked).is_ok())
        }
        7 => understood(&|said| settings::settings(said).is_ok()),
        8 => understood(&|said| profile::profile(said).is_ok()),
        9 => understood(&|said| settings::limits(said).is_ok()),
        10 => understood(&|said| media::uploaded(said).is_ok()),
        11 => understood(&|said| decode::people::snapshot(said).is_some()),
        _ => understood(&|said| blocks::blocked(said).is_some()),
    }
}
