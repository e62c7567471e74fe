//! Taking in events: stored first, then told.
//!
//! Whoever brings events (webhook, poller) awaits [`Ingest::take`]: when it returns, they are committed, and only then may a
//! webhook be acknowledged. Changes of the link are handed to the device's session by the caller.

use std::sync::Arc;

use mostrador_domain::{DeviceId, Inbound};
use mostrador_store::tables::campaign::opt_out;
use mostrador_store::tables::device;
use mostrador_store::tables::ingest::{self, Ingested, Origin, Received};
use mostrador_store::{Store, StoreError};
use tokio::sync::mpsc;

use crate::campaigns::hearing;
use crate::clock::Clock;
use crate::presence::{PresenceHeard, Presences};

/// Shared by all who bring events.
#[derive(Clone)]
pub(crate) struct Ingest {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) announce: mpsc::Sender<Received>,
    pub(crate) presences: Presences,
}

impl Ingest {
    /// Stores what a gateway told by itself: whatever it says, it is alive.
    pub(crate) async fn take_call(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
    ) -> Result<Ingested, StoreError> {
        self.store_batch(device_id, events, Origin::Live, true).await
    }

    /// Stores a batch of one device's events that we asked for. Only what is new says that something has happened.
    pub(crate) async fn take(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        origin: Origin,
    ) -> Result<Ingested, StoreError> {
        self.store_batch(device_id, events, origin, false).await
    }

    async fn store_batch(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        origin: Origin,
        is_sign_of_life: bool,
    ) -> Result<Ingested, StoreError> {
        if events.is_empty() {
            return Ok(Ingested::default());
        }
        let now = self.clock.now();
        let wishes = hearing::wishes(&events, origin);
        let ingested = self
            .store
            .write(move |writing| {
                let ingested = ingest::apply(writing, device_id, events, origin, now)?;
                if is_sign_of_life || ingested.new_messages > 0 {
                    device::heard(writing, device_id, now)?;
                }
                for heard in &wishes {
                    opt_out::heard(writing, device_id, heard, now)?;
                }
                Ok(ingested)
            })
            .await?;
        for received in &ingested.received {
            if self.announce.try_send(*received).is_err() {
                tracing::debug!("too many messages at once: one is not announced, the list counts it");
            }
        }
        for (chat, update) in &ingested.presences {
            self.presences.tell(PresenceHeard {
                chat: *chat,
                presence: update.presence,
                last_seen: update.last_seen,
            });
        }
        Ok(ingested)
    }
}
