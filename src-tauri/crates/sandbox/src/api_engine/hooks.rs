//! The addresses that are called, kept in memory only, and calling them: once, signed, and never again.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::{
    Answered, answer, done,
    entry::{At, Counted, Left},
    given, messages, moment, no,
};
use crate::{
    clock::{self, Millis, seconds},
    dialects::Refusal,
    tasks::Tasks,
    webhooks::Temper,
    world::{Content, Event, Message},
};

const ATTEMPT: Duration = Duration::from_secs(10);

/// What this dialect keeps for one number.
pub(crate) struct Desk {
    hooks: Mutex<Hooks>,
    counted: Mutex<Counted>,
    turned_away: AtomicU64,
    client: reqwest::Client,
    tasks: Tasks,
}

#[derive(Default)]
struct Hooks {
    all: Vec<Hook>,
    given_out: u64,
}

#[derive(Clone)]
struct Hook {
    id: String,
    url: Url,
    events: Vec<String>,
    secret: Option<String>,
    active: bool,
    created_at: Millis,
}

impl Desk {
    pub(crate) fn new(tasks: Tasks) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(ATTEMPT)
            .build()?;
        Ok(Self {
            hooks: Mutex::default(),
            counted: Mutex::default(),
            turned_away: AtomicU64::new(0),
            client,
            tasks,
        })
    }

    pub(super) fn count(&self, now: Millis) -> Left {
        let left = lock(&self.counted).count(now);
        self.turned_away
            .fetch_add(u64::from(left.refused), Ordering::Relaxed);
        left
    }

    /// How many requests were too many.
    pub(crate) fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// The server is started anew: it has forgotten whom it called.
    pub(crate) fn restart(&self) {
        *lock(&self.hooks) = Hooks::default();
    }

    /// Calls whoever wants to hear of this.
    pub(crate) fn hear(&self, event: &Event, temper: Temper, now: Millis) {
        for (word, data) in told(event) {
            let body = json!({ "event": word, "timestamp": moment(now), "data": data }).to_string();
            let hooks = lock(&self.hooks);
            let wanting = hooks
                .all
                .iter()
                .filter(|hook| hook.active && hook.events.iter().any(|wanted| wanted == word));
            for hook in wanting.filter(|_| !temper.deaf) {
                for _ in 0..=u8::from(temper.duplicate) {
                    self.call(hook, word, body.clone());
                }
            }
        }
    }

    fn call(&self, hook: &Hook, event: &'static str, body: String) {
        let mut request = self
            .client
            .post(hook.url.clone())
            .header("content-type", "application/json")
            .header("x-webhook-event", event);
        if let Some(secret) = &hook.secret {
            request = request.header("x-webhook-signature", signature(secret, &body));
        }
        self.tasks.once(async move {
            if let Err(error) = request.body(body).send().await {
                tracing::debug!(event, error = %error.without_url(), "a webhook was not taken");
            }
        });
    }
}

fn signature(secret: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body.as_bytes());
    let signed = mac.finalize().into_bytes();
    signed.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is told of an event, by the library's words.
fn told(event: &Event) -> Vec<(&'static str, Value)> {
    match event {
        Event::Wrote(message) if !message.from_shop && message.is_shown() => {
            vec![("message", shape(message))]
        }
        Event::CodeShown { rowdata, .. } => vec![("qr", json!(rowdata))],
        Event::Linked => vec![("authenticated", Value::Null), ("ready", Value::Null)],
        Event::Unlinked => vec![("disconnected", json!("LOGOUT"))],
        _ => Vec::new(),
    }
}

fn shape(message: &Message) -> Value {
    let kind = match &message.content {
        Content::Text { .. } => "chat",
        other => other.kind(),
    };
    json!({
        "id": messages::whatsapp_id(message), "from": messages::library_id(message.chat.as_str()),
        "to": "shop@c.us", "body": message.content.words().unwrap_or_default(),
        "timestamp": seconds(message.at), "type": kind, "isForwarded": message.extras.forwarded,
        "hasMedia": message.content.media().is_some(),
    })
}

pub(super) async fn register(At(branch): At, body: Bytes) -> Response {
    let registered = || -> Answered {
        let body = given(&body)?;
        let url = body["url"].as_str().and_then(|url| Url::parse(url).ok());
        // The library that checks addresses knows no name without a dot.
        let url = url.filter(|url| url.host_str().is_some_and(|host| host != "localhost"));
        let url = url.ok_or_else(|| invalid("url", &body["url"], "URL inválida"))?;
        let events: Vec<String> = body["events"]
            .as_array()
            .map(|list| {
                list.iter()
                    .filter_map(|event| Some(event.as_str()?.to_owned()))
                    .collect()
            })
            .unwrap_or_default();
        if events.is_empty() {
            return Err(invalid(
                "events",
                &body["events"],
                "Se requiere al menos un evento",
            ));
        }
        let mut hooks = lock(&branch.desks().api_engine.hooks);
        hooks.given_out += 1;
        let hook = Hook {
            id: format!("wh_{}", clock::now() + hooks.given_out),
            url,
            events,
            secret: body["secret"].as_str().map(str::to_owned),
            active: true,
            created_at: clock::now(),
        };
        let data = json!({ "webhookId": hook.id, "url": hook.url, "events": hook.events });
        hooks.all.push(hook);
        let mut response = done(Some("Webhook registrado exitosamente"), data);
        *response.status_mut() = StatusCode::CREATED;
        Ok(response)
    };
    answer(registered())
}

/// These routes word what is wrong in a shape of their own.
fn invalid(path: &str, value: &Value, message: &str) -> Refusal {
    let error = json!({ "type": "field", "value": value, "msg": message, "path": path, "location": "body" });
    let body = json!({ "success": false, "errors": [error] });
    Refusal(StatusCode::BAD_REQUEST, body)
}

pub(super) async fn list(At(branch): At) -> Response {
    let hooks = lock(&branch.desks().api_engine.hooks);
    let all = hooks.all.iter().map(|hook| {
        json!({
            "id": hook.id, "url": hook.url, "events": hook.events, "active": hook.active,
            "createdAt": moment(hook.created_at),
        })
    });
    done(None, all.collect())
}

const NOT_FOUND: &str = "Webhook no encontrado";

pub(super) async fn remove(At(branch): At, Path(id): Path<String>) -> Response {
    let mut hooks = lock(&branch.desks().api_engine.hooks);
    let before = hooks.all.len();
    hooks.all.retain(|hook| hook.id != id);
    match hooks.all.len() == before {
        true => no(StatusCode::NOT_FOUND, NOT_FOUND).into_response(),
        false => done(Some("Webhook eliminado exitosamente"), Value::Null),
    }
}

pub(super) async fn toggle(At(branch): At, Path(id): Path<String>) -> Response {
    let mut hooks = lock(&branch.desks().api_engine.hooks);
    let Some(hook) = hooks.all.iter_mut().find(|hook| hook.id == id) else {
        return no(StatusCode::NOT_FOUND, NOT_FOUND).into_response();
    };
    hook.active = !hook.active;
    let message = if hook.active {
        "Webhook activado"
    } else {
        "Webhook desactivado"
    };
    done(Some(message), json!({ "id": id, "active": hook.active }))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
