//! Files: uploading, handing over with a message, downloading.
//!
//! A message names its file in one of three ways: the id of an upload, a `data:` address, or bare base64 together
//! with a `mime_type`. The dialect also knows web addresses; the practice shop fetches nothing from anywhere and
//! refuses them. What a file really is, is settled by its own first bytes.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::{clock::Millis, premises::Premises, world::World};

/// A file as a request names it.
pub(super) enum HandedOver {
    Uploaded(String),
    Bytes(Vec<u8>),
}

/// Reads the `media` of a request.
pub(super) fn handed_over(media: &str, mime_type: Option<&str>) -> Result<HandedOver, Refusal> {
    if let Some(data) = media.strip_prefix("data:") {
        let (_, encoded) = data.split_once(";base64,").ok_or_else(wrong)?;
        return decoded(encoded);
    }
    if media.starts_with("http://") || media.starts_with("https://") {
        return Err(Refusal::bad_request(
            "Wrong request parameters: media must not be a web address here",
        ));
    }
    if mime_type.is_some() {
        return decoded(media);
    }
    Ok(HandedOver::Uploaded(media.to_owned()))
}

fn decoded(encoded: &str) -> Result<HandedOver, Refusal> {
    BASE64.decode(encoded).map(HandedOver::Bytes).map_err(|_| wrong())
}

fn wrong() -> Refusal {
    Refusal::bad_request("Wrong request parameters: media cannot be read")
}

impl HandedOver {
    /// The id of the file in the world, which gets it if it did not have it yet.
    pub(super) fn into_world(self, world: &mut World, now: Millis) -> Result<String, Refusal> {
        match self {
            Self::Bytes(bytes) => Ok(world.keep_picture(bytes, now)?.id.clone()),
            Self::Uploaded(id) if world.media(&id).is_some() => Ok(id),
            Self::Uploaded(_) => Err(Refusal::not_found("Media with specified id not found")),
        }
    }
}

#[derive(Deserialize)]
struct Upload {
    media: String,
}

/// Takes raw bytes with their own content type, or JSON with `media`.
pub(super) async fn upload(
    State(premises): State<Arc<Premises>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let file = if content_type.starts_with("application/json") {
        let upload: Upload = serde_json::from_slice(&body).map_err(|_| wrong())?;
        handed_over(&upload.media, Some(""))?
    } else {
        HandedOver::Bytes(body.to_vec())
    };
    premises.step(|world, now| {
        if !world.channel().is_linked() {
            let words = "Need channel authorization for upload media";
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, words));
        }
        let id = file.into_world(world, now)?;
        Ok(Json(json!({ "media": [{ "id": id }] })))
    })
}

pub(super) async fn download(
    State(premises): State<Arc<Premises>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    file(&premises, &id)
}

/// The address that a message links to: its long random name is all that is needed.
pub(super) async fn linked(
    State(premises): State<Arc<Premises>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    file(&premises, &id)
}

fn file(premises: &Premises, id: &str) -> Result<Response, Refusal> {
    premises.look(|world, _| {
        let media = world
            .media(id)
            .ok_or(Refusal::not_found("Specified media not found"))?;
        let headers = [
            (header::CONTENT_TYPE, media.mime.clone()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        Ok((headers, media.bytes.to_vec()).into_response())
    })
}
