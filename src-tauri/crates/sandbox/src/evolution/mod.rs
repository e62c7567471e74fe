//! Evolution API's dialect: a key in the header `apikey`, the instance at the end of every path, and WhatsApp's messages as the
//! library behind it has them (`crate::baileys`).
//!
//! `entry` lets in whoever has the key, holds the request against `contract.tsv` and knows whether the instance is there; `instance` is
//! the link, `messages` what is sent and done to messages, `lookups` what is looked up, `groups` the groups, `hooks` the one address that is
//! called. What has nothing behind it is answered plausibly. Here a number has one instance, whatever it is called.

mod entry;
mod groups;
mod hooks;
mod instance;
mod lookups;
mod messages;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Json, Router,
    extract::OriginalUri,
    http::{Method, StatusCode},
    middleware,
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use serde_json::{Value, json};

use crate::{
    baileys::{self, no},
    clock::Millis,
    dialects::{Dialect, Refusal},
    premises::Premises,
    tasks::Tasks,
    webhooks::Temper,
    world::{Event, World},
};

const PATH: &str = "/dialects/evolution";

pub(crate) const DIALECT: Dialect = Dialect {
    path: PATH,
    router,
    refuse,
};

/// What this dialect keeps for one number.
pub(crate) struct Desk {
    pub(crate) hooks: baileys::hooks::Desk,
    /// What the instance was called when its address was set.
    name: Mutex<String>,
    /// Somebody has deleted the instance.
    deleted: AtomicBool,
}

impl Desk {
    pub(crate) fn new(tasks: Tasks) -> Result<Self, reqwest::Error> {
        Ok(Self {
            hooks: baileys::hooks::Desk::new(tasks)?,
            name: Mutex::default(),
            deleted: AtomicBool::new(false),
        })
    }

    fn note_name(&self, name: String) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    /// Calls, if somebody wants to hear of this.
    pub(crate) fn hear(&self, event: &Event, world: &World, temper: Temper, now: Millis) {
        let name = self.name.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.hooks.hear(&name, event, world, temper, now);
    }

    fn has_instance(&self) -> bool {
        !self.deleted.load(Ordering::SeqCst)
    }

    fn note_instance(&self, there: bool) {
        self.deleted.store(!there, Ordering::SeqCst);
    }
}

fn router(premises: &Arc<Premises>) -> Router<Arc<Premises>> {
    Router::new()
        .route("/instance/create", post(instance::create))
        .route("/instance/fetchInstances", get(instance::list))
        .route("/instance/connectionState/{name}", get(instance::state))
        .route("/instance/connect/{name}", get(instance::connect))
        .route("/instance/logout/{name}", delete(instance::logout))
        .route("/instance/delete/{name}", delete(instance::remove))
        .route("/message/{kind}/{name}", post(messages::send))
        .route("/chat/updateMessage/{name}", post(messages::edit))
        .route(
            "/chat/deleteMessageForEveryone/{name}",
            delete(messages::take_back),
        )
        .route("/chat/markMessageAsRead/{name}", post(messages::mark_read))
        .route("/chat/archiveChat/{name}", post(messages::archive))
        .route("/chat/markChatUnread/{name}", post(messages::mark_unread))
        .route("/chat/findChats/{name}", post(lookups::chats))
        .route("/chat/findMessages/{name}", post(lookups::messages))
        .route("/chat/findContacts/{name}", post(lookups::contacts))
        .route("/chat/whatsappNumbers/{name}", post(lookups::check))
        .route("/chat/getBase64FromMediaMessage/{name}", post(lookups::file))
        .route("/group/fetchAllGroups/{name}", get(groups::all))
        .route("/group/findGroupInfos/{name}", get(groups::one))
        .route("/group/participants/{name}", get(groups::participants))
        .route("/label/findLabels/{name}", get(lookups::labels))
        .route("/label/handleLabel/{name}", post(messages::put_label))
        .route("/webhook/set/{name}", post(hooks::set))
        .route("/webhook/find/{name}", get(hooks::find))
        .route("/", get(welcome))
        .route("/{*rest}", any(nothing_behind))
        .layer(middleware::from_fn(entry::as_documented))
        .layer(middleware::from_fn_with_state(
            Arc::clone(premises),
            entry::with_key,
        ))
}

fn refuse(status: StatusCode) -> Refusal {
    let word = status.canonical_reason().unwrap_or("Error");
    match status.as_u16() {
        401 => no(status, json!(word)),
        _ => no(status, json!([word])),
    }
}

async fn welcome() -> Response {
    Json(json!({
        "status": 200, "message": "Welcome to the Evolution API, it is working!", "version": "2.3.6",
        "clientName": "practice",
    }))
    .into_response()
}

/// What is set or done has no effect; what is asked for is not there.
async fn nothing_behind(method: Method, OriginalUri(uri): OriginalUri) -> Response {
    let path = uri.path();
    let told = match method {
        Method::GET if path.contains("/settings/") => json!({
            "rejectCall": false, "msgCall": "", "groupsIgnore": false, "alwaysOnline": false, "readMessages": false,
            "readStatus": false, "syncFullHistory": false,
        }),
        Method::GET if path.contains("/find/") => Value::Null,
        Method::POST if path.contains("/findStatusMessage/") => json!([]),
        Method::POST => return (StatusCode::CREATED, Json(json!({}))).into_response(),
        _ => json!({}),
    };
    Json(told).into_response()
}
