//! Paging as the dialect does it: `count` and `offset`.
//!
//! The answer's `count` repeats what was asked for and says nothing about how many items came; only the list's own
//! length and `total` do.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;

const USUAL: usize = 100;
const LARGEST: usize = 500;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) count: usize,
    pub(crate) offset: usize,
}

#[derive(Deserialize)]
struct Asked {
    count: Option<usize>,
    offset: Option<usize>,
}

impl Page {
    /// Checks what was asked for.
    pub(crate) fn asked(count: Option<usize>, offset: Option<usize>) -> Result<Self, Refusal> {
        let count = count.unwrap_or(USUAL);
        if (1..=LARGEST).contains(&count) {
            Ok(Self {
                count,
                offset: offset.unwrap_or(0),
            })
        } else {
            Err(Refusal::bad_request(
                "Wrong request parameters: count must be from 1 to 500",
            ))
        }
    }

    /// The answer: one page of `all` under `key`.
    pub(crate) fn cut<T>(self, key: &str, all: &[T], shape: impl Fn(&T) -> Value) -> Value {
        let items: Vec<Value> = all.iter().skip(self.offset).take(self.count).map(shape).collect();
        json!({ key: items, "count": self.count, "total": all.len(), "offset": self.offset })
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let Query(Asked { count, offset }) =
            Query::try_from_uri(&parts.uri).map_err(|_| Refusal::bad_request("Wrong request parameters"))?;
        Self::asked(count, offset)
    }
}
