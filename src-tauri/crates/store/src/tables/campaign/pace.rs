//! What a pacer and the brake have to know of what was sent, read from the rows.

use mostrador_campaigns::pacer::Past;
use mostrador_campaigns::safety::brake::Outcome;
use mostrador_campaigns::state::{FailReason, RecipientState};
use mostrador_domain::{CampaignId, DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use super::follow::is_refusal;
use super::recipient::state_of;
use crate::StoreError;

/// SQL: when the newest of a campaign were queued.
pub(in crate::tables) const NEWEST: &str = "SELECT queued_at FROM recipient WHERE campaign_id = ?1 AND queued_at IS NOT NULL ORDER BY queued_at DESC LIMIT ?2";

/// What a new pacer of a campaign goes on after: the newest `most` sends of all campaigns of its device, and how many this
/// one has made. `chance` is the share of the jitter after the last of them.
///
/// # Errors
/// The file's.
pub fn past(
    connection: &Connection,
    (device, campaign): (DeviceId, CampaignId),
    most: usize,
    chance: f64,
) -> Result<Past, StoreError> {
    let mut started: Vec<UnixMillis> = Vec::new();
    let mut campaigns =
        connection.prepare_cached("SELECT id FROM campaign WHERE device_id = ?1 ORDER BY id DESC")?;
    let campaigns = campaigns.query_map([device.0], |row| row.get::<_, i64>(0))?;
    let mut newest = connection.prepare_cached(NEWEST)?;
    for id in campaigns {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = newest.query_map(params![id?, limit], |row| Ok(UnixMillis(row.get(0)?)))?;
        for row in rows {
            started.push(row?);
        }
    }
    started.sort_unstable();
    started.drain(..started.len().saturating_sub(most));
    let sql = "SELECT count(*) FROM recipient WHERE campaign_id = ?1 AND queued_at IS NOT NULL";
    let in_campaign: u32 = connection
        .prepare_cached(sql)?
        .query_row([campaign.0], |row| row.get(0))?;
    Ok(Past {
        started,
        in_campaign: u64::from(in_campaign),
        held_until: None,
        chance,
    })
}

/// What became of the newest messages of a campaign since a person let it go on last, the newest first, as far as it is known
/// and says anything. Looked at are a few more than `among`: some are still under way.
///
/// # Errors
/// The file's.
pub fn newest_outcomes(
    connection: &Connection,
    campaign: CampaignId,
    among: usize,
) -> Result<Vec<Outcome>, StoreError> {
    let sql = "SELECT r.state, r.reason FROM recipient r JOIN campaign c ON c.id = r.campaign_id
                WHERE r.campaign_id = ?1 AND r.queued_at IS NOT NULL AND r.queued_at >= coalesce(c.resumed_at, 0)
                ORDER BY r.queued_at DESC LIMIT ?2";
    let looked_at = i64::try_from(among.saturating_mul(2)).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![campaign.0, looked_at], |row| {
        let (state, reason): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        Ok(state_of(&state, reason.as_deref()).and_then(outcome))
    })?;
    let rows: Vec<Option<Outcome>> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn outcome(state: RecipientState) -> Option<Outcome> {
    match state {
        RecipientState::Failed(FailReason::Refused(code)) if is_refusal(code) => Some(Outcome::Refused),
        state if state.was_sent() => Some(Outcome::Taken),
        _ => None,
    }
}
