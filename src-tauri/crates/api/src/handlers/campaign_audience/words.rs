//! What people would get, and one of it sent to a number of ours.

use mostrador_campaigns::wording::RowFault;
use mostrador_domain::{Address, CampaignId, RecipientId};
use mostrador_engine::audience::{NoWords, Previewed, Unfit};

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::handlers::message::check_client_id;
use crate::shop::Shop;

/// People who are shown at once.
const MOST_PREVIEWED: u32 = 100;
/// Characters of a caller's id: with what stands before it, no longer than any other.
const MAX_CLIENT_ID: usize = 50;

pub(crate) async fn preview(shop: &Shop, args: PreviewArgs) -> Result<Vec<PreviewView>, ApiError> {
    if !(1..=MOST_PREVIEWED).contains(&args.limit) {
        return Err(ErrorCode::BadRequest.into());
    }
    let id = CampaignId(args.campaign_id);
    let people = shop.engine().preview(id, args.from, args.limit).await?;
    Ok(people.into_iter().map(previewed).collect())
}

fn previewed(person: Previewed) -> PreviewView {
    let (text, unresolved) = match person.words {
        Ok(words) => (Some(words.unwrap_or_default()), None),
        Err(RowFault::Unresolved { variable }) => (None, Some(variable)),
        Err(_) => (None, None),
    };
    PreviewView {
        recipient_id: person.id.0,
        place: person.place,
        name: person.name,
        variant: person.variant,
        text,
        unresolved,
        at: person.at,
    }
}

pub(crate) async fn test_send(shop: &Shop, args: TestSend) -> Result<TestSent, ApiError> {
    check_client_id(&args.client_id)?;
    if args.client_id.len() > MAX_CLIENT_ID {
        return Err(ErrorCode::BadRequest.into());
    }
    let to = Address::of_written_number(&args.number).ok_or(ErrorCode::NumberInvalid)?;
    let text = (CampaignId(args.campaign_id), args.variant);
    let like = args.recipient_id.map(RecipientId);
    let sent = shop.engine().send_test(text, like, to, args.client_id).await?;
    let sent = sent.map(|without_value| TestSent { without_value });
    sent.map_err(|why| {
        ApiError::of(match why {
            NoWords::Nothing(RowFault::TooLong { .. }) => ErrorCode::MessageTooLong,
            NoWords::Nothing(_) => ErrorCode::MessageEmpty,
            NoWords::Unfit(why) => match why {
                Unfit::NotOffered => ErrorCode::NotOffered,
                Unfit::Answers { .. } | Unfit::StrayVariable | Unfit::NoPlace => ErrorCode::BadRequest,
                Unfit::MediaMissing => ErrorCode::MediaMissing,
                Unfit::FileTooLarge { .. } => ErrorCode::MediaTooLarge,
                Unfit::FileNotTaken => ErrorCode::MediaUnsupported,
            },
        })
    })
}
