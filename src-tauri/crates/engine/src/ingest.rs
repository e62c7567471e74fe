//! Taking in events: stored first, then told.
//!
//! Whoever brings events (webhook, poller) awaits [`Ingest::take`]: when it returns, they are committed, and only then may a
//! webhook be acknowledged. What is too much for one transaction is stored in several: if one fails, those before it are stored,
//! and whoever is told that it failed brings all of it again. Changes of the link are handed to the device's session by the caller.

use std::sync::Arc;

use mostrador_domain::{DeviceId, Inbound};
use mostrador_store::tables::campaign::opt_out;
use mostrador_store::tables::device;
use mostrador_store::tables::ingest::{self, Ingested, Origin, Received};
use mostrador_store::{Store, StoreError};
use tokio::sync::mpsc;

use crate::campaigns::hearing;
use crate::clock::Clock;
use crate::gateway_clocks::GatewayClocks;
use crate::presence::{PresenceHeard, Presences};

/// Shared by all who bring events.
#[derive(Clone)]
pub(crate) struct Ingest {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) announce: mpsc::Sender<Received>,
    pub(crate) presences: Presences,
    pub(crate) gateway_clocks: GatewayClocks,
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
        let mut ingested = Ingested::default();
        for batch in ingest::batches(events) {
            let wishes = hearing::wishes(&batch, origin);
            let stored = self
                .store
                .write(move |writing| {
                    let ingested = ingest::apply(writing, device_id, batch, origin, now)?;
                    if is_sign_of_life || ingested.new_messages > 0 {
                        device::heard(writing, device_id, now)?;
                    }
                    if !wishes.is_empty() {
                        let live_from = device::seen(writing, device_id)?.live_from;
                        for heard in wishes.iter().filter(|heard| heard.at >= live_from) {
                            opt_out::heard(writing, device_id, heard, now)?;
                        }
                    }
                    Ok(ingested)
                })
                .await?;
            ingested.and(stored);
        }
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

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, InboundMessage, MessageBody, MessageContext, UnixMillis};
    use mostrador_store::tables::device::NewDevice;

    use super::*;
    use crate::clock::VirtualClock;

    fn message(number: i64, text: &str) -> Inbound {
        let chat = Address::parse(&format!("51900{:07}@s.whatsapp.net", number % 900));
        Inbound::Message(Box::new(InboundMessage {
            gateway_id: format!("m{number}"),
            chat: chat.clone(),
            chat_name: None,
            sender: Some(chat),
            sender_name: None,
            from_me: false,
            at: UnixMillis(number * 1_000),
            body: MessageBody::Text(text.to_owned()),
            status: None,
            context: MessageContext::default(),
        }))
    }

    #[tokio::test]
    async fn what_is_too_much_for_one_transaction_is_taken_in_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("shop.db"), UnixMillis(0))
            .expect("a store")
            .store;
        let new = NewDevice {
            gateway: "practice".to_owned(),
            name: "Tienda".to_owned(),
            url: None,
            secret_key: "key".to_owned(),
        };
        let device = store
            .write(move |writing| device::add(writing, &new, UnixMillis(0)))
            .await
            .expect("a device");
        let (announce, mut announced) = mpsc::channel(20_000);
        let ingest = Ingest {
            store: store.clone(),
            clock: Arc::new(VirtualClock::at(UnixMillis(20_000_000))),
            announce,
            presences: Presences::default(),
            gateway_clocks: GatewayClocks::default(),
        };
        let mut events: Vec<Inbound> = (1..=12_000).map(|number| message(number, "hola")).collect();
        events[0] = message(1, "BAJA");
        let taken = ingest.take_call(device, events).await.expect("stored");
        assert_eq!(taken.new_messages, 12_000);
        assert_eq!(taken.received.len(), 12_000);
        announced.close();
        let mut told = 0;
        while announced.recv().await.is_some() {
            told += 1;
        }
        assert_eq!(told, 12_000, "each is announced once");
        let who = Address::parse("519000000001@s.whatsapp.net");
        let out = store
            .read(move |connection| opt_out::is_out(connection, &who))
            .await
            .expect("read");
        assert!(out, "a wish is noted with its message");
    }
}
