//! The paces of all devices. A pace outlives its session, because the gateway counts on: what was sent before a restart of the session is
//! in the pace, and what an earlier run of the program has sent is read from the outbox once. A pause for which a gateway asked by saying how
//! long is in the store, and lasts over both. Devices that the gateway counts together
//! ([`DeviceLink::counted_by`]) share one.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mostrador_domain::{DeviceId, Pace, RateLimit};
use mostrador_gateways::DeviceLink;
use mostrador_store::tables::{device, outbox};
use mostrador_store::{Store, StoreError};

use crate::clock::Clock;

/// By what sends are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum By {
    Device(DeviceId),
    Key(u64),
}

/// See the module; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Paces(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    paces: HashMap<By, Arc<Mutex<Pace>>>,
    /// Those whose sends of an earlier run are in their pace.
    remembered: HashSet<(By, DeviceId)>,
}

impl Paces {
    /// The pace of a device whose session starts.
    pub(super) async fn of(
        &self,
        store: &Store,
        clock: &dyn Clock,
        device: DeviceId,
        link: &dyn DeviceLink,
    ) -> Result<Arc<Mutex<Pace>>, StoreError> {
        let by = link.counted_by().map_or(By::Device(device), By::Key);
        let pace = Arc::clone(self.lock().paces.entry(by).or_default());
        let window = {
            let mut pace = locked(&pace);
            pace.limit(limits(link));
            if by == By::Device(device) {
                pace.resume();
            }
            pace.longest_window()
        };
        if let Some(until) = store
            .read(move |connection| device::held(connection, device))
            .await?
        {
            let left = until.since(clock.now());
            locked(&pace).pause(clock.elapsed() + left);
        }
        if let Some(window) = window.filter(|_| !self.lock().remembered.contains(&(by, device))) {
            remember(store, clock, device, &pace, window).await?;
            self.lock().remembered.insert((by, device));
        }
        Ok(pace)
    }

    /// The pace by which a gateway counts the calls of a link that no device has (yet), if it counts them by a key.
    pub(crate) fn of_key(&self, link: &dyn DeviceLink) -> Option<Arc<Mutex<Pace>>> {
        let by = By::Key(link.counted_by()?);
        let limits = limits(link);
        if limits.is_empty() || !link.capabilities().rate_of_calls {
            return None;
        }
        let pace = Arc::clone(self.lock().paces.entry(by).or_default());
        locked(&pace).limit(limits);
        Some(pace)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn limits(link: &dyn DeviceLink) -> Vec<RateLimit> {
    let rate = link.capabilities().rate;
    rate.map(|(count, window)| RateLimit { count, window })
        .into_iter()
        .collect()
}

fn locked(pace: &Mutex<Pace>) -> MutexGuard<'_, Pace> {
    pace.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn remember(
    store: &Store,
    clock: &dyn Clock,
    device: DeviceId,
    pace: &Mutex<Pace>,
    window: Duration,
) -> Result<(), StoreError> {
    let since = clock.now().before(window);
    let sent = store.read(move |connection| outbox::started_since(connection, device, since));
    let sent = sent.await?;
    let (now, elapsed) = (clock.now(), clock.elapsed());
    let mut pace = locked(pace);
    for at in sent {
        pace.remember(elapsed, now.since(at));
    }
    Ok(())
}
