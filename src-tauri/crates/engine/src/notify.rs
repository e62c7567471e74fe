//! When a desktop notification is shown, and what it says. Decided here, not in the window.
//!
//! A message of theirs is announced unless
//! - the operator has turned notifications off, wants not to be disturbed now ([`Quiet`]), or muted the chat
//! - the window has the focus and shows that chat
//! - it is old, by the clock of the gateway that told it: what came while the program was away is in the list, counted as unread
//!
//! There is one notification a chat: a later message replaces the earlier. It goes when the chat is read, muted, put away or deleted, here
//! or on the phone, and when what it says was deleted for everybody. When the operator lets them say less, or nothing, those that are on the screen go too.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use mostrador_domain::{Address, ChatId, ChatKind, MediaKind, MessageId, UnixMillis};
use mostrador_store::tables::chat::ChatRow;
use mostrador_store::tables::ingest::Received;
use mostrador_store::tables::message::{Content, MessageRow, Writer};
use mostrador_store::tables::{chat, message, setting};
use mostrador_store::{Change, NextChanges, Store, StoreError};
use tokio::sync::{Mutex, mpsc};

use crate::clock::Clock;
use crate::gateway_clocks::GatewayClocks;
use crate::view::{OnScreen, View};

mod quiet;

pub use quiet::Quiet;
use quiet::Voice;

/// How much a notification says, from most to least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
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
    /// Who wrote, where the chat is a group's and what was written is told too: the name, or the number; empty if neither is known.
    pub sender: Option<String>,
    /// The message; `None` = only that there is one.
    pub body: Option<NotificationBody>,
}

/// What a notification says of a message; worded by the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationBody {
    /// Words.
    Text(String),
    /// Something that is called by its kind.
    Kind {
        /// The word for it, as [`Content::word`] has it.
        word: &'static str,
        /// Its own words, or what its file is called.
        text: Option<String>,
    },
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

/// Announces what ingest hands over, and withdraws what nobody has to be told any more.
pub(crate) struct Announcer {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) view: View,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) desk: Mutex<Desk>,
    pub(crate) gateway_clocks: GatewayClocks,
}

/// What outlives a fault of the announcer.
pub(crate) struct Desk {
    received: mpsc::Receiver<Received>,
    /// The notifications that may be on the screen.
    shown: Shown,
}

type Shown = BTreeMap<ChatId, Up>;

/// A notification that is on the screen.
#[derive(Clone, Copy)]
struct Up {
    message: MessageId,
    /// It was shown though the chat was put away.
    archived: bool,
}

impl Up {
    /// Is it still what a person has to be told?
    fn stands(self, chat: &ChatRow, message: &MessageRow, now: UnixMillis) -> bool {
        let put_away = chat.archived && !self.archived;
        chat.unread > 0 && chat.muted_until <= now && !put_away && message.content != Content::Deleted
    }
}

impl Desk {
    pub(crate) fn new(received: mpsc::Receiver<Received>) -> Mutex<Self> {
        Mutex::new(Self {
            received,
            shown: Shown::new(),
        })
    }
}

impl Announcer {
    pub(crate) async fn run(self: Arc<Self>) {
        let mut changes = self.store.changes();
        let mut desk = self.desk.lock().await;
        let Desk { received, shown } = &mut *desk;
        // What was settled before it listened.
        self.withdraw_settled(&NextChanges::Missed { since: 0 }, shown)
            .await;
        let mut voice = self.voice().await.unwrap_or_default();
        loop {
            let rest = voice.rest(self.clock.now());
            tokio::select! {
                next = received.recv() => {
                    // The program is ending: wait to be dropped.
                    let Some(message) = next else { return std::future::pending().await };
                    if let Err(error) = self.announce(message, shown).await {
                        tracing::warn!(%error, "a message could not be announced");
                    }
                }
                next = changes.next() => {
                    if concerns_settings(&next) {
                        self.hear_settings(&mut voice, shown).await;
                    }
                    self.withdraw_settled(&next, shown).await;
                }
                () = wait(&*self.clock, rest) => self.end_quiet(&mut voice).await,
            }
        }
    }

    async fn voice(&self) -> Result<Voice, StoreError> {
        self.store
            .read(|connection| {
                let level = setting::get(connection, Level::SETTING)?;
                let quiet = setting::get(connection, Quiet::SETTING)?;
                Ok(Voice::of(level.as_deref(), quiet.as_deref()))
            })
            .await
    }

    /// Takes away what says more than is wanted now.
    async fn hear_settings(&self, voice: &mut Voice, shown: &mut Shown) {
        let Ok(new) = self.voice().await else { return };
        if new.says_less_than(*voice, self.clock.now()) {
            for chat in std::mem::take(shown).into_keys() {
                self.notifier.withdraw(chat);
            }
        }
        *voice = new;
    }

    /// Notes that a quiet is over, so that whoever shows it hears of it; unless a person chose anew meanwhile.
    async fn end_quiet(&self, voice: &mut Voice) {
        let over = voice.quiet;
        if over.at(self.clock.now()) != Quiet::Off {
            return;
        }
        voice.quiet = Quiet::Off;
        let noted = self.store.write(move |writing| {
            let kept = setting::get(writing, Quiet::SETTING)?;
            if Quiet::from_word(kept.as_deref()) == over {
                setting::set(writing, Quiet::SETTING, &Quiet::Off.word())?;
            }
            Ok::<_, StoreError>(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the end of the quiet could not be noted");
        }
    }

    async fn announce(&self, received: Received, shown: &mut Shown) -> Result<(), StoreError> {
        let (chat, message) = self.look(received.chat, received.message).await?;
        let voice = self.voice().await?;
        let now = self.clock.now();
        let age = self.gateway_clocks.at(chat.device, now).since(message.at);
        let level = voice.level_at(now);
        if let Some(notification) = decide(&chat, (&message, age), level, self.view.get(), now) {
            self.notifier.show(notification);
            let up = Up {
                message: received.message,
                archived: chat.archived,
            };
            shown.insert(received.chat, up);
        }
        Ok(())
    }

    async fn look(
        &self,
        chat_id: ChatId,
        message_id: MessageId,
    ) -> Result<(ChatRow, MessageRow), StoreError> {
        self.store
            .read(move |connection| {
                Ok((
                    chat::get(connection, chat_id)?,
                    message::get(connection, message_id)?,
                ))
            })
            .await
    }

    async fn withdraw_settled(&self, next: &NextChanges, shown: &mut Shown) {
        let touched: Vec<(ChatId, Up)> = match next {
            NextChanges::Changed(set) => shown
                .iter()
                .filter(|(chat, _)| set.changes.contains(&Change::Chat(**chat)))
                .map(|(chat, up)| (*chat, *up))
                .collect(),
            NextChanges::Missed { .. } => shown.iter().map(|(chat, up)| (*chat, *up)).collect(),
            NextChanges::Closed => Vec::new(),
        };
        for (id, up) in touched {
            let now = self.clock.now();
            let found = self.look(id, up.message).await;
            if !found.is_ok_and(|(chat, message)| up.stands(&chat, &message, now)) {
                self.notifier.withdraw(id);
                shown.remove(&id);
            }
        }
    }
}

fn concerns_settings(next: &NextChanges) -> bool {
    match next {
        NextChanges::Changed(set) => set.changes.contains(&Change::Settings),
        NextChanges::Missed { .. } => true,
        NextChanges::Closed => false,
    }
}

async fn wait(clock: &dyn Clock, rest: Option<Duration>) {
    match rest {
        Some(rest) => clock.sleep(rest).await,
        None => std::future::pending().await,
    }
}

/// The policy in the module's head, for a message of this age.
fn decide(
    chat: &ChatRow,
    (message, age): (&MessageRow, Duration),
    level: Level,
    on_screen: OnScreen,
    now: UnixMillis,
) -> Option<Notification> {
    let seen = on_screen.focused && on_screen.chat == Some(chat.id);
    let muted = chat.muted_until > now;
    let old = age > FRESH;
    if level == Level::Off || seen || muted || old || message.from_me || chat.unread == 0 {
        return None;
    }
    let body = (level == Level::Full).then(|| said(&message.content));
    let called = |name: Option<&str>, number: Option<&Address>| {
        let digits = number.and_then(Address::phone_digits);
        let number = digits.map(|digits| format!("+{digits}"));
        name.map(str::to_owned).or(number).unwrap_or_default()
    };
    let title = called(chat.name.as_deref(), Some(&chat.address));
    let in_a_group = chat.kind == ChatKind::Group && body.is_some();
    let Writer {
        address,
        name,
        number,
    } = &message.writer;
    Some(Notification {
        chat: chat.id,
        title,
        sender: (in_a_group && address.is_some()).then(|| called(name.as_deref(), number.as_ref())),
        body,
    })
}

fn said(content: &Content) -> NotificationBody {
    let text = match content {
        Content::Text(text) | Content::LinkPreview { text, .. } => {
            return NotificationBody::Text(text.clone());
        }
        Content::Unknown { raw_kind } => return NotificationBody::Unknown(raw_kind.clone()),
        Content::Media {
            kind: MediaKind::Document,
            caption: None,
            media,
        } => media.as_ref().and_then(|file| file.file_name.as_deref()),
        other => other.text(),
    };
    NotificationBody::Kind {
        word: content.word(),
        text: text.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
