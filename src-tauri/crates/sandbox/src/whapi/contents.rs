//! The bodies of sends that carry no file, read into what a message carries.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    Refusal,
    given::{Given, wrong},
};
use crate::world::{Content, Poll};

/// The longest text that WhatsApp takes, in characters.
const LONGEST_TEXT: usize = 65_536;
const MOST_OPTIONS: usize = 12;
const MOST_BUTTONS: usize = 3;

/// A text within its length.
fn words(given: &Given, field: &str) -> Result<String, Refusal> {
    let text = given.needed(field)?;
    if text.chars().count() > LONGEST_TEXT {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Request body too large",
        ));
    }
    Ok(text.to_owned())
}

pub(super) fn text(given: &Given) -> Result<Content, Refusal> {
    Ok(Content::text(words(given, "body")?))
}

pub(super) fn link_preview(given: &Given) -> Result<Content, Refusal> {
    let body = words(given, "body")?;
    let url = body
        .split_whitespace()
        .find(|word| word.starts_with("http"))
        .unwrap_or_default()
        .to_owned();
    let mut fields = json!({ "body": body, "title": given.needed("title")?, "url": url });
    for field in ["description", "canonical", "preview"] {
        if let Some(said) = given.said(field)? {
            fields[field] = json!(said);
        }
    }
    Ok(Content::shaped("link_preview", fields))
}

pub(super) fn location(given: &Given) -> Result<Content, Refusal> {
    place(
        given,
        "location",
        &["address", "name", "url", "comment", "preview"],
    )
}

pub(super) fn live_location(given: &Given) -> Result<Content, Refusal> {
    place(given, "live_location", &["caption", "preview"])
}

fn place(given: &Given, kind: &str, texts: &[&str]) -> Result<Content, Refusal> {
    let latitude = given
        .number("latitude")?
        .filter(|degrees| degrees.abs() <= 90.0)
        .ok_or_else(wrong)?;
    let longitude = given
        .number("longitude")?
        .filter(|degrees| degrees.abs() <= 180.0)
        .ok_or_else(wrong)?;
    let mut fields = json!({ "latitude": latitude, "longitude": longitude });
    for field in texts {
        if let Some(said) = given.said(field)? {
            fields[*field] = json!(said);
        }
    }
    for field in ["accuracy", "speed", "degrees"] {
        if let Some(number) = given.number(field)? {
            fields[field] = json!(number as i64);
        }
    }
    Ok(Content::shaped(kind, fields))
}

pub(super) fn contact(given: &Given) -> Result<Content, Refusal> {
    let fields = json!({ "name": given.needed("name")?, "vcard": given.needed("vcard")? });
    Ok(Content::shaped("contact", fields))
}

pub(super) fn contact_list(given: &Given) -> Result<Content, Refusal> {
    let list = given.shape("list")?.ok_or_else(wrong)?;
    let cards = list
        .as_array()
        .filter(|cards| !cards.is_empty())
        .ok_or_else(wrong)?;
    let whole = |card: &Value| card["name"].is_string() && card["vcard"].is_string();
    if !cards.iter().all(whole) {
        return Err(wrong());
    }
    Ok(Content::shaped("contact_list", json!({ "list": cards })))
}

/// `count` 0 allows several answers, 1 a single one; two to twelve options.
pub(super) fn poll(given: &Given) -> Result<Content, Refusal> {
    let options = given.texts("options")?;
    let count = given.number("count")?.unwrap_or(0.0);
    if count != 0.0 && count != 1.0 {
        return Err(wrong());
    }
    let mut once = options.clone();
    once.sort();
    once.dedup();
    if !(2..=MOST_OPTIONS).contains(&options.len()) || once.len() != options.len() {
        return Err(wrong());
    }
    Ok(Content::Poll(Poll {
        title: words(given, "title")?,
        options,
        single: count == 1.0,
        votes: Default::default(),
    }))
}

/// Buttons (three at most when they are quick replies), a list, or a product.
pub(super) fn interactive(given: &Given) -> Result<Content, Refusal> {
    let action = given.shape("action")?.ok_or_else(wrong)?;
    let kind = given.text("type")?.unwrap_or("button").to_owned();
    let fits = match kind.as_str() {
        "button" => action["buttons"]
            .as_array()
            .is_some_and(|buttons| may_be_shown(buttons)),
        "list" => action["list"]["sections"]
            .as_array()
            .is_some_and(|sections| !sections.is_empty()),
        "product" => action["product"]["product_id"].is_string(),
        _ => false,
    };
    if !fits {
        return Err(wrong());
    }
    let mut fields = Map::new();
    for part in ["header", "body", "footer"] {
        if let Some(shape) = given.shape(part)? {
            fields.insert(part.to_owned(), shape);
        }
    }
    fields.insert("action".to_owned(), action);
    fields.insert("type".to_owned(), json!(kind));
    Ok(Content::shaped("interactive", Value::Object(fields)))
}

fn may_be_shown(buttons: &[Value]) -> bool {
    let quick = buttons
        .iter()
        .filter(|button| button["type"] == "quick_reply")
        .count();
    let whole = |button: &Value| {
        button["type"].is_string() && button["title"].is_string() && button["id"].is_string()
    };
    !buttons.is_empty() && quick <= MOST_BUTTONS && buttons.iter().all(whole)
}

pub(super) fn carousel(given: &Given) -> Result<Content, Refusal> {
    let cards = given.shape("cards")?.ok_or_else(wrong)?;
    if cards.as_array().is_none_or(Vec::is_empty) {
        return Err(wrong());
    }
    let body = given.shape("body")?.unwrap_or(json!({}));
    Ok(Content::shaped(
        "carousel",
        json!({ "body": body, "cards": cards }),
    ))
}

/// A colour as this gateway writes it: a hash and six to eight hexadecimal digits.
pub(super) fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    (6..=8).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_hexdigit())
}
