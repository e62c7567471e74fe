//! What the safety meter reads.

use std::time::Duration;

use mostrador_domain::{CampaignId, DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use super::people::{Shunned, who_wrote};
use super::stream;
use crate::StoreError;
use crate::tables::campaign::opt_out::wishes_after;
use crate::tables::device;

/// What became of a device's campaign messages of late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lately {
    /// Messages with an outcome.
    pub outcomes: u32,
    /// Of these, answered by somebody who does not ask to be left alone.
    pub replied: u32,
    /// Of these, answered by somebody who asks for that, or may.
    pub wished: u32,
    /// Of these, failed.
    pub failed: u32,
}

/// What is known of a campaign's people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// Who is written to.
    pub all: u32,
    /// Of them, who ever wrote to us.
    pub known: u32,
    /// Of them, who leaves us without an answer.
    pub silent: u32,
    /// Of them, to whom another campaign wrote within the time that was asked for.
    pub repeated: u32,
}

/// SQL: what became of the campaign messages of a device since a time.
pub(in crate::tables) const LATELY: &str = concat!(
    "SELECT CASE WHEN r.state = 'replied' AND EXISTS (SELECT 1 ",
    wishes_after!(),
    ") THEN 'wished' ELSE r.state END AS became, count(*) FROM campaign c INDEXED BY campaign_of_device
       CROSS JOIN recipient r ON r.audience_id = c.audience_id AND r.queued_at > ?2
     WHERE c.device_id = ?1 GROUP BY became"
);

/// What became of the campaign messages of a device since a time; not of those that left from another number than the one of now.
///
/// # Errors
/// The file's.
pub fn lately(connection: &Connection, device: DeviceId, since: UnixMillis) -> Result<Lately, StoreError> {
    let own = device::own(connection, device)?;
    let since = own.since.map_or(since, |own| own.max(since));
    let mut statement = connection.prepare_cached(LATELY)?;
    let rows = statement.query_map(params![device.0, since.0], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
    })?;
    let mut lately = Lately::default();
    for row in rows {
        let (state, count) = row?;
        match state.as_str() {
            "replied" => lately.replied += count,
            "wished" => lately.wished += count,
            "failed" => lately.failed += count,
            "sent" | "delivered" | "read" => {}
            _ => continue,
        }
        lately.outcomes += count;
    }
    Ok(lately)
}

/// What is known of the people of a campaign who are, or were, written to.
///
/// # Errors
/// The file's.
pub fn facts_of(
    connection: &Connection,
    (campaign, device): (CampaignId, DeviceId),
    repeated_within: Duration,
    now: UnixMillis,
) -> Result<People, StoreError> {
    let wrote = who_wrote(connection, device)?;
    let mut shunned = Shunned::by(connection, campaign, repeated_within, now)?;
    let mut people = People::default();
    stream::each(connection, campaign, |member| {
        use mostrador_campaigns::state::RecipientState as S;
        if let Some(person) = member
            .person
            .filter(|_| !matches!(member.state, S::Skipped(_) | S::OptedOut))
        {
            people.all += 1;
            people.known += u32::from(wrote.known.contains(&person));
            people.silent += u32::from(wrote.silent.contains(&person));
            people.repeated += u32::from(shunned.written(&person)?.at_all.is_some());
        }
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    Ok(people)
}

/// SQL: the oldest message that a device ever sent or got.
pub(in crate::tables) const OLDEST: &str =
    "SELECT min((SELECT at FROM message m WHERE m.chat_id = c.id ORDER BY at, id LIMIT 1))
     FROM chat c WHERE c.device_id = ?1";
/// SQL: the same of those that came here after one. By what came since: a chat that has nothing newer is not read.
pub(in crate::tables) const OLDEST_SINCE: &str =
    "SELECT min(m.at) FROM message m CROSS JOIN chat c ON c.id = m.chat_id
     WHERE m.id > ?2 AND c.device_id = ?1";

/// Since when a device's number is in use, as far as it is known here: since its oldest message, or since it was added, or was linked in
/// another one's place. What that other one sent and got is not its own.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn in_use_since(connection: &Connection, device: DeviceId) -> Result<UnixMillis, StoreError> {
    let added: i64 = connection
        .prepare_cached("SELECT created_at FROM device WHERE id = ?1")?
        .query_row([device.0], |row| row.get(0))?;
    let own = device::own(connection, device)?;
    let known = own.since.map_or(added, |since| since.0);
    let oldest: Option<i64> = if own.after > 0 {
        connection
            .prepare_cached(OLDEST_SINCE)?
            .query_row(params![device.0, own.after], |row| row.get(0))?
    } else {
        connection
            .prepare_cached(OLDEST)?
            .query_row([device.0], |row| row.get(0))?
    };
    Ok(UnixMillis(
        oldest.filter(|at| *at > 0).map_or(known, |at| at.min(known)),
    ))
}
