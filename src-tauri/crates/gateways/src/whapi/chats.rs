//! What is done to a chat as a whole. The gateway takes one change in a call.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, UnixMillis};
use serde_json::{Value, json};

use super::decode::chat::END_OF_TIME;
use super::link::WhapiLink;
use crate::{ChatActions, DisappearAfter, Effect};

const CHAT: &str = "/chats/{ChatID}";

#[async_trait]
impl ChatActions for WhapiLink {
    async fn archive(&self, chat: &Address, archived: bool) -> Result<Effect, Failure> {
        let body = json!({ "archive": archived });
        self.act(Method::POST, CHAT, chat.as_str(), Some(body)).await
    }

    async fn pin(&self, chat: &Address, pinned: bool) -> Result<Effect, Failure> {
        self.change_chat(chat, json!({ "pin": pinned })).await
    }

    /// `mute_until` is in milliseconds, and 0 unmutes. "For ever" has no number of its own that fits (the gateway
    /// prints 2^64), so it is the end of the year 9999.
    async fn mute(&self, chat: &Address, until: UnixMillis) -> Result<Effect, Failure> {
        let until = until.0.clamp(0, END_OF_TIME);
        self.change_chat(chat, json!({ "mute_until": until })).await
    }

    async fn mark_unread(&self, chat: &Address) -> Result<Effect, Failure> {
        self.change_chat(chat, json!({ "mark_unread": true })).await
    }

    async fn disappearing(&self, chat: &Address, after: Option<DisappearAfter>) -> Result<Effect, Failure> {
        let word = match after {
            None => "none",
            Some(DisappearAfter::Day) => "day",
            Some(DisappearAfter::Week) => "week",
            Some(DisappearAfter::Quarter) => "quarter",
        };
        self.change_chat(chat, json!({ "ephemeral": word })).await
    }

    async fn delete(&self, chat: &Address) -> Result<Effect, Failure> {
        self.act(Method::DELETE, CHAT, chat.as_str(), None).await
    }
}

impl WhapiLink {
    async fn change_chat(&self, chat: &Address, change: Value) -> Result<Effect, Failure> {
        self.act(Method::PATCH, CHAT, chat.as_str(), Some(change)).await
    }
}
