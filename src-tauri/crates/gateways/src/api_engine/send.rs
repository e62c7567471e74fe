//! Sending: one call, one message, a text or a picture. Files that the gateway fetches from an address are sent from the Explorer alone.
//!
//! A recipient is ten to fifteen digits and nothing else. The gateway takes no id of ours, and says nothing of a message once
//! it has taken it: no ticks come.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{
    Address, AddressKind, DeliveryStatus, Failure, FailureCode, MediaKind, Outgoing, OutgoingBody,
    OutgoingMedia, UnixMillis,
};
use serde_json::{Value, json};

use super::answers::{MALFORMED, data, rejected};
use super::budget::Weight;
use super::capabilities::{LONGEST_CAPTION, PICTURE};
use super::link::ApiEngineLink;
use crate::fields::Fields;
use crate::http_kit::{Call, FILE, Path};
use crate::{Accepted, Messaging};

#[async_trait]
impl Messaging for ApiEngineLink {
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        let phone = recipient(&message.to)?;
        if message.quoted.is_some() || !message.mentions.is_empty() {
            return Err(rejected(FailureCode::RefusedContent));
        }
        match &message.body {
            OutgoingBody::Text(words) => {
                let body = json!({ "phone": phone, "message": words });
                self.hand_over("/api/messages/send", &body).await
            }
            OutgoingBody::Media(media) => {
                let body = picture(phone, media)?;
                let file = media
                    .source()
                    .ok_or_else(|| rejected(FailureCode::MediaMissing))?;
                let call = Call::new(Method::POST, Path::fixed("/api/messages/send-image"));
                let call = call.json_with(&body, file);
                self.sent(call.ok_or_else(|| rejected(FailureCode::RefusedContent))?)
                    .await
            }
            _ => Err(rejected(FailureCode::RefusedContent)),
        }
    }

    /// A text has as long as a file.
    fn longest_send(&self, _carries_file: bool) -> Duration {
        self.http.times().transfer()
    }
}

impl ApiEngineLink {
    async fn hand_over(&self, path: &'static str, body: &Value) -> Result<Accepted, Failure> {
        let call = Call::new(Method::POST, Path::fixed(path)).json(body).transfer();
        self.sent(call).await
    }

    async fn sent(&self, call: Call) -> Result<Accepted, Failure> {
        let answer = self.ask(call, Weight::Message).await?;
        let sent = data(&answer)?;
        Fields::of(&sent).and_then(accepted).ok_or(MALFORMED)
    }
}

/// What was taken. Without WhatsApp's own id nobody can follow it, so it is no acceptance.
pub(super) fn accepted(sent: Fields<'_>) -> Option<Accepted> {
    Some(Accepted {
        gateway_id: own_id(sent.text("whatsappId")?).to_owned(),
        status: DeliveryStatus::Sent,
        at: sent.text("timestamp").and_then(time),
    })
}

/// WhatsApp's own id of a message, out of the library's, which has the direction and the chat before it:
/// `true_51900000021@c.us_3EB0A1`, in a group with the author behind it. A number has no business in an id: ids are logged.
pub(super) fn own_id(serialized: &str) -> &str {
    serialized
        .split('_')
        .nth(2)
        .filter(|id| !id.is_empty())
        .unwrap_or(serialized)
}

/// A moment as the gateway writes it: ISO 8601.
pub(super) fn time(text: &str) -> Option<UnixMillis> {
    let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(UnixMillis(moment.timestamp_millis()))
}

/// The documented form of a recipient.
pub(super) fn recipient(to: &Address) -> Result<&str, Failure> {
    let digits = to.phone_digits().filter(|_| to.kind() == AddressKind::Phone);
    digits
        .filter(|digits| (10..=15).contains(&digits.len()))
        .ok_or_else(|| rejected(FailureCode::RefusedRecipient))
}

fn picture(phone: &str, media: &OutgoingMedia) -> Result<Value, Failure> {
    if media.kind != MediaKind::Image || !PICTURE.takes(&media.mime) {
        return Err(rejected(FailureCode::MediaUnsupported));
    }
    let file = media
        .source()
        .ok_or_else(|| rejected(FailureCode::MediaMissing))?;
    if file.length() > PICTURE.max_bytes {
        return Err(rejected(FailureCode::TooLarge));
    }
    let mut body = json!({ "phone": phone, "base64": FILE, "mimetype": media.mime });
    if let Some(caption) = caption(media.caption.as_deref())? {
        body["caption"] = Value::from(caption);
    }
    Ok(body)
}

fn caption(words: Option<&str>) -> Result<Option<&str>, Failure> {
    match words {
        Some(words) if words.chars().count() > LONGEST_CAPTION as usize => {
            Err(rejected(FailureCode::RefusedContent))
        }
        words => Ok(words),
    }
}
