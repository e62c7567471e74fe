//! The channel: is it up, is a number linked, and if not, which code is to be scanned.
//!
//! `wakeup` is true unless it is said otherwise, on the health as on the login routes; only then does asking start
//! a channel that stands still, or another round of codes. A login that finds no code says WAITING while one is on
//! its way, and TIMEOUT when the last round was used up; asked with `wakeup`, the same TIMEOUT starts the next
//! round. A linked channel refuses every login with 409.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CHANNEL_ID, Refusal, shapes};
use crate::{
    clock::{Millis, seconds},
    premises::Premises,
    qr,
    world::{Channel, Line, SHOP_ABOUT, SHOP_NAME},
};

const USUAL_SIZE: u32 = 264;
const LARGEST_SIZE: u32 = 1024;

#[derive(Deserialize)]
pub(super) struct Asked {
    wakeup: Option<bool>,
    size: Option<u32>,
    width: Option<u32>,
}

type Question = Result<Query<Asked>, axum::extract::rejection::QueryRejection>;

impl Asked {
    fn of(question: Question) -> Result<Self, Refusal> {
        question
            .map(|Query(asked)| asked)
            .map_err(|_| Refusal::bad_request("Wrong request parameters"))
    }

    fn wakes(&self) -> bool {
        self.wakeup.unwrap_or(true)
    }

    fn side(&self) -> u32 {
        self.size.or(self.width).unwrap_or(USUAL_SIZE).min(LARGEST_SIZE)
    }
}

pub(super) async fn health(
    State(premises): State<Arc<Premises>>,
    question: Question,
) -> Result<Json<Value>, Refusal> {
    let asked = Asked::of(question)?;
    Ok(premises.step(|world, now| {
        if asked.wakes() {
            world.wake(now);
            world.tick(now);
        }
        let (code, text) = world.channel().wire();
        let mut shape = health_shape(code, text, world.channel().started_at, now);
        shape["channel_id"] = json!(CHANNEL_ID);
        if world.channel().is_linked() {
            shape["user"] = shapes::user();
        }
        Json(shape)
    }))
}

/// The health without the parts that a webhook leaves out.
pub(super) fn health_shape(code: u8, text: &str, started_at: Millis, now: Millis) -> Value {
    json!({
        "start_at": seconds(started_at),
        "uptime": seconds(now.saturating_sub(started_at)),
        "version": "1.8.7",
        "status": { "code": code, "text": text },
    })
}

/// What a login finds.
enum Found {
    Code { rowdata: String, expires_in: u64 },
    Nothing { status: &'static str },
}

fn find_code(premises: &Premises, asked: &Asked) -> Result<Found, Refusal> {
    premises.step(|world, now| {
        if world.channel().is_linked() {
            return Err(Refusal::conflict("Channel already authenticated"));
        }
        let found = found(world.channel(), now);
        if !asked.wakes() || matches!(found, Found::Code { .. }) {
            return Ok(found);
        }
        let gave_up = matches!(found, Found::Nothing { status: "TIMEOUT" });
        world.wake(now);
        world.tick(now);
        if world.channel().is_linked() {
            return Err(Refusal::conflict("Channel already authenticated"));
        }
        Ok(if gave_up {
            found
        } else {
            self::found(world.channel(), now)
        })
    })
}

fn found(channel: &Channel, now: Millis) -> Found {
    match (channel.live_code(), &channel.line) {
        (Some(live), _) => Found::Code {
            rowdata: live.rowdata.clone(),
            expires_in: live.until.saturating_sub(now).div_ceil(1000),
        },
        (None, Line::Launched { gave_up: true }) => Found::Nothing { status: "TIMEOUT" },
        (None, _) => Found::Nothing { status: "WAITING" },
    }
}

pub(super) async fn login(
    State(premises): State<Arc<Premises>>,
    question: Question,
) -> Result<Json<Value>, Refusal> {
    let asked = Asked::of(question)?;
    match find_code(&premises, &asked)? {
        Found::Nothing { status } => Ok(Json(json!({ "status": status }))),
        Found::Code { rowdata, expires_in } => {
            let picture = BASE64.encode(picture_of(&rowdata, asked.side())?);
            let base64 = format!("data:image/png;base64,{picture}");
            Ok(Json(
                json!({ "status": "OK", "base64": base64, "expire": expires_in }),
            ))
        }
    }
}

pub(super) async fn login_rowdata(
    State(premises): State<Arc<Premises>>,
    question: Question,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(match find_code(&premises, &Asked::of(question)?)? {
        Found::Nothing { status } => json!({ "status": status }),
        Found::Code { rowdata, expires_in } => {
            json!({ "status": "OK", "rowdata": rowdata, "expire": expires_in })
        }
    }))
}

/// The code as a picture; as JSON for a client that asks for JSON, or while there is no code to draw.
pub(super) async fn login_image(
    State(premises): State<Arc<Premises>>,
    question: Question,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let asked = Asked::of(question)?;
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    match find_code(&premises, &asked)? {
        Found::Nothing { status } => Ok(Json(json!({ "status": status })).into_response()),
        Found::Code { rowdata, expires_in } => {
            let picture = picture_of(&rowdata, asked.side())?;
            if accepts.contains("application/json") {
                let base64 = BASE64.encode(picture);
                return Ok(
                    Json(json!({ "status": "OK", "base64": base64, "expire": expires_in })).into_response(),
                );
            }
            Ok(([(header::CONTENT_TYPE, "image/png")], picture).into_response())
        }
    }
}

fn picture_of(rowdata: &str, side: u32) -> Result<Vec<u8>, Refusal> {
    qr::png(rowdata, side).ok_or(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Render QR failed"))
}

pub(super) async fn logout(State(premises): State<Arc<Premises>>) -> Result<Json<Value>, Refusal> {
    if premises.step(|world, now| world.unlink(now)) {
        Ok(Json(json!({ "success": true })))
    } else {
        Err(Refusal::conflict("Channel already logged out"))
    }
}

pub(super) async fn profile(State(premises): State<Arc<Premises>>) -> Result<Json<Value>, Refusal> {
    if premises.look(|world, _| world.channel().is_linked()) {
        Ok(Json(json!({ "name": SHOP_NAME, "about": SHOP_ABOUT })))
    } else {
        Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "Need channel authorization for get profile",
        ))
    }
}

/// The practice channel has no limits, which the dialect says without a body.
pub(super) async fn limits() -> StatusCode {
    StatusCode::NO_CONTENT
}
