//! Lists: chats, earlier messages, and how far one message has come.
//!
//! Pages go by offset, newest first, so they shift while new messages arrive: the same message may come twice, and
//! none is missed when the next page starts where the last one ended. `count` in an answer repeats the page size
//! that was asked for; what came is counted here.

use async_trait::async_trait;
use mostrador_domain::{Address, ChatSnapshot, Failure, Inbound, StatusUpdate};
use serde_json::Value;

use super::decode::{chat, message, status};
use super::errors::{self, MALFORMED};
use super::link::WhapiLink;
use super::{loose, wire};
use crate::http_kit::{Answer, Call, Path};
use crate::{Chats, History, HistoryQuery, Page, StatusLookup};

/// The gateway refuses a larger page.
const LARGEST_PAGE: u32 = 500;

#[async_trait]
impl Chats for WhapiLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<ChatSnapshot>, Failure> {
        let answer = self
            .ask(Call::get(paged(Path::fixed("/chats"), offset, count)))
            .await?;
        let list = list(&answer)?;
        page(list.chats, list.total, |item| {
            chat::snapshot(item).into_iter().collect()
        })
    }
}

#[async_trait]
impl History for WhapiLink {
    async fn of_chat(&self, chat: &Address, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let nothing = Page {
            items: Vec::new(),
            covered: 0,
            total: Some(0),
        };
        let Some(path) = Path::with("/messages/list/{ChatID}", chat.as_str()) else {
            return Ok(nothing);
        };
        let answer = self.ask(Call::get(asked(path, query))).await?;
        if answer.status == 404 {
            Ok(nothing)
        } else {
            messages(&answer)
        }
    }

    async fn recent(&self, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let answer = self
            .ask(Call::get(asked(Path::fixed("/messages/list"), query)))
            .await?;
        messages(&answer)
    }
}

#[async_trait]
impl StatusLookup for WhapiLink {
    /// Of a message that is not ours (403), or that the gateway does not have (404), nothing is known.
    async fn statuses(&self, gateway_id: &str) -> Result<Vec<StatusUpdate>, Failure> {
        let Some(path) = Path::with("/statuses/{MessageID}", gateway_id) else {
            return Ok(Vec::new());
        };
        let answer = self.ask(Call::get(path)).await?;
        if matches!(answer.status, 403 | 404) {
            return Ok(Vec::new());
        }
        let items = list(&answer)?.statuses.ok_or(MALFORMED)?;
        let known = items.iter().filter_map(|item| match status::read(item) {
            Inbound::Status(update) => Some(update),
            _ => None,
        });
        Ok(known.collect())
    }
}

fn asked(path: Path, query: HistoryQuery) -> Path {
    let path = paged(path, query.offset, query.count);
    match query.since {
        Some(since) => path.query("time_from", since.seconds()),
        None => path,
    }
}

fn paged(path: Path, offset: u32, count: u32) -> Path {
    path.query("count", count.clamp(1, LARGEST_PAGE))
        .query("offset", offset)
}

fn list(answer: &Answer) -> Result<wire::List, Failure> {
    if answer.is_success() {
        answer.json()
    } else {
        Err(errors::of_call(answer))
    }
}

fn messages(answer: &Answer) -> Result<Page<Inbound>, Failure> {
    let list = list(answer)?;
    page(list.messages, list.total, message::read)
}

/// A page of items that `read` understands; a list without its items is no answer.
fn page<T>(
    items: Option<Vec<Value>>,
    total: Option<f64>,
    read: impl Fn(&Value) -> Vec<T>,
) -> Result<Page<T>, Failure> {
    let items = items.ok_or(MALFORMED)?;
    Ok(Page {
        covered: u32::try_from(items.len()).unwrap_or(u32::MAX),
        items: items.iter().flat_map(read).collect(),
        total: loose::count(total),
    })
}
