//! When a desktop notification is shown, and what it says. Decided here, not in the window.
//!
//! A message of theirs is announced unless
//! - the operator has turned notifications off, or muted the chat
//! - the window has the focus and shows that chat
//! - it is old: what came while the program was away is in the list, counted as unread
//!
//! There is one notification a chat: a later message replaces the earlier, and reading the chat takes it away.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{ChatId, MediaKind, MessageId, UnixMillis};
use mostrador_store::tables::chat::ChatRow;
use mostrador_store::tables::ingest::Received;
use mostrador_store::tables::message::{Content, MessageRow};
use mostrador_store::tables::{chat, message, setting};
use mostrador_store::{Change, NextChanges, Store, StoreError};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::view::{OnScreen, View};

/// How much a notification says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// Who and what.
    #[default]
    Full,
    /// Who.
    NameOnly,
    /// None is shown.
    Off,
}

impl Level {
    /// The name of the setting.
    pub const SETTING: &'static str = "notifications";

    /// The word in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::NameOnly => "name_only",
            Self::Off => "off",
        }
    }

    /// The level of a word; what is not known is [`Level::Full`].
    pub fn from_word(word: Option<&str>) -> Self {
        [Self::NameOnly, Self::Off]
            .into_iter()
            .find(|level| Some(level.as_str()) == word)
            .unwrap_or_default()
    }
}

/// What to show.
#[derive(Clone, PartialEq, Eq)]
pub struct Notification {
    /// Of which chat: the next one of the same chat replaces it.
    pub chat: ChatId,
    /// The chat's name, or its number.
    pub title: String,
    /// The message; `None` = only that there is one.
    pub body: Option<NotificationBody>,
}

/// What a notification says of a message; worded by the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationBody {
    /// Words.
    Text(String),
    /// A picture.
    Image(Option<String>),
    /// A kind that is not shown.
    Unknown(String),
}

/// Where notifications go: the desktop, or the browser that shows the window.
pub trait Notifier: Send + Sync {
    /// Shows one, in place of an earlier one of the same chat. Must not block.
    fn show(&self, notification: Notification);

    /// Takes the one of this chat away.
    fn withdraw(&self, chat: ChatId);
}

/// Older than this is not announced.
const FRESH: Duration = Duration::from_secs(600);
/// How many messages may wait to be announced. When it is full a message is not announced; the list counts it all the same.
pub(crate) const QUEUE: usize = 256;

/// Announces what ingest hands over, and withdraws what was read.
pub(crate) struct Announcer {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) view: View,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) received: mpsc::Receiver<Received>,
}

impl Announcer {
    pub(crate) async fn run(mut self) {
        let mut changes = self.store.changes();
        let mut shown = BTreeSet::new();
        loop {
            tokio::select! {
                next = self.received.recv() => {
                    let Some(received) = next else { return };
                    if let Err(error) = self.announce(received, &mut shown).await {
                        tracing::warn!(%error, "a message could not be announced");
                    }
                }
                next = changes.next() => self.withdraw_read(&next, &mut shown).await,
            }
        }
    }

    async fn announce(&self, received: Received, shown: &mut BTreeSet<ChatId>) -> Result<(), StoreError> {
        let (chat, message, level) = self.look(received.chat, received.message).await?;
        let now = self.clock.now();
        if let Some(notification) = decide(&chat, &message, level, self.view.get(), now) {
            self.notifier.show(notification);
            shown.insert(received.chat);
        }
        Ok(())
    }

    async fn look(
        &self,
        chat_id: ChatId,
        message_id: MessageId,
    ) -> Result<(ChatRow, MessageRow, Level), StoreError> {
        self.store
            .read(move |connection| {
                let level = Level::from_word(setting::get(connection, Level::SETTING)?.as_deref());
                Ok((
                    chat::get(connection, chat_id)?,
                    message::get(connection, message_id)?,
                    level,
                ))
            })
            .await
    }

    async fn withdraw_read(&self, next: &NextChanges, shown: &mut BTreeSet<ChatId>) {
        let touched: Vec<ChatId> = match next {
            NextChanges::Changed(set) => shown
                .iter()
                .filter(|chat| set.changes.contains(&Change::Chat(**chat)))
                .copied()
                .collect(),
            NextChanges::Missed { .. } => shown.iter().copied().collect(),
            NextChanges::Closed => Vec::new(),
        };
        for chat_id in touched {
            let row = self
                .store
                .read(move |connection| chat::get(connection, chat_id))
                .await;
            if row.map_or(true, |row| row.unread == 0) {
                self.notifier.withdraw(chat_id);
                shown.remove(&chat_id);
            }
        }
    }
}

/// The policy in the module's head.
fn decide(
    chat: &ChatRow,
    message: &MessageRow,
    level: Level,
    on_screen: OnScreen,
    now: UnixMillis,
) -> Option<Notification> {
    let seen = on_screen.focused && on_screen.chat == Some(chat.id);
    let muted = chat.muted_until > now;
    let old = now.since(message.at) > FRESH;
    if level == Level::Off || seen || muted || old || message.from_me || chat.unread == 0 {
        return None;
    }
    let body = (level == Level::Full).then(|| match &message.content {
        Content::Text(text) => NotificationBody::Text(text.clone()),
        Content::Media {
            kind: MediaKind::Image,
            caption,
            ..
        } => NotificationBody::Image(caption.clone()),
        Content::Unknown { raw_kind } => NotificationBody::Unknown(raw_kind.clone()),
        other => NotificationBody::Unknown(other.word().to_owned()),
    });
    let number = || chat.address.phone_digits().map(|digits| format!("+{digits}"));
    let title = chat.name.clone().or_else(number).unwrap_or_default();
    Some(Notification {
        chat: chat.id,
        title,
        body,
    })
}

#[cfg(test)]
mod tests {
    use mostrador_domain::{Address, ChatKind, DeviceId};
    use mostrador_store::tables::chat::Draft;

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000_000_000);

    fn chat() -> ChatRow {
        ChatRow {
            id: ChatId(7),
            device: DeviceId(1),
            address: Address::parse("51900000011"),
            kind: ChatKind::Person,
            name: Some("Rosa".into()),
            last_at: NOW,
            unread: 1,
            marked_unread: false,
            pinned: false,
            archived: false,
            muted_until: UnixMillis(0),
            read_only: false,
            description: None,
            triage: mostrador_domain::Triage::Open,
            snoozed_until: None,
            draft: Draft::default(),
            last: None,
            labels: Vec::new(),
            picture: None,
        }
    }

    fn message() -> MessageRow {
        MessageRow {
            id: MessageId(1),
            chat: ChatId(7),
            gateway_id: None,
            from_me: false,
            sender: None,
            sender_name: None,
            at: NOW,
            content: Content::Text("hola".into()),
            quoted: None,
            forwarded: false,
            mentions: Vec::new(),
            status: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            failure: None,
            edited_at: None,
            starred: false,
            pinned: false,
            reactions: Vec::new(),
            outgoing: None,
            pending: Vec::new(),
        }
    }

    fn shown(chat: &ChatRow, message: &MessageRow, level: Level, on_screen: OnScreen) -> bool {
        decide(chat, message, level, on_screen, NOW).is_some()
    }

    #[test]
    fn a_new_message_of_a_customer_is_announced_with_name_and_text() {
        let notification = decide(&chat(), &message(), Level::Full, OnScreen::default(), NOW).expect("shown");
        assert_eq!(notification.title, "Rosa", "who wrote");
        assert_eq!(
            notification.body,
            Some(NotificationBody::Text("hola".into())),
            "what they wrote"
        );
    }

    #[test]
    fn name_only_tells_no_text() {
        let notification =
            decide(&chat(), &message(), Level::NameOnly, OnScreen::default(), NOW).expect("shown");
        assert_eq!(notification.body, None, "the text stays private");
    }

    #[test]
    fn what_is_before_the_operators_eyes_is_not_announced() {
        let looking = OnScreen {
            chat: Some(ChatId(7)),
            focused: true,
        };
        let elsewhere = OnScreen {
            chat: Some(ChatId(8)),
            focused: true,
        };
        let behind = OnScreen {
            chat: Some(ChatId(7)),
            focused: false,
        };
        assert!(
            !shown(&chat(), &message(), Level::Full, looking),
            "the chat is on the screen"
        );
        assert!(
            shown(&chat(), &message(), Level::Full, elsewhere),
            "another chat is on the screen"
        );
        assert!(
            shown(&chat(), &message(), Level::Full, behind),
            "the window is behind others"
        );
    }

    #[test]
    fn muted_off_old_read_or_own_is_not_announced() {
        let on_screen = OnScreen::default();
        let muted = ChatRow {
            muted_until: UnixMillis(i64::MAX),
            ..chat()
        };
        let old = MessageRow {
            at: NOW.before(Duration::from_secs(3_600)),
            ..message()
        };
        let own = MessageRow {
            from_me: true,
            ..message()
        };
        let read = ChatRow { unread: 0, ..chat() };
        assert!(!shown(&muted, &message(), Level::Full, on_screen), "muted");
        assert!(!shown(&chat(), &message(), Level::Off, on_screen), "turned off");
        assert!(!shown(&chat(), &old, Level::Full, on_screen), "an hour old");
        assert!(!shown(&chat(), &own, Level::Full, on_screen), "our own");
        assert!(
            !shown(&read, &message(), Level::Full, on_screen),
            "read meanwhile"
        );
    }

    #[test]
    fn a_chat_without_a_name_is_announced_by_its_number() {
        let nameless = ChatRow { name: None, ..chat() };
        let notification =
            decide(&nameless, &message(), Level::Full, OnScreen::default(), NOW).expect("shown");
        assert_eq!(notification.title, "+51900000011", "the number tells who it is");
    }
}
