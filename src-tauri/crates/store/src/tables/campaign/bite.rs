//! Why somebody is not written to now, and what happens at once when that becomes known while campaigns run.
//!
//! | In the way | whose turn has come | is in the outbox, not claimed |
//! |---|---|---|
//! | they want no more ([`opt_out`]) | opted out | taken back, opted out |
//! | the device has blocked them ([`block`]) | skipped: blocked | taken back, skipped |
//! | they may have meant that they want no more | held: the turn of the others comes, theirs when a person has decided | taken back, held |
//!
//! It bites in the transaction in which it becomes known, and [`super::queue_next`] looks again before each message. One that was
//! claimed may be reaching them. Held is a mark on a row that is pending; it never outlives that state. A campaign does not end
//! while somebody of it is held.

use mostrador_campaigns::state::{RecipientEvent, SkipReason};
use mostrador_domain::{Address, CampaignId, DeviceId, RecipientId, UnixMillis};
use rusqlite::Connection;

use super::opt_out::Wished;
use super::stop::take_back;
use super::{life, opt_out, recipient, row};
use crate::tables::{block, person};
use crate::{Change, StoreError, Writing};

/// Why somebody is not written to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tables) enum Way {
    /// Not at all.
    Ends(RecipientEvent),
    /// Not before a person has decided.
    Held,
}

/// What is in the way of writing to the person at `address`.
pub(in crate::tables) fn in_the_way(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
) -> Result<Option<Way>, StoreError> {
    let wished = opt_out::wished(connection, address)?;
    if wished == Wished::Out {
        return Ok(Some(Way::Ends(RecipientEvent::OptedOut)));
    }
    if block::of(connection, device, address)?.is_some() {
        let blocked = RecipientEvent::Skipped(SkipReason::Blocked);
        return Ok(Some(Way::Ends(blocked)));
    }
    Ok((wished == Wished::Asked).then_some(Way::Held))
}

/// Something became known of the person at `address`: whatever of theirs waits in the outbox is taken back, if that is in the way.
/// `device`: it concerns the campaigns of one device.
pub(in crate::tables) fn bites(
    writing: &mut Writing<'_>,
    device: Option<DeviceId>,
    address: &Address,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let theirs = person::addresses_of(writing, address)?;
    for campaign in row::open(writing, device)? {
        for id in those(writing, QUEUED, campaign)? {
            let row = recipient::get(writing, id)?;
            let is_theirs = row.address.is_some_and(|address| theirs.contains(&address));
            if is_theirs && take_back(writing, id, row.tries)? {
                judge(writing, campaign, id, now)?;
            }
        }
        life::all_settled(writing, campaign, now)?;
    }
    decided(writing, now)
}

/// A person decided what somebody meant, or they said it plainly: whoever is held and need not be, is so no longer.
pub(super) fn decided(writing: &mut Writing<'_>, now: UnixMillis) -> Result<(), StoreError> {
    for campaign in row::open(writing, None)? {
        for id in those(writing, HELD, campaign)? {
            judge(writing, campaign, id, now)?;
        }
        life::all_settled(writing, campaign, now)?;
    }
    Ok(())
}

/// What becomes of somebody who is pending.
pub(super) fn judge(
    writing: &mut Writing<'_>,
    campaign: CampaignId,
    id: RecipientId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let device = row::get(writing, campaign)?.device;
    let way = match recipient::get(writing, id)?.address {
        Some(address) => in_the_way(writing, device, &address)?,
        None => None,
    };
    match way {
        Some(Way::Ends(event)) => recipient::step(writing, id, event, Some(now)).map(drop),
        Some(Way::Held) => hold(writing, campaign, id, true),
        None => hold(writing, campaign, id, false),
    }
}

/// The turn of somebody who is pending waits for a person, or does so no longer.
pub(super) fn hold(
    writing: &mut Writing<'_>,
    campaign: CampaignId,
    id: RecipientId,
    held: bool,
) -> Result<(), StoreError> {
    let sql = "UPDATE recipient SET held = ?2 WHERE id = ?1 AND state = 'pending' AND held <> ?2";
    if writing
        .prepare_cached(sql)?
        .execute(rusqlite::params![id.0, held])?
        > 0
    {
        writing.touch(Change::Campaign(campaign));
    }
    Ok(())
}

/// How many of a campaign are held.
///
/// # Errors
/// The file's.
pub fn held(connection: &Connection, campaign: CampaignId) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM recipient INDEXED BY recipient_held WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND held = 1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([campaign.0], |row| row.get(0))?)
}

/// SQL: who of a campaign is in the outbox.
const QUEUED: &str = "SELECT id FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'queued'";
/// SQL: who of a campaign is held.
pub(in crate::tables) const HELD: &str = "SELECT id FROM recipient INDEXED BY recipient_held WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND held = 1";

fn those(connection: &Connection, sql: &str, campaign: CampaignId) -> Result<Vec<RecipientId>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([campaign.0], |row| Ok(RecipientId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
