//! Lists: what cannot be asked for in parts is cut here, and earlier messages go by pages.

use mostrador_domain::Inbound;
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

/// The list, as the gateway wraps it.
pub(crate) fn records(said: &Value) -> Option<&[Value]> {
    let list = said
        .as_array()
        .or_else(|| said.pointer("/messages/records")?.as_array())?;
    Some(list)
}
