//! What the gateway answers and calls with, behind functions of bytes, for fuzzing. Not part of what the crate promises.
//!
//! None of them may panic, overflow the stack or take more than a moment, whatever the bytes are.

use mostrador_domain::{Inbound, UnixMillis};

use super::link::inner;
use super::{account, device, send};
use crate::NotJson;
use crate::baileys::{self, fuzzing};
use crate::fields::Fields;
use crate::http_kit::read_json;

/// A call of the gateway.
pub fn webhook(body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    baileys::webhook(body, UnixMillis(1_768_272_596_031), |_| false)
}

/// An answer, in whichever wrapping: a list, a message that was taken, devices and codes, a sign-in, a refusal.
pub fn answer(which: u8, body: &[u8]) -> Option<Vec<Inbound>> {
    let said = read_json(body)?;
    let nothing = Some(Vec::new());
    match which % 10 {
        list @ 0..6 => fuzzing::list(list, inner(&said)),
        6 => send::accepted(&said).and(Some(fuzzing::taken(inner(&said)))),
        7 => {
            drop(device::shown(&said));
            let all = inner(&said).as_array().map_or(&[][..], Vec::as_slice);
            all.iter()
                .filter_map(Fields::of)
                .for_each(|one| drop(device::read(one)));
            nothing
        }
        8 => Fields::of(&said).and_then(account::token).and(nothing),
        _ => fuzzing::refusal(body, &said).and(nothing),
    }
}
