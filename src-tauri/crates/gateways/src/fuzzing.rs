//! What all drivers read of an answer, behind functions of text, for fuzzing. Not part of what the crate promises.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};

use crate::http_kit;

pub use crate::baileys::fuzzing::encoded_file;

/// The delay that an answer with this `Retry-After` and this `Date` asks for. Bytes that are no header give none.
pub fn retry_after(told: &[u8], date: &[u8]) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_bytes(told).ok()?);
    headers.insert(DATE, HeaderValue::from_bytes(date).ok()?);
    http_kit::retry_after::of(&headers)
}
