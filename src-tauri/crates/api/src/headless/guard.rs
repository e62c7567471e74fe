//! Who may call.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::server::{Face, error_response};
use crate::error::ErrorCode;

/// What a call is held against.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) port: u16,
    pub(super) token: SecretString,
}

impl Guard {
    /// The names by which this program may be called.
    fn own_hosts(&self) -> [String; 2] {
        [
            format!("127.0.0.1:{}", self.port),
            format!("localhost:{}", self.port),
        ]
    }

    /// Was the call made to this address, and if by a page, by one of ours?
    fn is_at_home(&self, headers: &HeaderMap) -> bool {
        let own = self.own_hosts();
        let host = text(headers, header::HOST);
        let origin = text(headers, header::ORIGIN);
        host.is_some_and(|host| own.iter().any(|ours| ours == host))
            && origin.is_none_or(|origin| {
                own.iter()
                    .any(|ours| origin.strip_prefix("http://") == Some(ours))
            })
    }

    /// Does it show this run's token?
    fn knows_token(&self, headers: &HeaderMap) -> bool {
        let shown = text(headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        shown.is_some_and(|shown| bool::from(shown.as_bytes().ct_eq(self.token.expose_secret().as_bytes())))
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// For everything: host and origin.
pub(super) async fn at_home(State(face): State<Face>, request: Request, next: Next) -> Response {
    if face.guard.is_at_home(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// For commands, events and media: the token too.
pub(super) async fn with_token(State(face): State<Face>, request: Request, next: Next) -> Response {
    if face.guard.knows_token(request.headers()) {
        next.run(request).await
    } else {
        error_response(&ErrorCode::Unauthorized.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard {
            port: 4_000,
            token: SecretString::from("right".to_owned()),
        }
    }

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a header")))
            .collect()
    }

    #[test]
    fn only_this_address_and_pages_of_ours_are_at_home() {
        use header::{HOST, ORIGIN};
        let at_home = |pairs: &[_]| guard().is_at_home(&headers(pairs));
        assert!(at_home(&[(HOST, "127.0.0.1:4000")]), "a program on this computer");
        assert!(
            at_home(&[(HOST, "localhost:4000"), (ORIGIN, "http://localhost:4000")]),
            "a page that we served"
        );
        assert!(
            !at_home(&[(HOST, "shop.example:4000")]),
            "a name that was bent to this computer"
        );
        assert!(
            !at_home(&[(HOST, "127.0.0.1:4000"), (ORIGIN, "http://evil.example")]),
            "another page"
        );
        assert!(
            !at_home(&[(HOST, "127.0.0.1:4000"), (ORIGIN, "null")]),
            "a page without an origin"
        );
        assert!(!at_home(&[]), "nobody's address");
    }

    #[test]
    fn only_the_right_token_opens() {
        let knows = |value: &str| guard().knows_token(&headers(&[(header::AUTHORIZATION, value)]));
        assert!(knows("Bearer right"), "the token of this run");
        for wrong in ["Bearer wrong", "Bearer right ", "right", "Basic right", "Bearer "] {
            assert!(!knows(wrong), "{wrong:?} is not it");
        }
        assert!(!guard().knows_token(&HeaderMap::new()), "no token at all");
    }
}
