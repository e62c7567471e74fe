//! What a call says: `{event, instance, data, date_time, …}`. It also holds the instance's token and the address at which
//! we are called, which are not kept.
//!
//! | `event` | becomes |
//! |---|---|
//! | `messages.upsert`, `messages.set`, `send.message` | `Message`, `Change`, `SamePerson` |
//! | `messages.update` | `Status`, a deletion as `Change`; of a message of theirs, that it was read on the phone, as `Chat` |
//! | `messages.edited`, `send.message.update`, `messages.delete` | `Change` |
//! | `contacts.*`, `chats.*`, `groups.upsert`, `group.update` | `Contact`, `Chat`, `ChatGone`, `Group` |
//! | `group-participants.update`, `presence.update`, `labels.edit`, `call` | `Member`, `Presence`, `Label`, `Call` |
//! | `connection.update`, `qrcode.updated` | `Link`; a link that is only on its way, or will come back, says nothing |
//! | others | kept raw |
//!
//! # When it happened
//!
//! A message has WhatsApp's own time. Everything else has the call's `date_time` alone, and that is no moment: the server writes the
//! hands of the clock in its own zone and a `Z` behind them (`new Date(Date.now() - offset).toISOString()`), so in Lima everything
//! would have happened five hours ago, and in Madrid in an hour. Which zone it is, nothing says; but a call comes while it happens, or
//! minutes later if it had to be repeated, so the whole quarters of an hour between `date_time` and its arrival are the zone.
//! That needs nothing to be learnt first, which a call with a message in it would have to teach: one that was written hours ago
//! and is told now would teach wrong. Nothing has happened later than it was told.

use std::time::Duration;

use mostrador_domain::{
    Address, ChatKind, ChatSnapshot, DeliveryStatus, Inbound, LinkChange, MessageChange, MessageChangeKind,
    PairingContent, StatusKind, StatusUpdate, UnixMillis,
};
use serde::Deserialize;
use serde_json::Value;

use super::{key, message, people, unknown, wire};
use crate::NotJson;
use crate::fields::Fields;
use crate::http_kit::{picture, read_json};

/// A message may carry its small picture, a history many of them.
const LARGEST: usize = 16 * 1024 * 1024;

/// WhatsApp changes a code about as often.
pub(crate) const CODE_LIFE: Duration = Duration::from_secs(20);

/// All zones are whole quarters of an hour away from Greenwich.
const QUARTER: i64 = 15 * 60 * 1000;
/// And none is further away.
const FARTHEST: i64 = 14 * 60 * 60 * 1000;

/// Which instance a call is about.
pub(crate) fn instance(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        instance: Option<String>,
    }
    serde_json::from_slice::<Named>(body).ok()?.instance
}

/// What a call says that `arrived` then, by the gateway's clock. One about an instance that is another's says nothing to us: a customer's
/// devices share one address.
pub(crate) fn webhook(
    body: &[u8],
    arrived: UnixMillis,
    is_another: impl Fn(&str) -> bool,
) -> Result<Vec<Inbound>, NotJson> {
    if body.len() > LARGEST {
        return Err(NotJson);
    }
    let mut payload = read_json(body).ok_or(NotJson)?;
    if let Some(fields) = payload.as_object_mut() {
        for secret in ["apikey", "destination", "server_url"] {
            fields.remove(secret);
        }
    }
    if payload
        .get("instance")
        .and_then(Value::as_str)
        .is_some_and(is_another)
    {
        return Ok(Vec::new());
    }
    let name = payload.get("event").and_then(Value::as_str).map(written);
    let name = name.as_deref().unwrap_or("unnamed");
    let written = Fields::of(&payload).and_then(|said| wire::moment(said, "date_time"));
    let at = happened(written, arrived);
    let data = payload.get("data").unwrap_or(&Value::Null);
    Ok(said(name, data, at).unwrap_or_else(|| vec![unknown(name, &payload)]))
}

/// When that happened which a call tells, by what is `written` in it.
fn happened(written: Option<UnixMillis>, arrived: UnixMillis) -> UnixMillis {
    let Some(UnixMillis(written)) = written else {
        return arrived;
    };
    let ahead = written.saturating_sub(arrived.0);
    if !(-FARTHEST..=FARTHEST).contains(&ahead) {
        return arrived;
    }
    let zone = (ahead + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    UnixMillis((written - zone).min(arrived.0))
}

/// `MESSAGES_UPSERT` and `messages-upsert` are `messages.upsert`.
fn written(event: &str) -> String {
    event.to_ascii_lowercase().replace(['_', '-'], ".")
}

fn said(event: &str, data: &Value, at: UnixMillis) -> Option<Vec<Inbound>> {
    let one = |inbound: Option<Inbound>| inbound.map(|inbound| vec![inbound]);
    match event {
        "messages.upsert" | "messages.set" | "send.message" => each(data, "messages", message::read),
        "messages.update" => updates(data, at),
        "messages.edited" | "send.message.update" => one(edited(data, at)),
        "messages.delete" => all(data, |item| deleted(item, at)),
        "contacts.set" | "contacts.upsert" | "contacts.update" => each(data, "contacts", people::contact),
        "chats.set" | "chats.upsert" | "chats.update" => each(data, "chats", people::chat_event),
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

fn updates(data: &Value, at: UnixMillis) -> Option<Vec<Inbound>> {
    let told: Option<Vec<Option<Inbound>>> =
        items(data, "").into_iter().map(|item| update(item, at)).collect();
    Some(told?.into_iter().flatten().collect())
}

/// How far a message has come: `{keyId, remoteJid, fromMe, status}`, or `{key, update: {status}}`. `Some(None)` = it says nothing
/// to us.
fn update(item: &Value, at: UnixMillis) -> Option<Option<Inbound>> {
    let told = Fields::of(item)?;
    let key = told.object("key");
    let id = told.string("keyId").or_else(|| key?.string("id"))?;
    // Where the number of a device was cut off, the address has lost its ending with it.
    let chat = told
        .text("remoteJid")
        .or_else(|| key?.text("remoteJid"))
        .filter(|jid| jid.contains('@'))
        .map(key::address);
    let status = told
        .value("status")
        .or_else(|| told.object("update")?.value("status"))?;
    let from_me = told.flag("fromMe").or_else(|| key?.flag("fromMe"));
    if status == "DELETED" {
        let who = || {
            let person = chat.clone().filter(|chat| ChatKind::of(chat) == ChatKind::Person);
            let beside = || {
                told.text("participant")
                    .or_else(|| key?.text("participant"))
                    .filter(|who| !who.is_empty())
                    .map(key::address)
            };
            person.or_else(beside)
        };
        // The flag is that of what deletes, not of what is deleted.
        let by = if from_me == Some(false) { who() } else { None };
        return Some(Some(Inbound::Change(MessageChange {
            by,
            chat,
            gateway_id: id,
            at,
            what: MessageChangeKind::Deleted,
        })));
    }
    let status = message::status(status)?;
    if from_me == Some(false) {
        return Some(chat.and_then(|chat| read_there(chat, id, status, at)));
    }
    Some(Some(Inbound::Status(StatusUpdate {
        gateway_id: id,
        chat,
        member: None,
        status,
        at,
    })))
}

/// Of a message of theirs only one step is of use: that it was read on the phone, and all before it. What came
/// after it is not read: told late, the call's time may lie after that.
fn read_there(chat: Address, id: String, status: StatusKind, at: UnixMillis) -> Option<Inbound> {
    let is_read = matches!(
        status,
        StatusKind::Reached(DeliveryStatus::Read | DeliveryStatus::Played)
    );
    is_read.then(|| {
        Inbound::Chat(ChatSnapshot {
            unread: Some(0),
            at: Some(at),
            read_to: Some(id),
            ..ChatSnapshot::of(chat)
        })
    })
}

/// An edit or a deletion, as whoever did it sees the message: theirs, in a chat that for them is called after us. So only its id says
/// which one it is, and nothing who did it. A group is called the same by all.
fn edited(data: &Value, at: UnixMillis) -> Option<Inbound> {
    let told = Fields::of(data)?;
    let (id, what) = message::protocol(told, data)?;
    let at = wire::time(told, "timestampMs").unwrap_or(at);
    let chat = told.object("key").and_then(|key| key.text("remoteJid"));
    Some(Inbound::Change(MessageChange {
        chat: chat
            .map(key::address)
            .filter(|chat| ChatKind::of(chat) == ChatKind::Group),
        gateway_id: id,
        by: None,
        at,
        what,
    }))
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

fn gone(item: &Value) -> Option<Inbound> {
    let jid = item.as_str().or_else(|| item.get("remoteJid")?.as_str())?;
    Some(Inbound::ChatGone {
        chat: key::address(jid),
    })
}

/// Ends after which the server does not try again: the phone has unlinked the number (401), or WhatsApp does not let it in. Any
/// other end passes by itself.
const FOR_GOOD: [f64; 4] = [401.0, 402.0, 403.0, 406.0];

fn connection(told: Fields<'_>) -> Option<Vec<Inbound>> {
    let link = match told.text("state")? {
        "open" => LinkChange::Linked {
            own: told.text("wuid").map(key::address),
        },
        "close"
            if told
                .number("statusReason")
                .is_some_and(|reason| FOR_GOOD.contains(&reason)) =>
        {
            LinkChange::Unlinked
        }
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
