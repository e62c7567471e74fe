//! What a gateway answered, as far as HTTP goes: 2xx, or a 4xx that the driver has to understand.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use mostrador_domain::{Failure, UnknownCause};
use serde_json::Value;

use super::json;
use crate::{Called, Content, Header};

/// A header with one of these in its name may let somebody in.
const SECRET: [&str; 9] = [
    "auth",
    "cookie",
    "key",
    "pass",
    "secret",
    "session",
    "signature",
    "token",
    "csrf",
];

/// A header as a person may see it.
fn shown((name, value): (&HeaderName, &HeaderValue)) -> Header {
    let name = name.as_str();
    let is_secret = SECRET.iter().any(|word| name.contains(word));
    let value = || String::from_utf8_lossy(value.as_bytes()).into_owned();
    Header {
        name: name.to_owned(),
        value: (!is_secret).then(value),
    }
}

/// An answer that came whole.
///
/// It has no `Debug`: the body may hold anything.
pub(crate) struct Answer {
    /// 2xx, or 4xx but 429; that and 5xx where the driver asks for them.
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

    /// With the body that was gathered while it came; a refusal keeps its own.
    pub(crate) fn with_gathered(self, body: Vec<u8>) -> Self {
        match self.is_success() {
            true => Self { body, ..self },
            false => self,
        }
    }

    /// What a person may see of it, whatever it is.
    pub(crate) fn into_called(self) -> Called {
        let content = if self.body.is_empty() {
            Content::Empty
        } else {
            match json::read(&self.body) {
                Some(value) => Content::Json(value),
                None => Content::Bytes(self.body),
            }
        };
        Called {
            status: self.status,
            headers: self.headers.iter().map(shown).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_sees_every_header_but_what_a_secret_says() {
        let told = [
            ("content-type", "image/png"),
            ("x-ratelimit-remaining", "99"),
            ("set-cookie", "canary"),
            ("x-api-key", "canary"),
            ("authorization", "canary"),
            ("x-session-id", "canary"),
        ];
        let headers = told
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let answer = Answer {
            status: 200,
            headers: headers.collect(),
            body: vec![0x89, b'P', b'N', b'G'],
            media_type: None,
        };
        let called = answer.into_called();
        let seen = |name: &str| called.headers.iter().find(|header| header.name == name);
        assert_eq!(called.headers.len(), told.len(), "none is left out");
        for (name, value) in told {
            let expected = (value != "canary").then(|| value.to_owned());
            assert_eq!(seen(name).map(|header| &header.value), Some(&expected), "{name}");
        }
        assert!(
            matches!(called.content, Content::Bytes(bytes) if bytes == [0x89, b'P', b'N', b'G']),
            "what is no JSON can be kept"
        );
    }
}
