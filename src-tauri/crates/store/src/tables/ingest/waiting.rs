//! Whether the other side of a chat waits for an answer, while a batch's messages of it come in. The rules are those of
//! [`crate::tables::chat`] (`waits`); here they are kept from one message to the next, since a look at the file after each batch would
//! cost as much as the messages do. Messages come by time. Where that does not tell, the file is looked at, once, at the end:
//!
//! | Comes | where it is the newest | else |
//! |---|---|---|
//! | theirs, and they wait since before | nothing | nothing |
//! | theirs otherwise | they wait since then | nothing if the newest is an answer of ours, or ours follows in the batch; else a look |
//! | ours, and they wait since before | nobody waits | a look |
//! | ours otherwise | nothing | nothing |

use mostrador_domain::{ChatId, UnixMillis};

use crate::tables::chat;
use crate::{StoreError, Writing};

pub(super) struct Waiting {
    chat: ChatId,
    /// What was written before is too old to be waited about.
    oldest: UnixMillis,
    /// In a group nobody in particular waits.
    is_person: bool,
    since: Option<UnixMillis>,
    changed: bool,
    /// Theirs came late, and nothing of ours after it so far.
    late: bool,
    look: bool,
    /// Is the newest message an answer of ours? Asked when it matters: what is the newest later is so in this batch.
    answered: Option<bool>,
}

impl Waiting {
    pub(super) fn open(
        (chat, is_person): (ChatId, bool),
        since: Option<UnixMillis>,
        oldest: UnixMillis,
    ) -> Self {
        Self {
            chat,
            oldest,
            is_person,
            since,
            changed: false,
            late: false,
            look: false,
            answered: None,
        }
    }

    /// A message came, written at that time; is it the newest of its chat?
    pub(super) fn came(
        &mut self,
        writing: &Writing<'_>,
        (from_me, kind): (bool, &str),
        (at, newest): (UnixMillis, bool),
    ) -> Result<(), StoreError> {
        if !self.is_person || at < self.oldest || chat::asks_nothing(kind, from_me) {
            return Ok(());
        }
        let since_before = self.since.is_some_and(|since| since <= at);
        if from_me {
            self.late = false;
            if since_before {
                self.look |= !newest;
                self.waits(None);
            }
        } else if !since_before {
            if newest {
                self.waits(Some(at));
            } else {
                self.late |= self.since.is_some() || !self.is_answered(writing)?;
            }
        }
        Ok(())
    }

    fn waits(&mut self, since: Option<UnixMillis>) {
        self.since = since;
        self.changed = true;
    }

    fn is_answered(&mut self, writing: &Writing<'_>) -> Result<bool, StoreError> {
        if let Some(known) = self.answered {
            return Ok(known);
        }
        let found = chat::is_answered(writing, self.chat)?;
        self.answered = Some(found);
        Ok(found)
    }

    /// The file is to be looked at.
    pub(super) fn look(&mut self) {
        self.look = true;
    }

    /// Since when they wait after the batch; `None` = as before.
    pub(super) fn close(&self, writing: &Writing<'_>) -> Result<Option<Option<UnixMillis>>, StoreError> {
        if self.is_person && (self.look || self.late) {
            return Ok(Some(chat::waits_since(writing, self.chat)?));
        }
        Ok(self.changed.then_some(self.since))
    }
}
