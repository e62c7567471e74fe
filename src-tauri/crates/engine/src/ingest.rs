//! Taking in events: stored first, then told.
//!
//! Whoever brings events (webhook, poller) awaits [`Ingest::take`]: when it returns, they are committed, and only then may a
//! webhook be acknowledged. What is too much for one transaction is stored in several: if one fails, those before it are stored,
//! and whoever is told that it failed brings all of it again. Changes of the link are handed to the device's session by the caller.
//!
//! What the gateway lists is fetched again after a power cut, and its commit waits for no disk. What nobody would tell again
//! does wait: a call of a gateway that lists nothing, calls by telephone, and a wish to be left alone, which the very next send
//! honours.

use std::sync::Arc;

use mostrador_domain::{DeviceId, Inbound, UnixMillis};
use mostrador_gateways::DeviceLink;
use mostrador_store::tables::campaign::opt_out;
use mostrador_store::tables::device;
use mostrador_store::tables::ingest::{self, Ingested, Origin, Received};
use mostrador_store::{Store, StoreError, Writing};
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

/// Would what a gateway tells be told again, when it is asked?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// It lists its messages.
    Again,
    /// It lists nothing.
    Once,
}

impl Telling {
    pub(crate) fn of(link: &dyn DeviceLink) -> Self {
        match link.history() {
            Some(_) => Self::Again,
            None => Self::Once,
        }
    }
}

/// What is known of a call that is stored late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Late {
    /// When it came, by the gateway's clock.
    pub(crate) at: UnixMillis,
    /// Does the gateway say which number is linked when it is asked? If not, what the call says of that is said nowhere else.
    pub(crate) tells_number: bool,
}

/// Who brings a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brought {
    /// The gateway, by itself.
    Told(Telling),
    /// The same, before; it could not be stored then.
    ToldLate(Telling, Late),
    /// The gateway told it by itself before, and a person wants it taken in once more.
    ToldBefore(Telling),
    /// We asked for it.
    Asked(Telling),
}

impl Brought {
    fn telling(self) -> Telling {
        match self {
            Self::Told(telling)
            | Self::ToldLate(telling, _)
            | Self::ToldBefore(telling)
            | Self::Asked(telling) => telling,
        }
    }
}

impl Ingest {
    /// Stores what a gateway told by itself: whatever it says, it is alive.
    pub(crate) async fn take_call(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        telling: Telling,
    ) -> Result<Ingested, StoreError> {
        let brought = Brought::Told(telling);
        self.store_batch(device_id, events, Origin::Live, brought).await
    }

    /// The same for a call that came before and could not be stored then: what was written since stays.
    pub(crate) async fn take_late_call(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        telling: Telling,
        late: Late,
    ) -> Result<Ingested, StoreError> {
        let brought = Brought::ToldLate(telling, late);
        self.store_batch(device_id, events, Origin::Live, brought).await
    }

    /// Stores once more what a gateway told by itself: that is no sign of life.
    pub(crate) async fn take_call_again(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        telling: Telling,
    ) -> Result<Ingested, StoreError> {
        let brought = Brought::ToldBefore(telling);
        self.store_batch(device_id, events, Origin::Live, brought).await
    }

    /// Stores a batch of one device's events that we asked for. Only what is new says that something has happened.
    pub(crate) async fn take(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        origin: Origin,
    ) -> Result<Ingested, StoreError> {
        let brought = Brought::Asked(Telling::Again);
        self.store_batch(device_id, events, origin, brought).await
    }

    async fn store_batch(
        &self,
        device_id: DeviceId,
        events: Vec<Inbound>,
        origin: Origin,
        brought: Brought,
    ) -> Result<Ingested, StoreError> {
        if events.is_empty() {
            return Ok(Ingested::default());
        }
        let is_sign_of_life = matches!(brought, Brought::Told(_) | Brought::ToldLate(..));
        // What it lists, it still has; what a call says may have gone since it was first told.
        let may_be_gone = !matches!(brought, Brought::Asked(_));
        let now = self.clock.now();
        let mut ingested = Ingested::default();
        for mut batch in ingest::batches(events) {
            let wishes = hearing::wishes(&batch, origin);
            let told_once = brought.telling() == Telling::Once || batch.has_calls() || !wishes.is_empty();
            let write = move |writing: &mut Writing<'_>| {
                let mut left = if may_be_gone {
                    ingest::leave_emptied(writing, device_id, &mut batch, now)?
                } else {
                    0
                };
                if let Brought::ToldLate(_, late) = brought {
                    left += ingest::leave_emptyings(writing, device_id, &mut batch, late.at)?;
                    if let Some(own) = batch.linked_as().filter(|_| !late.tells_number) {
                        device::told_late(writing, device_id, own)?;
                    }
                }
                let mut ingested = ingest::apply(writing, device_id, batch, origin, now)?;
                ingested.left = left;
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
            };
            let stored = if told_once {
                self.store.write_durably(write).await?
            } else {
                self.store.write(write).await?
            };
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
    use mostrador_domain::{Address, CallOutcome, CallUpdate, InboundMessage, MessageBody, MessageContext};
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

    async fn shop(folder: &std::path::Path) -> (Ingest, DeviceId, mpsc::Receiver<Received>) {
        let store = Store::open(&folder.join("shop.db"), UnixMillis(0))
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
        let (announce, announced) = mpsc::channel(20_000);
        let ingest = Ingest {
            store,
            clock: Arc::new(VirtualClock::at(UnixMillis(20_000_000))),
            announce,
            presences: Presences::default(),
            gateway_clocks: GatewayClocks::default(),
        };
        (ingest, device, announced)
    }

    #[tokio::test]
    async fn what_is_too_much_for_one_transaction_is_taken_in_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let (ingest, device, mut announced) = shop(folder.path()).await;
        let mut events: Vec<Inbound> = (1..=12_000).map(|number| message(number, "hola")).collect();
        events[0] = message(1, "BAJA");
        let taken = ingest
            .take_call(device, events, Telling::Once)
            .await
            .expect("stored");
        assert_eq!(taken.new_messages, 12_000);
        assert_eq!(taken.received.len(), 12_000);
        announced.close();
        let mut told = 0;
        while announced.recv().await.is_some() {
            told += 1;
        }
        assert_eq!(told, 12_000, "each is announced once");
        let who = Address::parse("519000000001@s.whatsapp.net");
        let out = ingest
            .store
            .read(move |connection| opt_out::is_out(connection, &who))
            .await
            .expect("read");
        assert!(out, "a wish is noted with its message");
    }

    /// How a commit is made with these events: SQLite's `synchronous`, 1 = NORMAL, 2 = FULL. A trigger on what it changes notes it.
    async fn synchronous(telling: Telling, events: Vec<Inbound>) -> i64 {
        let folder = tempfile::tempdir().expect("a folder");
        let (ingest, device, _announced) = shop(folder.path()).await;
        let note = "CREATE TABLE made (synchronous INTEGER);
             CREATE TRIGGER made_so AFTER UPDATE OF last_event_at ON device
             BEGIN INSERT INTO made SELECT synchronous FROM pragma_synchronous; END";
        let store = &ingest.store;
        store
            .write(move |writing| Ok(writing.execute_batch(note)?))
            .await
            .expect("noted from now on");
        ingest.take_call(device, events, telling).await.expect("stored");
        let made =
            store.read(|file| Ok(file.query_row("SELECT synchronous FROM made", [], |row| row.get(0))?));
        made.await.expect("one commit")
    }

    #[tokio::test]
    async fn what_is_told_once_outlives_a_power_cut() {
        let call = || {
            Inbound::Call(CallUpdate {
                gateway_id: "k1".to_owned(),
                chat: Address::parse("51900000001@s.whatsapp.net"),
                from: Address::parse("51900000001@s.whatsapp.net"),
                at: UnixMillis(1_000),
                outcome: CallOutcome::Missed,
                video: false,
            })
        };
        let of = |text: &str| vec![message(1, text)];
        assert_eq!(
            synchronous(Telling::Again, of("hola")).await,
            1,
            "it can be asked for again: it waits for no disk"
        );
        assert_eq!(
            synchronous(Telling::Once, of("hola")).await,
            2,
            "nobody tells it again"
        );
        assert_eq!(
            synchronous(Telling::Again, of("BAJA")).await,
            2,
            "a wish to be left alone is honoured by the very next send"
        );
        assert_eq!(
            synchronous(Telling::Again, vec![call()]).await,
            2,
            "no gateway lists calls"
        );
    }
}
