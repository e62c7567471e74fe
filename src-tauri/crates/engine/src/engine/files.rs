//! Files: kept, wanted, read.

use std::ops::Range;

use mostrador_domain::MediaId;
use mostrador_store::tables::media;
use mostrador_store::tables::media::Stored;

use super::Engine;
use crate::EngineError;
use crate::media::{Part, claim_to_send, is_worth};

impl Engine {
    /// Keeps a file that the operator wants to send.
    ///
    /// # Errors
    /// Too large, a picture that is none, the disk's.
    pub async fn add_media(&self, file_name: String, bytes: Vec<u8>) -> Result<MediaId, EngineError> {
        let claim = claim_to_send(&file_name, bytes.len() as u64);
        let stored = self.shared.media.put(bytes, claim).await?;
        self.note_media(file_name, stored).await
    }

    /// Begins a file of so many bytes that comes piece by piece; by the number it is gone on with.
    ///
    /// # Errors
    /// Too large, empty.
    pub fn begin_media(&self, file_name: String, bytes: u64) -> Result<u32, EngineError> {
        self.uploads.begin(file_name, bytes)
    }

    /// The next piece of it, which belongs `at` this byte.
    ///
    /// # Errors
    /// Not found (any more), not the next one, the disk's: nothing of the file is left then.
    pub async fn take_media_piece(&self, upload: u32, at: u64, piece: &[u8]) -> Result<(), EngineError> {
        self.uploads.piece(upload, at, piece).await
    }

    /// Keeps it, as [`Self::add_media`] keeps one that comes at once.
    ///
    /// # Errors
    /// Not found (any more), not all there, a picture that is none, the disk's: nothing of the file is left then.
    pub async fn end_media(&self, upload: u32) -> Result<MediaId, EngineError> {
        let (file_name, stored) = self.uploads.end(upload).await?;
        self.note_media(file_name, stored).await
    }

    /// It is not wanted any more: nothing of it is left.
    pub fn give_up_media(&self, upload: u32) {
        self.uploads.give_up(upload);
    }

    async fn note_media(&self, file_name: String, mut stored: Stored) -> Result<MediaId, EngineError> {
        if stored.mime == "audio/ogg" {
            stored.waveform = self.shared.media.loudness(&stored.sha256).await;
        }
        let now = self.shared.clock.now();
        Ok(self
            .shared
            .store
            .write(move |writing| media::add(writing, &file_name, &stored, now))
            .await?)
    }

    /// Wants a file that could not be fetched before, or is too large to be fetched by itself, or whose bytes are gone from here.
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
        self.look_for(&row).await?;
        let sessions = self.sessions.lock().await;
        if let Some(session) = row.device.and_then(|device| sessions.get(&device)) {
            session.fetch_media();
        }
        Ok(())
    }

    /// A file that counts as here and is not is at its gateway only, if it came from one.
    async fn look_for(&self, row: &media::MediaRow) -> Result<(), EngineError> {
        let (id, sha256) = (row.id, row.sha256.clone().unwrap_or_default());
        let counts = row.state == media::MediaState::Ready && row.gateway_ref.is_some();
        if !counts || !self.shared.media.is_gone(&sha256).await {
            return Ok(());
        }
        let store = &self.shared.store;
        Ok(store
            .write(move |writing| media::gone(writing, id, &sha256))
            .await?)
    }

    /// The bytes of a file that is here, with their type.
    ///
    /// # Errors
    /// Not found, not here.
    pub async fn media_bytes(&self, id: MediaId) -> Result<(String, Vec<u8>), EngineError> {
        let (row, sha256) = self.ready(id).await?;
        Ok((row.mime, self.shared.media.get(&sha256).await?))
    }

    /// The same of a picture that is shown small: a smaller copy, if it is worth one.
    ///
    /// # Errors
    /// Not found, not here.
    pub async fn media_small(&self, id: MediaId) -> Result<(String, Vec<u8>), EngineError> {
        let (row, sha256) = self.ready(id).await?;
        if is_worth(&row.mime, row.width, row.height) {
            match self.shared.media.small(&sha256).await {
                Ok(small) => return Ok(("image/jpeg".to_owned(), small)),
                Err(EngineError::MediaMissing) => return Err(EngineError::MediaMissing),
                Err(error) => tracing::debug!(%error, "a picture has no smaller copy"),
            }
        }
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
