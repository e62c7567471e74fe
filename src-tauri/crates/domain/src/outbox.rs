//! The life of what we mean to send or do. Nothing is lost, nothing is sent twice.
//!
//! A row is a send, or one of the things that may be done twice without harm ([`OutboxKind`]): an upload, or an action on a
//! message. A row may depend on another one (upload → send → edit): it is claimed only when that one is Done.
//!
//! | State | means |
//! |---|---|
//! | Ready | stored; the worker sends it when its time has come |
//! | InFlight | claimed; the call is (about to be) made. After a crash nobody knows whether it was |
//! | Uncertain | it may or may not have been sent: asked of the gateway, then of the operator, never sent by itself |
//! | Done | the gateway accepted it |
//! | Dead | it cannot be sent, and says why; the operator may retry, correct or discard it |
//! | Discarded | taken back by the operator |
//!
//! | Event | from | to | what happened |
//! |---|---|---|---|
//! | Claimed | Ready | InFlight | the attempt is counted, then stored, then made |
//! | Accepted | InFlight | Done | the gateway gave its id |
//! | NotSent | InFlight | Ready | certainly without effect; next time = back-off or the gateway's own delay |
//! | Refused | InFlight | Dead | for good, with a reason |
//! | AttemptsUsedUp | InFlight | Dead | certainly without effect, as often as allowed |
//! | NoAnswer | InFlight | Uncertain; Ready if repeatable | the bytes left, no answer came |
//! | ProgramRestarted | InFlight | Uncertain; Ready if repeatable | the program died between claim and answer |
//! | Found | Uncertain; Ready if it was uncertain | Done | the gateway's history or an event shows it |
//! | ProvenAbsent | Uncertain | Ready | two looks, far enough apart, while online: it is not there |
//! | OperatorSaysSent | Uncertain | Done | a person looked at the phone |
//! | OperatorSaysNotSent | Uncertain | Ready | a person looked at the phone |
//! | RetryAsked | Dead | Ready | by the operator |
//! | DiscardAsked | Ready, Dead; an upload also InFlight | Discarded | by the operator, or with what it depends on |
//! | TakenBack | Ready, Dead; an upload also InFlight | Discarded | undone while it waits, tried or not, or corrected because it cannot be sent; it is a draft again |
//! | Superseded | Ready, Dead | Discarded | an action of its kind on the same message was asked for later; of one that was InFlight then, as it comes back |
//! | BasisDied | Ready | Dead | what it depends on is Dead; its reason is that one's |
//! | Stopped | Ready | Dead | a person had it tried again, and what it belongs to was stopped before it left; its reason is the one it had. Or another number is linked than the one that it was to leave from |
//! | Expired | an upload that is Done | Ready | a gateway does not keep a file for ever, and its send is still to be made |
//!
//! What was Dead with its basis is Ready again with it.
//!
//! Every transition is a compare-and-set in the store: who finds another state than the table's has lost the race
//! and does nothing.

mod kind;

pub use kind::OutboxKind;

use serde::{Deserialize, Serialize};

/// Where an outbox row is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Waiting for the worker.
    Ready,
    /// Claimed by the worker.
    InFlight,
    /// May or may not have been sent.
    Uncertain,
    /// Accepted by the gateway.
    Done,
    /// Cannot be sent.
    Dead,
    /// Taken back.
    Discarded,
}

/// What happens to an outbox row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxEvent {
    /// The worker takes it.
    Claimed,
    /// The gateway accepted it.
    Accepted,
    /// Certainly without effect.
    NotSent,
    /// Refused for good.
    Refused,
    /// Certainly without effect, and tried as often as allowed.
    AttemptsUsedUp,
    /// The bytes left and no answer came.
    NoAnswer,
    /// The program died with the row in flight.
    ProgramRestarted,
    /// The message was found at the gateway.
    Found,
    /// The message is surely not at the gateway.
    ProvenAbsent,
    /// The operator says that it went.
    OperatorSaysSent,
    /// The operator says that it did not go.
    OperatorSaysNotSent,
    /// The operator wants another try.
    RetryAsked,
    /// The operator takes it back, or what it depends on was taken back.
    DiscardAsked,
    /// It becomes a draft again: undone while it waits, or corrected because it cannot be sent.
    TakenBack,
    /// A later action takes its place.
    Superseded,
    /// What it depends on is dead.
    BasisDied,
    /// What it belongs to was stopped before it left, or the number that it was to leave from is linked no more.
    Stopped,
    /// What it put at the gateway may not be there any more.
    Expired,
}

impl OutboxState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Ready,
        Self::InFlight,
        Self::Uncertain,
        Self::Done,
        Self::Dead,
        Self::Discarded,
    ];

    /// The state of a send after `event`, or `None` if the event does not apply here: the caller has lost a race. Other
    /// kinds: [`OutboxKind::next`].
    pub fn next(self, event: OutboxEvent) -> Option<Self> {
        use OutboxEvent as E;
        match (self, event) {
            (Self::Ready, E::Claimed) => Some(Self::InFlight),
            (Self::InFlight, E::Accepted) => Some(Self::Done),
            (Self::InFlight, E::NotSent) => Some(Self::Ready),
            (Self::InFlight, E::Refused | E::AttemptsUsedUp) => Some(Self::Dead),
            (Self::InFlight, E::NoAnswer | E::ProgramRestarted) => Some(Self::Uncertain),
            (Self::Uncertain, E::Found | E::OperatorSaysSent) | (Self::Ready, E::Found) => Some(Self::Done),
            (Self::Uncertain, E::ProvenAbsent | E::OperatorSaysNotSent) => Some(Self::Ready),
            (Self::Dead, E::RetryAsked) => Some(Self::Ready),
            (Self::Ready | Self::Dead, E::DiscardAsked | E::TakenBack | E::Superseded) => {
                Some(Self::Discarded)
            }
            (Self::Ready, E::BasisDied | E::Stopped) => Some(Self::Dead),
            _ => None,
        }
    }

    /// The word the store uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::InFlight => "in_flight",
            Self::Uncertain => "uncertain",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Discarded => "discarded",
        }
    }

    /// The state that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OutboxEvent as E;

    const EVENTS: [E; 18] = [
        E::Claimed,
        E::Accepted,
        E::NotSent,
        E::Refused,
        E::AttemptsUsedUp,
        E::NoAnswer,
        E::ProgramRestarted,
        E::Found,
        E::ProvenAbsent,
        E::OperatorSaysSent,
        E::OperatorSaysNotSent,
        E::RetryAsked,
        E::DiscardAsked,
        E::TakenBack,
        E::Superseded,
        E::BasisDied,
        E::Stopped,
        E::Expired,
    ];

    #[test]
    fn a_row_that_may_have_been_sent_is_never_sent_again_without_proof() {
        let back: Vec<_> = EVENTS
            .into_iter()
            .filter(|e| OutboxState::Uncertain.next(*e) == Some(OutboxState::Ready))
            .collect();
        assert_eq!(
            back,
            [E::ProvenAbsent, E::OperatorSaysNotSent],
            "only proof or a person puts it back"
        );
    }

    #[test]
    fn a_claimed_row_after_a_restart_is_uncertain() {
        assert_eq!(
            OutboxState::InFlight.next(E::ProgramRestarted),
            Some(OutboxState::Uncertain),
            "nobody knows"
        );
        for state in [
            OutboxState::Ready,
            OutboxState::Uncertain,
            OutboxState::Done,
            OutboxState::Dead,
        ] {
            assert_eq!(
                state.next(E::ProgramRestarted),
                None,
                "{state:?} survives a restart as it is"
            );
        }
    }

    #[test]
    fn done_and_discarded_are_final() {
        for event in EVENTS {
            assert_eq!(
                OutboxState::Done.next(event),
                None,
                "{event:?} must not move an accepted message"
            );
            assert_eq!(
                OutboxState::Discarded.next(event),
                None,
                "{event:?} must not move a discarded message"
            );
        }
    }

    #[test]
    fn only_what_is_ready_can_be_claimed() {
        let claimable: Vec<_> = OutboxState::ALL
            .into_iter()
            .filter(|s| s.next(E::Claimed).is_some())
            .collect();
        assert_eq!(claimable, [OutboxState::Ready], "two claims would be two sends");
    }

    #[test]
    fn a_row_in_flight_cannot_be_discarded() {
        assert_eq!(
            OutboxState::InFlight.next(E::DiscardAsked),
            None,
            "it may be reaching the customer right now"
        );
        assert_eq!(
            OutboxState::Uncertain.next(E::DiscardAsked),
            None,
            "it may have reached the customer"
        );
    }

    #[test]
    fn only_what_certainly_did_not_go_is_a_draft_again() {
        for state in OutboxState::ALL {
            assert_eq!(
                state.next(E::TakenBack).is_some(),
                matches!(state, OutboxState::Ready | OutboxState::Dead),
                "{state:?}: what may have reached the customer is no draft any more"
            );
        }
    }

    #[test]
    fn state_words_read_back() {
        for state in OutboxState::ALL {
            assert_eq!(
                OutboxState::from_word(state.as_str()),
                Some(state),
                "{state:?} reads back"
            );
        }
    }
}
