//! Sending a file as the bare body of a request, with everything else in the address.

use axum::{
    body::Bytes,
    extract::{Path, Query},
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

use super::{
    Refusal,
    entry::At,
    given::{Given, wrong},
    media::HandedOver,
    said::Said,
    send::send_with,
};
use crate::world::FileKind;

pub(super) async fn send(
    At(branch): At,
    Path(kind): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Said, Refusal> {
    let kind = match kind.as_str() {
        "image" => FileKind::Image,
        "video" => FileKind::Video,
        "gif" => FileKind::Gif,
        "audio" => FileKind::Audio,
        "voice" => FileKind::Voice,
        "document" => FileKind::Document,
        "sticker" => FileKind::Sticker,
        _ => return Err(wrong()),
    };
    let claimed = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let fields: Map<String, Value> = parameters
        .into_iter()
        .map(|(name, text)| (name, Value::String(text)))
        .collect();
    let given = Given {
        fields,
        ..Given::default()
    };
    let file = HandedOver::Bytes {
        bytes: body.to_vec(),
        claimed,
        name: None,
    };
    send_with(&branch, &given, file, kind)
}
