//! What is sent, and what is done to messages.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{
    baileys::{Answered, At, answer, bad, closed, given, no, sending, shapes},
    branch::Branch,
    dialects::Refusal,
    world::{ActRefused, Content, Deed, Extras, Message, Source},
};

pub(super) async fn send(
    At(branch): At,
    Path((kind, _name)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let sent = || -> Answered {
        let said = given(&body)?;
        let message = match kind.as_str() {
            "sendReaction" => react(&branch, &said)?,
            "sendStatus" => publish(&branch, &said)?,
            "sendTemplate" => return Err(bad("Method not available in the Baileys service")),
            kind => letter(&branch, kind, &said)?,
        };
        Ok((StatusCode::CREATED, Json(message)).into_response())
    };
    answer(sent())
}

fn letter(branch: &Branch, kind: &str, said: &Value) -> Result<Value, Refusal> {
    if kind == "sendButtons" && said["buttons"].as_array().is_none_or(Vec::is_empty) {
        return Err(bad("At least one button is required"));
    }
    // What is to be quoted and is not there is passed over.
    let quoted = said["quoted"]["key"]["id"].as_str();
    let quoted = quoted.filter(|id| branch.look(|world, _| world.message(id).is_some()));
    let extras = Extras {
        mentions: sending::named(&said["mentioned"]),
        quoted: quoted.map(str::to_owned),
        ..Extras::default()
    };
    sending::send(branch, kind, said, extras)
}

/// What the schema asks of a key.
fn key(key: &Value) -> Result<&str, Refusal> {
    let missing: Vec<String> = ["id", "remoteJid", "fromMe"]
        .into_iter()
        .filter(|name| key[name].is_null())
        .map(|name| format!("key requires property \"{name}\""))
        .collect();
    match (missing.is_empty(), key["id"].as_str()) {
        (true, Some(id)) => Ok(id),
        _ => Err(no(StatusCode::BAD_REQUEST, json!([missing]))),
    }
}

fn act(branch: &Branch, target: &str, deed: Deed) -> Result<(Value, Message), ActRefused> {
    branch.step(|world, now| {
        let done = world.shop_acts(target, deed, Source::Gateway, now)?;
        Ok((shapes::message(world, &done), done))
    })
}

fn react(branch: &Branch, said: &Value) -> Result<Value, Refusal> {
    let id = key(&said["key"])?;
    let deed = Deed::Reaction {
        emoji: said["reaction"].as_str().unwrap_or_default().to_owned(),
    };
    match act(branch, id, deed) {
        Ok((shape, _)) => Ok(shape),
        Err(ActRefused::NotLinked) => Err(closed()),
        // The library sends it into the void.
        Err(_) => Ok(json!({ "key": said["key"], "status": "PENDING" })),
    }
}

fn publish(branch: &Branch, said: &Value) -> Result<Value, Refusal> {
    let only = sending::named(&said["statusJidList"]);
    branch.step(|world, now| {
        let content = match said["type"].as_str() {
            Some("text") => Content::text(said["content"].as_str().unwrap_or_default()),
            kind => {
                let file = json!({ "mediatype": kind, "media": said["content"], "caption": said["caption"] });
                sending::content(world, "sendMedia", &file, now)?
            }
        };
        match world.publish(content, &only, &[], now) {
            Ok(story) => Ok(shapes::message(world, &story)),
            Err(_) => Err(closed()),
        }
    })
}

pub(super) async fn edit(At(branch): At, body: Bytes) -> Response {
    let edited = || -> Answered {
        let said = given(&body)?;
        let deed = Deed::Edit {
            now: Box::new(Content::text(said["text"].as_str().unwrap_or_default())),
        };
        match act(&branch, key(&said["key"])?, deed) {
            Ok((shape, _)) => Ok(Json(shape).into_response()),
            Err(ActRefused::NotLinked) => Err(closed()),
            Err(_) => Err(bad("Message not compatible")),
        }
    };
    answer(edited())
}

pub(super) async fn take_back(At(branch): At, body: Bytes) -> Response {
    let taken = || -> Answered {
        let said = given(&body)?;
        match act(&branch, key(&said)?, Deed::Delete) {
            Ok((shape, _)) => Ok((StatusCode::CREATED, Json(shape)).into_response()),
            Err(error) => {
                let said = json!(["Error while deleting message for everyone", error.to_string()]);
                Err(no(StatusCode::INTERNAL_SERVER_ERROR, said))
            }
        }
    };
    answer(taken())
}

pub(super) async fn mark_read(At(branch): At, body: Bytes) -> Response {
    let read = || -> Answered {
        let said = given(&body)?;
        for message in said["readMessages"].as_array().into_iter().flatten() {
            branch.step(|world, _| world.shop_opens(message["id"].as_str().unwrap_or_default()));
        }
        let said = json!({ "message": "Read messages", "read": "success" });
        Ok((StatusCode::CREATED, Json(said)).into_response())
    };
    answer(read())
}
