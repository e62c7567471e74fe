//! What a person says of an uncertain recipient, after a look at the phone.

use mostrador_campaigns::state::{RecipientEvent, RecipientState};
use mostrador_domain::{RecipientId, UnixMillis};

use super::follow::client_id;
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
/// something is to be sent for a campaign that has ended.
pub fn settle(
    writing: &mut Writing<'_>,
    id: RecipientId,
    word: SettleWord,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let row = recipient::get(writing, id)?;
    let over = life::state(writing, row.campaign)?.is_final();
    if row.state != RecipientState::Uncertain || (over && word == SettleWord::Again) {
        return Err(StoreError::state_changed());
    }
    let waits = outbox::is_uncertain(writing, &client_id(id, row.tries))?;
    let event = match word {
        SettleWord::Sent => RecipientEvent::SaidSent,
        SettleWord::NotSent => RecipientEvent::SaidNotSent,
        SettleWord::Again => RecipientEvent::TryAgain,
    };
    recipient::step(writing, id, event, Some(now))?.ok_or_else(StoreError::state_changed)?;
    if let Some(message) = row.message.filter(|_| waits) {
        if word == SettleWord::Sent {
            outbox::operator_says(writing, message, OperatorWord::ItWent, now)?;
        } else {
            outbox::operator_says(writing, message, OperatorWord::ItDidNot, now)?;
            outbox::operator_says(writing, message, OperatorWord::Discard, now)?;
        }
    }
    life::all_settled(writing, row.campaign, now).map(drop)
}
