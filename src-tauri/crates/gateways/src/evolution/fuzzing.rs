//! What the server answers and calls with, behind functions of bytes, for fuzzing. Not part of what the crate promises.
//!
//! None of them may panic, overflow the stack or take more than a moment, whatever the bytes are.

use mostrador_domain::{Inbound, UnixMillis};

use super::session::code;
use crate::NotJson;
use crate::baileys::{self, fuzzing};
use crate::http_kit::read_json;

/// A call of the server.
pub fn webhook(body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    baileys::webhook(body, UnixMillis(1_768_272_596_031), |_| false)
}

/// An answer: a list, a message that was taken, a code, a refusal.
pub fn answer(which: u8, body: &[u8]) -> Option<Vec<Inbound>> {
    let said = read_json(body)?;
    match which % 9 {
        list @ 0..6 => fuzzing::list(list, &said),
        6 => Some(fuzzing::taken(&said)),
        7 => code(&said).map(|_| Vec::new()),
        _ => fuzzing::refusal(body, &said).map(|_| Vec::new()),
    }
}
