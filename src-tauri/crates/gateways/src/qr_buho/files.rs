//! Files that the gateway fetches by itself, from an address.

use async_trait::async_trait;
use http::Method;
use mostrador_domain::{Address, Failure, FailureCode, MediaKind};
use serde_json::{Value, json};

use super::generation::Generation;
use super::link::QrBuhoLink;
use crate::baileys::answers::{MALFORMED, rejected};
use crate::baileys::send::{recipient, words_fit};
use crate::http_kit::{Call, Path};
use crate::{Accepted, FileAtUrl, FilesByUrl};

#[async_trait]
impl FilesByUrl for QrBuhoLink {
    async fn send_from(&self, to: &Address, file: &FileAtUrl) -> Result<Accepted, Failure> {
        words_fit(file.kind, file.caption.as_deref())?;
        let number = recipient(to)?;
        let call = match self.generation {
            Generation::Current => {
                let (kind, mut payload) = current(file)?;
                payload["number"] = json!(number);
                let path = Path::with("/api/send/{instance}", &self.number().await?).ok_or(MALFORMED)?;
                Call::new(Method::POST, path).json(&json!({ "type": kind, "payload": payload }))
            }
            Generation::Intermediate => {
                let fields = json!({
                    "media_type": word(file.kind)?, "link": file.url.as_str(), "number": number,
                    "caption": file.caption.as_deref().unwrap_or_default(),
                });
                Self::post("/api/message/send-media", &fields)
            }
            Generation::QrApi2 => {
                let field = match file.kind {
                    MediaKind::Voice => "audio",
                    MediaKind::ShortVideo => "video",
                    _ => return Err(rejected(FailureCode::MediaUnsupported)),
                };
                Self::post(
                    "/message/send",
                    &json!({ "number": number, field: file.url.as_str() }),
                )
            }
        };
        self.hand_over(call).await
    }
}

fn current(file: &FileAtUrl) -> Result<(&'static str, Value), Failure> {
    let url = file.url.as_str();
    let mediatype = match file.kind {
        MediaKind::Voice => return Ok(("sendWhatsAppAudio", json!({ "audio": url }))),
        MediaKind::ShortVideo => return Ok(("sendPtv", json!({ "video": url }))),
        MediaKind::Document => "document",
        kind => word(kind)
            .ok()
            .filter(|word| *word != "audio")
            .ok_or_else(|| rejected(FailureCode::MediaUnsupported))?,
    };
    let name = file.file_name.as_deref().unwrap_or(mediatype);
    let mut payload = json!({ "mediatype": mediatype, "media": url, "filename": name });
    if let Some(words) = &file.caption {
        payload["caption"] = json!(words);
    }
    Ok(("sendMedia", payload))
}

fn word(kind: MediaKind) -> Result<&'static str, Failure> {
    match kind {
        MediaKind::Image => Ok("image"),
        MediaKind::Video => Ok("video"),
        MediaKind::Audio => Ok("audio"),
        _ => Err(rejected(FailureCode::MediaUnsupported)),
    }
}
