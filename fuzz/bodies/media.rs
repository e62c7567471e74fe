//! Files from customers and operators: what they are, a picture's dimensions, how long a sound lasts.
//!
//! The first byte says what the file claims to be.

use mostrador_engine::EngineError;
use mostrador_engine::fuzzing::{File, file};

const CLAIMS: [Option<&str>; 5] = [
    None,
    Some("image/png"),
    Some("video/mp4"),
    Some("audio/ogg"),
    Some("application/pdf"),
];

pub(crate) fn run(bytes: &[u8]) {
    drop(seen(bytes));
}

/// What the file is; `None` = there is none.
pub(crate) fn seen(bytes: &[u8]) -> Option<Result<File, EngineError>> {
    let (claim, bytes) = bytes.split_first()?;
    Some(file(bytes, CLAIMS[usize::from(*claim) % CLAIMS.len()]))
}
