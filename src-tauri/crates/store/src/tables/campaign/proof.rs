//! Checks a campaign by its own rows: what must hold of one that has ended, whatever happened on the way.

use std::collections::BTreeSet;

use mostrador_domain::{Address, CampaignId};
use rusqlite::{Connection, params};

use super::recipient::person_key;
use super::row::get;
use crate::StoreError;
use crate::tables::person;

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Everybody is in exactly one final state.
    FinalStates,
    /// The rows are the whole audience: their turns are those from the first to the last, each once.
    Sums,
    /// Each sent message's id at the gateway is there once.
    SentOnce,
    /// Nobody is there twice, under any spelling.
    PeopleOnce,
    /// Whoever was sent something has a message that the gateway took; who was not, has none.
    Messages,
    /// Nothing was queued for anybody after they were heard to want no more.
    OptOuts,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: What,
    /// How many were looked at.
    pub looked_at: u32,
    /// How many do not hold.
    pub wrong: u32,
    /// The turns of the first of them, from 0.
    pub first: Vec<u32>,
}

/// How many are named.
const NAMED: usize = 20;

/// SQL: the turns of those who are in no final state.
const UNSETTLED: &str = "SELECT place FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state IN ('pending', 'queued', 'uncertain') ORDER BY place";

/// SQL: turns that are not the one after the turn before.
const OUT_OF_TURN: &str = "SELECT place FROM
     (SELECT place, row_number() OVER (ORDER BY place) - 1 AS turn FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)) WHERE place <> turn";

/// SQL: who has the same id at the gateway, or the same message, as an earlier one.
const SENT_TWICE: &str = "SELECT place FROM
     (SELECT r.place AS place, row_number() OVER (PARTITION BY m.gateway_id ORDER BY r.place) AS times, m.gateway_id AS named,
             row_number() OVER (PARTITION BY m.id ORDER BY r.place) AS shared
        FROM recipient r JOIN message m ON m.id = r.message_id WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1))
   WHERE shared > 1 OR (named IS NOT NULL AND times > 1)";

/// SQL: who is an earlier one.
const TWICE: &str = "SELECT place FROM
     (SELECT place, row_number() OVER (PARTITION BY person ORDER BY place) AS times
        FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state <> 'skipped' AND person IS NOT NULL) WHERE times > 1";

/// SQL: who is shown as sent and was not, or as not sent and was. A message may be gone by the shop's own choice of what is kept.
/// One of which a person says that it went has no id at the gateway before its echo.
const UNTRUE: &str = "SELECT r.place FROM recipient r LEFT JOIN message m ON m.id = r.message_id
    WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND CASE
      WHEN r.state IN ('sent', 'delivered', 'read', 'replied')
        THEN r.sent_at IS NULL OR (m.id IS NOT NULL AND (m.status IS NULL OR m.status < 1))
      WHEN r.state IN ('skipped', 'opted_out', 'pending') THEN r.sent_at IS NOT NULL
      WHEN r.state = 'failed' THEN m.status >= 2
      ELSE 0 END ORDER BY r.place";

/// Checks all of it.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; the file's.
pub fn check(connection: &Connection, id: CampaignId) -> Result<Vec<Check>, StoreError> {
    get(connection, id)?;
    let count = |sql: &str| -> Result<u32, StoreError> {
        Ok(connection
            .prepare_cached(sql)?
            .query_row([id.0], |row| row.get(0))?)
    };
    let all = count(
        "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)",
    )?;
    let sent = count(
        "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND message_id IS NOT NULL",
    )?;
    let mut checks = Vec::new();
    for (what, sql, looked_at) in [
        (What::FinalStates, UNSETTLED, all),
        (What::Sums, OUT_OF_TURN, all),
        (What::SentOnce, SENT_TWICE, sent),
        (What::PeopleOnce, TWICE, all),
        (What::Messages, UNTRUE, all),
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let places = statement.query_map([id.0], |row| row.get(0))?;
        let places: Vec<u32> = places.collect::<Result<_, _>>()?;
        checks.push(Check::of(what, looked_at, places));
    }
    checks.push(opt_outs(connection, id)?);
    Ok(checks)
}

impl Check {
    fn of(what: What, looked_at: u32, mut wrong: Vec<u32>) -> Self {
        let count = u32::try_from(wrong.len()).unwrap_or(u32::MAX);
        wrong.truncate(NAMED);
        Self {
            what,
            looked_at,
            wrong: count,
            first: wrong,
        }
    }

    /// Does it hold?
    pub fn holds(&self) -> bool {
        self.wrong == 0
    }
}

/// SQL: who of a campaign is this person and was queued after this time.
pub(in crate::tables) const QUEUED_AFTER: &str = "SELECT place FROM recipient INDEXED BY recipient_of_person
    WHERE person = ?2 AND queued_at > ?3 AND audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)";

fn opt_outs(connection: &Connection, id: CampaignId) -> Result<Check, StoreError> {
    let sql = "SELECT address, heard_at FROM opt_out WHERE state = 'out'";
    let out: Vec<(String, i64)> = connection
        .prepare_cached(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut wrong = BTreeSet::new();
    let mut statement = connection.prepare_cached(QUEUED_AFTER)?;
    for (address, heard_at) in &out {
        let addresses = person::addresses_of(connection, &Address::parse(address))?;
        let keys: BTreeSet<String> = addresses.iter().map(person_key).collect();
        for key in keys {
            let places = statement.query_map(params![id.0, key, heard_at], |row| row.get::<_, u32>(0))?;
            for place in places {
                wrong.insert(place?);
            }
        }
    }
    let looked_at = u32::try_from(out.len()).unwrap_or(u32::MAX);
    Ok(Check::of(What::OptOuts, looked_at, wrong.into_iter().collect()))
}
