//! What a row of the outbox does, and which of it may be done twice.

use serde::{Deserialize, Serialize};

use super::{OutboxEvent, OutboxState};

/// What a row of the outbox does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxKind {
    /// Sends a message; one that is sent on is a send too. Twice is two messages.
    Send,
    /// Puts a file at the gateway, for a send that depends on it.
    Upload,
    /// Gives a message of ours other words.
    Edit,
    /// Deletes a message of ours for everybody.
    Delete,
    /// Our reaction to a message.
    React,
    /// Our star on a message.
    Star,
    /// A message at the top of its chat.
    Pin,
}

impl OutboxKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Send,
        Self::Upload,
        Self::Edit,
        Self::Delete,
        Self::React,
        Self::Star,
        Self::Pin,
    ];

    /// Does doing it twice come to the same as doing it once? Everything but a send names a state that shall be.
    pub fn is_repeatable(self) -> bool {
        self != Self::Send
    }

    /// The state after `event` of a row of this kind, or `None` if the event does not apply: the caller has lost a race.
    pub fn next(self, state: OutboxState, event: OutboxEvent) -> Option<OutboxState> {
        use OutboxEvent as E;
        use OutboxState as S;
        match (state, event) {
            (S::InFlight, E::NoAnswer | E::ProgramRestarted) if self.is_repeatable() => Some(S::Ready),
            // A file that lies at the gateway and is never sent reaches nobody.
            (S::InFlight, E::DiscardAsked | E::TakenBack) if self == Self::Upload => Some(S::Discarded),
            (S::Done, E::Expired) if self == Self::Upload => Some(S::Ready),
            _ => state.next(event),
        }
    }

    /// The word the store uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Upload => "upload",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::React => "react",
            Self::Star => "star",
            Self::Pin => "pin",
        }
    }

    /// The kind that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OutboxEvent as E;
    use OutboxState as S;

    #[test]
    fn only_a_send_is_ever_uncertain() {
        for kind in OutboxKind::ALL {
            for event in [E::NoAnswer, E::ProgramRestarted] {
                let next = kind.next(S::InFlight, event);
                let expected = if kind == OutboxKind::Send {
                    S::Uncertain
                } else {
                    S::Ready
                };
                assert_eq!(next, Some(expected), "{kind:?} after {event:?}");
            }
        }
    }

    #[test]
    fn in_flight_only_an_upload_can_be_discarded() {
        for kind in OutboxKind::ALL {
            for event in [E::DiscardAsked, E::TakenBack, E::Superseded] {
                let may = kind == OutboxKind::Upload && event != E::Superseded;
                assert_eq!(
                    kind.next(S::InFlight, event).is_some(),
                    may,
                    "{kind:?} by {event:?}: its effect may be on its way"
                );
            }
        }
    }

    #[test]
    fn only_an_upload_that_is_done_is_ever_made_anew() {
        for kind in OutboxKind::ALL {
            for state in S::ALL {
                let expected = (kind == OutboxKind::Upload && state == S::Done).then_some(S::Ready);
                assert_eq!(
                    kind.next(state, E::Expired),
                    expected,
                    "{kind:?}, {state:?}: a send that was accepted is never made again"
                );
            }
        }
    }

    #[test]
    fn kind_words_read_back() {
        for kind in OutboxKind::ALL {
            assert_eq!(
                OutboxKind::from_word(kind.as_str()),
                Some(kind),
                "{kind:?} reads back"
            );
        }
    }
}
