//! How a device's gateway calls us: is the route alive, what came, and trying it.

use std::time::Duration;

use mostrador_domain::{DeviceId, UnixMillis};
use mostrador_gateways::Webhooks;
use mostrador_store::StoreError;
use serde_json::Value;

use super::Engine;
use crate::EngineError;
use crate::webhook::{Delivery, Replayed, RouteHealth, WhyClosed};

/// How long a gateway may take to make the call that it was asked for.
const PATIENCE: Duration = Duration::from_secs(15);

/// The route of a device, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HookRoute {
    /// How it is.
    pub health: RouteHealth,
    /// When it was last called; `None` = not while the program runs.
    pub last: Option<UnixMillis>,
    /// When a call was last taken in.
    pub last_good: Option<UnixMillis>,
    /// Can its gateway be asked to call?
    pub can_test: bool,
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
        let Some((known, last_good)) = self.shared.hooks.known(id, row.deaf_since) else {
            let why = match (link, webhooks) {
                (Some(_), None) => WhyClosed::NotOffered,
                (Some(link), Some(_)) if !link.is_local() => WhyClosed::OutOfReach,
                _ => WhyClosed::NotYet,
            };
            return Ok(HookRoute {
                health: RouteHealth::Closed(why),
                last: None,
                last_good: None,
                can_test: false,
            });
        };
        Ok(HookRoute {
            health: RouteHealth::of(known),
            last: known.last.map(|(at, _)| at),
            last_good,
            can_test: webhooks.is_some_and(Webhooks::can_test),
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
