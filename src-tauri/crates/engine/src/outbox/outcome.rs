//! What a send's answer leads to: a pure table, so that every kind of failure has one visible line.

use std::time::Duration;

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause, UnixMillis};

use super::call::Answer;

/// Attempts that were certainly (or were proven to be) without effect before a message is given up.
pub(super) const MAX_ATTEMPTS: u32 = 8;

/// What to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The gateway has done it.
    Done(Answer),
    /// Again after this long (or our own back-off), the attempt counted.
    Again(Option<Duration>),
    /// Again after this long (or our own back-off), the attempt given back: the reason is not the message's own. All of the
    /// device waits.
    HoldAll(Option<Duration>),
    /// The number is restricted: this one waits until then (or an hour), the attempt given back, and all of the device for a
    /// while: a restriction may concern new chats alone, so that answers to others are tried, slowly.
    Restricted(Option<UnixMillis>),
    /// Never again.
    Dead(FailureCode),
    /// Tried as often as allowed.
    GivenUp,
    /// Nobody knows: a send is uncertain, anything else is done again.
    NoAnswer,
}

/// The outcome of attempt number `attempt`.
pub(super) fn of(answer: Result<Answer, Failure>, attempt: u32) -> Outcome {
    match answer {
        Ok(answer) => Outcome::Done(answer),
        Err(Failure::NotSent {
            cause: NotSentCause::Unreachable,
            retry_after,
        }) => Outcome::HoldAll(retry_after),
        Err(Failure::NotSent {
            cause: NotSentCause::RateLimited | NotSentCause::Spared,
            retry_after,
        }) => Outcome::HoldAll(retry_after),
        Err(Failure::NotSent {
            cause: NotSentCause::NotReady,
            ..
        }) if attempt >= MAX_ATTEMPTS => Outcome::GivenUp,
        Err(Failure::NotSent {
            cause: NotSentCause::NotReady,
            retry_after,
        }) => Outcome::Again(retry_after),
        Err(Failure::Unknown { .. }) => Outcome::NoAnswer,
        Err(Failure::Rejected { code }) => Outcome::Dead(code),
        Err(Failure::AuthLost {
            lost: AuthLost::Token | AuthLost::Link | AuthLost::Device | AuthLost::Session,
        }) => Outcome::HoldAll(None),
        Err(Failure::Restricted { until }) => Outcome::Restricted(until),
    }
}

#[cfg(test)]
mod tests {
    use mostrador_domain::UnknownCause;

    use super::*;

    fn not_sent(cause: NotSentCause, retry_after: Option<Duration>) -> Result<Answer, Failure> {
        Err(Failure::NotSent { cause, retry_after })
    }

    #[test]
    fn whatever_may_have_been_sent_is_uncertain() {
        for cause in [
            UnknownCause::TimedOut,
            UnknownCause::Cut,
            UnknownCause::ServerError(500),
            UnknownCause::Malformed,
            UnknownCause::TooLarge,
            UnknownCause::UnexpectedStatus(302),
        ] {
            assert_eq!(
                of(Err(Failure::Unknown { cause }), 1),
                Outcome::NoAnswer,
                "{cause}: never sent again by itself"
            );
        }
    }

    #[test]
    fn a_gateway_that_is_down_costs_the_message_no_attempt() {
        let down = not_sent(NotSentCause::Unreachable, None);
        assert_eq!(
            of(down, 99),
            Outcome::HoldAll(None),
            "a night without network must not kill a message"
        );
    }

    #[test]
    fn the_gateways_own_delay_is_kept() {
        let wait = Some(Duration::from_secs(7));
        assert_eq!(
            of(not_sent(NotSentCause::RateLimited, wait), 1),
            Outcome::HoldAll(wait),
            "429 says how long"
        );
    }

    #[test]
    fn a_gateway_that_is_never_ready_gives_up_in_the_end() {
        let unready = || not_sent(NotSentCause::NotReady, None);
        assert_eq!(
            of(unready(), MAX_ATTEMPTS - 1),
            Outcome::Again(None),
            "one more try"
        );
        assert_eq!(
            of(unready(), MAX_ATTEMPTS),
            Outcome::GivenUp,
            "then a person decides"
        );
    }

    #[test]
    fn a_refusal_is_final_and_says_why() {
        let refused = Err(Failure::Rejected {
            code: FailureCode::RefusedRecipient,
        });
        assert_eq!(
            of(refused, 1),
            Outcome::Dead(FailureCode::RefusedRecipient),
            "trying again will not help"
        );
    }

    #[test]
    fn a_lost_link_and_a_restriction_hold_the_message() {
        assert_eq!(
            of(Err(Failure::AuthLost { lost: AuthLost::Link }), 1),
            Outcome::HoldAll(None),
            "until it is linked"
        );
        assert_eq!(
            of(Err(Failure::Restricted { until: None }), 1),
            Outcome::Restricted(None),
            "until it ends"
        );
    }
}
