//! A code to scan, as text or as a picture; a code to type; or the wish for a passkey.
//!
//! `type` is `qr`, `code` or `webauthn`; older versions say none, and then it is a QR.

use std::time::Duration;

use mostrador_domain::PairingContent;

use super::super::fields::Fields;
use crate::TypedCodeAnswer;
use crate::http_kit::picture;

/// For how long a code can be scanned when the gateway does not say: WhatsApp changes it about as often.
const USUAL: Duration = Duration::from_secs(20);
/// For how long a code to type is shown when the gateway does not say (it is not documented to): ours.
const USUAL_TYPED: Duration = Duration::from_secs(120);
/// No code lives longer; a larger number is a slip.
const LONGEST: Duration = Duration::from_secs(600);

/// The code and for how long it can be scanned, if there is one. The text is preferred: drawn by us, it is sharp.
pub(in super::super) fn read(qr: Fields<'_>) -> Option<(PairingContent, Duration)> {
    let to_scan = qr.text("type").is_none_or(|kind| kind == "qr");
    let shown = qr.text("status").is_none_or(|status| status == "OK");
    if !to_scan || !shown {
        return None;
    }
    let text = qr.string("rowdata").map(PairingContent::Text);
    let content = text.or_else(|| qr.text("base64").and_then(picture::of_base64))?;
    Some((content, valid_for(qr.number("expire"))))
}

/// Does the account want its passkey instead of a code?
pub(in super::super) fn wants_passkey(qr: Fields<'_>) -> bool {
    qr.text("type") == Some("webauthn")
}

/// The code to type: 8 letters or digits, with or without a hyphen in their middle. The answer to asking for one says
/// nothing else; a status that it may carry as the answer for a QR does is honoured.
pub(in super::super) fn typed(answer: Fields<'_>) -> Option<TypedCodeAnswer> {
    if wants_passkey(answer) {
        return Some(TypedCodeAnswer::Passkey);
    }
    let Some(text) = answer.text("code") else {
        return (answer.text("status")? != "OK").then_some(TypedCodeAnswer::Waiting);
    };
    let code: String = text
        .chars()
        .filter(|character| !matches!(character, '-' | ' '))
        .collect();
    let is_code = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let valid_for = answer
        .number("expire")
        .map_or(USUAL_TYPED, |told| valid_for(Some(told)));
    is_code.then_some(TypedCodeAnswer::Code { code, valid_for })
}

/// Seconds as the gateway tells them.
pub(in super::super) fn valid_for(expire: Option<f64>) -> Duration {
    match expire.filter(|seconds| *seconds > 0.0) {
        Some(seconds) => Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64())),
        None => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(json: &str) -> Option<(PairingContent, Duration)> {
        read(Fields::of(&value(json)).expect("an object"))
    }

    fn value(json: &str) -> serde_json::Value {
        serde_json::from_str(json).expect("the test's own JSON")
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    fn is_picture(read: Option<(PairingContent, Duration)>) -> bool {
        read.is_some_and(|(content, _)| content == PairingContent::Picture(PNG.to_vec()))
    }

    #[test]
    fn the_text_is_preferred_to_the_picture() {
        let both = code(r#"{"status":"OK","base64":"iVBORw0KGgo=","rowdata":"2@a,b,c,1","expire":15}"#);
        let text = PairingContent::Text("2@a,b,c,1".into());
        assert!(
            both == Some((text, Duration::from_secs(15))),
            "the text, for 15 seconds"
        );
    }

    #[test]
    fn a_picture_comes_with_and_without_a_prefix() {
        assert!(
            is_picture(code(r#"{"status":"OK","base64":"iVBORw0KGgo="}"#)),
            "bare base64 is a picture"
        );
        let prefixed = code(r#"{"status":"OK","base64":"data:image/png;base64,iVBO\nRw0KGgo="}"#);
        assert!(is_picture(prefixed), "so is a data address, line breaks and all");
    }

    #[test]
    fn what_is_no_code_is_none() {
        for json in [
            r#"{"status":"WAITING"}"#,
            r#"{"status":"TIMEOUT","rowdata":"2@old"}"#,
            r#"{"status":"OK"}"#,
            r#"{"status":"OK","base64":"aG9sYQ=="}"#,
            r#"{"status":"OK","base64":"***"}"#,
            r#"{"status":"OK","type":"webauthn","rowdata":"2@a,b,c,1"}"#,
            r#"{"status":"OK","type":"code","rowdata":"ABCD-EFGH"}"#,
        ] {
            assert!(code(json).is_none(), "{json} holds nothing to scan");
        }
    }

    #[test]
    fn a_code_to_type_is_eight_characters() {
        let read = |json: &str| typed(Fields::of(&value(json)).expect("an object"));
        let expected = |valid_for| {
            Some(TypedCodeAnswer::Code {
                code: "A2CD9FGH".into(),
                valid_for,
            })
        };
        for json in [r#"{"code":"A2CD9FGH"}"#, r#"{"code":"A2CD-9FGH"}"#] {
            assert!(
                read(json) == expected(USUAL_TYPED),
                "{json} is typed without the hyphen"
            );
        }
        let with_time = r#"{"code":"A2CD9FGH","expire":60,"type":"code"}"#;
        assert!(
            read(with_time) == expected(Duration::from_secs(60)),
            "the gateway's own time holds"
        );
        for json in [
            r#"{"code":"A2C"}"#,
            r#"{"code":"<b>2CD9FG"}"#,
            "{}",
            r#"{"code":5}"#,
        ] {
            assert!(read(json).is_none(), "{json} cannot be typed");
        }
        assert!(
            read(r#"{"status":"WAITING"}"#) == Some(TypedCodeAnswer::Waiting),
            "it is being prepared"
        );
        let passkey = read(r#"{"type":"webauthn","request_id":"r-1"}"#);
        assert!(passkey == Some(TypedCodeAnswer::Passkey), "a passkey is no error");
    }

    #[test]
    fn a_life_time_that_cannot_be_is_replaced() {
        for odd in [None, Some(0.0), Some(-3.0)] {
            assert_eq!(valid_for(odd), USUAL, "{odd:?} is no life time");
        }
        assert_eq!(valid_for(Some(1e300)), LONGEST, "no code lives for ever");
    }
}
