//! What is looked up: chats, messages, files, numbers, persons, labels.

use axum::{
    Json,
    body::Bytes,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::{
    baileys::{Answered, At, answer, bad, given, lists, shapes},
    dialects::Refusal,
};

/// All of them.
pub(super) async fn chats(At(branch): At) -> Response {
    let listed = branch.look(|world, _| {
        let chat = |chat: &crate::world::ChatView| {
            let mut shape = lists::chat(world, chat);
            shape["remoteJid"] = shape["id"].take();
            shape["id"] = json!("c1");
            if let Some(last) = &chat.last {
                shape["lastMessage"] = shapes::message(world, last);
            }
            shape
        };
        lists::listed(world).iter().map(chat).collect::<Vec<Value>>()
    });
    Json(listed).into_response()
}

/// Here a message of ours has its steps beside it, and no word of its own for how far it has come. (Of other people's messages the list
/// of steps is empty; it is left out.)
fn with_steps(message: &mut Value) {
    let status = message.as_object_mut().and_then(|fields| fields.remove("status"));
    if let Some(status) = status.filter(|status| status != "PENDING") {
        message["MessageUpdate"] = json!([{ "status": status }]);
    }
}

pub(super) async fn messages(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let (total, mut records) = branch.look(|world, _| lists::messages(world, &said));
        records.iter_mut().for_each(with_steps);
        let size = said["offset"].as_u64().unwrap_or(50).max(1);
        let found = json!({
            "total": total, "pages": (total as u64).div_ceil(size), "currentPage": said["page"].as_u64().unwrap_or(1),
            "records": records,
        });
        Ok(Json(json!({ "messages": found })).into_response())
    };
    answer(found())
}

pub(super) async fn contacts(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = if body.is_empty() { json!({}) } else { given(&body)? };
        Ok(Json(branch.look(|world, _| lists::people(world, &said, shapes::contact))).into_response())
    };
    answer(found())
}

/// As long as no number is linked the library's own error gets through.
pub(super) async fn check(At(branch): At, body: Bytes) -> Response {
    let found = || -> Answered {
        let said = given(&body)?;
        let verdicts = branch.look(|world, _| lists::verdicts(world, &said));
        verdicts
            .map(|verdicts| Json(verdicts).into_response())
            .ok_or_else(|| {
                let payload =
                    json!({ "statusCode": 428, "error": "Precondition Required", "message": "Connection Closed" });
                let output = json!({ "statusCode": 428, "payload": payload, "headers": {} });
                Refusal(
                    StatusCode::BAD_REQUEST,
                    json!({ "data": null, "isBoom": true, "isServer": false, "output": output }),
                )
            })
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

pub(super) async fn labels(At(branch): At) -> Response {
    Json(branch.look(|world, _| lists::labels(world))).into_response()
}
