//! Files that the server fetches by itself, from an address.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, MediaKind};
use serde_json::json;

use super::link::EvolutionLink;
use super::send::mediatype;
use crate::baileys::send::{recipient, words_fit};
use crate::{Accepted, FileAtUrl, FilesByUrl};

#[async_trait]
impl FilesByUrl for EvolutionLink {
    async fn send_from(&self, to: &Address, file: &FileAtUrl) -> Result<Accepted, Failure> {
        words_fit(file.kind, file.caption.as_deref())?;
        let url = file.url.as_str();
        let (path, mut fields) = match file.kind {
            MediaKind::Voice => ("/message/sendWhatsAppAudio/{instance}", json!({ "audio": url })),
            MediaKind::ShortVideo => ("/message/sendPtv/{instance}", json!({ "video": url })),
            MediaKind::Sticker => ("/message/sendSticker/{instance}", json!({ "sticker": url })),
            kind => (
                "/message/sendMedia/{instance}",
                json!({ "mediatype": mediatype(kind)?, "media": url }),
            ),
        };
        fields["number"] = json!(recipient(to)?);
        // The other calls have neither.
        let named = fields.get("media").is_some();
        if let Some(name) = file.file_name.as_ref().filter(|_| named) {
            fields["fileName"] = json!(name);
        }
        if let Some(words) = file.caption.as_ref().filter(|_| named) {
            fields["caption"] = json!(words);
        }
        self.hand_over(self.post(path, &fields)?).await
    }
}
