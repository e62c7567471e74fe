//! Ingest: every message through the store's own door, with its unique keys, its chat rows and the search index.
//!
//! The messages come in windows, as from a gateway that has much to tell; the store cuts each into transactions. Beside it a
//! probe asks the writer for nothing, again and again: how long it waits is how long the writer is held. The time ends
//! when the last message can be searched.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mostrador_domain::{DeviceId, UnixMillis};
use mostrador_store::tables::device::{self, NewDevice};
use mostrador_store::tables::ingest::{self, Origin};
use mostrador_store::{Store, StoreError};

use crate::corpus::{Corpus, Order};
use crate::floor::Floor;
use crate::timing::{now, pause, percentile};

/// How many messages are handed over at a time.
pub(crate) const WINDOW: usize = 131_072;

/// What came of it.
pub(crate) struct Taken {
    pub(crate) rows_per_second: f64,
    /// Milliseconds that the probe waited.
    pub(crate) held_p99: f64,
    pub(crate) held_most: f64,
}

/// Takes all messages into a new store at `path`, and into a floor if there is one.
pub(crate) async fn take_all(
    path: &Path,
    corpus: &Corpus,
    order: Order,
    mut floor: Option<&mut Floor>,
) -> Result<Taken, StoreError> {
    let store = Store::open(path, UnixMillis(0))?.store;
    let device = new_device(&store).await?;
    let origin = match order {
        Order::Live => Origin::Live,
        Order::History => Origin::History,
    };
    if order == Order::History {
        // A number that is linked today, and has a past.
        let begun = corpus.end();
        store
            .write(move |writing| device::first_sync_begun(writing, device, begun))
            .await?;
    }
    let probe = Probe::start(&store);
    let mut spent = Duration::ZERO;
    for first in (0..corpus.size.messages).step_by(WINDOW) {
        let places = first..(first + WINDOW).min(corpus.size.messages);
        if let Some(floor) = &mut floor {
            floor.put(corpus, places.clone())?;
        }
        let window = corpus.inbound(order, places);
        let start = now();
        for batch in ingest::batches(window) {
            store
                .write(move |writing| ingest::apply(writing, device, batch, origin, UnixMillis(i64::MAX)))
                .await?;
        }
        spent += start.elapsed();
    }
    let waits = probe.stop().await;
    Ok(Taken {
        rows_per_second: corpus.size.messages as f64 / spent.as_secs_f64(),
        held_p99: percentile(&waits, 0.99),
        held_most: percentile(&waits, 1.0),
    })
}

pub(crate) async fn new_device(store: &Store) -> Result<DeviceId, StoreError> {
    store
        .write(|writing| {
            let new = NewDevice {
                gateway: "practice".to_owned(),
                name: "Mostrador".to_owned(),
                url: None,
                secret_key: "bench".to_owned(),
            };
            device::add(writing, &new, UnixMillis(0))
        })
        .await
}

/// Asks the writer for nothing, again and again.
struct Probe {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<Vec<f64>>,
}

impl Probe {
    #[allow(
        clippy::disallowed_methods,
        reason = "one task, which this value owns and ends"
    )]
    fn start(store: &Store) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (store, stopped) = (store.clone(), Arc::clone(&stop));
        let task = tokio::spawn(async move {
            let mut waits = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let start = now();
                if store.write(|_| Ok(())).await.is_err() {
                    break;
                }
                waits.push(start.elapsed().as_secs_f64() * 1_000.0);
                pause(Duration::from_millis(2)).await;
            }
            waits
        });
        Self { stop, task }
    }

    async fn stop(self) -> Vec<f64> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap_or_default()
    }
}
