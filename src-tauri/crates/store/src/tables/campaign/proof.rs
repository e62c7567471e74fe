//! Checks a campaign by its own rows: what must hold of one that has ended, whatever happened on the way.
//!
//! What it comes to ([`Verdict`]), the first that fits:
//!
//! | Verdict | when |
//! |---|---|
//! | broken | anything but the final states is wrong; or somebody waits or is under way in one that has finished |
//! | holds | it has ended, and nothing is wrong |
//! | open | it has not ended: so many are not settled yet |
//! | closing | a person ended it: so many are still to be skipped, or their messages are on their way. That ends by itself |
//! | undecided | it has ended, and of so many nobody knows whether it went. They are looked for, then a person decides |
//!
//! Such are left when a person ended it meanwhile, or has tried failed ones again in their chats since.
//!
//! All of it is read at one moment, so a campaign that is being closed meanwhile is never shown as broken.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use mostrador_campaigns::state::CampaignState;
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
    /// The rows are the whole audience: their turns are those from the first to the last of all who were in it, each once.
    Sums,
    /// Each sent message's id at the gateway is there once.
    SentOnce,
    /// Nobody is there twice, under any spelling.
    PeopleOnce,
    /// Whoever was sent something has a message that the gateway took; who was not, has none.
    Messages,
    /// Nothing was queued for anybody after they were heard to want no more, be it under another address that was known to be theirs. One that
    /// a gateway told to be theirs later could not be known when it was queued: what was queued before that is not wrong.
    OptOuts,
}

/// What all checks together come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It has ended, and everything is as it must be.
    Holds,
    /// Something is not.
    Broken,
    /// It has not ended yet, and nothing else is wrong.
    Open {
        /// How many are in no final state.
        left: u32,
    },
    /// A person ended it, and it is still being closed; nothing else is wrong.
    Closing {
        /// How many are in no final state.
        left: u32,
    },
    /// It has ended, and only those are left of whom nobody knows whether it went.
    Undecided {
        /// How many.
        left: u32,
    },
}

/// What checking a campaign found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What it comes to.
    pub verdict: Verdict,
    /// Each thing that was checked.
    pub checks: Vec<Check>,
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

/// SQL: how many there are.
const ALL: &str =
    "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)";

/// SQL: how many were sent something.
const SENT: &str = "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND message_id IS NOT NULL";

/// SQL: of how many nobody knows.
const UNDECIDED: &str = "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'uncertain'";

/// SQL: the turns of those who are in no final state.
const UNSETTLED: &str = "SELECT place FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state IN ('pending', 'queued', 'uncertain') ORDER BY place";

/// SQL: how many were in the audience when it was taken over.
const PEOPLE: &str = "SELECT min(max(people, 0), ?2) FROM campaign WHERE id = ?1";

/// SQL: the turns that are there.
const TURNS: &str = "SELECT place FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) ORDER BY place";

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
pub fn check(connection: &Connection, id: CampaignId) -> Result<Proof, StoreError> {
    // Whoever reads more at the same moment has begun it already.
    let moment = connection
        .is_autocommit()
        .then(|| connection.unchecked_transaction())
        .transpose()?;
    let proof = check_now(connection, id)?;
    moment.map_or(Ok(()), rusqlite::Transaction::finish)?;
    Ok(proof)
}

fn check_now(connection: &Connection, id: CampaignId) -> Result<Proof, StoreError> {
    let state = get(connection, id)?.state;
    let checks = checks(connection, id)?;
    let unsettled = checks.iter().find(|check| check.what == What::FinalStates);
    let left = unsettled.map_or(0, |check| check.wrong);
    let all_else_holds = checks
        .iter()
        .all(|check| check.what == What::FinalStates || check.holds());
    let verdict = match state {
        _ if !all_else_holds => Verdict::Broken,
        state if state.is_final() && left == 0 => Verdict::Holds,
        state if state.is_final() && count(connection, UNDECIDED, id)? == left => Verdict::Undecided { left },
        CampaignState::Finished => Verdict::Broken,
        CampaignState::Cancelled => Verdict::Closing { left },
        _ => Verdict::Open { left },
    };
    Ok(Proof { verdict, checks })
}

fn count(connection: &Connection, sql: &str, id: CampaignId) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id.0], |row| row.get(0))?)
}

fn checks(connection: &Connection, id: CampaignId) -> Result<Vec<Check>, StoreError> {
    let all = count(connection, ALL, id)?;
    let sent = count(connection, SENT, id)?;
    let mut checks = Vec::new();
    for (what, sql, looked_at) in [
        (What::FinalStates, UNSETTLED, all),
        (What::SentOnce, SENT_TWICE, sent),
        (What::PeopleOnce, TWICE, all),
        (What::Messages, UNTRUE, all),
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let places = statement.query_map([id.0], |row| row.get(0))?;
        let places: Vec<u32> = places.collect::<Result<_, _>>()?;
        checks.push(Check::of(what, looked_at, places));
    }
    checks.insert(1, sums(connection, id, all)?);
    checks.push(opt_outs(connection, id)?);
    Ok(checks)
}

/// Which turns nobody has any more, and which are none. The last ones are missed as those in the middle are.
fn sums(connection: &Connection, id: CampaignId, looked_at: u32) -> Result<Check, StoreError> {
    let people: u32 = connection
        .prepare_cached(PEOPLE)?
        .query_row(params![id.0, u32::MAX], |row| row.get(0))?;
    let mut wrong = Wrong::default();
    let mut next = 0;
    let mut statement = connection.prepare_cached(TURNS)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let turn: u32 = row.get(0)?;
        wrong.add(next..turn.min(people));
        if turn >= people {
            wrong.add(turn..turn.saturating_add(1));
        }
        next = turn.saturating_add(1);
    }
    wrong.add(next..people);
    Ok(Check {
        what: What::Sums,
        looked_at,
        wrong: wrong.count,
        first: wrong.first,
    })
}

/// Turns that do not hold, of which the first are named.
#[derive(Default)]
struct Wrong {
    count: u32,
    first: Vec<u32>,
}

impl Wrong {
    fn add(&mut self, turns: Range<u32>) {
        let added = u32::try_from(turns.len()).unwrap_or(u32::MAX);
        self.count = self.count.saturating_add(added);
        let room = NAMED.saturating_sub(self.first.len());
        self.first.extend(turns.take(room));
    }
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

/// SQL: who of a campaign is this person and was queued after this message, or, where one of both is not there, after this time; and after it was
/// known that they are who wrote it. Who never had a turn, and of whom a person says since a rescue that it went, was not.
pub(in crate::tables) const QUEUED_AFTER: &str = "SELECT place FROM recipient INDEXED BY recipient_of_person
    WHERE person = ?2 AND queued_at IS NOT NULL AND tries > 0 AND CASE WHEN ?4 IS NULL OR message_id IS NULL THEN queued_at > ?3 ELSE message_id > ?4 END
      AND CASE WHEN message_id IS NULL THEN queued_at > ?5 ELSE message_id > ?6 END
      AND audience_id = (SELECT audience_id FROM campaign WHERE id = ?1)";

/// SQL: who wants no campaigns, since when, and their message that says so. What was stored later has a higher number, whatever the
/// clock was set to meanwhile. What the shop noted counts since then, whatever they had once written; and so does what is no message of its
/// own: a vote in our own poll, or words that were put into an older message.
const OUT: &str = "SELECT o.address, o.heard_at,
       (SELECT m.id FROM message m WHERE o.wish <> 'said' AND m.chat_id = o.chat_id AND m.gateway_id = o.gateway_id
           AND m.from_me = 0 AND m.edited_at IS NULL AND m.at >= o.at)
     FROM opt_out o WHERE o.state = 'out'";

fn opt_outs(connection: &Connection, id: CampaignId) -> Result<Check, StoreError> {
    let out: Vec<(String, i64, Option<i64>)> = connection
        .prepare_cached(OUT)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut wrong = BTreeSet::new();
    let mut statement = connection.prepare_cached(QUEUED_AFTER)?;
    for (address, heard_at, message) in &out {
        let mut keys: BTreeMap<String, person::Since> = BTreeMap::new();
        for (theirs, since) in person::known(connection, &Address::parse(address))? {
            let known = keys.entry(person_key(&theirs)).or_insert(since);
            *known = known.or(since);
        }
        for (key, since) in keys {
            let places = statement.query_map(
                params![id.0, key, heard_at, message, since.at, since.after],
                |row| row.get::<_, u32>(0),
            )?;
            for place in places {
                wrong.insert(place?);
            }
        }
    }
    let looked_at = u32::try_from(out.len()).unwrap_or(u32::MAX);
    Ok(Check::of(What::OptOuts, looked_at, wrong.into_iter().collect()))
}
