//! The world's events as the dialect's webhooks.
//!
//! Every body has three parts: what happened under a key of its own, `event` with the type and the method (which
//! is delivered as `event.event`, whatever the vendor's schema calls it), and the channel.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::{
    Settings, channel,
    shapes::{self, Wording},
};
use crate::{
    branch::Branch,
    clock::seconds,
    parcel::Parcel,
    qr,
    world::{Change, ChatUpdate, Doing, Event, Group, Person, World},
};

const QR_SIDE: u32 = 264;

/// Every kind of event that this channel tells.
pub(super) const TOLD: [(&str, &str); 21] = [
    ("messages", "post"),
    ("messages", "patch"),
    ("messages", "delete"),
    ("statuses", "post"),
    ("chats", "post"),
    ("chats", "patch"),
    ("chats", "delete"),
    ("contacts", "post"),
    ("contacts", "patch"),
    ("groups", "post"),
    ("groups", "put"),
    ("groups", "patch"),
    ("presences", "post"),
    ("calls", "post"),
    ("labels", "post"),
    ("labels", "delete"),
    ("channel", "post"),
    ("channel", "patch"),
    ("users", "post"),
    ("users", "delete"),
    ("service", "post"),
];

type Kind = (&'static str, &'static str);

/// The type and the method of an event.
pub(crate) fn kind(event: &Event) -> Kind {
    match event {
        Event::Wrote(_) => ("messages", "post"),
        Event::Changed(_) => ("messages", "patch"),
        Event::Removed(_) | Event::RemovedAll(_) => ("messages", "delete"),
        Event::Climbed { .. } => ("statuses", "post"),
        Event::ChatOpened(_) => ("chats", "post"),
        Event::ChatChanged(_) => ("chats", "patch"),
        Event::ChatGone(_) => ("chats", "delete"),
        Event::ContactSaved(_) => ("contacts", "post"),
        Event::ContactChanged(_) => ("contacts", "patch"),
        Event::GroupMade(_) => ("groups", "post"),
        Event::GroupMoved { .. } => ("groups", "put"),
        Event::GroupChanged(_) => ("groups", "patch"),
        Event::Presence { .. } => ("presences", "post"),
        Event::Call { .. } => ("calls", "post"),
        Event::Labelled(_) => ("labels", "post"),
        Event::LabelGone(_) => ("labels", "delete"),
        Event::ChannelChanged { .. } => ("channel", "post"),
        Event::CodeShown { .. } => ("channel", "patch"),
        Event::Linked => ("users", "post"),
        Event::Unlinked => ("users", "delete"),
    }
}

/// An event, ready for delivery.
pub(crate) fn parcel(world: &World, settings: &Settings, branch: &Branch, event: Event) -> Parcel {
    let kind = kind(&event);
    let (key, what) = match event {
        Event::LabelGone(label) if branch.webhooks().temper().labels_by_name => {
            ("labels_removed", json!([label.name]))
        }
        event => worded(world, Wording::new(world, settings, branch.port()), event),
    };
    wrap(kind, key, what, &branch.channel_id())
}

fn worded(world: &World, wording: Wording<'_>, event: Event) -> (&'static str, Value) {
    match event {
        Event::Wrote(message) => ("messages", json!([wording.message(&message)])),
        Event::Changed(change) => ("messages_updates", json!([message_change(wording, &change)])),
        Event::Removed(ids) => ("messages_removed", json!(ids)),
        Event::RemovedAll(chat) => ("messages_removed_all", json!(chat.as_str())),
        Event::Climbed {
            message,
            chat,
            viewer,
            progress,
            at,
        } => {
            let viewer = viewer.as_ref().map(|viewer| viewer.as_str());
            (
                "statuses",
                json!([shapes::status(&message, chat.as_str(), viewer, progress, at)]),
            )
        }
        Event::ChatOpened(chat) => ("chats", json!([shapes::chat_bare(&chat)])),
        Event::ChatChanged(update) => ("chats_updates", json!([chat_change(&update)])),
        Event::ChatGone(chat) => ("chats_removed", json!([chat.as_str()])),
        Event::ContactSaved(person) => ("contacts", json!([shapes::contact(&person)])),
        Event::ContactChanged(people) => ("contacts_updates", json!([contact_change(&people)])),
        Event::GroupMade(group) => ("groups", json!([shapes::group(world, &group)])),
        Event::GroupMoved { group, people, how } => {
            let people: Vec<&str> = people.iter().map(|number| number.as_str()).collect();
            let moved = json!({ "group_id": group.as_str(), "participants": people, "action": how.word() });
            ("groups_participants", json!([moved]))
        }
        Event::GroupChanged(groups) => ("groups_updates", json!([group_change(world, &groups)])),
        Event::Presence { who, doing, at } => {
            let mut shape = json!({ "contact_id": who.as_str(), "status": doing.word() });
            if doing == Doing::Offline {
                shape["last_seen"] = json!(seconds(at));
            }
            ("presences", json!([shape]))
        }
        Event::Call {
            id,
            from,
            status,
            video,
            at,
        } => ("calls", json!([shapes::call(&id, &from, status, video, at)])),
        Event::Labelled(label) => ("labels", json!([shapes::label(&label)])),
        Event::LabelGone(label) => ("labels_removed", json!([label.id])),
        Event::ChannelChanged {
            code,
            text,
            started_at,
            at,
        } => ("health", channel::health_shape(code, text, started_at, at)),
        Event::CodeShown { rowdata, expires_in } => {
            let mut code = json!({ "status": "OK", "rowdata": rowdata, "expire": expires_in });
            if let Some(picture) = qr::png(&rowdata, QR_SIDE) {
                code["base64"] = json!(BASE64.encode(picture));
            }
            ("qr", code)
        }
        Event::Linked | Event::Unlinked => ("user", shapes::user(world.shop())),
    }
}

/// A made-up event of a type, for trying an address out.
pub(super) fn sample(kind: &str, branch: &Branch) -> Option<Parcel> {
    let (number, user) =
        branch.look(|world, _| (world.shop().number.to_string(), shapes::user(world.shop())));
    let chat = format!("{number}@s.whatsapp.net");
    let (kind, key, what): (Kind, &'static str, Value) = match kind {
        "messages" => {
            let message = json!({
                "id": "sampleMessageId.0000-test00", "from_me": false, "type": "text",
                "chat_id": chat, "timestamp": 0, "source": "mobile",
                "text": { "body": "test" }, "from": number,
            });
            (("messages", "post"), "messages", json!([message]))
        }
        "statuses" => {
            let status = json!({
                "id": "sampleMessageId.0000-test00", "code": 3, "status": "delivered",
                "recipient_id": chat, "timestamp": "0",
            });
            (("statuses", "post"), "statuses", json!([status]))
        }
        "chats" => {
            let chat = json!({ "id": chat, "type": "contact", "timestamp": 0, "unread": 0 });
            (("chats", "post"), "chats", json!([chat]))
        }
        "contacts" => (("contacts", "post"), "contacts", json!([user])),
        "groups" => {
            let moved =
                json!({ "group_id": "120363000000000000@g.us", "participants": [number], "action": "add" });
            (("groups", "put"), "groups_participants", json!([moved]))
        }
        "presences" => (
            ("presences", "post"),
            "presences",
            json!([{ "contact_id": number, "status": "online" }]),
        ),
        "calls" => {
            let call = json!({
                "id": "0", "chat_id": chat, "status": "missed", "from": number, "timestamp": 0,
                "group_call": false, "video_call": false, "offline_call": false,
            });
            (("calls", "post"), "calls", json!([call]))
        }
        "labels" => (
            ("labels", "post"),
            "labels",
            json!([{ "id": "0", "name": "test", "color": "gold" }]),
        ),
        "channel" => (
            ("channel", "post"),
            "health",
            channel::health_shape(4, "AUTH", 0, 0),
        ),
        "users" => (("users", "post"), "user", user),
        "service" => (("service", "post"), "service", json!([{ "type": "test" }])),
        _ => return None,
    };
    Some(wrap(kind, key, what, &branch.channel_id()))
}

fn wrap((kind, method): Kind, key: &'static str, what: Value, channel_id: &str) -> Parcel {
    let body = json!({
        key: what,
        "event": { "type": kind, "event": method },
        "channel_id": channel_id,
    });
    Parcel {
        kind,
        method,
        key,
        body,
    }
}

fn message_change(wording: Wording<'_>, change: &Change) -> Value {
    json!({
        "id": change.after.id,
        "trigger": wording.message(&change.trigger),
        "before_update": wording.message(&change.before),
        "after_update": wording.message(&change.after),
        "changes": [change.field],
    })
}

fn chat_change(update: &ChatUpdate) -> Value {
    json!({
        "before_update": shapes::chat_bare(&update.before),
        "after_update": shapes::chat_bare(&update.after),
        "changes": update.changes(),
    })
}

fn contact_change((before, after): &(Person, Person)) -> Value {
    changed(shapes::contact(before), shapes::contact(after))
}

fn group_change(world: &World, (before, after): &(Group, Group)) -> Value {
    changed(shapes::group(world, before), shapes::group(world, after))
}

/// What was, what is, and which fields differ.
fn changed(before: Value, after: Value) -> Value {
    let fields = after.as_object().into_iter().flat_map(|fields| fields.keys());
    let changes: Vec<&String> = fields
        .filter(|field| before.get(field.as_str()) != after.get(field.as_str()))
        .collect();
    let changes = json!(changes);
    json!({ "before_update": before, "after_update": after, "changes": changes })
}
