//! What becomes of an audience. Nothing of what is said here is copied, and nothing grows with how many people there are, but for what
//! goes in portions.
//!
//! | State | whose | next |
//! |---|---|---|
//! | gathered | nobody's: whoever gathers it puts people into it, some hundreds in a transaction ([`begin`], `stage`) | whole ([`give`]); left over when that fails, is cancelled, or the program dies ([`leave`], [`leave_unfinished`]) |
//! | whole | one campaign's, which names it. Exchanged only before the campaign starts | left over, when the campaign gets another one or goes |
//! | left over | nobody's, and shown nowhere | its rows go in portions ([`remove_some`]); with the last ones it goes itself. That of a deleted campaign waits while one is there that must not write to whom it reached (`family`) |
//!
//! To take an audience over is one compare-and-set on the campaign and one on the audience, in one transaction: whoever reads sees all of
//! the former or all of the new one. The database refuses to exchange the audience of a campaign that has started, to put anybody into
//! it, and to take anybody out of one that a campaign has. Nor is one exchanged of which somebody was written to, or may have been: after a rescue
//! nobody knows whether its campaign had started, and the same people brought anew would all be written to.
//!
//! If the program dies while one is gathered, the former audience holds, and the next start lets go of what was gathered
//! ([`leave_unfinished`]); in the middle of a removal, the next start goes on. One audience is gathered at a time: the caller sees to that.

use mostrador_domain::{AudienceId, CampaignId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Change, StoreError, StoreErrorKind, Writing};

/// Begins to gather an audience. What was gathered before, and not taken over, is left over.
///
/// # Errors
/// The file's.
pub fn begin(writing: &mut Writing<'_>) -> Result<AudienceId, StoreError> {
    leave_unfinished(writing)?;
    begin_another(writing)
}

/// Begins to gather another one beside it: both are for the same transaction to take over.
///
/// # Errors
/// The file's.
pub fn begin_another(writing: &mut Writing<'_>) -> Result<AudienceId, StoreError> {
    writing
        .prepare_cached("INSERT INTO audience (state) VALUES ('gathered')")?
        .execute([])?;
    Ok(AudienceId(writing.last_insert_rowid()))
}

/// Is there one that was begun to be gathered, and not taken over?
///
/// # Errors
/// The file's.
pub fn is_unfinished(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM audience a WHERE state <> 'left_over'
                 AND NOT EXISTS (SELECT 1 FROM campaign c WHERE c.audience_id = a.id))";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Lets go of what was gathered and not taken over.
///
/// # Errors
/// The file's.
pub fn leave_unfinished(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE audience SET state = 'left_over' WHERE state <> 'left_over'
                AND NOT EXISTS (SELECT 1 FROM campaign c WHERE c.audience_id = audience.id)";
    if writing.prepare_cached(sql)?.execute([])? > 0 {
        writing.touch(Change::Leftovers);
    }
    Ok(())
}

/// Lets go of an audience that no campaign has.
///
/// # Errors
/// The file's.
pub fn leave(writing: &mut Writing<'_>, id: AudienceId) -> Result<(), StoreError> {
    let sql = "UPDATE audience SET state = 'left_over' WHERE id = ?1
                AND NOT EXISTS (SELECT 1 FROM campaign WHERE audience_id = ?1)";
    if writing.prepare_cached(sql)?.execute([id.0])? > 0 {
        writing.touch(Change::Leftovers);
    }
    Ok(())
}

/// What was gathered becomes a campaign's audience; the one that it had is left over.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if it is not being gathered any more;
/// [`crate::StoreErrorKind::WrittenTo`] if somebody of the former one was written to, or may have been.
pub(in crate::tables::campaign) fn give(
    writing: &mut Writing<'_>,
    campaign: CampaignId,
    audience: AudienceId,
) -> Result<(), StoreError> {
    let former = of(writing, campaign)?;
    if anybody_written_to(writing, campaign)? {
        return Err(StoreError::of(StoreErrorKind::WrittenTo));
    }
    let sql = "UPDATE audience SET state = 'whole' WHERE id = ?1 AND state = 'gathered'";
    if writing.prepare_cached(sql)?.execute([audience.0])? == 0 {
        return Err(StoreError::state_changed());
    }
    writing
        .prepare_cached("UPDATE campaign SET audience_id = ?2, people = ?3 WHERE id = ?1")?
        .execute(params![campaign.0, audience.0, size(writing, audience)?])?;
    writing.touch(Change::Campaign(campaign));
    former.map_or(Ok(()), |former| leave(writing, former))
}

/// Was somebody of a campaign written to, or may they have been? Of one that has not started that is known since a rescue.
///
/// # Errors
/// The file's.
pub fn anybody_written_to(connection: &Connection, campaign: CampaignId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM recipient
                WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)
                  AND state IN ('uncertain', 'queued', 'sent', 'delivered', 'read', 'replied'))";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([campaign.0], |row| row.get(0))?)
}

/// The audience of a campaign; `None` = nobody was brought yet.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn of(connection: &Connection, campaign: CampaignId) -> Result<Option<AudienceId>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT audience_id FROM campaign WHERE id = ?1")?
        .query_row([campaign.0], |row| row.get::<_, Option<i64>>(0))?
        .map(AudienceId))
}

/// How many of a campaign's audience are not there any more: they were lost with a damaged file.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; the file's.
pub fn missing(connection: &Connection, campaign: CampaignId) -> Result<u32, StoreError> {
    let sql = "SELECT min(max(people - (SELECT count(*) FROM recipient r WHERE r.audience_id = c.audience_id), 0), ?2)
                 FROM campaign c WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row(params![campaign.0, u32::MAX], |row| row.get(0))?)
}

/// How many people are in an audience, with those who are left out.
///
/// # Errors
/// The file's.
pub fn size(connection: &Connection, id: AudienceId) -> Result<u32, StoreError> {
    // Their turns have no gaps.
    let sql = "SELECT coalesce(max(place) + 1, 0) FROM recipient WHERE audience_id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?)
}

/// SQL: what is left over, and nothing asks for any more.
const TO_GO: &str = "SELECT id FROM audience a WHERE state = 'left_over'
     AND NOT EXISTS (SELECT 1 FROM campaign c WHERE c.family_id = a.family_id AND a.family_id IS NOT NULL) ORDER BY id LIMIT 1";

/// SQL: a portion of an audience.
pub(in crate::tables) const PORTION: &str = "DELETE FROM recipient WHERE id IN
     (SELECT id FROM recipient WHERE audience_id = ?1 ORDER BY place LIMIT ?2)";

/// Removes up to `limit` people of what is left over. `false` = nothing is.
///
/// # Errors
/// The file's.
pub(in crate::tables) fn remove_some(writing: &mut Writing<'_>, limit: u32) -> Result<bool, StoreError> {
    let next: Option<i64> = writing
        .prepare_cached(TO_GO)?
        .query_row([], |row| row.get(0))
        .optional()?;
    let Some(id) = next else { return Ok(false) };
    let removed = writing.prepare_cached(PORTION)?.execute(params![id, limit])?;
    if u32::try_from(removed).unwrap_or(u32::MAX) < limit {
        writing
            .prepare_cached("DELETE FROM audience WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(true)
}
