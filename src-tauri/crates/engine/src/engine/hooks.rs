//! How a device's gateway calls us: is the route alive, what came, and trying it.

use std::time::Duration;

use mostrador_domain::{DeviceId, UnixMillis};
use mostrador_gateways::{DeviceLink, Webhooks};
use mostrador_store::StoreError;
use serde_json::Value;

use super::{Engine, PublicWay};
use crate::EngineError;
use crate::webhook::{Delivery, Port, Replayed, RouteHealth, Told, WhyClosed};

/// How long a gateway may take to make the call that it was asked for.
const PATIENCE: Duration = Duration::from_secs(15);

/// The route of a device, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRoute {
    /// How it is.
    pub health: RouteHealth,
    /// When it was last called; `None` = not while the program runs.
    pub last: Option<UnixMillis>,
    /// When a call was last taken in.
    pub last_good: Option<UnixMillis>,
    /// Can its gateway be asked to call?
    pub can_test: bool,
    /// It tells each thing once and lists nothing: what could not be taken in does not come again.
    pub calls_once: bool,
    /// The way in from the internet.
    pub way: PublicWay,
}

impl Engine {
    /// How a device's route is.
    ///
    /// # Errors
    /// Not found.
    pub async fn hook_route(&self, id: DeviceId) -> Result<HookRoute, EngineError> {
        let row = self.row(id).await?;
        let asking = self.asking(id).await.ok();
        let link = asking.as_ref().map(|asking| asking.link());
        let webhooks = link.and_then(|link| link.webhooks());
        let way = self.public_way(id, webhooks.is_some()).await?;
        let calls_once = webhooks.is_some() && link.is_some_and(|link| link.history().is_none());
        let live = self.sessions.lock().await.get(&id).map(|session| session.live());
        let calls = live.is_some_and(|live| live.inbound.is_told());
        let in_reach = link.is_some_and(DeviceLink::is_local) || way.address.is_some();
        let why = match (link, webhooks) {
            (Some(_), None) => Some(WhyClosed::NotOffered),
            (Some(_), Some(_)) if !in_reach && !calls => Some(WhyClosed::OutOfReach),
            (Some(_), Some(_)) if matches!(way.port, Port::Taken(_)) => Some(WhyClosed::PortTaken),
            _ if matches!(way.told, Told::Refused(_)) && !calls => Some(WhyClosed::Refused),
            _ if way.address.is_some() && !way.told.may_have_route() && !calls => Some(WhyClosed::NotYet),
            _ => None,
        };
        let known = self.shared.hooks.known(id, row.deaf_since);
        let (known, last_good) = match (known, why) {
            (Some(known), None) => known,
            (_, why) => {
                return Ok(HookRoute {
                    health: RouteHealth::Closed(why.unwrap_or(WhyClosed::NotYet)),
                    last: None,
                    last_good: None,
                    can_test: false,
                    calls_once,
                    way,
                });
            }
        };
        Ok(HookRoute {
            health: RouteHealth::of(known),
            last: known.last.map(|(at, _)| at),
            last_good,
            can_test: webhooks.is_some_and(Webhooks::can_test),
            calls_once,
            way,
        })
    }

    /// The last calls of a device's gateway, newest first.
    ///
    /// # Errors
    /// Not found.
    pub async fn hook_deliveries(&self, id: DeviceId) -> Result<Vec<Delivery>, EngineError> {
        self.row(id).await?;
        Ok(self.shared.hooks.deliveries(id))
    }

    /// One of them, with its structure if its body is still held.
    ///
    /// # Errors
    /// Not found.
    pub async fn hook_delivery(
        &self,
        id: DeviceId,
        delivery: u32,
    ) -> Result<(Delivery, Option<Value>), EngineError> {
        self.row(id).await?;
        let found = self.shared.hooks.delivery(id, delivery);
        Ok(found.ok_or_else(StoreError::not_found)?)
    }

    /// Takes one in again.
    ///
    /// # Errors
    /// Not found: its body is not held any more. The store's.
    pub async fn hook_replay(&self, id: DeviceId, delivery: u32) -> Result<Replayed, EngineError> {
        self.row(id).await?;
        let replayed = self.shared.hooks.replay(id, delivery).await?;
        Ok(replayed.ok_or_else(StoreError::not_found)?)
    }

    /// Has the gateway call us once, with an event of its invention. Says whether the call arrived.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn hook_test(&self, id: DeviceId) -> Result<bool, EngineError> {
        let asking = self.asking(id).await?;
        let webhooks = asking.link().webhooks().filter(|webhooks| webhooks.can_test());
        let (Some(webhooks), Some(target)) = (webhooks, self.shared.hooks.target_of(id)) else {
            return Err(EngineError::NotOffered);
        };
        let before = self.shared.hooks.last_id(id);
        asking.ask_gateway(webhooks.test(&target)).await?;
        let clock = &*self.shared.clock;
        Ok(self.shared.hooks.called_after(id, before, clock, PATIENCE).await)
    }
}
