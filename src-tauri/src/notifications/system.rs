//! Notifications by the system itself (Windows, macOS).
//!
//! There a click brings up the program by itself, and what was shown goes into the system's own list. Taking one away or
//! hearing which was clicked would need a thread that waits for each; the window shows the newest chats on top instead.

use mostrador_domain::ChatId;

use super::{NAME, Notice};

/// How a notification ended. These systems do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the board treats all desktops alike")]
pub(super) enum Outcome {
    /// The person clicked on it.
    Clicked,
    /// It was closed, or its time was up.
    Closed,
}

/// What is on the screen.
#[derive(Default)]
pub(super) struct Desktop {
    /// That this desktop shows none was said.
    complained: bool,
}

impl Desktop {
    pub(super) async fn show(&mut self, notice: Notice) {
        let mut notification = notify_rust::Notification::new();
        notification
            .appname(NAME)
            .summary(&notice.title)
            .body(&notice.body);
        let shown = tokio::task::spawn_blocking(move || notification.show().is_ok()).await;
        if !matches!(shown, Ok(true)) && !self.complained {
            self.complained = true;
            tracing::warn!("this desktop shows no notifications; said once");
        }
    }

    pub(super) async fn withdraw(&mut self, _chat: ChatId) {}

    pub(super) async fn withdraw_all(&mut self) {}

    pub(super) async fn next_outcome(&mut self) -> (ChatId, Outcome) {
        std::future::pending().await
    }
}
