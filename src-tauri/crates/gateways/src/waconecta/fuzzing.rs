//! What the gateway answers, behind a function of bytes, for fuzzing. Not part of what the crate promises.
//!
//! It may not panic, overflow the stack or take more than a moment, whatever the bytes are.

use super::answers;
use crate::http_kit::{Answer, read_json};

/// An answer of this status.
pub fn answer(status: u8, body: &[u8]) {
    let answer = Answer {
        status: [400, 401, 403, 404, 429][usize::from(status % 5)],
        headers: Default::default(),
        body: body.to_vec(),
        media_type: None,
    };
    let _ = answers::refusal(&answer);
    if let Some(said) = read_json(body) {
        drop(answers::session(&said));
        drop(answers::accepted(&said));
    }
}
