//! The words and the rules of Mostrador, with nothing that runs: no tokio, no I/O, no clock.
//!
//! - [`ids`], [`time`], [`address`]: what things are called
//! - [`message`], [`inbound`]: what is said, and how a gateway's events look once decoded
//! - [`device`], [`outbox`]: the state machines, each written as a table before its code
//! - [`pace`]: how fast messages may leave
//! - [`failure`], [`capabilities`]: what can go wrong with a call, and what a link can do

pub mod address;
pub mod capabilities;
pub mod device;
pub mod failure;
pub mod ids;
pub mod inbound;
pub mod message;
pub mod outbox;
pub mod pace;
pub mod time;
pub mod triage;

pub use address::{Address, AddressKind};
pub use capabilities::{
    ActionCapabilities, Capabilities, ChatCapabilities, Longest, MediaLimits, PairingCapabilities,
    SendCapabilities, TextLimits,
};
pub use device::{
    DegradedReason, DeviceEvent, DeviceState, PairingCode, PairingContent, PairingStep, TypedCode,
    UnconfiguredReason,
};
pub use failure::{AuthLost, Failure, FailureCode, NotSentCause, UnknownCause};
pub use ids::{
    AudienceId, CampaignId, ChatId, DeviceId, LabelId, MediaId, MessageId, OptOutId, OutboxId, PictureId,
    RecipientId, SegmentId,
};
pub use inbound::{
    CallOutcome, CallUpdate, ChatSnapshot, ContactSnapshot, GroupSnapshot, Inbound, InboundMessage,
    LabelSnapshot, LinkChange, MemberChange, MemberChangeKind, MemberRank, MessageChange, MessageChangeKind,
    MessageContext, Presence, PresenceUpdate, StatusKind, StatusUpdate,
};
pub use message::{
    ChatKind, Choice, ContactCard, DeliveryStatus, FileSource, Interactive, LinkPreview, Location, MediaBody,
    MediaKind, MediaRef, MessageAction, MessageBody, Notice, NoticeKind, Outgoing, OutgoingBody,
    OutgoingFile, OutgoingMedia, OutgoingSource, Poll,
};
pub use outbox::{OutboxEvent, OutboxKind, OutboxState};
pub use pace::{Pace, RateLimit};
pub use time::UnixMillis;
pub use triage::Triage;
