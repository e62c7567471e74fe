//! Files on their way out.
//!
//! A file travels inside the send itself, as a data address that is written while the file is read: uploading it first would make two calls of one, and the
//! second could then find the first one's file gone; the price is a third more bytes on the line. Only what is above
//! [`LARGEST_INLINE`] has to be uploaded first, and then goes by its id.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mostrador_domain::{Failure, FailureCode, MediaKind, OutgoingFile, OutgoingMedia};
use serde_json::Value;

use super::super::capabilities::{self, LARGEST_INLINE};
use super::super::errors;
use super::super::media::is_media_type;
use super::body::fields;
use crate::http_kit::FILE;

/// The path of a file's send.
pub(super) fn path(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "/messages/image",
        MediaKind::Video => "/messages/video",
        MediaKind::ShortVideo => "/messages/short",
        MediaKind::Gif => "/messages/gif",
        MediaKind::Audio => "/messages/audio",
        MediaKind::Voice => "/messages/voice",
        MediaKind::Document => "/messages/document",
        MediaKind::Sticker => "/messages/sticker",
    }
}

/// The fields that say which file, and how it is shown. The waveform is documented as a text without a form; it goes
/// in WhatsApp's own, a byte for each loudness, in base64.
pub(in super::super) fn content(media: &OutgoingMedia) -> Result<Value, Failure> {
    let sounds = matches!(media.kind, MediaKind::Audio | MediaKind::Voice);
    let wordless = sounds || media.kind == MediaKind::Sticker;
    if wordless && media.caption.is_some() {
        return Err(errors::rejected(FailureCode::RefusedContent));
    }
    // Beside an id `mime_type` would say that the id is a file in base64.
    let mut mime = None;
    let file = match &media.file {
        OutgoingFile::Here(source) => {
            mime = Some(media.mime.as_str());
            fits(media.kind, &media.mime, source.length())?;
            format!("data:{};base64,{FILE}", media.mime)
        }
        OutgoingFile::Uploaded(id) if !id.is_empty() => {
            taken(media.kind, &media.mime)?;
            id.clone()
        }
        OutgoingFile::Uploaded(_) => return Err(errors::rejected(FailureCode::MediaMissing)),
    };
    let is_document = media.kind == MediaKind::Document;
    let is_voice = media.kind == MediaKind::Voice;
    Ok(fields([
        ("media", Some(file.into())),
        ("mime_type", mime.map(Value::from)),
        ("caption", media.caption.as_deref().map(Value::from)),
        (
            "filename",
            media
                .file_name
                .as_deref()
                .filter(|_| is_document)
                .map(Value::from),
        ),
        ("seconds", media.seconds.filter(|_| sounds).map(Value::from)),
        (
            "waveform",
            media
                .waveform
                .as_deref()
                .filter(|_| is_voice)
                .map(|bytes| STANDARD.encode(bytes).into()),
        ),
    ]))
}

/// The bytes as `data:<mime>;base64,…`, if the gateway takes such a file.
pub(in super::super) fn data_address(kind: MediaKind, mime: &str, bytes: &[u8]) -> Result<String, Failure> {
    fits(kind, mime, bytes.len() as u64)?;
    Ok(format!("data:{mime};base64,{}", STANDARD.encode(bytes)))
}

/// May a file of this length travel inside its send?
fn fits(kind: MediaKind, mime: &str, length: u64) -> Result<(), Failure> {
    match length > taken(kind, mime)?.min(LARGEST_INLINE) {
        true => Err(errors::rejected(FailureCode::TooLarge)),
        false => Ok(()),
    }
}

/// How many bytes of such a file are taken, if any are.
fn taken(kind: MediaKind, mime: &str) -> Result<u64, Failure> {
    capabilities::media(kind)
        .filter(|limits| limits.takes(mime) && is_media_type(mime))
        .map(|limits| limits.max_bytes)
        .ok_or(errors::rejected(FailureCode::MediaUnsupported))
}
