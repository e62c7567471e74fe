//! QR Búho's dialect: a bearer token, paths with and without `/api` before them, and WhatsApp's messages as the library behind
//! it has them.
//!
//! `entry` lets in whoever has the token and holds the request against `contract.tsv`, which has all three generations in it.
//! `devices` is the link, `sending` the three generations of sends, `lists`, `chats`, `groups` and `calls` what is looked up and done,
//! `account` and `office` signing in, the reseller's customers and the gateway's own campaigns, `hooks` the one address that is called;
//! how things look is in `crate::baileys`. Blocking a customer has no published path; two of the practice shop's own below `/practice`
//! let it be tried, one with the customer in its body and one in its path. Here a customer has one device, which is called `practice` in the
//! list, and by its number wherever it is named in a path or a call; or all numbers of the shop, if the house was told so. Its number is the
//! one that was given when it was made, whichever telephone scans the code: which one that is, only the call about the connection tells.

mod account;
mod calls;
mod chats;
mod devices;
mod entry;
mod groups;
mod hooks;
mod lists;
mod office;
mod sending;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    http::StatusCode,
    middleware,
    routing::{delete, get, post},
};
use serde_json::json;

use crate::{
    baileys::{self, no},
    branch::Branch,
    clock::Millis,
    dialects::{Dialect, Refusal},
    premises::Premises,
    tasks::Tasks,
    webhooks::Temper,
    world::{Event, World},
};

const PATH: &str = "/dialects/qr_buho";

pub(crate) const DIALECT: Dialect = Dialect {
    path: PATH,
    router,
    refuse,
};

/// What this dialect keeps for one number.
pub(crate) struct Desk {
    pub(crate) hooks: Arc<baileys::hooks::Desk>,
    /// The customer has other devices beside it.
    has_others: bool,
    /// The number with which the device was made; `None` = nobody has made it, and it bears that of its telephone.
    made_as: Mutex<Option<String>>,
    office: office::Office,
    /// Which generation it is held to; `None` = it takes each, as its clients have them.
    generation: Mutex<Option<Generation>>,
}

/// A generation of calls that has the same path as another, and other values on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// What is asked for by `GET` and `DELETE` stands in the query; a file's message is named by its whole key.
    Intermediate,
    /// Recorded: it stands in a body; a file's message is named by its id.
    QrApi2,
}

impl Desk {
    /// `one_hook`: the address that is called for all devices of the customer.
    pub(crate) fn new(
        tasks: Tasks,
        one_hook: Option<Arc<baileys::hooks::Desk>>,
    ) -> Result<Self, reqwest::Error> {
        let has_others = one_hook.is_some();
        Ok(Self {
            hooks: match one_hook {
                Some(shared) => shared,
                None => Arc::new(baileys::hooks::Desk::new(tasks)?),
            },
            has_others,
            made_as: Mutex::default(),
            office: office::Office::default(),
            generation: Mutex::default(),
        })
    }

    pub(crate) fn hold_to(&self, generation: Generation) {
        *self.generation.lock().unwrap_or_else(PoisonError::into_inner) = Some(generation);
    }

    fn generation(&self) -> Option<Generation> {
        *self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is made with this number; `None` = it is taken away.
    fn make_as(&self, number: Option<&str>) {
        *self.made_as.lock().unwrap_or_else(PoisonError::into_inner) = number.map(str::to_owned);
    }

    /// The number of the device.
    fn number(&self, world: &World) -> String {
        let made_as = self.made_as.lock().unwrap_or_else(PoisonError::into_inner);
        made_as
            .clone()
            .unwrap_or_else(|| world.shop().number.as_str().to_owned())
    }

    /// Calls, if somebody wants to hear of this. The device is called by its number.
    pub(crate) fn hear(&self, event: &Event, world: &World, temper: Temper, now: Millis) {
        self.hooks.hear(&self.number(world), event, world, temper, now);
    }
}

/// Is the one device meant? In a path it is called by its number and not by its name.
fn is_practice(branch: &Branch, instance: &str) -> bool {
    branch.look(|world, _| branch.desks().qr_buho.number(world) == instance)
}

type Routes = Router<Arc<Premises>>;

fn router(premises: &Arc<Premises>) -> Routes {
    let documented = middleware::from_fn(entry::as_documented);
    let door = Router::new()
        .route("/api/login", post(account::login))
        .route("/auth/login", post(account::login))
        .route("/api/auth/login", post(account::older_login))
        .route("/api/verify_token", post(account::verify))
        .route("/api/auth/verify_token", post(account::verify))
        .layer(documented.clone());
    managed()
        .merge(sent())
        .merge(looked_up())
        .merge(done_to_chats())
        .merge(grouped())
        .layer(documented)
        .layer(middleware::from_fn_with_state(
            Arc::clone(premises),
            entry::with_token,
        ))
        .merge(door)
}

fn managed() -> Routes {
    Router::new()
        .route("/api/auth/register", post(account::register))
        .route("/api/auth/logout", get(account::logout))
        .route("/api/devices/list", get(devices::list))
        .route("/api/devices/fetch", get(devices::fetch))
        .route("/api/devices/create", post(devices::create))
        .route("/api/devices/delete/{id}", delete(devices::remove))
        .route("/api/tenant/list", get(office::tenants))
        .route("/api/tenant/register", post(office::add_tenant))
        .route("/api/tenant/delete/{id}", delete(office::remove_tenant))
        .route("/practice/tenant/block", post(office::block_tenant))
        .route("/practice/tenant/{id}/unblock", post(office::unblock_tenant))
        .route("/api/plan/list", get(office::plans))
        .route("/api/plan/register", post(office::add_plan))
        .route("/api/campaigns/list", get(office::campaigns))
        .route("/api/campaigns/manual", post(office::add_campaign))
        .route("/api/campaigns/show/{id}", get(office::campaign))
        .route("/webhook/set", post(hooks::set))
        .route("/webhook/find", get(hooks::find))
}

fn sent() -> Routes {
    Router::new()
        .route("/api/send/{instance}", post(sending::typed))
        .route("/api/message/sendText", post(sending::text_without_id))
        .route("/api/message/sendImage", post(sending::image_of_unknown_fields))
        .route("/api/message/send-text", post(sending::older_text))
        .route("/api/message/send-media", post(sending::older_media))
        .route("/api/message/send/pdf", post(sending::older_pdf))
        .route("/message/send", post(sending::guessed))
        .route("/call/fake", post(calls::pretend))
        .route("/api/call/find", get(calls::list))
        .route("/api/call/reject", post(calls::reject))
}

fn looked_up() -> Routes {
    Router::new()
        .route("/api/chat/find", get(lists::chats))
        .route("/api/chat/find/{remoteJid}", get(chats::one))
        .route("/chat/find", post(lists::all_chats))
        .route("/chat/message/find", post(lists::messages))
        .route("/chat/message/base64", post(lists::file))
        .route("/chat/numbers/check", post(lists::check))
        .route("/api/chat/findContacts/{instance}", post(lists::contacts))
        .route("/chat/contact/find", post(chats::people))
        .route("/chat/contact/profile-picture", post(chats::picture))
        .route("/chat/status/find", post(chats::stories))
        .route("/api/label/find", get(chats::labels))
}

fn done_to_chats() -> Routes {
    Router::new()
        .route("/api/chat/read", post(lists::read_chat))
        .route("/chat/message/mark-read", post(lists::mark_read))
        .route("/chat/message/mark-unread", post(chats::mark_unread))
        .route("/chat/message/update", post(chats::edit))
        .route("/chat/message/delete", delete(chats::take_back))
        .route("/api/chat/archive", post(chats::archive))
        .route("/chat/archive", post(chats::older_archive))
        .route("/api/chat/delete", post(chats::delete))
        .route("/chat/presence/send", post(chats::show_presence))
        .route("/message/contact/block", post(chats::block))
        .route("/api/label/handle", post(chats::put_label))
}

fn grouped() -> Routes {
    Router::new()
        .route("/api/group/find/all", get(groups::all))
        .route("/api/group/all", get(groups::all))
        .route("/api/group/metadata", post(groups::one))
        .route("/api/group/find", get(groups::one))
        .route("/api/group/fetch/participants", post(groups::participants))
        .route("/api/group/participants", get(groups::participants))
        .route("/api/group/create", post(groups::create))
        .route("/api/group/leave", post(groups::leave))
        .route("/api/group/participant/update", post(groups::move_people))
        .route("/api/group/update/name", post(groups::rename))
        .route("/api/group/update/description", post(groups::describe))
        .route("/api/group/update/picture", post(groups::picture))
        .route("/api/group/update/setting", post(groups::settle))
        .route("/api/group/toggle-ephemeral", post(groups::vanish))
        .route(
            "/api/group/invite/code",
            get(groups::invite_code).post(groups::invite_code_or_group),
        )
        .route(
            "/api/group/invite/revoke",
            get(groups::revoke).post(groups::revoke),
        )
        .route("/group/invite/send", post(groups::invite))
}

fn refuse(status: StatusCode) -> Refusal {
    let body = match status.as_u16() {
        401 => json!({ "success": false, "message": "Unauthenticated." }),
        403 => json!({ "error": "Message limit reached", "timestamp": "2026-01-13T02:49:56.031Z" }),
        404 => json!({ "success": false, "message": "The route could not be found." }),
        _ => return no(status, json!([status.canonical_reason().unwrap_or("Error")])),
    };
    Refusal(status, body)
}

/// There is no such chat, person, group, device, …
fn nothing_there() -> Refusal {
    Refusal(
        StatusCode::NOT_FOUND,
        json!({ "success": false, "message": "Not found" }),
    )
}
