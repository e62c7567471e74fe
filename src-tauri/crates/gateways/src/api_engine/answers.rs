//! What a refusal means.
//!
//! | Status | Body | means |
//! |---|---|---|
//! | 401, 403 | `code` MISSING_API_KEY, INVALID_API_KEY | the key is not accepted |
//! | 400 | `details[].field`, or `errors[].path` of the webhook routes, or neither | the call; with `phone`, its recipient |
//! | 503 | `error` "WhatsApp no está conectado" | certainly without effect: the server looks before it does anything |
//! | 503 | any other `error`, with the same `code` | whatever went wrong while it was being done: nobody knows |
//! | other 5xx | | nobody knows |
//!
//! Only those words tell the two kinds of 503 apart. They are looked at here and nowhere else, and recorded examples are the
//! test.

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause, UnknownCause};
use serde_json::Value;

use crate::fields::Fields;
use crate::http_kit::Answer;

/// An answer that is not what the gateway documents.
pub(super) const MALFORMED: Failure = Failure::Unknown {
    cause: UnknownCause::Malformed,
};

/// Certainly without effect: no number is linked, or the server is only just starting.
pub(super) const NOT_CONNECTED: Failure = Failure::NotSent {
    cause: NotSentCause::NotReady,
    retry_after: None,
};

const NOT_CONNECTED_WORDS: &str = "WhatsApp no está conectado";

/// The failure that a refusal is; `None`: it is none, or whoever asked has to understand it (404).
pub(super) fn failure(answer: &Answer) -> Option<Failure> {
    Some(match answer.status {
        200..300 | 404 => return None,
        401 | 403 => Failure::AuthLost {
            lost: AuthLost::Token,
        },
        400 => rejected(if is_about_the_number(answer) {
            FailureCode::RefusedRecipient
        } else {
            FailureCode::RefusedContent
        }),
        413 => rejected(FailureCode::TooLarge),
        503 if says_not_connected(answer) => NOT_CONNECTED,
        status @ 500..600 => Failure::Unknown {
            cause: UnknownCause::ServerError(status),
        },
        status => Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(status),
        },
    })
}

/// Does the server itself say that something is not there? Another server, or a proxy before it, says nothing by a 404.
pub(super) fn is_its_own_404(answer: &Answer) -> bool {
    answer.status == 404 && answer.json().unwrap_or_default()["success"] == false
}

/// What a success has to say.
pub(super) fn data(answer: &Answer) -> Result<Value, Failure> {
    if !answer.is_success() {
        return Err(Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(answer.status),
        });
    }
    let Value::Object(mut body) = answer.json()? else {
        return Err(MALFORMED);
    };
    if body.get("success") != Some(&Value::Bool(true)) {
        return Err(MALFORMED);
    }
    Ok(body.remove("data").unwrap_or_default())
}

/// Are these the words for "no number is linked now"?
pub(super) fn is_not_connected(error: &str) -> bool {
    error.trim() == NOT_CONNECTED_WORDS
}

fn says_not_connected(answer: &Answer) -> bool {
    let body = answer.json().unwrap_or_default();
    Fields::of(&body)
        .and_then(|body| body.text("error"))
        .is_some_and(is_not_connected)
}

fn is_about_the_number(answer: &Answer) -> bool {
    let body = answer.json().unwrap_or_default();
    let Some(body) = Fields::of(&body) else {
        return false;
    };
    let mut fields = body.objects("details").filter_map(|detail| detail.text("field"));
    fields.any(|field| field == "phone" || field.starts_with("recipients"))
}

/// Refused for good.
pub(super) fn rejected(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}
