//! What is kept, how much room it takes, and what the shop chooses about it.

use mostrador_domain::UnixMillis;
use mostrador_engine::housekeeping as engine;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long messages are kept. What is starred, unsent or failed stays whatever its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeepMessages {
    /// For ever.
    #[default]
    Forever,
    /// Five years.
    FiveYears,
    /// Two years.
    TwoYears,
    /// A year.
    OneYear,
}

impl From<engine::KeepMessages> for KeepMessages {
    fn from(choice: engine::KeepMessages) -> Self {
        match choice {
            engine::KeepMessages::Forever => Self::Forever,
            engine::KeepMessages::FiveYears => Self::FiveYears,
            engine::KeepMessages::TwoYears => Self::TwoYears,
            engine::KeepMessages::OneYear => Self::OneYear,
        }
    }
}

impl From<KeepMessages> for engine::KeepMessages {
    fn from(choice: KeepMessages) -> Self {
        match choice {
            KeepMessages::Forever => Self::Forever,
            KeepMessages::FiveYears => Self::FiveYears,
            KeepMessages::TwoYears => Self::TwoYears,
            KeepMessages::OneYear => Self::OneYear,
        }
    }
}

/// How much room customers' files may take; beyond it the oldest are let go, and fetched again when somebody looks at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MediaShare {
    /// As much as they need.
    #[default]
    Unlimited,
    /// 20 GB.
    Gb20,
    /// 5 GB.
    Gb5,
    /// 1 GB.
    Gb1,
}

impl From<engine::MediaShare> for MediaShare {
    fn from(choice: engine::MediaShare) -> Self {
        match choice {
            engine::MediaShare::Unlimited => Self::Unlimited,
            engine::MediaShare::Gb20 => Self::Gb20,
            engine::MediaShare::Gb5 => Self::Gb5,
            engine::MediaShare::Gb1 => Self::Gb1,
        }
    }
}

impl From<MediaShare> for engine::MediaShare {
    fn from(choice: MediaShare) -> Self {
        match choice {
            MediaShare::Unlimited => Self::Unlimited,
            MediaShare::Gb20 => Self::Gb20,
            MediaShare::Gb5 => Self::Gb5,
            MediaShare::Gb1 => Self::Gb1,
        }
    }
}

/// How much there is. Sizes in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StorageStatus {
    /// Messages.
    #[ts(type = "number")]
    pub messages: u64,
    /// Chats.
    #[ts(type = "number")]
    pub chats: u64,
    /// Pictures and other files that are here.
    #[ts(type = "number")]
    pub media: u64,
    /// Their size.
    #[ts(type = "number")]
    pub media_bytes: u64,
    /// The database with its log; messages are in it.
    #[ts(type = "number")]
    pub database_bytes: u64,
    /// Of which free for what comes.
    #[ts(type = "number")]
    pub database_free_bytes: u64,
    /// Room left on the disk; null = it cannot be told.
    #[ts(type = "number | null")]
    pub disk_free_bytes: Option<u64>,
    /// When what is not kept was last removed; null = not yet.
    #[ts(type = "number | null")]
    pub last_round_at: Option<UnixMillis>,
}

/// Arguments of `storage_preview`: choices that are not made yet.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoragePreviewArgs {
    /// How long messages would be kept.
    pub keep_messages: KeepMessages,
    /// How much room customers' files would have.
    pub media_share: MediaShare,
}

/// What these choices would remove now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoragePreview {
    /// Messages.
    #[ts(type = "number")]
    pub messages: u64,
    /// Bytes of customers' files.
    #[ts(type = "number")]
    pub media_bytes: u64,
}
