//! What a person does with campaigns. Everything is decided in the store; the devices' runners find it there.

use std::time::Duration;

use mostrador_campaigns::schedule::Schedule;
use mostrador_domain::{AuthLost, CampaignId, DeviceState, Failure, UnixMillis};
use mostrador_store::tables::campaign;
use mostrador_store::{StoreError, StoreErrorKind, Writing};

use super::Engine;
use crate::campaigns::{Waits, may_start, next_of_row};
use crate::{EngineError, crash};

/// For so long a start can be undone.
pub const START_UNDO: Duration = Duration::from_secs(10);

impl Engine {
    /// What holds the next message of a running campaign.
    pub fn campaign_waits(&self, id: CampaignId) -> Option<Waits> {
        self.shared.campaigns.get(id)
    }

    /// Starts a campaign; for [`START_UNDO`] nothing leaves. One of a recurring row that waits for its time is followed by the next one, as if
    /// its time had come.
    ///
    /// # Errors
    /// Not found, no number is linked, or that it was not rehearsed as it stands.
    pub async fn start_campaign(&self, id: CampaignId) -> Result<(), EngineError> {
        self.device_is_ready(id).await?;
        let now = self.shared.clock.now();
        let row = self.campaign_row(id).await?;
        let of_row = row.clone();
        let next = self
            .shared
            .store
            .read(move |connection| next_of_row(connection, &of_row, now));
        match next.await? {
            Some(next) => self.start_with_next(row, next, now).await?,
            None => {
                let start = move |writing: &mut Writing<'_>| {
                    // It may have been given a time meanwhile.
                    let row = campaign::get(writing, id)?;
                    match next_of_row(writing, &row, now)? {
                        Some(_) => Err(StoreError::of(StoreErrorKind::StateChanged)),
                        None => campaign::start(writing, id, START_UNDO, now),
                    }
                };
                self.change_durably(start).await?;
            }
        }
        crash::point("campaign.started");
        Ok(())
    }

    /// Pauses a campaign: nothing leaves after this, but for what is leaving at this moment.
    ///
    /// # Errors
    /// Not found, or that it does not run.
    pub async fn pause_campaign(&self, id: CampaignId) -> Result<(), EngineError> {
        self.change_durably(move |writing| campaign::pause(writing, id))
            .await?;
        crash::point("campaign.paused");
        Ok(())
    }

    /// Lets a campaign go on.
    ///
    /// # Errors
    /// Not found, no number is linked, WhatsApp restricts it, or that it is not paused.
    pub async fn resume_campaign(&self, id: CampaignId) -> Result<(), EngineError> {
        self.device_is_ready(id).await?;
        let now = self.shared.clock.now();
        self.change_durably(move |writing| campaign::resume(writing, id, now))
            .await
    }

    /// Sets when a campaign starts by itself.
    ///
    /// # Errors
    /// Not found, or that it was not rehearsed as it stands.
    pub async fn schedule_campaign(
        &self,
        id: CampaignId,
        schedule: Schedule,
        starts_at: UnixMillis,
    ) -> Result<(), EngineError> {
        self.change_durably(move |writing| campaign::schedule(writing, id, &schedule, starts_at))
            .await
    }

    /// Makes one change that a power cut must not take.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn change_durably<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        Ok(self.shared.store.write_durably(work).await?)
    }

    async fn device_is_ready(&self, id: CampaignId) -> Result<(), EngineError> {
        let row = self
            .shared
            .store
            .read(move |connection| campaign::get(connection, id))
            .await?;
        let state = self.live(row.device).await?.state;
        match state {
            state if may_start(&state) => Ok(()),
            DeviceState::Restricted { until } => Err(Failure::Restricted { until }.into()),
            _ => {
                let lost = AuthLost::Link;
                Err(Failure::AuthLost { lost }.into())
            }
        }
    }
}
