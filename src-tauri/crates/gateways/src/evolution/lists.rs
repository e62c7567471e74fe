//! Chats, earlier messages, groups. Chats and groups come all at once, and are handed on in parts.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, GroupSnapshot, Inbound};
use serde_json::{Value, json};

use super::link::EvolutionLink;
use crate::baileys::answers::{self, MALFORMED};
use crate::baileys::lists::{may_be_cut, messages, messages_of_plain, part, plain, question, records};
use crate::baileys::people;
use crate::fields::Fields;
use crate::{Chats, Groups, History, HistoryQuery, Page};

#[async_trait]
impl Chats for EvolutionLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let call = self.post("/chat/findChats/{instance}", &json!({}))?;
        let said = self.told(call.transfer()).await?;
        Ok(part(
            said.as_array().ok_or(MALFORMED)?,
            offset,
            count,
            people::chat,
        ))
    }
}

#[async_trait]
impl History for EvolutionLink {
    async fn of_chat(&self, chat: &Address, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let filter = json!({ "key": { "remoteJid": chat.as_str() } });
        self.earlier(&filter, query).await
    }

    async fn recent(&self, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        self.earlier(&json!({}), query).await
    }
}

impl EvolutionLink {
    async fn earlier(&self, filter: &Value, query: HistoryQuery) -> Result<Page<Inbound>, Failure> {
        let listed = self.listed(filter, query).await?;
        if !may_be_cut(&listed, query) {
            return Ok(messages(&listed, query));
        }
        let mut listed = Vec::new();
        for page in plain(query) {
            listed.extend(self.listed(filter, page).await?);
        }
        Ok(messages_of_plain(&listed, query))
    }

    async fn listed(&self, filter: &Value, query: HistoryQuery) -> Result<Vec<Value>, Failure> {
        let call = self.post("/chat/findMessages/{instance}", &question(filter, query))?;
        let said = self.told(call).await?;
        Ok(records(&said).ok_or(MALFORMED)?.to_vec())
    }
}

#[async_trait]
impl Groups for EvolutionLink {
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure> {
        let call = self.get_by("/group/fetchAllGroups/{instance}", "getParticipants", "true")?;
        let said = self.told(call.transfer()).await?;
        let all = said.as_array().ok_or(MALFORMED)?;
        Ok(Page {
            total: u32::try_from(all.len()).ok(),
            ..part(all, offset, count, people::group)
        })
    }

    /// Where the server itself answers 404, the number is not in it.
    async fn one(&self, group: &Address) -> Result<Option<GroupSnapshot>, Failure> {
        let call = self.get_by("/group/findGroupInfos/{instance}", "groupJid", group.as_str())?;
        let answer = self.ask(call).await?;
        if answers::is_its_own_404(&answer) {
            return Ok(None);
        }
        let said = answers::success(&answer)?;
        let found = Fields::of(&said).and_then(people::snapshot);
        found.map(Some).ok_or(MALFORMED)
    }
}
