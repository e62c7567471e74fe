//! Sending: one call, one message. No generation takes an id of ours.
//!
//! | Generation | Call | Answer |
//! |---|---|---|
//! | current | `POST /api/send/{instance}` `{type, payload}` | `{key, status}` or `{status, sendResult: {key, …}}` |
//! | intermediate | `POST /api/message/send-text`, `/send/pdf` | `{data: {key, …}}` |
//! | QRAPI 2.0 | `POST /message/send`, the kind is guessed from the fields | `{data: {message_type, data: {key, …}}}` |
//!
//! A success may also warn that the plan is nearly used up; a 403 says that it is.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{
    Address, Failure, FailureCode, Interactive, MediaKind, Outgoing, OutgoingBody, OutgoingMedia,
};
use serde_json::{Value, json};

use super::capabilities::CURRENT;
use super::device::UNKNOWN;
use super::generation::Generation;
use super::link::QrBuhoLink;
use crate::baileys;
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::baileys::send::{card, carrying, encoded, location, poll, recipient};
use crate::fields::Fields;
use crate::http_kit::{Call, Path};
use crate::{Accepted, DeviceLink, Messaging};

#[async_trait]
impl Messaging for QrBuhoLink {
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        let number = recipient(&message.to)?;
        let takes_names = self.capabilities().send.mentions && matches!(message.body, OutgoingBody::Text(_));
        if message.quoted.is_some() || (!message.mentions.is_empty() && !takes_names) {
            return Err(rejected(FailureCode::RefusedContent));
        }
        let post = |path| Call::new(Method::POST, path);
        let (call, fields) = match self.generation {
            Generation::Current => {
                let (kind, mut payload) = current(&message.body)?;
                payload["number"] = json!(number);
                if !message.mentions.is_empty() {
                    payload["mention"] = message
                        .mentions
                        .iter()
                        .filter_map(Address::phone_digits)
                        .collect();
                }
                let path = Path::with("/api/send/{instance}", &self.number().await?).ok_or(MALFORMED)?;
                (post(path), json!({ "type": kind, "payload": payload }))
            }
            Generation::Intermediate => {
                let (path, mut fields) = intermediate(&message.body)?;
                fields["number"] = json!(number);
                (post(Path::fixed(path)), fields)
            }
            Generation::QrApi2 => {
                let mut fields = guessed(&message.body)?;
                fields["number"] = json!(number);
                (post(Path::fixed("/message/send")), fields)
            }
        };
        self.hand_over(carrying(call, &fields, message.body.source())?)
            .await
    }

    /// A text has as long as a file. The device's number may have to be looked up before, and the person signed in.
    fn longest_send(&self, _carries_file: bool) -> Duration {
        let times = self.account.times();
        times.transfer() + times.short() * 2
    }
}

impl QrBuhoLink {
    /// Makes the call of a send. A device that is not there (any more) sends nothing; a 404 of somebody else says nothing of that.
    pub(super) async fn hand_over(&self, call: Call) -> Result<Accepted, Failure> {
        let answer = self.ask(call.transfer()).await?;
        if answers::is_its_own_404(&answer) {
            self.known().listed = None;
            return Err(UNKNOWN);
        }
        let said = answers::success(&answer)?;
        warn(&said);
        accepted(&said).ok_or(MALFORMED)
    }
}

/// The message that was taken, in whichever wrapping.
pub(super) fn accepted(said: &Value) -> Option<Accepted> {
    [None, Some("/sendResult"), Some("/data"), Some("/data/data")]
        .into_iter()
        .filter_map(|place| place.map_or(Some(said), |place| said.pointer(place)))
        .find_map(baileys::accepted)
}

/// Nobody's number or words are in it.
fn warn(said: &Value) {
    let warning = Fields::of(said).and_then(|said| said.object("usage_warning"));
    if let Some(warning) = warning {
        let (left, used) = (
            warning.count("remaining_messages"),
            warning.number("percentage_used"),
        );
        tracing::warn!(left, used, "the plan at the gateway is nearly used up");
    }
}

fn current(body: &OutgoingBody) -> Result<(&'static str, Value), Failure> {
    Ok(match body {
        OutgoingBody::Text(words) => ("sendText", json!({ "text": words })),
        OutgoingBody::Media(media) => file(media)?,
        OutgoingBody::Location(place) if !place.live => ("sendLocation", location(place)),
        OutgoingBody::Contacts(cards) => match cards.as_slice() {
            [one] => ("sendContact", json!({ "contact": card(one)? })),
            _ => return Err(rejected(FailureCode::RefusedContent)),
        },
        OutgoingBody::Poll(asked) => ("sendPoll", poll(asked)?),
        OutgoingBody::Interactive(shown) => interactive(shown),
        _ => return Err(rejected(FailureCode::RefusedContent)),
    })
}

fn intermediate(body: &OutgoingBody) -> Result<(&'static str, Value), Failure> {
    match body {
        OutgoingBody::Text(words) => Ok(("/api/message/send-text", json!({ "message": words }))),
        OutgoingBody::Media(media)
            if media.kind == MediaKind::Document && media.mime == "application/pdf" =>
        {
            Ok(("/api/message/send/pdf", document(media)?))
        }
        OutgoingBody::Media(_) => Err(rejected(FailureCode::MediaUnsupported)),
        _ => Err(rejected(FailureCode::RefusedContent)),
    }
}

fn guessed(body: &OutgoingBody) -> Result<Value, Failure> {
    Ok(match body {
        OutgoingBody::Text(words) => json!({ "message": words }),
        OutgoingBody::Media(media) => match media.kind {
            MediaKind::Voice => json!({ "audio": encoded(media, &CURRENT)? }),
            MediaKind::ShortVideo => json!({ "video": encoded(media, &CURRENT)? }),
            MediaKind::Document => document(media)?,
            _ => return Err(rejected(FailureCode::MediaUnsupported)),
        },
        OutgoingBody::Location(place) if !place.live => location(place),
        OutgoingBody::Contacts(cards) => {
            let cards: Result<Vec<Value>, Failure> = cards.iter().map(card).collect();
            json!({ "contact": cards? })
        }
        OutgoingBody::Poll(asked) => poll(asked)?,
        OutgoingBody::Interactive(shown) if shown.list_label.is_none() => interactive(shown).1,
        _ => return Err(rejected(FailureCode::RefusedContent)),
    })
}

fn file(media: &OutgoingMedia) -> Result<(&'static str, Value), Failure> {
    let encoded = encoded(media, &CURRENT)?;
    let (mediatype, usual_name) = match media.kind {
        MediaKind::Voice => return Ok(("sendWhatsAppAudio", json!({ "audio": encoded }))),
        MediaKind::ShortVideo => return Ok(("sendPtv", json!({ "video": encoded }))),
        MediaKind::Image => (
            "image",
            if media.mime == "image/png" {
                "image.png"
            } else {
                "image.jpg"
            },
        ),
        MediaKind::Video => ("video", "video.mp4"),
        MediaKind::Document => ("document", "document"),
        _ => return Err(rejected(FailureCode::MediaUnsupported)),
    };
    let mut payload = json!({
        "mediatype": mediatype, "mimetype": media.mime, "media": encoded,
        "filename": media.file_name.as_deref().unwrap_or(usual_name),
    });
    if let Some(words) = &media.caption {
        payload["caption"] = json!(words);
    }
    Ok(("sendMedia", payload))
}

fn document(media: &OutgoingMedia) -> Result<Value, Failure> {
    let mut fields = json!({
        "file": encoded(media, &CURRENT)?, "filename": media.file_name.as_deref().unwrap_or("document"),
    });
    if let Some(words) = &media.caption {
        fields["message"] = json!(words);
    }
    Ok(fields)
}

fn interactive(shown: &Interactive) -> (&'static str, Value) {
    let (title, description) = match &shown.header {
        Some(header) => (header, Some(&shown.body)),
        None => (&shown.body, None),
    };
    let mut payload = json!({ "title": title });
    if let Some(words) = description {
        payload["description"] = json!(words);
    }
    let (kind, footer) = match &shown.list_label {
        Some(label) => {
            let rows = shown.choices.iter().map(|choice| {
                json!({
                    "title": choice.title, "description": choice.description.as_deref().unwrap_or_default(),
                    "rowId": choice.id,
                })
            });
            payload["buttonText"] = json!(label);
            payload["sections"] = json!([{ "title": title, "rows": rows.collect::<Vec<_>>() }]);
            ("sendList", "footerText")
        }
        None => {
            let buttons = shown
                .choices
                .iter()
                .map(|choice| json!({ "type": "reply", "displayText": choice.title, "id": choice.id }));
            payload["buttons"] = buttons.collect();
            ("sendButtons", "footer")
        }
    };
    if let Some(words) = &shown.footer {
        payload[footer] = json!(words);
    }
    (kind, payload)
}
