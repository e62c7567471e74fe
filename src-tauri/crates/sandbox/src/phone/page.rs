//! The page itself: one file of markup, with style, script and words put into it when it is asked for.

use axum::{
    extract::Query,
    http::header,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

const MARKUP: &str = include_str!("phone.html");
const STYLE: &str = include_str!("phone.css");
const SCRIPT: &str = include_str!("phone.js");
const SPANISH: &str = include_str!("words.es.json");
const PORTUGUESE: &str = include_str!("words.pt-BR.json");
const ENGLISH: &str = include_str!("words.en.json");

#[derive(Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
}

/// Spanish, unless Portuguese or English is asked for.
pub(super) async fn page(Query(Asked { lang }): Query<Asked>) -> Response {
    let lang = lang.unwrap_or_default();
    let (tag, words) = match lang.split('-').next() {
        Some("pt") => ("pt-BR", PORTUGUESE),
        Some("en") => ("en", ENGLISH),
        _ => ("es", SPANISH),
    };
    let script = SCRIPT.replace("\"{{words}}\"", words.trim());
    let html = MARKUP
        .replace("{{lang}}", tag)
        .replace("{{style}}", STYLE)
        .replace("{{script}}", &script);
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy(&script)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Html(html)).into_response()
}

/// Only this page's own style and script, named by their hashes, and calls and pictures from where it came from.
fn policy(script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        hash(script),
        hash(STYLE),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ENGLISH, PORTUGUESE, SCRIPT, SPANISH};
    use crate::world::ScanRefused;

    fn words(json: &str) -> BTreeMap<String, String> {
        serde_json::from_str(json).expect("words are a flat object of texts")
    }

    #[test]
    fn every_language_words_everything() {
        let spanish: Vec<String> = words(SPANISH).into_keys().collect();
        for other in [PORTUGUESE, ENGLISH] {
            let keys: Vec<String> = words(other).into_keys().collect();
            assert_eq!(keys, spanish, "a missing word would show as nothing on the panel");
        }
        let reasons = [
            ScanRefused::AlreadyLinked.code(),
            ScanRefused::CodeExpired.code(),
            ScanRefused::NoCode.code(),
            "not_linked",
            "no_passkey",
        ];
        for reason in reasons {
            assert!(
                spanish.iter().any(|key| key == reason),
                "{reason} would show as a general failure"
            );
        }
        for key in &spanish {
            let used = SCRIPT.contains(key.as_str()) || reasons.contains(&key.as_str());
            assert!(used, "nobody says {key}");
        }
    }

    #[test]
    fn the_script_never_makes_markup_of_text() {
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ] {
            assert!(
                !SCRIPT.contains(sink),
                "{sink} would let a message's text become markup"
            );
        }
    }
}
