//! What can go wrong with a call to a gateway, by what it means for the message.
//!
//! The kind decides what happens next, so it is a type, never prose:
//!
//! | Failure | Did it have an effect? | What the outbox does |
//! |---|---|---|
//! | [`Failure::NotSent`] | certainly not | waits, then tries again |
//! | [`Failure::Unknown`] | nobody knows | Uncertain: asks the gateway, else the operator |
//! | [`Failure::Rejected`] | no, and trying again will not help | Dead, with the reason |
//! | [`Failure::AuthLost`] | no | waits until the token, the link or the device is mended |
//! | [`Failure::Restricted`] | no | waits until the restriction ends |

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::UnixMillis;

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Certainly without effect: no connection, refused before it was taken, or 429.
    #[error("not sent: {cause}")]
    NotSent {
        /// What stood in the way.
        cause: NotSentCause,
        /// The gateway's own wish for how long to wait.
        retry_after: Option<Duration>,
    },
    /// The bytes left and no usable answer came.
    #[error("no answer: {cause}")]
    Unknown {
        /// What came instead of an answer.
        cause: UnknownCause,
    },
    /// Refused for good, with a reason the operator can act on.
    #[error("rejected: {code:?}")]
    Rejected {
        /// The reason.
        code: FailureCode,
    },
    /// The gateway does not know our token or our device, or the phone has unlinked the number.
    #[error("not authorised: {lost:?}")]
    AuthLost {
        /// Which of them.
        lost: AuthLost,
    },
    /// WhatsApp has restricted the number.
    #[error("restricted")]
    Restricted {
        /// Until when, if told.
        until: Option<UnixMillis>,
    },
}

/// What stood in the way of a call that certainly had no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSentCause {
    /// No connection (refused, DNS, TLS, network down).
    #[error("the gateway cannot be reached")]
    Unreachable,
    /// 429.
    #[error("too many requests")]
    RateLimited,
    /// The gateway says that it did not take it, and that it may be tried again.
    #[error("the gateway is not ready")]
    NotReady,
    /// It was not asked: of the calls that it allows, the last are kept for messages. It says nothing of the gateway.
    #[error("the calls that are left are kept for messages")]
    Spared,
}

/// What came instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCause {
    /// Nothing, in the time allowed.
    #[error("time-out")]
    TimedOut,
    /// The connection ended before the answer was whole.
    #[error("connection cut")]
    Cut,
    /// 5xx.
    #[error("server error {0}")]
    ServerError(u16),
    /// An answer that is not what the gateway documents.
    #[error("unreadable answer")]
    Malformed,
    /// An answer larger than the limit.
    #[error("answer too large")]
    TooLarge,
    /// A status that the gateway does not document for this call.
    #[error("unexpected status {0}")]
    UnexpectedStatus(u16),
}

/// What authority was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthLost {
    /// The gateway does not accept the token.
    Token,
    /// The number is no longer linked.
    Link,
    /// The gateway has no device of the name that it was asked for, and cannot make one of that name.
    Device,
    /// Of a gateway with two keys: it accepts the token, and not the key of this number's session.
    Session,
}

impl Failure {
    /// No connection could be made.
    pub fn unreachable() -> Self {
        Self::NotSent {
            cause: NotSentCause::Unreachable,
            retry_after: None,
        }
    }

    /// Is trying again sensible without anybody's help?
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::NotSent { .. } | Self::Unknown { .. })
    }
}

/// Why a message failed or is uncertain: stored with it, worded by the UI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// This recipient cannot be written to: there is no such number, or it is not on WhatsApp.
    RefusedRecipient,
    /// The gateway forbids the call itself (403): so far it said so of one recipient.
    Forbidden,
    /// The gateway does not accept this message.
    RefusedContent,
    /// The plan at the gateway is used up.
    PlanLimit,
    /// The file is larger than the gateway takes.
    TooLarge,
    /// The gateway does not take this kind of file.
    MediaUnsupported,
    /// The file is no longer there.
    MediaMissing,
    /// The number is not linked.
    NotLinked,
    /// The gateway does not accept the token.
    TokenRejected,
    /// WhatsApp has restricted the number.
    Restricted,
    /// Tried as often as allowed without reaching the gateway.
    AttemptsUsedUp,
    /// Uncertain: it left, and no answer came.
    NoAnswer,
    /// It was to leave from the number that was linked before, and has not.
    NumberChanged,
    /// Uncertain: it left from the number that was linked before, and no answer came.
    EarlierNumber,
}

impl FailureCode {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::RefusedRecipient,
        Self::Forbidden,
        Self::RefusedContent,
        Self::PlanLimit,
        Self::TooLarge,
        Self::MediaUnsupported,
        Self::MediaMissing,
        Self::NotLinked,
        Self::TokenRejected,
        Self::Restricted,
        Self::AttemptsUsedUp,
        Self::NoAnswer,
        Self::NumberChanged,
        Self::EarlierNumber,
    ];

    /// The word the store and the commands use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RefusedRecipient => "refused_recipient",
            Self::Forbidden => "forbidden",
            Self::RefusedContent => "refused_content",
            Self::PlanLimit => "plan_limit",
            Self::TooLarge => "too_large",
            Self::MediaUnsupported => "media_unsupported",
            Self::MediaMissing => "media_missing",
            Self::NotLinked => "not_linked",
            Self::TokenRejected => "token_rejected",
            Self::Restricted => "restricted",
            Self::AttemptsUsedUp => "attempts_used_up",
            Self::NoAnswer => "no_answer",
            Self::NumberChanged => "number_changed",
            Self::EarlierNumber => "earlier_number",
        }
    }

    /// The code that [`Self::as_str`] printed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_words_read_back() {
        for code in FailureCode::ALL {
            assert_eq!(
                FailureCode::from_word(code.as_str()),
                Some(code),
                "{code:?} reads back"
            );
        }
    }
}
