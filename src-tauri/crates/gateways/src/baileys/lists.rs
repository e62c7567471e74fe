//! Lists: what cannot be asked for in parts is cut here, and earlier messages go by pages.

use mostrador_domain::{Address, Inbound};
use serde_json::{Value, json};

use super::message;
use crate::{HistoryQuery, Page};

/// `count` items from `offset` on.
pub(crate) fn part(
    all: &[Value],
    offset: u32,
    count: u32,
    read: fn(&Value) -> Vec<Inbound>,
) -> Page<Inbound> {
    let items: Vec<&Value> = all.iter().skip(offset as usize).take(count as usize).collect();
    Page {
        covered: u32::try_from(items.len()).unwrap_or(u32::MAX),
        items: items.into_iter().flat_map(read).collect(),
        total: None,
    }
}

/// What is asked for: by page, in which `offset` is the size of a page. The gateway cannot be asked for a time.
pub(crate) fn question(filter: &Value, query: HistoryQuery) -> Value {
    let size = query.count.max(1);
    json!({ "where": filter, "page": query.offset / size + 1, "offset": size })
}

/// What was asked for out of the page that came, without what is too old.
pub(crate) fn messages(listed: &[Value], query: HistoryQuery) -> Page<Inbound> {
    let size = query.count.max(1);
    let mut told = part(listed, query.offset % size, size, message::read);
    if let Some(since) = query.since {
        told.items.retain(|inbound| match inbound {
            Inbound::Message(message) => message.at >= since,
            Inbound::Change(change) => change.at >= since,
            _ => true,
        });
    }
    told
}

/// The key of this message, if it is the one that came: a server that passes the condition over would name any message.
pub(crate) fn key_of(listed: &[Value], gateway_id: &str) -> Option<Value> {
    let key = &listed.first()?["key"];
    (key["id"] == gateway_id).then(|| whole(key))
}

/// The key of the newest message of a chat.
pub(crate) fn key_of_newest(listed: &[Value], chat: &Address) -> Option<Value> {
    let key = &listed.first()?["key"];
    let its = key["remoteJid"].as_str().map(Address::parse);
    (its.as_ref() == Some(chat) && key["id"].is_string()).then(|| whole(key))
}

/// In a group also who wrote it.
fn whole(key: &Value) -> Value {
    let mut whole = json!({ "id": key["id"], "remoteJid": key["remoteJid"], "fromMe": key["fromMe"] });
    if let Some(author) = key["participant"].as_str().filter(|author| !author.is_empty()) {
        whole["participant"] = json!(author);
    }
    whole
}

/// The list, as the gateway wraps it.
pub(crate) fn records(said: &Value) -> Option<&[Value]> {
    let list = said
        .as_array()
        .or_else(|| said.pointer("/messages/records")?.as_array())?;
    Some(list)
}
