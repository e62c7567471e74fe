//! The sandbox's own switches, under `/sandbox`: for tests and tools that run in another process.
//!
//! | call | effect |
//! |---|---|
//! | `GET /sandbox/state` | the devices (token, number, linked), chats and messages, what is spoilt |
//! | `GET /sandbox/ledger?since=N&recipient=DIGITS` | what each simulated person got, after the first N lines |
//! | `GET /sandbox/faults`, `POST`, `DELETE` | list, order (one or a list of them), clear |
//! | `GET /sandbox/weather`, `POST`, `DELETE` | faults by chance: `{"seed"?, "gusts": [{"method"?, "path_prefix"?, "percent", "kind"}]}` |
//! | `POST /sandbox/webhooks` | `{"duplicate": bool, "deaf": bool}`: deliver everything twice, or nothing |
//! | `POST /sandbox/deaf` | `{"deaf": bool}`: linked, but no events |
//! | `POST /sandbox/receipts` | `{"late_ms", "reordered_ms", "duplicated"}`: how receipts are told |
//! | `POST /sandbox/link`, `unlink`, `scan` | `{"device"?}`: link without ado, end the link, scan the code on show |
//! | `POST /sandbox/letters` | `{"letters", "device"?}`: type the pairing letters on the phone |
//! | `POST /sandbox/passkey` | `{"demanded": bool}` or `{"confirm": true}` |
//! | `POST /sandbox/write` | `{"customers"? or "of"?, "count", "text"?, "per_second"?, "device"?}`: customers write |
//! | `POST /sandbox/act` | one thing somebody does, see `acts` |
//! | `POST /sandbox/skip` | `{"ms"}`: lets time pass at once |
//!
//! What is refused answers 400 `wrong_order`, 404 `no_such_device` or 409 with a reason.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::acts;
use crate::{
    branch::Branch,
    bulk::Rush,
    faults::{Fault, Weather},
    ledger::LedgerEntry,
    premises::Premises,
    webhooks::Temper,
    world::{ReceiptManner, ScanRefused},
};

type House = State<Arc<Premises>>;

pub(crate) fn router() -> Router<Arc<Premises>> {
    Router::new()
        .route("/sandbox/state", get(state))
        .route("/sandbox/ledger", get(ledger))
        .route(
            "/sandbox/faults",
            get(faults).post(order_faults).delete(clear_faults),
        )
        .route(
            "/sandbox/weather",
            get(weather).post(set_weather).delete(clear_weather),
        )
        .route("/sandbox/webhooks", post(temper_webhooks))
        .route("/sandbox/deaf", post(deafen))
        .route("/sandbox/receipts", post(receipts))
        .route("/sandbox/link", post(link))
        .route("/sandbox/unlink", post(unlink))
        .route("/sandbox/scan", post(scan))
        .route("/sandbox/letters", post(letters))
        .route("/sandbox/passkey", post(passkey))
        .route("/sandbox/write", post(write))
        .route("/sandbox/act", post(acts::act))
        .route("/sandbox/skip", post(skip))
}

/// A call that could not be done.
pub(super) struct Declined(StatusCode, Value);

impl axum::response::IntoResponse for Declined {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

impl From<ScanRefused> for Declined {
    fn from(refused: ScanRefused) -> Self {
        conflict(refused.code())
    }
}

pub(super) fn conflict(code: &str) -> Declined {
    Declined(StatusCode::CONFLICT, json!({ "code": code }))
}

/// Reads an order; an empty body orders what needs no telling.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Declined> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let told = json!({ "code": "wrong_order", "line": error.line(), "column": error.column() });
        Declined(StatusCode::BAD_REQUEST, told)
    })
}

pub(super) fn branch(premises: &Premises, device: usize) -> Result<&Arc<Branch>, Declined> {
    let missing = || Declined(StatusCode::NOT_FOUND, json!({ "code": "no_such_device" }));
    premises.branch(device).ok_or_else(missing)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtDevice {
    #[serde(default)]
    device: usize,
}

async fn state(State(premises): House) -> Json<Value> {
    let devices = premises.branches().iter().map(|branch| {
        branch.look(|world, _| {
            json!({
                "token": branch.token(), "number": world.shop().number.as_str(), "channel_id": branch.channel_id(),
                "linked": world.channel().is_linked(), "chats": world.book().chats_len(),
                "messages": world.book().left_in(&(0..world.book().len())), "ledger": world.ledger().len(),
                "waiting_events": branch.webhooks().waiting(),
            })
        })
    });
    let devices: Vec<Value> = devices.collect();
    let faults = premises.faults();
    Json(json!({ "devices": devices, "spoilt": faults.struck(), "waiting_faults": faults.waiting().len() }))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    since: u64,
    recipient: Option<String>,
}

async fn ledger(State(premises): House, Query(wanted): Query<Wanted>) -> Json<Value> {
    let mut entries: Vec<LedgerEntry> = Vec::new();
    for branch in premises.branches() {
        branch.look(|world, _| {
            let new = world.ledger().iter().filter(|entry| entry.ordinal > wanted.since);
            let new = new.filter(|entry| {
                wanted
                    .recipient
                    .as_ref()
                    .is_none_or(|number| *number == entry.recipient)
            });
            entries.extend(new.cloned());
        });
    }
    Json(json!({ "entries": entries }))
}

async fn faults(State(premises): House) -> Json<Value> {
    Json(json!({ "faults": premises.faults().waiting() }))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Order {
    Several(Vec<Fault>),
    One(Fault),
}

async fn order_faults(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let ordered = match read(&body)? {
        Order::Several(faults) => faults,
        Order::One(fault) => vec![fault],
    };
    let mut faults = premises.faults();
    ordered.into_iter().for_each(|fault| faults.add(fault));
    Ok(Json(json!({ "faults": faults.waiting() })))
}

async fn clear_faults(State(premises): House) -> Json<Value> {
    premises.faults().clear();
    Json(json!({ "faults": [] }))
}

async fn weather(State(premises): House) -> Json<Value> {
    Json(json!({ "gusts": premises.faults().weather() }))
}

async fn set_weather(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let weather: Weather = read(&body)?;
    let mut faults = premises.faults();
    faults.set_weather(weather);
    Ok(Json(json!({ "gusts": faults.weather() })))
}

async fn clear_weather(State(premises): House) -> Json<Value> {
    premises.faults().set_weather(Weather::default());
    Json(json!({ "gusts": [] }))
}

async fn temper_webhooks(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let temper: Temper = read(&body)?;
    premises
        .branches()
        .iter()
        .for_each(|branch| branch.webhooks().set_temper(temper));
    Ok(Json(json!(temper)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deaf {
    deaf: bool,
    #[serde(default)]
    device: usize,
}

async fn deafen(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let Deaf { deaf, device } = read(&body)?;
    let webhooks = branch(&premises, device)?.webhooks();
    let temper = Temper {
        deaf,
        ..webhooks.temper()
    };
    webhooks.set_temper(temper);
    Ok(Json(json!(temper)))
}

async fn receipts(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let manner: ReceiptManner = read(&body)?;
    premises
        .branches()
        .iter()
        .for_each(|branch| branch.step(|world, _| world.tell_receipts(manner)));
    Ok(Json(json!(manner)))
}

async fn link(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let AtDevice { device } = read(&body)?;
    let branch = branch(&premises, device)?;
    branch.link();
    Ok(Json(json!({ "linked": branch.is_linked() })))
}

async fn unlink(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let AtDevice { device } = read(&body)?;
    if branch(&premises, device)?.step(|world, now| world.unlink(now)) {
        Ok(Json(json!({ "linked": false })))
    } else {
        Err(conflict("not_linked"))
    }
}

async fn scan(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let AtDevice { device } = read(&body)?;
    let branch = branch(&premises, device)?;
    branch.step(|world, now| world.scan(None, now))?;
    Ok(Json(json!({ "linked": branch.is_linked() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Letters {
    letters: String,
    #[serde(default)]
    device: usize,
}

async fn letters(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let Letters { letters, device } = read(&body)?;
    let branch = branch(&premises, device)?;
    branch.step(|world, now| world.type_letters(&letters, now))?;
    Ok(Json(json!({ "linked": branch.is_linked() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passkey {
    demanded: Option<bool>,
    #[serde(default)]
    confirm: bool,
    #[serde(default)]
    device: usize,
}

async fn passkey(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let Passkey {
        demanded,
        confirm,
        device,
    } = read(&body)?;
    let branch = branch(&premises, device)?;
    if let Some(demanded) = demanded {
        branch.step(|world, _| world.demand_passkey(demanded));
    }
    if confirm && !branch.step(|world, now| world.confirm_passkey(now)) {
        return Err(conflict("nothing_to_confirm"));
    }
    Ok(Json(json!({ "linked": branch.is_linked() })))
}

/// At once: answers with what was written. At a pace: answers before anything is, and goes on by itself.
async fn write(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let rush: Rush = read(&body)?;
    let branch = branch(&premises, rush.device)?;
    let writers = rush.writers(branch);
    if writers.is_empty() {
        return Err(conflict("no_such_person"));
    }
    match rush.per_second {
        Some(per_second) => {
            let branch = Arc::clone(branch);
            premises
                .tasks()
                .once(async move { rush.write_at_pace(branch, writers, per_second.max(1)).await });
            Ok(Json(json!({ "written": [] })))
        }
        None => Ok(Json(
            json!({ "written": rush.write(branch, &writers, 0..rush.count) }),
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Skip {
    ms: u64,
}

async fn skip(State(premises): House, body: Bytes) -> Result<Json<Value>, Declined> {
    let Skip { ms } = read(&body)?;
    premises.skip(Duration::from_millis(ms));
    Ok(Json(json!({ "skipped_ms": ms })))
}
