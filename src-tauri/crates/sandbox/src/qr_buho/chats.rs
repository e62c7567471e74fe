//! Chats as a whole, the people behind them, labels, and what is done to messages.

use axum::{
    Json,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{entry::Told, nothing_there};
use crate::{
    baileys::{Answered, At, acting, answer, bad, closed, lists, shapes},
    branch::Branch,
    dialects::Refusal,
    world::{ChatId, Flags},
};

/// Changes a chat's marks.
fn mark(branch: &Branch, chat: &str, change: impl FnOnce(&mut Flags)) -> Result<(), Refusal> {
    let marked = acting::mark(branch, chat, change)?;
    marked.then_some(()).ok_or_else(nothing_there)
}

/// This generation only puts it away.
pub(super) async fn archive(At(branch): At, told: Told) -> Response {
    let archived = || -> Answered {
        mark(&branch, told.text("remoteJid"), |flags| flags.archived = true)?;
        Ok(Json(json!({ "archived": true })).into_response())
    };
    answer(archived())
}

pub(super) async fn older_archive(At(branch): At, told: Told) -> Response {
    let archived = || -> Answered {
        let (chat, on) = (acting::chat_of(&told.0), told.0["archive"] == true);
        mark(&branch, chat, |flags| flags.archived = on)?;
        let data = json!({ "chat": chat, "archive": on });
        Ok(Json(json!({ "message": "Chat archived", "data": data })).into_response())
    };
    answer(archived())
}

pub(super) async fn mark_unread(At(branch): At, told: Told) -> Response {
    let marked = || -> Answered {
        let chat = acting::chat_of(&told.0);
        mark(&branch, chat, |flags| flags.marked_unread = true)?;
        let said = json!({ "chatId": chat, "markedChatUnread": true });
        Ok((StatusCode::CREATED, Json(said)).into_response())
    };
    answer(marked())
}

/// Everybody else keeps theirs, whatever is asked for.
pub(super) async fn delete(At(branch): At, told: Told) -> Response {
    let deleted = || -> Answered {
        let chat = ChatId::addressed(told.text("remoteJid")).ok_or_else(nothing_there)?;
        branch.step(|world, _| {
            if !world.channel().is_linked() {
                return Err(closed());
            }
            world.delete_chat(&chat).then_some(()).ok_or_else(nothing_there)
        })?;
        Ok(Json(json!({ "deleted": true, "message": "Chat deleted" })).into_response())
    };
    answer(deleted())
}

pub(super) async fn one(At(branch): At, Path(chat): Path<String>) -> Response {
    let chat = ChatId::addressed(&chat);
    let found = branch.look(|world, _| {
        let chat = chat.filter(|_| world.channel().is_linked())?;
        world.chat(&chat).map(|chat| lists::chat(world, &chat))
    });
    found.map_or_else(
        || nothing_there().into_response(),
        |chat| Json(chat).into_response(),
    )
}

/// Persons in the older generations' wrapping.
pub(super) async fn people(At(branch): At, told: Told) -> Response {
    let found = branch.look(|world, _| lists::people(world, &told.0, shapes::contact_as_it_is));
    Json(json!({ "data": found })).into_response()
}

/// Nobody of this dialect's has a picture.
pub(super) async fn picture(At(branch): At, told: Told) -> Response {
    let found = || -> Answered {
        let number = told.text("number");
        let person = branch.look(|world, _| {
            world
                .contact(number)
                .map(|person| person.chat().as_str().to_owned())
        });
        let who = person.ok_or_else(nothing_there)?;
        Ok(Json(json!({ "wuid": who, "profilePictureUrl": null })).into_response())
    };
    answer(found())
}

pub(super) async fn block(At(branch): At, told: Told) -> Response {
    let blocked = || -> Answered {
        let number = told.text("number");
        let on = told.0["block"] == true || told.0["status"] == "block";
        branch.step(|world, _| {
            if !world.channel().is_linked() {
                return Err(closed());
            }
            world.block(number, on).ok_or_else(nothing_there)
        })?;
        let data = json!({ "number": number, "block": on });
        Ok(Json(json!({ "message": "Contact updated", "data": data })).into_response())
    };
    answer(blocked())
}

/// Lasts here until something else is shown.
pub(super) async fn show_presence(At(branch): At, told: Told) -> Response {
    let shown = || -> Answered {
        let word = match told.text("presence") {
            "composing" => "typing",
            "recording" => "recording",
            _ => "pause",
        };
        branch.step(|world, _| {
            if !world.channel().is_linked() {
                return Err(closed());
            }
            let who = world.contact(told.text("number"));
            let who = who
                .map(|person| person.number.clone())
                .ok_or_else(nothing_there)?;
            world.shop_shows(&who, word);
            Ok(())
        })?;
        Ok((StatusCode::CREATED, Json(json!({ "message": "Presence sent" }))).into_response())
    };
    answer(shown())
}

/// The shop's own stories.
pub(super) async fn stories(At(branch): At) -> Response {
    let all: Vec<Value> = branch.look(|world, _| {
        let stories = world.stories().iter();
        stories.map(|story| shapes::message(world, story)).collect()
    });
    Json(json!({ "data": all })).into_response()
}

pub(super) async fn labels(At(branch): At) -> Response {
    Json(branch.look(|world, _| lists::labels(world))).into_response()
}

/// What is so already is a success.
pub(super) async fn put_label(At(branch): At, told: Told) -> Response {
    let put = || -> Answered {
        let updated = acting::put_label(&branch, &told.0)?.ok_or_else(nothing_there)?;
        Ok(Json(json!({ "success": true, "updated": updated })).into_response())
    };
    answer(put())
}

pub(super) async fn edit(At(branch): At, told: Told) -> Response {
    answer(acting::edit(&branch, &told.0).map(|shape| Json(shape).into_response()))
}

/// The documentation has the key in the query, the recording in the body.
pub(super) async fn take_back(At(branch): At, mut told: Told) -> Response {
    let taken = || -> Answered {
        if told.0["fromMe"].is_null() {
            told.0["fromMe"] = json!(true);
        }
        if told.text("id").is_empty() {
            return Err(bad("id is required"));
        }
        let shape = acting::take_back(&branch, &told.0)?;
        Ok((StatusCode::CREATED, Json(shape)).into_response())
    };
    let mut taken = taken;
    answer(taken())
}
