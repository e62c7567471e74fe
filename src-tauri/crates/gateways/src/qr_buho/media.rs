//! The bytes of a file.

use async_trait::async_trait;
use mostrador_domain::Failure;

use super::link::{QrBuhoLink, inner};
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
        let answered = self.ask(media::with_room(call, max_bytes)).await;
        media::hand_over(answered, inner, max_bytes, sink).await
    }
}
