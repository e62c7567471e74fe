//! Whom a number blocks: at the gateway, if it keeps such a list, else in this shop alone.

use mostrador_domain::{Address, AddressKind, ChatId, ChatKind};
use mostrador_store::tables::block::{self, Blocked};
use mostrador_store::tables::person;

use super::Engine;
use super::people::there;
use crate::EngineError;

impl Engine {
    /// Blocks whom a chat is with, or lets them in again. First WhatsApp, then here: a block that is shown holds.
    ///
    /// # Errors
    /// Not found, not offered (of a group), the gateway's.
    pub async fn set_blocked(&self, id: ChatId, blocked: bool) -> Result<(), EngineError> {
        let chat = self.chat_row(id).await?;
        if chat.kind != ChatKind::Person {
            return Err(EngineError::NotOffered);
        }
        let (device, address) = (chat.device, chat.address);
        let _one_at_a_time = self.shared.blocking.lock().await;
        let how = match self.capabilities(device).await?.blocks {
            true => Blocked::AtGateway,
            false => Blocked::Here,
        };
        if how == Blocked::AtGateway {
            let asking = self.asking(device).await?;
            let blocks = asking.link().blocks().ok_or(EngineError::NotOffered)?;
            let named = self.number_of(&address).await?;
            there(asking.ask(blocks.set(&named, blocked)).await?)?;
        }
        let now = self.shared.clock.now();
        let stored = self.shared.store.write_durably(move |writing| match blocked {
            true => block::set(writing, device, &address, how, now),
            false => block::lift(writing, device, &address),
        });
        Ok(stored.await?)
    }

    /// The number of the person at an address, if one is known: gateways name people by it.
    async fn number_of(&self, address: &Address) -> Result<Address, EngineError> {
        let of = address.clone();
        let known = self
            .shared
            .store
            .read(move |connection| person::addresses_of(connection, &of));
        let mut known = known.await?;
        known.retain(|known| known.kind() == AddressKind::Phone);
        Ok(known.into_iter().next().unwrap_or_else(|| address.clone()))
    }
}
