//! The link: one device, whose code comes with it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::{
    entry::{Told, invalid},
    nothing_there,
};
use crate::{baileys::At, branch::Branch, premises::Premises, qr, world::World};

const PICTURE_SIDE: u32 = 264;

/// From 1 on.
fn id(branch: &Branch) -> usize {
    branch.place() + 1
}

fn device(branch: &Branch, world: &World) -> Value {
    let channel = world.channel();
    let status = match (channel.is_linked(), channel.live_code().is_some()) {
        (true, _) => "connected",
        (_, true) => "pending",
        _ => "disconnected",
    };
    let name = match branch.place() {
        more if more > 0 && branch.desks().qr_buho.has_others => format!("practice-{}", id(branch)),
        _ => "practice".to_owned(),
    };
    let phone = branch.desks().qr_buho.number(world);
    json!({ "id": id(branch), "name": name, "phone": phone, "status": status })
}

/// The device, with a code if no number is linked.
fn shown(branch: &Branch) -> Value {
    branch.step(|world, now| {
        if !world.channel().is_linked() {
            world.wake(now);
            world.tick(now);
        }
        let mut device = device(branch, world);
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

/// Those of the customer.
pub(super) async fn list(State(premises): State<Arc<Premises>>, At(branch): At) -> Response {
    let has_others = branch.desks().qr_buho.has_others;
    let all = premises.branches().iter();
    let its = all.filter(|other| has_others || other.place() == branch.place());
    let listed: Vec<Value> = its
        .map(|branch| branch.look(|world, _| device(branch, world)))
        .collect();
    Json(listed).into_response()
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
    branch.desks().qr_buho.make_as(Some(phone));
    (StatusCode::CREATED, Json(shown(&branch))).into_response()
}

pub(super) async fn remove(At(branch): At, Path(id): Path<String>) -> Response {
    if id != self::id(&branch).to_string() {
        return nothing_there().into_response();
    }
    branch.step(|world, now| world.unlink(now));
    branch.desks().qr_buho.make_as(None);
    Json(json!({ "message": "Device deleted" })).into_response()
}
