//! The one address that is called. Nobody looks whether it is one.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use crate::baileys::{Answered, At, answer, given, hooks::Hook};

/// In its answers two of the fields are called otherwise.
fn shape(hook: &Hook) -> Value {
    json!({
        "id": "practice", "url": hook.url, "headers": hook.headers, "enabled": hook.enabled, "events": hook.events,
        "webhookByEvents": hook.by_events, "webhookBase64": hook.base64, "instanceId": "practice",
    })
}

pub(super) async fn set(At(branch): At, Path(name): Path<String>, body: Bytes) -> Response {
    let registered = || -> Answered {
        let mut said = given(&body)?;
        branch.desks().evolution.note_name(name);
        let hook = branch.desks().evolution.hooks.set(said["webhook"].take())?;
        Ok((StatusCode::CREATED, Json(shape(&hook))).into_response())
    };
    answer(registered())
}

pub(super) async fn find(At(branch): At) -> Response {
    let hook = branch.desks().evolution.hooks.hook();
    Json(hook.map(|hook| shape(&hook))).into_response()
}
