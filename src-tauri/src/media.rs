//! Pictures, for the UI's `<img>`: `media://localhost/ID`.
//!
//! The page names a picture by its id and never by a path. What it gets is one of four types, settled by us from what the
//! bytes were when they came in, and never guessed again by the web view (`nosniff`): a file that claims to be a picture
//! cannot become a page. Only the window with the UI is answered.

use std::borrow::Cow;

use mostrador_api::{ApiError, ErrorCode};
use mostrador_domain::MediaId;
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{UriSchemeContext, UriSchemeResponder, Wry};

use crate::addresses::media_id;
use crate::opening::Door;
use crate::window;

/// What may be shown.
const SHOWN: [&str; 4] = ["image/gif", "image/jpeg", "image/png", "image/webp"];
const JSON: &str = "application/json";
/// For whoever would open such an address as a page: it holds no script and no place to run one.
const NO_PAGE: &str = "default-src 'none'; sandbox";

type Picture = Response<Cow<'static, [u8]>>;

/// What the web view hands every request for a picture to.
pub(crate) fn protocol(
    door: Door,
) -> impl Fn(UriSchemeContext<'_, Wry>, Request<Vec<u8>>, UriSchemeResponder) + Send + Sync + 'static {
    move |context, request, responder| {
        let wanted = wanted(context.webview_label(), request.method(), request.uri().path());
        let door = door.clone();
        // Ends with its answer, as each of the web view's own calls does; the web view owns it.
        tauri::async_runtime::spawn(async move {
            let found = match wanted {
                Ok(id) => picture(&door, id).await,
                Err(code) => Err(code.into()),
            };
            responder.respond(response(found));
        });
    }
}

/// The picture that a request names, if it may.
fn wanted(window: &str, method: &Method, path: &str) -> Result<MediaId, ErrorCode> {
    if window != window::MAIN || method != Method::GET {
        return Err(ErrorCode::BadRequest);
    }
    media_id(path).map(MediaId).ok_or(ErrorCode::NotFound)
}

async fn picture(door: &Door, id: MediaId) -> Result<(String, Vec<u8>), ApiError> {
    Ok(door.shop().await.engine().media_bytes(id).await?)
}

fn response(found: Result<(String, Vec<u8>), ApiError>) -> Picture {
    match found {
        Ok((mime, bytes)) => match SHOWN.into_iter().find(|shown| *shown == mime) {
            Some(mime) => whole(StatusCode::OK, mime, bytes),
            None => refusal(&ErrorCode::MediaUnsupported.into()),
        },
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &ApiError) -> Picture {
    let status = match error.code {
        ErrorCode::NotFound | ErrorCode::MediaMissing => StatusCode::NOT_FOUND,
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::MediaUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    whole(status, JSON, serde_json::to_vec(error).unwrap_or_default())
}

fn whole(status: StatusCode, mime: &'static str, body: Vec<u8>) -> Picture {
    let mut response = Response::new(Cow::Owned(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(mime));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(NO_PAGE),
    );
    // The customers' pictures are kept in one place, the shop's.
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header_of<'a>(response: &'a Picture, name: &str) -> &'a str {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    #[test]
    fn only_the_ui_may_ask_and_only_by_id() {
        assert_eq!(
            wanted(window::MAIN, &Method::GET, "/7"),
            Ok(MediaId(7)),
            "a picture by its id"
        );
        assert_eq!(
            wanted(window::PHONE, &Method::GET, "/7"),
            Err(ErrorCode::BadRequest),
            "not the practice phone"
        );
        assert_eq!(
            wanted(window::MAIN, &Method::POST, "/7"),
            Err(ErrorCode::BadRequest),
            "nothing is written here"
        );
        assert_eq!(
            wanted(window::MAIN, &Method::GET, "/../7"),
            Err(ErrorCode::NotFound),
            "no path"
        );
    }

    #[test]
    fn a_picture_is_answered_as_nothing_but_a_picture() {
        let response = response(Ok(("image/png".into(), vec![1, 2, 3])));
        assert_eq!(response.status(), StatusCode::OK, "it is here");
        assert_eq!(header_of(&response, "content-type"), "image/png", "its own type");
        assert_eq!(
            header_of(&response, "x-content-type-options"),
            "nosniff",
            "and no other one"
        );
        assert_eq!(response.body().as_ref(), [1, 2, 3], "its bytes");
    }

    #[test]
    fn what_is_no_picture_is_never_answered_as_what_it_says_it_is() {
        for mime in [
            "text/html",
            "image/svg+xml",
            "application/javascript",
            "IMAGE/PNG",
            "",
        ] {
            let response = response(Ok((mime.into(), b"<script>".to_vec())));
            assert_eq!(
                response.status(),
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "{mime:?} is not shown"
            );
            assert_eq!(
                header_of(&response, "content-type"),
                JSON,
                "{mime:?} is answered with a code"
            );
            assert!(
                !response.body().windows(6).any(|part| part == b"script"),
                "{mime:?}: its bytes stay here"
            );
        }
    }

    #[test]
    fn a_missing_picture_is_said_with_a_code() {
        for code in [ErrorCode::NotFound, ErrorCode::MediaMissing] {
            let response = response(Err(code.into()));
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{code:?}");
            let body: serde_json::Value = serde_json::from_slice(response.body()).expect("JSON");
            assert_eq!(
                body["code"],
                serde_json::to_value(code).expect("a word"),
                "the core's own code"
            );
        }
    }
}
