//! Persons, groups, the number's own profile, and who is here now.

use async_trait::async_trait;
use mostrador_domain::{Address, ContactSnapshot, Failure, GroupSnapshot, Inbound, PresenceUpdate};

use super::{Effect, Page};

/// Whether a number is on WhatsApp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberVerdict {
    /// It is, at this address: WhatsApp's own spelling of the number.
    OnWhatsApp(Address),
    /// It is not.
    NotOnWhatsApp,
    /// The gateway did not say.
    NotTold,
}

/// The persons whom the phone knows.
#[async_trait]
pub trait Contacts: Send + Sync {
    /// `count` persons from `offset` on: what is said of each, and which addresses are one person's. What is not
    /// understood is kept raw.
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure>;

    /// What is said of one person; `None` = the gateway does not know them.
    async fn one(&self, person: &Address) -> Result<Option<ContactSnapshot>, Failure>;

    /// Which of these numbers are on WhatsApp: one verdict for each, in their order. Numbers as people write them;
    /// only their digits count. At most as many as the capabilities say: more is rejected before anything leaves.
    /// WhatsApp does not like strangers' numbers to be asked for in bulk; pacing is the caller's.
    async fn check(&self, numbers: &[String]) -> Result<Vec<NumberVerdict>, Failure>;
}

/// Groups and who is in them.
#[async_trait]
pub trait Groups: Send + Sync {
    /// `count` groups from `offset` on. What is not understood is kept raw. Members make such pages large: a driver
    /// may give fewer than were asked for.
    async fn page(&self, offset: u32, count: u32) -> Result<Page<Inbound>, Failure>;

    /// One group with its members; `None` = the number is not in it.
    async fn one(&self, group: &Address) -> Result<Option<GroupSnapshot>, Failure>;
}

/// Whom the number has blocked: WhatsApp's own list, which the phone changes too. Setting is absolute.
#[async_trait]
pub trait Blocks: Send + Sync {
    /// All of them.
    async fn list(&self) -> Result<Vec<Address>, Failure>;

    /// A person is blocked from now on, or no longer.
    async fn set(&self, person: &Address, blocked: bool) -> Result<Effect, Failure>;
}

/// What the linked number shows of itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OwnProfile {
    /// Its name.
    pub name: Option<String>,
    /// The words below it.
    pub about: Option<String>,
    /// Where its picture is.
    pub picture: Option<String>,
}

/// Nothing of what is in it: `Debug` ends in logs.
impl std::fmt::Debug for OwnProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnProfile").finish_non_exhaustive()
    }
}

/// The profile of the linked number. Setting is absolute. What WhatsApp would refuse for its length is rejected
/// before anything leaves.
#[async_trait]
pub trait Profile: Send + Sync {
    /// As it is.
    async fn get(&self) -> Result<OwnProfile, Failure>;

    /// Another name.
    async fn set_name(&self, name: &str) -> Result<(), Failure>;

    /// Other words below it.
    async fn set_about(&self, about: &str) -> Result<(), Failure>;

    /// Another picture: a JPEG or a PNG.
    async fn set_picture(&self, mime: &str, bytes: &[u8]) -> Result<(), Failure>;
}

/// What we do in a chat, as the other side sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Writing. WhatsApp forgets it after some seconds.
    Typing,
    /// Recording.
    Recording,
    /// Neither, any more.
    Paused,
}

/// Who is here now. All of it is absolute, and none of it is worth waiting for.
#[async_trait]
pub trait PresenceFacet: Send + Sync {
    /// Is the number shown as online? While it is, the owner's phone does not ring.
    async fn set_own(&self, available: bool) -> Result<(), Failure>;

    /// What we do in a chat.
    async fn show(&self, chat: &Address, doing: Doing) -> Result<Effect, Failure>;

    /// From now on, events tell when this person comes, goes and writes.
    async fn watch(&self, person: &Address) -> Result<Effect, Failure>;

    /// What a person that is watched does now; `None` = the gateway does not say.
    async fn of(&self, person: &Address) -> Result<Option<PresenceUpdate>, Failure>;
}
