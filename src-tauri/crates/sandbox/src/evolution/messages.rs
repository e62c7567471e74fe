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
    baileys::{Answered, At, acting, answer, bad, closed, given, no, sending, shapes},
    branch::Branch,
    dialects::Refusal,
    world::{ActRefused, Content, Deed, Extras},
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

fn react(branch: &Branch, said: &Value) -> Result<Value, Refusal> {
    let id = acting::key(&said["key"])?;
    let deed = Deed::Reaction {
        emoji: said["reaction"].as_str().unwrap_or_default().to_owned(),
    };
    match acting::act(branch, id, deed) {
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
    let edited = || -> Answered { Ok(Json(acting::edit(&branch, &given(&body)?)?).into_response()) };
    answer(edited())
}

pub(super) async fn take_back(At(branch): At, body: Bytes) -> Response {
    let taken = || -> Answered {
        let shape = acting::take_back(&branch, &given(&body)?)?;
        Ok((StatusCode::CREATED, Json(shape)).into_response())
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

pub(super) async fn put_label(At(branch): At, body: Bytes) -> Response {
    let put = || -> Answered {
        // What is not there, the library sends into the void.
        acting::put_label(&branch, &given(&body)?)?;
        Ok((StatusCode::CREATED, Json(json!({}))).into_response())
    };
    answer(put())
}

/// Without a message at hand it fails, as it was recorded.
pub(super) async fn archive(At(branch): At, body: Bytes) -> Response {
    let archived = || -> Answered {
        let said = given(&body)?;
        let (chat, on) = (acting::chat_of(&said), said["archive"] == true);
        if said["lastMessage"]["key"]["id"].is_null()
            || !acting::mark(&branch, chat, |flags| flags.archived = on)?
        {
            let why = "An error occurred while archiving the chat. Open a calling.";
            let said = json!([{ "archived": false, "message": [why] }]);
            return Err(no(StatusCode::INTERNAL_SERVER_ERROR, said));
        }
        let said = json!({ "chatId": chat, "archived": true });
        Ok((StatusCode::CREATED, Json(said)).into_response())
    };
    answer(archived())
}

pub(super) async fn mark_unread(At(branch): At, body: Bytes) -> Response {
    let marked = || -> Answered {
        let said = given(&body)?;
        let chat = acting::chat_of(&said);
        acting::mark(&branch, chat, |flags| flags.marked_unread = true)?;
        let said = json!({ "chatId": chat, "markedChatUnread": true });
        Ok((StatusCode::CREATED, Json(said)).into_response())
    };
    answer(marked())
}
