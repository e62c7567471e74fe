//! What a call says: `{event, instance, data, date_time, …}`. It also holds the instance's token, which is not kept.
//!
//! | `event` | becomes |
//! |---|---|
//! | `messages.upsert`, `messages.set`, `send.message` | `Message`, `Change`, `SamePerson` |
//! | `messages.update`, `send.message.update` | `Status`, a deletion as `Change` |
//! | `messages.edited`, `messages.delete` | `Change` |
//! | `contacts.*`, `chats.*`, `groups.upsert`, `group.update` | `Contact`, `Chat`, `ChatGone`, `Group` |
//! | `group-participants.update`, `presence.update`, `labels.edit`, `call` | `Member`, `Presence`, `Label`, `Call` |
//! | `connection.update`, `qrcode.updated` | `Link`; a link that is only on its way, or will come back, says nothing |
//! | others | kept raw |

use std::time::Duration;

use mostrador_domain::{
    Address, Inbound, LinkChange, MessageChange, MessageChangeKind, PairingContent, StatusUpdate, UnixMillis,
};
use serde_json::Value;

use super::{key, message, people, unknown, wire};
use crate::NotJson;
use crate::fields::Fields;
use crate::http_kit::{picture, read_json};

/// A message may carry its small picture, a history many of them.
const LARGEST: usize = 16 * 1024 * 1024;

/// WhatsApp changes a code about as often.
pub(crate) const CODE_LIFE: Duration = Duration::from_secs(20);

/// What a call says.
pub(crate) fn webhook(body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    if body.len() > LARGEST {
        return Err(NotJson);
    }
    let mut payload = read_json(body).ok_or(NotJson)?;
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("apikey");
    }
    let name = payload.get("event").and_then(Value::as_str).map(written);
    let name = name.as_deref().unwrap_or("unnamed");
    let at = Fields::of(&payload).and_then(|said| wire::moment(said, "date_time"));
    let data = payload.get("data").unwrap_or(&Value::Null);
    Ok(said(name, data, at).unwrap_or_else(|| vec![unknown(name, &payload)]))
}

/// `MESSAGES_UPSERT` and `messages-upsert` are `messages.upsert`.
fn written(event: &str) -> String {
    event.to_ascii_lowercase().replace(['_', '-'], ".")
}

fn said(event: &str, data: &Value, at: Option<UnixMillis>) -> Option<Vec<Inbound>> {
    let one = |inbound: Option<Inbound>| inbound.map(|inbound| vec![inbound]);
    match event {
        "messages.upsert" | "messages.set" | "send.message" => each(data, "messages", message::read),
        "messages.update" | "send.message.update" => all(data, |item| update(item, at)),
        "messages.edited" => one(edited(data, at)),
        "messages.delete" => all(data, |item| deleted(item, at?)),
        "contacts.set" | "contacts.upsert" | "contacts.update" => each(data, "contacts", people::contact),
        "chats.set" | "chats.upsert" | "chats.update" => each(data, "chats", people::chat),
        "chats.delete" => all(data, gone),
        "groups.upsert" | "group.update" | "groups.update" => each(data, "groups", people::group),
        "group.participants.update" => one(people::members(data)),
        "presence.update" => people::presences(data),
        "labels.edit" => one(people::label(data)),
        "call" => all(data, |item| people::call(item, at)),
        "connection.update" => connection(Fields::of(data)?),
        "qrcode.updated" => one(code(data)),
        _ => None,
    }
}

/// The items of a list, of a list inside, or the one that it is.
fn items<'a>(data: &'a Value, inside: &str) -> Vec<&'a Value> {
    let list = data.as_array().or_else(|| data.get(inside)?.as_array());
    match list {
        Some(list) => list.iter().collect(),
        None => vec![data],
    }
}

fn each(data: &Value, inside: &str, read: fn(&Value) -> Vec<Inbound>) -> Option<Vec<Inbound>> {
    Some(items(data, inside).into_iter().flat_map(read).collect())
}

/// All of them, or none: then the whole event is kept.
fn all(data: &Value, read: impl Fn(&Value) -> Option<Inbound>) -> Option<Vec<Inbound>> {
    items(data, "").into_iter().map(read).collect()
}

/// How far a message has come: `{keyId, remoteJid, fromMe, status}`, or `{key, update: {status}}`.
fn update(item: &Value, at: Option<UnixMillis>) -> Option<Inbound> {
    let told = Fields::of(item)?;
    let key = told.object("key");
    let id = told.string("keyId").or_else(|| key?.string("id"))?;
    let chat = told
        .text("remoteJid")
        .or_else(|| key?.text("remoteJid"))
        .map(key::address);
    let status = told
        .value("status")
        .or_else(|| told.object("update")?.value("status"))?;
    if status == "DELETED" {
        return Some(change(chat, id, at?, MessageChangeKind::Deleted));
    }
    Some(Inbound::Status(StatusUpdate {
        gateway_id: id,
        chat,
        status: message::status(status)?,
        at: at?,
    }))
}

fn edited(data: &Value, at: Option<UnixMillis>) -> Option<Inbound> {
    let told = Fields::of(data)?;
    let key = told.object("key")?;
    let (id, what) = message::protocol(told, data)?;
    let at = wire::time(told, "timestampMs").or(at)?;
    let by = key::read(key).and_then(|key| key.author);
    match change(key.text("remoteJid").map(key::address), id, at, what) {
        Inbound::Change(change) => Some(Inbound::Change(MessageChange { by, ..change })),
        other => Some(other),
    }
}

fn deleted(item: &Value, at: UnixMillis) -> Option<Inbound> {
    let told = Fields::of(item)?;
    let key = key::read(told.object("key").unwrap_or(told))?;
    Some(Inbound::Change(MessageChange {
        chat: Some(key.chat),
        gateway_id: key.id,
        by: key.author,
        at,
        what: MessageChangeKind::Deleted,
    }))
}

fn change(chat: Option<Address>, gateway_id: String, at: UnixMillis, what: MessageChangeKind) -> Inbound {
    Inbound::Change(MessageChange {
        chat,
        gateway_id,
        by: None,
        at,
        what,
    })
}

fn gone(item: &Value) -> Option<Inbound> {
    let jid = item.as_str().or_else(|| item.get("remoteJid")?.as_str())?;
    Some(Inbound::ChatGone {
        chat: key::address(jid),
    })
}

/// The phone has unlinked the number: the library's reason is WhatsApp's 401. Any other end passes by itself.
const LOGGED_OUT: f64 = 401.0;

fn connection(told: Fields<'_>) -> Option<Vec<Inbound>> {
    let link = match told.text("state")? {
        "open" => LinkChange::Linked {
            own: told.text("wuid").map(key::address),
        },
        "close" if told.number("statusReason") == Some(LOGGED_OUT) => LinkChange::Unlinked,
        "close" | "connecting" | "refused" => return Some(Vec::new()),
        _ => return None,
    };
    Some(vec![Inbound::Link(link)])
}

fn code(data: &Value) -> Option<Inbound> {
    let told = Fields::of(data)?;
    let told = told.object("qrcode").unwrap_or(told);
    let content = match told.string("code") {
        Some(text) => PairingContent::Text(text),
        None => picture::of_base64(told.text("base64")?)?,
    };
    Some(Inbound::Link(LinkChange::Code {
        content,
        valid_for: CODE_LIFE,
    }))
}
