//! Files: uploading, handing over with a message, downloading, listing, deleting.
//!
//! A message names its file in one of five ways: the id of an upload, a `data:` address, bare base64 together with a
//! `mime_type`, a part of a form, or a web address. The practice shop fetches nothing from anywhere: an address is
//! answered as one under which nothing is found. What a file really is, is settled by its own first bytes.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use serde_json::json;

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    page::Page,
    said::{Said, done},
};
use crate::{
    branch::Branch,
    clock::{Millis, seconds},
    premises::Premises,
    world::{Media, World},
};

/// A file as a request names it.
pub(super) enum HandedOver {
    Uploaded(String),
    Bytes {
        bytes: Vec<u8>,
        claimed: Option<String>,
        name: Option<String>,
    },
}

/// The file under a field of a request; `None` when there is none.
pub(super) fn handed_over(given: &mut Given, field: &str) -> Result<Option<HandedOver>, Refusal> {
    let claimed = given.said("mime_type")?;
    if let Some(part) = given.files.remove(field) {
        let claimed = part.mime.or(claimed);
        return Ok(Some(HandedOver::Bytes {
            bytes: part.bytes.to_vec(),
            claimed,
            name: part.name,
        }));
    }
    match given.said(field)? {
        Some(text) => named(&text, claimed).map(Some),
        None => Ok(None),
    }
}

/// The file that a text names or is.
pub(super) fn named(text: &str, claimed: Option<String>) -> Result<HandedOver, Refusal> {
    if let Some(data) = text.strip_prefix("data:") {
        let (about, encoded) = data.split_once(";base64,").ok_or_else(unreadable)?;
        let (mime, name) = match about.split_once(";name=") {
            Some((mime, name)) => (mime, Some(name.to_owned())),
            None => (about, None),
        };
        return decoded(encoded, Some(mime.to_owned()), name);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Err(Refusal::bad_request(
            "Wrong request parameters: nothing was found at the address of the media",
        ));
    }
    match claimed {
        Some(mime) => decoded(text, Some(mime), None),
        None => Ok(HandedOver::Uploaded(text.to_owned())),
    }
}

fn decoded(encoded: &str, claimed: Option<String>, name: Option<String>) -> Result<HandedOver, Refusal> {
    let bytes = BASE64.decode(encoded).map_err(|_| unreadable())?;
    Ok(HandedOver::Bytes { bytes, claimed, name })
}

fn unreadable() -> Refusal {
    Refusal::bad_request("Wrong request parameters: media cannot be read")
}

impl HandedOver {
    /// The name under which the file came.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Bytes { name, .. } => name.as_deref(),
            Self::Uploaded(_) => None,
        }
    }

    /// The id of the file in the world, which gets it if it did not have it yet.
    pub(super) fn into_world(self, world: &mut World, now: Millis) -> Result<String, Refusal> {
        match self {
            Self::Bytes { bytes, claimed, .. } => {
                Ok(world.keep_file(bytes, claimed.as_deref(), now)?.id.clone())
            }
            Self::Uploaded(id) if world.media(&id).is_some() => Ok(id),
            Self::Uploaded(_) => Err(Refusal::not_found("Media with specified id not found")),
        }
    }
}

/// Takes raw bytes with their own content type, or JSON or a form with `media`.
pub(super) async fn upload(At(branch): At, request: Request) -> Result<Said, Refusal> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or("").to_owned();
    let file = if kind.starts_with("application/json") || kind.starts_with("multipart/form-data") {
        let mut given = Given::from_request(request, &()).await?;
        match (handed_over(&mut given, "media")?, given.said("media")?) {
            (Some(HandedOver::Uploaded(encoded)), _) => decoded(&encoded, None, None)?,
            (Some(file), _) => file,
            (None, _) => return Err(wrong()),
        }
    } else {
        let too_large = |_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request media too large");
        let body = Bytes::from_request(request, &()).await.map_err(too_large)?;
        HandedOver::Bytes {
            bytes: body.to_vec(),
            claimed: Some(kind),
            name: None,
        }
    };
    branch.step(|world, now| {
        linked(world, "Need channel authorization for upload media")?;
        let id = file.into_world(world, now)?;
        Ok(Said(json!({ "media": [{ "id": id }] })))
    })
}

/// 401 while no number is linked.
pub(super) fn linked(world: &World, words: &'static str) -> Result<(), Refusal> {
    if world.channel().is_linked() {
        Ok(())
    } else {
        Err(Refusal::new(StatusCode::UNAUTHORIZED, words))
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    count: Option<usize>,
    offset: Option<usize>,
    time_from: Option<u64>,
    time_to: Option<u64>,
    #[serde(default)]
    sort: super::messages::Sort,
}

/// The files that are kept, newest first.
pub(super) async fn list(
    At(branch): At,
    question: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Said, Refusal> {
    let Query(wanted) = question.map_err(|_| wrong())?;
    let page = Page::asked(wanted.count, wanted.offset)?;
    Ok(branch.look(|world, _| {
        let within = |media: &&Media| {
            let at = seconds(media.at);
            wanted.time_from.is_none_or(|from| at >= from) && wanted.time_to.is_none_or(|to| at <= to)
        };
        let mut files: Vec<&Media> = world.stored_media().filter(within).collect();
        files.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
        if wanted.sort == super::messages::Sort::Desc {
            files.reverse();
        }
        Said(page.cut("files", &files, |media| {
            json!({
                "id": media.id, "mime_type": media.mime, "file_size": media.bytes.len(),
                "sha256": media.sha256_base64(), "timestamp": seconds(media.at),
            })
        }))
    }))
}

pub(super) async fn delete(At(branch): At, Path(id): Path<String>) -> Result<Said, Refusal> {
    if branch.step(|world, _| world.drop_media(&id)) {
        Ok(done())
    } else {
        Err(Refusal::not_found("Specified media not found"))
    }
}

pub(super) async fn download(At(branch): At, Path(id): Path<String>) -> Result<Response, Refusal> {
    file(&branch, &id).ok_or(NOT_FOUND)
}

/// The address that a message links to: its long random name is all that is needed.
pub(super) async fn linked_to(
    State(premises): State<Arc<Premises>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    premises
        .branches()
        .iter()
        .find_map(|branch| file(branch, &id))
        .ok_or(NOT_FOUND)
}

const NOT_FOUND: Refusal = Refusal::new(StatusCode::NOT_FOUND, "Specified media not found");

fn file(branch: &Branch, id: &str) -> Option<Response> {
    branch.look(|world, _| world.media(id).map(|media| response(&media)))
}

/// A file's bytes with its own kind.
pub(super) fn response(media: &Media) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(mime) = media.mime.parse() {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    (headers, media.bytes.to_vec()).into_response()
}
