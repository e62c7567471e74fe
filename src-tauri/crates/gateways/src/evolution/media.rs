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
        let mut file = media::into(sink, max_bytes);
        let answered = self.ask_into(media::with_room(call, max_bytes), &mut file).await;
        media::handed_over(&file, answered)
    }
}
