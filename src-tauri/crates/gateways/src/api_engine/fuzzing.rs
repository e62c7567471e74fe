//! What the server answers and calls with, behind functions of bytes, for fuzzing. Not part of what the crate promises.
//!
//! None of them may panic, overflow the stack or take more than a moment, whatever the bytes are.

use mostrador_domain::Inbound;
use serde_json::Value;

use super::{answers, contacts, decode, send, webhooks};
use crate::NotJson;
use crate::fields::Fields;
use crate::http_kit::{Answer, read_json};

/// A call of the server.
pub fn webhook(body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    decode::webhook(body)
}

/// Is it this signature? The first line is the signature.
pub fn is_signed(signature: &[u8], body: &[u8]) -> bool {
    webhooks::is_signed(body, signature, b"fuzzed")
}

/// An answer of this status.
pub fn answer(status: u8, body: &[u8]) {
    let answer = Answer {
        status: [200, 201, 400, 401, 403, 404, 413, 500, 503][usize::from(status % 9)],
        headers: Default::default(),
        body: body.to_vec(),
        media_type: None,
    };
    let _ = answers::failure(&answer);
    if let Ok(data) = answers::data(&answer) {
        of(&data);
    }
    if let Some(data) = read_json(body) {
        of(&data);
    }
}

fn of(data: &Value) {
    const PHONE: &str = "51900000021";
    let Some(fields) = Fields::of(data) else { return };
    drop(send::accepted(fields));
    drop(contacts::verdict(fields, PHONE));
    drop(contacts::snapshot(fields));
}
