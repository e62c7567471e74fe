//! A campaign's audience: gathered out of sight, then taken over at once.
//!
//! What becomes of an audience as a whole, and what is true after a death in between, is told in [`whole`].
//!
//! Each person is decided here, whatever the list said of them a minute ago ([`stage`]):
//!
//! | Rule, the first that fits | becomes |
//! |---|---|
//! | whoever brought them left them out | skipped, for that reason |
//! | no number; a LID of whom no number is known; a group | skipped: invalid number |
//! | the device's own number | skipped |
//! | the same person is there already, under any spelling | skipped: duplicate |
//! | does not want to be written to, under any spelling or address | opted out |
//! | the device has blocked them, under any spelling or address | skipped: blocked |
//! | the gateway said lately of each spelling that it is not on WhatsApp | skipped |
//! | else | pending, at the spelling that the gateway knows, if it said so |

mod facts;
mod missed;
mod numbers;
mod people;
mod same;
mod sources;
mod stream;
pub(in crate::tables) mod whole;

use mostrador_campaigns::state::{RecipientState, SkipReason};
use mostrador_campaigns::wording::{Table, Variants};
use mostrador_domain::{Address, AddressKind, AudienceId, CampaignId, DeviceId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

pub use facts::{Lately, People, facts_of, in_use_since, lately};
pub use missed::{Missed, may_be_chosen, was_left_out};
pub use numbers::{Asked, NumbersKnown, Patience, numbers_known, said, to_ask};
pub(in crate::tables::campaign) use people::was_written_to;
pub use people::{Kept, Shunned, Written, Wrote, asked, blocked, left_alone, who_wrote};
pub use same::{Range, judged_anew, missed_people, same_people};
pub use sources::{Found, Source, columns_of, each_of};
pub use stream::{Member, after, each, each_gathered, skipped, varied};
pub use whole::{
    anybody_written_to, begin, begin_another, is_unfinished, leave, leave_unfinished, missing, of, size,
};

#[cfg(test)]
pub(in crate::tables) use {
    facts::{LATELY, OLDEST, OLDEST_SINCE},
    people::{CAME_IN, CAME_IN_SINCE, CHATS, NEWEST, WRITTEN},
    sources::{IN_STATE, LABELLED, LEFT_OUT, MEMBERS, SAVED},
    stream::PENDING,
    whole::PORTION,
};

use super::recipient::{person_key, reason_of};
use super::{edited, opt_out, set_sources};
use crate::quiet::quiet_debug;
use crate::tables::message::columns::json;
use crate::tables::{block, person};
use crate::{StoreError, Writing};

/// Somebody who is to join an audience.
#[derive(Clone, PartialEq)]
pub struct Joining {
    /// The number that the spreadsheet shows beside their row.
    pub row: Option<u32>,
    /// Their number as it was written.
    pub written: String,
    /// Their address: of a number, or a LID.
    pub address: Option<Address>,
    /// What stands in their columns.
    pub cells: Vec<String>,
    /// They are left out from the start, and why.
    pub left_out: Option<SkipReason>,
}

quiet_debug!(Joining { row, left_out });

/// For which campaign people are gathered.
#[derive(Clone)]
pub struct Gathering {
    /// Which.
    pub campaign: CampaignId,
    /// The device that sends it.
    pub device: DeviceId,
    /// That device's own number.
    pub own: Option<Address>,
    /// The shares of its texts; `None` = they are not settled yet.
    pub variants: Option<Variants>,
    /// For how long an answer about a number holds.
    pub patience: Patience,
    /// Now.
    pub now: UnixMillis,
}

quiet_debug!(Gathering {
    campaign,
    device,
    now
});

/// Puts these people behind those who are gathered already.
///
/// # Errors
/// The file's.
pub fn stage(
    writing: &Writing<'_>,
    audience: AudienceId,
    gathering: &Gathering,
    people: &[Joining],
) -> Result<(), StoreError> {
    let own = gathering.own.as_ref().map(person_key);
    let sql = "INSERT INTO recipient (audience_id, row, written, address, person, cells, variant, state, reason, settled_at, place)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, (SELECT coalesce(max(place) + 1, 0) FROM recipient WHERE audience_id = ?1))";
    let mut statement = writing.prepare_cached(sql)?;
    for joining in people {
        let decided = decide(writing, (audience, gathering), own.as_deref(), joining)?;
        let variant = decided.person.as_deref().map_or(0, |person| {
            gathering
                .variants
                .as_ref()
                .map_or(0, |variants| variant_of(variants, gathering.campaign, person))
        });
        statement.execute(params![
            audience.0,
            joining.row,
            joining.written,
            decided.address.as_ref().map(Address::as_str),
            decided.person,
            json(&joining.cells),
            variant,
            decided.state.as_str(),
            reason_of(decided.state),
            decided.state.is_final().then_some(gathering.now.0)
        ])?;
    }
    Ok(())
}

/// Which text somebody gets, from 0: the same at every look.
pub fn variant_of(variants: &Variants, campaign: CampaignId, person: &str) -> u8 {
    u8::try_from(variants.pick(&campaign.to_string(), person)).unwrap_or(0)
}

/// Puts what was gathered in place of a campaign's audience. Gives how many people that are, with those who are left out.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] once it has started; [`crate::StoreErrorKind::WrittenTo`] if
/// somebody whom it had was written to, or may have been.
pub fn take_over(
    writing: &mut Writing<'_>,
    audience: AudienceId,
    gathering: &Gathering,
    sources: &str,
    columns: &Table,
) -> Result<u32, StoreError> {
    let id = gathering.campaign;
    edited(writing, id)?;
    whole::give(writing, id, audience)?;
    set_sources(writing, id, sources, columns)?;
    size(writing, audience)
}

/// What becomes of somebody.
struct Decided {
    address: Option<Address>,
    person: Option<String>,
    state: RecipientState,
}

fn decide(
    connection: &Connection,
    (audience, gathering): (AudienceId, &Gathering),
    own: Option<&str>,
    joining: &Joining,
) -> Result<Decided, StoreError> {
    let mut address = match &joining.address {
        Some(address) => dialled(connection, address)?,
        None => None,
    };
    let person = address.as_ref().map(person_key);
    let state = match (joining.left_out, &address, person.as_deref()) {
        (Some(why), ..) => RecipientState::Skipped(why),
        (None, Some(known), Some(person)) => {
            let (state, there) = standing(connection, (audience, gathering), own, (known, person))?;
            address = there.or(address);
            state
        }
        _ => RecipientState::Skipped(SkipReason::InvalidNumber),
    };
    Ok(Decided {
        address,
        person,
        state,
    })
}

/// Of somebody with a number: their state, and where the gateway knows them, if that is another spelling.
fn standing(
    connection: &Connection,
    (audience, gathering): (AudienceId, &Gathering),
    own: Option<&str>,
    (address, person): (&Address, &str),
) -> Result<(RecipientState, Option<Address>), StoreError> {
    if own == Some(person) {
        return Ok((RecipientState::Skipped(SkipReason::OwnNumber), None));
    }
    if is_staged(connection, audience, person)? {
        return Ok((RecipientState::Skipped(SkipReason::Duplicate), None));
    }
    if opt_out::is_out(connection, address)? {
        return Ok((RecipientState::OptedOut, None));
    }
    if block::of(connection, gathering.device, address)?.is_some() {
        return Ok((RecipientState::Skipped(SkipReason::Blocked), None));
    }
    let known = numbers::known(
        connection,
        gathering.device,
        address,
        gathering.patience,
        gathering.now,
    )?;
    Ok(match known {
        numbers::Known::NotThere => (RecipientState::Skipped(SkipReason::NotOnWhatsapp), None),
        numbers::Known::There(there) => (RecipientState::Pending, Some(there)),
        numbers::Known::Not => (RecipientState::Pending, None),
    })
}

fn is_staged(connection: &Connection, audience: AudienceId, person: &str) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(STAGED)?
        .query_row(params![audience.0, person], |_| Ok(()))
        .optional()?
        .is_some())
}

/// SQL: is somebody gathered already?
pub(in crate::tables) const STAGED: &str = "SELECT 1 FROM recipient WHERE audience_id = ?1 AND person = ?2 AND person IS NOT NULL AND state <> 'skipped'";

/// The number that is dialled for an address: itself, or the one that a gateway said to be the LID's.
fn dialled(connection: &Connection, address: &Address) -> Result<Option<Address>, StoreError> {
    Ok(match address.kind() {
        AddressKind::Phone => Some(address.clone()),
        AddressKind::Lid => person::addresses_of(connection, address)?
            .into_iter()
            .find(|known| known.kind() == AddressKind::Phone),
        _ => None,
    })
}
