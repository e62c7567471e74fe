//! What customers do at this moment, on its way to the window. Never stored: whoever is not listening misses nothing that counts.

use mostrador_domain::{ChatId, Presence, UnixMillis};
use tokio::sync::broadcast;

/// What a customer does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresenceHeard {
    /// The chat with them.
    pub chat: ChatId,
    /// What.
    pub presence: Presence,
    /// When they were last there, if told.
    pub last_seen: Option<UnixMillis>,
}

/// How many may wait for a listener; of older ones nobody has any use.
const WAITING: usize = 64;

/// The sending half; clones share it.
#[derive(Clone)]
pub(crate) struct Presences(broadcast::Sender<PresenceHeard>);

impl Default for Presences {
    fn default() -> Self {
        Self(broadcast::channel(WAITING).0)
    }
}

impl Presences {
    pub(crate) fn tell(&self, heard: PresenceHeard) {
        let _nobody_listens = self.0.send(heard);
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<PresenceHeard> {
        self.0.subscribe()
    }
}
