//! What happens to a campaign as a whole, but for what stops it (`stop`).

use std::time::Duration;

use mostrador_campaigns::plan::Plan;
use mostrador_campaigns::schedule::Schedule;
use mostrador_campaigns::state::{CampaignEvent, CampaignState};
use mostrador_campaigns::wording::Table;
use mostrador_domain::{AudienceId, CampaignId, DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use super::audience::whole;
use super::row::{FollowsAs, get, pause_json};
use super::{family, pace, series};
use crate::quiet::quiet_debug;
use crate::tables::message::columns::json;
use crate::{Change, StoreError, StoreErrorKind, Writing};

/// A campaign to make.
#[derive(Clone, PartialEq)]
pub struct NewCampaign {
    /// The device that sends it.
    pub device: DeviceId,
    /// What it is called.
    pub name: String,
    /// What it says and how it holds back.
    pub plan: Plan,
}

quiet_debug!(NewCampaign { device });

/// What a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The one that it comes from.
    pub from: CampaignId,
    /// How it follows that one.
    pub how: FollowsAs,
}

/// Makes a draft.
///
/// # Errors
/// [`StoreErrorKind::NotFound`] for an unknown device.
pub fn create(
    writing: &mut Writing<'_>,
    new: &NewCampaign,
    now: UnixMillis,
) -> Result<CampaignId, StoreError> {
    writing
        .prepare_cached("SELECT 1 FROM device WHERE id = ?1")?
        .query_row([new.device.0], |_| Ok(()))?;
    let sql =
        "INSERT INTO campaign (device_id, name, state, plan, created_at) VALUES (?1, ?2, 'draft', ?3, ?4)";
    writing
        .prepare_cached(sql)?
        .execute(params![new.device.0, new.name, as_json(&new.plan)?, now.0])?;
    let id = CampaignId(writing.last_insert_rowid());
    told(writing, id);
    Ok(id)
}

/// Makes a draft that says what another campaign says, with the people who were gathered for it.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] if they are not being gathered any more.
pub fn copy(
    writing: &mut Writing<'_>,
    copied: Copied,
    name: &str,
    gathered: Option<AudienceId>,
    now: UnixMillis,
) -> Result<CampaignId, StoreError> {
    let sql = "INSERT INTO campaign (device_id, name, state, plan, columns, name_column, source, follows_id, follows_as, created_at)
               SELECT device_id, ?2, 'draft', plan, columns, name_column, source, id, ?3, ?4 FROM campaign WHERE id = ?1";
    let made =
        writing
            .prepare_cached(sql)?
            .execute(params![copied.from.0, name, copied.how.as_str(), now.0])?;
    if made == 0 {
        return Err(StoreError::not_found());
    }
    let id = CampaignId(writing.last_insert_rowid());
    if copied.how == FollowsAs::Retry {
        family::join(writing, id, copied.from)?;
    }
    if copied.how != FollowsAs::Copy {
        series::join(writing, id, copied.from)?;
    }
    if let Some(gathered) = gathered {
        whole::give(writing, id, gathered)?;
    }
    told(writing, id);
    Ok(id)
}

/// Gives it another name.
///
/// # Errors
/// [`StoreErrorKind::NotFound`].
pub fn rename(writing: &mut Writing<'_>, id: CampaignId, name: &str) -> Result<(), StoreError> {
    let sql = "UPDATE campaign SET name = ?2 WHERE id = ?1";
    if writing.prepare_cached(sql)?.execute(params![id.0, name])? == 0 {
        return Err(StoreError::not_found());
    }
    told(writing, id);
    Ok(())
}

/// Removes it; its audience is left over, and goes in portions, once nobody may be written to twice without it (`family`). What was
/// sent stays in the chats.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] while it runs or is paused.
pub fn delete(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    let state = get(writing, id)?.state;
    if matches!(state, CampaignState::Running | CampaignState::Paused(_)) {
        return Err(StoreError::state_changed());
    }
    let_go(writing, id)
}

/// All campaigns of a device that is taken away.
pub(in crate::tables) fn let_go_of_device(
    writing: &mut Writing<'_>,
    device: DeviceId,
) -> Result<(), StoreError> {
    let ids: Vec<i64> = {
        let mut statement = writing.prepare_cached("SELECT id FROM campaign WHERE device_id = ?1")?;
        let ids = statement.query_map([device.0], |row| row.get(0))?;
        ids.collect::<Result<_, _>>()?
    };
    for id in ids {
        let_go(writing, CampaignId(id))?;
    }
    Ok(())
}

fn let_go(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    let audience = whole::of(writing, id)?;
    let family: Option<i64> = writing
        .prepare_cached("SELECT family_id FROM campaign WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    series::close_gap(writing, id)?;
    writing
        .prepare_cached("DELETE FROM campaign WHERE id = ?1")?
        .execute([id.0])?;
    told(writing, id);
    family::leave(writing, family, audience)?;
    audience.map_or(Ok(()), |audience| whole::leave(writing, audience))
}

/// Says other things, or holds back otherwise: it has to be rehearsed again.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] once it has started.
pub fn set_plan(writing: &mut Writing<'_>, id: CampaignId, plan: &Plan) -> Result<(), StoreError> {
    edited(writing, id)?;
    writing
        .prepare_cached("UPDATE campaign SET plan = ?2 WHERE id = ?1")?
        .execute(params![id.0, as_json(plan)?])?;
    Ok(())
}

/// Notes where its audience comes from, and the columns of its cells. It is for the caller to say that it was
/// [`edited`].
///
/// # Errors
/// [`StoreErrorKind::NotFound`].
pub fn set_sources(
    writing: &mut Writing<'_>,
    id: CampaignId,
    sources: &str,
    columns: &Table,
) -> Result<(), StoreError> {
    let sql = "UPDATE campaign SET source = ?2, columns = ?3, name_column = ?4 WHERE id = ?1";
    let headings = as_json(&columns.headings)?;
    let name = columns.name.and_then(|at| i64::try_from(at).ok());
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, sources, headings, name])?
        == 0
    {
        return Err(StoreError::not_found());
    }
    told(writing, id);
    Ok(())
}

/// Its plan or its audience is another one: it has to be rehearsed again. A time that was set is forgotten.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] once it has started.
pub fn edited(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    step(writing, id, CampaignEvent::Edited)?;
    let sql = "UPDATE campaign SET plan_no = plan_no + 1, starts_at = NULL, schedule = NULL, withheld = 0 WHERE id = ?1";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}

/// The rehearsal of the plan number `plan_no` ended without a fault.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] if the plan or the audience is another one by now.
pub fn rehearsed(writing: &mut Writing<'_>, id: CampaignId, plan_no: u32) -> Result<(), StoreError> {
    if get(writing, id)?.plan_no != plan_no {
        return Err(StoreError::state_changed());
    }
    step(writing, id, CampaignEvent::Rehearsed)?;
    writing
        .prepare_cached("UPDATE campaign SET rehearsed_no = ?2 WHERE id = ?1")?
        .execute(params![id.0, plan_no])?;
    Ok(())
}

/// It starts by itself at `starts_at`.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] if it was not rehearsed as it stands.
pub fn schedule(
    writing: &mut Writing<'_>,
    id: CampaignId,
    schedule: &Schedule,
    starts_at: UnixMillis,
) -> Result<(), StoreError> {
    as_rehearsed(writing, id)?;
    step(writing, id, CampaignEvent::Scheduled)?;
    writing
        .prepare_cached("UPDATE campaign SET schedule = ?2, starts_at = ?3, withheld = 0 WHERE id = ?1")?
        .execute(params![id.0, as_json(schedule)?, starts_at.0])?;
    Ok(())
}

/// It does not start by itself any more.
///
/// # Errors
/// [`StoreErrorKind::NotFound`], [`StoreErrorKind::StateChanged`].
pub fn unschedule(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    step(writing, id, CampaignEvent::Unscheduled)?;
    writing
        .prepare_cached("UPDATE campaign SET schedule = NULL, starts_at = NULL, withheld = 0 WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// Its time passed, and a person decides.
///
/// # Errors
/// [`StoreErrorKind::NotFound`], [`StoreErrorKind::StateChanged`].
pub fn missed(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    step(writing, id, CampaignEvent::TimePassed).map(drop)
}

/// It does not start by itself, and a person decides: another number would send it, or its next one could not be made. Once it is started,
/// its row goes on ([`series::makes_next`]).
///
/// # Errors
/// [`StoreErrorKind::NotFound`], [`StoreErrorKind::StateChanged`].
pub fn withheld(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    missed(writing, id)?;
    writing
        .prepare_cached("UPDATE campaign SET withheld = 1 WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// It starts; for `undo` nothing is queued and it can be taken back. Its audience is frozen from here on. A repetition of its row that waits for
/// the same day is put off (`series`).
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] if it was not rehearsed as it stands, or runs already.
pub fn start(
    writing: &mut Writing<'_>,
    id: CampaignId,
    undo: Duration,
    now: UnixMillis,
) -> Result<(), StoreError> {
    as_rehearsed(writing, id)?;
    step(writing, id, CampaignEvent::Started)?;
    let sql = "UPDATE campaign SET started_at = ?2, undo_until = ?3 WHERE id = ?1";
    writing
        .prepare_cached(sql)?
        .execute(params![id.0, now.0, now.after(undo).0])?;
    series::put_off(writing, id, now)
}

/// Takes the start back. One that had a time which is still to come has it again; the repetition that was made with its start goes, and is
/// made when that time comes. One that was [`withheld`] from its time waits for a person again.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] once anything was queued.
pub fn undo_start(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<(), StoreError> {
    let queued = "SELECT EXISTS (SELECT 1 FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND queued_no IS NOT NULL)";
    let queued: bool = writing
        .prepare_cached(queued)?
        .query_row([id.0], |row| row.get(0))?;
    if queued {
        return Err(StoreError::state_changed());
    }
    step(writing, id, CampaignEvent::StartUndone)?;
    let row = get(writing, id)?;
    let was_withheld = series::is_withheld(writing, id)?;
    let sql = "UPDATE campaign SET started_at = NULL, undo_until = NULL, starts_at = NULL, schedule = NULL, withheld = 0 WHERE id = ?1";
    writing.prepare_cached(sql)?.execute([id.0])?;
    series::bring_back(writing, id, now)?;
    let time = row.schedule.zip(row.starts_at);
    let Some((time, starts_at)) = time.filter(|(_, at)| was_withheld || *at > now) else {
        return Ok(());
    };
    let next = match row.started_at {
        Some(started_at) => series::next(writing, id, started_at)?,
        None => None,
    };
    if let Some(next) = next {
        let_go(writing, next)?;
    }
    schedule(writing, id, &time, starts_at)?;
    if was_withheld {
        withheld(writing, id)?;
    }
    Ok(())
}

/// A person lets it go on.
///
/// # Errors
/// [`StoreErrorKind::NotFound`], [`StoreErrorKind::StateChanged`].
pub fn resume(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<(), StoreError> {
    step(writing, id, CampaignEvent::Resumed)?;
    let newest = pace::newest_turn(writing, id)?;
    writing
        .prepare_cached("UPDATE campaign SET resumed_no = ?2 WHERE id = ?1")?
        .execute(params![id.0, newest])?;
    all_settled(writing, id, now).map(drop)
}

/// Is no recipient of a campaign left to be settled?
///
/// # Errors
/// The file's.
pub fn is_settled(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    let left = "SELECT EXISTS (SELECT 1 FROM recipient
                 WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state IN ('pending', 'queued', 'uncertain'))";
    let left: bool = connection
        .prepare_cached(left)?
        .query_row([id.0], |row| row.get(0))?;
    Ok(!left)
}

/// Ends a running campaign of which no recipient is left to be settled. `false` = some are, or it does not run.
///
/// # Errors
/// The file's.
pub fn all_settled(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<bool, StoreError> {
    if !is_settled(writing, id)? {
        return Ok(false);
    }
    match step(writing, id, CampaignEvent::AllSettled) {
        Ok(_) => {}
        Err(error) if error.kind == StoreErrorKind::StateChanged => return Ok(false),
        Err(error) => return Err(error),
    }
    ended(writing, id, now)?;
    Ok(true)
}

/// Was it rehearsed as it stands?
fn as_rehearsed(writing: &Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    let row = get(writing, id)?;
    if row.rehearsed_no == Some(row.plan_no) {
        Ok(())
    } else {
        Err(StoreError::state_changed())
    }
}

pub(super) fn ended(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE campaign SET ended_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, now.0])?;
    Ok(())
}

/// One change of a campaign's state, by compare-and-set. Gives the state after it.
pub(super) fn step(
    writing: &mut Writing<'_>,
    id: CampaignId,
    event: CampaignEvent,
) -> Result<CampaignState, StoreError> {
    let from = state(writing, id)?;
    let next = from.next(event).ok_or_else(StoreError::state_changed)?;
    let sql = "UPDATE campaign SET state = ?2, pause = ?3 WHERE id = ?1 AND state = ?4";
    if writing
        .prepare_cached(sql)?
        .execute(params![id.0, next.as_str(), pause_json(next), from.as_str()])?
        == 0
    {
        return Err(StoreError::state_changed());
    }
    told(writing, id);
    Ok(next)
}

/// Where it is.
pub(super) fn state(writing: &Writing<'_>, id: CampaignId) -> Result<CampaignState, StoreError> {
    let (word, pause): (String, Option<String>) = writing
        .prepare_cached("SELECT state, pause FROM campaign WHERE id = ?1")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    super::row::state_of(&word, pause.as_deref()).ok_or_else(|| StoreError::of(StoreErrorKind::Other))
}

pub(super) fn told(writing: &mut Writing<'_>, id: CampaignId) {
    writing.touch(Change::Campaigns);
    writing.touch(Change::Campaign(id));
}

pub(super) fn as_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    json(value).ok_or_else(|| StoreError::of(StoreErrorKind::Other))
}
