//! The bytes of a file.

use async_trait::async_trait;
use mostrador_domain::Failure;

use super::link::EvolutionLink;
use crate::baileys::media;
use crate::{Media, MediaSink};

#[async_trait]
impl Media for EvolutionLink {
    async fn download(
        &self,
        gateway_ref: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure> {
        let fields = media::question(gateway_ref);
        let call = self.post("/chat/getBase64FromMediaMessage/{instance}", &fields)?;
        let answered = self.ask(media::with_room(call, max_bytes)).await;
        media::hand_over(answered, |said| said, max_bytes, sink).await
    }
}
