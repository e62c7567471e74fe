//! Which numbers of an audience are on WhatsApp.

use mostrador_domain::CampaignId;
use mostrador_engine::audience::NumbersStatus;

use crate::dto::*;
use crate::error::ApiError;
use crate::shop::Shop;

pub(crate) async fn check(shop: &Shop, args: NumbersCheck) -> Result<NumbersChecked, ApiError> {
    let id = CampaignId(args.campaign_id);
    let status = match args.stop.unwrap_or(false) {
        true => shop.engine().stop_asking_numbers_of(id).await?,
        false => shop.engine().ask_numbers_of(id).await?,
    };
    Ok(view(status))
}

pub(crate) async fn status(shop: &Shop, args: CampaignRef) -> Result<NumbersChecked, ApiError> {
    let id = CampaignId(args.campaign_id);
    Ok(view(shop.engine().numbers_of(id).await?))
}

fn view(status: NumbersStatus) -> NumbersChecked {
    NumbersChecked {
        known: status.known.known,
        total: status.known.total,
        not_on_whatsapp: status.known.not_on_whatsapp,
        oldest: status.known.oldest,
        asking: status.asking,
        offered: status.offered,
    }
}
