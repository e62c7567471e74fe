//! What is done to a message after it was sent, and to a chat as a whole.
//!
//! A message is named by its whole key, and a chat by its last message's, so either is looked up first: what the gateway does not
//! have, nothing can be done to. No call reacts, stars, pins, mutes, or lets messages disappear in a person's chat.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode, UnixMillis};
use serde_json::{Value, json};

use super::generation::Generation;
use super::link::{QrBuhoLink, inner};
use crate::baileys::answers::{self, MALFORMED};
use crate::baileys::lists::{key_of, key_of_newest, records};
use crate::baileys::send::recipient;
use crate::http_kit::{Call, Path};
use crate::{ChatActions, DisappearAfter, Effect, MessageActions, PinFor};

const NOT_OFFERED: Failure = Failure::Rejected {
    code: FailureCode::RefusedContent,
};

#[async_trait]
impl MessageActions for QrBuhoLink {
    async fn edit(&self, chat: &Address, gateway_id: &str, words: &str) -> Result<Effect, Failure> {
        let number = recipient(chat)?;
        let Some(key) = self.key(gateway_id).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "number": number, "key": key, "text": words });
        self.done(Self::post("/chat/message/update", &fields)).await
    }

    async fn delete(&self, _chat: &Address, gateway_id: &str) -> Result<Effect, Failure> {
        let Some(key) = self.key(gateway_id).await? else {
            return Ok(Effect::NothingThere);
        };
        let path = Path::fixed("/chat/message/delete");
        let call = match self.generation {
            // Recorded so: a DELETE with a body.
            Generation::QrApi2 => Call::new(Method::DELETE, path).json(&key),
            Generation::Current | Generation::Intermediate => {
                let path = path
                    .query("remoteJid", key["remoteJid"].as_str().ok_or(MALFORMED)?)
                    .query("id", gateway_id)
                    .query("fromMe", key["fromMe"] == true);
                Call::new(Method::DELETE, path)
            }
        };
        self.done(call).await
    }

    async fn react(&self, _: &Address, _: &str, _: Option<&str>) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn star(&self, _: &Address, _: &str, _: bool) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }

    async fn pin(&self, _: &Address, _: &str, _: Option<PinFor>) -> Result<Effect, Failure> {
        Err(NOT_OFFERED)
    }
}

#[async_trait]
impl ChatActions for QrBuhoLink {
    /// The newest call only puts away; the older one also takes out again.
    async fn archive(&self, chat: &Address, archived: bool) -> Result<Effect, Failure> {
        if archived && self.generation == Generation::Current {
            let fields = json!({ "remoteJid": chat.as_str() });
            return self.done(Self::post("/api/chat/archive", &fields)).await;
        }
        let Some(key) = self.newest(chat).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "lastMessage": { "key": key }, "chat": chat.as_str(), "archive": archived });
        self.done(Self::post("/chat/archive", &fields)).await
    }

    async fn mark_unread(&self, chat: &Address) -> Result<Effect, Failure> {
        let Some(key) = self.newest(chat).await? else {
            return Ok(Effect::NothingThere);
        };
        let fields = json!({ "lastMessage": { "key": key }, "chat": chat.as_str() });
        self.done(Self::post("/chat/message/mark-unread", &fields)).await
    }

    /// For us alone. Only the newest generation has a call for it.
    async fn delete(&self, chat: &Address) -> Result<Effect, Failure> {
        if self.generation != Generation::Current {
            return Err(NOT_OFFERED);
        }
        let fields = json!({ "remoteJid": chat.as_str(), "deleteForEveryone": false });
        self.done(Self::post("/api/chat/delete", &fields)).await
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
}

impl QrBuhoLink {
    /// The key of a message.
    pub(super) async fn key(&self, gateway_id: &str) -> Result<Option<Value>, Failure> {
        let found = self.found(&json!({ "id": gateway_id })).await?;
        Ok(key_of(found_in(&found)?, gateway_id))
    }

    /// The key of a chat's newest message.
    async fn newest(&self, chat: &Address) -> Result<Option<Value>, Failure> {
        let found = self.found(&json!({ "remoteJid": chat.as_str() })).await?;
        Ok(key_of_newest(found_in(&found)?, chat))
    }

    async fn found(&self, key: &Value) -> Result<Value, Failure> {
        let fields = json!({ "where": { "key": key }, "page": 1, "offset": 1 });
        self.told(Self::post("/chat/message/find", &fields)).await
    }

    /// Where the gateway itself answers 404, it is not there (any more).
    pub(super) async fn done(&self, call: Call) -> Result<Effect, Failure> {
        let answer = self.ask(call).await?;
        if answers::is_its_own_404(&answer) {
            return Ok(Effect::NothingThere);
        }
        answers::answered(&answer).map(|()| Effect::Done)
    }
}

fn found_in(said: &Value) -> Result<&[Value], Failure> {
    records(inner(said)).ok_or(MALFORMED)
}
