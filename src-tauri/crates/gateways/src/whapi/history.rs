//! Lists that the engine lives by: chats and earlier messages.
//!
//! Pages go by offset, newest first, so they shift while new messages arrive: the same message may come twice, and
//! none is missed when the next page starts where the last one ended. `count` in an answer repeats the page size
//! that was asked for; what came is counted here. Votes are put into words: see [`super::votes`].

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, Inbound};
use serde_json::Value;

use super::decode::{chat, message};
use super::errors::{self, MALFORMED};
use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::{Answer, Call, Path};
use crate::{Chats, History, HistoryQuery, Page};

/// The gateway refuses a larger page.
const LARGEST_PAGE: u32 = 500;

#[async_trait]
impl Chats for WhapiLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let answer = self
            .ask(Call::get(paged(Path::fixed("/chats"), offset, count)))
            .await?;
        page(&answer, "chats", chat::read)
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
        if answer.status == 404 && errors::is_its_own(&answer) {
            return Ok(nothing);
        }
        let page = page(&answer, "messages", message::read)?;
        Ok(self.with_votes_in_words(page).await)
    }

    async fn recent(&self, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let answer = self
            .ask(Call::get(asked(Path::fixed("/messages/list"), query)))
            .await?;
        let page = page(&answer, "messages", message::read)?;
        Ok(self.with_votes_in_words(page).await)
    }
}

fn asked(path: Path, query: HistoryQuery) -> Path {
    let path = paged(path, query.offset, query.count);
    match query.since {
        Some(since) => path.query("time_from", since.seconds()),
        None => path,
    }
}

/// The path of a page.
pub(super) fn paged(path: Path, offset: u32, count: u32) -> Path {
    path.query("count", count.clamp(1, LARGEST_PAGE))
        .query("offset", offset)
}

/// A page of items that `read` understands; a list without its items is no answer.
pub(super) fn page<T>(
    answer: &Answer,
    name: &str,
    read: impl Fn(&Value) -> Vec<T>,
) -> Result<Page<T>, Failure> {
    if !answer.is_success() {
        return Err(errors::of_call(answer));
    }
    let body = answer.json()?;
    page_of(&body, name, read).ok_or(MALFORMED)
}

/// The page in a body.
pub(super) fn page_of<T>(body: &Value, name: &str, read: impl Fn(&Value) -> Vec<T>) -> Option<Page<T>> {
    let list = Fields::of(body)?;
    let items = list.list(name)?;
    Some(Page {
        covered: u32::try_from(items.len()).unwrap_or(u32::MAX),
        items: items.iter().flat_map(read).collect(),
        total: list.count("total"),
    })
}
