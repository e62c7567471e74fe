//! Whapi's dialect: the simulated WhatsApp behind that gateway's routes, words and shapes.
//!
//! One file for each group of routes; `shapes` words the world's things in the dialect's JSON, `events` its
//! webhooks, `refusal` its errors. A route that the dialect has and this file does not answers 404, as for a path
//! that never existed. A new kind of message is one more arm in `shapes::content` and, if it can be sent, one more
//! route in `send`.

mod channel;
mod chats;
mod entry;
mod events;
mod media;
mod messages;
mod page;
mod refusal;
mod send;
mod settings;
mod shapes;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{get, patch, post, put},
};

pub(crate) use self::{
    events::{kind, parcel},
    refusal::Refusal,
    settings::Settings,
};
use crate::premises::Premises;

/// The name of the one channel; Whapi gives it with the health and with every webhook.
pub(crate) const CHANNEL_ID: &str = "LUNADT-PRACT";

/// All routes of the dialect.
pub(crate) fn router(premises: &Arc<Premises>) -> Router<Arc<Premises>> {
    Router::new()
        .route("/health", get(channel::health))
        .route("/users/login", get(channel::login))
        .route("/users/login/image", get(channel::login_image))
        .route("/users/login/rowdata", get(channel::login_rowdata))
        .route("/users/logout", post(channel::logout))
        .route("/users/profile", get(channel::profile))
        .route("/limits", get(channel::limits))
        .route(
            "/settings",
            patch(settings::change)
                .get(settings::read)
                .delete(settings::reset),
        )
        .route("/settings/events", get(settings::events))
        .route("/settings/webhook_test", post(settings::webhook_test))
        .route("/chats", get(chats::list))
        .route("/chats/{chat}", get(chats::one))
        .route("/contacts", get(chats::contacts))
        .route("/messages/list", get(messages::list))
        .route("/messages/list/{chat}", get(messages::list_of_chat))
        .route("/messages/text", post(send::text))
        .route("/messages/image", post(send::image))
        .route("/messages/{message}", put(messages::mark_read).get(messages::one))
        .route("/statuses/{message}", get(messages::statuses))
        .route("/media", post(media::upload))
        .route("/media/{media}", get(media::download))
        .layer(middleware::from_fn_with_state(
            Arc::clone(premises),
            entry::with_token,
        ))
        .route("/files/{media}", get(media::linked))
}
