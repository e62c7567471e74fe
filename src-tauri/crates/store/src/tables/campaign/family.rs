//! Campaigns that follow one another for those whom they did not reach. They are for the same people, and none of them writes to somebody
//! whom another one reached.
//!
//! All that began with one campaign, however far down and however many follow the same one, are a family. Each bears the number of the
//! first; so they know of each other though the one that they follow is deleted.
//!
//! What a deleted one reached is known by its people. They are left over and shown nowhere, and stay until the last of the family goes
//! (`audience::whole`): nothing moves them any more, so whoever had failed by then was reached if their message left after all.

use mostrador_domain::{Address, AudienceId, CampaignId};
use rusqlite::{CachedStatement, Connection, params};

use super::recipient::person_key;
use crate::{Change, StoreError, Writing};

/// SQL: did the campaign of an audience reach this person, or may it yet? Who failed may have been written to again from their chat: their
/// message has another row then, if the gateway had taken the first. ?3: whose turn has not come may be reached yet.
pub(in crate::tables) const REACHED: &str = "SELECT EXISTS (SELECT 1 FROM recipient r
     WHERE r.audience_id = ?1 AND r.person = ?2 AND r.person IS NOT NULL
       AND r.state <> 'skipped' AND (?3 OR r.state <> 'pending') AND (r.state NOT IN ('failed', 'opted_out')
         OR EXISTS (SELECT 1 FROM message m WHERE m.id = r.message_id AND m.status > 0 AND m.failure IS NULL)
         OR EXISTS (SELECT 1 FROM outbox o WHERE (o.client_id = 'campaign-' || r.id || '-' || r.tries OR o.message_id = r.message_id)
              AND o.kind = 'send' AND o.state IN ('ready', 'in_flight', 'uncertain'))))";

/// SQL: the audiences of the others of a campaign's family, and whether it follows them. Those that it follows by way of a deleted one,
/// it is as if it stood beside them.
const OTHERS: &str = "WITH RECURSIVE above (id) AS (
       SELECT ?1
        UNION SELECT c.follows_id FROM above a JOIN campaign c ON c.id = a.id
               WHERE c.follows_as = 'retry' AND c.follows_id IS NOT NULL)
     SELECT audience_id, id IN (SELECT id FROM above) FROM campaign
      WHERE family_id = (SELECT family_id FROM campaign WHERE id = ?1) AND id <> ?1 AND audience_id IS NOT NULL
     UNION ALL SELECT id, 0 FROM audience WHERE family_id = (SELECT family_id FROM campaign WHERE id = ?1)";

/// The audiences of the others of a campaign's family, and whether it follows them.
pub(super) fn others(connection: &Connection, id: CampaignId) -> Result<Vec<(AudienceId, bool)>, StoreError> {
    let mut statement = connection.prepare_cached(OTHERS)?;
    let rows = statement.query_map([id.0], |row| Ok((AudienceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A campaign joins the family of the one that it follows.
pub(super) fn join(writing: &Writing<'_>, id: CampaignId, followed: CampaignId) -> Result<(), StoreError> {
    let sql = "UPDATE campaign SET family_id = id WHERE id = ?1 AND family_id IS NULL";
    writing.prepare_cached(sql)?.execute([followed.0])?;
    let sql = "UPDATE campaign SET family_id = (SELECT family_id FROM campaign WHERE id = ?2) WHERE id = ?1";
    writing.prepare_cached(sql)?.execute([id.0, followed.0])?;
    Ok(())
}

/// A campaign of a family, if it is of one, goes; what it reached is known by the audience that it leaves over.
pub(super) fn leave(
    writing: &mut Writing<'_>,
    family: Option<i64>,
    audience: Option<AudienceId>,
) -> Result<(), StoreError> {
    let Some(family) = family else { return Ok(()) };
    if let Some(audience) = audience {
        let sql = "UPDATE audience SET family_id = ?2 WHERE id = ?1";
        writing
            .prepare_cached(sql)?
            .execute(params![audience.0, family])?;
    }
    // It may have been the last one.
    writing.touch(Change::Leftovers);
    Ok(())
}

/// Whom another one of a campaign's family reached.
pub struct Reached<'c> {
    statement: CachedStatement<'c>,
    others: Vec<(AudienceId, bool)>,
}

impl<'c> Reached<'c> {
    /// By the others of the family of `campaign`.
    ///
    /// # Errors
    /// The file's.
    pub fn by_others(connection: &'c Connection, campaign: CampaignId) -> Result<Self, StoreError> {
        Ok(Self {
            statement: connection.prepare_cached(REACHED)?,
            others: others(connection, campaign)?,
        })
    }

    /// Did one of them reach this person after all, or may it yet? They are not written to twice. Of two that follow the same one, the
    /// one whose turn for them comes first writes.
    ///
    /// # Errors
    /// The file's.
    pub fn person(&mut self, person: &str) -> Result<bool, StoreError> {
        for (audience, is_followed) in &self.others {
            let them = params![audience.0, person, is_followed];
            if self.statement.query_row(them, |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The same of one person.
pub(super) fn reached(
    connection: &Connection,
    campaign: CampaignId,
    address: &Address,
) -> Result<bool, StoreError> {
    Reached::by_others(connection, campaign)?.person(&person_key(address))
}
