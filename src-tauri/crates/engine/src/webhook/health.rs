//! Is a device's route alive?
//!
//! It is drawn from what is known each time it is asked for; nothing is stored, so nothing can be out of step.
//!
//! | Route | What is known | Health |
//! |---|---|---|
//! | none | why there is none | [`RouteHealth::Closed`] |
//! | open | the last call was refused, and it came after the gateway was found silent, or it was not | [`RouteHealth::Failing`] |
//! | open | asking has brought what the gateway should have told, and no good call since | [`RouteHealth::Silent`] |
//! | open | nobody has called | [`RouteHealth::Never`] |
//! | open | the last call was good | [`RouteHealth::Alive`] |
//!
//! Quiet alone proves nothing: on a Sunday nobody writes. That a gateway is silent is proved by asking it
//! (`session/ears.rs`), and one good call ends it.

use mostrador_domain::UnixMillis;

use super::diary::Verdict;

/// How a device's route is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteHealth {
    /// There is none.
    Closed(WhyClosed),
    /// Open; nobody has called yet.
    Never,
    /// The last call was good.
    Alive,
    /// The gateway should call and does not.
    Silent {
        /// Since when.
        since: UnixMillis,
    },
    /// The last call was refused.
    Failing {
        /// Why.
        verdict: Verdict,
    },
}

/// Why a device has no route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyClosed {
    /// Its gateway calls nobody.
    NotOffered,
    /// Its gateway is on another computer, from which this one has no address.
    OutOfReach,
    /// Another program has the port at which we are called.
    PortTaken,
    /// No number is linked, or the session has not come so far yet.
    NotYet,
    /// Its gateway does not take the address at which it shall call.
    Refused,
}

/// What is known of an open route.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    /// The last call.
    pub(crate) last: Option<(UnixMillis, Verdict)>,
    /// Since when the gateway is silent.
    pub(crate) silent_since: Option<UnixMillis>,
}

impl RouteHealth {
    pub(crate) fn of(known: Known) -> Self {
        let Known { last, silent_since } = known;
        match (last, silent_since) {
            (Some((at, verdict)), since) if !verdict.is_good() && since.is_none_or(|since| since <= at) => {
                Self::Failing { verdict }
            }
            (_, Some(since)) => Self::Silent { since },
            (None, None) => Self::Never,
            (Some(_), None) => Self::Alive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLY: UnixMillis = UnixMillis(1_000);
    const LATE: UnixMillis = UnixMillis(2_000);

    fn health(last: Option<(UnixMillis, Verdict)>, silent_since: Option<UnixMillis>) -> RouteHealth {
        RouteHealth::of(Known { last, silent_since })
    }

    #[test]
    fn every_line_of_the_table() {
        let silent = RouteHealth::Silent { since: EARLY };
        let failing = RouteHealth::Failing {
            verdict: Verdict::BadSignature,
        };
        let bad_at = |at| Some((at, Verdict::BadSignature));
        for (last, silent_since, expected, why) in [
            (None, None, RouteHealth::Never, "nobody has called"),
            (None, Some(EARLY), silent, "it never called though it should have"),
            (
                Some((EARLY, Verdict::Accepted)),
                None,
                RouteHealth::Alive,
                "a good call",
            ),
            (
                Some((EARLY, Verdict::Unknown)),
                None,
                RouteHealth::Alive,
                "kept raw is taken in",
            ),
            (
                Some((EARLY, Verdict::Accepted)),
                Some(EARLY),
                silent,
                "good once, silent since",
            ),
            (bad_at(EARLY), None, failing, "the last was refused"),
            (
                bad_at(LATE),
                Some(EARLY),
                failing,
                "it calls, and is refused: that is why it seems silent",
            ),
            (
                bad_at(EARLY),
                Some(LATE),
                RouteHealth::Silent { since: LATE },
                "refused once, then silent",
            ),
        ] {
            assert_eq!(health(last, silent_since), expected, "{why}");
        }
    }

    #[test]
    fn whatever_refuses_a_call_makes_the_route_fail() {
        for verdict in [Verdict::BadSignature, Verdict::Malformed, Verdict::NotStored] {
            assert_eq!(
                health(Some((LATE, verdict)), None),
                RouteHealth::Failing { verdict }
            );
        }
    }
}
