//! Sending: one message a call.

use axum::{body::Bytes, http::StatusCode, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Answered, answer, done, entry::At, given, invalid, is_phone, moment, no, not_connected};
use crate::{
    branch::Branch,
    clock::Millis,
    dialects::Refusal,
    world::{ChatId, Content, Extras, FileKind, Message, World},
};

const LONGEST_TEXT: usize = 4096;
const LONGEST_CAPTION: usize = 1024;

/// The two ids of a message: the server's own, and WhatsApp's with the direction and the chat before it.
pub(super) fn shape(message: &Message, phone: &str, kind: Option<&str>) -> Value {
    let mut shape = json!({
        "messageId": uuid_of(&message.id), "whatsappId": whatsapp_id(message), "phone": phone,
        "status": "sent", "timestamp": moment(message.at),
    });
    if let Some(kind) = kind {
        shape["type"] = json!(kind);
    }
    shape
}

/// WhatsApp's id as the library writes it.
pub(super) fn whatsapp_id(message: &Message) -> String {
    let chat = library_id(message.chat.as_str());
    format!("{}_{chat}_{}", message.from_shop, message.id)
}

/// An address as the library writes it.
pub(super) fn library_id(chat: &str) -> String {
    match chat.strip_suffix("@s.whatsapp.net") {
        Some(digits) => format!("{digits}@c.us"),
        None => chat.to_owned(),
    }
}

fn uuid_of(id: &str) -> String {
    let hex: String = Sha256::digest(id)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let part = |range| hex.get(range).unwrap_or_default();
    [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-")
}

pub(super) fn send(
    branch: &Branch,
    phone: &str,
    content: impl FnOnce(&mut World, Millis) -> Result<Content, Refusal>,
) -> Result<Message, Refusal> {
    branch.step(|world, now| {
        if !world.channel().is_linked() {
            return Err(not_connected());
        }
        let content = content(world, now)?;
        let to = ChatId::addressed(phone).ok_or_else(failed)?;
        world
            .send(to, content, Extras::default(), now)
            .map_err(|_| failed())
    })
}

pub(super) fn failed() -> Refusal {
    no(StatusCode::INTERNAL_SERVER_ERROR, "Error interno del servidor")
}

fn phone(body: &Value) -> Result<&str, Refusal> {
    let phone = body["phone"].as_str().filter(|phone| is_phone(phone));
    phone.ok_or_else(|| invalid(&[("phone", "Formato de número inválido (10-15 dígitos)")]))
}

pub(super) fn words(body: &Value) -> Result<&str, Refusal> {
    let fits = |words: &&str| (1..=LONGEST_TEXT).contains(&words.chars().count());
    let words = body["message"].as_str().filter(fits);
    words.ok_or_else(|| invalid(&[("message", "El mensaje debe tener entre 1 y 4096 caracteres")]))
}

fn caption(body: &Value) -> Result<Option<String>, Refusal> {
    match &body["caption"] {
        Value::Null => Ok(None),
        Value::String(words) if words.chars().count() <= LONGEST_CAPTION => {
            Ok(Some(words.clone()).filter(|words| !words.is_empty()))
        }
        _ => Err(invalid(&[(
            "caption",
            "El caption no puede exceder 1024 caracteres",
        )])),
    }
}

pub(super) async fn text(At(branch): At, body: Bytes) -> Response {
    let sent = || -> Answered {
        let body = given(&body)?;
        let (phone, words) = (phone(&body)?, words(&body)?);
        let message = send(&branch, phone, |_, _| Ok(Content::text(words)))?;
        Ok(done(
            Some("Mensaje enviado exitosamente"),
            shape(&message, phone, None),
        ))
    };
    answer(sent())
}

pub(super) async fn image(At(branch): At, body: Bytes) -> Response {
    let sent = || -> Answered {
        let body = given(&body)?;
        let (phone, caption) = (phone(&body)?, caption(&body)?);
        let handed_over = (body["base64"].as_str(), body["mimetype"].as_str());
        let message = match (handed_over, body["imageUrl"].as_str()) {
            ((Some(encoded), Some(mime)), _) => {
                let bytes = BASE64.decode(encoded).map_err(|_| failed())?;
                send(&branch, phone, |world, now| {
                    let media = world.keep_file(bytes, Some(mime), now).map_err(|_| failed())?;
                    Ok(Content::image(media.id.clone(), caption))
                })?
            }
            (_, Some(url)) if is_address(url) => send(&branch, phone, |world, now| {
                world.sample(FileKind::Image, caption, now).ok_or_else(failed)
            })?,
            _ => {
                return Err(no(
                    StatusCode::BAD_REQUEST,
                    "Se requiere imageUrl o base64 con mimetype",
                ));
            }
        };
        let shape = shape(&message, phone, Some("image"));
        Ok(done(Some("Imagen enviada exitosamente"), shape))
    };
    answer(sent())
}

/// The library that checks addresses knows no name without a dot.
fn is_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(|host| host != "localhost"))
}

/// Only an address is taken; the practice shop fetches nothing from anywhere, and has a document of its own for each.
pub(super) async fn document(At(branch): At, body: Bytes) -> Response {
    let sent = || -> Answered {
        let body = given(&body)?;
        let (phone, caption) = (phone(&body)?, caption(&body)?);
        let mut wrong = Vec::new();
        if !is_address(body["documentUrl"].as_str().unwrap_or_default()) {
            wrong.push(("documentUrl", "URL de documento inválida"));
        }
        let name = body["filename"].as_str().filter(|name| !name.is_empty());
        if name.is_none() {
            wrong.push(("filename", "El nombre del archivo es requerido"));
        }
        if !wrong.is_empty() {
            return Err(invalid(&wrong));
        }
        let message = send(&branch, phone, |world, now| {
            let mut content = world
                .sample(FileKind::Document, caption, now)
                .ok_or_else(failed)?;
            if let Content::File(file) = &mut content {
                file.name = name.map(str::to_owned);
            }
            Ok(content)
        })?;
        let mut shape = shape(&message, phone, Some("document"));
        shape["filename"] = json!(name);
        Ok(done(Some("Documento enviado exitosamente"), shape))
    };
    answer(sent())
}
