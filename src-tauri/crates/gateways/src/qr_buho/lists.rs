//! Chats, earlier messages, marking as read, and groups.
//!
//! Chats go by offset; earlier messages by page, in which `offset` is the size of a page. The gateway cannot be asked for a time,
//! so what is older is left out here. The list of groups has nobody in it: each group of a page is asked for by itself.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, GroupSnapshot, Inbound};
use serde_json::{Value, json};

use super::device::UNKNOWN;
use super::generation::Generation;
use super::link::{QrBuhoLink, inner};
use crate::baileys::answers::{self, MALFORMED};
use crate::baileys::lists::{may_be_cut, messages, messages_of_plain, part, plain, question, records};
use crate::baileys::people;
use crate::fields::Fields;
use crate::http_kit::{Answer, Call, Path};
use crate::{Chats, Groups, History, HistoryQuery, Page, ReadState};

/// One call for each: a page of more would keep people waiting.
const GROUPS_AT_ONCE: u32 = 10;

#[async_trait]
impl Chats for QrBuhoLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let call = match self.generation {
            Generation::Current => {
                let path = Path::fixed("/api/chat/find")
                    .query("limit", count)
                    .query("offset", offset);
                Call::get(path)
            }
            Generation::Intermediate | Generation::QrApi2 => Self::post("/chat/find", &json!({})),
        };
        let said = self.told(call).await?;
        let all = inner(&said).as_array().ok_or(MALFORMED)?;
        // The older call gives all of them, whatever was asked for.
        let whole = self.generation != Generation::Current;
        Ok(part(all, if whole { offset } else { 0 }, count, people::chat))
    }
}

#[async_trait]
impl History for QrBuhoLink {
    async fn of_chat(&self, chat: &Address, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let filter = json!({ "key": { "remoteJid": chat.as_str() } });
        let answer = self.ask(Self::post("/chat/message/find", &question(&filter, query)));
        self.whole(&answer.await?, &filter, query).await
    }

    /// Where the gateway itself says that it has no such call, it is not asked again: the newest generation documents none. It says the same of
    /// a device that is gone, so that is looked at first.
    async fn recent(&self, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let filter = json!({});
        let answer = self.ask(Self::post("/chat/message/find", &question(&filter, query)));
        let answer = answer.await?;
        if answers::is_its_own_404(&answer) {
            let device = self.device().await?.ok_or(UNKNOWN)?;
            if device.connected {
                self.lists_nothing.store(true, Ordering::Relaxed);
            }
        }
        self.whole(&answer, &filter, query).await
    }
}

impl QrBuhoLink {
    /// What was asked for, though the server may have given less.
    async fn whole(
        &self,
        answer: &Answer,
        filter: &Value,
        query: HistoryQuery,
    ) -> Result<Page<Inbound>, Failure> {
        let first = listed(answer)?;
        if !may_be_cut(&first, query) {
            return Ok(messages(&first, query));
        }
        let mut both = Vec::new();
        for page in plain(query) {
            let answer = self.ask(Self::post("/chat/message/find", &question(filter, page)));
            both.extend(listed(&answer.await?)?);
        }
        Ok(messages_of_plain(&both, query))
    }
}

/// A chat that nobody knows has an empty list; a 404 is no list at all, and proves nothing.
fn listed(answer: &Answer) -> Result<Vec<Value>, Failure> {
    let said = answers::success(answer)?;
    Ok(records(inner(&said)).ok_or(MALFORMED)?.to_vec())
}

#[async_trait]
impl ReadState for QrBuhoLink {
    async fn mark_read(&self, chat: &Address, gateway_id: &str) -> Result<(), Failure> {
        let call = match self.generation {
            Generation::Current => Self::post("/api/chat/read", &json!({ "remoteJid": chat.as_str() })),
            Generation::Intermediate | Generation::QrApi2 => {
                let read = json!([{ "remoteJid": chat.as_str(), "fromMe": false, "id": gateway_id }]);
                Self::post("/chat/message/mark-read", &json!({ "readMessages": read }))
            }
        };
        // Where there is no such chat (any more), nothing of it is unread.
        self.done(call).await.map(|_| ())
    }
}

#[async_trait]
impl Groups for QrBuhoLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let path = match self.generation {
            Generation::Current => "/api/group/find/all",
            Generation::Intermediate | Generation::QrApi2 => "/api/group/all",
        };
        let said = self.told(Call::get(Path::fixed(path))).await?;
        let all = inner(&said).as_array().ok_or(MALFORMED)?;
        let wanted = all
            .iter()
            .skip(offset as usize)
            .take(count.min(GROUPS_AT_ONCE) as usize);
        let mut page = Page {
            items: Vec::new(),
            covered: 0,
            total: u32::try_from(all.len()).ok(),
        };
        for listed in wanted {
            page.covered += 1;
            let id = Fields::of(listed).and_then(|group| group.text("id"));
            let whole = match id {
                Some(id) => self.group(id).await?,
                None => None,
            };
            page.items.extend(people::group(whole.as_ref().unwrap_or(listed)));
        }
        Ok(page)
    }

    async fn one(&self, group: &Address) -> Result<Option<GroupSnapshot>, Failure> {
        let Some(said) = self.group(group.as_str()).await? else {
            return Ok(None);
        };
        Fields::of(&said)
            .and_then(people::snapshot)
            .map(Some)
            .ok_or(MALFORMED)
    }
}

impl QrBuhoLink {
    /// One group with everybody in it; `None` = the number is not in it.
    async fn group(&self, id: &str) -> Result<Option<Value>, Failure> {
        let fields = json!({ "groupJid": id });
        let call = match self.generation {
            Generation::Current => Self::post("/api/group/metadata", &fields),
            Generation::Intermediate => Call::get(Path::fixed("/api/group/find").query("groupJid", id)),
            // Recorded so: a GET with a body.
            Generation::QrApi2 => Call::new(Method::GET, Path::fixed("/api/group/find")).json(&fields),
        };
        let answer = self.ask(call).await?;
        if answers::is_its_own_404(&answer) {
            return Ok(None);
        }
        let said = answers::success(&answer)?;
        Ok(Some(inner(&said).clone()))
    }
}
