//! The bytes of a file. One generation documents that the message is named by its whole key; the others are asked as it was recorded.

use async_trait::async_trait;
use mostrador_domain::{Failure, FailureCode};
use serde_json::json;

use super::generation::Generation;
use super::link::QrBuhoLink;
use crate::baileys::answers::rejected;
use crate::baileys::media;
use crate::{Media, MediaSink};

#[async_trait]
impl Media for QrBuhoLink {
    async fn download(
        &self,
        gateway_ref: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure> {
        let question = match self.generation {
            Generation::Intermediate => {
                let key = self.key(gateway_ref).await?;
                json!({ "key": key.ok_or_else(|| rejected(FailureCode::MediaMissing))? })
            }
            Generation::Current | Generation::QrApi2 => media::question(gateway_ref),
        };
        let call = Self::post("/chat/message/base64", &question);
        let mut file = media::into(sink, max_bytes);
        let answered = self.ask_into(media::with_room(call, max_bytes), &mut file).await;
        media::handed_over(&file, answered)
    }
}
