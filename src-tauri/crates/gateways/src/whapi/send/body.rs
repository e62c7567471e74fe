//! The call of each kind of message, after it was checked.

use http::Method;
use mostrador_domain::{
    ContactCard, Failure, FailureCode, Interactive, LinkPreview, Location, MediaKind, Outgoing, OutgoingBody,
    Poll,
};
use serde_json::{Map, Value, json};

use super::super::capabilities::{MOST_BUTTONS, MOST_CARDS, MOST_ROWS, POLL_OPTIONS};
use super::super::errors;
use super::{call as plain, media};
use crate::http_kit::{Call, Path};

/// The call that sends the message, or why it would be refused.
pub(super) fn call(to: &str, message: &Outgoing) -> Result<Call, Failure> {
    if !message.mentions.is_empty() && !names_persons(&message.body) {
        return Err(refused());
    }
    if let OutgoingBody::Forward { gateway_id } = &message.body {
        return forward(to, gateway_id, message.quoted.is_some());
    }
    let (path, content) = content(&message.body)?;
    let carries_file = matches!(message.body, OutgoingBody::Media(_));
    let body = addressed(to, message, content);
    plain(path, &body, carries_file, message.body.source())
}

fn refused() -> Failure {
    errors::rejected(FailureCode::RefusedContent)
}

/// The gateway takes names in these only.
fn names_persons(body: &OutgoingBody) -> bool {
    match body {
        OutgoingBody::Text(_) | OutgoingBody::LinkPreview { .. } => true,
        OutgoingBody::Media(media) => matches!(
            media.kind,
            MediaKind::Image | MediaKind::Video | MediaKind::ShortVideo
        ),
        _ => false,
    }
}

/// The path, and the fields that say what is sent.
fn content(body: &OutgoingBody) -> Result<(&'static str, Value), Failure> {
    Ok(match body {
        OutgoingBody::Text(text) if text.is_empty() => return Err(refused()),
        OutgoingBody::Text(text) => ("/messages/text", json!({ "body": text })),
        OutgoingBody::LinkPreview { text, preview } => ("/messages/link_preview", card(text, preview)?),
        OutgoingBody::Media(file) => (media::path(file.kind), media::content(file)?),
        OutgoingBody::Location(place) => location(place)?,
        OutgoingBody::Contacts(cards) => contacts(cards)?,
        OutgoingBody::Poll(question) => ("/messages/poll", poll(question)?),
        OutgoingBody::Interactive(choice) => ("/messages/interactive", interactive(choice)?),
        OutgoingBody::Forward { .. } => return Err(refused()),
    })
}

/// The content with where it goes, what it answers and whom it names.
fn addressed(to: &str, message: &Outgoing, content: Value) -> Value {
    let mut body = match content {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    body.insert("to".to_owned(), Value::from(to));
    if let Some(quoted) = &message.quoted {
        body.insert("quoted".to_owned(), Value::from(quoted.as_str()));
    }
    if !message.mentions.is_empty() {
        let names: Vec<&str> = message.mentions.iter().map(|name| name.as_str()).collect();
        body.insert("mentions".to_owned(), json!(names));
    }
    Value::Object(body)
}

/// An object of the fields that there are.
pub(super) fn fields<const N: usize>(all: [(&str, Option<Value>); N]) -> Value {
    all.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect::<Map<_, _>>()
        .into()
}

fn card(text: &str, preview: &LinkPreview) -> Result<Value, Failure> {
    if text.is_empty() || preview.title.is_empty() {
        return Err(refused());
    }
    Ok(fields([
        ("body", Some(text.into())),
        ("title", Some(preview.title.as_str().into())),
        ("description", preview.description.as_deref().map(Value::from)),
        ("canonical", preview.url.as_deref().map(Value::from)),
    ]))
}

fn location(place: &Location) -> Result<(&'static str, Value), Failure> {
    let on_earth = (-90.0..=90.0).contains(&place.latitude) && (-180.0..=180.0).contains(&place.longitude);
    if !on_earth {
        return Err(refused());
    }
    let path = if place.live {
        "/messages/live_location"
    } else {
        "/messages/location"
    };
    let content = fields([
        ("latitude", Some(place.latitude.into())),
        ("longitude", Some(place.longitude.into())),
        ("name", place.name.as_deref().map(Value::from)),
        ("address", place.address.as_deref().map(Value::from)),
    ]);
    Ok((path, content))
}

/// One card has a path of its own.
fn contacts(cards: &[ContactCard]) -> Result<(&'static str, Value), Failure> {
    let whole = |card: &ContactCard| !card.name.is_empty() && !card.vcard.is_empty();
    if !cards.iter().all(whole) || cards.len() > MOST_CARDS as usize {
        return Err(refused());
    }
    let one = |card: &ContactCard| json!({ "name": card.name, "vcard": card.vcard });
    match cards {
        [] => Err(refused()),
        [card] => Ok(("/messages/contact", one(card))),
        cards => {
            let list: Vec<Value> = cards.iter().map(one).collect();
            Ok(("/messages/contact_list", json!({ "list": list })))
        }
    }
}

/// `count` is 1 for one answer and 0 for several.
fn poll(poll: &Poll) -> Result<Value, Failure> {
    let sensible = !poll.question.is_empty()
        && POLL_OPTIONS.contains(&poll.options.len())
        && are_distinct(poll.options.iter().map(String::as_str));
    if !sensible {
        return Err(refused());
    }
    let count = if poll.several { 0 } else { 1 };
    Ok(json!({ "title": poll.question, "options": poll.options, "count": count }))
}

fn interactive(choice: &Interactive) -> Result<Value, Failure> {
    let most = if choice.list_label.is_some() {
        MOST_ROWS
    } else {
        MOST_BUTTONS
    };
    let sensible = !choice.body.is_empty()
        && (1..=most).contains(&choice.choices.len())
        && choice.choices.iter().all(|choice| !choice.title.is_empty())
        && are_distinct(choice.choices.iter().map(|choice| choice.id.as_str()));
    if !sensible {
        return Err(refused());
    }
    let words = |text: &Option<String>| text.as_deref().map(|text| json!({ "text": text }));
    let (kind, action) = match choice.list_label.as_deref() {
        Some(label) => ("list", list(choice, label)),
        None => ("button", buttons(choice)?),
    };
    Ok(fields([
        ("type", Some(kind.into())),
        ("header", words(&choice.header)),
        ("body", Some(json!({ "text": choice.body }))),
        ("footer", words(&choice.footer)),
        ("action", Some(action)),
    ]))
}

fn list(choice: &Interactive, label: &str) -> Value {
    let rows: Vec<Value> = choice
        .choices
        .iter()
        .map(|row| {
            fields([
                ("id", Some(row.id.as_str().into())),
                ("title", Some(row.title.as_str().into())),
                ("description", row.description.as_deref().map(Value::from)),
            ])
        })
        .collect();
    json!({ "list": { "label": label, "sections": [{ "title": label, "rows": rows }] } })
}

/// A button has no room for a description.
fn buttons(choice: &Interactive) -> Result<Value, Failure> {
    if choice.choices.iter().any(|button| button.description.is_some()) {
        return Err(refused());
    }
    let buttons: Vec<Value> = choice
        .choices
        .iter()
        .map(|button| json!({ "type": "quick_reply", "id": button.id, "title": button.title }))
        .collect();
    Ok(json!({ "buttons": buttons }))
}

/// None is empty, and no two are the same.
fn are_distinct<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let mut texts: Vec<&str> = texts.collect();
    let all = texts.len();
    texts.sort_unstable();
    texts.dedup();
    texts.len() == all && !texts.contains(&"")
}

/// A message that the gateway has, sent on; it takes a quote as little as a name.
fn forward(to: &str, gateway_id: &str, quotes: bool) -> Result<Call, Failure> {
    let path = Path::with("/messages/{MessageID}", gateway_id).filter(|_| !quotes);
    let path = path.ok_or(refused())?;
    Ok(Call::new(Method::POST, path).json(&json!({ "to": to })))
}
