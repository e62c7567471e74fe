//! Sending. There is no key that makes a repeated request harmless: what comes twice is sent twice.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Refusal, media, shapes::Wording};
use crate::{
    clock::Millis,
    premises::Premises,
    world::{ChatId, Content, World},
};

/// The longest text that WhatsApp takes, in characters.
const LONGEST_TEXT: usize = 65_536;

#[derive(Deserialize)]
struct Text {
    to: String,
    body: String,
}

#[derive(Deserialize)]
struct Image {
    to: String,
    media: String,
    mime_type: Option<String>,
    caption: Option<String>,
}

pub(super) async fn text(State(premises): State<Arc<Premises>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let Text { to, body } = read(&body)?;
    let to = address(&to)?;
    if body.is_empty() {
        return Err(Refusal::bad_request("Wrong request parameters: body is empty"));
    }
    if body.chars().count() > LONGEST_TEXT {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Request body too large",
        ));
    }
    send(&premises, to, |_, _| Ok(Content::Text { body }))
}

pub(super) async fn image(
    State(premises): State<Arc<Premises>>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let Image {
        to,
        media: file,
        mime_type,
        caption,
    } = read(&body)?;
    let to = address(&to)?;
    let file = media::handed_over(&file, mime_type.as_deref())?;
    let caption = caption.filter(|caption| !caption.is_empty());
    send(&premises, to, |world, now| {
        let media = file.into_world(world, now)?;
        Ok(Content::Image { media, caption })
    })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::bad_request("Wrong request parameters"))
}

fn address(to: &str) -> Result<ChatId, Refusal> {
    ChatId::addressed(to).ok_or(Refusal::bad_request(
        "Wrong request parameters: to is no recipient",
    ))
}

fn send(
    premises: &Premises,
    to: ChatId,
    content: impl FnOnce(&mut World, Millis) -> Result<Content, Refusal>,
) -> Result<Json<Value>, Refusal> {
    let settings = premises.settings();
    premises.step(|world, now| {
        if !world.channel().is_linked() {
            return Err(crate::world::SendRefused::NotLinked.into());
        }
        let content = content(world, now)?;
        let message = world.send(to, content, now)?;
        let wording = Wording::new(world, &settings, premises.port());
        Ok(Json(
            json!({ "sent": true, "message": wording.message(&message) }),
        ))
    })
}
