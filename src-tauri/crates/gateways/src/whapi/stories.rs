//! Stories: words to `/stories/send/text`, pictures and films to `/stories/send/media`, sounds to
//! `/stories/send/audio`. A story is answered as a send is, and as little repeatable.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, FailureCode, MediaKind, OutgoingMedia};
use serde_json::{Value, json};

use super::contacts::contact_id;
use super::errors;
use super::link::WhapiLink;
use super::send;
use crate::{Accepted, Stories, Story, StoryAudience};

#[async_trait]
impl Stories for WhapiLink {
    async fn publish(&self, story: &Story, audience: &StoryAudience) -> Result<Accepted, Failure> {
        let (path, mut body, missing) = match story {
            Story::Text { words, background } => {
                ("/stories/send/text", text(words, background.as_deref())?, None)
            }
            Story::Media(media) => {
                let (path, body) = file(media)?;
                (path, body, Some(FailureCode::MediaMissing))
            }
        };
        match audience {
            StoryAudience::AsOnPhone => {}
            StoryAudience::Only(persons) => body["contacts"] = ids(persons)?,
            StoryAudience::Except(persons) => body["exclude_contacts"] = ids(persons)?,
        }
        let source = match story {
            Story::Text { .. } => None,
            Story::Media(media) => media.source(),
        };
        let call = send::call(path, &body, missing.is_some(), source)?;
        let answer = self.ask(call).await?;
        send::answered(&answer, missing)
    }
}

fn refused() -> Failure {
    errors::rejected(FailureCode::RefusedContent)
}

/// The words of a text story are its `caption`.
fn text(words: &str, background: Option<&str>) -> Result<Value, Failure> {
    if words.is_empty() || background.is_some_and(|colour| !is_colour(colour)) {
        return Err(refused());
    }
    let mut body = json!({ "caption": words });
    if let Some(colour) = background {
        body["background_color"] = Value::from(colour);
    }
    Ok(body)
}

/// `#rrggbb`, as documented; with an alpha of two more digits.
fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        (6..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn file(media: &OutgoingMedia) -> Result<(&'static str, Value), Failure> {
    let path = match media.kind {
        MediaKind::Image | MediaKind::Video | MediaKind::Gif => "/stories/send/media",
        MediaKind::Audio | MediaKind::Voice => "/stories/send/audio",
        MediaKind::ShortVideo | MediaKind::Document | MediaKind::Sticker => return Err(refused()),
    };
    Ok((path, send::media_content(media)?))
}

/// An empty list would mean everybody, or nobody: neither was asked for.
fn ids(persons: &[Address]) -> Result<Value, Failure> {
    let ids: Option<Vec<&str>> = persons.iter().map(contact_id).collect();
    ids.filter(|ids| !ids.is_empty())
        .map(Value::from)
        .ok_or(refused())
}
