//! What is done to messages that were sent, by their key.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{bad, closed, no, shapes};
use crate::{
    branch::Branch,
    dialects::Refusal,
    world::{ActRefused, Content, Deed, Message, Source},
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
