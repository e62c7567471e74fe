//! What the operator is looking at: nobody is notified of what is before their eyes.

use std::sync::{Arc, Mutex, PoisonError};

use mostrador_domain::ChatId;

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OnScreen {
    pub(crate) chat: Option<ChatId>,
    pub(crate) focused: bool,
}

/// Shared between the commands, which set it, and the notification policy, which asks.
#[derive(Clone, Default)]
pub(crate) struct View(Arc<Mutex<OnScreen>>);

impl View {
    pub(crate) fn set(&self, on_screen: OnScreen) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = on_screen;
    }

    pub(crate) fn get(&self) -> OnScreen {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
