//! The devices' ways in from the internet, as far as they are known without asking: their secrets, and what the gateway was told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mostrador_domain::{DeviceId, FailureCode};

use super::RouteKeys;

/// Does a gateway know that it shall call the shop's address?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Told {
    /// There is nothing to tell it.
    #[default]
    Nothing,
    /// Not yet: no number is linked, or it cannot be asked now. It is told as soon as it can be.
    NotYet,
    /// Not yet: our port has moved, and the address does not lead to the new one. It is told once it does.
    LeadsElsewhere,
    /// Not yet: it tells each message once and lists none, and no call of ours has come through the address. It is told once one does.
    NotProved,
    /// Not yet, for the same reason; meanwhile it calls the address that it was told before, which leads here.
    EarlierKept,
    /// It knows.
    Known,
    /// It knows, and cannot be asked: what does not come by this way does not come.
    KnownAlone,
    /// It does not take the address: the shop's, or our own port where there is none.
    Refused(FailureCode),
    /// It shall not call any more, and has not been told so yet.
    NotYetTakenBack,
}

impl Told {
    /// May the gateway call somewhere, though the shop has an address? There, or elsewhere while the address is not proved.
    pub(crate) fn may_have_route(self) -> bool {
        matches!(
            self,
            Self::Known | Self::KnownAlone | Self::NotProved | Self::EarlierKept
        )
    }
}

#[derive(Default)]
struct Way {
    keys: Option<RouteKeys>,
    told: Told,
}

/// Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Ways(Arc<Mutex<BTreeMap<DeviceId, Way>>>);

impl Ways {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<DeviceId, Way>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The secrets of a device's way; `None` = it has none.
    pub(crate) fn keys(&self, device: DeviceId) -> Option<RouteKeys> {
        self.lock().get(&device)?.keys.clone()
    }

    pub(crate) fn set_keys(&self, device: DeviceId, keys: Option<RouteKeys>) {
        self.lock().entry(device).or_default().keys = keys;
    }

    pub(crate) fn told(&self, device: DeviceId) -> Told {
        self.lock().get(&device).map(|way| way.told).unwrap_or_default()
    }

    /// Says whether that is something new.
    pub(crate) fn set_told(&self, device: DeviceId, told: Told) -> bool {
        let mut ways = self.lock();
        let way = ways.entry(device).or_default();
        std::mem::replace(&mut way.told, told) != told
    }

    /// The device is gone.
    pub(crate) fn forget(&self, device: DeviceId) {
        self.lock().remove(&device);
    }
}
