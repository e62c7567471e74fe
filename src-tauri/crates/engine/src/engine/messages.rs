//! Messages: sent, undone, changed. Whatever is asked is stored first; the device's session finds it there.

use mostrador_domain::{ChatId, MessageId, OutboxId};
use mostrador_store::tables::chat;
use mostrador_store::tables::message::{self, MessageRow};
use mostrador_store::tables::outbox::{self, NewAction, NewMessage, Now, TakenBack};

use super::Engine;
use crate::{EngineError, crash};

impl Engine {
    /// Stores a message that is to be sent; the device's session sends it. Asked twice with one `client_id`, it is sent once.
    /// A file that the gateway does not take inside a send is put there first, as a step of its own.
    ///
    /// # Errors
    /// Not found, the store's.
    pub async fn send(&self, mut new: NewMessage) -> Result<MessageId, EngineError> {
        new.inline_up_to = self.inline_up_to(new.chat).await?;
        let (clocks, ours) = (self.shared.ingest.gateway_clocks.clone(), self.shared.clock.now());
        let id = self
            .shared
            .store
            .write_durably(move |writing| {
                let gateway = clocks.at(chat::get(writing, new.chat)?.device, ours);
                outbox::enqueue(writing, &new, Now { ours, gateway })
            })
            .await?;
        crash::point("outbox.enqueued");
        Ok(id)
    }

    /// How large a file may be that travels inside its send, at the gateway of a chat: also while that cannot be asked.
    async fn inline_up_to(&self, chat: ChatId) -> Result<Option<u64>, EngineError> {
        Ok(self.capabilities_of_chat(chat).await?.send.inline_up_to)
    }

    /// Takes back a message that does not go now, because it waits or has failed: it is the chat's draft again.
    ///
    /// # Errors
    /// Not found, or that it has begun to leave, or went.
    pub async fn take_back(&self, id: MessageId) -> Result<TakenBack, EngineError> {
        Ok(self
            .shared
            .store
            .write_durably(move |writing| outbox::take_back(writing, id))
            .await?)
    }

    /// Stores something that is to be done to a message: edited, deleted, reacted to, starred, pinned.
    ///
    /// # Errors
    /// Not found, or that this cannot be done to it any more.
    pub async fn act(&self, new: NewAction) -> Result<OutboxId, EngineError> {
        let now = self.shared.clock.now();
        Ok(self
            .shared
            .store
            .write_durably(move |writing| outbox::act(writing, &new, now))
            .await?)
    }

    /// Does what the operator says of a message that failed, before the gateway took it or after, or is uncertain.
    ///
    /// # Errors
    /// Not found, or that its state has changed meanwhile.
    pub async fn operator_says(&self, id: MessageId, word: outbox::OperatorWord) -> Result<(), EngineError> {
        let (clocks, ours) = (self.shared.ingest.gateway_clocks.clone(), self.shared.clock.now());
        let most = self.inline_up_to(self.message(id).await?.chat).await?;
        Ok(self
            .shared
            .store
            .write_durably(move |writing| {
                let chat = message::get(writing, id)?.chat;
                let gateway = clocks.at(chat::get(writing, chat)?.device, ours);
                outbox::operator_says(writing, id, word, Now { ours, gateway })?;
                outbox::upload_if_larger(writing, id, most, ours)
            })
            .await?)
    }

    /// One message.
    ///
    /// # Errors
    /// Not found.
    pub async fn message(&self, id: MessageId) -> Result<MessageRow, EngineError> {
        Ok(self
            .shared
            .store
            .read(move |connection| message::get(connection, id))
            .await?)
    }
}
