//! The rows of campaigns, as they are read.

use std::collections::BTreeSet;

use mostrador_campaigns::plan::Plan;
use mostrador_campaigns::schedule::Schedule;
use mostrador_campaigns::state::{CampaignState, Pause};
use mostrador_campaigns::wording::Table;
use mostrador_domain::{CampaignId, DeviceId, MediaId, UnixMillis};
use rusqlite::types::Type;
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::row::Columns;

/// A campaign.
#[derive(Clone, PartialEq)]
pub struct CampaignRow {
    /// Which.
    pub id: CampaignId,
    /// The device that sends it.
    pub device: DeviceId,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub state: CampaignState,
    /// What it says and how it holds back.
    pub plan: Plan,
    /// Rises with each change of the plan or the audience.
    pub plan_no: u32,
    /// The plan that was rehearsed.
    pub rehearsed_no: Option<u32>,
    /// The columns of the recipients' cells.
    pub columns: Table,
    /// Where its audience comes from: JSON, a list.
    pub sources: String,
    /// When it starts by itself.
    pub starts_at: Option<UnixMillis>,
    /// How that was said.
    pub schedule: Option<Schedule>,
    /// When it started.
    pub started_at: Option<UnixMillis>,
    /// The start may be undone until then; nothing is queued before.
    pub undo_until: Option<UnixMillis>,
    /// When it ended.
    pub ended_at: Option<UnixMillis>,
    /// The one that it came from.
    pub follows: Option<Follows>,
    /// When it was made.
    pub created_at: UnixMillis,
}

quiet_debug!(CampaignRow {
    id,
    device,
    state,
    plan_no
});

/// From which campaign another came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follows {
    /// Which; `None` = it was deleted.
    pub id: Option<CampaignId>,
    /// How.
    pub how: FollowsAs,
}

/// How a campaign came from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowsAs {
    /// For those whom the other did not reach.
    Retry,
    /// The next of a recurring one.
    Repeat,
    /// A copy.
    Copy,
}

impl FollowsAs {
    /// The word that the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Repeat => "repeat",
            Self::Copy => "copy",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Retry, Self::Repeat, Self::Copy]
            .into_iter()
            .find(|how| how.as_str() == word)
    }
}

const COLUMNS: &str =
    "id, device_id, name, state, pause, plan, plan_no, rehearsed_no, columns, source, starts_at, schedule,
    started_at, undo_until, ended_at, follows_id, follows_as, created_at, name_column";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<CampaignRow> {
    let mut read = Columns::from(row, 0);
    let (id, device, name) = (CampaignId(read.take()?), DeviceId(read.take()?), read.take()?);
    let (state, pause): (String, Option<String>) = (read.take()?, read.take()?);
    let state = state_of(&state, pause.as_deref()).ok_or_else(|| unreadable(3))?;
    let plan = from_json(5, &read.take::<String>()?)?;
    let (plan_no, rehearsed_no) = (read.take()?, read.take()?);
    let headings = from_json(8, &read.take::<String>()?)?;
    let (sources, starts_at) = (read.take()?, read.take_as(UnixMillis)?);
    let schedule: Option<String> = read.take()?;
    let schedule = schedule.map(|said| from_json(11, &said)).transpose()?;
    let (started_at, undo_until) = (read.take_as(UnixMillis)?, read.take_as(UnixMillis)?);
    let ended_at = read.take_as(UnixMillis)?;
    let (follows, how): (Option<i64>, Option<String>) = (read.take()?, read.take()?);
    let follows = how.and_then(|how| FollowsAs::from_word(&how)).map(|how| Follows {
        id: follows.map(CampaignId),
        how,
    });
    let created_at = UnixMillis(read.take()?);
    let name_column: Option<i64> = read.take()?;
    let columns = Table {
        headings,
        name: name_column.and_then(|at| usize::try_from(at).ok()),
    };
    Ok(CampaignRow {
        id,
        device,
        name,
        state,
        plan,
        plan_no,
        rehearsed_no,
        columns,
        sources,
        starts_at,
        schedule,
        started_at,
        undo_until,
        ended_at,
        follows,
        created_at,
    })
}

/// The state that two columns tell; a pause without a cause that can be read is a person's.
pub(super) fn state_of(word: &str, pause: Option<&str>) -> Option<CampaignState> {
    let state = CampaignState::ALL
        .into_iter()
        .find(|state| state.as_str() == word)?;
    Some(match state {
        CampaignState::Paused(_) => CampaignState::Paused(
            pause
                .and_then(|pause| serde_json::from_str(pause).ok())
                .unwrap_or(Pause::Operator),
        ),
        other => other,
    })
}

/// Why it is paused, as the file keeps it.
pub(super) fn pause_json(state: CampaignState) -> Option<String> {
    match state {
        CampaignState::Paused(why) => serde_json::to_string(&why).ok(),
        _ => None,
    }
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(column: usize, text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|_| unreadable(column))
}

/// Of what cannot be read only the place is told, never the words.
fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "campaign".to_owned(), Type::Text)
}

/// One campaign.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn get(connection: &Connection, id: CampaignId) -> Result<CampaignRow, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM campaign WHERE id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id.0], read)?)
}

/// All campaigns, the newest first.
///
/// # Errors
/// The file's.
pub fn list(connection: &Connection) -> Result<Vec<CampaignRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM campaign ORDER BY id DESC");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The files that campaigns send.
pub(in crate::tables) fn planned_media(connection: &Connection) -> Result<BTreeSet<MediaId>, StoreError> {
    let sql = "SELECT json_extract(t.value, '$.body.mediaId') FROM campaign c, json_each(c.plan, '$.texts') t
                WHERE json_extract(t.value, '$.body.kind') = 'media'";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok(MediaId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQL: the campaigns in one state that is no end and no beginning.
pub(in crate::tables) const OPEN: &str = "SELECT id FROM campaign INDEXED BY campaign_open WHERE state IN ('scheduled', 'running', 'paused', 'missed') AND state = ?1 ORDER BY id";

fn ids(connection: &Connection, state: CampaignState) -> Result<Vec<CampaignId>, StoreError> {
    let mut statement = connection.prepare_cached(OPEN)?;
    let rows = statement.query_map([state.as_str()], |row| Ok(CampaignId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn rows(connection: &Connection, state: CampaignState) -> Result<Vec<CampaignRow>, StoreError> {
    let ids = ids(connection, state)?;
    ids.into_iter().map(|id| get(connection, id)).collect()
}

/// The campaigns that run on a device, the first that was started first.
///
/// # Errors
/// The file's.
pub fn of_device(connection: &Connection, device: DeviceId) -> Result<Vec<CampaignRow>, StoreError> {
    let mut running = rows(connection, CampaignState::Running)?;
    running.retain(|row| row.device == device);
    running.sort_by_key(|row| (row.started_at, row.id));
    Ok(running)
}

/// The campaigns that have started and not ended, of a device or of all.
///
/// # Errors
/// The file's.
pub fn open(connection: &Connection, device: Option<DeviceId>) -> Result<Vec<CampaignId>, StoreError> {
    let sql = "SELECT device_id = ?2 FROM campaign WHERE id = ?1";
    let mut open = Vec::new();
    for state in [CampaignState::Running, CampaignState::Paused(Pause::Operator)] {
        for id in ids(connection, state)? {
            let of_device: Option<bool> = connection
                .prepare_cached(sql)?
                .query_row(params![id.0, device.map(|device| device.0)], |row| row.get(0))?;
            if device.is_none() || of_device == Some(true) {
                open.push(id);
            }
        }
    }
    Ok(open)
}

/// The campaigns that start by themselves.
///
/// # Errors
/// The file's.
pub fn scheduled(connection: &Connection) -> Result<Vec<CampaignRow>, StoreError> {
    rows(connection, CampaignState::Scheduled)
}
