//! What a person says of an uncertain recipient, after a look at the phone.

use mostrador_campaigns::state::{RecipientEvent, RecipientState};
use mostrador_domain::{RecipientId, UnixMillis};
use rusqlite::params;

use super::follow::{self, standing_client_id};
use super::{life, recipient};
use crate::tables::outbox::{self, OperatorWord};
use crate::{StoreError, Writing};

/// What a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleWord {
    /// It went.
    Sent,
    /// It did not go, and that is that.
    NotSent,
    /// It did not go, and shall be sent when its turn comes.
    Again,
}

/// Settles an uncertain recipient by a person's word. Its row of the outbox, where it is still there, is settled with it.
///
/// # Errors
/// [`crate::StoreErrorKind::NotFound`]; [`crate::StoreErrorKind::StateChanged`] if they are not uncertain any more, or if
/// something is to be sent for a campaign that has ended, or that is still being looked for.
pub fn settle(
    writing: &mut Writing<'_>,
    id: RecipientId,
    word: SettleWord,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row = recipient::get(writing, id)?;
    let over = life::state(writing, row.campaign)?.is_final();
    let again = word == SettleWord::Again;
    // While it is being looked for it may yet be found, so that it would be sent twice.
    if row.state != RecipientState::Uncertain || (again && (over || !row.needs_operator)) {
        return Err(StoreError::state_changed());
    }
    let waits = outbox::is_uncertain(writing, &standing_client_id(writing, id, row.tries)?)?;
    let event = match word {
        SettleWord::Sent => RecipientEvent::SaidSent,
        SettleWord::NotSent => RecipientEvent::SaidNotSent,
        SettleWord::Again => RecipientEvent::TryAgain,
    };
    recipient::step(writing, id, event, Some(now))?.ok_or_else(StoreError::state_changed)?;
    if word == SettleWord::Sent {
        // Of whom no turn is known since a rescue: it went now at the latest, and no other campaign is to write to them in its days.
        writing
            .prepare_cached("UPDATE recipient SET queued_at = ?2 WHERE id = ?1 AND queued_at IS NULL")?
            .execute(params![id.0, now.0])?;
        follow::answered_meanwhile(writing, id)?;
    }
    if let Some(message) = row.message.filter(|_| waits) {
        if word == SettleWord::Sent {
            outbox::operator_says(writing, message, OperatorWord::ItWent, now)?;
        } else {
            outbox::let_go_of_uncertain(writing, message, now)?;
        }
    }
    life::all_settled(writing, row.campaign, now).map(drop)
}
