//! Files, for the UI: `media://localhost/ID`, pictures that are shown small: `media://localhost/small/ID`, and small copies of
//! people's pictures: `media://localhost/picture/ID`.
//!
//! The page names a file by its id and never by a path. Pictures, sounds and films come as one of a fixed list of types, settled
//! by us from what the bytes were when they came in; anything else comes as bytes to be kept ([`media_types`]), and none is
//! guessed again by the web view (`nosniff`): a file that claims to be something else cannot become a page. Players ask for parts
//! ([`ranges`](crate::ranges)). Only the window with the UI is answered.

use std::borrow::Cow;

use mostrador_api::{ApiError, ErrorCode};
use mostrador_domain::{MediaId, PictureId};
use mostrador_engine::Part;
use tauri::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use tauri::{UriSchemeContext, UriSchemeResponder, Wry};

use crate::addresses::{Named, named, origin_of_ui};
use crate::media_types::{self, BYTES};
use crate::opening::Door;
use crate::ranges::Wanted;
use crate::window;

const JSON: &str = "application/json";
/// For whoever would open such an address as a page: it holds no script and no place to run one.
const NO_PAGE: &str = "default-src 'none'; sandbox";

type Answer = Response<Cow<'static, [u8]>>;

/// What the web view hands every request for a file to.
pub(crate) fn protocol(
    door: Door,
) -> impl Fn(UriSchemeContext<'_, Wry>, Request<Vec<u8>>, UriSchemeResponder) + Send + Sync + 'static {
    move |context, request, responder| {
        let wanted = wanted(context.webview_label(), request.method(), request.uri().path());
        let range = range_of(request.headers());
        let door = door.clone();
        // Ends with its answer, as each of the web view's own calls does; the web view owns it.
        tauri::async_runtime::spawn(async move {
            let found = match wanted {
                Ok(Named::File(id)) => file(&door, id, range).await,
                Ok(Named::Small(id)) => small(&door, id).await,
                Ok(Named::Picture(id)) => picture(&door, id).await,
                Err(code) => Err(code.into()),
            };
            responder.respond(
                found.map_or_else(|error| refusal(&error), |(mime, part)| given(&mime, range, part)),
            );
        });
    }
}

/// What a request names, if it may.
fn wanted(window: &str, method: &Method, path: &str) -> Result<Named, ErrorCode> {
    if window != window::MAIN || method != Method::GET {
        return Err(ErrorCode::BadRequest);
    }
    named(path).ok_or(ErrorCode::NotFound)
}

fn range_of(headers: &HeaderMap) -> Wanted {
    Wanted::of(headers.get(header::RANGE).and_then(|value| value.to_str().ok()))
}

/// A whole file is held against its hash; a part cannot be.
async fn file(door: &Door, id: MediaId, range: Wanted) -> Result<(String, Part), ApiError> {
    let shop = door.shop().await;
    if range != Wanted::Whole {
        return Ok(shop
            .engine()
            .media_part(id, move |length| range.within(length))
            .await?);
    }
    let (mime, bytes) = shop.engine().media_bytes(id).await?;
    Ok((mime, all_of(bytes)))
}

/// A picture that is shown small: a copy of it that was drawn by us, or itself, and always whole.
async fn small(door: &Door, id: MediaId) -> Result<(String, Part), ApiError> {
    let (mime, bytes) = door.shop().await.engine().media_small(id).await?;
    Ok((mime, all_of(bytes)))
}

/// A small copy of somebody's picture: drawn by us, and always whole.
async fn picture(door: &Door, id: PictureId) -> Result<(String, Part), ApiError> {
    let bytes = door.shop().await.engine().picture(id).await?;
    Ok(("image/jpeg".to_owned(), all_of(bytes)))
}

fn all_of(bytes: Vec<u8>) -> Part {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Part {
        length,
        range: Some(0..length),
        bytes,
    }
}

fn given(mime: &str, wanted: Wanted, part: Part) -> Answer {
    let (status, range) = match (wanted, part.range) {
        (Wanted::Whole, _) => (StatusCode::OK, None),
        (_, Some(range)) => (
            StatusCode::PARTIAL_CONTENT,
            Some(format!(
                "bytes {}-{}/{}",
                range.start,
                range.end.saturating_sub(1),
                part.length
            )),
        ),
        (_, None) => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            Some(format!("bytes */{}", part.length)),
        ),
    };
    let mime = media_types::told(mime);
    let mut answer = whole(status, mime, part.bytes);
    let headers = answer.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(range) = range.and_then(|range| HeaderValue::from_str(&range).ok()) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    if mime == BYTES {
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment"),
        );
    }
    answer
}

fn refusal(error: &ApiError) -> Answer {
    let status = match error.code {
        ErrorCode::NotFound | ErrorCode::MediaMissing => StatusCode::NOT_FOUND,
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    whole(status, JSON, serde_json::to_vec(error).unwrap_or_default())
}

fn whole(status: StatusCode, mime: &'static str, body: Vec<u8>) -> Answer {
    let mut response = Response::new(Cow::Owned(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, mime),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, NO_PAGE),
        // The customers' files are kept in one place, the shop's.
        (header::CACHE_CONTROL, "no-store"),
        // The scheme is another origin than the UI's, and the UI is the only one that may read from it.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin_of_ui()),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header_of<'a>(response: &'a Answer, name: &str) -> &'a str {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    fn part(length: u64, range: Option<std::ops::Range<u64>>, bytes: &[u8]) -> Part {
        Part {
            length,
            range,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn only_the_ui_may_ask_and_only_by_id() {
        for (window, method, path, found) in [
            (window::MAIN, Method::GET, "/7", Ok(Named::File(MediaId(7)))),
            (
                window::MAIN,
                Method::GET,
                "/picture/7",
                Ok(Named::Picture(PictureId(7))),
            ),
            (
                window::PHONE,
                Method::GET,
                "/picture/7",
                Err(ErrorCode::BadRequest),
            ),
            (window::PHONE, Method::GET, "/7", Err(ErrorCode::BadRequest)),
            (window::MAIN, Method::POST, "/7", Err(ErrorCode::BadRequest)),
            (window::MAIN, Method::GET, "/../7", Err(ErrorCode::NotFound)),
        ] {
            assert_eq!(wanted(window, &method, path), found, "{window} {method} {path}");
        }
    }

    #[test]
    fn a_picture_is_answered_as_nothing_but_a_picture() {
        let response = given("image/png", Wanted::Whole, part(3, Some(0..3), &[1, 2, 3]));
        assert_eq!(response.status(), StatusCode::OK, "it is here");
        assert_eq!(header_of(&response, "content-type"), "image/png", "its own type");
        assert_eq!(
            header_of(&response, "x-content-type-options"),
            "nosniff",
            "and no other one"
        );
        assert_eq!(header_of(&response, "content-disposition"), "", "to be shown");
        assert_eq!(response.body().as_ref(), [1, 2, 3], "its bytes");
    }

    #[test]
    fn a_player_gets_the_part_that_it_asks_for() {
        let wanted = Wanted::Between(2, 4);
        let response = given("audio/ogg", wanted, part(10, wanted.within(10), &[2, 3, 4]));
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT, "a part");
        assert_eq!(header_of(&response, "content-range"), "bytes 2-4/10", "and which");
        assert_eq!(
            header_of(&response, "accept-ranges"),
            "bytes",
            "more may be asked for"
        );
        assert_eq!(header_of(&response, "content-type"), "audio/ogg", "of a sound");
    }

    #[test]
    fn a_part_beyond_the_end_is_refused_with_the_length() {
        let wanted = Wanted::From(10);
        let response = given("video/mp4", wanted, part(10, wanted.within(10), &[]));
        assert_eq!(
            response.status(),
            StatusCode::RANGE_NOT_SATISFIABLE,
            "there is none"
        );
        assert_eq!(
            header_of(&response, "content-range"),
            "bytes */10",
            "it ends there"
        );
    }

    #[test]
    fn a_document_is_bytes_to_be_kept_whatever_it_says_it_is() {
        for mime in [
            "text/html",
            "image/svg+xml",
            "application/javascript",
            "IMAGE/PNG",
            "",
        ] {
            let response = given(mime, Wanted::Whole, part(8, Some(0..8), b"<script>"));
            assert_eq!(
                header_of(&response, "content-type"),
                BYTES,
                "{mime:?} is not told"
            );
            assert_eq!(
                header_of(&response, "content-disposition"),
                "attachment",
                "{mime:?} is not shown"
            );
            assert_eq!(
                header_of(&response, "content-security-policy"),
                NO_PAGE,
                "{mime:?} runs nothing"
            );
        }
    }

    #[test]
    fn a_missing_file_is_said_with_a_code() {
        for code in [ErrorCode::NotFound, ErrorCode::MediaMissing] {
            let response = refusal(&code.into());
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
