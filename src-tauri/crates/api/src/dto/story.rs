//! Stories.

use mostrador_domain::UnixMillis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `story_send`.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StorySend {
    /// Which device.
    #[ts(type = "number")]
    pub device_id: i64,
    /// Chosen by the caller, 1 to 64 characters: the same again publishes none.
    pub client_id: String,
    /// What.
    pub content: StoryArg,
    /// Who sees it; absent = whoever the phone's own settings allow.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub audience: Option<AudienceArg>,
}

/// What a story is.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum StoryArg {
    /// Words on a colour.
    Text {
        /// The words.
        text: String,
        /// `#rrggbb`; null = the gateway's own.
        background: Option<String>,
    },
    /// A picture, a film or a sound that `media_add` has kept.
    Media {
        /// Which.
        #[ts(type = "number")]
        media_id: i64,
        /// The words under it.
        caption: Option<String>,
    },
}

/// Who sees a story.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AudienceArg {
    /// These persons.
    Only {
        /// Their addresses, as `contact_list` gives them.
        addresses: Vec<String>,
    },
    /// All but these persons.
    Except {
        /// Their addresses.
        addresses: Vec<String>,
    },
}

/// A story that is out.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoryView {
    /// When the gateway took it.
    #[ts(type = "number")]
    pub at: UnixMillis,
}
