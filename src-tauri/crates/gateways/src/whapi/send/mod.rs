//! Sending: one call, one message.
//!
//! | Body | Path | Names, quotes |
//! |---|---|---|
//! | text, link preview | `/messages/text`, `/messages/link_preview` | both |
//! | image, video, short video | `/messages/image`, `…/video`, `…/short` | both |
//! | gif, audio, voice, document, sticker | `/messages/gif`, … | quotes |
//! | location, live location, contact, contact list, poll, interactive | `/messages/location`, … | quotes |
//! | forward | `POST /messages/{MessageID}` | neither |
//!
//! What the gateway certainly would refuse is refused here, before anything leaves: a recipient that does not fit
//! the documented pattern, a file above our limit or of a type that it does not take, a question without two answers,
//! names in a message that holds none. With the recipient checked, 400 is about the content.
//!
//! The gateway takes no id of ours: two sends of the same text are two messages. So every answer that does not say
//! clearly "refused" or name the message is [`Failure::Unknown`], and nothing here tries again.

mod body;
mod media;

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{
    Address, AddressKind, DeliveryStatus, Failure, FailureCode, Outgoing, OutgoingBody, OutgoingSource,
};

use super::errors::{self, MALFORMED};
use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::{Answer, Call};
use crate::{Accepted, Messaging};

pub(super) use media::{content as media_content, data_address};

#[async_trait]
impl Messaging for WhapiLink {
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        let to = recipient(&message.to)?;
        let call = body::call(to, message)?;
        let answer = self.ask(call).await?;
        answered(&answer, missing(&message.body))
    }

    fn longest_send(&self, carries_file: bool) -> Duration {
        let times = self.http.times();
        if carries_file {
            times.transfer()
        } else {
            times.short()
        }
    }
}

/// What 404 says of a message, where the gateway documents it: the file, or the message to be sent on, is not there.
fn missing(body: &OutgoingBody) -> Option<FailureCode> {
    match body {
        OutgoingBody::Media(_) => Some(FailureCode::MediaMissing),
        OutgoingBody::Forward { .. } => Some(FailureCode::RefusedContent),
        _ => None,
    }
}

/// What became of a send.
pub(super) fn answered(answer: &Answer, missing: Option<FailureCode>) -> Result<Accepted, Failure> {
    match (answer.status, missing) {
        (404, Some(code)) => Err(errors::rejected(code)),
        _ if answer.is_success() => accepted(answer),
        _ => Err(errors::of_call(answer)),
    }
}

/// The documented pattern of a recipient: 9 to 31 digits or hyphens, then a suffix; of a kind that takes messages.
pub(super) fn recipient(to: &Address) -> Result<&str, Failure> {
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

/// A send's call: the path is fixed, the body says the rest. A body with a file in it may take longer, be it only because the
/// gateway has to find one that was uploaded.
pub(super) fn call(
    path: &'static str,
    body: &serde_json::Value,
    carries_file: bool,
    file: Option<&OutgoingSource>,
) -> Result<Call, Failure> {
    let call = Call::new(Method::POST, crate::http_kit::Path::fixed(path));
    let Some(file) = file else {
        let call = call.json(body);
        return Ok(if carries_file { call.transfer() } else { call });
    };
    let refused = errors::rejected(FailureCode::RefusedContent);
    call.json_with(body, file).ok_or(refused)
}

/// What a 2xx says. Without the message's id nobody can follow it, so it is no acceptance.
fn accepted(answer: &Answer) -> Result<Accepted, Failure> {
    let body = answer.json()?;
    let sent = Fields::of(&body).ok_or(MALFORMED)?;
    if sent.flag("sent") == Some(false) {
        return Err(MALFORMED);
    }
    let message = sent.object("message").ok_or(MALFORMED)?;
    Ok(Accepted {
        gateway_id: message.string("id").ok_or(MALFORMED)?,
        // Whatever word it starts with (`pending` as a rule), the gateway has taken it; receipts tell the rest.
        status: DeliveryStatus::Sent,
        at: message.time("timestamp"),
    })
}
