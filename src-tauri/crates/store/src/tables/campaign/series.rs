//! The row of a recurring campaign. Its repetitions, and the second tries for those whom one of them did not reach, are campaigns of their
//! own, and one campaign to those who get them.
//!
//! | What | why |
//! |---|---|
//! | *days between two campaigns* does not count them among each other | to write again is what it was set up for |
//! | none starts by itself while another one has people to write to ([`earlier`]) | both would write to the same people at once |
//! | none does while another one is paused | what paused that one is true of the next one too; a person lets it go on |
//! | while two of them run, whoever got the one does not get the other ([`meanwhile`]) | a person may start one all the same, and who was uncertain may have their turn late |
//! | one of them that repeats waits for its time, at the most ([`goes_on`]) | else the row would be two |
//!
//! One that missed its time takes no day, so the next one may wait for the day on which it is started late. Then that one is put off to its next
//! time, in the transaction that starts the other ([`put_off`]): nobody gets two on a day. A start that is undone brings it back
//! ([`bring_back`]). A second try puts nothing off: it is for those who did not get the one before.
//!
//! Each bears the number of the first; so they are one row though one of them, be it the first, is deleted. Each follows the one before it.
//! If one is deleted, those that follow it follow the one before it from then on ([`close_gap`]).
//!
//! The next one is made when one leaves its time. One that was withheld from its time has none: its start makes it ([`makes_next`]). One that
//! was given another time once, since it had missed its own, is none that the row goes on by.

use std::collections::HashSet;

use mostrador_campaigns::schedule::{Earlier, Schedule};
use mostrador_campaigns::state::CampaignState;
use mostrador_domain::{Address, CampaignId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::life::{as_json, told};
use super::recipient::person_key;
use super::row::{CampaignRow, FollowsAs, get};
use crate::{StoreError, Writing};

/// SQL: the row of the campaign ?1, itself among them.
macro_rules! series {
    ($then:literal) => {
        concat!(
            "WITH series (id) AS (
               SELECT ?1 UNION SELECT id FROM campaign WHERE series_id = (SELECT series_id FROM campaign WHERE id = ?1)) ",
            $then
        )
    };
}

/// A campaign joins the row of the one that it follows.
pub(super) fn join(writing: &Writing<'_>, id: CampaignId, followed: CampaignId) -> Result<(), StoreError> {
    let sql = "UPDATE campaign SET series_id = id WHERE id = ?1 AND series_id IS NULL";
    writing.prepare_cached(sql)?.execute([followed.0])?;
    let sql = "UPDATE campaign SET series_id = (SELECT series_id FROM campaign WHERE id = ?2) WHERE id = ?1";
    writing.prepare_cached(sql)?.execute([id.0, followed.0])?;
    Ok(())
}

/// All of a campaign's row, itself among them.
pub(super) fn members(connection: &Connection, id: CampaignId) -> Result<HashSet<CampaignId>, StoreError> {
    let mut statement = connection.prepare_cached(series!("SELECT id FROM series"))?;
    let rows = statement.query_map([id.0], |row| Ok(CampaignId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Does a campaign repeat another one, or is it for those whom one did not reach that does? A second try is of the family of the one that was
/// tried first: if that is not the first of the row, it repeated it, though it is deleted.
pub(super) fn repeats(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    let sql = "WITH RECURSIVE above (id) AS (
                 SELECT ?1
                  UNION SELECT c.follows_id FROM above a JOIN campaign c ON c.id = a.id
                         WHERE c.follows_as = 'retry' AND c.follows_id IS NOT NULL)
               SELECT EXISTS (SELECT 1 FROM above a JOIN campaign c ON c.id = a.id
                  WHERE c.follows_as = 'repeat' OR (c.follows_as = 'retry' AND c.family_id <> c.series_id))";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?)
}

/// SQL: the others of a row that have started and not ended: is it paused, and will it write to anybody by itself once it runs?
const OPEN: &str = series!(
    "SELECT c.state = 'paused', EXISTS (SELECT 1 FROM recipient r
         WHERE r.audience_id = c.audience_id AND r.state IN ('pending', 'queued') AND r.held = 0)
       FROM series s CROSS JOIN campaign c ON c.id = s.id WHERE c.id <> ?1 AND c.state IN ('running', 'paused')"
);

/// What keeps a campaign from starting by itself: another one of its row that is paused, or that runs and has people to write to. Who is
/// uncertain, or held, is left to a person, which may take days.
///
/// # Errors
/// The file's.
pub fn earlier(connection: &Connection, id: CampaignId) -> Result<Option<Earlier>, StoreError> {
    let mut statement = connection.prepare_cached(OPEN)?;
    let mut rows = statement.query([id.0])?;
    let mut found = None;
    while let Some(row) = rows.next()? {
        let (paused, has_people): (bool, bool) = (row.get(0)?, row.get(1)?);
        if paused {
            return Ok(Some(Earlier::Paused));
        }
        if has_people {
            found = Some(Earlier::Runs);
        }
    }
    Ok(found)
}

/// SQL: which other campaigns have written to the person ?2 since ?1 started.
pub(in crate::tables) const MEANWHILE: &str =
    "SELECT c.id FROM recipient r CROSS JOIN campaign c ON c.audience_id = r.audience_id
     WHERE r.person = ?2 AND r.queued_at >= (SELECT started_at FROM campaign WHERE id = ?1)
       AND r.state IN ('queued', 'uncertain', 'sent', 'delivered', 'read', 'replied') AND c.id <> ?1";

/// Has another one of a campaign's row written to this person since it started?
pub(super) fn meanwhile(
    connection: &Connection,
    id: CampaignId,
    address: &Address,
) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(MEANWHILE)?;
    let others = statement.query_map(params![id.0, person_key(address)], |row| {
        Ok(CampaignId(row.get(0)?))
    })?;
    let others: Vec<CampaignId> = others.collect::<Result<_, _>>()?;
    if others.is_empty() {
        return Ok(false);
    }
    let of_its_row = members(connection, id)?;
    Ok(others.iter().any(|other| of_its_row.contains(other)))
}

/// A repetition that waits for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// When it starts.
    pub starts_at: UnixMillis,
    /// When it will if the other one is started now; `None` = it keeps its time.
    pub moves_to: Option<UnixMillis>,
}

/// The repetition of a campaign's row that waits for its time, and what a start of this one now would do to it. `None` = none does, or this
/// one has been started, or waits itself.
///
/// # Errors
/// The file's.
pub fn waiting(
    connection: &Connection,
    id: CampaignId,
    now: UnixMillis,
) -> Result<Option<Waiting>, StoreError> {
    let state = get(connection, id)?.state;
    let may_start = [
        CampaignState::Draft,
        CampaignState::Rehearsed,
        CampaignState::Missed,
    ];
    if !may_start.contains(&state) {
        return Ok(None);
    }
    let takes_a_day = takes_a_day(connection, id)?;
    let mut waiting = Vec::new();
    for row in that_wait(connection, id)? {
        let Some(starts_at) = row.starts_at else { continue };
        let later = takes_a_day.then(|| later(&row, now)).flatten();
        let moves_to = later.and_then(|later| later.starts_at().ok());
        waiting.push(Waiting { starts_at, moves_to });
    }
    Ok(waiting.into_iter().min_by_key(|one| one.starts_at))
}

/// SQL: the repetitions of a row that wait for their time, itself aside, and are followed by another one.
const THAT_WAIT: &str = series!(
    "SELECT c.id FROM series s CROSS JOIN campaign c ON c.id = s.id
       WHERE c.id <> ?1 AND c.state = 'scheduled' AND c.follows_as = 'repeat' ORDER BY c.id"
);

fn that_wait(connection: &Connection, id: CampaignId) -> Result<Vec<CampaignRow>, StoreError> {
    let mut statement = connection.prepare_cached(THAT_WAIT)?;
    let ids = statement.query_map([id.0], |row| Ok(CampaignId(row.get(0)?)))?;
    let ids: Vec<CampaignId> = ids.collect::<Result<_, _>>()?;
    ids.into_iter().map(|id| get(connection, id)).collect()
}

/// Is it for all of the row's people?
fn takes_a_day(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    let follows = get(connection, id)?.follows;
    Ok(follows.is_none_or(|follows| follows.how != FollowsAs::Retry))
}

/// The time to which one that waits is put off by a start now.
fn later(row: &CampaignRow, now: UnixMillis) -> Option<Schedule> {
    let (schedule, calendar) = row.schedule.as_ref().zip(row.plan.calendar())?;
    schedule.put_off_by(now, calendar).ok()?
}

/// A campaign starts now: what waits for the same day is put off.
pub(super) fn put_off(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<(), StoreError> {
    if !takes_a_day(writing, id)? {
        return Ok(());
    }
    for row in that_wait(writing, id)? {
        if let Some(later) = later(&row, now) {
            moved(writing, &row, &later)?;
        }
    }
    Ok(())
}

/// SQL: when the others of a row were started.
const STARTED: &str = series!(
    "SELECT c.started_at FROM series s CROSS JOIN campaign c ON c.id = s.id
       WHERE c.id <> ?1 AND c.started_at IS NOT NULL AND c.follows_as IS NOT 'retry'"
);

/// A campaign's start is undone: what was put off by it has its time again.
pub(super) fn bring_back(
    writing: &mut Writing<'_>,
    id: CampaignId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    if !takes_a_day(writing, id)? {
        return Ok(());
    }
    let started: Vec<UnixMillis> = {
        let mut statement = writing.prepare_cached(STARTED)?;
        let rows = statement.query_map([id.0], |row| Ok(UnixMillis(row.get(0)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for row in that_wait(writing, id)? {
        let Some((schedule, calendar)) = row.schedule.as_ref().zip(row.plan.calendar()) else {
            continue;
        };
        if let Ok(Some(former)) = schedule.brought_back(now, calendar, &started) {
            moved(writing, &row, &former)?;
        }
    }
    Ok(())
}

/// One that waits has another time, by compare-and-set on the one that it had.
fn moved(writing: &mut Writing<'_>, row: &CampaignRow, to: &Schedule) -> Result<(), StoreError> {
    let Ok(starts_at) = to.starts_at() else {
        return Ok(());
    };
    let sql = "UPDATE campaign SET schedule = ?2, starts_at = ?3 WHERE id = ?1 AND state = 'scheduled' AND starts_at IS ?4";
    let changed = writing.prepare_cached(sql)?.execute(params![
        row.id.0,
        as_json(to)?,
        starts_at.0,
        row.starts_at.map(|at| at.0)
    ])?;
    if changed > 0 {
        told(writing, row.id);
    }
    Ok(())
}

/// Does another repetition of a campaign's row wait for its time, after which there is a next one?
///
/// # Errors
/// The file's.
pub fn goes_on(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    let sql = series!(
        "SELECT EXISTS (SELECT 1 FROM series s CROSS JOIN campaign c ON c.id = s.id
             WHERE c.id <> ?1 AND c.state = 'scheduled' AND c.follows_as = 'repeat'
               AND json_extract(c.schedule, '$.repeats') <> 'never')"
    );
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?)
}

/// Is the next one of a campaign's row made when a person starts it? `false` = it waits for no time, or its row goes on already.
///
/// # Errors
/// The file's.
pub fn makes_next(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    let sql = "SELECT state = 'scheduled' OR (state = 'missed' AND withheld) FROM campaign WHERE id = ?1";
    let waits: bool = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?;
    Ok(waits && !goes_on(connection, id)?)
}

/// Was it withheld from its time?
pub(super) fn is_withheld(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT withheld FROM campaign WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?)
}

/// The repetition that was made when a campaign started `started_at`, in the same transaction, while it waits for its time.
pub(super) fn next(
    connection: &Connection,
    id: CampaignId,
    started_at: UnixMillis,
) -> Result<Option<CampaignId>, StoreError> {
    let sql = "SELECT id FROM campaign WHERE follows_id = ?1 AND follows_as = 'repeat' AND state = 'scheduled' AND created_at = ?2
                ORDER BY id DESC LIMIT 1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0, started_at.0], |row| Ok(CampaignId(row.get(0)?)))
        .optional()?)
}

/// Does nothing of a campaign's row recur any more without it: by another time that does not repeat, or none?
///
/// # Errors
/// The file's.
pub fn carries_row(connection: &Connection, id: CampaignId) -> Result<bool, StoreError> {
    let sql =
        "SELECT coalesce(json_extract(schedule, '$.repeats') <> 'never', 0) FROM campaign WHERE id = ?1";
    let repeats: bool = connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?;
    Ok(repeats && makes_next(connection, id)?)
}

/// One of a row goes: those that follow it follow the one before it. A second try of a second try is known by its family.
pub(super) fn close_gap(writing: &Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    let sql = "UPDATE campaign SET follows_id = gone.follows_id
                 FROM (SELECT follows_id, follows_as FROM campaign WHERE id = ?1) gone
                WHERE campaign.follows_id = ?1
                  AND ((gone.follows_as = 'repeat' AND campaign.follows_as IN ('repeat', 'retry'))
                       OR (gone.follows_as = 'retry' AND campaign.follows_as = 'repeat'))";
    writing.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}
