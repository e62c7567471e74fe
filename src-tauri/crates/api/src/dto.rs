//! What crosses to the window. Times: milliseconds since 1970 UTC. Ids: whole numbers below 2^53.

mod about;
mod app;
mod campaign;
mod campaign_audience;
mod campaign_report;
mod chat;
mod chat_args;
mod device;
mod event;
mod explorer;
mod gateway;
mod hook;
mod hook_way;
mod logs;
mod message;
mod message_args;
mod message_body;
mod people;
mod quiet;
mod storage;
mod story;

pub use about::*;
pub use app::*;
pub use campaign::*;
pub use campaign_audience::*;
pub use campaign_report::*;
pub use chat::*;
pub use chat_args::*;
pub use device::*;
pub(crate) use device::{label_colours, number};
pub use event::*;
pub use explorer::*;
pub use gateway::*;
pub use hook::*;
pub use hook_way::*;
pub use logs::*;
pub use message::*;
pub use message_args::*;
pub use message_body::*;
pub use people::*;
pub use quiet::*;
pub use storage::*;
pub use story::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A command without arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "Record<string, never>")]
pub struct NoArgs {}
