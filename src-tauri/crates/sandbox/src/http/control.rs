//! The sandbox's own switches, under `/sandbox`: for tests and tools that run in another process.
//!
//! | call | effect |
//! |---|---|
//! | `GET /sandbox/ledger` | what each simulated person got |
//! | `GET /sandbox/faults`, `POST`, `DELETE` | list, order (one or a list of them), clear |
//! | `POST /sandbox/webhooks` | `{"duplicate": bool, "deaf": bool}`: deliver everything twice, or nothing |

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{faults::Fault, premises::Premises, webhooks::Temper};

pub(crate) fn router() -> Router<Arc<Premises>> {
    Router::new()
        .route("/sandbox/ledger", get(ledger))
        .route(
            "/sandbox/faults",
            get(faults).post(order_faults).delete(clear_faults),
        )
        .route("/sandbox/webhooks", post(temper_webhooks))
}

async fn ledger(State(premises): State<Arc<Premises>>) -> Json<Value> {
    Json(json!({ "entries": premises.look(|world, _| world.ledger().to_vec()) }))
}

async fn faults(State(premises): State<Arc<Premises>>) -> Json<Value> {
    Json(json!({ "faults": premises.faults().waiting() }))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Order {
    Several(Vec<Fault>),
    One(Fault),
}

async fn order_faults(State(premises): State<Arc<Premises>>, body: axum::body::Bytes) -> Response {
    let order: Order = match serde_json::from_slice(&body) {
        Ok(order) => order,
        Err(error) => return wrong_order(&error),
    };
    let ordered = match order {
        Order::Several(faults) => faults,
        Order::One(fault) => vec![fault],
    };
    let mut faults = premises.faults();
    ordered.into_iter().for_each(|fault| faults.add(fault));
    Json(json!({ "faults": faults.waiting() })).into_response()
}

async fn clear_faults(State(premises): State<Arc<Premises>>) -> Json<Value> {
    premises.faults().clear();
    Json(json!({ "faults": [] }))
}

async fn temper_webhooks(State(premises): State<Arc<Premises>>, body: axum::body::Bytes) -> Response {
    match serde_json::from_slice::<Temper>(&body) {
        Ok(temper) => {
            premises.webhooks().set_temper(temper);
            Json(json!(temper)).into_response()
        }
        Err(error) => wrong_order(&error),
    }
}

fn wrong_order(error: &serde_json::Error) -> Response {
    let body = json!({ "code": "wrong_order", "line": error.line(), "column": error.column() });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
