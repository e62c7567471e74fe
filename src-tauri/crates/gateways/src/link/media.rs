//! Bytes of media, down and up, and stories.

use async_trait::async_trait;
use mostrador_domain::{Address, Failure, OutgoingMedia, OutgoingSource};

use super::{Accepted, Effect};

/// Takes the bytes of a file as they come, piece by piece: no file is ever held whole.
#[async_trait]
pub trait MediaSink: Send {
    /// Takes the next piece. `false` = it takes no more, and the download ends; why, it knows itself.
    async fn take(&mut self, piece: &[u8]) -> bool;
}

/// For tests, and for whoever wants a small file whole.
#[async_trait]
impl MediaSink for Vec<u8> {
    async fn take(&mut self, piece: &[u8]) -> bool {
        self.extend_from_slice(piece);
        true
    }
}

/// Bytes of media.
#[async_trait]
pub trait Media: Send + Sync {
    /// Gives the bytes behind a gateway's reference to `sink`, at most `max_bytes` of them. What a download that fails has given
    /// is of no use: another begins anew. A sink that takes no more ends it as if the line had been cut.
    async fn download(
        &self,
        gateway_ref: &str,
        max_bytes: u64,
        sink: &mut dyn MediaSink,
    ) -> Result<(), Failure>;
}

/// Pictures of people and groups, which lie where the gateway says.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// Gives the bytes at `url` to `sink`, at most `max_bytes` of them. The call bears no token and tells nobody anything: the
    /// address is one of the internet, by https, or the gateway's own if it runs on this computer; any other is rejected.
    async fn fetch(&self, url: &str, max_bytes: u64, sink: &mut dyn MediaSink) -> Result<(), Failure>;
}

/// Files put at the gateway before they are sent.
///
/// An upload reaches nobody. One whose end is unknown may be made again; at worst the gateway keeps the file twice
/// for a while.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Puts a file there. The answer is the gateway's id of it, for [`mostrador_domain::OutgoingFile::Uploaded`].
    async fn upload(&self, mime: &str, file: &OutgoingSource) -> Result<String, Failure>;

    /// Takes it away again. Repeating it does no harm.
    async fn delete(&self, gateway_ref: &str) -> Result<Effect, Failure>;
}

/// What a story is.
#[derive(Clone, PartialEq)]
pub enum Story {
    /// Words on a colour.
    Text {
        /// The words.
        words: String,
        /// `#rrggbb`; `None` = the gateway's own.
        background: Option<String>,
    },
    /// A picture, a film or a sound.
    Media(OutgoingMedia),
}

/// Who sees a story.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoryAudience {
    /// Whoever the phone's own settings allow.
    #[default]
    AsOnPhone,
    /// These persons.
    Only(Vec<Address>),
    /// All but these persons.
    Except(Vec<Address>),
}

/// Publishing stories.
#[async_trait]
pub trait Stories: Send + Sync {
    /// Publishes one. It is a send: two calls are two stories, and an unknown end is not tried again.
    async fn publish(&self, story: &Story, audience: &StoryAudience) -> Result<Accepted, Failure>;
}
