//! What may be sent: the kind of a message, and its fields.

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::{bad, closed, no, shapes};
use crate::{
    branch::Branch,
    clock::Millis,
    dialects::Refusal,
    world::{ChatId, Content, Extras, FileContent, FileKind, Poll, SendRefused, World},
};

/// Sends, and gives the message.
pub(crate) fn send(branch: &Branch, kind: &str, said: &Value, extras: Extras) -> Result<Value, Refusal> {
    let number = said["number"].as_str().unwrap_or_default();
    let to = ChatId::addressed(number).ok_or_else(|| missing(number))?;
    branch.step(|world, now| {
        if !world.channel().is_linked() {
            return Err(closed());
        }
        let content = content(world, kind, said, now)?;
        match world.send(to, content, extras, now) {
            Ok(message) => Ok(shapes::message(world, &message)),
            Err(SendRefused::NotLinked) => Err(closed()),
            Err(SendRefused::NotAMember | SendRefused::NothingToQuote) => Err(missing(number)),
        }
    })
}

/// Nobody is there.
pub(crate) fn missing(number: &str) -> Refusal {
    let found = json!([{ "jid": number, "exists": false, "number": number }]);
    no(StatusCode::BAD_REQUEST, found)
}

/// What is to be sent.
pub(crate) fn content(world: &mut World, kind: &str, said: &Value, now: Millis) -> Result<Content, Refusal> {
    let text = |name: &str| said[name].as_str().filter(|text| !text.is_empty());
    Ok(match kind {
        "sendText" => Content::text(text("text").ok_or_else(|| bad("Text is required"))?),
        "sendMedia" => {
            let kind = match text("mediatype") {
                Some("image") => FileKind::Image,
                Some("video") => FileKind::Video,
                Some("document") => FileKind::Document,
                Some("audio") => FileKind::Audio,
                _ => {
                    return Err(bad(
                        "mediatype is not one of enum values: image,document,video,audio",
                    ));
                }
            };
            file(world, kind, text("media"), said, now)?
        }
        "sendWhatsAppAudio" => file(world, FileKind::Voice, text("audio"), said, now)?,
        "sendSticker" => file(world, FileKind::Sticker, text("sticker"), said, now)?,
        "sendPtv" => file(world, FileKind::Short, text("video"), said, now)?,
        "sendLocation" => {
            for needed in ["name", "address"] {
                text(needed).ok_or_else(|| bad("instance requires property \"address\""))?;
            }
            Content::shaped("location", said.clone())
        }
        "sendContact" => contacts(&said["contact"])?,
        "sendPoll" => poll(said)?,
        "sendButtons" | "sendList" => {
            text("title").ok_or_else(|| bad("title is required"))?;
            Content::shaped("interactive", said.clone())
        }
        _ => return Err(bad("type is not known")),
    })
}

/// The practice shop fetches nothing from anywhere: at whatever address, a sample of its own lies.
fn file(
    world: &mut World,
    kind: FileKind,
    encoded: Option<&str>,
    said: &Value,
    now: Millis,
) -> Result<Content, Refusal> {
    let refused = || bad("Owned media must be a url or base64");
    let encoded = encoded.ok_or_else(refused)?;
    if encoded.starts_with("http://") || encoded.starts_with("https://") {
        let caption = said["caption"].as_str().map(str::to_owned);
        return world.sample(kind, caption, now).ok_or_else(refused);
    }
    let bytes = BASE64.decode(encoded).map_err(|_| refused())?;
    let named = said.get("filename").unwrap_or(&said["fileName"]);
    let claimed = said["mimetype"].as_str();
    let media = world.keep_file(bytes, claimed, now).map_err(|_| refused())?;
    if !media.fits(kind) {
        return Err(refused());
    }
    Ok(Content::File(FileContent {
        kind,
        media: media.id.clone(),
        caption: said["caption"].as_str().map(str::to_owned),
        name: named.as_str().map(str::to_owned),
        seconds: None,
    }))
}

fn contacts(told: &Value) -> Result<Content, Refusal> {
    let all = told
        .as_array()
        .map_or_else(|| vec![told], |list| list.iter().collect());
    let card = |contact: &Value| -> Option<Value> {
        let (name, number) = (contact["fullName"].as_str()?, contact["phoneNumber"].as_str()?);
        let vcard = format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{number}\nEND:VCARD");
        Some(json!({ "name": name, "displayName": name, "vcard": vcard }))
    };
    let cards: Option<Vec<Value>> = all.into_iter().map(card).collect();
    match cards.as_deref() {
        Some([one]) => Ok(Content::shaped("contact", one.clone())),
        Some([_, ..]) => Ok(Content::shaped("contact_list", json!({ "list": cards }))),
        _ => Err(bad("contact requires property \"phoneNumber\"")),
    }
}

fn poll(said: &Value) -> Result<Content, Refusal> {
    let values = said["values"].as_array().into_iter().flatten();
    let options: Vec<String> = values
        .filter_map(|value| Some(value.as_str()?.to_owned()))
        .collect();
    if !(2..=10).contains(&options.len()) {
        return Err(bad("values does not meet minimum length of 2"));
    }
    Ok(Content::Poll(Poll {
        title: said["name"].as_str().unwrap_or_default().to_owned(),
        options,
        single: said["selectableCount"] == 1,
        votes: Default::default(),
    }))
}

/// Those whom a message names.
pub(crate) fn named(told: &Value) -> Vec<String> {
    let named = told.as_array().into_iter().flatten();
    named.filter_map(|who| Some(who.as_str()?.to_owned())).collect()
}
