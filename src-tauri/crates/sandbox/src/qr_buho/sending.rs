//! Sending, in three generations: the kind beside its fields, a path for each kind, and the kind guessed from the fields.

use axum::{
    Json,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    entry::{Told, check_letter, guess_refused},
    is_practice, nothing_there,
};
use crate::{
    baileys::{Answered, At, answer, bad, sending},
    branch::Branch,
    dialects::Refusal,
    world::Extras,
};

pub(super) async fn typed(At(branch): At, Path(instance): Path<String>, told: Told) -> Response {
    let sent = || -> Answered {
        if !is_practice(&branch, &instance) {
            return Err(nothing_there());
        }
        let (kind, payload) = (told.text("type"), &told.0["payload"]);
        let letter = match (kind, payload["mediatype"].as_str()) {
            ("sendMedia", Some(of)) => format!("sendMedia/{of}"),
            _ => kind.to_owned(),
        };
        check_letter("/api/send/", &letter, payload)?;
        let sent = send(&branch, kind, payload)?;
        // Recorded of texts only.
        let said = match kind {
            "sendText" => {
                let result = json!({ "key": sent["key"], "messageTimestamp": sent["messageTimestamp"] });
                json!({ "status": true, "sendResult": result })
            }
            _ => json!({
                "key": sent["key"], "status": "PENDING", "messageTimestamp": sent["messageTimestamp"],
            }),
        };
        Ok(Json(said).into_response())
    };
    answer(sent())
}

pub(super) async fn older_text(At(branch): At, mut told: Told) -> Response {
    told.0["text"] = told.0["message"].take();
    answer(in_data(send(&branch, "sendText", &told.0)))
}

/// Says that it was taken, and not under which id.
pub(super) async fn text_without_id(At(branch): At, told: Told) -> Response {
    let sent = send(&branch, "sendText", &told.0);
    answer(sent.map(|_| (StatusCode::CREATED, Json(json!({ "status": true }))).into_response()))
}

/// Named beside the one for texts, and no more: by which fields it is told what to send nobody knows, so it sends nothing.
pub(super) async fn image_of_unknown_fields() -> Response {
    (StatusCode::CREATED, Json(json!({ "status": true }))).into_response()
}

pub(super) async fn older_pdf(At(branch): At, told: Told) -> Response {
    answer(in_data(send(&branch, "sendMedia", &as_media(told.0))))
}

/// The file lies at an address.
pub(super) async fn older_media(At(branch): At, mut told: Told) -> Response {
    let kind = match told.text("media_type") {
        "audio" => {
            told.0["audio"] = told.0["link"].take();
            "sendWhatsAppAudio"
        }
        of => {
            told.0["mediatype"] = json!(of);
            told.0["media"] = told.0["link"].take();
            "sendMedia"
        }
    };
    answer(in_data(send(&branch, kind, &told.0)))
}

fn in_data(sent: Result<Value, Refusal>) -> Answered {
    Ok(Json(json!({ "data": sent? })).into_response())
}

/// The fields of a file as the older calls name them.
fn as_media(mut said: Value) -> Value {
    said["media"] = said["file"].take();
    said["caption"] = said["message"].take();
    said["mediatype"] = json!("document");
    said
}

/// What the fields look like.
fn guess(said: &Value) -> (&'static str, &'static str) {
    let has = |name: &str| !said[name].is_null();
    match () {
        () if has("file") => ("media", "sendMedia"),
        () if has("audio") => ("audio", "sendWhatsAppAudio"),
        () if has("video") => ("video", "sendPtv"),
        () if has("latitude") => ("location", "sendLocation"),
        () if has("contact") => ("contact", "sendContact"),
        () if has("values") => ("poll", "sendPoll"),
        () if has("sections") => ("list", "sendList"),
        () if has("buttons") => ("button", "sendButtons"),
        () => ("text", "sendText"),
    }
}

pub(super) async fn guessed(At(branch): At, told: Told) -> Response {
    let sent = || -> Answered {
        let (word, kind) = guess(&told.0);
        check_letter("/message/send", &format!("guessed/{word}"), &told.0)?;
        let mut said = told.0.clone();
        match kind {
            "sendMedia" => said = as_media(said),
            "sendText" => said["text"] = said["message"].take(),
            // Recorded so: lists do not get out of this generation.
            "sendList" => return Err(guess_refused(bad("TypeError: this.isZero is not a function"))),
            _ => {}
        }
        let sent = send(&branch, kind, &said).map_err(guess_refused)?;
        let word = if word == "video" { "media" } else { word };
        let data = json!({ "message_type": word, "data": sent });
        Ok(Json(json!({ "data": data })).into_response())
    };
    answer(sent())
}

fn send(branch: &Branch, kind: &str, said: &Value) -> Result<Value, Refusal> {
    let extras = Extras {
        mentions: sending::named(&said["mention"]),
        ..Extras::default()
    };
    sending::send(branch, kind, said, extras)
}
