//! Files in messages. The bytes are fetched later, by the gateway's id.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::{MediaBody, MediaKind, MediaRef, MessageBody};

use super::super::fields::Fields;

/// Stands for the id of a file that the gateway has not taken up yet; it names no file.
const NOT_YET: &str = "media_init";

/// A file, if it can be fetched. One that the gateway is still taking up has an empty reference: its bytes cannot be
/// had by it, and it is one of ours, so they are here.
pub(super) fn read(kind: MediaKind, content: Fields<'_>) -> Option<MessageBody> {
    let whole = |field: &str| content.count(field).map(i64::from);
    let id = content.text("id")?;
    let file = MediaRef {
        gateway_ref: if id == NOT_YET { "" } else { id }.to_owned(),
        mime: content.string("mime_type").unwrap_or_default(),
        bytes: whole("file_size"),
        width: whole("width"),
        height: whole("height"),
        seconds: whole("seconds"),
        file_name: content
            .string("file_name")
            .or_else(|| content.string("filename"))
            .filter(|_| kind == MediaKind::Document),
        sha256: content.text("sha256").and_then(sha256),
        waveform: content.text("waveform").and_then(waveform),
    };
    Some(MessageBody::Media(MediaBody {
        kind,
        caption: content.string("caption"),
        file,
    }))
}

/// The hash is in base64, as WhatsApp has it; hexadecimal is taken too.
fn sha256(text: &str) -> Option<String> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex {
        return Some(text.to_ascii_lowercase());
    }
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32)?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Loudness from 0 to 100, a byte each, in base64, as WhatsApp has it. Anything else is not drawn.
fn waveform(text: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(text).ok()?;
    let drawn = !bytes.is_empty() && bytes.len() <= 256 && bytes.iter().all(|loudness| *loudness <= 100);
    drawn.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(content: serde_json::Value) -> MediaRef {
        let read = read(MediaKind::Document, Fields::of(&content).expect("an object"));
        let Some(MessageBody::Media(media)) = read else {
            panic!("it is a file")
        };
        media.file
    }

    #[test]
    fn the_hash_is_told_in_hex_whichever_way_it_came() {
        let hex = "00".repeat(31) + "ff";
        let base64 = STANDARD.encode([vec![0; 31], vec![255]].concat());
        for told in [hex.to_uppercase(), base64] {
            let hash = file(json!({"id": "a-1", "sha256": told})).sha256;
            assert_eq!(hash.as_deref(), Some(hex.as_str()), "both are the same 32 bytes");
        }
        for odd in ["q1pX…", "", "abcd"] {
            assert_eq!(
                file(json!({"id": "a-1", "sha256": odd})).sha256,
                None,
                "{odd:?} is no hash"
            );
        }
    }

    #[test]
    fn a_waveform_is_drawn_only_if_it_is_one() {
        let told = |bytes: &[u8]| file(json!({"id": "a-1", "waveform": STANDARD.encode(bytes)})).waveform;
        assert_eq!(told(&[0, 50, 100]), Some(vec![0, 50, 100]), "0 to 100");
        assert_eq!(told(&[101]), None, "louder than loud");
        assert_eq!(told(&[]), None, "silence is not drawn");
    }

    #[test]
    fn a_file_that_is_not_taken_up_yet_has_no_reference() {
        assert_eq!(
            file(json!({"id": "media_init"})).gateway_ref,
            "",
            "the word names no file"
        );
    }
}
