//! What a pacer and the brake have to know of what was sent, read from the rows.

use std::time::Duration;

use mostrador_campaigns::pacer::{Limits, Past};
use mostrador_campaigns::safety::brake::Outcome;
use mostrador_campaigns::state::{FailReason, RecipientState};
use mostrador_domain::{CampaignId, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::follow::is_refusal;
use super::recipient::state_of;
use crate::StoreError;

/// SQL: when the newest of a campaign were queued.
pub(in crate::tables) const NEWEST: &str = "SELECT queued_at FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND queued_at IS NOT NULL ORDER BY queued_at DESC LIMIT ?2";

/// SQL: when the newest messages started that a device sent to people, and that are no recipient's turn: went, are under way, or may
/// have gone. What was certainly not sent is left out. What was given up and sent again counts beside the turn that it had.
pub(in crate::tables) const BY_HAND: &str =
    "SELECT o.claimed_at FROM outbox o INDEXED BY outbox_sent CROSS JOIN chat h ON h.id = o.chat_id
     WHERE o.device_id = ?1 AND o.kind = 'send' AND o.claimed_at BETWEEN ?2 AND ?3
       AND o.state IN ('done', 'in_flight', 'uncertain') AND h.kind = 'person'
       AND NOT (o.client_id GLOB 'campaign-[0-9]*' AND o.client_id NOT GLOB '*/again'
                AND EXISTS (SELECT 1 FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id
                             WHERE r.id = CAST(substr(o.client_id, 10) AS INTEGER)))
     ORDER BY o.claimed_at DESC LIMIT ?4";

/// How far apart by the wall clock the beginning of a day may be, with a clock that was set by a day.
const DAYS_BEFORE: Duration = Duration::from_secs(2 * 86_400);
/// What is later than this by the wall clock was sent by a clock that was wrong.
const DAYS_AFTER: Duration = Duration::from_secs(3 * 86_400);

/// When the newest `most` messages started that people of the shop sent to somebody themselves, and what is left of campaigns
/// that were deleted: of the days around `now`, which is as much as [`Past::others`] asks for.
///
/// # Errors
/// The file's.
fn by_hand(
    connection: &Connection,
    device: DeviceId,
    most: usize,
    now: UnixMillis,
) -> Result<Vec<UnixMillis>, StoreError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let (from, until) = (now.before(DAYS_BEFORE), now.after(DAYS_AFTER));
    let mut statement = connection.prepare_cached(BY_HAND)?;
    let rows = statement.query_map(params![device.0, from.0, until.0, limit], |row| {
        Ok(UnixMillis(row.get(0)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a new pacer of a campaign within `limits` goes on after: the newest sends of all campaigns of its device, how many this
/// one has made, and what people wrote themselves, if days are counted. `chance` is the share of the jitter after the last of them.
///
/// # Errors
/// The file's.
pub fn past(
    connection: &Connection,
    (device, campaign): (DeviceId, CampaignId),
    limits: &Limits,
    (now, chance): (UnixMillis, f64),
) -> Result<Past, StoreError> {
    let most = limits.remembers();
    let others = match limits.count_days(now) {
        true => by_hand(connection, device, most, now)?,
        false => Vec::new(),
    };
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
    let sql = "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND queued_at IS NOT NULL";
    let in_campaign: u32 = connection
        .prepare_cached(sql)?
        .query_row([campaign.0], |row| row.get(0))?;
    Ok(Past {
        started,
        others,
        in_campaign: u64::from(in_campaign),
        held_until: None,
        chance,
    })
}

/// SQL: the newest turn of a campaign that was not taken back.
pub(in crate::tables) const NEWEST_TURN: &str =
    "SELECT queued_no FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)
        AND queued_no IS NOT NULL ORDER BY queued_no DESC LIMIT 1";

/// The number of a campaign's newest turn, or the one at which a person let it go on last; 0 = there was none. The wall clock may be set
/// back at any time: which message is newer than another is told by these.
pub(super) fn newest_turn(connection: &Connection, campaign: CampaignId) -> Result<i64, StoreError> {
    let newest: Option<i64> = connection
        .prepare_cached(NEWEST_TURN)?
        .query_row([campaign.0], |row| row.get(0))
        .optional()?;
    let resumed: i64 = connection
        .prepare_cached("SELECT resumed_no FROM campaign WHERE id = ?1")?
        .query_row([campaign.0], |row| row.get(0))?;
    Ok(newest.unwrap_or_default().max(resumed))
}

/// So many in a row of which nobody knows what became of them hold a campaign.
pub const IN_A_ROW: usize = 5;

/// Is it known what became of the newest messages of a campaign?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Of one of them, or there are few yet.
    None,
    /// Of none of the newest [`IN_A_ROW`], and some are being looked for.
    LookedFor,
    /// Of none of them, and only a person can tell.
    LeftToAPerson,
}

/// SQL: the newest that were queued since a person let it go on: is each uncertain, and is it being looked for?
pub(in crate::tables) const IN_DOUBT: &str = "SELECT r.state = 'uncertain', EXISTS (SELECT 1 FROM outbox o
            WHERE o.message_id = r.message_id AND o.kind = 'send' AND o.state = 'uncertain' AND o.needs_operator = 0)
       FROM recipient r WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)
        AND r.queued_no IS NOT NULL AND r.queued_no > (SELECT resumed_no FROM campaign WHERE id = ?1)
      ORDER BY r.queued_no DESC LIMIT ?2";

/// A gateway that fails at every message would else be given the whole audience, of which nobody would know anything.
pub(super) fn in_doubt(connection: &Connection, campaign: CampaignId) -> Result<Doubt, StoreError> {
    let most = i64::try_from(IN_A_ROW).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(IN_DOUBT)?;
    let rows = statement.query_map(params![campaign.0, most], |row| {
        Ok((row.get::<_, bool>(0)?, row.get::<_, bool>(1)?))
    })?;
    let newest: Vec<(bool, bool)> = rows.collect::<Result<_, _>>()?;
    if newest.len() < IN_A_ROW || newest.iter().any(|(uncertain, _)| !uncertain) {
        return Ok(Doubt::None);
    }
    Ok(match newest.iter().any(|(_, looked_for)| *looked_for) {
        true => Doubt::LookedFor,
        false => Doubt::LeftToAPerson,
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
    let sql = "SELECT r.state, r.reason FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id
                WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND r.queued_no IS NOT NULL AND r.queued_no > c.resumed_no
                ORDER BY r.queued_no DESC LIMIT ?2";
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
