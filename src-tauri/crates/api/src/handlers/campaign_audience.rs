//! Who a campaign writes to: lists read from files, other sources, numbers, what people would get, the rehearsal.

pub(crate) mod import;
pub(crate) mod numbers;
pub(crate) mod rehearse;
pub(crate) mod segment;
pub(crate) mod words;

use mostrador_domain::{CampaignId, ChatId, LabelId, RecipientId, SegmentId};
use mostrador_engine::audience::Headings;
use mostrador_store::tables::campaign::audience::{Missed, Source};
use mostrador_store::tables::campaign::{self as campaigns, segment as segments};
use mostrador_store::{Connection, StoreError};

use super::{app, campaign::view};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

pub(crate) use numbers::{check as check_numbers, status as numbers_status};
pub(crate) use rehearse::{rehearse, safety};
pub(crate) use words::{preview, test_send};

/// From so many places an audience may come.
const MOST_SOURCES: usize = 50;
/// The most people who may be chosen one by one.
const MOST_CHOSEN: usize = 10_000;

pub(crate) async fn set(shop: &Shop, args: AudienceSet) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    if args.sources.is_empty() || args.sources.len() > MOST_SOURCES {
        return Err(ErrorCode::BadRequest.into());
    }
    let said = json(&args.sources)?;
    let sources = args.sources;
    let found = shop.engine().store().read(move |connection| {
        let device = campaigns::get(connection, id)?.device;
        Ok((device, expanded(connection, &sources, true)?))
    });
    let (device, sources) = found.await?;
    let sources = sources.ok_or(ErrorCode::BadRequest)?;
    // Nobody there is known to be saved: an audience of nobody would look as if the phone had saved none.
    if sources.contains(&Source::Contacts) && !shop.engine().capabilities(device).await?.saved_contacts {
        return Err(ErrorCode::NotOffered.into());
    }
    // Nor is who is in a group that nobody has opened yet.
    for source in &sources {
        if let Source::Group(group) = source {
            shop.engine().whole_group(*group).await?;
        }
    }
    let headings = headings(shop).await?;
    shop.engine().set_audience(id, said, sources, headings).await?;
    view::view(shop, id).await
}

pub(crate) async fn gathering(shop: &Shop, args: CampaignRef) -> Result<GatheringView, ApiError> {
    let gathered = shop.engine().gathered(CampaignId(args.campaign_id));
    Ok(GatheringView {
        under_way: gathered.is_some(),
        people: gathered.map_or(0, |gathered| gathered.people),
        of: gathered.and_then(|gathered| gathered.of),
    })
}

pub(crate) async fn gathering_stop(shop: &Shop, args: CampaignRef) -> Result<(), ApiError> {
    shop.engine().give_up_gathering(CampaignId(args.campaign_id));
    Ok(())
}

/// Whom of an earlier campaign a source means. `None` = it means none, or more than may be chosen one by one.
pub(super) fn missed(source: &SourceView) -> Option<Missed> {
    match source {
        SourceView::Failed { .. } => Some(Missed::Failed),
        SourceView::LeftOut { .. } => Some(Missed::LeftOut),
        SourceView::Chosen { recipients, .. } => (1..=MOST_CHOSEN)
            .contains(&recipients.len())
            .then(|| Missed::Chosen(recipients.iter().copied().map(RecipientId).collect())),
        _ => None,
    }
}

/// The sources behind those that were chosen, each once: those of a saved audience are taken as they are saved now. `None` = a
/// spreadsheet, which is brought in another way, a saved audience inside another, or too many who were chosen.
fn expanded(
    connection: &Connection,
    chosen: &[SourceView],
    with_segments: bool,
) -> Result<Option<Vec<Source>>, StoreError> {
    let mut sources = Vec::new();
    for source in chosen {
        let more = match source {
            SourceView::Sheet { .. } => return Ok(None),
            SourceView::Label { label_id } => vec![Source::Label(LabelId(*label_id))],
            SourceView::Group { chat_id } => vec![Source::Group(ChatId(*chat_id))],
            SourceView::Contacts => vec![Source::Contacts],
            SourceView::Replies { campaign_id } => vec![Source::Replies(CampaignId(*campaign_id))],
            SourceView::Failed { campaign_id }
            | SourceView::LeftOut { campaign_id }
            | SourceView::Chosen { campaign_id, .. } => match missed(source) {
                Some(missed) => vec![Source::Missed(CampaignId(*campaign_id), missed)],
                None => return Ok(None),
            },
            SourceView::Segment { segment_id } if with_segments => {
                let saved = segments::get(connection, SegmentId(*segment_id))?;
                let saved: Vec<SourceView> = serde_json::from_str(&saved.sources).unwrap_or_default();
                match expanded(connection, &saved, false)? {
                    Some(saved) => saved,
                    None => return Ok(None),
                }
            }
            SourceView::Segment { .. } => return Ok(None),
        };
        for source in more {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    Ok(Some(sources))
}

/// What the columns are called of people who come from no spreadsheet: in the language of the window.
async fn headings(shop: &Shop) -> Result<Headings, ApiError> {
    let (name, number) = match app::language(shop).await? {
        Language::Es => ("Nombre", "Número"),
        Language::PtBr => ("Nome", "Número"),
        Language::En => ("Name", "Number"),
    };
    Ok(Headings {
        name: name.to_owned(),
        number: number.to_owned(),
    })
}

pub(super) fn json(sources: &[SourceView]) -> Result<String, ApiError> {
    serde_json::to_string(sources).map_err(|_| ErrorCode::Internal.into())
}
