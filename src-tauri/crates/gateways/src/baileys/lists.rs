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

/// A page of a gateway's list.
#[derive(Debug, PartialEq, Eq)]
struct Sheet {
    /// How many pages there are before it.
    before: u32,
    /// How many messages there are on each.
    size: u32,
}

impl Sheet {
    /// The page that has all of what is asked for: where that does not begin at the edge of one of its own size, pages are made larger.
    fn of(query: HistoryQuery) -> Self {
        let (from, count) = (query.offset, query.count.max(1));
        let end = from.saturating_add(count);
        let found = (1..=from / count).rev().find_map(|before| {
            let size = end.div_ceil(before + 1);
            (before.saturating_mul(size) <= from).then_some(Self { before, size })
        });
        found.unwrap_or(Self { before: 0, size: end })
    }

    fn first(&self) -> u32 {
        self.before.saturating_mul(self.size)
    }
}

/// What is asked for: by page, in which `offset` is the size of a page. The gateway cannot be asked for a time.
pub(crate) fn question(filter: &Value, query: HistoryQuery) -> Value {
    let sheet = Sheet::of(query);
    json!({ "where": filter, "page": sheet.before + 1, "offset": sheet.size })
}

/// May the server have given less than it was asked for, because its pages are never as large? The list may also end there.
pub(crate) fn may_be_cut(listed: &[Value], query: HistoryQuery) -> bool {
    let plain = query.count.max(1) as usize;
    (plain..Sheet::of(query).size as usize).contains(&listed.len())
}

/// The two pages of the usual size on which all of it is.
pub(crate) fn plain(query: HistoryQuery) -> [HistoryQuery; 2] {
    let count = query.count.max(1);
    let first = query.offset / count * count;
    [first, first.saturating_add(count)].map(|offset| HistoryQuery {
        offset,
        count,
        ..query
    })
}

/// What was asked for out of what came on the [`plain`] pages.
pub(crate) fn messages_of_plain(listed: &[Value], query: HistoryQuery) -> Page<Inbound> {
    of(listed, query.offset % query.count.max(1), query)
}

/// What was asked for out of the page that came, without what is too old.
pub(crate) fn messages(listed: &[Value], query: HistoryQuery) -> Page<Inbound> {
    let skipped = query.offset.saturating_sub(Sheet::of(query).first());
    of(listed, skipped, query)
}

fn of(listed: &[Value], skipped: u32, query: HistoryQuery) -> Page<Inbound> {
    let mut told = part(listed, skipped, query.count.max(1), message::read);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn query(offset: u32, count: u32) -> HistoryQuery {
        HistoryQuery {
            since: None,
            offset,
            count,
        }
    }

    #[test]
    fn a_page_that_begins_at_an_edge_is_asked_for_as_it_is() {
        for before in 0..50 {
            let sheet = Sheet::of(query(before * 100, 100));
            assert_eq!(sheet, Sheet { before, size: 100 }, "page {before}");
        }
    }

    #[test]
    fn whatever_is_asked_for_is_on_one_page() {
        for count in [1, 7, 100] {
            for offset in 0..5_000 {
                let sheet = Sheet::of(query(offset, count));
                assert!(
                    sheet.first() <= offset && offset + count <= sheet.first() + sheet.size,
                    "{count} from {offset} on are on {sheet:?}"
                );
                assert!(
                    count < 100 || sheet.size < count * 2,
                    "a page of the usual size is never twice as large: {sheet:?}"
                );
            }
        }
    }

    #[test]
    fn of_a_server_whose_pages_are_never_larger_nothing_is_missing() {
        let all: Vec<Value> = (0..950)
            .map(|number| {
                let key = json!({ "id": format!("m{number}"), "fromMe": false, "remoteJid": "51900000021@s.whatsapp.net" });
                json!({ "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1_768_263_506 })
            })
            .collect();
        // It skips by the size that it allows, or by the one that it was asked for.
        let give = |asked: HistoryQuery, skips_by_its_own: bool| -> Vec<Value> {
            let sheet = Sheet::of(asked);
            let size = sheet.size.min(100);
            let first = sheet.before * if skips_by_its_own { size } else { sheet.size };
            all.iter()
                .skip(first as usize)
                .take(size as usize)
                .cloned()
                .collect()
        };
        for skips_by_its_own in [true, false] {
            for offset in (0..950).step_by(90) {
                let asked = query(offset, 100);
                let listed = give(asked, skips_by_its_own);
                let told = if may_be_cut(&listed, asked) {
                    let both = plain(asked).map(|page| give(page, skips_by_its_own));
                    messages_of_plain(&both.concat(), asked)
                } else {
                    messages(&listed, asked)
                };
                let ids: Vec<String> = told
                    .items
                    .iter()
                    .filter_map(|item| match item {
                        Inbound::Message(message) => Some(message.gateway_id.clone()),
                        _ => None,
                    })
                    .collect();
                let wanted: Vec<String> = (offset..950.min(offset + 100))
                    .map(|number| format!("m{number}"))
                    .collect();
                assert_eq!(ids, wanted, "from {offset} on");
            }
        }
    }

    #[test]
    fn of_a_larger_page_only_what_was_asked_for_is_told() {
        let all: Vec<Value> = (0..400)
            .map(|number| {
                let key = json!({ "id": format!("m{number}"), "fromMe": false, "remoteJid": "51900000021@s.whatsapp.net" });
                json!({ "key": key, "message": { "conversation": "x" }, "messageTimestamp": 1_768_263_506 })
            })
            .collect();
        for offset in [0, 90, 180, 270, 350] {
            let asked = question(&json!({}), query(offset, 100));
            let size = asked["offset"]
                .as_u64()
                .and_then(|size| usize::try_from(size).ok());
            let page = asked["page"].as_u64().and_then(|page| usize::try_from(page).ok());
            let (size, page) = (size.expect("a size"), page.expect("a page"));
            let listed: Vec<Value> = all.iter().skip((page - 1) * size).take(size).cloned().collect();

            let told = messages(&listed, query(offset, 100));

            let first = told.items.iter().find_map(|item| match item {
                Inbound::Message(message) => Some(message.gateway_id.clone()),
                _ => None,
            });
            assert_eq!(first, Some(format!("m{offset}")), "it begins there");
            assert_eq!(told.covered, 100.min(400 - offset), "and is whole");
        }
    }
}
