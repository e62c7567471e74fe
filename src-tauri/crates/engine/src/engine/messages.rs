//! Messages: sent, undone, changed. Whatever is asked is stored first; the device's session finds it there.

use mostrador_domain::{DeviceId, MessageId, OutboxId};
use mostrador_store::tables::message::{self, MessageRow};
use mostrador_store::tables::outbox::{self, NewAction, NewContent, NewMessage, Now, TakenBack};
use mostrador_store::tables::{chat, media};

use super::Engine;
use crate::{EngineError, crash};

impl Engine {
    /// Stores a message that is to be sent; the device's session sends it. Asked twice with one `client_id`, it is sent once.
    /// A file that the gateway does not take inside a send is put there first, as a step of its own.
    ///
    /// # Errors
    /// Not found, the store's.
    pub async fn send(&self, mut new: NewMessage) -> Result<MessageId, EngineError> {
        new.upload = self.is_uploaded_first(&new).await?;
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

    async fn is_uploaded_first(&self, new: &NewMessage) -> Result<bool, EngineError> {
        let NewContent::Media { media: file, .. } = new.content else {
            return Ok(false);
        };
        let chat_id = new.chat;
        let (device, bytes) = self
            .shared
            .store
            .read(move |connection| {
                let device: DeviceId = chat::get(connection, chat_id)?.device;
                Ok((device, media::get(connection, file)?.bytes))
            })
            .await?;
        let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0);
        let sessions = self.sessions.lock().await;
        let inline = sessions
            .get(&device)
            .and_then(crate::session::Session::inline_up_to);
        Ok(inline.is_some_and(|most| bytes > most))
    }

    /// Undoes a message that has not begun to be sent: it is the chat's draft again.
    ///
    /// # Errors
    /// Not found, or that it has begun.
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
        Ok(self
            .shared
            .store
            .write_durably(move |writing| {
                let chat = message::get(writing, id)?.chat;
                let gateway = clocks.at(chat::get(writing, chat)?.device, ours);
                outbox::operator_says(writing, id, word, Now { ours, gateway })
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
