//! What is done to a chat as a whole. A chat is named by its newest message too, which is looked up first: without it the server fails
//! (a recorded 500). No call pins, mutes, deletes, or lets messages disappear in a person's chat.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, FailureCode, UnixMillis};
use serde_json::{Value, json};

use super::link::EvolutionLink;
use crate::baileys::answers::MALFORMED;
use crate::baileys::lists::{key_of_newest, records};
use crate::{ChatActions, DisappearAfter, Effect};

const NOT_OFFERED: Failure = Failure::Rejected {
    code: FailureCode::RefusedContent,
};

#[async_trait]
impl ChatActions for EvolutionLink {
    async fn archive(&self, chat: &Address, archived: bool) -> Result<Effect, Failure> {
        let Some(newest) = self.newest(chat).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "lastMessage": newest, "chat": chat.as_str(), "archive": archived });
        self.done(self.post("/chat/archiveChat/{instance}", &fields)?)
            .await
    }

    async fn mark_unread(&self, chat: &Address) -> Result<Effect, Failure> {
        let Some(newest) = self.newest(chat).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "lastMessage": newest, "chat": chat.as_str() });
        self.done(self.post("/chat/markChatUnread/{instance}", &fields)?)
            .await
    }

    async fn pin(&self, _: &Address, _: bool) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn mute(&self, _: &Address, _: UnixMillis) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn disappearing(&self, _: &Address, _: Option<DisappearAfter>) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn delete(&self, _: &Address) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }
}

impl EvolutionLink {
    /// The key and the time of a chat's newest message.
    async fn newest(&self, chat: &Address) -> Result<Option<Value>, Failure> {
        let fields = json!({ "where": { "key": { "remoteJid": chat.as_str() } }, "page": 1, "offset": 1 });
        let said = self
            .told(self.post("/chat/findMessages/{instance}", &fields)?)
            .await?;
        let listed = records(&said).ok_or(MALFORMED)?;
        Ok(key_of_newest(listed, chat).map(|key| {
            let at = listed.first().map(|newest| &newest["messageTimestamp"]);
            json!({ "key": key, "messageTimestamp": at })
        }))
    }
}
