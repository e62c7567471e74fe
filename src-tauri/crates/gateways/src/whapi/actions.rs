//! What is done to a message after it was sent, and telling that messages were read.
//!
//! | Action | Call |
//! |---|---|
//! | edit | `POST /messages/text` with `edit`: the gateway's send, told to replace |
//! | delete for everybody | `DELETE /messages/{MessageID}` |
//! | react, take back | `PUT`, `DELETE /messages/{MessageID}/reaction` |
//! | star | `PUT /messages/{MessageID}/star` |
//! | pin, unpin | `POST`, `DELETE /messages/{MessageID}/pin` |
//! | read | `PUT /messages/{MessageID}` |
//!
//! All but the edit find the message by its id alone. 404 is documented for all of them but the edit.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure};
use serde_json::{Value, json};

use super::errors::{done, effect};
use super::link::WhapiLink;
use super::send::recipient;
use crate::http_kit::{Call, Path};
use crate::{Effect, MessageActions, PinFor, ReadState};

#[async_trait]
impl MessageActions for WhapiLink {
    async fn edit(&self, chat: &Address, gateway_id: &str, words: &str) -> Result<Effect, Failure> {
        // Without a true id it would be a send.
        if Path::with("/messages/{MessageID}", gateway_id).is_none() {
            return Ok(Effect::NothingThere);
        }
        let body = json!({ "to": recipient(chat)?, "body": words, "edit": gateway_id });
        let call = Call::new(Method::POST, Path::fixed("/messages/text")).json(&body);
        effect(&self.ask(call).await?)
    }

    async fn delete(&self, _chat: &Address, gateway_id: &str) -> Result<Effect, Failure> {
        self.act(Method::DELETE, "/messages/{MessageID}", gateway_id, None)
            .await
    }

    async fn react(&self, _chat: &Address, gateway_id: &str, emoji: Option<&str>) -> Result<Effect, Failure> {
        let path = "/messages/{MessageID}/reaction";
        match emoji.filter(|emoji| !emoji.is_empty()) {
            Some(emoji) => {
                let body = json!({ "emoji": emoji });
                self.act(Method::PUT, path, gateway_id, Some(body)).await
            }
            None => self.act(Method::DELETE, path, gateway_id, None).await,
        }
    }

    async fn star(&self, _chat: &Address, gateway_id: &str, starred: bool) -> Result<Effect, Failure> {
        let body = json!({ "starred": starred });
        self.act(Method::PUT, "/messages/{MessageID}/star", gateway_id, Some(body))
            .await
    }

    async fn pin(&self, _chat: &Address, gateway_id: &str, time: Option<PinFor>) -> Result<Effect, Failure> {
        let path = "/messages/{MessageID}/pin";
        let Some(time) = time else {
            return self.act(Method::DELETE, path, gateway_id, None).await;
        };
        let word = match time {
            PinFor::Day => "day",
            PinFor::Week => "week",
            PinFor::Month => "month",
        };
        self.act(Method::POST, path, gateway_id, Some(json!({ "time": word })))
            .await
    }
}

#[async_trait]
impl ReadState for WhapiLink {
    /// The gateway marks by message and needs no chat. A message that it does not have cannot be unread there, so
    /// that is success.
    async fn mark_read(&self, _chat: &Address, gateway_id: &str) -> Result<(), Failure> {
        let Some(path) = Path::with("/messages/{MessageID}", gateway_id) else {
            return Ok(());
        };
        let answer = self.ask(Call::new(Method::PUT, path)).await?;
        match answer.status {
            404 => Ok(()),
            _ => done(&answer),
        }
    }
}

impl WhapiLink {
    /// An action on what `value` names in the path. What is no id names nothing.
    pub(super) async fn act(
        &self,
        method: Method,
        template: &'static str,
        value: &str,
        body: Option<Value>,
    ) -> Result<Effect, Failure> {
        let Some(path) = Path::with(template, value) else {
            return Ok(Effect::NothingThere);
        };
        let call = Call::new(method, path);
        let call = match body {
            Some(body) => call.json(&body),
            None => call,
        };
        effect(&self.ask(call).await?)
    }
}
