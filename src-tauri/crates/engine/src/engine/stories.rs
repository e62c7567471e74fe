//! Stories. A story is a send: it is stored before its call is made, and one whose end is unknown is not tried again by itself.

use mostrador_domain::{DeviceId, Failure, MediaId, MediaKind, OutgoingFile, OutgoingMedia, UnixMillis};
use mostrador_gateways::{Accepted, Story, StoryAudience};
use mostrador_store::tables::story::{self, StoryState};

use super::Engine;
use crate::EngineError;
use crate::media::largest_of;

/// A story to publish.
pub struct PublishStory {
    /// Chosen by whoever asks: asking twice is publishing once.
    pub client_id: String,
    /// What.
    pub content: StoryContent,
    /// Who sees it.
    pub audience: StoryAudience,
}

/// What a story is.
pub enum StoryContent {
    /// Words on a colour (`#rrggbb`; `None` = the gateway's own).
    Text {
        /// The words.
        words: String,
        /// The colour.
        background: Option<String>,
    },
    /// A picture, a film or a sound that is here.
    Media {
        /// Which.
        file: MediaId,
        /// The words under it.
        caption: Option<String>,
    },
}

impl Engine {
    /// Publishes a story; says when the gateway took it.
    ///
    /// # Errors
    /// Not found, not offered, a file that is not here or is none that can be shown; the gateway's; [`EngineError::Uncertain`].
    pub async fn publish_story(&self, id: DeviceId, new: PublishStory) -> Result<UnixMillis, EngineError> {
        let asking = self.asking(id).await?;
        let stories = asking.link().stories().ok_or(EngineError::NotOffered)?;
        let story = self.story(new.content).await?;
        asking.may_send().await?;
        let (client_id, now) = (new.client_id, self.shared.clock.now());
        let key = client_id.clone();
        let before = self
            .shared
            .store
            .write_durably(move |writing| story::begin(writing, id, &key, now))
            .await?;
        match before {
            None => {}
            Some((StoryState::Published, at)) => return Ok(at),
            Some(_) => return Err(EngineError::Uncertain),
        }
        let answer = asking.make(stories.publish(&story, &new.audience)).await;
        self.story_ended(client_id, answer, now).await
    }

    async fn story_ended(
        &self,
        client_id: String,
        answer: Result<Accepted, EngineError>,
        asked_at: UnixMillis,
    ) -> Result<UnixMillis, EngineError> {
        let (state, gateway_id, at) = match &answer {
            Ok(taken) => (StoryState::Published, Some(taken.gateway_id.clone()), taken.at),
            Err(EngineError::Gateway(Failure::Unknown { .. }) | EngineError::SessionEnded) => {
                (StoryState::Uncertain, None, None)
            }
            Err(_) => (StoryState::Refused, None, None),
        };
        self.shared
            .store
            .write_durably(move |writing| story::ended(writing, &client_id, state, gateway_id.as_deref(), at))
            .await?;
        match (state, answer) {
            (StoryState::Uncertain, _) => Err(EngineError::Uncertain),
            (_, answer) => answer.map(|taken| taken.at.unwrap_or(asked_at)),
        }
    }

    async fn story(&self, content: StoryContent) -> Result<Story, EngineError> {
        let (file, caption) = match content {
            StoryContent::Text { words, background } => return Ok(Story::Text { words, background }),
            StoryContent::Media { file, caption } => (file, caption),
        };
        let (row, sha256) = self.ready(file).await?;
        let mime = row.mime;
        let kind = match mime.split('/').next() {
            Some("image") => MediaKind::Image,
            Some("video") => MediaKind::Video,
            Some("audio") => MediaKind::Voice,
            _ => return Err(EngineError::MediaUnsupported),
        };
        let bytes = row.bytes.and_then(|bytes| u64::try_from(bytes).ok());
        if bytes.is_some_and(|bytes| bytes > largest_of(kind)) {
            return Err(EngineError::MediaTooLarge);
        }
        let source = self.shared.media.source(&sha256).await?;
        Ok(Story::Media(OutgoingMedia {
            kind,
            caption,
            mime,
            file_name: None,
            seconds: None,
            waveform: None,
            file: OutgoingFile::Here(source),
        }))
    }
}
