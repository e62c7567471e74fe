//! The link: an instance, the code that it shows, and its end.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    baileys::{Answered, At, answer, bad, given, no},
    branch::Branch,
    qr,
    world::World,
};

const PICTURE_SIDE: u32 = 264;

fn word(world: &World) -> &'static str {
    let channel = world.channel();
    match (channel.is_linked(), channel.live_code().is_some()) {
        (true, _) => "open",
        (_, true) => "connecting",
        _ => "close",
    }
}

fn told(name: &str, world: &World) -> Value {
    json!({ "instance": { "instanceName": name, "state": word(world) } })
}

/// The code on show; an instance that rests begins to show one.
fn shown(branch: &Branch) -> Value {
    branch.step(|world, now| {
        world.wake(now);
        world.tick(now);
        let Some(live) = world.channel().live_code() else {
            return json!({ "count": 0 });
        };
        let picture = qr::png(&live.rowdata, PICTURE_SIDE).unwrap_or_default();
        json!({
            "pairingCode": null, "code": live.rowdata, "count": 1,
            "base64": format!("data:image/png;base64,{}", BASE64.encode(picture)),
        })
    })
}

pub(super) async fn state(At(branch): At, Path(name): Path<String>) -> Response {
    Json(branch.look(|world, _| told(&name, world))).into_response()
}

pub(super) async fn connect(At(branch): At, Path(name): Path<String>) -> Response {
    if branch.is_linked() {
        return Json(branch.look(|world, _| told(&name, world))).into_response();
    }
    Json(shown(&branch)).into_response()
}

pub(super) async fn create(At(branch): At, body: Bytes) -> Response {
    let made = || -> Answered {
        let said = given(&body)?;
        let name = said["instanceName"].as_str().unwrap_or_default();
        let desk = &branch.desks().evolution;
        if desk.has_instance() {
            let said = format!("This name \"{name}\" is already in use.");
            return Err(no(StatusCode::FORBIDDEN, json!([said])));
        }
        desk.note_instance(true);
        let mut answer = json!({
            "instance": {
                "instanceName": name, "instanceId": "practice", "integration": said["integration"], "status": "close",
            },
            "hash": branch.token(), "webhook": {}, "websocket": {}, "settings": {},
        });
        if said["qrcode"] == true && !branch.is_linked() {
            answer["qrcode"] = shown(&branch);
        }
        Ok((StatusCode::CREATED, Json(answer)).into_response())
    };
    answer(made())
}

pub(super) async fn list(At(branch): At) -> Response {
    if !branch.desks().evolution.has_instance() {
        return Json(json!([])).into_response();
    }
    let listed = branch.look(|world, _| {
        let linked = world.channel().is_linked();
        let own = linked.then(|| world.shop().number.chat().as_str().to_owned());
        json!([{
            "id": "practice", "name": "practice", "connectionStatus": word(world), "ownerJid": own,
            "integration": "WHATSAPP-BAILEYS", "token": branch.token(),
        }])
    });
    Json(listed).into_response()
}

fn success(message: &str) -> Response {
    Json(json!({ "status": "SUCCESS", "error": false, "response": { "message": message } })).into_response()
}

pub(super) async fn logout(At(branch): At, Path(name): Path<String>) -> Response {
    if branch.step(|world, now| world.unlink(now)) {
        success("Instance logged out")
    } else {
        bad(&format!("The \"{name}\" instance is not connected")).into_response()
    }
}

pub(super) async fn remove(At(branch): At, Path(name): Path<String>) -> Response {
    if branch.is_linked() {
        return bad(&format!("The \"{name}\" instance needs to be disconnected")).into_response();
    }
    branch.desks().evolution.note_instance(false);
    success("Instance deleted")
}
