//! The gateway of a device: its settings, its limits; and what is done to chats there at once.

use mostrador_domain::{ChatId, DeviceId, Inbound};
use mostrador_gateways::{DeliverySettings, DisappearAfter, PlanLimits};
use mostrador_store::tables::ingest::Origin;
use mostrador_store::tables::plan_use::{self, PlanUse};
use mostrador_store::tables::usage::{self, Usage};

use super::Engine;
use super::people::there;
use crate::EngineError;

/// A day and a month, as plans count.
const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3_600);
const MONTH: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3_600);

/// What a number may do by its plan, and what it did.
#[derive(Debug, Clone, Copy)]
pub struct NumberLimits {
    /// `None` = the plan has no limits, or the gateway does not say.
    pub plan: Option<PlanLimits>,
    /// What the number did in the last day.
    pub day: Usage,
    /// And in the last thirty.
    pub month: Usage,
    /// The calls of any kind that were made of those that the plan counts; `None` = it counts none, or that is not known yet.
    pub calls: Option<PlanUse>,
}

impl Engine {
    /// The settings of the gateway that decide whether events arrive.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn gateway_settings(&self, id: DeviceId) -> Result<DeliverySettings, EngineError> {
        let asking = self.asking(id).await?;
        let settings = asking.link().settings().ok_or(EngineError::NotOffered)?;
        asking.ask_gateway(settings.get()).await
    }

    /// Changes those that are `Some`, and says how they are then.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn change_gateway_settings(
        &self,
        id: DeviceId,
        change: DeliverySettings,
    ) -> Result<DeliverySettings, EngineError> {
        let asking = self.asking(id).await?;
        let settings = asking.link().settings().ok_or(EngineError::NotOffered)?;
        asking.ask_gateway(settings.change(&change)).await?;
        asking.ask_gateway(settings.get()).await
    }

    /// What the plan allows, and what was used of it.
    ///
    /// # Errors
    /// Not found, the gateway's.
    pub async fn limits(&self, id: DeviceId) -> Result<NumberLimits, EngineError> {
        let asking = self.asking(id).await?;
        let plan = match asking.link().limits() {
            Some(limits) => asking.ask_gateway(limits.limits()).await?,
            None => None,
        };
        let now = self.shared.clock.now();
        let read = self.shared.store.read(move |connection| {
            Ok(NumberLimits {
                plan,
                day: usage::since(connection, id, now.before(DAY))?,
                month: usage::since(connection, id, now.before(MONTH))?,
                calls: plan_use::get(connection, id)?.filter(|known| known.calls.is_some()),
            })
        });
        Ok(read.await?)
    }

    /// Deletes a chat on the phone, then here. What is still to be sent there stays here, with its chat. If the program dies
    /// between the two, it is still here, and is deleted by asking again.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn delete_chat(&self, id: ChatId) -> Result<(), EngineError> {
        let chat = self.chat_row(id).await?;
        let asking = self.asking(chat.device).await?;
        let actions = asking.link().chat_actions();
        let actions = actions
            .filter(|_| asking.capabilities().chats.delete)
            .ok_or(EngineError::NotOffered)?;
        // A chat that the gateway does not have is as gone as one that it deletes.
        asking.ask(actions.delete(&chat.address)).await?;
        let events = vec![Inbound::ChatGone { chat: chat.address }];
        self.shared
            .ingest
            .take(chat.device, events, Origin::History)
            .await?;
        Ok(())
    }

    /// From now on what is written in a chat disappears after so long; `None` = it stays.
    ///
    /// # Errors
    /// Not found, not offered, the gateway's.
    pub async fn set_disappearing(
        &self,
        id: ChatId,
        after: Option<DisappearAfter>,
    ) -> Result<(), EngineError> {
        let chat = self.chat_row(id).await?;
        let asking = self.asking(chat.device).await?;
        let actions = asking.link().chat_actions();
        let actions = actions
            .filter(|_| asking.capabilities().chats.disappearing)
            .ok_or(EngineError::NotOffered)?;
        there(asking.ask(actions.disappearing(&chat.address, after)).await?)
    }
}
