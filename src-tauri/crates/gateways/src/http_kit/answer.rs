//! What a gateway answered, as far as HTTP goes: 2xx, or a 4xx that the driver has to understand.

use http::HeaderMap;
use mostrador_domain::{Failure, UnknownCause};
use serde_json::Value;

use super::json;

/// An answer that came whole.
///
/// It has no `Debug`: the body may hold anything.
pub(crate) struct Answer {
    /// 2xx, or 4xx but 429.
    pub(crate) status: u16,
    /// What stands above it.
    pub(crate) headers: HeaderMap,
    /// The body; of a 4xx, as much of it as came.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Did the gateway do what was asked?
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        json::read(&self.body).ok_or(Failure::Unknown {
            cause: UnknownCause::Malformed,
        })
    }
}
