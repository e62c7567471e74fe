//! Chats, their earlier messages, and their labels.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, Inbound, LabelSnapshot, UnixMillis};

use super::Effect;

/// A page of a list that is asked for by offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What came. Its length is the truth; a gateway's own count may repeat the page size asked for.
    pub items: Vec<T>,
    /// How many of the gateway's items this page covers (some may not be of use to us).
    pub covered: u32,
    /// How many there are in all, if told.
    pub total: Option<u32>,
}

/// The list of chats.
#[async_trait]
pub trait Chats: Send + Sync {
    /// `count` chats from `offset` on, most recent first: what is said of each, and which addresses are one person's.
    /// What is not understood is kept raw.
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure>;
}

/// After how long the messages of a chat disappear; WhatsApp offers no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DisappearAfter {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 90 days.
    Quarter,
}

/// What is done to a chat as a whole. All of it is absolute: repeating it does no harm, and an unknown end may simply
/// be tried again.
#[async_trait]
pub trait ChatActions: Send + Sync {
    /// It is archived, or not.
    async fn archive(&self, chat: &Address, archived: bool) -> Result<Effect, Failure>;

    /// It stands at the top of the list, or not. WhatsApp takes three.
    async fn pin(&self, chat: &Address, pinned: bool) -> Result<Effect, Failure>;

    /// It makes no sound until this time; [`UnixMillis`]`(i64::MAX)` = for ever, `UnixMillis(0)` = it does.
    async fn mute(&self, chat: &Address, until: UnixMillis) -> Result<Effect, Failure>;

    /// It counts as unread.
    async fn mark_unread(&self, chat: &Address) -> Result<Effect, Failure>;

    /// New messages in it disappear after so long; `None` = they stay.
    async fn disappearing(&self, chat: &Address, after: Option<DisappearAfter>) -> Result<Effect, Failure>;

    /// It is gone, for us; nobody else's copy changes.
    async fn delete(&self, chat: &Address) -> Result<Effect, Failure>;
}

/// What part of the history is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Only messages at or after this time.
    pub since: Option<UnixMillis>,
    /// Skip this many, newest first.
    pub offset: u32,
    /// At most this many.
    pub count: u32,
}

/// Earlier messages.
#[async_trait]
pub trait History: Send + Sync {
    /// Of one chat, newest first. A chat that the gateway does not know has no messages.
    async fn of_chat(&self, chat: &Address, query: HistoryQuery) -> Result<Page<Inbound>, Failure>;

    /// Of all chats, newest first.
    async fn recent(&self, query: HistoryQuery) -> Result<Page<Inbound>, Failure>;
}

/// Labels, which a business phone puts on chats.
#[async_trait]
pub trait Labels: Send + Sync {
    /// The gateway's words for the colours that a label can have.
    fn colours(&self) -> &'static [&'static str];

    /// All of them.
    async fn list(&self) -> Result<Vec<LabelSnapshot>, Failure>;

    /// Makes a label, or gives the one that has this name already, so that repeating it does no harm. `colour`: one of
    /// [`Self::colours`]; `None` = any. Where there is no room for one more, it is rejected.
    async fn create(&self, name: &str, colour: Option<&str>) -> Result<LabelSnapshot, Failure>;

    /// The label has this name, and this colour if one is given. Some labels keep theirs: then it is rejected. Absolute.
    async fn change(&self, label: &str, name: &str, colour: Option<&str>) -> Result<Effect, Failure>;

    /// The label is gone, from every chat too. Absolute.
    async fn remove(&self, label: &str) -> Result<Effect, Failure>;

    /// The chat has the label, or not. Absolute.
    async fn put(&self, label: &str, chat: &Address, on: bool) -> Result<Effect, Failure>;
}
