//! What is looked up: chats, messages, files, numbers, persons, groups.

use axum::{
    Json,
    body::Bytes,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answered, answer, closed, entry::At, given, refuse, shapes};
use crate::world::{ChatId, ChatView, Content, World};

/// A part of a list.
#[derive(Deserialize)]
pub(super) struct Part {
    limit: Option<usize>,
    offset: Option<usize>,
}

/// The chats, most recent first. Without a linked number there are none.
fn listed(world: &World) -> Vec<ChatView> {
    if !world.channel().is_linked() {
        return Vec::new();
    }
    let mut chats: Vec<ChatView> = world.book().chats().filter_map(|id| world.chat(id)).collect();
    chats.sort_by(|one, other| {
        other
            .at
            .cmp(&one.at)
            .then_with(|| one.id.as_str().cmp(other.id.as_str()))
    });
    chats
}

pub(super) async fn chats(At(branch): At, Query(part): Query<Part>) -> Response {
    let all = branch.look(|world, _| listed(world));
    let (limit, offset) = (part.limit.unwrap_or(50), part.offset.unwrap_or(0));
    let shapes: Vec<Value> = all.iter().skip(offset).take(limit).map(shapes::chat).collect();
    Json(shapes).into_response()
}

pub(super) async fn all_chats(At(branch): At) -> Response {
    let all = branch.look(|world, _| listed(world));
    let shapes: Vec<Value> = all.iter().map(shapes::chat).collect();
    Json(json!({ "data": shapes })).into_response()
}

pub(super) async fn read_chat(At(branch): At, body: Bytes) -> Response {
    let read = || -> Answered {
        let said = given(&body)?;
        let chat = ChatId::new(said["remoteJid"].as_str().unwrap_or_default());
        let read = branch.step(|world, _| {
            let last = world
                .messages_of(&chat)
                .and_then(|mut all| all.next_back())
                .map(|last| last.id.clone());
            last.is_some_and(|last| world.shop_opens(&last))
        });
        if read {
            Ok(Json(json!({ "success": true })).into_response())
        } else {
            Err(refuse(StatusCode::NOT_FOUND))
        }
    };
    answer(read())
}

pub(super) async fn mark_read(At(branch): At, body: Bytes) -> Response {
    let read = || -> Answered {
        let said = given(&body)?;
        for message in said["readMessages"].as_array().into_iter().flatten() {
            branch.step(|world, _| world.shop_opens(message["id"].as_str().unwrap_or_default()));
        }
        Ok((
            StatusCode::CREATED,
            Json(json!({ "message": "Read messages", "read": "success" })),
        )
            .into_response())
    };
    answer(read())
}

/// By pages; `offset` is the size of one.
pub(super) async fn messages(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let chat = said.pointer("/where/key/remoteJid").and_then(Value::as_str);
        let number = |name: &str| {
            said[name]
                .as_u64()
                .and_then(|number| usize::try_from(number).ok())
        };
        let size = number("offset").filter(|size| *size > 0).unwrap_or(50);
        let skipped = number("page").unwrap_or(1).saturating_sub(1).saturating_mul(size);
        let listed: Vec<Value> = branch.look(|world, _| {
            if !world.channel().is_linked() {
                return Vec::new();
            }
            let book = world.book();
            let places: Vec<usize> = match chat {
                Some(chat) => book
                    .places(&ChatId::new(chat))
                    .unwrap_or_default()
                    .iter()
                    .map(|place| *place as usize)
                    .collect(),
                None => book.between(None, None).collect(),
            };
            let left = places.into_iter().rev().filter(|place| !book.is_gone(*place));
            left.skip(skipped)
                .take(size)
                .filter_map(|place| book.get(place))
                .map(|message| shapes::message(world, &message))
                .collect()
        });
        Ok(Json(json!({ "data": listed })).into_response())
    };
    answer(found())
}

pub(super) async fn file(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let id = said
            .pointer("/message/key/id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let file = branch.look(|world, _| {
            let message = world.message(id)?;
            let Content::File(file) = &message.content else {
                return None;
            };
            let media = world.media(&file.media)?;
            let (kind, shape) = shapes::content(world, &message.content);
            Some(json!({
                "mediaType": kind, "fileName": file.name, "mimetype": media.mime,
                "size": { "fileLength": shape["fileLength"] }, "base64": BASE64.encode(&media.bytes), "buffer": null,
            }))
        });
        let file = file.ok_or_else(|| super::bad("Message not found"))?;
        Ok((StatusCode::CREATED, Json(file)).into_response())
    };
    answer(found())
}

pub(super) async fn check(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let verdicts = branch.look(|world, _| {
            let numbers = said["numbers"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let verdict = |number: &str| {
                let found = world.check(number);
                let jid = found.as_ref().map_or_else(
                    || format!("{number}@s.whatsapp.net"),
                    |found| found.chat().as_str().to_owned(),
                );
                json!({ "jid": jid, "exists": found.is_some(), "number": number, "name": "" })
            };
            world
                .channel()
                .is_linked()
                .then(|| numbers.map(verdict).collect::<Vec<Value>>())
        });
        verdicts
            .map(|verdicts| Json(verdicts).into_response())
            .ok_or_else(closed)
    };
    answer(found())
}

pub(super) async fn contacts(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let wanted = said.pointer("/where/remoteJid").and_then(Value::as_str);
        let all: Vec<Value> = branch.look(|world, _| {
            let people = world
                .people()
                .filter(|person| wanted.is_none_or(|jid| person.chat().as_str() == jid));
            people.map(shapes::contact).collect()
        });
        Ok(Json(all).into_response())
    };
    answer(found())
}

pub(super) async fn groups(At(branch): At) -> Response {
    let all: Option<Vec<Value>> = branch.look(|world, _| {
        let groups = world.groups().filter(|group| group.shop.is_some());
        world
            .channel()
            .is_linked()
            .then(|| groups.map(|group| shapes::group(world, group, false)).collect())
    });
    all.map_or_else(|| closed().into_response(), |all| Json(all).into_response())
}

pub(super) async fn group(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let id = ChatId::new(said["groupJid"].as_str().unwrap_or_default());
        let group = branch.look(|world, _| {
            let group = world.group(&id).filter(|group| group.shop.is_some())?;
            Some(shapes::group(world, group, true))
        });
        group
            .map(|group| Json(group).into_response())
            .ok_or_else(|| refuse(StatusCode::NOT_FOUND))
    };
    answer(found())
}
