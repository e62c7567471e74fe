//! What was to leave from a number that is linked no more.
//!
//! Behind a device another number may be linked one day: its gateway's history says nothing of what the first one sent, and nobody has
//! said that the second one shall send it. Each row knows for which number it was asked for:
//!
//! | The row is | then |
//! |---|---|
//! | ready | dead: a person may have it sent from the number of now, or take it back |
//! | uncertain | a person's: it is not looked for any more |
//! | in flight | left alone; once it comes out, as above, unless it was accepted |
//!
//! It happens in the transaction that notes the other number, so that nothing is claimed or proven absent in between. Campaigns were paused
//! before: what of theirs was ready is pending again.

use mostrador_domain::{DeviceId, FailureCode, OutboxEvent, OutboxId, OutboxState};

use super::dependent::discard_with;
use super::row::{OutboxRow, get, ids, set_failure};
use super::uncertain::hand_to_operator;
use super::undo::stop_row;
use crate::{StoreError, Writing};

/// Another number is linked behind this device than the one for which all that is open was asked for.
pub(in crate::tables) fn another_number(
    writing: &mut Writing<'_>,
    device: DeviceId,
) -> Result<(), StoreError> {
    let open =
        "SELECT id FROM outbox WHERE device_id = ?1 AND state IN ('ready', 'uncertain') ORDER BY place";
    for id in ids(writing, open, device.0)? {
        settle(writing, id)?;
    }
    Ok(())
}

/// Another number may be linked behind this device, and nobody tells: what its gateway lists proves no absence.
pub(in crate::tables) fn unproven_number(
    writing: &mut Writing<'_>,
    device: DeviceId,
) -> Result<(), StoreError> {
    let uncertain = "SELECT id FROM outbox WHERE device_id = ?1 AND state = 'uncertain' ORDER BY place";
    for id in ids(writing, uncertain, device.0)? {
        hand_to_operator(writing, id)?;
    }
    Ok(())
}

/// A row has come out of flight: if another number is linked meanwhile, it waits for a person.
pub(super) fn came_out(writing: &mut Writing<'_>, row: &OutboxRow) -> Result<(), StoreError> {
    if row.of_earlier_number {
        settle(writing, row.id)?;
    }
    Ok(())
}

/// A person decides about a row of an earlier number.
pub(super) fn settle(writing: &mut Writing<'_>, id: OutboxId) -> Result<(), StoreError> {
    let row = get(writing, id)?;
    match row.state {
        // Nothing is left to do it to.
        OutboxState::Ready if row.message.is_none() => {
            discard_with(writing, id, OutboxEvent::DiscardAsked).map(drop)
        }
        OutboxState::Ready => stop_row(writing, id, FailureCode::NumberChanged),
        OutboxState::Uncertain => {
            set_failure(writing, id, FailureCode::EarlierNumber)?;
            hand_to_operator(writing, id)
        }
        _ => Ok(()),
    }
}
