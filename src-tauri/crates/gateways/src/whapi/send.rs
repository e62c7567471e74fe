//! Sending: one call, one message.
//!
//! A picture travels inside the send itself, as a data address. Uploading it first would make two calls of one, and
//! the second could then find the first one's file gone; the price is a third more bytes on the line.
//!
//! What the gateway certainly would refuse is refused here, before anything leaves: a recipient that does not fit
//! the documented pattern, a picture above our limit or of a type that it does not take. With the recipient checked,
//! 400 is about the content.
//!
//! The gateway takes no id of ours: two sends of the same text are two messages. So every answer that does not say
//! clearly "refused" or name the message is [`Failure::Unknown`], and nothing here tries again.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use mostrador_domain::{
    Address, AddressKind, DeliveryStatus, Failure, FailureCode, MediaKind, Outgoing, OutgoingBody,
    OutgoingFile, OutgoingMedia,
};
use serde_json::{Map, Value, json};

use super::errors::{self, MALFORMED};
use super::link::WhapiLink;
use super::{IMAGE_LIMITS, loose, wire};
use crate::http_kit::{Answer, Call, Path};
use crate::{Accepted, Messaging};

#[async_trait]
impl Messaging for WhapiLink {
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        let to = recipient(&message.to)?;
        let call = match &message.body {
            OutgoingBody::Text(text) => text_call(to, text),
            OutgoingBody::Media(media) if media.kind == MediaKind::Image => image_call(to, media)?,
            _ => return Err(errors::rejected(FailureCode::RefusedContent)),
        };
        let answer = self.ask(call).await?;
        match answer.status {
            404 if matches!(message.body, OutgoingBody::Media(_)) => {
                Err(errors::rejected(FailureCode::MediaMissing))
            }
            _ if answer.is_success() => accepted(&answer),
            _ => Err(errors::of_call(&answer)),
        }
    }
}

/// The documented pattern of a recipient: 9 to 31 digits or hyphens, then a suffix; of a kind that takes messages.
fn recipient(to: &Address) -> Result<&str, Failure> {
    let refused = errors::rejected(FailureCode::RefusedRecipient);
    let writable = matches!(
        to.kind(),
        AddressKind::Phone | AddressKind::Lid | AddressKind::Group | AddressKind::Channel
    );
    let local = to.as_str().split('@').next().unwrap_or_default();
    let fits =
        (9..=31).contains(&local.len()) && local.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if writable && fits {
        Ok(to.as_str())
    } else {
        Err(refused)
    }
}

fn text_call(to: &str, text: &str) -> Call {
    Call::new(Method::POST, Path::fixed("/messages/text")).json(&json!({ "to": to, "body": text }))
}

fn image_call(to: &str, image: &OutgoingMedia) -> Result<Call, Failure> {
    let OutgoingFile::Bytes(bytes) = &image.file else {
        return Err(errors::rejected(FailureCode::RefusedContent));
    };
    if !IMAGE_LIMITS.mimes.contains(&image.mime.as_str()) {
        return Err(errors::rejected(FailureCode::MediaUnsupported));
    }
    if bytes.len() as u64 > IMAGE_LIMITS.max_bytes {
        return Err(errors::rejected(FailureCode::TooLarge));
    }
    let media = format!("data:{};base64,{}", image.mime, STANDARD.encode(bytes));
    let mut body = Map::from_iter([
        ("to".to_owned(), Value::from(to)),
        ("media".to_owned(), Value::from(media)),
        ("mime_type".to_owned(), Value::from(image.mime.as_str())),
    ]);
    if let Some(caption) = &image.caption {
        body.insert("caption".to_owned(), Value::from(caption.as_str()));
    }
    Ok(Call::new(Method::POST, Path::fixed("/messages/image"))
        .json(&Value::Object(body))
        .transfer())
}

/// What a 2xx says. Without the message's id nobody can follow it, so it is no acceptance.
fn accepted(answer: &Answer) -> Result<Accepted, Failure> {
    let sent: wire::Sent = answer.json()?;
    if sent.sent == Some(false) {
        return Err(MALFORMED);
    }
    let message = sent.message.ok_or(MALFORMED)?;
    Ok(Accepted {
        gateway_id: message.id.ok_or(MALFORMED)?,
        // Whatever word it starts with (`pending` as a rule), the gateway has taken it; receipts tell the rest.
        status: DeliveryStatus::Sent,
        at: loose::time(message.timestamp),
    })
}
