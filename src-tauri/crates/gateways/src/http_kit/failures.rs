//! What happened on the wire, told by whether the call may have had an effect.
//!
//! `reqwest` says at which stage an error arose; only an error of connecting proves that nothing left. Its errors
//! hold the address of the call, so none of them goes any further than this file.

use http::{HeaderMap, StatusCode};
use mostrador_domain::{Failure, NotSentCause, UnknownCause};

use super::retry_after;

/// The failure behind an error of `reqwest`.
pub(super) fn of_error(error: &reqwest::Error) -> Failure {
    // Connecting first: a time-out while connecting is both, and nothing has left yet.
    if error.is_connect() || error.is_builder() {
        return Failure::unreachable();
    }
    let cause = if error.is_timeout() {
        UnknownCause::TimedOut
    } else {
        UnknownCause::Cut
    };
    Failure::Unknown { cause }
}

/// The failure that a status is by itself, whatever the gateway; `None`: the driver has to look at the answer.
pub(super) fn of_status(status: StatusCode, headers: &HeaderMap) -> Option<Failure> {
    let code = status.as_u16();
    match code {
        200..300 => None,
        429 => Some(Failure::NotSent {
            cause: NotSentCause::RateLimited,
            retry_after: retry_after::of(headers),
        }),
        400..500 => None,
        500..600 => Some(Failure::Unknown {
            cause: UnknownCause::ServerError(code),
        }),
        _ => Some(Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(code),
        }),
    }
}
