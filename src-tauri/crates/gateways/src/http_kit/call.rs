//! One call, before it is made.

use std::time::Duration;

use http::Method;
use mostrador_domain::OutgoingSource;
use serde_json::Value;

use super::Path;
use super::body::{Part, Payload};

/// Answers in JSON larger than this are not read: a page of a hundred messages, each with the small picture that
/// stands for its file, has a third of it.
pub(crate) const LARGEST_JSON: u64 = 16 * 1024 * 1024;

/// How long a call may take, by what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// A question and an answer of some kilobytes.
    Short,
    /// A picture up or down a shop's line.
    Transfer,
    /// So much longer than a transfer: the gateway itself takes its time before it answers.
    Longer(Duration),
}

/// One call, before it is made.
#[derive(Clone)]
pub(crate) struct Call {
    pub(super) method: Method,
    pub(super) path: Path,
    pub(super) body: Option<(String, Payload)>,
    pub(super) accept: &'static str,
    pub(super) patience: Patience,
    pub(super) max_bytes: u64,
    pub(super) with_server_errors: bool,
    pub(super) with_rate_limits: bool,
}

impl Call {
    /// A call that wants JSON back.
    pub(crate) fn new(method: Method, path: Path) -> Self {
        Self {
            method,
            path,
            body: None,
            accept: "application/json",
            patience: Patience::Short,
            max_bytes: LARGEST_JSON,
            with_server_errors: false,
            with_rate_limits: false,
        }
    }

    /// A question.
    pub(crate) fn get(path: Path) -> Self {
        Self::new(Method::GET, path)
    }

    /// It asks, and changes nothing.
    pub(crate) fn only_looks(&self) -> bool {
        self.method == Method::GET
    }

    /// The call with a JSON body.
    pub(crate) fn json(mut self, body: &Value) -> Self {
        let body = Payload::Bytes(body.to_string().into_bytes());
        self.body = Some(("application/json".to_owned(), body));
        self
    }

    /// The call with a JSON body in which a file stands, in base64, where [`super::FILE`] does; `None` = that stands in it not once.
    pub(crate) fn json_with(mut self, body: &Value, file: &OutgoingSource) -> Option<Self> {
        self.body = Some(("application/json".to_owned(), Payload::json_with(body, file)?));
        Some(self.transfer())
    }

    /// The call with a file as its body, read while it leaves.
    pub(crate) fn stored(mut self, media_type: &str, file: &OutgoingSource) -> Self {
        let file = Payload::Parts(vec![Part::File(file.clone())]);
        self.body = Some((media_type.to_owned(), file));
        self.transfer()
    }

    /// The call with a file as its body.
    pub(crate) fn file(mut self, media_type: &str, bytes: Vec<u8>) -> Self {
        self.body = Some((media_type.to_owned(), Payload::Bytes(bytes)));
        self
    }

    /// The call wants this media type back.
    pub(crate) fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    /// The answer may have at most so many bytes.
    pub(crate) fn at_most(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// A server error comes back as an answer: this gateway says in its body whether it had an effect.
    pub(crate) fn with_server_errors(mut self) -> Self {
        self.with_server_errors = true;
        self
    }

    /// A 429 comes back as an answer: this gateway says in its headers how many calls are left, and until when.
    pub(crate) fn with_rate_limits(mut self) -> Self {
        self.with_rate_limits = true;
        self
    }

    /// A file goes up or comes down: the call may take longer.
    pub(crate) fn transfer(mut self) -> Self {
        self.patience = Patience::Transfer;
        self
    }

    /// The gateway answers only after it has worked for so long.
    pub(crate) fn working(mut self, time: Duration) -> Self {
        self.patience = Patience::Longer(time);
        self
    }
}
