//! An audience as it stands, one person after the other: for a rehearsal, a preview, a meter.

use std::ops::ControlFlow;

use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_domain::{Address, AudienceId, CampaignId, RecipientId};
use rusqlite::{Connection, Row, params};

use crate::quiet::quiet_debug;
use crate::tables::campaign::recipient::state_of;
use crate::tables::campaign::row::from_json;
use crate::{StoreError, Writing};

/// Somebody in an audience, with what a text needs.
#[derive(Clone, PartialEq)]
pub struct Member {
    /// Who.
    pub id: RecipientId,
    /// Their turn, from 0.
    pub place: u32,
    /// The number that the spreadsheet shows beside their row.
    pub row: Option<u32>,
    /// Whom it is sent to.
    pub address: Option<Address>,
    /// The same for all spellings of their number.
    pub person: Option<String>,
    /// What stands in their columns.
    pub cells: Vec<String>,
    /// Which text they were given, from 0.
    pub variant: u8,
    /// Where they are.
    pub state: RecipientState,
}

quiet_debug!(Member {
    id,
    place,
    row,
    variant,
    state
});

const COLUMNS: &str = "id, place, row, address, person, cells, variant, state, reason";

/// SQL: an audience in its order.
const ALL: &str = "WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) ORDER BY place";

/// SQL: the same of one that belongs to no campaign.
const OF_AUDIENCE: &str = "WHERE audience_id = ?1 ORDER BY place";

/// SQL: those who are still to be written to, from a turn on.
pub(in crate::tables) const PENDING: &str =
    "SELECT id, place, row, address, person, cells, variant, state, reason FROM recipient
     WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'pending' AND place >= ?2 ORDER BY place LIMIT ?3";

fn read(row: &Row<'_>) -> rusqlite::Result<Member> {
    let (word, reason): (String, Option<String>) = (row.get(7)?, row.get(8)?);
    let unreadable =
        || rusqlite::Error::InvalidColumnType(7, "recipient".to_owned(), rusqlite::types::Type::Text);
    Ok(Member {
        id: RecipientId(row.get(0)?),
        place: row.get(1)?,
        row: row.get(2)?,
        address: row
            .get::<_, Option<String>>(3)?
            .map(|address| Address::parse(&address)),
        person: row.get(4)?,
        cells: from_json(5, row.get_ref(5)?.as_str()?)?,
        variant: row.get(6)?,
        state: state_of(&word, reason.as_deref()).ok_or_else(unreadable)?,
    })
}

/// Hands out everybody of a campaign in the order of their turns, until `seen` has enough.
///
/// # Errors
/// The file's, and those of `seen`.
pub fn each(
    connection: &Connection,
    campaign: CampaignId,
    seen: impl FnMut(Member) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    handed_out(connection, ALL, campaign.0, seen)
}

/// The same of an audience that is being gathered.
///
/// # Errors
/// The file's, and those of `seen`.
pub fn each_gathered(
    connection: &Connection,
    audience: AudienceId,
    seen: impl FnMut(Member) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    handed_out(connection, OF_AUDIENCE, audience.0, seen)
}

fn handed_out(
    connection: &Connection,
    which: &str,
    key: i64,
    mut seen: impl FnMut(Member) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM recipient {which}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([key])?;
    while let Some(row) = rows.next()? {
        if seen(read(row)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Up to `limit` people of a campaign who are still to be written to, from a turn on.
///
/// # Errors
/// The file's.
pub fn after(
    connection: &Connection,
    campaign: CampaignId,
    from: u32,
    limit: u32,
) -> Result<Vec<Member>, StoreError> {
    let mut statement = connection.prepare_cached(PENDING)?;
    let rows = statement.query_map(params![campaign.0, from, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many of a campaign are left out, by reason.
///
/// # Errors
/// The file's.
pub fn skipped(connection: &Connection, campaign: CampaignId) -> Result<Vec<(SkipReason, u32)>, StoreError> {
    let sql = "SELECT reason, count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'skipped' GROUP BY reason";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([campaign.0], |row| {
        Ok((row.get::<_, Option<String>>(0)?, row.get(1)?))
    })?;
    let mut skipped = Vec::new();
    for row in rows {
        let (word, count) = row?;
        let reason = word.as_deref().and_then(SkipReason::from_word);
        skipped.extend(reason.map(|reason| (reason, count)));
    }
    Ok(skipped)
}

/// Gives people other texts: the shares of a campaign's texts are others than when its audience was gathered.
///
/// # Errors
/// The file's.
pub fn varied(writing: &Writing<'_>, texts: &[(RecipientId, u8)]) -> Result<(), StoreError> {
    let sql = "UPDATE recipient SET variant = ?2 WHERE id = ?1 AND state = 'pending'";
    let mut statement = writing.prepare_cached(sql)?;
    for (id, variant) in texts {
        statement.execute(params![id.0, variant])?;
    }
    Ok(())
}
