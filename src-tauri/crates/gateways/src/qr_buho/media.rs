//! The bytes of a file.

use async_trait::async_trait;
use mostrador_domain::Failure;

use super::link::QrBuhoLink;
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
        let call = Self::post("/chat/message/base64", &media::question(gateway_ref));
        let mut file = media::into(sink, max_bytes);
        let answered = self.ask_into(media::with_room(call, max_bytes), &mut file).await;
        media::handed_over(&file, answered)
    }
}
