//! What is still to be done about a chat: ours alone, WhatsApp knows nothing of it.
//!
//! | State | means | left by |
//! |---|---|---|
//! | Open | somebody has to look at it | a person |
//! | Waiting | the customer has to answer | a person; a message of theirs opens it |
//! | Snoozed | not before a certain time | that time, or a message of theirs, opens it |
//! | Done | nothing | a message of theirs opens it |

use serde::{Deserialize, Serialize};

/// What is still to be done about a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Triage {
    /// Somebody has to look at it.
    #[default]
    Open,
    /// The customer has to answer.
    Waiting,
    /// Not before a certain time.
    Snoozed,
    /// Nothing.
    Done,
}

impl Triage {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Waiting, Self::Snoozed, Self::Done];

    /// The word the store and the commands use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Snoozed => "snoozed",
            Self::Done => "done",
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

    #[test]
    fn words_read_back() {
        for state in Triage::ALL {
            assert_eq!(
                Triage::from_word(state.as_str()),
                Some(state),
                "{state:?} reads back"
            );
        }
    }
}
