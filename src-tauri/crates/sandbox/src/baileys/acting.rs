//! What is done to messages that were sent, by their key; marks and labels of chats.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{bad, closed, no, shapes};
use crate::{
    branch::Branch,
    dialects::Refusal,
    world::{ActRefused, ChatId, Content, Deed, Flags, LabelRefused, Message, Source},
};

/// What the schema asks of a key.
pub(crate) fn key(key: &Value) -> Result<&str, Refusal> {
    let missing: Vec<String> = ["id", "remoteJid", "fromMe"]
        .into_iter()
        .filter(|name| key[name].is_null())
        .map(|name| format!("key requires property \"{name}\""))
        .collect();
    match (missing.is_empty(), key["id"].as_str()) {
        (true, Some(id)) => Ok(id),
        _ => Err(no(StatusCode::BAD_REQUEST, json!([missing]))),
    }
}

/// Does it, and gives the message as which it travels.
pub(crate) fn act(branch: &Branch, target: &str, deed: Deed) -> Result<(Value, Message), ActRefused> {
    branch.step(|world, now| {
        let done = world.shop_acts(target, deed, Source::Gateway, now)?;
        Ok((shapes::message(world, &done), done))
    })
}

/// Gives a message other words.
pub(crate) fn edit(branch: &Branch, said: &Value) -> Result<Value, Refusal> {
    let deed = Deed::Edit {
        now: Box::new(Content::text(said["text"].as_str().unwrap_or_default())),
    };
    match act(branch, key(&said["key"])?, deed) {
        Ok((shape, _)) => Ok(shape),
        Err(ActRefused::NotLinked) => Err(closed()),
        Err(_) => Err(bad("Message not compatible")),
    }
}

/// Takes the message of this key back.
pub(crate) fn take_back(branch: &Branch, said: &Value) -> Result<Value, Refusal> {
    match act(branch, key(said)?, Deed::Delete) {
        Ok((shape, _)) => Ok(shape),
        Err(error) => {
            let said = json!(["Error while deleting message for everyone", error.to_string()]);
            Err(no(StatusCode::INTERNAL_SERVER_ERROR, said))
        }
    }
}

/// Puts a label on a chat, or takes it off. Says whether that changed anything; `None` = there is no such label or chat.
pub(crate) fn put_label(branch: &Branch, said: &Value) -> Result<Option<bool>, Refusal> {
    let text = |name: &str| said[name].as_str().unwrap_or_default();
    let Some(chat) = ChatId::addressed(text("number")) else {
        return Ok(None);
    };
    branch.step(|world, _| {
        if !world.channel().is_linked() {
            return Err(closed());
        }
        let put = world.wear(text("labelId"), chat.as_str(), text("action") == "add");
        Ok(match put {
            Ok(()) => Some(true),
            Err(LabelRefused::AlreadySo) => Some(false),
            Err(LabelRefused::NoSuchLabel | LabelRefused::NothingToLabel) => None,
        })
    })
}

/// The chat that is named, or that of the last message.
pub(crate) fn chat_of(said: &Value) -> &str {
    let named = said["chat"].as_str();
    let last = || said.pointer("/lastMessage/key/remoteJid").and_then(Value::as_str);
    named.or_else(last).unwrap_or_default()
}

/// Changes a chat's marks; `false` = there is no such chat.
pub(crate) fn mark(branch: &Branch, chat: &str, change: impl FnOnce(&mut Flags)) -> Result<bool, Refusal> {
    let Some(chat) = ChatId::addressed(chat) else {
        return Ok(false);
    };
    branch.step(|world, _| {
        if !world.channel().is_linked() {
            return Err(closed());
        }
        Ok(world.mark_chat(&chat, change))
    })
}
