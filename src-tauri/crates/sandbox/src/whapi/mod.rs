//! Whapi's dialect: the simulated WhatsApp behind that gateway's routes, words and shapes.
//!
//! One file for each group of routes; `entry` lets in whoever has a token, `given` reads what comes, `said` writes
//! what goes, `shapes` words the world's things in the dialect's JSON, `events` its webhooks, `refusal` its errors. What
//! the simulated WhatsApp has nothing behind (communities, newsletters, the vendor's undocumented routes) is held against
//! the documentation by `contract` and answered without any effect.

mod acting;
mod business;
mod channel;
mod chats;
mod contacts;
mod contents;
mod contract;
mod entry;
mod events;
mod faces;
mod given;
mod groups;
mod labels;
mod media;
mod messages;
mod page;
mod presences;
mod profile;
mod raw;
mod refusal;
mod said;
mod send;
mod settings;
mod shapes;
mod stories;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{delete, get, patch, post, put},
};

pub(crate) use self::{
    events::{kind, parcel},
    refusal::Refusal,
    said::written,
    settings::Settings,
};
use crate::premises::Premises;

type Routes = Router<Arc<Premises>>;

/// All routes of the dialect.
pub(crate) fn router(premises: &Arc<Premises>) -> Routes {
    channel_routes()
        .merge(message_routes())
        .merge(sending_routes())
        .merge(people_routes())
        .merge(group_routes())
        .merge(business_routes())
        .merge(contract::routes())
        .method_not_allowed_fallback(contract::answer)
        .layer(middleware::from_fn(contract::as_documented))
        .layer(middleware::from_fn_with_state(
            Arc::clone(premises),
            entry::with_token,
        ))
        .route("/files/{media}", get(media::linked_to))
        .route("/pictures/{who}", get(faces::get))
}

fn channel_routes() -> Routes {
    Router::new()
        .route("/health", get(channel::health))
        .route("/users/login", get(channel::login))
        .route("/users/login/image", get(channel::login_image))
        .route("/users/login/rowdata", get(channel::login_rowdata))
        .route("/users/login/{phone}", get(channel::login_letters))
        .route("/users/logout", post(channel::logout))
        .route("/users/profile", get(profile::profile).patch(profile::change))
        .route("/status", put(profile::set_about))
        .route("/limits", get(channel::limits))
        .route(
            "/settings",
            patch(settings::change)
                .get(settings::read)
                .delete(settings::reset),
        )
        .route("/settings/events", get(settings::events))
        .route("/settings/webhook_test", post(settings::webhook_test))
        .route("/media", post(media::upload).get(media::list))
        .route("/media/{media}", get(media::download).delete(media::delete))
}

fn message_routes() -> Routes {
    Router::new()
        .route("/chats", get(chats::list))
        .route(
            "/chats/{chat}",
            get(chats::one)
                .post(chats::archive)
                .patch(chats::patch)
                .delete(chats::delete),
        )
        .route("/messages/list", get(messages::list))
        .route("/messages/list/{chat}", get(messages::list_of_chat))
        .route(
            "/messages/{message}",
            get(messages::one)
                .put(acting::mark_read)
                .post(acting::forward)
                .delete(acting::delete),
        )
        .route(
            "/messages/{message}/reaction",
            put(acting::react).delete(acting::unreact),
        )
        .route("/messages/{message}/star", put(acting::star))
        .route("/messages/{message}/pin", post(acting::pin).delete(acting::unpin))
        .route("/statuses/{message}", get(messages::statuses))
        .route("/stories", get(stories::list).post(stories::any))
        .route("/stories/{story}", get(stories::one))
        .route("/stories/send/text", post(stories::text))
        .route("/stories/send/media", post(stories::media))
        .route("/stories/send/audio", post(stories::audio))
}

fn sending_routes() -> Routes {
    Router::new()
        .route("/messages/text", post(send::text))
        .route("/messages/image", post(send::image))
        .route("/messages/video", post(send::video))
        .route("/messages/short", post(send::short))
        .route("/messages/gif", post(send::gif))
        .route("/messages/audio", post(send::audio))
        .route("/messages/voice", post(send::voice))
        .route("/messages/document", post(send::document))
        .route("/messages/sticker", post(send::sticker))
        .route("/messages/link_preview", post(send::link_preview))
        .route("/messages/location", post(send::location))
        .route("/messages/live_location", post(send::live_location))
        .route("/messages/contact", post(send::contact))
        .route("/messages/contact_list", post(send::contact_list))
        .route("/messages/poll", post(send::poll))
        .route("/messages/interactive", post(send::interactive))
        .route("/messages/carousel", post(send::carousel))
        .route("/messages/media/{kind}", post(raw::send))
        .route("/messages/story", post(stories::any))
        .route("/messages/story/text", post(stories::text))
        .route("/messages/story/media", post(stories::media))
        .route("/messages/story/audio", post(stories::audio))
}

fn people_routes() -> Routes {
    Router::new()
        .route(
            "/contacts",
            get(contacts::list).post(contacts::check).put(contacts::add),
        )
        .route("/contacts/lids", get(contacts::lids))
        .route("/contacts/lids/{contact}", get(contacts::lid_of))
        .route("/contacts/ids/{lid}", get(contacts::id_of))
        .route(
            "/contacts/{contact}",
            get(contacts::one)
                .head(contacts::head)
                .post(contacts::send_card)
                .patch(contacts::rename)
                .delete(contacts::remove),
        )
        .route("/contacts/{contact}/profile", get(contacts::profile))
        .route("/contacts/{contact}/about", get(contacts::about))
        .route("/blacklist", get(contacts::blacklist))
        .route(
            "/blacklist/{contact}",
            put(contacts::block).delete(contacts::unblock),
        )
        .route("/presences/me", put(presences::me))
        .route(
            "/presences/{entry}",
            get(presences::one).post(presences::follow).put(presences::show),
        )
        .route("/calls", post(presences::plan_call))
        .route("/calls/group_link", post(presences::plan_group_call))
        .route("/calls/{call}", delete(presences::reject_call))
        .route("/calls/{call}/reject", post(presences::reject_call))
        .route("/labels", get(labels::list).post(labels::make))
        .route(
            "/labels/{label}",
            get(labels::one).patch(labels::rename).delete(labels::remove),
        )
        .route(
            "/labels/{label}/{wearer}",
            post(labels::put_on).delete(labels::take_off),
        )
}

fn group_routes() -> Routes {
    Router::new()
        .route("/groups", get(groups::list).post(groups::found).put(groups::join))
        .route(
            "/groups/{group}",
            get(groups::one)
                .put(groups::rename)
                .patch(groups::set)
                .delete(groups::leave),
        )
        .route(
            "/groups/{group}/invite",
            get(groups::invitation).delete(groups::revoke),
        )
        .route(
            "/groups/{group}/participants",
            post(groups::add).delete(groups::remove),
        )
        .route(
            "/groups/{group}/admins",
            patch(groups::promote).delete(groups::demote),
        )
        .route(
            "/groups/{group}/icon",
            get(groups::icon).put(groups::set_icon).delete(groups::drop_icon),
        )
        .route(
            "/groups/link/{code}",
            get(groups::behind_code).post(groups::invite),
        )
}

fn business_routes() -> Routes {
    Router::new()
        .route("/business", get(business::card))
        .route(
            "/business/products",
            get(business::products).post(business::make_product),
        )
        .route(
            "/business/products/{product}",
            get(business::product)
                .post(business::send_product)
                .patch(business::change_product)
                .delete(business::drop_product),
        )
        .route("/business/{contact}/products", get(business::products_of))
        .route("/business/catalogs/{contact}", post(business::send_catalogue))
        .route("/business/orders/{order}", get(business::order))
        .route(
            "/business/collections",
            get(business::collections).post(business::make_collection),
        )
        .route("/business/collections/products", get(business::collections))
        .route(
            "/business/collections/{collection}",
            get(business::collection)
                .patch(business::change_collection)
                .delete(business::drop_collection),
        )
        .route(
            "/business/collections/{collection}/products",
            get(business::collection_products),
        )
}
