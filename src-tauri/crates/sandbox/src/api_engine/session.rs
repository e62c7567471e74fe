//! The link: its state, the code, the number's profile, ending it, starting it again.
//!
//! The server starts its session when it starts itself, so a channel that nobody has woken is woken by the first look. One that
//! was ended stands still, and says `disconnected`, until it is started again.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::{Answered, answer, done, entry::At, moment, not_connected, refuse};
use crate::{
    branch::Branch,
    clock, qr,
    world::{Line, World},
};

const PICTURE_SIDE: u32 = 264;

fn state(world: &World) -> Value {
    let channel = world.channel();
    let status = match (&channel.line, channel.live_code()) {
        (Line::Linked, _) => "connected",
        (Line::Confirming(_), _) => "authenticated",
        (_, Some(_)) => "qr_pending",
        _ => "disconnected",
    };
    json!({ "status": status, "isReady": channel.is_linked(), "hasQR": channel.live_code().is_some() })
}

/// Looks at the world, after the server has started its session.
fn look<R>(branch: &Branch, view: impl FnOnce(&World) -> R) -> R {
    branch.step(|world, now| {
        if matches!(world.channel().line, Line::Asleep) || ran_out(world) {
            world.wake(now);
            world.tick(now);
        }
        view(world)
    })
}

/// The library shows codes for as long as nobody scans one.
fn ran_out(world: &World) -> bool {
    matches!(world.channel().line, Line::Launched { gave_up: true })
}

pub(super) async fn health() -> Response {
    Json(json!({ "success": true, "status": "healthy", "timestamp": moment(clock::now()) })).into_response()
}

pub(super) async fn status(At(branch): At) -> Response {
    done(None, look(&branch, state))
}

fn live_code(branch: &Branch) -> Option<String> {
    look(branch, |world| {
        world.channel().live_code().map(|live| live.rowdata.clone())
    })
}

pub(super) async fn code(At(branch): At) -> Response {
    let Some(rowdata) = live_code(&branch) else {
        let body = json!({
            "success": false, "error": "No hay código QR disponible",
            "message": "La sesión ya está autenticada o aún no se ha generado el QR",
        });
        return (StatusCode::NOT_FOUND, Json(body)).into_response();
    };
    match qr::png(&rowdata, PICTURE_SIDE) {
        Some(picture) => {
            let encoded = format!("data:image/png;base64,{}", BASE64.encode(picture));
            done(None, json!({ "qrCode": encoded }))
        }
        None => refuse(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

/// Without a code it answers in words, as a page.
pub(super) async fn picture(At(branch): At) -> Response {
    match live_code(&branch).and_then(|rowdata| qr::png(&rowdata, PICTURE_SIDE)) {
        Some(picture) => ([(header::CONTENT_TYPE, "image/png")], picture).into_response(),
        None => {
            let page = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (StatusCode::NOT_FOUND, page, "No hay código QR disponible").into_response()
        }
    }
}

pub(super) async fn profile(At(branch): At) -> Response {
    let read = |world: &World, _| -> Answered {
        if !world.channel().is_linked() {
            return Err(not_connected());
        }
        let shop = world.shop();
        Ok(done(
            None,
            json!({ "name": shop.name, "phone": shop.number.as_str(), "platform": "android" }),
        ))
    };
    answer(branch.look(read))
}

pub(super) async fn restart(At(branch): At) -> Response {
    let before = branch.step(|world, now| {
        let before = state(world);
        world.wake(now);
        world.tick(now);
        before
    });
    let began = json!({ "status": "disconnected", "isReady": false, "hasQR": false });
    let state = if before["isReady"] == true { before } else { began };
    done(Some("Conexión reiniciada"), state)
}

pub(super) async fn logout(At(branch): At) -> Response {
    branch.step(|world, now| world.unlink(now));
    done(Some("Sesión cerrada exitosamente"), Value::Null)
}
