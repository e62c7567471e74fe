//! Sending: `POST /message/{kind}/{instance}`, one call, one message. The answer is the message as it was taken. No id of ours
//! goes along.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{
    Address, AddressKind, Failure, FailureCode, Interactive, MediaKind, Outgoing, OutgoingBody, OutgoingMedia,
};
use serde_json::{Value, json};

use super::capabilities::CAPABILITIES;
use super::link::EvolutionLink;
use crate::baileys;
use crate::baileys::answers::{self, MALFORMED, rejected};
use crate::baileys::send::{card, carrying, encoded, location, poll, recipient};
use crate::http_kit::Call;
use crate::{Accepted, Messaging};

/// The call of a kind, and its fields.
type Letter = (&'static str, Value);

#[async_trait]
impl Messaging for EvolutionLink {
    async fn send(&self, message: &Outgoing) -> Result<Accepted, Failure> {
        let number = recipient(&message.to)?;
        let answers_or_names = message.quoted.is_some() || !message.mentions.is_empty();
        if answers_or_names && matches!(message.body, OutgoingBody::Contacts(_)) {
            // Its schema has neither.
            return Err(rejected(FailureCode::RefusedContent));
        }
        let (path, mut fields) = letter(&message.body)?;
        fields["number"] = json!(number);
        if let Some(id) = &message.quoted {
            fields["quoted"] = json!({ "key": { "id": id } });
        }
        let named = mentioned(&message.mentions);
        if !named.is_empty() {
            fields["mentioned"] = json!(named);
        }
        let call = carrying(self.at(Method::POST, path)?, &fields, message.body.source())?;
        self.hand_over(call).await
    }

    /// A text has as long as a file: the server answers once WhatsApp has taken it.
    fn longest_send(&self, _carries_file: bool) -> Duration {
        self.http.times().transfer()
    }
}

impl EvolutionLink {
    /// Makes the call of a send. Whatever the server itself says is not there, nothing was sent; a 404 of somebody else says nothing.
    pub(super) async fn hand_over(&self, call: Call) -> Result<Accepted, Failure> {
        let answer = self.ask(call.transfer()).await?;
        if answers::is_its_own_404(&answer) {
            return Err(rejected(FailureCode::RefusedContent));
        }
        baileys::accepted(&answers::success(&answer)?).ok_or(MALFORMED)
    }
}

/// Those who are named: persons, each once. The schema refuses an empty list, and one that names somebody twice.
fn mentioned(named: &[Address]) -> Vec<&str> {
    let is_person = |who: &&Address| matches!(who.kind(), AddressKind::Phone | AddressKind::Lid);
    let mut all: Vec<&str> = Vec::with_capacity(named.len());
    for who in named
        .iter()
        .filter(is_person)
        .filter_map(|who| recipient(who).ok())
    {
        if !all.contains(&who) {
            all.push(who);
        }
    }
    all
}

fn letter(body: &OutgoingBody) -> Result<Letter, Failure> {
    Ok(match body {
        OutgoingBody::Text(words) => ("/message/sendText/{instance}", json!({ "text": words })),
        OutgoingBody::Media(media) => file(media)?,
        OutgoingBody::Location(place) if !place.live => ("/message/sendLocation/{instance}", location(place)),
        OutgoingBody::Contacts(cards) if !cards.is_empty() => {
            let cards = cards.iter().map(card).collect::<Result<Vec<Value>, Failure>>()?;
            ("/message/sendContact/{instance}", json!({ "contact": cards }))
        }
        OutgoingBody::Poll(asked) => ("/message/sendPoll/{instance}", poll(asked)?),
        OutgoingBody::Interactive(shown) => interactive(shown),
        _ => return Err(rejected(FailureCode::RefusedContent)),
    })
}

fn file(media: &OutgoingMedia) -> Result<Letter, Failure> {
    let encoded = encoded(media, &CAPABILITIES)?;
    let mut fields = match media.kind {
        MediaKind::Voice => {
            return Ok((
                "/message/sendWhatsAppAudio/{instance}",
                json!({ "audio": encoded }),
            ));
        }
        MediaKind::ShortVideo => return Ok(("/message/sendPtv/{instance}", json!({ "video": encoded }))),
        MediaKind::Sticker => return Ok(("/message/sendSticker/{instance}", json!({ "sticker": encoded }))),
        kind => json!({ "mediatype": mediatype(kind)?, "mimetype": media.mime, "media": encoded }),
    };
    let usual = usual_name(media);
    fields["fileName"] = json!(media.file_name.as_deref().unwrap_or(usual));
    if let Some(words) = &media.caption {
        fields["caption"] = json!(words);
    }
    Ok(("/message/sendMedia/{instance}", fields))
}

/// What the kind is called.
pub(super) fn mediatype(kind: MediaKind) -> Result<&'static str, Failure> {
    match kind {
        MediaKind::Image => Ok("image"),
        MediaKind::Video => Ok("video"),
        MediaKind::Audio => Ok("audio"),
        MediaKind::Document => Ok("document"),
        _ => Err(rejected(FailureCode::MediaUnsupported)),
    }
}

fn usual_name(media: &OutgoingMedia) -> &'static str {
    match (media.kind, media.mime.as_str()) {
        (MediaKind::Image, "image/png") => "image.png",
        (MediaKind::Image, _) => "image.jpg",
        (MediaKind::Video, _) => "video.mp4",
        (MediaKind::Audio, "audio/mpeg") => "audio.mp3",
        (MediaKind::Audio, "audio/mp4") => "audio.m4a",
        (MediaKind::Audio, _) => "audio.ogg",
        _ => "document",
    }
}

/// Of a list all four texts have to be there, and a description that is there must not be empty.
fn interactive(shown: &Interactive) -> Letter {
    let (title, description) = match &shown.header {
        Some(header) => (header, Some(&shown.body)),
        None => (&shown.body, None),
    };
    let mut fields = json!({ "title": title });
    if let Some(words) = description {
        fields["description"] = json!(words);
    }
    let Some(label) = &shown.list_label else {
        let buttons = shown
            .choices
            .iter()
            .map(|choice| json!({ "type": "reply", "displayText": choice.title, "id": choice.id }));
        fields["buttons"] = buttons.collect();
        if let Some(words) = &shown.footer {
            fields["footer"] = json!(words);
        }
        return ("/message/sendButtons/{instance}", fields);
    };
    let rows = shown.choices.iter().map(|choice| {
        let mut row = json!({ "title": choice.title, "rowId": choice.id });
        if let Some(words) = choice.description.as_deref().filter(|words| !words.is_empty()) {
            row["description"] = json!(words);
        }
        row
    });
    fields["sections"] = json!([{ "title": title, "rows": rows.collect::<Vec<Value>>() }]);
    fields["buttonText"] = json!(label);
    fields["footerText"] = json!(shown.footer.as_deref().unwrap_or_default());
    ("/message/sendList/{instance}", fields)
}
