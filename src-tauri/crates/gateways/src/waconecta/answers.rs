//! What the gateway answers.
//!
//! Every answer is `{success, status, message, data}`. Five refusals are documented. Three of them a status tells; the two
//! that share 400 only their words tell apart, so those are matched here, and nowhere else, each with a documented example as
//! its test:
//!
//! | Status | `message` | means |
//! |---|---|---|
//! | 401 | `No autorizado` | the key is not accepted; of the session, that or its own key: `link` finds out which |
//! | 400 | `Session has ended` | the number is not linked any more |
//! | 400 | `Invalid phone number` | this recipient cannot be written to |
//! | 429 | `You can only send 30 messages per minute` | certainly not sent: told by the kit |
//! | 503 | | the service is not there for some minutes; whether it took the message nobody knows: told by the kit |

use mostrador_domain::{AuthLost, Failure, FailureCode, PairingContent, UnixMillis, UnknownCause};
use serde_json::Value;

use crate::fields::Fields;
use crate::http_kit::{Answer, picture};

/// An answer that is not what the gateway documents.
pub(super) const MALFORMED: Failure = Failure::Unknown {
    cause: UnknownCause::Malformed,
};

/// How the session is.
pub(super) enum Session {
    /// It waits for this code to be scanned.
    Code(PairingContent),
    /// It has no code, and does not say that it has ended.
    Active,
    /// It has ended.
    Ended,
}

/// A refusal that the kit leaves to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The key, or the container token, is not accepted.
    Unauthorised,
    /// The number is not linked any more.
    SessionEnded,
    /// This recipient cannot be written to.
    InvalidNumber,
    /// Refused, for a reason that is not documented.
    Other(u16),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unauthorised => Self::AuthLost {
                lost: AuthLost::Token,
            },
            Refusal::SessionEnded => Self::AuthLost { lost: AuthLost::Link },
            Refusal::InvalidNumber => Self::Rejected {
                code: FailureCode::RefusedRecipient,
            },
            Refusal::Other(400) => Self::Rejected {
                code: FailureCode::RefusedContent,
            },
            Refusal::Other(status) => Self::Unknown {
                cause: UnknownCause::UnexpectedStatus(status),
            },
        }
    }
}

/// Which refusal it is.
pub(super) fn refusal(answer: &Answer) -> Refusal {
    let body = answer.json().unwrap_or_default();
    let message = Fields::of(&body).and_then(|body| body.text("message"));
    match (answer.status, message.map(str::trim)) {
        (401 | 403, _) => Refusal::Unauthorised,
        (400, Some(words)) if words.eq_ignore_ascii_case("Session has ended") => Refusal::SessionEnded,
        (400, Some(words)) if words.eq_ignore_ascii_case("Invalid phone number") => Refusal::InvalidNumber,
        (status, _) => Refusal::Other(status),
    }
}

/// Where the picture of the code may stand: it is only described as a picture in base64.
const PICTURES: [&str; 5] = ["qr", "qrCode", "qrcode", "base64", "image"];

/// How the session is, by the answer to asking for its code.
pub(super) fn session(body: &Value) -> Result<Session, Failure> {
    let envelope = Fields::of(body).ok_or(MALFORMED)?;
    if envelope.flag("success") != Some(true) {
        return Err(MALFORMED);
    }
    let bare = envelope.text("data");
    let inside = envelope
        .object("data")
        .and_then(|data| PICTURES.iter().find_map(|name| data.text(name)));
    match bare.or(inside) {
        Some(text) => picture::of_base64(text).map(Session::Code).ok_or(MALFORMED),
        None => Ok(Session::Active),
    }
}

/// The message's id and time. Without an id nobody can follow it, so it is no acceptance.
pub(super) fn accepted(body: &Value) -> Option<(String, Option<UnixMillis>)> {
    let envelope = Fields::of(body)?;
    if envelope.flag("success") == Some(false) {
        return None;
    }
    let message = envelope.object("data")?;
    let id = message.object("key")?.string("id")?;
    Some((id, message.time("messageTimestamp")))
}
