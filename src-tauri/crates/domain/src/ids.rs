//! Local identifiers: row numbers of our own store, never a gateway's.
//!
//! They are distinct types, so that a chat is never looked up by a message's number.

use serde::{Deserialize, Serialize};

macro_rules! local_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

local_id!(
    /// One WhatsApp number linked through one gateway.
    DeviceId
);
local_id!(
    /// One chat of one device.
    ChatId
);
local_id!(
    /// One message of one chat.
    MessageId
);
local_id!(
    /// One picture or other file that belongs to a message.
    MediaId
);
local_id!(
    /// One row of the outbox.
    OutboxId
);
local_id!(
    /// One label of one device.
    LabelId
);
local_id!(
    /// Where the picture of a person or a group lies.
    PictureId
);
local_id!(
    /// One campaign.
    CampaignId
);
local_id!(
    /// People who are written to together.
    AudienceId
);
local_id!(
    /// One row of an audience.
    RecipientId
);
local_id!(
    /// Somebody who asked not to be written to.
    OptOutId
);
local_id!(
    /// A saved audience.
    SegmentId
);
