//! A code to scan, as text or as a picture.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::PairingContent;

use super::super::wire;

/// For how long a code can be scanned when the gateway does not say: WhatsApp changes it about as often.
const USUAL: Duration = Duration::from_secs(20);
/// No code lives longer; a larger number is a slip.
const LONGEST: Duration = Duration::from_secs(600);

/// The code and for how long it can be scanned, if there is one. The text is preferred: drawn by us, it is sharp.
pub(in super::super) fn read(qr: &wire::Qr) -> Option<(PairingContent, Duration)> {
    if qr.status.as_deref().is_some_and(|status| status != "OK") {
        return None;
    }
    let text = qr.rowdata.clone().map(PairingContent::Text);
    let content = text.or_else(|| qr.base64.as_deref().and_then(picture))?;
    Some((content, valid_for(qr.expire)))
}

/// A PNG in base64, with or without `data:…,` before it.
fn picture(text: &str) -> Option<PairingContent> {
    let encoded = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once(',')?.1,
        None => text,
    };
    let encoded: String = encoded
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    png(STANDARD.decode(encoded).ok()?)
}

/// The bytes, if they begin as a PNG does.
pub(in super::super) fn png(bytes: Vec<u8>) -> Option<PairingContent> {
    bytes
        .starts_with(b"\x89PNG\r\n\x1a\n")
        .then_some(PairingContent::Picture(bytes))
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
        read(&serde_json::from_str(json).expect("the test's own JSON"))
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
        ] {
            assert!(code(json).is_none(), "{json} holds nothing to scan");
        }
    }

    #[test]
    fn a_life_time_that_cannot_be_is_replaced() {
        for odd in [None, Some(0.0), Some(-3.0)] {
            assert_eq!(valid_for(odd), USUAL, "{odd:?} is no life time");
        }
        assert_eq!(valid_for(Some(1e300)), LONGEST, "no code lives for ever");
    }
}
