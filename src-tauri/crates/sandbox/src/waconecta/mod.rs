//! Waconecta's dialect: two calls, a key in a header, and one envelope for every answer.
//!
//! ```text
//! POST /api/v1/services/getQrStaticSession  {"containerToken"}     the code to scan, as a picture
//! POST /api/v1/services/sendMessage         {"number", "message"}  one text
//! ```
//!
//! Every answer is `{success, status, message, data}`; of a refusal `data` is an empty text. Here the number's token is both
//! the key and the container token.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    branch::Branch,
    clock::{self, Millis, seconds},
    contract::{Wrong, operation},
    dialects::{Dialect, Refusal},
    premises::Premises,
    qr,
    world::{ChatId, Content, Extras, SendRefused},
};

pub(crate) const DIALECT: Dialect = Dialect {
    path: "/dialects/waconecta",
    router,
    refuse,
};

/// This side's own copy of the documentation, as `crate::contract` has it.
const TABLE: &str = include_str!("contract.tsv");
const SEND: &str = "/api/v1/services/sendMessage";
const CODE: &str = "/api/v1/services/getQrStaticSession";

const PICTURE_SIDE: u32 = 264;
/// The documented limit, counted by key. The text says requests, the refusal says messages: the stricter reading.
const REQUESTS_A_MINUTE: usize = 30;
const MINUTE: Millis = 60_000;

/// How long it is waited for a code, and how often it is looked.
const LONGEST_LOOKS: u32 = 50;
const LOOK: Duration = Duration::from_millis(100);

type House = State<Arc<Premises>>;

fn router(_: &Arc<Premises>) -> Router<Arc<Premises>> {
    Router::new().route(SEND, post(send)).route(CODE, post(code))
}

/// The envelope of every answer.
fn envelope(status: StatusCode, message: &str, data: Value) -> Value {
    json!({ "success": status.is_success(), "status": status.as_u16(), "message": message, "data": data })
}

fn said(message: &str, data: Value) -> Response {
    Json(envelope(StatusCode::OK, message, data)).into_response()
}

fn no(status: StatusCode, message: &str) -> Refusal {
    Refusal(status, envelope(status, message, json!("")))
}

fn refuse(status: StatusCode) -> Refusal {
    let message = match status.as_u16() {
        400 => "Invalid phone number",
        401 => "No autorizado",
        404 => "Not found",
        429 => "You can only send 30 messages per minute",
        503 => "Service unavailable",
        _ => "Internal server error",
    };
    no(status, message)
}

/// The branch whose token the key is.
fn enter<'p>(premises: &'p Premises, headers: &HeaderMap) -> Result<&'p Arc<Branch>, Refusal> {
    let key = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    key.and_then(|key| premises.opened_by(key))
        .ok_or_else(|| refuse(StatusCode::UNAUTHORIZED))
}

/// The same, if the key has a request left in this minute: whatever it asks counts.
fn admitted<'p>(premises: &'p Premises, headers: &HeaderMap) -> Result<&'p Arc<Branch>, Refusal> {
    let branch = enter(premises, headers)?;
    let now = branch.look(|_, now| now);
    match branch.desks().waconecta.takes(now) {
        true => Ok(branch),
        false => Err(refuse(StatusCode::TOO_MANY_REQUESTS)),
    }
}

/// What this dialect keeps for one number: when the requests of the last minute came.
#[derive(Default)]
pub(crate) struct Desk {
    came: Mutex<VecDeque<Millis>>,
    turned_away: AtomicU64,
}

impl Desk {
    fn takes(&self, now: Millis) -> bool {
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        while came.front().is_some_and(|at| now.saturating_sub(*at) >= MINUTE) {
            came.pop_front();
        }
        if came.len() >= REQUESTS_A_MINUTE {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        came.push_back(now);
        true
    }

    /// How many requests were too many.
    pub(crate) fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }
}

/// What the request says, if it is as documented.
fn given(path: &str, body: &Bytes) -> Result<Value, Refusal> {
    let wrong = operation(TABLE, &Method::POST, path).map(|documented| documented.wrong(&[], body));
    match wrong {
        Some(Some(Wrong::Missing(name))) => Err(no(StatusCode::BAD_REQUEST, &format!("{name} is required"))),
        Some(Some(_)) | None => Err(no(StatusCode::BAD_REQUEST, "Bad request")),
        Some(None) => serde_json::from_slice(body).map_err(|_| no(StatusCode::BAD_REQUEST, "Bad request")),
    }
}

async fn send(State(premises): House, headers: HeaderMap, body: Bytes) -> Response {
    answer(sent(&premises, &headers, &body))
}

/// Who asks for a code waits until there is one.
async fn code(State(premises): House, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = admitted(&premises, &headers) {
        return refusal.into_response();
    }
    for _ in 0..LONGEST_LOOKS {
        match shown(&premises, &headers, &body) {
            Err(refusal) if refusal.0 == StatusCode::SERVICE_UNAVAILABLE => clock::sleep(LOOK).await,
            outcome => return answer(outcome),
        }
    }
    answer(shown(&premises, &headers, &body))
}

fn answer(outcome: Result<Response, Refusal>) -> Response {
    outcome.unwrap_or_else(IntoResponse::into_response)
}

fn sent(premises: &Premises, headers: &HeaderMap, body: &Bytes) -> Result<Response, Refusal> {
    let branch = admitted(premises, headers)?;
    let body = given(SEND, body)?;
    let to = recipient(&body["number"]).ok_or_else(|| refuse(StatusCode::BAD_REQUEST))?;
    let words = body["message"].as_str().filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| no(StatusCode::BAD_REQUEST, "message is required"))?;
    branch.step(|world, now| {
        let sent = world.send(to, Content::text(words), Extras::default(), now);
        let message = sent.map_err(|refused| match refused {
            SendRefused::NotLinked => no(StatusCode::BAD_REQUEST, "Session has ended"),
            SendRefused::NotAMember | SendRefused::NothingToQuote => refuse(StatusCode::BAD_REQUEST),
        })?;
        Ok(said(
            "Message sent",
            json!({
                "key": { "remoteJid": message.chat.as_str(), "fromMe": true, "id": message.id },
                "message": { "extendedTextMessage": { "text": words } },
                "messageTimestamp": seconds(message.at).to_string(),
                "status": "PENDING",
            }),
        ))
    })
}

/// A number comes as one, or as a text with or without a plus.
fn recipient(given: &Value) -> Option<ChatId> {
    let digits = match given {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim_start_matches('+').to_owned(),
        _ => return None,
    };
    let plain = (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| ChatId::addressed(&digits)).flatten()
}

fn shown(premises: &Premises, headers: &HeaderMap, body: &Bytes) -> Result<Response, Refusal> {
    let branch = enter(premises, headers)?;
    let body = given(CODE, body)?;
    let container = body["containerToken"].as_str().unwrap_or_default();
    let fits = premises
        .opened_by(container)
        .is_some_and(|opened| Arc::ptr_eq(opened, branch));
    if !fits {
        return Err(refuse(StatusCode::UNAUTHORIZED));
    }
    let (linked, live) = branch.step(|world, now| {
        world.wake(now);
        world.tick(now);
        let live = world.channel().live_code().map(|live| live.rowdata.clone());
        (world.channel().is_linked(), live)
    });
    if linked {
        return Ok(said("Session is active", json!("")));
    }
    let rowdata = live.ok_or_else(|| refuse(StatusCode::SERVICE_UNAVAILABLE))?;
    let picture = qr::png(&rowdata, PICTURE_SIDE).ok_or_else(|| refuse(StatusCode::INTERNAL_SERVER_ERROR))?;
    let encoded = format!("data:image/png;base64,{}", BASE64.encode(picture));
    Ok(said("QR", json!({ "qr": encoded })))
}
