//! Chats: what is wished of them, and what is still to be done about them.

use mostrador_domain::{ChatId, Triage, UnixMillis};
use mostrador_store::tables::chat::{self, Wish};

use super::Engine;
use crate::EngineError;

impl Engine {
    /// Does what is wished of a chat; the phone is told where the gateway offers that, else it holds here alone.
    ///
    /// # Errors
    /// Not found.
    pub async fn wish(&self, id: ChatId, wish: Wish) -> Result<(), EngineError> {
        let capabilities = self.capabilities_of_chat(id).await?;
        let can_be_told = match wish {
            Wish::Archived(_) => capabilities.chats.archive,
            Wish::Pinned(_) => capabilities.chats.pin,
            Wish::MutedUntil(_) => capabilities.chats.mute,
            Wish::MarkedUnread(_) => capabilities.chats.mark_unread,
            Wish::Label(..) => capabilities.labels,
        };
        let now = self.shared.clock.now();
        Ok(self
            .shared
            .store
            .write_durably(move |writing| chat::wish(writing, id, wish, can_be_told, now))
            .await?)
    }

    /// Says what is still to be done about a chat. `until`: when a snoozed one opens again.
    ///
    /// # Errors
    /// Not found, or a snooze without an end.
    pub async fn set_triage(
        &self,
        id: ChatId,
        state: Triage,
        until: Option<UnixMillis>,
    ) -> Result<(), EngineError> {
        Ok(self
            .shared
            .store
            .write(move |writing| chat::set_triage(writing, id, state, until))
            .await?)
    }
}
