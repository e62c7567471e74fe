//! Notifications by the desktop's daemon on the session bus (Linux and its relatives).
//!
//! A notification that replaces another keeps its number at the daemon, so that it changes in place. Each has a listener that
//! ends with the notification: by a click, by being closed, or because a later one took its place. Listeners are futures that
//! the owner polls, bounded in number: the oldest notification is closed to make room. While the daemon has not taken the
//! later one, the earlier one stays known: it is on the screen, and goes when its chat is read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, Abortable, Aborted, BoxFuture, FutureExt as _, abortable};
use futures_util::stream::FuturesUnordered;
use mostrador_domain::ChatId;
use notify_rust::{Hint, NotificationHandle, NotificationResponse};

use super::{NAME, Notice};
use crate::notice_text::markup_body;

/// How many are shown at once.
const MOST: usize = 32;
/// How long the daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The action that a click on the notification itself is.
const DEFAULT_ACTION: &str = "default";
/// The program's icon once it is installed: named after the program's file.
const ICON: &str = "mostrador";
/// Its desktop entry once it is installed: named after the product.
const DESKTOP_ENTRY: &str = NAME;

/// How a notification ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The person clicked on it.
    Clicked,
    /// It was closed, or its time was up.
    Closed,
}

struct Shown {
    /// Rises with each that is shown: the lowest is the oldest.
    serial: u64,
    handle: Arc<NotificationHandle>,
    listener: AbortHandle,
}

/// What an ended listener tells; `Aborted` if a later notification took its place.
type Heard = Result<(ChatId, Outcome), Aborted>;

/// What is on the screen.
#[derive(Default)]
pub(super) struct Desktop {
    shown: BTreeMap<ChatId, Shown>,
    listeners: FuturesUnordered<Abortable<BoxFuture<'static, (ChatId, Outcome)>>>,
    last_serial: u64,
    /// That this desktop shows none was said.
    complained: bool,
}

impl Desktop {
    pub(super) async fn show(&mut self, notice: Notice) {
        let earlier = self.shown.get(&notice.chat).map(|shown| shown.handle.id());
        if earlier.is_none() && self.shown.len() >= MOST {
            self.close_oldest().await;
        }
        let answer = tokio::time::timeout(PATIENCE, spelled(&notice, earlier).show_async()).await;
        match answer {
            Ok(Ok(handle)) => self.listen(notice.chat, handle),
            Ok(Err(error)) => self.complain(&error.to_string()),
            Err(_too_long) => self.complain("it does not answer"),
        }
    }

    pub(super) async fn withdraw(&mut self, chat: ChatId) {
        if let Some(shown) = self.shown.remove(&chat) {
            shown.listener.abort();
            let _it_stays = tokio::time::timeout(PATIENCE, shown.handle.close_async()).await;
        }
    }

    pub(super) async fn withdraw_all(&mut self) {
        while let Some(chat) = self.shown.keys().next().copied() {
            self.withdraw(chat).await;
        }
    }

    /// Waits for the next one that ends by itself.
    pub(super) async fn next_outcome(&mut self) -> (ChatId, Outcome) {
        loop {
            match self.listeners.next().await {
                Some(heard) => {
                    if let Some((chat, outcome)) = self.settle(heard) {
                        return (chat, outcome);
                    }
                }
                None => std::future::pending().await,
            }
        }
    }

    fn settle(&mut self, heard: Heard) -> Option<(ChatId, Outcome)> {
        let (chat, outcome) = heard.ok()?;
        self.shown.remove(&chat);
        Some((chat, outcome))
    }

    fn listen(&mut self, chat: ChatId, handle: NotificationHandle) {
        let handle = Arc::new(handle);
        let heard = Arc::clone(&handle);
        let (listening, listener) = abortable(async move { (chat, outcome(&heard).await) }.boxed());
        self.listeners.push(listening);
        self.last_serial += 1;
        let now = Shown {
            serial: self.last_serial,
            handle,
            listener,
        };
        if let Some(earlier) = self.shown.insert(chat, now) {
            earlier.listener.abort();
        }
    }

    async fn close_oldest(&mut self) {
        let oldest = self
            .shown
            .iter()
            .min_by_key(|(_, shown)| shown.serial)
            .map(|(chat, _)| *chat);
        if let Some(chat) = oldest {
            self.withdraw(chat).await;
        }
    }

    fn complain(&mut self, why: &str) {
        if !self.complained {
            self.complained = true;
            tracing::warn!(why, "this desktop shows no notifications; said once");
        }
    }
}

async fn outcome(handle: &NotificationHandle) -> Outcome {
    let mut outcome = Outcome::Closed;
    handle
        .wait_for_action_async(|response| {
            if matches!(response, NotificationResponse::Default) {
                outcome = Outcome::Clicked;
            }
        })
        .await;
    outcome
}

fn spelled(notice: &Notice, earlier: Option<u32>) -> notify_rust::Notification {
    let mut notification = notify_rust::Notification::new();
    notification
        .appname(NAME)
        .icon(ICON)
        .hint(Hint::DesktopEntry(DESKTOP_ENTRY.to_owned()))
        .hint(Hint::Category("im.received".to_owned()))
        .summary(&notice.title)
        .body(&markup_body(&notice.body))
        .action(DEFAULT_ACTION, NAME);
    if let Some(number) = earlier {
        notification.id(number);
    }
    notification
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(body: &str) -> Notice {
        Notice {
            chat: ChatId(1),
            title: "Rosa".into(),
            body: body.into(),
        }
    }

    #[test]
    fn a_body_reaches_the_daemon_as_text() {
        let shown = spelled(&notice("<a href='x'>1 & 2</a>"), None);
        assert_eq!(
            shown.body, "&lt;a href=&#39;x&#39;&gt;1 &amp; 2&lt;/a&gt;",
            "the daemon would take it for markup"
        );
        assert_eq!(shown.summary, "Rosa", "a title is plain text to the daemon");
    }
}
