//! What a call says: `{event, timestamp, data}`.
//!
//! | `event` | `data` | becomes |
//! |---|---|---|
//! | `message` | a message that came in | `Message`; a status of somebody's: kept raw |
//! | `qr` | the code itself, as text | `Link`: a code |
//! | `ready` | | `Link`: linked |
//! | `authenticated` | | nothing: it is on its way to being ready |
//! | `disconnected` | the reason | `Link`: unlinked, if the reason says that the number was; else kept raw |
//!
//! Decoding is total: what is not understood is kept raw. Files are only announced, with the words under them; there is no way to
//! fetch them, so each is shown as one that could not be had.

use mostrador_domain::{
    Address, ChatKind, DeliveryStatus, Inbound, InboundMessage, LinkChange, MediaBody, MediaKind, MediaRef,
    MessageBody, MessageContext, PairingContent,
};
use serde_json::Value;

use super::send::own_id;
use super::session::CODE_LIFE;
use crate::NotJson;
use crate::fields::Fields;
use crate::http_kit::read_json;

/// No event is larger: a message has no file in it.
const LARGEST: usize = 1024 * 1024;

/// What a call says.
pub(super) fn webhook(body: &[u8]) -> Result<Vec<Inbound>, NotJson> {
    if body.len() > LARGEST {
        return Err(NotJson);
    }
    let payload = read_json(body).ok_or(NotJson)?;
    let said = Fields::of(&payload);
    let event = said.and_then(|said| said.text("event"));
    let data = payload.get("data").unwrap_or(&Value::Null);
    let understood = match event {
        Some("message") => Fields::of(data).and_then(|message| read(message, data)),
        Some("qr") => data.as_str().filter(|text| !text.is_empty()).map(code),
        Some("ready") => Some(Inbound::Link(LinkChange::Linked { own: None })),
        Some("authenticated") => return Ok(Vec::new()),
        Some("disconnected") if was_unlinked(data) => Some(Inbound::Link(LinkChange::Unlinked)),
        _ => None,
    };
    let kept = || Inbound::Unknown {
        raw_kind: event.unwrap_or("unnamed").to_owned(),
        raw: payload.to_string(),
    };
    Ok(vec![understood.unwrap_or_else(kept)])
}

/// Does it tell that a number is linked, or is not any more?
pub(super) fn tells_of_link(said: &[Inbound]) -> bool {
    said.iter().any(|said| {
        matches!(
            said,
            Inbound::Link(LinkChange::Linked { .. } | LinkChange::Unlinked | LinkChange::Code { .. })
        )
    })
}

fn code(text: &str) -> Inbound {
    Inbound::Link(LinkChange::Code {
        content: PairingContent::Text(text.to_owned()),
        valid_for: CODE_LIFE,
    })
}

/// Other reasons (another window, a page that was left) pass by themselves.
fn was_unlinked(reason: &Value) -> bool {
    matches!(reason.as_str(), Some("LOGOUT" | "UNPAIRED" | "UNPAIRED_IDLE"))
}

fn read(message: Fields<'_>, raw: &Value) -> Option<Inbound> {
    let id = message.text("id")?;
    let from_me = id.starts_with("true_");
    let other = if from_me { "to" } else { "from" };
    let chat = Address::parse(message.text(other)?);
    let kind = ChatKind::of(&chat);
    if !matches!(kind, ChatKind::Person | ChatKind::Group) {
        return None;
    }
    // In a group it is not said who wrote.
    let sender = (!from_me && kind == ChatKind::Person).then(|| chat.clone());
    Some(Inbound::Message(Box::new(InboundMessage {
        gateway_id: own_id(id).to_owned(),
        chat,
        chat_name: None,
        sender,
        sender_name: None,
        from_me,
        at: message.time("timestamp")?,
        body: body(message, raw),
        status: from_me.then_some(DeliveryStatus::Sent),
        context: MessageContext {
            forwarded: message.flag("isForwarded").unwrap_or(false),
            ..MessageContext::default()
        },
    })))
}

fn body(message: Fields<'_>, raw: &Value) -> MessageBody {
    let has_file = message.flag("hasMedia").unwrap_or(false);
    let words = message.text("body");
    if has_file && let Some(file) = file(message, words) {
        return MessageBody::Media(file);
    }
    match (message.text("type"), words) {
        (Some("chat"), Some(words)) if !has_file => MessageBody::Text(words.to_owned()),
        (kind, _) => MessageBody::Unknown {
            raw_kind: kind.unwrap_or("unnamed").to_owned(),
            raw: raw.to_string(),
        },
    }
}

/// A file that is announced, with the words under it. No call hands it out, and what its bytes are is not said.
fn file(message: Fields<'_>, words: Option<&str>) -> Option<MediaBody> {
    let (kind, mime) = match message.text("type")? {
        "image" => (MediaKind::Image, "image/jpeg"),
        "video" => (MediaKind::Video, "video/mp4"),
        "audio" => (MediaKind::Audio, "audio/mpeg"),
        "ptt" => (MediaKind::Voice, "audio/ogg"),
        "document" => (MediaKind::Document, "application/octet-stream"),
        "sticker" => (MediaKind::Sticker, "image/webp"),
        _ => return None,
    };
    Some(MediaBody {
        kind,
        caption: words.filter(|words| !words.is_empty()).map(str::to_owned),
        file: MediaRef {
            gateway_ref: own_id(message.text("id")?).to_owned(),
            mime: mime.to_owned(),
            ..MediaRef::default()
        },
    })
}
