//! What the window is told, as it happens.
//!
//! Three sources meet here: the store's changes, after their commits; what hosts say to the window ([`Hub`]: a notification
//! to show, a chat to open); and what customers do at this moment, which is never stored. Changes that come close together are told as one. A window that falls behind is told to reload.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::ChatId;
use mostrador_engine::PresenceHeard;
use mostrador_engine::clock::Clock;
use mostrador_engine::notify::{Notification, NotificationBody, Notifier};
use mostrador_store::{Changes, NextChanges};
use tokio::sync::broadcast;

use crate::dto::{AppEvent, Change, LastBody};

/// How long changes are gathered before they are told.
const GATHER: Duration = Duration::from_millis(25);
/// Messages of hosts that may wait. A window that misses one is told to reload: it may have been to take something away.
const HUB: usize = 64;

/// What hosts say to the window.
#[derive(Clone)]
pub struct Hub(broadcast::Sender<AppEvent>);

impl Default for Hub {
    fn default() -> Self {
        Self(broadcast::channel(HUB).0)
    }
}

impl Hub {
    /// Shows a chat: its notification was clicked.
    pub fn open_chat(&self, chat: ChatId) {
        self.tell(AppEvent::OpenChat { chat_id: chat.0 });
    }

    fn tell(&self, event: AppEvent) {
        let _nobody_listens = self.0.send(event);
    }
}

/// Lets the window show notifications itself: for hosts without a desktop of their own.
impl Notifier for Hub {
    fn show(&self, notification: Notification) {
        let body = notification.body.map(|body| match body {
            NotificationBody::Text(text) => LastBody::Text { text },
            NotificationBody::Kind { word, text } => LastBody::Kind {
                word: word.to_owned(),
                text,
            },
            NotificationBody::Unknown(raw_kind) => LastBody::Unknown { raw_kind },
        });
        self.tell(AppEvent::Notify {
            chat_id: notification.chat.0,
            title: Some(notification.title),
            sender: notification.sender,
            body,
        });
    }

    fn withdraw(&self, chat: ChatId) {
        self.tell(AppEvent::NotifyEnd { chat_id: chat.0 });
    }
}

/// One window's own stream of events. Subscribe first, then read.
pub struct Events {
    changes: Changes,
    hub: broadcast::Receiver<AppEvent>,
    presences: broadcast::Receiver<PresenceHeard>,
    clock: Arc<dyn Clock>,
}

impl Events {
    pub(crate) fn new(
        changes: Changes,
        hub: &Hub,
        presences: broadcast::Receiver<PresenceHeard>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            changes,
            presences,
            hub: hub.0.subscribe(),
            clock,
        }
    }

    /// Waits for the next event. `None` = the program is ending.
    pub async fn next(&mut self) -> Option<AppEvent> {
        loop {
            tokio::select! {
                said = self.hub.recv() => match said {
                    Ok(event) => return Some(event),
                    Err(broadcast::error::RecvError::Lagged(_)) => return Some(AppEvent::Reload { since: 0 }),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                heard = self.presences.recv() => match heard {
                    Ok(heard) => return Some(AppEvent::Presence {
                        chat_id: heard.chat.0,
                        presence: heard.presence.into(),
                        last_seen: heard.last_seen,
                    }),
                    // What was missed is over.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                next = self.changes.next() => match next {
                    NextChanges::Changed(set) => {
                        let mut gathered: BTreeSet<_> = set.changes.iter().copied().filter_map(Change::of).collect();
                        let (seq, missed) = self.gather(set.seq, &mut gathered).await;
                        if let Some(since) = missed {
                            return Some(AppEvent::Reload { since });
                        }
                        if !gathered.is_empty() {
                            return Some(AppEvent::Changed { seq, changes: gathered.into_iter().collect() });
                        }
                    }
                    NextChanges::Missed { since } => return Some(AppEvent::Reload { since }),
                    NextChanges::Closed => return None,
                },
            }
        }
    }

    /// Adds what changes within a moment; says the last commit, and since when something was missed.
    async fn gather(&mut self, first: u64, gathered: &mut BTreeSet<Change>) -> (u64, Option<u64>) {
        let mut seq = first;
        let mut moment = self.clock.sleep(GATHER);
        loop {
            tokio::select! {
                () = &mut moment => return (seq, None),
                next = self.changes.next() => match next {
                    NextChanges::Changed(set) => {
                        seq = set.seq;
                        gathered.extend(set.changes.iter().copied().filter_map(Change::of));
                    }
                    NextChanges::Missed { since } => return (seq, Some(since)),
                    NextChanges::Closed => return (seq, None),
                },
            }
        }
    }
}
