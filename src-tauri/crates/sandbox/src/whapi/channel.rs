//! The channel: is it up, is a number linked, and if not, which code is to be scanned.
//!
//! `wakeup` is true unless it is said otherwise, on the health as on the login routes; only then does asking start
//! a channel that stands still, or another round of codes. A login that finds no code says WAITING while one is on
//! its way, and TIMEOUT when the last round was used up; asked with `wakeup`, the same TIMEOUT starts the next
//! round. A linked channel refuses every login with 409.

use axum::{
    extract::{Path, Query},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Refusal,
    entry::At,
    said::{Said, done},
    shapes,
};
use crate::{
    branch::Branch,
    clock::{Millis, seconds},
    qr,
    world::{Channel, ChatId, Line},
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

pub(super) async fn health(At(branch): At, question: Question) -> Result<Said, Refusal> {
    let asked = Asked::of(question)?;
    Ok(branch.step(|world, now| {
        if asked.wakes() {
            world.wake(now);
            world.tick(now);
        }
        let (code, text) = world.channel().wire();
        let mut shape = health_shape(code, text, world.channel().started_at, now);
        shape["channel_id"] = json!(branch.channel_id());
        if world.channel().is_linked() {
            shape["user"] = shapes::user(world.shop());
        }
        Said(shape)
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
    Code {
        rowdata: String,
        expires_in: u64,
    },
    Nothing {
        status: &'static str,
    },
    /// The account's owner has to confirm with a passkey.
    Passkey {
        request_id: String,
        expires_in: u64,
    },
}

impl Found {
    /// The answer, without a picture.
    fn shape(&self) -> Value {
        match self {
            Self::Code { expires_in, .. } => json!({ "status": "OK", "type": "qr", "expire": expires_in }),
            Self::Nothing { status } => json!({ "status": status }),
            Self::Passkey {
                request_id,
                expires_in,
            } => {
                json!({ "status": "OK", "type": "webauthn", "request_id": request_id, "expire": expires_in })
            }
        }
    }
}

fn find_code(branch: &Branch, asked: &Asked) -> Result<Found, Refusal> {
    branch.step(|world, now| {
        if world.channel().is_linked() {
            return Err(Refusal::conflict("Channel already authenticated"));
        }
        let found = found(world.channel(), now);
        if !asked.wakes() || matches!(found, Found::Code { .. } | Found::Passkey { .. }) {
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
        (None, Line::Confirming(passkey)) => Found::Passkey {
            request_id: passkey.request_id.clone(),
            expires_in: passkey.until.saturating_sub(now).div_ceil(1000),
        },
        (None, Line::Launched { gave_up: true }) => Found::Nothing { status: "TIMEOUT" },
        (None, _) => Found::Nothing { status: "WAITING" },
    }
}

pub(super) async fn login(At(branch): At, question: Question) -> Result<Said, Refusal> {
    let asked = Asked::of(question)?;
    let found = find_code(&branch, &asked)?;
    let mut shape = found.shape();
    if let Found::Code { rowdata, .. } = found {
        let picture = BASE64.encode(picture_of(&rowdata, asked.side())?);
        shape["base64"] = json!(format!("data:image/png;base64,{picture}"));
    }
    Ok(Said(shape))
}

pub(super) async fn login_rowdata(At(branch): At, question: Question) -> Result<Said, Refusal> {
    let found = find_code(&branch, &Asked::of(question)?)?;
    let mut shape = found.shape();
    if let Found::Code { rowdata, .. } = found {
        shape["rowdata"] = json!(rowdata);
    }
    Ok(Said(shape))
}

/// The code as a picture; as JSON for a client that asks for JSON, or while there is no code to draw.
pub(super) async fn login_image(
    At(branch): At,
    headers: HeaderMap,
    question: Question,
) -> Result<Response, Refusal> {
    let asked = Asked::of(question)?;
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    let found = find_code(&branch, &asked)?;
    let mut shape = found.shape();
    let Found::Code { rowdata, .. } = found else {
        return Ok(Said(shape).into_response());
    };
    let picture = picture_of(&rowdata, asked.side())?;
    if accepts.contains("application/json") {
        shape["base64"] = json!(BASE64.encode(picture));
        return Ok(Said(shape).into_response());
    }
    Ok(([(header::CONTENT_TYPE, "image/png")], picture).into_response())
}

/// The eight letters to type on the phone instead of scanning. They are for the shop's own number only, and wake the
/// channel as every other login does.
pub(super) async fn login_letters(At(branch): At, Path(phone): Path<String>) -> Result<Said, Refusal> {
    let number = ChatId::addressed(&phone).and_then(|chat| chat.number());
    branch.step(|world, now| {
        if world.channel().is_linked() {
            return Err(Refusal::conflict("Channel already authenticated"));
        }
        if number.as_ref() != Some(&world.shop().number) {
            return Err(Refusal::bad_request("Invalid phone number"));
        }
        world.wake(now);
        world.tick(now);
        let code = world.letters(now);
        let code = code.ok_or(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Render QR failed"))?;
        Ok(Said(json!({ "code": code })))
    })
}

fn picture_of(rowdata: &str, side: u32) -> Result<Vec<u8>, Refusal> {
    qr::png(rowdata, side).ok_or(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Render QR failed"))
}

pub(super) async fn logout(At(branch): At) -> Result<Said, Refusal> {
    if branch.step(|world, now| world.unlink(now)) {
        Ok(done())
    } else {
        Err(Refusal::conflict("Channel already logged out"))
    }
}

/// The practice channel has no limits, which the dialect says without a body.
pub(super) async fn limits() -> StatusCode {
    StatusCode::NO_CONTENT
}
