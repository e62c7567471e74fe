//! What a refusal means.
//!
//! A refusal is `{"error":{"code":…,"message":…}}` by the documentation and `{"code":402,"error":"…"}` in life, so
//! `error` may be an object or a string and `code` may stand in either place. The words are never looked at.
//! 463 is WhatsApp's own code for a number that it has restricted; a refusal that carries it, in whichever place, is
//! about the number and not about the call.
//!
//! *Token or link?* 401 is documented, on nearly everything but `/health`, for a channel that is not authorised at
//! WhatsApp; a token that the gateway does not know has been answered with 401, 403 and 404 on any path. `/health`
//! needs no linked number, so it is what tells them apart, asked only after such a refusal:
//!
//! | The call | `/health` then | means |
//! |---|---|---|
//! | 401, 403, 404 | 401, 403, 404 | the token is not accepted |
//! | 401 | no number linked | the link is lost |
//! | 401 | linked, starting, or no answer | refused for a passing reason: not sent; of a call in the Explorer, about the call itself |
//! | 403, 404 | anything else | the refusal is about the call itself |

use super::fields::Fields;
use super::link::WhapiLink;
use crate::http_kit::Answer;
use crate::{Effect, Health, LinkHealth};
use serde_json::Value;

use mostrador_domain::{AuthLost, Failure, FailureCode, NotSentCause, UnknownCause};

/// Certainly without effect, for a reason that passes.
pub(super) const NOT_READY: Failure = Failure::NotSent {
    cause: NotSentCause::NotReady,
    retry_after: None,
};

/// An answer that is not what the gateway documents.
pub(super) const MALFORMED: Failure = Failure::Unknown {
    cause: UnknownCause::Malformed,
};

/// WhatsApp's own code for a restricted number.
pub(super) const RESTRICTED: u16 = 463;

const TOKEN_LOST: Failure = Failure::AuthLost {
    lost: AuthLost::Token,
};

impl WhapiLink {
    /// Why a call was answered with 401.
    pub(super) async fn why_unauthorised(&self) -> Failure {
        match self.check(false).await {
            Err(failure @ Failure::AuthLost { .. }) => failure,
            Ok(LinkHealth::NotLinked) => Failure::AuthLost { lost: AuthLost::Link },
            Ok(LinkHealth::Linked { .. } | LinkHealth::Starting) | Err(_) => NOT_READY,
        }
    }

    /// The refusal, if it is neither the token nor the link that was refused.
    pub(super) async fn unless_unauthorised(&self, refusal: Answer) -> Result<Answer, Failure> {
        match self.why_unauthorised().await {
            failure @ Failure::AuthLost { .. } => Err(failure),
            _ => Ok(refusal),
        }
    }

    /// The refusal, if it is not the token that was refused.
    pub(super) async fn unless_token_is_lost(&self, refusal: Answer) -> Result<Answer, Failure> {
        match self.check(false).await {
            Err(failure @ Failure::AuthLost { .. }) => Err(failure),
            Ok(_) | Err(_) => Ok(refusal),
        }
    }
}

/// Is it the gateway that refuses? A proxy before it, or another server, answers with a page.
pub(super) fn is_its_own(refusal: &Answer) -> bool {
    refusal.json().is_ok_and(|body| body.is_object())
}

/// What a refusal of `/health` means: it needs nothing but the token.
pub(super) fn of_health(refusal: &Answer) -> Failure {
    match refusal.status {
        401 => TOKEN_LOST,
        403 | 404 if is_its_own(refusal) => TOKEN_LOST,
        status => unexpected(status),
    }
}

/// What a refusal of any other call means, once token and link are known to be good.
pub(super) fn of_call(refusal: &Answer) -> Failure {
    match code(refusal) {
        400 => rejected(FailureCode::RefusedContent),
        402 => rejected(FailureCode::PlanLimit),
        403 => rejected(FailureCode::Forbidden),
        413 => rejected(FailureCode::TooLarge),
        415 => rejected(FailureCode::MediaUnsupported),
        RESTRICTED => Failure::Restricted { until: None },
        status => unexpected(status),
    }
}

/// An action without an answer of its own: any success, unless it says that it was none. A success that is neither empty nor JSON is
/// not the gateway's: something else on the way answered, and the action, which does no harm twice, is done again.
pub(super) fn done(answer: &Answer) -> Result<(), Failure> {
    if !answer.is_success() {
        return Err(of_call(answer));
    }
    let body = match answer.body.trim_ascii() {
        [] => Value::Null,
        _ => answer.json()?,
    };
    let says_no = |field: &str| Fields::of(&body).and_then(|body| body.flag(field)) == Some(false);
    // An edit is answered as a send is, with `sent`.
    if says_no("success") || says_no("sent") {
        Err(NOT_READY)
    } else {
        Ok(())
    }
}

/// The same, of an action on something that may not be there (404, documented for all of them).
pub(super) fn effect(answer: &Answer) -> Result<Effect, Failure> {
    match answer.status {
        404 if is_its_own(answer) => Ok(Effect::NothingThere),
        _ => done(answer).map(|()| Effect::Done),
    }
}

/// Refused for good.
pub(super) fn rejected(code: FailureCode) -> Failure {
    Failure::Rejected { code }
}

/// A status that is not documented: nobody knows what the gateway did before it said so.
fn unexpected(status: u16) -> Failure {
    Failure::Unknown {
        cause: UnknownCause::UnexpectedStatus(status),
    }
}

/// The refusal's code. 400 is the gateway's word for anything wrong; when the body then names another 4xx, that one
/// is more exact. Every other status is believed as it is.
fn code(refusal: &Answer) -> u16 {
    match (refusal.status, code_in_body(refusal)) {
        (_, Some(RESTRICTED)) => RESTRICTED,
        (400, Some(inner)) if (400..500).contains(&inner) => inner,
        (status, _) => status,
    }
}

fn code_in_body(refusal: &Answer) -> Option<u16> {
    let body = refusal.json().ok()?;
    let body = Fields::of(&body)?;
    let inner = body.object("error").and_then(|error| error.count("code"));
    u16::try_from(inner.or(body.count("code"))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: http::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            media_type: None,
        }
    }

    #[test]
    fn each_documented_refusal_has_its_reason() {
        let reasons = [
            (400, FailureCode::RefusedContent),
            (402, FailureCode::PlanLimit),
            (403, FailureCode::Forbidden),
            (413, FailureCode::TooLarge),
            (415, FailureCode::MediaUnsupported),
        ];
        for (status, reason) in reasons {
            assert_eq!(
                of_call(&refusal(status, "")),
                rejected(reason),
                "{status} without a body"
            );
        }
    }

    #[test]
    fn a_status_that_is_not_documented_is_unknown_and_never_a_refusal() {
        for status in [404, 408, 409, 418] {
            assert_eq!(
                of_call(&refusal(status, "{}")),
                unexpected(status),
                "{status} may have had an effect"
            );
        }
    }

    #[test]
    fn the_code_is_found_in_an_object_and_beside_a_string() {
        let object = r#"{"error":{"code":402,"message":"words"}}"#;
        let string = r#"{"code":402,"error":"words"}"#;
        for body in [object, string] {
            assert_eq!(
                of_call(&refusal(400, body)),
                rejected(FailureCode::PlanLimit),
                "402 stands in {body}"
            );
        }
    }

    #[test]
    fn a_body_never_overrules_an_exact_status() {
        let body = r#"{"error":{"code":400,"message":"words"}}"#;
        assert_eq!(
            of_call(&refusal(403, body)),
            rejected(FailureCode::Forbidden),
            "403 is exact"
        );
        let absurd = r#"{"code":1e99,"error":[1]}"#;
        assert_eq!(
            of_call(&refusal(400, absurd)),
            rejected(FailureCode::RefusedContent),
            "no such code"
        );
    }

    #[test]
    fn a_restricted_number_is_told_by_its_code_wherever_it_stands() {
        let restricted = Failure::Restricted { until: None };
        let told = [
            (463, ""),
            (400, r#"{"error":{"code":463,"message":"words"}}"#),
            (403, r#"{"code":463,"error":"words"}"#),
            (403, r#"{"code":"463"}"#),
        ];
        for (status, body) in told {
            assert_eq!(
                of_call(&refusal(status, body)),
                restricted,
                "{status} with {body:?}"
            );
        }
        let in_words = r#"{"error":{"code":403,"message":"463"}}"#;
        assert_eq!(
            of_call(&refusal(403, in_words)),
            rejected(FailureCode::Forbidden),
            "words are not looked at"
        );
    }

    #[test]
    fn an_action_is_done_unless_the_answer_says_otherwise() {
        for (status, body) in [
            (200, r#"{"success":true}"#),
            (204, ""),
            (200, " \r\n"),
            (201, "[]"),
        ] {
            assert_eq!(
                effect(&refusal(status, body)),
                Ok(Effect::Done),
                "{status} with {body:?}"
            );
        }
        for page in [
            "<html>",
            "<!doctype html><title>Sign in</title>",
            "{\"sent\": tru",
        ] {
            assert_eq!(
                effect(&refusal(200, page)),
                Err(MALFORMED),
                "{page:?} was written by somebody else: it is done again"
            );
        }
        assert_eq!(
            effect(&refusal(200, r#"{"success":false}"#)),
            Err(NOT_READY),
            "it says that it did nothing"
        );
        assert_eq!(
            effect(&refusal(404, "{}")),
            Ok(Effect::NothingThere),
            "404 is documented"
        );
    }

    #[test]
    fn health_refuses_only_tokens() {
        for status in [401, 403, 404] {
            assert_eq!(
                of_health(&refusal(status, "{}")),
                TOKEN_LOST,
                "{status} was seen for an unknown token"
            );
        }
        for status in [403, 404] {
            assert_eq!(
                of_health(&refusal(status, "<html>nginx</html>")),
                unexpected(status),
                "{status} of another server says nothing about the token"
            );
        }
        assert_eq!(
            of_health(&refusal(409, "{}")),
            unexpected(409),
            "409 says nothing about the token"
        );
    }
}
