//! What stops a campaign, or keeps one person out of it. It bites before the next message: what waits in the outbox and was not
//! claimed is taken back in the same transaction. What was claimed may be reaching the customer; it is followed as ever.

use mostrador_campaigns::state::{
    CampaignEvent, CampaignState, FailReason, Pause, RecipientEvent, RecipientState, SkipReason,
};
use mostrador_domain::{CampaignId, DeviceId, FailureCode, RecipientId, UnixMillis};
use rusqlite::{Connection, OptionalExtension, params};

use super::follow::{Try, standing_client_id};
use super::{life, recipient, row};
use crate::tables::leftover::AT_ONCE;
use crate::tables::outbox;
use crate::{Change, StoreError, StoreErrorKind, Writing};

/// A person wants a pause.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] if it does not run.
pub fn pause(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    life::step(writing, id, CampaignEvent::PauseAsked)?;
    take_all_back(writing, id)
}

/// Something says that going on would hurt the number: it is paused with its cause. `false` = it is paused for a cause already,
/// or does not run.
///
/// # Errors
/// The file's.
pub fn brake(writing: &mut Writing<'_>, id: CampaignId, cause: Pause) -> Result<bool, StoreError> {
    match life::step(writing, id, CampaignEvent::Braked(cause)) {
        Ok(_) => {}
        Err(error) if error.kind == StoreErrorKind::StateChanged => return Ok(false),
        Err(error) => return Err(error),
    }
    take_all_back(writing, id)?;
    Ok(true)
}

/// The same for all campaigns of a device. Gives how many were paused.
///
/// # Errors
/// The file's.
pub fn brake_device(writing: &mut Writing<'_>, device: DeviceId, cause: Pause) -> Result<u32, StoreError> {
    let mut braked = 0;
    for id in row::open(writing, Some(device))? {
        braked += u32::from(brake(writing, id, cause)?);
    }
    Ok(braked)
}

/// Another number is linked behind a device: whatever was to leave from the one before is a person's to decide. What runs is paused, and
/// what was to start by itself waits for them.
///
/// # Errors
/// The file's.
pub(in crate::tables) fn another_number(
    writing: &mut Writing<'_>,
    device: DeviceId,
) -> Result<(), StoreError> {
    brake_device(writing, device, Pause::AnotherNumber)?;
    for scheduled in row::scheduled(writing)? {
        if scheduled.device == device {
            life::withheld(writing, scheduled.id)?;
        }
    }
    Ok(())
}

/// A restriction that paused campaigns of a device ends then, as far as is known: whoever paused them could not say so. `false` = that
/// is no news.
///
/// # Errors
/// The file's.
pub fn restriction_ends(
    writing: &mut Writing<'_>,
    device: DeviceId,
    ends: UnixMillis,
) -> Result<bool, StoreError> {
    let mut news = false;
    for id in endless(writing, device)? {
        let said = CampaignState::Paused(Pause::Restricted { until: Some(ends) });
        let sql = "UPDATE campaign SET pause = ?2 WHERE id = ?1 AND state = 'paused' AND pause = ?3";
        let told = writing.prepare_cached(sql)?.execute(params![
            id.0,
            row::pause_json(said),
            row::pause_json(ENDLESS)
        ])?;
        if told > 0 {
            life::told(writing, id);
            news = true;
        }
    }
    Ok(news)
}

/// A restriction of which nobody has said until when.
const ENDLESS: CampaignState = CampaignState::Paused(Pause::Restricted { until: None });

/// The campaigns of a device that are paused by a restriction of which nobody has said until when.
///
/// # Errors
/// The file's.
pub fn endless(connection: &Connection, device: DeviceId) -> Result<Vec<CampaignId>, StoreError> {
    let mut found = Vec::new();
    for id in row::open(connection, Some(device))? {
        if row::get(connection, id)?.state == ENDLESS {
            found.push(id);
        }
    }
    Ok(found)
}

/// A person ends it. From now on nobody has a turn; who was not written to is skipped, of many the first ones at once and the others in
/// portions ([`skip_some`]).
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] once it has ended.
pub fn cancel(writing: &mut Writing<'_>, id: CampaignId, now: UnixMillis) -> Result<(), StoreError> {
    life::step(writing, id, CampaignEvent::Cancelled)?;
    take_all_back(writing, id)?;
    life::ended(writing, id, now)?;
    if skip(writing, id, AT_ONCE)? == AT_ONCE {
        writing.touch(Change::Leftovers);
    }
    Ok(())
}

/// SQL: campaigns that were ended, and of which somebody is not skipped yet.
const TO_SKIP: &str = "SELECT c.id FROM campaign c WHERE c.state = 'cancelled'
     AND EXISTS (SELECT 1 FROM recipient r WHERE r.audience_id = c.audience_id AND r.state = 'pending') ORDER BY c.id LIMIT 1";

/// SQL: a portion of those who were not written to.
pub(in crate::tables) const SKIPPED: &str = "UPDATE recipient SET state = 'skipped', reason = ?2, held = 0,
       settled_at = (SELECT ended_at FROM campaign WHERE id = ?1)
     WHERE id IN (SELECT id FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'pending'
                   ORDER BY place LIMIT ?3)";

/// Skips up to `limit` people of campaigns that were ended. `false` = nobody is left.
pub(in crate::tables) fn skip_some(writing: &mut Writing<'_>, limit: u32) -> Result<bool, StoreError> {
    let next: Option<i64> = writing
        .prepare_cached(TO_SKIP)?
        .query_row([], |row| row.get(0))
        .optional()?;
    match next {
        Some(id) => skip(writing, CampaignId(id), limit).map(|skipped| skipped > 0),
        None => Ok(false),
    }
}

fn skip(writing: &mut Writing<'_>, id: CampaignId, limit: u32) -> Result<u32, StoreError> {
    let reason = SkipReason::Cancelled.as_str();
    let skipped = writing
        .prepare_cached(SKIPPED)?
        .execute(params![id.0, reason, limit])?;
    writing.touch(Change::Campaign(id));
    Ok(u32::try_from(skipped).unwrap_or(u32::MAX))
}

/// A person takes one recipient out before their turn.
///
/// # Errors
/// [`StoreErrorKind::NotFound`]; [`StoreErrorKind::StateChanged`] once their message was claimed.
pub fn take_out(writing: &mut Writing<'_>, id: RecipientId, now: UnixMillis) -> Result<(), StoreError> {
    let standing = recipient::standing(writing, id)?.ok_or_else(StoreError::not_found)?;
    if standing.state == RecipientState::Queued {
        take_back(writing, id, standing.tries)?;
    }
    let out = RecipientEvent::Skipped(SkipReason::TakenOut);
    recipient::step(writing, id, out, Some(now))?.ok_or_else(StoreError::state_changed)?;
    life::all_settled(writing, standing.campaign, now).map(drop)
}

/// A session begins: nobody has heard yet what customers wanted meanwhile, so that all turns that were given before come again.
///
/// # Errors
/// The file's.
pub fn after_restart(writing: &mut Writing<'_>, device: DeviceId) -> Result<(), StoreError> {
    for id in row::open(writing, Some(device))? {
        take_all_back(writing, id)?;
    }
    Ok(())
}

/// Takes all of a campaign out of the outbox that was not claimed.
fn take_all_back(writing: &mut Writing<'_>, id: CampaignId) -> Result<(), StoreError> {
    let queued: Vec<(RecipientId, u32)> = {
        let sql = "SELECT id, tries FROM recipient WHERE audience_id = (SELECT audience_id FROM campaign WHERE id = ?1) AND state = 'queued'";
        let mut statement = writing.prepare_cached(sql)?;
        let rows = statement.query_map([id.0], |row| Ok((RecipientId(row.get(0)?), row.get(1)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (recipient, tries) in queued {
        take_back(writing, recipient, tries)?;
    }
    Ok(())
}

/// Takes a message that no recipient waits for any more out of the outbox. `false` = it was claimed.
pub(super) fn withdraw(writing: &mut Writing<'_>, tried: Try) -> Result<bool, StoreError> {
    let client_id = tried.client_id();
    if !outbox::can_be_withdrawn(writing, &client_id)? {
        return Ok(false);
    }
    outbox::withdraw(writing, &client_id)?;
    Ok(true)
}

/// A message of somebody who has `failed` waits in the outbox again, since a person wants it: it stays failed, for the reason that it
/// had, and can be tried again once the campaign goes on. `false` = it was claimed.
pub(super) fn retry(
    writing: &mut Writing<'_>,
    tried: Try,
    failed: RecipientState,
) -> Result<bool, StoreError> {
    let client_id = tried.client_id();
    if !outbox::can_be_withdrawn(writing, &client_id)? {
        return Ok(false);
    }
    let code = match failed {
        RecipientState::Failed(FailReason::Refused(code)) => code,
        _ => FailureCode::NoAnswer,
    };
    outbox::stop(writing, &client_id, code)?;
    Ok(true)
}

/// Takes a queued recipient's message out of the outbox if it was not claimed: their turn comes again. `false` = it was.
pub(super) fn take_back(writing: &mut Writing<'_>, id: RecipientId, tries: u32) -> Result<bool, StoreError> {
    let client_id = standing_client_id(writing, id, tries)?;
    if !outbox::can_be_withdrawn(writing, &client_id)? {
        return Ok(false);
    }
    // Before the outbox lets go of it: what a person takes out of the outbox is not sent at all.
    recipient::step(writing, id, RecipientEvent::TakenBack, None)?;
    outbox::withdraw(writing, &client_id)?;
    Ok(true)
}
