//! What a gateway answered, as far as HTTP goes: 2xx, or a 4xx that the driver has to understand.

use http::HeaderMap;
use mostrador_domain::{Failure, UnknownCause};
use serde_json::Value;

use super::json;
use crate::{Called, Content};

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
    /// The body's type as it was told, without its parameters.
    pub(crate) media_type: Option<String>,
}

impl Answer {
    /// Did the gateway do what was asked?
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What a person may see of it, whatever it is.
    pub(crate) fn into_called(self) -> Called {
        let content = if self.body.is_empty() {
            Content::Empty
        } else {
            json::read(&self.body).map_or_else(
                || Content::Bytes(u64::try_from(self.body.len()).unwrap_or(u64::MAX)),
                Content::Json,
            )
        };
        Called {
            status: self.status,
            media_type: self.media_type,
            content,
        }
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Failure> {
        json::read(&self.body).ok_or(Failure::Unknown {
            cause: UnknownCause::Malformed,
        })
    }
}
