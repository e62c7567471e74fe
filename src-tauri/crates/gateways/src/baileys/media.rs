//! The bytes of a file, by the id of the message that carries it. They come in base64, inside of JSON ([`super::encoded`]).

use mostrador_domain::{Failure, FailureCode, UnknownCause};
use serde_json::{Value, json};

use super::answers::{MALFORMED, is_its_own_404, rejected};
pub(crate) use super::encoded::Encoded;
use super::encoded::Spoilt;
use crate::MediaSink;
use crate::http_kit::{Answer, Call};

/// What stands around the bytes.
const AROUND: u64 = 64 * 1024;

/// Ours: larger files are not asked for.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What is asked.
pub(crate) fn question(gateway_ref: &str) -> Value {
    json!({ "message": { "key": { "id": gateway_ref } }, "convertToMp4": false })
}

/// The call, with room for a file of so many bytes in its answer.
pub(crate) fn with_room(call: Call, max_bytes: u64) -> Call {
    // A third more in base64, and some for slashes that are escaped.
    let longest = max_bytes.min(LARGEST).saturating_mul(3).div_ceil(2);
    call.transfer().at_most(longest.saturating_add(AROUND))
}

/// What the answer is read by: the file in it goes on to `sink`, at most `max_bytes` of it.
pub(crate) fn into(sink: &mut dyn MediaSink, max_bytes: u64) -> Encoded<'_> {
    Encoded::into(sink, max_bytes.min(LARGEST))
}

/// What became of the file.
pub(crate) fn handed_over(file: &Encoded<'_>, answered: Result<Answer, Failure>) -> Result<(), Failure> {
    // What is wrong with the file is why its reading ended: it comes before what the line says of that.
    if let Some(spoilt) = file.spoilt(false) {
        return Err(failure(spoilt));
    }
    let answer = match answered {
        Err(Failure::Unknown {
            cause: UnknownCause::TooLarge,
        }) => return Err(rejected(FailureCode::TooLarge)),
        // The message is not there, or there is no file in it.
        Err(Failure::Rejected {
            code: FailureCode::RefusedContent,
        }) => return Err(rejected(FailureCode::MediaMissing)),
        answer => answer?,
    };
    match answer.status {
        404 if is_its_own_404(&answer) => Err(rejected(FailureCode::MediaMissing)),
        200..300 => file.spoilt(true).map_or(Ok(()), |spoilt| Err(failure(spoilt))),
        status => Err(Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(status),
        }),
    }
}

fn failure(spoilt: Spoilt) -> Failure {
    match spoilt {
        Spoilt::Malformed => MALFORMED,
        Spoilt::TooLarge => rejected(FailureCode::TooLarge),
        Spoilt::Unwanted => Failure::Unknown {
            cause: UnknownCause::Cut,
        },
    }
}
