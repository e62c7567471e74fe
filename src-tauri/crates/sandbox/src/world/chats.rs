//! What the shop does with a chat as a whole: archive, pin, mute, mark as unread, delete.

use super::{ChatId, Event, Flags, World};

impl World {
    /// Changes a chat's marks; false when there is no such chat.
    pub(crate) fn mark_chat(&mut self, chat: &ChatId, change: impl FnOnce(&mut Flags)) -> bool {
        let before = self.chat(chat);
        let Some(flags) = self.book.flags_mut(chat) else {
            return false;
        };
        change(flags);
        self.revision += 1;
        self.tell_chat_changed(before);
        true
    }

    /// The shop deletes a chat with everything in it, for itself; false when there is none.
    pub(crate) fn delete_chat(&mut self, chat: &ChatId) -> bool {
        if !self.book.remove_chat(chat) {
            return false;
        }
        self.labels.forget(chat.as_str());
        self.tell_if_linked(Event::RemovedAll(chat.clone()));
        self.tell_if_linked(Event::ChatGone(chat.clone()));
        true
    }
}
