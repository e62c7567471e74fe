//! The one address that is called.

use axum::{
    Json,
    body::Bytes,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::nothing_there;
use crate::baileys::{Answered, At, answer, given};

pub(super) async fn set(At(branch): At, body: Bytes) -> Response {
    let registered = || -> Answered {
        let mut said = given(&body)?;
        let hook = branch.desks().qr_buho.hooks.set(said["webhook"].take())?;
        let data = json!({ "message": "Webhook configurado exitosamente", "data": hook });
        Ok(Json(data).into_response())
    };
    answer(registered())
}

pub(super) async fn find(At(branch): At) -> Response {
    branch.desks().qr_buho.hooks.hook().map_or_else(
        || nothing_there().into_response(),
        |hook| Json(hook).into_response(),
    )
}
