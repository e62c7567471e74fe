//! What is looked up: chats, messages, files, numbers, persons.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{entry::Told, is_practice, nothing_there};
use crate::{
    baileys::{
        Answered, At, answer, bad, closed, given,
        lists::{self, listed},
        shapes,
    },
    world::ChatId,
};

/// A part of a list.
#[derive(Deserialize)]
pub(super) struct Part {
    limit: Option<usize>,
    offset: Option<usize>,
}

pub(super) async fn chats(At(branch): At, Query(part): Query<Part>) -> Response {
    let (limit, offset) = (part.limit.unwrap_or(50), part.offset.unwrap_or(0));
    let shapes: Vec<Value> = branch.look(|world, _| {
        let all = listed(world);
        let asked = all.iter().skip(offset).take(limit);
        asked.map(|chat| lists::chat(world, chat)).collect()
    });
    Json(shapes).into_response()
}

pub(super) async fn all_chats(At(branch): At) -> Response {
    let shapes: Vec<Value> = branch.look(|world, _| {
        let all = listed(world);
        all.iter().map(|chat| lists::chat(world, chat)).collect()
    });
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
            Err(nothing_there())
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

pub(super) async fn messages(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let (_, listed) = branch.look(|world, _| lists::messages(world, &said));
        Ok(Json(json!({ "data": listed })).into_response())
    };
    answer(found())
}

pub(super) async fn file(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let file = branch.look(|world, _| lists::file(world, &said));
        let file = file.ok_or_else(|| bad("Message not found"))?;
        Ok((StatusCode::CREATED, Json(file)).into_response())
    };
    answer(found())
}

pub(super) async fn check(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let verdicts = branch.look(|world, _| lists::verdicts(world, &said));
        verdicts
            .map(|verdicts| Json(verdicts).into_response())
            .ok_or_else(closed)
    };
    answer(found())
}

pub(super) async fn contacts(At(branch): At, Path(instance): Path<String>, told: Told) -> Response {
    let found = || -> Answered {
        if !is_practice(&branch, &instance) {
            return Err(nothing_there());
        }
        let said = told.0;
        let found = branch.look(|world, _| lists::people(world, &said, shapes::contact_with_another_name));
        Ok(Json(found).into_response())
    };
    answer(found())
}
