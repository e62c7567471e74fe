//! The dialects that this WhatsApp speaks beside the first one, which is at the root.
//!
//! Each is a folder with its routes below a path of its own. What a dialect keeps for one number (the addresses that it
//! calls, how often it was asked) is its *desk*, which hears everything that happens to that number. A new dialect is its
//! folder, a line in [`DIALECTS`], and a field of [`Desks`] if it keeps anything.

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::{
    api_engine, baileys,
    clock::Millis,
    evolution,
    premises::Premises,
    qr_buho,
    tasks::Tasks,
    waconecta,
    webhooks::Temper,
    whapi,
    world::{Event, World},
};

type Routes = Router<Arc<Premises>>;

/// One dialect.
pub(crate) struct Dialect {
    /// Where it is spoken, without a slash at its end.
    pub(crate) path: &'static str,
    /// Its routes, below that path.
    pub(crate) router: fn(&Arc<Premises>) -> Routes,
    /// How it says no with this status.
    pub(crate) refuse: fn(StatusCode) -> Refusal,
}

/// An answer that says no: a status and a body in the dialect's words.
pub(crate) struct Refusal(pub(crate) StatusCode, pub(crate) Value);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

const DIALECTS: &[Dialect] = &[
    waconecta::DIALECT,
    api_engine::DIALECT,
    qr_buho::DIALECT,
    evolution::DIALECT,
];

/// The routes of all of them.
pub(crate) fn router(premises: &Arc<Premises>) -> Routes {
    DIALECTS.iter().fold(Router::new(), |routes, dialect| {
        let refuse = dialect.refuse;
        let own = (dialect.router)(premises).fallback(async move || refuse(StatusCode::NOT_FOUND));
        routes.nest(dialect.path, own)
    })
}

/// How the dialect of this path says no.
pub(crate) fn refuse(path: &str, status: StatusCode) -> Response {
    let spoken = |dialect: &&Dialect| {
        path.strip_prefix(dialect.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match DIALECTS.iter().find(spoken) {
        Some(dialect) => (dialect.refuse)(status).into_response(),
        None => whapi::Refusal::with_status(status).into_response(),
    }
}

/// What the dialects keep for one number.
pub(crate) struct Desks {
    pub(crate) waconecta: waconecta::Desk,
    pub(crate) api_engine: api_engine::Desk,
    pub(crate) qr_buho: qr_buho::Desk,
    pub(crate) evolution: evolution::Desk,
}

impl Desks {
    /// `one_hook`: what several numbers have in common at QR Búho.
    pub(crate) fn new(
        tasks: &Tasks,
        one_hook: Option<Arc<baileys::hooks::Desk>>,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            waconecta: waconecta::Desk::default(),
            api_engine: api_engine::Desk::new(tasks.clone())?,
            qr_buho: qr_buho::Desk::new(tasks.clone(), one_hook)?,
            evolution: evolution::Desk::new(tasks.clone())?,
        })
    }

    /// Something happened to the number.
    pub(crate) fn hear(&self, event: &Event, world: &World, temper: Temper, now: Millis) {
        self.api_engine.hear(event, temper, now);
        self.qr_buho.hear(event, world, temper, now);
        self.evolution.hear(event, world, temper, now);
    }

    /// How many requests were more than a dialect allows in its window.
    pub(crate) fn turned_away(&self) -> u64 {
        self.waconecta.turned_away() + self.api_engine.turned_away()
    }

    /// The gateways are started anew: what they kept in memory only is forgotten.
    pub(crate) fn restart(&self) {
        self.api_engine.restart();
    }
}
