//! What the gateway has said of the numbers of an audience. It is the authority: of a number with two spellings it says which one is
//! on WhatsApp, and that is the one that is dialled. What was written stays beside it.

use std::time::Duration;

use mostrador_campaigns::state::{CampaignState, RecipientEvent, SkipReason};
use mostrador_domain::{Address, AddressKind, CampaignId, DeviceId, RecipientId, UnixMillis};
use rusqlite::{Connection, params};

use crate::quiet::quiet_debug;
use crate::tables::campaign::recipient::{self, person_key};
use crate::tables::campaign::{edited, get};
use crate::tables::number_check;
use crate::{Change, StoreError, Writing};

/// For how long an answer about a number holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// That it is on WhatsApp.
    pub there: Duration,
    /// That it is not.
    pub not_there: Duration,
}

/// What is known of a person's number.
pub(super) enum Known {
    /// It is there, at this spelling.
    There(Address),
    /// None of its spellings is.
    NotThere,
    /// Not enough.
    Not,
}

/// What is known of a number under all of its spellings, as far as it is not too old.
pub(super) fn known(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
    patience: Patience,
    now: UnixMillis,
) -> Result<Known, StoreError> {
    match next_spelling(connection, device, address, patience, now)? {
        Ok(known) => Ok(known),
        Err(_) => Ok(Known::Not),
    }
}

/// What is known, or the spelling that is to be asked for next.
fn next_spelling(
    connection: &Connection,
    device: DeviceId,
    address: &Address,
    patience: Patience,
    now: UnixMillis,
) -> Result<Result<Known, String>, StoreError> {
    let person = person_key(address);
    let mut to_ask = None;
    for spelling in std::iter::once(address.clone()).chain(address.variants()) {
        let Some(digits) = spelling.phone_digits() else {
            continue;
        };
        let kept = number_check::get(connection, device, digits)?;
        let age = kept.as_ref().map(|row| now.since(row.checked_at));
        match (kept.map(|row| row.address), age) {
            (Some(Some(there)), Some(age)) if age < patience.there => {
                let is_theirs = there.kind() == AddressKind::Phone && person_key(&there) == person;
                return Ok(Ok(Known::There(if is_theirs { there } else { spelling })));
            }
            (Some(None), Some(age)) if age < patience.not_there => {}
            _ => {
                to_ask.get_or_insert_with(|| digits.to_owned());
            }
        }
    }
    Ok(to_ask.map_or(Ok(Known::NotThere), Err))
}

/// How much is known of an audience's numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumbersKnown {
    /// Of whom it is known.
    pub known: u32,
    /// Everybody who has a number and was not left out for another reason.
    pub total: u32,
    /// Of those, who is not on WhatsApp.
    pub not_on_whatsapp: u32,
    /// When the oldest of the answers came by which somebody is to be written to.
    pub oldest: Option<UnixMillis>,
}

/// SQL: the pending ones of a campaign, of how many of them it is known, and since when of all of these.
const KNOWN: &str = "SELECT count(*), count(n.digits), min(n.checked_at) FROM recipient r
       LEFT JOIN number_check n ON n.device_id = ?2 AND n.digits = substr(r.address, 1, instr(r.address, '@') - 1)
        AND n.address IS NOT NULL AND n.checked_at > ?3
     WHERE r.audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND r.state = 'pending'";

/// How much is known of the numbers of a campaign.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn numbers_known(
    connection: &Connection,
    id: CampaignId,
    patience: Patience,
    now: UnixMillis,
) -> Result<NumbersKnown, StoreError> {
    let device: i64 = connection
        .prepare_cached("SELECT device_id FROM campaign WHERE id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let since = now.before(patience.there).0;
    let (pending, known, oldest): (u32, u32, Option<i64>) = connection
        .prepare_cached(KNOWN)?
        .query_row(params![id.0, device, since], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let sql = "SELECT count(*) FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'skipped' AND reason = ?2";
    let not_there: u32 = connection
        .prepare_cached(sql)?
        .query_row(params![id.0, SkipReason::NotOnWhatsapp.as_str()], |row| {
            row.get(0)
        })?;
    Ok(NumbersKnown {
        known: known + not_there,
        total: pending + not_there,
        not_on_whatsapp: not_there,
        oldest: oldest.map(UnixMillis),
    })
}

/// Somebody whose number is to be asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub id: RecipientId,
    /// Their turn.
    pub place: u32,
    /// The digits to ask for: of one spelling after the other.
    pub digits: String,
}

quiet_debug!(Asked { id, place });

/// Up to `limit` people of a campaign after a turn of whose number too little is known, and the turn up to which was looked.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`].
pub fn to_ask(
    connection: &Connection,
    id: CampaignId,
    after: Option<u32>,
    limit: usize,
    patience: Patience,
    now: UnixMillis,
) -> Result<Vec<Asked>, StoreError> {
    let device = get(connection, id)?.device;
    let sql = "SELECT id, place, address FROM recipient
                WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'pending' AND place > ?2 AND address IS NOT NULL ORDER BY place";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![id.0, after.map_or(-1, i64::from)])?;
    let mut asked = Vec::new();
    while asked.len() < limit
        && let Some(row) = rows.next()?
    {
        let address = Address::parse(&row.get::<_, String>(2)?);
        if let Err(digits) = next_spelling(connection, device, &address, patience, now)? {
            asked.push(Asked {
                id: RecipientId(row.get(0)?),
                place: row.get(1)?,
                digits,
            });
        }
    }
    Ok(asked)
}

/// Takes over what was said of people's numbers, which is kept already ([`number_check::keep`]): who is not on WhatsApp is skipped, who
/// is there under another spelling is written to at that one. Gives how many were skipped.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] once it has started.
pub fn said(
    writing: &mut Writing<'_>,
    id: CampaignId,
    asked: &[RecipientId],
    patience: Patience,
    now: UnixMillis,
) -> Result<u32, StoreError> {
    let campaign = get(writing, id)?;
    if !matches!(
        campaign.state,
        CampaignState::Draft | CampaignState::Rehearsed | CampaignState::Scheduled
    ) {
        return Err(StoreError::state_changed());
    }
    let mut skipped = 0;
    for recipient in asked {
        let row = recipient::get(writing, *recipient)?;
        let Some(address) = row.address.filter(|_| row.campaign == id) else {
            continue;
        };
        match known(writing, campaign.device, &address, patience, now)? {
            Known::NotThere => {
                let not_there = RecipientEvent::Skipped(SkipReason::NotOnWhatsapp);
                skipped += u32::from(recipient::step(writing, *recipient, not_there, Some(now))?.is_some());
            }
            Known::There(there) if there != address => {
                let sql = "UPDATE recipient SET address = ?2 WHERE id = ?1 AND state = 'pending'";
                writing
                    .prepare_cached(sql)?
                    .execute(params![recipient.0, there.as_str()])?;
                if let Some(digits) = there.phone_digits() {
                    number_check::keep(writing, campaign.device, digits, Some(&there), now)?;
                }
            }
            Known::There(_) | Known::Not => {}
        }
    }
    // The rehearsal told more people, and a later end. One that has its time keeps it: fewer people need no new rehearsal, and whoever set
    // the time may not be here any more.
    if skipped > 0 && campaign.state == CampaignState::Rehearsed {
        edited(writing, id)?;
    }
    writing.touch(Change::Campaign(id));
    Ok(skipped)
}
