//! What a refusal says: `{status, error, response: {message}}`, also below `error`.
//!
//! `message` is a text, a list of texts, a list of lists of texts (what a schema found), or a list of objects (numbers that are
//! not on WhatsApp). While no number is linked some calls pass on the library's own error instead, with a 428 in it. The words
//! are looked at here and nowhere else; recorded answers are the test.

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause, UnknownCause};
use serde_json::Value;

use crate::fields::Fields;
use crate::http_kit::Answer;

/// An answer that is not what the gateway documents.
pub(crate) const MALFORMED: Failure = Failure::Unknown {
    cause: UnknownCause::Malformed,
};

/// Certainly without effect: the line to WhatsApp is not open.
const NOT_CONNECTED: Failure = Failure::NotSent {
    cause: NotSentCause::NotReady,
    retry_after: None,
};

/// The library's words when its line is not open.
const CLOSED: &str = "Connection Closed";

/// Refused for good.
pub(crate) fn rejected(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}

/// The failure that a refusal is; `None`: it is none, or whoever asked has to understand it (404, unless the line is
/// what is not there: so a group is refused then). What a 403 means each gateway
/// says for itself (`forbidden`): a plan that is used up, a name that is taken, a key that may not do this.
pub(crate) fn failure(answer: &Answer, forbidden: Failure) -> Option<Failure> {
    let status = answer.status;
    if matches!(status, 200..300) {
        return None;
    }
    let body = answer.json().unwrap_or_default();
    if matches!(status, 400 | 403 | 422) && !body.is_object() {
        // A proxy's page. The gateway gives its reasons.
        return Some(Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(status),
        });
    }
    let body = body
        .get("error")
        .filter(|error| error.is_object())
        .unwrap_or(&body);
    let line_is_closed = is_precondition(body) || texts(body).iter().any(|text| text.contains(CLOSED));
    Some(match status {
        400 | 404 | 428 | 500 if line_is_closed => NOT_CONNECTED,
        404 => return None,
        401 => Failure::AuthLost {
            lost: AuthLost::Token,
        },
        403 => forbidden,
        413 => rejected(FailureCode::TooLarge),
        400 | 422 if is_about_the_number(body) => rejected(FailureCode::RefusedRecipient),
        400 | 422 => rejected(FailureCode::RefusedContent),
        500..600 => Failure::Unknown {
            cause: UnknownCause::ServerError(status),
        },
        _ => Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(status),
        },
    })
}

/// Does the gateway itself say that something is not there? Another server, or a proxy before it, answers 404 as well, and says
/// nothing by it: not that there was no effect, and not that there is nothing.
pub(crate) fn is_its_own_404(answer: &Answer) -> bool {
    let body = answer.json().unwrap_or_default();
    let laravel = body["success"] == false && body["message"].is_string();
    let backend = body["status"] == 404 && (body["response"].is_object() || body["error"].is_string());
    answer.status == 404 && (laravel || backend)
}

/// A success as JSON.
pub(crate) fn success(answer: &Answer) -> Result<Value, Failure> {
    answered(answer)?;
    answer.json()
}

/// A success, whatever it says.
pub(crate) fn answered(answer: &Answer) -> Result<(), Failure> {
    match answer.is_success() {
        true => Ok(()),
        false => Err(Failure::Unknown {
            cause: UnknownCause::UnexpectedStatus(answer.status),
        }),
    }
}

/// All texts of the message, in whichever shape it comes.
pub(crate) fn texts(body: &Value) -> Vec<&str> {
    fn gather<'a>(value: &'a Value, depth: u8, found: &mut Vec<&'a str>) {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(list) if depth > 0 => list.iter().for_each(|item| gather(item, depth - 1, found)),
            Value::Object(_) if depth > 0 => {
                gather(value.get("message").unwrap_or(&Value::Null), depth - 1, found)
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let message = body.pointer("/response/message").or_else(|| body.get("message"));
    gather(message.unwrap_or(&Value::Null), 4, &mut found);
    found
}

fn is_precondition(body: &Value) -> bool {
    body.pointer("/output/statusCode").and_then(Value::as_u64) == Some(428)
}

/// A number that is said not to be there, or a field of that name.
fn is_about_the_number(body: &Value) -> bool {
    let objects = body.pointer("/response/message").and_then(Value::as_array);
    let missing = objects.is_some_and(|list| {
        list.iter()
            .any(|item| item.get("exists") == Some(&Value::Bool(false)))
    });
    let fields = Fields::of(body).and_then(|body| body.object("errors"));
    let named = fields.is_some_and(|fields| {
        fields
            .names()
            .any(|name| matches!(name, "number" | "payload.number" | "numbers" | "phone"))
    });
    missing || named
}
