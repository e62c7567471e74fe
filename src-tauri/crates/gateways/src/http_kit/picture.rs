//! Pictures of codes, as gateways hand them out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::PairingContent;

/// A PNG in base64, with or without `data:…,` before it.
pub(crate) fn of_base64(text: &str) -> Option<PairingContent> {
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
pub(crate) fn png(bytes: Vec<u8>) -> Option<PairingContent> {
    bytes
        .starts_with(b"\x89PNG\r\n\x1a\n")
        .then_some(PairingContent::Picture(bytes))
}
