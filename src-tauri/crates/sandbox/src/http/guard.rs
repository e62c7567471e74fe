//! Keeps web pages of others away from the phone panel and the sandbox's own switches.
//!
//! Those routes need no token, since whoever sits at this machine may use them. A page on the internet must not: a
//! browser says in `Origin` where a script comes from, and a name that was bent to point at this machine shows in
//! `Host`. Both must name the loopback address that is being served.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use url::Url;

use crate::premises::Premises;

/// The middleware: refuses what did not come from this machine's own pages and programs.
pub(crate) async fn only_from_here(
    State(premises): State<Arc<Premises>>,
    request: Request,
    next: Next,
) -> Response {
    if is_from_here(request.headers(), premises.port()) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            axum::Json(json!({ "code": "not_from_here" })),
        )
            .into_response()
    }
}

fn is_from_here(headers: &HeaderMap, port: u16) -> bool {
    let written = |name| {
        headers
            .get(name)
            .map(|value: &header::HeaderValue| value.to_str().unwrap_or(""))
    };
    let host = written(header::HOST).is_some_and(|host| names_us(&format!("http://{host}"), port));
    let origin = written(header::ORIGIN).is_none_or(|origin| names_us(origin, port));
    host && origin
}

fn names_us(address: &str, port: u16) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    url.scheme() == "http" && is_loopback(&url) && url.port_or_known_default() == Some(port)
}

/// Whether an address can only mean this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::is_from_here;

    fn headers(host: &'static str, origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    #[test]
    fn own_pages_and_programs_may_enter() {
        for (host, origin) in [
            ("127.0.0.1:4000", None),
            ("localhost:4000", None),
            ("127.0.0.1:4000", Some("http://127.0.0.1:4000")),
        ] {
            assert!(
                is_from_here(&headers(host, origin), 4000),
                "{host} {origin:?} is this machine"
            );
        }
    }

    #[test]
    fn pages_of_others_are_kept_out() {
        for (host, origin) in [
            ("shop.example", None),
            ("127.0.0.1.shop.example:4000", None),
            ("127.0.0.1:4001", None),
            ("127.0.0.1:4000", Some("https://shop.example")),
            ("127.0.0.1:4000", Some("http://127.0.0.1:4001")),
            ("127.0.0.1:4000", Some("null")),
        ] {
            assert!(
                !is_from_here(&headers(host, origin), 4000),
                "{host} {origin:?} must be refused"
            );
        }
    }
}
