//! The gateway is asked about the numbers of an audience: in batches of its own size, no faster than anything else may look numbers up
//! (`session/asking.rs`). What it says is kept with its age, so whoever goes on later asks for the rest only.

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use mostrador_domain::{CampaignId, DeviceId, Failure, RecipientId};
use mostrador_store::Change;
use mostrador_store::tables::campaign::audience::{self, Asked, NumbersKnown, Patience};
use tokio_util::sync::CancellationToken;

use super::{Queue, lock};
use crate::EngineError;
use crate::engine::{Engine, FRESH_IF_NOT, FRESH_IF_THERE, NumberSaid};

/// For how long an answer holds.
pub(super) const PATIENCE: Patience = Patience {
    there: FRESH_IF_THERE,
    not_there: FRESH_IF_NOT,
};
/// After a failure that may pass.
const AGAIN: Duration = Duration::from_secs(30);
/// So many failures one after the other end it: a person starts it again.
const MOST_FAILURES: u32 = 10;

/// How far asking has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumbersStatus {
    /// What is known.
    pub known: NumbersKnown,
    /// Is it being asked, or does it wait for that?
    pub asking: bool,
    /// Does the device's gateway answer such questions?
    pub offered: bool,
}

impl Engine {
    /// Asks about the numbers of a campaign that has not started, as far as too little is known of them; goes on beside everything else.
    ///
    /// # Errors
    /// Not found, state changed once it has started, not offered, what is wrong with the device.
    pub async fn ask_numbers_of(&self, id: CampaignId) -> Result<NumbersStatus, EngineError> {
        let campaign = self.changeable(id).await?;
        let asking = self.asking(campaign.device).await?;
        if asking.capabilities().number_check.is_none() {
            return Err(EngineError::NotOffered);
        }
        asking.is_linked()?;
        let begun = {
            let mut under_way = lock(&self.audiences().asking);
            let stop = self.audiences().ends.child_token();
            match under_way.contains_key(&id) {
                true => None,
                false => {
                    under_way.insert(id, stop.clone());
                    Some(stop)
                }
            }
        };
        if let Some(stop) = begun {
            let _program_ends = self.audiences().to_ask.send((id, stop)).await;
        }
        self.numbers_of(id).await
    }

    /// Asks no more. What was said is kept.
    ///
    /// # Errors
    /// Not found.
    pub async fn stop_asking_numbers_of(&self, id: CampaignId) -> Result<NumbersStatus, EngineError> {
        if let Some(stop) = lock(&self.audiences().asking).remove(&id) {
            stop.cancel();
        }
        self.numbers_of(id).await
    }

    /// How much is known of the numbers of a campaign.
    ///
    /// # Errors
    /// Not found.
    pub async fn numbers_of(&self, id: CampaignId) -> Result<NumbersStatus, EngineError> {
        let campaign = self.campaign_row(id).await?;
        let now = self.clock().now();
        let known = self
            .store()
            .read(move |connection| audience::numbers_known(connection, id, PATIENCE, now));
        let known = known.await?;
        let capabilities = self.capabilities(campaign.device).await?;
        Ok(NumbersStatus {
            known,
            asking: lock(&self.audiences().asking).contains_key(&id),
            offered: capabilities.number_check.is_some(),
        })
    }

    /// Asks until all is known, it is told to stop, or the gateway will not say more.
    async fn ask_all(&self, id: CampaignId) -> Result<(), EngineError> {
        let device = self.changeable(id).await?.device;
        let mut not_told = HashSet::new();
        let (mut after, mut brought, mut failures) = (None, false, 0);
        loop {
            let asking = self.asking(device).await?;
            let most = asking
                .capabilities()
                .number_check
                .ok_or(EngineError::NotOffered)?;
            let (now, most) = (self.clock().now(), most.max(1) as usize);
            let read = self
                .store()
                .read(move |connection| audience::to_ask(connection, id, after, most, PATIENCE, now));
            let batch = read.await?;
            let Some(last) = batch.last().map(|asked| asked.place) else {
                // Somebody may have another spelling that is to be asked for now.
                if !std::mem::take(&mut brought) {
                    return Ok(());
                }
                after = None;
                continue;
            };
            let batch: Vec<Asked> = batch
                .into_iter()
                .filter(|asked| !not_told.contains(&asked.digits))
                .collect();
            match self.ask_batch(id, device, &batch, &mut not_told).await {
                Ok(()) => {
                    brought = brought || !batch.is_empty();
                    (after, failures) = (Some(last), 0);
                }
                Err(error) => {
                    let (wait, counts) = may_pass(&error).ok_or(error)?;
                    failures += u32::from(counts);
                    if failures >= MOST_FAILURES {
                        return Ok(());
                    }
                    self.clock().sleep(wait).await;
                }
            }
        }
    }

    async fn ask_batch(
        &self,
        id: CampaignId,
        device: DeviceId,
        batch: &[Asked],
        not_told: &mut HashSet<String>,
    ) -> Result<(), EngineError> {
        if batch.is_empty() {
            return Ok(());
        }
        let asking = self.asking(device).await?;
        let digits: Vec<String> = batch.iter().map(|asked| asked.digits.clone()).collect();
        let said = self.ask_numbers(device, &asking, &digits).await?;
        for (digits, said) in digits.into_iter().zip(&said) {
            if *said == NumberSaid::NotTold {
                not_told.insert(digits);
            }
        }
        let people: Vec<RecipientId> = batch.iter().map(|asked| asked.id).collect();
        let now = self.clock().now();
        let stored = self
            .store()
            .write(move |writing| audience::said(writing, id, &people, PATIENCE, now));
        stored.await?;
        Ok(())
    }
}

/// How long to wait after a failure that may pass, and whether it counts: that it is not our turn yet does not.
fn may_pass(error: &EngineError) -> Option<(Duration, bool)> {
    match error {
        EngineError::Gateway(Failure::NotSent {
            retry_after: Some(wait),
            ..
        }) => Some((*wait, false)),
        EngineError::Gateway(Failure::NotSent { .. } | Failure::Unknown { .. })
        | EngineError::SessionEnded => Some((AGAIN, true)),
        _ => None,
    }
}

/// Takes the campaigns one after the other, until the program ends.
pub(super) async fn run(engine: Weak<Engine>, queue: Queue<(CampaignId, CancellationToken)>) {
    let mut queue = queue.lock().await;
    while let Some((id, stop)) = queue.recv().await {
        let Some(engine) = engine.upgrade() else { break };
        let ended = Ended {
            engine: Arc::clone(&engine),
            id,
            stop: stop.clone(),
        };
        let asked = stop.run_until_cancelled(engine.ask_all(id)).await;
        if let Some(Err(error)) = asked {
            tracing::info!(campaign = %id, %error, "the numbers of a campaign are not asked for any more");
        }
        drop(ended);
    }
    // The program is ending: wait to be dropped.
    std::future::pending().await
}

/// Says that it has ended, however it does; unless somebody has begun again meanwhile.
struct Ended {
    engine: Arc<Engine>,
    id: CampaignId,
    stop: CancellationToken,
}

impl Drop for Ended {
    fn drop(&mut self) {
        if !self.stop.is_cancelled() {
            lock(&self.engine.audiences().asking).remove(&self.id);
        }
        self.engine.store().announce(Change::Campaign(self.id));
    }
}
