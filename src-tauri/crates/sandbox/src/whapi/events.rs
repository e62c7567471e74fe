//! The world's events as the dialect's webhooks.
//!
//! Every body has three parts: what happened under a key of its own, `event` with the type and the method (which
//! is delivered as `event.event`, whatever the vendor's schema calls it), and the channel.

use serde_json::{Value, json};

use super::{
    CHANNEL_ID, Settings, channel,
    shapes::{self, Wording},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::{
    qr,
    webhooks::Parcel,
    world::{ChatUpdate, Event, SHOP_NUMBER, World},
};

const QR_SIDE: u32 = 264;

/// Every kind of event that this channel tells.
pub(super) const TOLD: [(&str, &str); 8] = [
    ("messages", "post"),
    ("statuses", "post"),
    ("chats", "post"),
    ("chats", "patch"),
    ("channel", "post"),
    ("channel", "patch"),
    ("users", "post"),
    ("users", "delete"),
];

/// The type and the method of an event.
pub(crate) fn kind(event: &Event) -> (&'static str, &'static str) {
    match event {
        Event::Wrote(_) => ("messages", "post"),
        Event::Climbed { .. } => ("statuses", "post"),
        Event::ChatOpened(_) => ("chats", "post"),
        Event::ChatChanged(_) => ("chats", "patch"),
        Event::ChannelChanged { .. } => ("channel", "post"),
        Event::CodeShown { .. } => ("channel", "patch"),
        Event::Linked => ("users", "post"),
        Event::Unlinked => ("users", "delete"),
    }
}

/// An event, ready for delivery.
pub(crate) fn parcel(world: &World, settings: &Settings, port: u16, event: Event) -> Parcel {
    let kind = kind(&event);
    let wording = Wording::new(world, settings, port);
    match event {
        Event::Wrote(message) => wrap(kind, "messages", json!([wording.message(&message)])),
        Event::Climbed {
            message,
            chat,
            viewer,
            progress,
            at,
        } => {
            let viewer = viewer.as_ref().map(|viewer| viewer.as_str());
            let status = shapes::status(&message, chat.as_str(), viewer, progress, at);
            wrap(kind, "statuses", json!([status]))
        }
        Event::ChatOpened(chat) => wrap(kind, "chats", json!([shapes::chat_bare(&chat)])),
        Event::ChatChanged(update) => wrap(kind, "chats_updates", json!([change(&update)])),
        Event::ChannelChanged {
            code,
            text,
            started_at,
            at,
        } => wrap(kind, "health", channel::health_shape(code, text, started_at, at)),
        Event::CodeShown { rowdata, expires_in } => {
            let mut code = json!({ "status": "OK", "rowdata": rowdata, "expire": expires_in });
            if let Some(picture) = qr::png(&rowdata, QR_SIDE) {
                code["base64"] = json!(BASE64.encode(picture));
            }
            wrap(kind, "qr", code)
        }
        Event::Linked | Event::Unlinked => wrap(kind, "user", shapes::user()),
    }
}

/// A made-up event of a type, for trying an address out.
pub(super) fn sample(kind: &str) -> Option<Parcel> {
    let user_chat = format!("{SHOP_NUMBER}@s.whatsapp.net");
    let parcel = match kind {
        "messages" => {
            let message = json!({
                "id": "sampleMessageId.0000-test00", "from_me": false, "type": "text",
                "chat_id": user_chat, "timestamp": 0, "source": "mobile",
                "text": { "body": "test" }, "from": SHOP_NUMBER,
            });
            wrap(("messages", "post"), "messages", json!([message]))
        }
        "statuses" => {
            let status = json!({
                "id": "sampleMessageId.0000-test00", "code": 3, "status": "delivered",
                "recipient_id": user_chat, "timestamp": "0",
            });
            wrap(("statuses", "post"), "statuses", json!([status]))
        }
        "chats" => {
            let chat = json!({ "id": user_chat, "type": "contact", "timestamp": 0, "unread": 0 });
            wrap(("chats", "post"), "chats", json!([chat]))
        }
        "channel" => wrap(
            ("channel", "post"),
            "health",
            channel::health_shape(4, "AUTH", 0, 0),
        ),
        "users" => wrap(("users", "post"), "user", shapes::user()),
        _ => return None,
    };
    Some(parcel)
}

fn wrap((kind, method): (&'static str, &'static str), key: &str, what: Value) -> Parcel {
    let body = json!({
        key: what,
        "event": { "type": kind, "event": method },
        "channel_id": CHANNEL_ID,
    });
    Parcel { kind, method, body }
}

fn change(ChatUpdate { before, after }: &ChatUpdate) -> Value {
    let mut changes = Vec::new();
    if before.at != after.at {
        changes.push("timestamp");
    }
    if before.unread != after.unread {
        changes.push("unread");
    }
    json!({
        "before_update": shapes::chat_bare(before),
        "after_update": shapes::chat_bare(after),
        "changes": changes,
    })
}
