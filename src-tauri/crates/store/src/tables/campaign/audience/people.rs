//! What is known of the people of an audience, found from the other side: who opted out, who ever wrote to us, who does not answer.
//! There are far fewer of those than an audience may have people.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use mostrador_domain::{Address, AddressKind, CampaignId, DeviceId, UnixMillis};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::quiet::quiet_debug;
use crate::tables::campaign::opt_out::OptOutState;
use crate::tables::campaign::recipient::person_key;
use crate::tables::campaign::series;
use crate::tables::{block, device, person};

/// People, each by the key that all spellings of a number share.
pub type Kept = HashSet<String>;

/// SQL: whose wish stands so.
const WISHED: &str = "SELECT address FROM opt_out WHERE state = ?1";

/// Who does not want to be written to, under each number that is known to be theirs.
///
/// # Errors
/// The file's.
pub fn left_alone(connection: &Connection) -> Result<Kept, StoreError> {
    wished(connection, OptOutState::Out)
}

/// Who may not want to be written to: a person decides.
///
/// # Errors
/// The file's.
pub fn asked(connection: &Connection) -> Result<Kept, StoreError> {
    wished(connection, OptOutState::Asked)
}

fn wished(connection: &Connection, state: OptOutState) -> Result<Kept, StoreError> {
    let mut statement = connection.prepare_cached(WISHED)?;
    let mut rows = statement.query([state.as_str()])?;
    let mut kept = Kept::new();
    while let Some(row) = rows.next()? {
        keep(connection, &Address::parse(&row.get::<_, String>(0)?), &mut kept)?;
    }
    Ok(kept)
}

/// Whom a device has blocked.
///
/// # Errors
/// The file's.
pub fn blocked(connection: &Connection, device: DeviceId) -> Result<Kept, StoreError> {
    let mut kept = Kept::new();
    for address in block::all(connection, device)? {
        keep(connection, &address, &mut kept)?;
    }
    Ok(kept)
}

/// Who of a device's customers wrote to us, and who leaves us without an answer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Wrote {
    /// Ever wrote to us.
    pub known: Kept,
    /// Left our last three messages without an answer.
    pub silent: Kept,
}

quiet_debug!(Wrote {});

/// Our messages that somebody left without an answer, to be called silent.
const SILENCE: u32 = 3;

/// SQL: the chats of a device with people.
pub(in crate::tables) const CHATS: &str =
    "SELECT id, address FROM chat WHERE device_id = ?1 AND kind = 'person' AND last_message_id IS NOT NULL";
/// SQL: did anything come in?
pub(in crate::tables) const CAME_IN: &str =
    "SELECT EXISTS (SELECT 1 FROM message WHERE chat_id = ?1 AND from_me = 0)";
/// SQL: the chats of a device in which anything came in after the message ?2 had. By what came since: a chat that has nothing newer is not
/// read.
pub(in crate::tables) const CAME_IN_SINCE: &str =
    "SELECT m.chat_id FROM message m CROSS JOIN chat c ON c.id = m.chat_id
     WHERE m.id > ?2 AND m.from_me = 0 AND c.device_id = ?1";
/// SQL: how many of the newest messages are ours.
pub(in crate::tables) const NEWEST: &str = "SELECT count(*), coalesce(sum(from_me), 0) FROM
     (SELECT from_me FROM message WHERE chat_id = ?1 AND failure IS NULL ORDER BY at DESC, id DESC LIMIT ?2)";

/// Who of a device's customers wrote to us, and who does not answer. Whoever wrote to the number that was linked before does not know the
/// one of now.
///
/// # Errors
/// The file's.
pub fn who_wrote(connection: &Connection, device: DeviceId) -> Result<Wrote, StoreError> {
    let after = device::own(connection, device)?.after;
    let mut chats = connection.prepare_cached(CHATS)?;
    let mut came_in = connection.prepare_cached(CAME_IN)?;
    let mut newest = connection.prepare_cached(NEWEST)?;
    let since = match after {
        0 => None,
        after => Some(came_in_since(connection, device, after)?),
    };
    let mut rows = chats.query([device.0])?;
    let mut wrote = Wrote::default();
    while let Some(row) = rows.next()? {
        let (chat, address): (i64, String) = (row.get(0)?, row.get(1)?);
        let address = Address::parse(&address);
        let came_in = match &since {
            Some(since) => since.contains(&chat),
            None => came_in.query_row([chat], |row| row.get(0))?,
        };
        if came_in {
            keep(connection, &address, &mut wrote.known)?;
        }
        let (all, ours): (u32, u32) =
            newest.query_row(params![chat, SILENCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if all == SILENCE && ours == SILENCE {
            keep(connection, &address, &mut wrote.silent)?;
        }
    }
    Ok(wrote)
}

/// The chats of a device in which anything came in after that message had.
fn came_in_since(connection: &Connection, device: DeviceId, after: i64) -> Result<HashSet<i64>, StoreError> {
    let mut statement = connection.prepare_cached(CAME_IN_SINCE)?;
    let rows = statement.query_map([device.0, after], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps the person at an address, under each number that is theirs.
fn keep(connection: &Connection, address: &Address, kept: &mut Kept) -> Result<(), StoreError> {
    for known in person::addresses_of(connection, address)? {
        if known.kind() == AddressKind::Phone {
            kept.insert(person_key(&known));
        }
    }
    Ok(())
}

/// SQL: which campaigns have lately meant a message for somebody, and when. Who may have been written to before a rescue counts as if it had
/// been now (?3): nobody knows when.
pub(in crate::tables) const WRITTEN: &str =
    "SELECT c.id, r.queued_at FROM recipient r INDEXED BY recipient_of_person CROSS JOIN campaign c ON c.audience_id = r.audience_id
     WHERE r.person = ?1 AND r.queued_at > ?2
       AND r.state IN ('queued', 'uncertain', 'sent', 'delivered', 'read', 'replied')
     UNION ALL
     SELECT c.id, ?3 FROM recipient r INDEXED BY recipient_untold CROSS JOIN campaign c ON c.audience_id = r.audience_id
     WHERE r.person = ?1 AND r.state = 'uncertain' AND r.queued_at IS NULL";

/// SQL: a send of a campaign that was deleted: it went, is under way, or may have gone, and the gateway has not given it up.
macro_rules! by_deleted {
    ($from:literal) => {
        concat!(
            "SELECT h.address, o.claimed_at ",
            $from,
            " LEFT JOIN message m ON m.id = o.message_id
              WHERE o.kind = 'send' AND o.claimed_at > ?1 AND o.state IN ('done', 'in_flight', 'uncertain') AND h.kind = 'person'
                AND m.failure IS NULL AND o.client_id GLOB 'campaign-[0-9]*'
                AND NOT EXISTS (SELECT 1 FROM outbox a WHERE a.client_id = o.client_id || '/again')
                AND NOT EXISTS (SELECT 1 FROM recipient r JOIN campaign c ON c.audience_id = r.audience_id
                                 WHERE r.id = CAST(substr(o.client_id, 10) AS INTEGER))"
        )
    };
}

/// SQL: to whom campaigns wrote since ?1 that were deleted since then, and when.
const BY_DELETED: &str = by_deleted!(
    "FROM device d CROSS JOIN outbox o INDEXED BY outbox_sent ON o.device_id = d.id CROSS JOIN chat h ON h.id = o.chat_id"
);
/// SQL: the same of one address.
const BY_DELETED_TO: &str = by_deleted!(
    "FROM device d CROSS JOIN chat h ON h.device_id = d.id AND h.address = ?2 CROSS JOIN outbox o INDEXED BY outbox_in_chat ON o.chat_id = h.id"
);

/// Has another campaign, one that is there or one that was deleted, written to the person at `address` within that time before `now`?
/// What [`Shunned`] says of many, for one.
///
/// # Errors
/// The file's.
pub(in crate::tables::campaign) fn was_written_to(
    connection: &Connection,
    (campaign, address): (CampaignId, &Address),
    within: Duration,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let mut of_rows = Shunned::by_rows(connection, campaign, within, now)?;
    if of_rows.written(&person_key(address))?.by_another.is_some() {
        return Ok(true);
    }
    // What a deleted one wrote may have been of its own row: nobody knows any more.
    if series::repeats(connection, campaign)? {
        return Ok(false);
    }
    let mut by_deleted = connection.prepare_cached(BY_DELETED_TO)?;
    for known in person::addresses_of(connection, address)? {
        if by_deleted.exists(params![now.before(within).0, known.as_str()])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// To whom deleted campaigns wrote since then, and when last.
fn deleted(connection: &Connection, since: UnixMillis) -> Result<HashMap<String, UnixMillis>, StoreError> {
    let mut statement = connection.prepare_cached(BY_DELETED)?;
    let mut rows = statement.query([since.0])?;
    let mut written: HashMap<String, UnixMillis> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (address, at) = (Address::parse(&row.get::<_, String>(0)?), UnixMillis(row.get(1)?));
        let mut theirs = Kept::new();
        keep(connection, &address, &mut theirs)?;
        for person in theirs {
            let last = written.entry(person).or_insert(at);
            *last = at.max(*last);
        }
    }
    Ok(written)
}

/// When somebody was last written to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// By any campaign but this one.
    pub at_all: Option<UnixMillis>,
    /// By one that is not of this one's row ([`series`]). That a recurring campaign writes to the same people again is what it was set up
    /// for.
    pub by_another: Option<UnixMillis>,
}

/// Looks up to whom other campaigns wrote lately: those whose rows are there, and by the messages that are left those that were deleted.
pub struct Shunned<'c> {
    statement: rusqlite::CachedStatement<'c>,
    campaign: CampaignId,
    series: HashSet<CampaignId>,
    since: UnixMillis,
    now: UnixMillis,
    deleted: HashMap<String, UnixMillis>,
}

impl<'c> Shunned<'c> {
    /// Messages of the time `within` before `now` count.
    ///
    /// # Errors
    /// The file's.
    pub fn by(
        connection: &'c Connection,
        campaign: CampaignId,
        within: Duration,
        now: UnixMillis,
    ) -> Result<Self, StoreError> {
        let mut shunned = Self::by_rows(connection, campaign, within, now)?;
        if !series::repeats(connection, campaign)? {
            shunned.deleted = deleted(connection, shunned.since)?;
        }
        Ok(shunned)
    }

    fn by_rows(
        connection: &'c Connection,
        campaign: CampaignId,
        within: Duration,
        now: UnixMillis,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            statement: connection.prepare_cached(WRITTEN)?,
            campaign,
            series: series::members(connection, campaign)?,
            since: now.before(within),
            now,
            deleted: HashMap::new(),
        })
    }

    /// When other campaigns last wrote to somebody.
    ///
    /// # Errors
    /// The file's.
    pub fn written(&mut self, person: &str) -> Result<Written, StoreError> {
        let rows = self
            .statement
            .query_map(params![person, self.since.0, self.now.0], |row| {
                Ok((CampaignId(row.get(0)?), UnixMillis(row.get(1)?)))
            })?;
        let by_deleted = self.deleted.get(person).copied();
        let mut written = Written {
            at_all: by_deleted,
            by_another: by_deleted,
        };
        for row in rows {
            let (by, at) = row?;
            if by != self.campaign {
                written.at_all = written.at_all.max(Some(at));
            }
            if !self.series.contains(&by) {
                written.by_another = written.by_another.max(Some(at));
            }
        }
        Ok(written)
    }
}
