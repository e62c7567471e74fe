//! What the window is told: that something is no longer as it was, never the data itself.

use mostrador_domain::UnixMillis;
use mostrador_store::Change as StoreChange;
use serde::Serialize;
use ts_rs::TS;

use super::{LastBody, PresenceWord};

/// One thing that is not as it was: read it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(tag = "topic", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Change {
    /// The devices.
    Devices,
    /// Which chats there are, or their order.
    Chats,
    /// One row of the list.
    Chat {
        /// Which.
        #[ts(type = "number")]
        chat_id: i64,
    },
    /// The messages of a chat.
    Messages {
        /// Which.
        #[ts(type = "number")]
        chat_id: i64,
    },
    /// A picture.
    Media {
        /// Which.
        #[ts(type = "number")]
        media_id: i64,
    },
    /// The settings.
    Settings,
    /// The program's own status.
    Status,
    /// Which campaigns there are, or where they are in their lives.
    Campaigns,
    /// One campaign: its plan, its audience, or what became of somebody in it.
    Campaign {
        /// Which.
        #[ts(type = "number")]
        campaign_id: i64,
    },
    /// Who does not want to be written to.
    OptOuts,
    /// The gateway of a device has called.
    Hooks {
        /// Which.
        #[ts(type = "number")]
        device_id: i64,
    },
}

impl Change {
    /// What the window has to know of a change in the store; some concern only the engine.
    pub(crate) fn of(change: StoreChange) -> Option<Self> {
        match change {
            StoreChange::Devices => Some(Self::Devices),
            StoreChange::Chats => Some(Self::Chats),
            StoreChange::Chat(id) => Some(Self::Chat { chat_id: id.0 }),
            StoreChange::Messages(id) => Some(Self::Messages { chat_id: id.0 }),
            StoreChange::Media(id) => Some(Self::Media { media_id: id.0 }),
            StoreChange::Settings => Some(Self::Settings),
            StoreChange::Labels(_) => Some(Self::Chats),
            StoreChange::Campaigns => Some(Self::Campaigns),
            StoreChange::Campaign(id) => Some(Self::Campaign { campaign_id: id.0 }),
            StoreChange::OptOuts => Some(Self::OptOuts),
            StoreChange::Hooks(id) => Some(Self::Hooks { device_id: id.0 }),
            StoreChange::Outbox(_)
            | StoreChange::ReadToTell(_)
            | StoreChange::ChatWish(_)
            | StoreChange::Calls(_)
            | StoreChange::Leftovers => None,
        }
    }
}

/// What the window is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AppEvent {
    /// These are not as they were.
    Changed {
        /// The commit; rises.
        #[ts(type = "number")]
        seq: u64,
        /// What.
        changes: Vec<Change>,
    },
    /// Too much happened to tell one by one: everything may have changed.
    Reload {
        /// The last commit that was told.
        #[ts(type = "number")]
        since: u64,
    },
    /// Show this chat: its notification was clicked.
    OpenChat {
        /// Which.
        #[ts(type = "number")]
        chat_id: i64,
    },
    /// A customer came, went, writes or records: shown while it lasts, never stored.
    Presence {
        /// The chat with them.
        #[ts(type = "number")]
        chat_id: i64,
        /// What they do.
        presence: PresenceWord,
        /// When they were last there, if told.
        #[ts(type = "number | null")]
        last_seen: Option<UnixMillis>,
    },
    /// For hosts without notifications of their own: show one.
    Notify {
        /// Of which chat: it replaces an earlier one of the same.
        #[ts(type = "number")]
        chat_id: i64,
        /// Who.
        title: Option<String>,
        /// Who wrote, in a group: the name, or the number with its plus sign; empty if neither is known.
        sender: Option<String>,
        /// What; null = only that there is one.
        body: Option<LastBody>,
    },
    /// For hosts without notifications of their own: take that of a chat away.
    NotifyEnd {
        /// Of which chat.
        #[ts(type = "number")]
        chat_id: i64,
    },
}
