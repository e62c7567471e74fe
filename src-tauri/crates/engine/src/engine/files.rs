//! Files: kept, wanted, read.

use std::ops::Range;

use mostrador_domain::MediaId;
use mostrador_store::tables::media;

use super::Engine;
use crate::EngineError;
use crate::media::{Part, claimed_by};

impl Engine {
    /// Keeps a file that the operator wants to send.
    ///
    /// # Errors
    /// Too large, a picture that is none, the disk's.
    pub async fn add_media(&self, file_name: String, bytes: Vec<u8>) -> Result<MediaId, EngineError> {
        let stored = self.shared.media.put(bytes, claimed_by(&file_name)).await?;
        let now = self.shared.clock.now();
        Ok(self
            .shared
            .store
            .write(move |writing| media::add(writing, &file_name, &stored, now))
            .await?)
    }

    /// Wants a file that could not be fetched before, or is too large to be fetched by itself.
    ///
    /// # Errors
    /// Not found.
    pub async fn fetch_media(&self, id: MediaId) -> Result<(), EngineError> {
        let row = self
            .shared
            .store
            .write(move |writing| {
                media::ask_again(writing, id)?;
                media::get(writing, id)
            })
            .await?;
        let sessions = self.sessions.lock().await;
        if let Some(session) = row.device.and_then(|device| sessions.get(&device)) {
            session.fetch_media();
        }
        Ok(())
    }

    /// The bytes of a file that is here, with their type.
    ///
    /// # Errors
    /// Not found, not here.
    pub async fn media_bytes(&self, id: MediaId) -> Result<(String, Vec<u8>), EngineError> {
        let (row, sha256) = self.ready(id).await?;
        Ok((row.mime, self.shared.media.get(&sha256).await?))
    }

    /// A part of a file that is here, with its type: `choose` gets the length of the whole and says which.
    ///
    /// # Errors
    /// Not found, not here.
    pub async fn media_part(
        &self,
        id: MediaId,
        choose: impl FnOnce(u64) -> Option<Range<u64>> + Send + 'static,
    ) -> Result<(String, Part), EngineError> {
        let (row, sha256) = self.ready(id).await?;
        let kept = row.bytes.and_then(|bytes| u64::try_from(bytes).ok());
        Ok((row.mime, self.shared.media.part(&sha256, kept, choose).await?))
    }

    /// The row of a file whose bytes are here, and under what they lie.
    pub(crate) async fn ready(&self, id: MediaId) -> Result<(media::MediaRow, String), EngineError> {
        let mut row = self
            .shared
            .store
            .read(move |connection| media::get(connection, id))
            .await?;
        let sha256 = row
            .sha256
            .take()
            .filter(|_| row.state == media::MediaState::Ready)
            .ok_or(EngineError::MediaMissing)?;
        Ok((row, sha256))
    }
}
