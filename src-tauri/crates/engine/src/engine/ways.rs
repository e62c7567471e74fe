//! A device's way in from the internet: the address of the shop's tunnel, its secrets, and trying it.
//!
//! Order of effects when an address is stored: its secrets are kept first, with the device's others; then the address is stored;
//! then the session is woken, which tells the gateway ([`crate::session`]'s way). When it is removed: first the address goes, then
//! the secrets, and the session takes back what it told; until that is done a gateway that lists nothing is let in there. Where a
//! gateway can be asked for what it could not tell, an address is taken to lead here until it shows otherwise; one that lists nothing is
//! told of it only once a call of ours has come through.
//!
//! A keyring that is not there is no obstacle: the secrets then last for this run, and the next one tells the gateway new ones.

use mostrador_domain::DeviceId;
use mostrador_store::StoreError;
use mostrador_store::tables::device::DeviceRow;
use mostrador_store::tables::way::{self, WayRow};

use super::Engine;
use crate::EngineError;
use crate::secrets::Secrets;
use crate::session::{Session, waits};
use crate::webhook::{AddressProblem, Port, Probed, PublicAddress, RouteKeys, Told};

/// A device's way in from the internet, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicWay {
    /// Can there be one? Its gateway calls.
    pub offered: bool,
    /// Where the shop's tunnel begins.
    pub address: Option<String>,
    /// Does the gateway know?
    pub told: Told,
    /// The address that it was told; `None` = none, or it was taken back.
    pub told_address: Option<String>,
    /// Where the tunnel is to end.
    pub port: Port,
}

/// What came of storing an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressSet {
    /// It is stored, or removed; the gateway is told as soon as it can be.
    Stored,
    /// It is no such address.
    Invalid(AddressProblem),
}

impl Engine {
    pub(super) async fn public_way(&self, id: DeviceId, offered: bool) -> Result<PublicWay, EngineError> {
        let row = self.stored_way(id).await?;
        let hooks = &self.shared.hooks;
        Ok(PublicWay {
            offered,
            address: row.address,
            told: hooks.ways().told(id),
            told_address: row.told,
            port: hooks.port(),
        })
    }

    /// The shop's tunnel begins there from now on; `None` = it has none any more. `seen`: what it was when the person decided so.
    ///
    /// # Errors
    /// Not found, no token, not offered; the store's "somebody else was faster".
    pub async fn set_hook_address(
        &self,
        id: DeviceId,
        seen: Option<String>,
        typed: Option<String>,
    ) -> Result<AddressSet, EngineError> {
        let _turn = self.turn.lock().await;
        let row = self.row(id).await?;
        let Some(typed) = typed else {
            self.store_address(id, seen, None, None).await?;
            self.forget_way_secrets(&row).await;
            self.way_changed(id, Told::NotYetTakenBack).await;
            return Ok(AddressSet::Stored);
        };
        // Whether it lists what it could not tell is known to its link once that has asked, and before that by what was stored.
        let before = self.stored_way(id).await?;
        let alone = {
            let asking = self.asking(id).await?;
            if asking.link().webhooks().is_none() {
                return Err(EngineError::NotOffered);
            }
            asking.link().history().is_none() || before.is_unproved()
        };
        let address = match PublicAddress::parse(&typed) {
            Ok(address) => address,
            Err(problem) => return Ok(AddressSet::Invalid(problem)),
        };
        let keys = self.way_keys(&row).await;
        let port = self.shared.hooks.port();
        let leads_to = (!alone).then(|| port.number());
        self.store_address(id, seen, Some(address.as_str().to_owned()), leads_to)
            .await?;
        self.shared.hooks.ways().set_keys(id, Some(keys));
        let told = waits(&self.stored_way(id).await?, port, alone);
        self.way_changed(id, told).await;
        Ok(AddressSet::Stored)
    }

    /// Calls the address ourselves, and says whether that arrives here. If it does, the gateway may be told of it wherever our port is.
    ///
    /// # Errors
    /// Not found; not offered: no address is stored.
    pub async fn probe_hook_address(&self, id: DeviceId) -> Result<Probed, EngineError> {
        self.row(id).await?;
        let stored = self.public_way(id, true).await?.address;
        let address = stored.and_then(|text| PublicAddress::parse(&text).ok());
        let address = address.ok_or(EngineError::NotOffered)?;
        let hooks = &self.shared.hooks;
        // The one to which the call is led: it may move meanwhile.
        let port = hooks.port().number();
        let probed = hooks.probe(&address, &*self.shared.chance).await;
        if probed == Probed::Arrived {
            let store = &self.shared.store;
            let noted =
                store.write_durably(move |writing| way::note_proved(writing, id, address.as_str(), port));
            let waits = matches!(
                hooks.ways().told(id),
                Told::LeadsElsewhere | Told::NotProved | Told::EarlierKept
            );
            if noted.await? && waits {
                self.way_changed(id, Told::NotYet).await;
            }
        }
        Ok(probed)
    }

    /// Is called at another port from now on; every tunnel has to be pointed there.
    ///
    /// # Errors
    /// The store's, or that none can be bound.
    pub async fn change_hook_port(&self) -> Result<(), EngineError> {
        let hooks = &self.shared.hooks;
        Ok(hooks.choose_another_port(&*self.shared.chance).await?)
    }

    /// Before a session starts: what its way needs is at hand.
    pub(super) async fn prepare_way(&self, row: &DeviceRow) -> Result<(), EngineError> {
        let id = row.id;
        let kept = self.stored_way(id).await?;
        let ways = self.shared.hooks.ways();
        if kept.address.is_some() {
            let keys = self.way_keys(row).await;
            ways.set_keys(id, Some(keys));
        }
        let told = match (kept.address, kept.told) {
            (Some(_), _) => Told::NotYet,
            (None, Some(_)) => Told::NotYetTakenBack,
            (None, None) => Told::Nothing,
        };
        ways.set_told(id, told);
        Ok(())
    }

    /// A device is being removed: its gateway shall not call any more.
    pub(super) async fn take_back_way(&self, id: DeviceId, session: &Session) {
        let read = self.stored_way(id).await;
        let told = read.ok().and_then(|row| PublicAddress::parse(&row.told?).ok());
        if let Some(told) = told {
            session
                .take_back(&told.prefix(self.shared.hooks.mark()), None)
                .await;
        }
    }

    /// A device gets other secrets, which may be another number's: what the old ones had called goes, and nothing that it still
    /// calls leads to this device.
    pub(super) async fn leave_way(&self, row: &DeviceRow) {
        let id = row.id;
        let _turn = self.turn.lock().await;
        let Ok(kept) = self.stored_way(id).await else {
            return;
        };
        if kept.address.is_none() && kept.told.is_none() {
            return;
        }
        if let Some(old) = self.sessions.lock().await.get(&id) {
            self.take_back_way(id, old).await;
        }
        self.forget_way_secrets(row).await;
    }

    /// A device was removed, and its way goes with it.
    pub(super) async fn forget_way(&self, row: &DeviceRow) {
        self.forget_way_secrets(row).await;
        self.shared.hooks.ways().forget(row.id);
    }

    async fn stored_way(&self, id: DeviceId) -> Result<WayRow, StoreError> {
        let store = &self.shared.store;
        store.read(move |connection| way::get(connection, id)).await
    }

    async fn store_address(
        &self,
        id: DeviceId,
        seen: Option<String>,
        address: Option<String>,
        leads_to: Option<u16>,
    ) -> Result<(), EngineError> {
        let stored = self.shared.store.write_durably(move |writing| {
            way::set_address(writing, id, seen.as_deref(), address.as_deref(), leads_to)
        });
        Ok(stored.await?)
    }

    /// The session takes it from here.
    async fn way_changed(&self, id: DeviceId, told: Told) {
        self.shared.hooks.ways().set_told(id, told);
        if let Some(session) = self.sessions.lock().await.get(&id) {
            session.wake();
        }
    }

    /// The secrets of a device's way: those that are kept, or new ones that are kept from now on.
    async fn way_keys(&self, row: &DeviceRow) -> RouteKeys {
        let (key, place) = (entry_of(row), self.place_of(row).await);
        let kept = place.get(&key).await.ok().flatten();
        let mark = self.shared.hooks.mark();
        if let Some(keys) = kept.as_ref().and_then(|kept| RouteKeys::unpacked(kept, mark)) {
            return keys;
        }
        let keys = RouteKeys::new(&*self.shared.chance, mark);
        if let Err(problem) = place.set(&key, &keys.packed()).await {
            tracing::info!(device = %row.id, %problem, "the secrets of its way in last for this run");
        }
        keys
    }

    /// They lie where its token lies: whoever wants that kept for this run only wants the same of them.
    async fn place_of(&self, row: &DeviceRow) -> &dyn Secrets {
        match self.this_run.get(&row.secret_key).await {
            Ok(Some(_)) => &self.this_run,
            _ => &*self.secrets,
        }
    }

    async fn forget_way_secrets(&self, row: &DeviceRow) {
        let key = entry_of(row);
        self.shared.hooks.ways().set_keys(row.id, None);
        let _nothing_kept = self.this_run.delete(&key).await;
        if let Err(problem) = self.secrets.delete(&key).await {
            tracing::info!(device = %row.id, %problem, "the secrets of a way in that is closed stay in the keyring");
        }
    }
}

/// Beside the device's own.
fn entry_of(row: &DeviceRow) -> String {
    format!("{}-way", row.secret_key)
}
