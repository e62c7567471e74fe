//! Sending, in three generations: the kind beside its fields, a path for each kind, and the kind guessed from the fields.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{
    baileys::{Answered, At, answer, given, sending},
    branch::Branch,
    dialects::Refusal,
    world::Extras,
};

pub(super) async fn typed(At(branch): At, Path(_instance): Path<String>, body: Bytes) -> Response {
    let sent = || -> Answered {
        let said = given(&body)?;
        let kind = said["type"].as_str().unwrap_or_default();
        let sent = send(&branch, kind, &said["payload"])?;
        Ok(Json(json!({
            "key": sent["key"], "status": "PENDING", "messageTimestamp": sent["messageTimestamp"],
        }))
        .into_response())
    };
    answer(sent())
}

pub(super) async fn older_text(At(branch): At, body: Bytes) -> Response {
    let sent = || -> Answered {
        let mut said = given(&body)?;
        said["text"] = said["message"].take();
        Ok(Json(json!({ "data": send(&branch, "sendText", &said)? })).into_response())
    };
    answer(sent())
}

pub(super) async fn older_pdf(At(branch): At, body: Bytes) -> Response {
    let sent = || -> Answered {
        let said = as_media(given(&body)?);
        Ok(Json(json!({ "data": send(&branch, "sendMedia", &said)? })).into_response())
    };
    answer(sent())
}

/// The fields of a file as the older calls name them.
fn as_media(mut said: Value) -> Value {
    said["media"] = said["file"].take();
    said["caption"] = said["message"].take();
    said["mediatype"] = json!("document");
    said
}

pub(super) async fn guessed(At(branch): At, body: Bytes) -> Response {
    let sent = || -> Answered {
        let mut said = given(&body)?;
        let has = |name: &str| !said[name].is_null();
        let (word, kind) = match () {
            () if has("file") => ("media", "sendMedia"),
            () if has("audio") => ("audio", "sendWhatsAppAudio"),
            () if has("video") => ("media", "sendPtv"),
            () if has("latitude") => ("location", "sendLocation"),
            () if has("contact") => ("contact", "sendContact"),
            () if has("values") => ("poll", "sendPoll"),
            () if has("buttons") => ("button", "sendButtons"),
            () => ("text", "sendText"),
        };
        match kind {
            "sendMedia" => said = as_media(said),
            "sendText" => said["text"] = said["message"].take(),
            _ => {}
        }
        let data = json!({ "message_type": word, "data": send(&branch, kind, &said)? });
        Ok(Json(json!({ "data": data })).into_response())
    };
    answer(sent().map_err(wrapped))
}

/// This generation wraps the backend's refusals once more.
fn wrapped(Refusal(status, body): Refusal) -> Refusal {
    Refusal(status, json!({ "error": body, "code": status.as_u16() }))
}

fn send(branch: &Branch, kind: &str, said: &Value) -> Result<Value, Refusal> {
    let extras = Extras {
        mentions: sending::named(&said["mention"]),
        ..Extras::default()
    };
    sending::send(branch, kind, said, extras)
}
