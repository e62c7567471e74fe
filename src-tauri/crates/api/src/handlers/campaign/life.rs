//! What a person does with a campaign.

use mostrador_campaigns::pacer::Hours;
use mostrador_campaigns::plan::{Body, Plan};
use mostrador_campaigns::schedule::Schedule;
use mostrador_domain::{CampaignId, DeviceId, MediaId};
use mostrador_engine::EngineError;
use mostrador_store::tables::campaign::{self, NewCampaign};
use mostrador_store::tables::media;
use mostrador_store::{StoreError, StoreErrorKind, Writing};

use super::view::{same, view};
use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

/// Characters of a name.
const MAX_NAME: usize = 100;
/// Bytes of a plan's words, options and names together: a draft may be longer than a message.
const MAX_PLAN: usize = 512 * 1024;
/// Texts of a plan.
const MAX_TEXTS: usize = 5;

pub(crate) async fn create(shop: &Shop, args: CampaignCreate) -> Result<CampaignView, ApiError> {
    Hours::zone_named(&args.zone).map_err(|_| ErrorCode::BadRequest)?;
    let new = NewCampaign {
        device: DeviceId(args.device_id),
        name: named(&args.name)?,
        plan: Plan::careful(&args.zone),
    };
    let now = shop.engine().clock().now();
    let id = change(shop, move |writing| campaign::create(writing, &new, now)).await?;
    view(shop, id).await
}

pub(crate) async fn rename(shop: &Shop, args: CampaignRename) -> Result<CampaignView, ApiError> {
    let (id, name) = (CampaignId(args.campaign_id), named(&args.name)?);
    change(shop, move |writing| campaign::rename(writing, id, &name)).await?;
    view(shop, id).await
}

pub(crate) async fn set_plan(shop: &Shop, args: CampaignPlanSet) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    let size = serde_json::to_vec(&args.plan).map_or(usize::MAX, |json| json.len());
    if size > MAX_PLAN || args.plan.texts.is_empty() || args.plan.texts.len() > MAX_TEXTS {
        return Err(ErrorCode::BadRequest.into());
    }
    let plan: Plan = same(&args.plan)?;
    let files: Vec<MediaId> = plan.texts.iter().filter_map(|text| file(&text.body)).collect();
    let there = shop.engine().store().read(move |connection| {
        files
            .into_iter()
            .try_for_each(|file| media::get(connection, file).map(drop))
    });
    match there.await {
        Err(error) if error.kind == StoreErrorKind::NotFound => return Err(ErrorCode::MediaMissing.into()),
        other => other?,
    }
    change(shop, move |writing| campaign::set_plan(writing, id, &plan)).await?;
    view(shop, id).await
}

pub(crate) async fn delete(shop: &Shop, args: CampaignRef) -> Result<(), ApiError> {
    let id = CampaignId(args.campaign_id);
    change(shop, move |writing| campaign::delete(writing, id)).await
}

/// The copy has the same people, as if they had come from the same list.
pub(crate) async fn copy(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let from = CampaignId(args.campaign_id);
    let id = shop.engine().copy_campaign(from).await?;
    view(shop, id).await
}

pub(crate) async fn start(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    shop.engine().start_campaign(id).await?;
    view(shop, id).await
}

pub(crate) async fn undo_start(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let (id, now) = (CampaignId(args.campaign_id), shop.engine().clock().now());
    change(shop, move |writing| campaign::undo_start(writing, id, now)).await?;
    view(shop, id).await
}

pub(crate) async fn pause(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    shop.engine().pause_campaign(id).await?;
    view(shop, id).await
}

pub(crate) async fn resume(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    shop.engine().resume_campaign(id).await?;
    view(shop, id).await
}

pub(crate) async fn cancel(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let (id, now) = (CampaignId(args.campaign_id), shop.engine().clock().now());
    change(shop, move |writing| campaign::cancel(writing, id, now)).await?;
    view(shop, id).await
}

/// A time that has passed is none that can be waited for.
pub(crate) async fn schedule(shop: &Shop, args: CampaignSchedule) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    let schedule: Schedule = same(&args.schedule)?;
    let starts_at = schedule.starts_at().map_err(|_| ErrorCode::BadRequest)?;
    if starts_at <= shop.engine().clock().now() {
        return Err(ErrorCode::BadRequest.into());
    }
    shop.engine().schedule_campaign(id, schedule, starts_at).await?;
    view(shop, id).await
}

pub(crate) async fn unschedule(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    let id = CampaignId(args.campaign_id);
    change(shop, move |writing| campaign::unschedule(writing, id)).await?;
    view(shop, id).await
}

pub(super) async fn change<T: Send + 'static>(
    shop: &Shop,
    work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, ApiError> {
    let done: Result<T, EngineError> = shop.engine().change_durably(work).await;
    Ok(done?)
}

/// A campaign's name without the blanks around it.
pub(crate) fn named(written: &str) -> Result<String, ApiError> {
    let name = written.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(ErrorCode::BadRequest.into());
    }
    Ok(name.to_owned())
}

fn file(body: &Body) -> Option<MediaId> {
    match body {
        Body::Media { media_id, .. } => Some(*media_id),
        _ => None,
    }
}
