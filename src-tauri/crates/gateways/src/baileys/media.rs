//! The bytes of a file, by the id of the message that carries it. They come in base64, inside of JSON, so whole.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::{Failure, FailureCode, UnknownCause};
use serde_json::{Value, json};

use super::answers::{self, MALFORMED, rejected};
use crate::MediaSink;
use crate::fields::Fields;
use crate::http_kit::{Answer, Call};

/// What stands around the bytes.
const AROUND: u64 = 64 * 1024;

/// Larger files are not asked for: they would be held whole.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What is asked.
pub(crate) fn question(gateway_ref: &str) -> Value {
    json!({ "message": { "key": { "id": gateway_ref } }, "convertToMp4": false })
}

/// The call, with room for a file of so many bytes in its answer.
pub(crate) fn with_room(call: Call, max_bytes: u64) -> Call {
    let longest = max_bytes.min(LARGEST).saturating_mul(4).div_ceil(3);
    call.transfer().at_most(longest.saturating_add(AROUND))
}

/// Hands the file on, at most `max_bytes` of it. `inner`: where in the answer it stands.
pub(crate) async fn hand_over(
    answered: Result<Answer, Failure>,
    inner: fn(&Value) -> &Value,
    max_bytes: u64,
    sink: &mut dyn MediaSink,
) -> Result<(), Failure> {
    let too_large = rejected(FailureCode::TooLarge);
    let answer = match answered {
        Err(Failure::Unknown {
            cause: UnknownCause::TooLarge,
        }) => return Err(too_large),
        // The message is not there, or there is no file in it.
        Err(Failure::Rejected {
            code: FailureCode::RefusedContent,
        }) => return Err(rejected(FailureCode::MediaMissing)),
        answer => answer?,
    };
    if answer.status == 404 {
        return Err(rejected(FailureCode::MediaMissing));
    }
    let said = answers::success(&answer)?;
    let encoded = Fields::of(inner(&said))
        .and_then(|file| file.text("base64"))
        .ok_or(MALFORMED)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| MALFORMED)?;
    if bytes.len() as u64 > max_bytes.min(LARGEST) {
        return Err(too_large);
    }
    match sink.take(&bytes).await {
        true => Ok(()),
        false => Err(Failure::Unknown {
            cause: UnknownCause::Cut,
        }),
    }
}
