//! What is done to a message after it was sent, and telling that messages were read.
//!
//! All of it wants the message's whole key: whose it is, and in a group who wrote it. The server has that; a message that it does not
//! have, nothing can be done to.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode};
use serde_json::{Value, json};

use super::link::EvolutionLink;
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::baileys::lists::{key_of, records};
use crate::http_kit::Call;
use crate::{Effect, MessageActions, PinFor, ReadState};

#[async_trait]
impl MessageActions for EvolutionLink {
    /// The server refuses another address of the same person than the one under which it has the message.
    async fn edit(&self, _chat: &Address, gateway_id: &str, words: &str) -> Result<Effect, Failure> {
        let Some(key) = self.key(gateway_id).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "number": key["remoteJid"], "text": words, "key": key });
        self.done(self.post("/chat/updateMessage/{instance}", &fields)?)
            .await
    }

    async fn delete(&self, _chat: &Address, gateway_id: &str) -> Result<Effect, Failure> {
        let Some(key) = self.key(gateway_id).await? else {
            return Ok(Effect::NothingThere);
        };
        let call = self.at(Method::DELETE, "/chat/deleteMessageForEveryone/{instance}")?;
        self.done(call.json(&key)).await
    }

    async fn react(&self, _chat: &Address, gateway_id: &str, emoji: Option<&str>) -> Result<Effect, Failure> {
        let Some(key) = self.key(gateway_id).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "key": key, "reaction": emoji.unwrap_or_default() });
        self.done(self.post("/message/sendReaction/{instance}", &fields)?)
            .await
    }

    async fn star(&self, _chat: &Address, _gateway_id: &str, _starred: bool) -> Result<Effect, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }

    async fn pin(
        &self,
        _chat: &Address,
        _gateway_id: &str,
        _time: Option<PinFor>,
    ) -> Result<Effect, Failure> {
        Err(rejected(FailureCode::RefusedContent))
    }
}

impl EvolutionLink {
    /// The key of a message.
    async fn key(&self, gateway_id: &str) -> Result<Option<Value>, Failure> {
        let fields = json!({ "where": { "key": { "id": gateway_id } }, "page": 1, "offset": 1 });
        let said = self
            .told(self.post("/chat/findMessages/{instance}", &fields)?)
            .await?;
        Ok(key_of(records(&said).ok_or(MALFORMED)?, gateway_id))
    }

    /// Where the server itself answers 404, it is not there (any more).
    pub(super) async fn done(&self, call: Call) -> Result<Effect, Failure> {
        let answer = self.ask(call).await?;
        match answers::is_its_own_404(&answer) {
            true => Ok(Effect::NothingThere),
            false => answers::success(&answer).map(|_| Effect::Done),
        }
    }
}

#[async_trait]
impl ReadState for EvolutionLink {
    async fn mark_read(&self, chat: &Address, gateway_id: &str) -> Result<(), Failure> {
        let read = json!([{ "remoteJid": chat.as_str(), "fromMe": false, "id": gateway_id }]);
        let fields = json!({ "readMessages": read });
        self.told(self.post("/chat/markMessageAsRead/{instance}", &fields)?)
            .await
            .map(|_| ())
    }
}
