//! What a recipient gets: the text of their variant, with what stands in their cells.

use mostrador_campaigns::plan::Body;
use mostrador_campaigns::state::SkipReason;
use mostrador_campaigns::wording::{RowFault, Table, Wording};
use mostrador_domain::{Location, Longest, Poll};

use super::recipient::RecipientRow;
use super::row::CampaignRow;
use crate::tables::outbox::NewContent;

/// The message for a recipient.
///
/// # Errors
/// Why there is none.
pub(super) fn content(
    campaign: &CampaignRow,
    recipient: &RecipientRow,
    longest: Longest,
) -> Result<NewContent, SkipReason> {
    let text = campaign.plan.texts.get(usize::from(recipient.variant));
    let body = &text.ok_or(SkipReason::NoText)?.body;
    let words = words(body, &campaign.columns, &recipient.cells, body.longest(longest))?;
    if body.needs_words() && words.is_none() {
        return Err(SkipReason::NoText);
    }
    Ok(content_of(body, words))
}

/// The message of a body with these words: one sent as a test is made as all others are.
pub fn content_of(body: &Body, words: Option<String>) -> NewContent {
    match body {
        Body::Text { .. } => NewContent::Text(words.unwrap_or_default()),
        Body::Media {
            media_kind, media_id, ..
        } => NewContent::Media {
            kind: *media_kind,
            media: *media_id,
            caption: words,
        },
        Body::Poll { options, choices, .. } => NewContent::Poll(Poll {
            question: words.unwrap_or_default(),
            options: options.clone(),
            several: *choices > 1,
        }),
        Body::Location {
            latitude,
            longitude,
            address,
            ..
        } => NewContent::Location(Location {
            latitude: *latitude,
            longitude: *longitude,
            name: words,
            address: Some(address.clone()).filter(|address| !address.trim().is_empty()),
            live: false,
        }),
    }
}

/// The words of a body for these cells; `None` = it says nothing, and need not.
fn words(
    body: &Body,
    columns: &Table,
    cells: &[String],
    max_chars: usize,
) -> Result<Option<String>, SkipReason> {
    if !body.needs_words() && body.words().trim().is_empty() {
        return Ok(None);
    }
    let wording = Wording::read(body.words()).map_err(|_| SkipReason::NoText)?;
    let bound = wording.bind(columns, max_chars).map_err(|_| SkipReason::NoText)?;
    match bound.render(cells) {
        Ok(words) => Ok(Some(words)),
        Err(RowFault::TooLong { .. }) => Err(SkipReason::TextTooLong),
        Err(RowFault::Empty) if !body.needs_words() => Ok(None),
        Err(_) => Err(SkipReason::NoText),
    }
}
