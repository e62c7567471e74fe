//! The link: one device, whose code comes with it.

use axum::{
    Json,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::{
    entry::{Told, invalid},
    nothing_there,
};
use crate::{baileys::At, branch::Branch, qr, world::World};

const ID: u32 = 1;
const PICTURE_SIDE: u32 = 264;

fn device(world: &World) -> Value {
    let channel = world.channel();
    let status = match (channel.is_linked(), channel.live_code().is_some()) {
        (true, _) => "connected",
        (_, true) => "pending",
        _ => "disconnected",
    };
    json!({ "id": ID, "name": "practice", "phone": world.shop().number.as_str(), "status": status })
}

/// The device, with a code if no number is linked.
fn shown(branch: &Branch) -> Value {
    branch.step(|world, now| {
        if !world.channel().is_linked() {
            world.wake(now);
            world.tick(now);
        }
        let mut device = device(world);
        let picture = world
            .channel()
            .live_code()
            .and_then(|live| qr::png(&live.rowdata, PICTURE_SIDE));
        if let Some(picture) = picture {
            device["qr_code"] = json!(format!("data:image/png;base64,{}", BASE64.encode(picture)));
        }
        device
    })
}

pub(super) async fn list(At(branch): At) -> Response {
    Json(json!([branch.look(|world, _| device(world))])).into_response()
}

pub(super) async fn fetch(At(branch): At) -> Response {
    Json(shown(&branch)).into_response()
}

/// The number that is given is one of eleven to fifteen digits; here it becomes the one device, whatever it is.
pub(super) async fn create(At(branch): At, told: Told) -> Response {
    let phone = told.text("phone");
    if !(11..=15).contains(&phone.len()) || !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return invalid("phone", "The phone format is invalid.").into_response();
    }
    (StatusCode::CREATED, Json(shown(&branch))).into_response()
}

pub(super) async fn remove(At(branch): At, Path(id): Path<String>) -> Response {
    if id != ID.to_string() {
        return nothing_there().into_response();
    }
    branch.step(|world, now| world.unlink(now));
    Json(json!({ "message": "Device deleted" })).into_response()
}
