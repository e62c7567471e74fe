//! Pictures of people and groups, as small copies.

use mostrador_domain::{Failure, PictureId};
use mostrador_store::tables::picture;

use super::Engine;
use crate::EngineError;
use crate::pictures::MAX_BYTES;

impl Engine {
    /// The small copy of a picture, a JPEG; fetched if it is not here. What cannot be had is not asked for at every look, and
    /// where it lies is no part of any message: a picture that is missing is no trouble of the gateway's.
    ///
    /// # Errors
    /// Not found, [`EngineError::MediaMissing`].
    pub async fn picture(&self, id: PictureId) -> Result<Vec<u8>, EngineError> {
        let (device, url) = self
            .shared
            .store
            .read(move |connection| picture::get(connection, id))
            .await?;
        let pictures = &self.shared.pictures;
        if let Some(copy) = pictures.copy(&url).await {
            return Ok(copy);
        }
        let now = self.shared.clock.elapsed();
        if pictures.is_missing(id, now) || !self.live(device).await?.state.is_linked() {
            return Err(EngineError::MediaMissing);
        }
        let turn = pictures.turn();
        let Ok(_turn) = turn.acquire().await else {
            return Err(EngineError::MediaMissing);
        };
        // Who waited behind another look at the same one finds it here.
        if let Some(copy) = pictures.copy(&url).await {
            return Ok(copy);
        }
        let asking = self.asking(device).await?;
        let facet = asking.link().pictures().ok_or(EngineError::NotOffered)?;
        let mut came = Vec::new();
        let fetched = match facet.fetch(&url, MAX_BYTES, &mut came).await {
            Ok(()) => pictures.keep(&url, came).await,
            Err(failure) => Err(failure.into()),
        };
        fetched.map_err(|error| {
            let for_good = matches!(
                error,
                EngineError::MediaUnsupported | EngineError::Gateway(Failure::Rejected { .. })
            );
            pictures.note_missing(id, now, for_good);
            EngineError::MediaMissing
        })
    }
}
