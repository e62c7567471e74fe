//! Stories.

use mostrador_domain::{Address, DeviceId, MediaId};
use mostrador_engine::{PublishStory, StoryContent};
use mostrador_gateways::StoryAudience;

use super::app::MAX_TEXT_CHARS;
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// Persons that are named.
const MAX_NAMED: usize = 1_000;

pub(crate) async fn send(shop: &Shop, args: StorySend) -> Result<StoryView, ApiError> {
    if !(1..=64).contains(&args.client_id.chars().count()) {
        return Err(ErrorCode::BadRequest.into());
    }
    let new = PublishStory {
        client_id: args.client_id,
        content: content(args.content)?,
        audience: audience(args.audience)?,
    };
    let at = shop.engine().publish_story(DeviceId(args.device_id), new).await?;
    Ok(StoryView { at })
}

fn content(story: StoryArg) -> Result<StoryContent, ApiError> {
    match story {
        StoryArg::Text { text, background } => {
            if text.trim().is_empty() {
                return Err(ErrorCode::MessageEmpty.into());
            }
            words_fit(&text)?;
            Ok(StoryContent::Text {
                words: text,
                background,
            })
        }
        StoryArg::Media { media_id, caption } => {
            caption.as_deref().map(words_fit).transpose()?;
            Ok(StoryContent::Media {
                file: MediaId(media_id),
                caption: caption.filter(|caption| !caption.trim().is_empty()),
            })
        }
    }
}

fn words_fit(words: &str) -> Result<(), ApiError> {
    let most = usize::try_from(MAX_TEXT_CHARS).unwrap_or(usize::MAX);
    if words.chars().count() > most {
        return Err(ApiError::of(ErrorCode::MessageTooLong).with("max", MAX_TEXT_CHARS));
    }
    Ok(())
}

fn audience(told: Option<AudienceArg>) -> Result<StoryAudience, ApiError> {
    let persons = |addresses: Vec<String>| {
        if (1..=MAX_NAMED).contains(&addresses.len()) {
            Ok(addresses.iter().map(|address| Address::parse(address)).collect())
        } else {
            Err(ApiError::of(ErrorCode::BadRequest))
        }
    };
    Ok(match told {
        None => StoryAudience::AsOnPhone,
        Some(AudienceArg::Only { addresses }) => StoryAudience::Only(persons(addresses)?),
        Some(AudienceArg::Except { addresses }) => StoryAudience::Except(persons(addresses)?),
    })
}
