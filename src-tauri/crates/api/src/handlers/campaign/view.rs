//! What is shown of campaigns.

use mostrador_campaigns::pacer::Why;
use mostrador_campaigns::state::{CampaignState, Counts, Pause};
use mostrador_domain::CampaignId;
use mostrador_engine::{Waits, WaitsFor as Engine};
use mostrador_store::tables::campaign::{self, CampaignRow as Row, FollowsAs as How, audience, recipient};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::dto::*;
use crate::error::{ApiError, ErrorCode};
use crate::shop::Shop;

pub(crate) async fn list(shop: &Shop, _: NoArgs) -> Result<Vec<CampaignRow>, ApiError> {
    let rows = shop.engine().store().read(|connection| {
        let rows = campaign::list(connection)?;
        let with_counts = rows.into_iter().map(|row| {
            let counts = recipient::counts(connection, row.id)?;
            Ok((row, counts))
        });
        with_counts.collect::<Result<Vec<_>, _>>()
    });
    Ok(rows
        .await?
        .iter()
        .map(|(row, counts)| of_row(row, counts))
        .collect())
}

pub(crate) async fn get(shop: &Shop, args: CampaignRef) -> Result<CampaignView, ApiError> {
    view(shop, CampaignId(args.campaign_id)).await
}

/// A campaign with all that it is.
pub(crate) async fn view(shop: &Shop, id: CampaignId) -> Result<CampaignView, ApiError> {
    let now = shop.engine().clock().now();
    let read = shop.engine().store().read(move |connection| {
        let row = campaign::get(connection, id)?;
        let counts = recipient::counts(connection, id)?;
        let held = campaign::held(connection, id)?;
        let carries_row = campaign::carries_row(connection, id)?;
        let next = campaign::waiting(connection, id, now)?;
        let missing = audience::missing(connection, id)?;
        let untold = recipient::untold(connection, id)?;
        Ok((row, counts, held, carries_row, next, (missing, untold)))
    });
    let (row, counts, held, carries_row, next, (missing, untold)) = read.await?;
    Ok(CampaignView {
        plan: same(&row.plan)?,
        rehearsed: row.rehearsed_no == Some(row.plan_no),
        // Sources of a newer program are left out.
        sources: serde_json::from_str(&row.sources).unwrap_or_default(),
        schedule: row.schedule.as_ref().map(same).transpose()?,
        waits: shop.engine().campaign_waits(id).map(of_waits),
        row: of_row(&row, &counts),
        variables: row.columns.variables(),
        name_column: row.columns.name.and_then(|at| u32::try_from(at).ok()),
        columns: row.columns.headings,
        held,
        carries_row,
        next: next.map(|next| NextView {
            starts_at: next.starts_at,
            moves_to: next.moves_to,
        }),
        missing,
        untold,
    })
}

/// What is written alike in JSON, as another type.
pub(super) fn same<T: DeserializeOwned>(value: &impl Serialize) -> Result<T, ApiError> {
    let written = serde_json::to_value(value).ok();
    let read = written.and_then(|value| serde_json::from_value(value).ok());
    read.ok_or_else(|| ErrorCode::Internal.into())
}

fn of_row(row: &Row, counts: &Counts) -> CampaignRow {
    CampaignRow {
        id: row.id.0,
        device_id: row.device.0,
        name: row.name.clone(),
        state: of_state(row.state),
        pause: of_pause(row.state),
        counts: of_counts(counts),
        created_at: row.created_at,
        starts_at: row.starts_at,
        started_at: row.started_at,
        undo_until: row.undo_until,
        ended_at: row.ended_at,
        follows_id: row.follows.and_then(|follows| follows.id).map(|id| id.0),
        follows_as: row.follows.map(|follows| match follows.how {
            How::Retry => FollowsAs::Retry,
            How::Repeat => FollowsAs::Repeat,
            How::Copy => FollowsAs::Copy,
        }),
    }
}

fn of_state(state: CampaignState) -> CampaignStateWord {
    match state {
        CampaignState::Draft => CampaignStateWord::Draft,
        CampaignState::Rehearsed => CampaignStateWord::Rehearsed,
        CampaignState::Scheduled => CampaignStateWord::Scheduled,
        CampaignState::Running => CampaignStateWord::Running,
        CampaignState::Paused(_) => CampaignStateWord::Paused,
        CampaignState::Missed => CampaignStateWord::Missed,
        CampaignState::Finished => CampaignStateWord::Finished,
        CampaignState::Cancelled => CampaignStateWord::Cancelled,
    }
}

fn of_pause(state: CampaignState) -> Option<PauseView> {
    let CampaignState::Paused(why) = state else {
        return None;
    };
    Some(match why {
        Pause::Operator => PauseView::Operator,
        Pause::Restricted { until } => PauseView::Restricted { until },
        Pause::Forbidden => PauseView::Forbidden,
        Pause::LoggedOut => PauseView::LoggedOut,
        Pause::TokenRejected => PauseView::TokenRejected,
        Pause::PlanLimit => PauseView::PlanLimit,
        Pause::TooManyFailures => PauseView::TooManyFailures,
        Pause::AnotherNumber => PauseView::AnotherNumber,
        Pause::Rescued => PauseView::Rescued,
    })
}

pub(crate) fn of_counts(counts: &Counts) -> CountsView {
    CountsView {
        total: counts.total(),
        pending: counts.pending,
        queued: counts.queued,
        uncertain: counts.uncertain,
        sent: counts.sent,
        delivered: counts.delivered,
        read: counts.read,
        replied: counts.replied,
        failed: counts.failed,
        skipped: counts.skipped,
        opted_out: counts.opted_out,
    }
}

fn of_waits(waits: Waits) -> WaitsView {
    WaitsView {
        until: waits.until,
        why: match waits.by {
            Engine::Limit(why) => waits_for(why),
            Engine::Device => WaitsFor::Device,
            Engine::Undo => WaitsFor::Undo,
            Engine::Uncertain => WaitsFor::Uncertain,
            Engine::Decision => WaitsFor::Decision,
            Engine::Earlier => WaitsFor::Earlier,
        },
    }
}

/// Which limit of a pace holds a message.
pub(crate) fn waits_for(why: Why) -> WaitsFor {
    match why {
        Why::Spacing => WaitsFor::Spacing,
        Why::Rate => WaitsFor::Rate,
        Why::Rest => WaitsFor::Rest,
        Why::Gateway => WaitsFor::Gateway,
        Why::Closed => WaitsFor::Closed,
        Why::DailyCap => WaitsFor::DailyCap,
        Why::WarmUp => WaitsFor::WarmUp,
    }
}
