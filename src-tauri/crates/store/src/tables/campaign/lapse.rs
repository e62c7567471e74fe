//! The pacer's word for one message holds for a short while. What did not leave by then has no turn any more: the network was gone,
//! the computer off, the device waited for its gateway, something older of the chat was in the way.
//!
//! Looked at when the outbox is about to claim a campaign's row:
//!
//! | The row's recipient | then |
//! |---|---|
//! | is of a campaign that was deleted, or is queued under a later try | withdrawn: nobody would know what became of it |
//! | wants no more, or is blocked | withdrawn; who is queued is judged as in [`bite`] |
//! | is queued, and their turn was longer ago than [`HOLDS`] | taken back: pending, until the pacer says that a message may leave |
//! | is queued, and their file was put at the gateway longer ago than [`HOLDS_WITH_FILE`] | the same |
//! | is queued, and another campaign for those who were not reached did so or may yet | the same; at their turn they are skipped |
//! | has failed, a person sends it again by its chat, and the campaign was paused or cancelled since | failed, as before they did |
//! | anything else | claimed |
//!
//! How often a message was tried goes with it into its next turn ([`super::queue_next`]), so that one that never goes is given up.

use std::time::Duration;

use mostrador_campaigns::state::RecipientState;
use mostrador_domain::{OutboxKind, UnixMillis};
use rusqlite::Connection;

use super::follow::Try;
use super::{bite, family, recipient, stop};
use crate::tables::outbox;
use crate::{StoreError, Writing};

/// For how long a turn holds.
pub(super) const HOLDS: Duration = Duration::from_secs(30);
/// For how long it holds after its file was last being put at the gateway: a large one takes its time.
pub(super) const HOLDS_WITH_FILE: Duration = Duration::from_secs(1_800);

/// A row that is about to be claimed.
#[derive(Debug, Clone, Copy)]
pub(in crate::tables) struct Due<'a> {
    pub(in crate::tables) client_id: &'a str,
    pub(in crate::tables) kind: Option<OutboxKind>,
    /// When the upload that it depends on was claimed last.
    pub(in crate::tables) uploaded_at: Option<UnixMillis>,
}

impl Due<'_> {
    fn tried(&self) -> Option<Try> {
        match self.kind? {
            OutboxKind::Send => Try::of(self.client_id),
            OutboxKind::Upload => Try::of(self.client_id.strip_suffix(outbox::UPLOAD)?),
            _ => None,
        }
    }
}

/// Takes a campaign's message out of the outbox if it may not leave now. `false` = it may, or it is no campaign's.
pub(in crate::tables) fn lapsed(
    writing: &mut Writing<'_>,
    due: Due<'_>,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let Some(tried) = due.tried() else {
        return Ok(false);
    };
    let standing = recipient::standing(writing, tried.recipient)?;
    let Some(standing) = standing.filter(|standing| standing.tries == tried.tries) else {
        return stop::withdraw(writing, tried);
    };
    let row = recipient::get(writing, tried.recipient)?;
    let campaign = super::get(writing, standing.campaign)?;
    let way = match &row.address {
        Some(address) => bite::in_the_way(writing, campaign.device, address)?,
        None => None,
    };
    if standing.state != RecipientState::Queued {
        // A person sends it again by its chat. That is theirs to decide, but for what the customer wants, and what stops the campaign.
        return match way {
            Some(bite::Way::Ends(_)) => stop::withdraw(writing, tried),
            _ if campaign.state.is_stopped() => stop::retry(writing, tried, standing.state),
            Some(bite::Way::Held) | None => Ok(false),
        };
    }
    let reached = match &row.address {
        Some(address) => family::reached(writing, campaign.id, address)?,
        None => false,
    };
    if way.is_none() && !reached && holds(row.queued_at, due.uploaded_at, now) {
        return Ok(false);
    }
    if !stop::take_back(writing, tried.recipient, tried.tries)? {
        return Ok(false);
    }
    bite::judge(writing, standing.campaign, tried.recipient, now)?;
    Ok(true)
}

/// By the wall clock, which may have been set in between: then nobody knows how long ago it was.
fn holds(queued_at: Option<UnixMillis>, uploaded_at: Option<UnixMillis>, now: UnixMillis) -> bool {
    let within = |at: UnixMillis, span: Duration| u128::from(at.0.abs_diff(now.0)) <= span.as_millis();
    match (queued_at, uploaded_at) {
        (_, Some(at)) => within(at, HOLDS_WITH_FILE),
        (Some(at), None) => within(at, HOLDS),
        (None, None) => false,
    }
}

/// How often the try before this one was made: it counts on.
pub(super) fn attempts_before(connection: &Connection, tried: Try) -> Result<u32, StoreError> {
    match tried.tries.checked_sub(1) {
        Some(tries) => {
            let earlier = super::follow::standing_client_id(connection, tried.recipient, tries)?;
            outbox::attempts_of(connection, &earlier)
        }
        None => Ok(0),
    }
}
